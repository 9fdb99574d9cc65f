"""OR-Tools: GLOP, PDLP, SCIP and HiGHS through MathOpt, and CP-SAT."""

from __future__ import annotations

from solvitur.api import Solver, hook
from solvitur_ortools.cpsat_part import CpSat
from solvitur_ortools.mathopt_parts import Glop, MathOptHighs, Pdlp, Scip


@hook
def solvers() -> list[Solver]:
    """Offers the solvers of OR-Tools."""
    return [Scip(), CpSat(), Glop(), Pdlp(), MathOptHighs()]
