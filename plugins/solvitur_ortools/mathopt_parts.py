"""The solvers behind MathOpt as Solvitur sees them. Light: ortools loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from solvitur.api import Feature, Job, MatrixInstance, Result, option

_STRENGTHS = ("default", "off", "low", "medium", "high")
_LINEAR = frozenset({Feature.CONTINUOUS, Feature.LINEAR, Feature.FRACTIONAL_ROWS})
_MIXED = _LINEAR | {Feature.BINARY, Feature.INTEGER, Feature.UNBOUNDED_INTEGERS}


@dataclass(frozen=True)
class LinearOptions:
    """What a user may choose about a linear solver."""

    presolve: str = option("default", "Presolve", choices=_STRENGTHS, help="How hard to simplify the model first.")


@dataclass(frozen=True)
class GlopOptions(LinearOptions):
    """What a user may choose about GLOP."""

    method: str = option(
        "default",
        "Method",
        choices=("default", "primal simplex", "dual simplex"),
        help="Which simplex method to use.",
    )


@dataclass(frozen=True)
class PdlpOptions:
    """What a user may choose about PDLP."""

    tolerance: float = option(
        1e-8, "Tolerance", minimum=1e-12, maximum=1e-2, help="How exact the answer must be; smaller takes longer."
    )
    presolve: bool = option(True, "Presolve", help="Simplify the model first.")


@dataclass(frozen=True)
class MixedOptions:
    """What a user may choose about a mixed-integer solver."""

    presolve: str = option("default", "Presolve", choices=_STRENGTHS, help="How hard to simplify the model first.")
    heuristics: str = option(
        "default", "Heuristics", choices=_STRENGTHS, help="Effort spent on finding answers early."
    )
    cuts: str = option("default", "Cuts", choices=_STRENGTHS, help="Effort spent on tightening the bound by cuts.")


class _MathOpt:
    """What the solvers behind MathOpt share; each names its own number there and what it reports while running."""

    number: ClassVar[int]
    events: ClassVar[tuple[int, ...]] = ()
    takes: ClassVar[frozenset[str]] = frozenset()
    """Which of the limits ``threads`` and ``seed`` the solver knows; MathOpt refuses the others."""

    def solve(self, instance: MatrixInstance, options: Any, job: Job) -> Result:
        """Solves the instance; see `solvitur_ortools.mathopt_running.run`."""
        from solvitur_ortools.mathopt_running import Engine, run  # noqa: PLC0415  ortools is loaded only where it solves

        return run(Engine(self.number, self.events, self.takes), instance, options, job)


class Glop(_MathOpt):
    """GLOP, Google's simplex solver."""

    name, title = "glop", "GLOP"
    options: ClassVar[type | None] = GlopOptions
    handles = _LINEAR
    number, takes = 3, frozenset({"seed"})

    def rank(self, instance: MatrixInstance) -> tuple[float, str]:
        """Ranks GLOP for Auto."""
        return 0.6, "linear, by simplex"


class Pdlp(_MathOpt):
    """PDLP, Google's first-order solver for huge linear models."""

    name, title = "pdlp", "PDLP"
    options: ClassVar[type | None] = PdlpOptions
    handles = _LINEAR
    number, takes = 5, frozenset({"threads"})

    def rank(self, instance: MatrixInstance) -> tuple[float, str]:
        """Ranks PDLP for Auto."""
        return 0.2, "linear, approximately; for models too large for others"


class Scip(_MathOpt):
    """SCIP, for mixed-integer models with quadratic parts of any shape."""

    name, title = "scip", "SCIP"
    options: ClassVar[type | None] = MixedOptions
    handles = _MIXED | {Feature.QUADRATIC, Feature.NONCONVEX, Feature.QUADRATIC_ROWS, Feature.LOGIC}
    number, events, takes = 1, (4, 5), frozenset({"threads", "seed"})

    def rank(self, instance: MatrixInstance) -> tuple[float, str]:
        """Ranks SCIP for Auto."""
        if instance.quadratic_rows:
            return 0.75, "quadratic constraints"
        if instance.conditional is not None:
            return 0.72, "mixed-integer linear, with conditions"
        if instance.hessian is not None:
            return 0.75, "a quadratic objective" + ("" if instance.convex else " that is not convex")
        return (0.7, "mixed-integer linear") if instance.integrality.any() else (0.3, "linear")


class MathOptHighs(_MathOpt):
    """The HiGHS that comes with OR-Tools, to compare with our own."""

    name, title = "mathopt-highs", "HiGHS of OR-Tools"
    options: ClassVar[type | None] = LinearOptions
    handles = _MIXED
    number = 10

    def rank(self, instance: MatrixInstance) -> tuple[float, str]:
        """Ranks it for Auto."""
        return 0.4, "cannot report answers while it runs"
