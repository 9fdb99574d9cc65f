"""HiGHS: linear, mixed-integer and convex quadratic models, handed over as arrays."""

from __future__ import annotations

from solvitur.api import Solver, hook
from solvitur_highs.part import Highs


@hook
def solvers() -> list[Solver]:
    """Offers HiGHS."""
    return [Highs()]
