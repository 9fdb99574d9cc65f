"""HiGHS: linear, mixed-integer and convex quadratic models, handed over as arrays; and conflicts in models."""

from __future__ import annotations

from solvitur.api import Explainer, Solver, hook
from solvitur_highs.explaining import ConflictFinder
from solvitur_highs.part import Highs


@hook
def solvers() -> list[Solver]:
    """Offers HiGHS."""
    return [Highs()]


@hook
def explainers() -> list[Explainer]:
    """Offers the search for conflicts."""
    return [ConflictFinder()]
