"""The solver as Solvitur sees it: what it handles, its options, how well it fits. Light: highspy loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from solvitur.api import (
    INTEGER,
    SEMI_CONTINUOUS,
    SEMI_INTEGER,
    Feature,
    Job,
    MatrixInstance,
    Result,
    option,
)


@dataclass(frozen=True)
class Options:
    """What a user may choose about HiGHS."""

    method: str = option(
        "choose",
        "Method",
        choices=("choose", "simplex", "ipm", "pdlp"),
        help="How linear models are solved: dual simplex, interior point, or first-order (huge models, less exact).",
    )
    presolve: str = option(
        "choose", "Presolve", choices=("choose", "on", "off"), help="Simplify the model before solving."
    )
    feasibility_tolerance: float = option(
        1e-7, "Feasibility tolerance", minimum=1e-10, maximum=1e-3, help="How far a constraint may be missed."
    )
    integrality_tolerance: float = option(
        1e-6, "Integrality tolerance", minimum=1e-10, maximum=1e-3, help="How far from whole a whole variable may be."
    )
    heuristics: float = option(
        0.05, "Heuristic effort", minimum=0.0, maximum=1.0, help="Share of the effort spent on finding answers early."
    )
    symmetry: bool = option(
        True, "Detect symmetry", help="Find and use symmetry of mixed-integer models.", advanced=True
    )


class Highs:
    """HiGHS, through highspy."""

    name, title = "highs", "HiGHS"
    options: ClassVar[type | None] = Options
    handles = frozenset(
        {
            Feature.CONTINUOUS,
            Feature.INTEGER,
            Feature.BINARY,
            Feature.SEMI_CONTINUOUS,
            Feature.LINEAR,
            Feature.QUADRATIC,
            Feature.UNBOUNDED_INTEGERS,
            Feature.FRACTIONAL_ROWS,
        }
    )

    def unable(self, instance: MatrixInstance) -> str:
        """Tells why HiGHS cannot take this instance although it handles its features."""
        if instance.hessian is not None and (instance.integrality != 0).any():
            return "it takes a quadratic objective only with continuous variables"
        semi = (instance.integrality == SEMI_CONTINUOUS) | (instance.integrality == SEMI_INTEGER)
        if (semi & (instance.column_lower > 0) & ~np.isfinite(instance.column_upper)).any():
            return "it needs an upper bound on every semi-continuous variable"
        if (semi & (instance.column_upper < 0)).any():
            return "it does not take negative semi-continuous variables"
        return ""

    def rank(self, instance: MatrixInstance) -> tuple[float, str]:
        """Ranks HiGHS for Auto."""
        count = f"{instance.columns:,} variables".replace(",", " ")
        if instance.hessian is not None:
            return 0.8, f"convex quadratic, {count}"
        if np.isin(instance.integrality, (INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER)).any():
            return 0.85, f"mixed-integer linear, {count}"
        return 0.9, f"linear, {count}"

    def solve(self, instance: MatrixInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_highs.running.run`."""
        from solvitur_highs.running import run  # noqa: PLC0415  highspy is loaded only where it solves

        return run(instance, options, job)
