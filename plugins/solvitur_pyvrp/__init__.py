"""PyVRP: the iterated local search of the PyVRP library for vehicle routing problems of many kinds."""

from __future__ import annotations

from solvitur.api import Solver, hook
from solvitur_pyvrp.divide_part import Divide
from solvitur_pyvrp.part import PyVrp


@hook
def solvers() -> list[Solver]:
    """Offers PyVRP, alone and on parts."""
    return [PyVrp(), Divide()]
