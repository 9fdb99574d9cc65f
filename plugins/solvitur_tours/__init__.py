"""Tours: Solvitur's own improver for round trips through up to hundreds of thousands of cities."""

from __future__ import annotations

from solvitur.api import Solver, hook
from solvitur_tours.part import Tours


@hook
def solvers() -> list[Solver]:
    """Offers the tour improver."""
    return [Tours()]
