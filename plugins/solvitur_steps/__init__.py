"""The step types of workflows that come with Solvitur."""

from __future__ import annotations

from typing import Any

from solvitur.api import hook
from solvitur_steps.answers import Best, Consensus, Curve, Draw, First, Slopes, Summary, Values, Verify
from solvitur_steps.components import Components, Halves
from solvitur_steps.dividing import Conquer, Merge, Split
from solvitur_steps.flow import Branch, Collect, Each, Map, Numbers, PythonFunction, Repeat, Review, Value
from solvitur_steps.problems import Bind, BuildModel, Change, LoadExample, LoadProblem, Race, Solve
from solvitur_steps.searching import FixAndOptimise, Improve, Repair, Roll, RoundOff
from solvitur_steps.tables import Export, Filter, Formula, LoadTable, Query


@hook
def steps() -> list[Any]:
    """Lists the step types, by category."""
    data = [LoadTable(), Query(), Filter(), Formula(), Slopes()]
    problem = [LoadProblem(), LoadExample(), BuildModel(), Change(), Bind()]
    solve = [Solve(), Race(), Best(), First(), Consensus(), Improve(), Roll(), FixAndOptimise(), RoundOff(), Repair()]
    parts = [Split(), Map(), Merge(), Conquer(), Collect()]
    flow = [Value(), Numbers(), Each(), Branch(), Repeat(), Review(), PythonFunction()]
    return [*data, *problem, *solve, *parts, Verify(), *flow, Values(), Summary(), Curve(), Draw(), Export()]


@hook
def decomposers() -> list[Any]:
    """Lists the decomposers."""
    return [Components(), Halves()]
