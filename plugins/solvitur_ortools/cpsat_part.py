"""CP-SAT as Solvitur sees it. Light: ortools loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from solvitur.api import Feature, Job, MatrixInstance, Result, option
from solvitur_ortools.product_columns import multiplied
from solvitur_ortools.whole_rows import NotWhole, whole_model

_PUZZLE = 20_000
"""Up to this many variables CP-SAT is offered first for models that only ask whether there is an answer."""


@dataclass(frozen=True)
class Options:
    """What a user may choose about CP-SAT."""

    presolve: bool = option(True, "Presolve", help="Simplify the model first.")
    linearization: int = option(
        1, "Use of linear relaxations", minimum=0, maximum=2, help="0: none, 1: some, 2: for everything."
    )
    symmetry: int = option(
        2, "Symmetry", minimum=0, maximum=4, help="How much symmetry is looked for.", advanced=True
    )


class CpSat:
    """CP-SAT, for models whose variables are all whole and bounded."""

    name, title = "cp-sat", "CP-SAT"
    options: ClassVar[type | None] = Options
    handles = frozenset(
        {
            Feature.INTEGER,
            Feature.BINARY,
            Feature.LINEAR,
            Feature.FRACTIONAL_ROWS,
            Feature.QUADRATIC,
            Feature.NONCONVEX,
            Feature.QUADRATIC_ROWS,
            Feature.LOGIC,
            Feature.ALL_DIFFERENT,
        }
    )

    def unable(self, instance: MatrixInstance) -> str:
        """Tells why CP-SAT cannot take this instance although it handles its features."""
        try:
            whole_model(multiplied(instance).instance)
        except NotWhole as reason:
            return str(reason)
        return ""

    def rank(self, instance: MatrixInstance) -> tuple[float, str]:
        """Ranks CP-SAT for Auto."""
        if instance.all_different:
            return 0.9, "whole variables, some of them all different"
        if instance.hessian is not None or instance.quadratic_rows:
            return 0.8, "whole variables and products of them"
        if instance.conditional is not None:
            return 0.88, "whole variables and logic"
        if (
            instance.columns <= _PUZZLE
            and not instance.cost.any()
            and np.abs(instance.matrix.value).max(initial=0) <= 100
        ):
            return 0.9, "whole variables and nothing to optimise, only rules to meet"
        return 0.65, "whole variables only"

    def solve(self, instance: MatrixInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_ortools.cpsat_running.run`."""
        from solvitur_ortools.cpsat_running import run  # noqa: PLC0415  ortools is loaded only where it solves

        return run(instance, options, job)
