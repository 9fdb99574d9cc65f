"""Conflicts in models without an answer: what is named clashes, and nothing in it can be spared."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from instances import model

from solvitur.engine.explaining import explained_by_plugins
from solvitur.engine.solving import bind
from solvitur.engine.workers import Workers
from solvitur.hooks.contracts import Solved
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.instance import MatrixInstance
from solvitur.problem.result import Result, Status
from solvitur_highs.conflicts import Conflict, Member, conflict_of
from solvitur_highs.model import Handed

INF = np.inf
PLUGINS = Plugins.load(only=("highs", "models"))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers(spare=False)
    yield made
    made.shutdown()


def names(conflict: Conflict | None) -> list[str]:
    """Returns the names of a conflict's members."""
    assert conflict is not None
    return [member.name for member in conflict.members]


def is_feasible(instance: MatrixInstance, members: tuple[Member, ...]) -> bool:
    """Tells whether the rows and bounds of members alone have a common point."""
    rows = np.zeros(instance.rows, bool)
    rows[[row for member in members for row in member.rows]] = True
    low, high = np.full(instance.columns, -INF), np.full(instance.columns, INF)
    for member in members:
        if member.column >= 0 and member.upper:
            high[member.column] = instance.column_upper[member.column]
        elif member.column >= 0:
            low[member.column] = instance.column_lower[member.column]
    part = replace(
        instance,
        cost=np.zeros(instance.columns),
        row_lower=np.where(rows, instance.row_lower, -INF),
        row_upper=np.where(rows, instance.row_upper, INF),
        column_lower=low,
        column_upper=high,
    )
    handed = Handed(part)
    handed.highs.run()
    return "nfeasible" not in handed.highs.modelStatusToString(handed.highs.getModelStatus())


def test_a_planted_conflict_of_rows_is_found() -> None:
    """Three rows that clash among forty that do not."""
    random = Random(1)
    rows = [([random.randint(0, 4) for _ in range(6)], -INF, 500) for _ in range(40)]
    rows[7] = ([1, 1, 0, 0, 0, 0], 8, INF)
    rows[19] = ([1, 0, 1, 0, 0, 0], -INF, 3)
    rows[33] = ([0, 1, -1, 0, 0, 0], -INF, 1)
    conflict = conflict_of(model([1] * 6, rows), time_limit_s=20)
    assert names(conflict) == ["r8", "r20", "r34", "x3 >= 0"] or names(conflict) == ["r8", "r20", "r34"]
    assert conflict is not None and conflict.irreducible and not conflict.needs_whole


def test_bounds_and_whole_numbers_take_part() -> None:
    """A bound that clashes is named as it was written; a clash of whole numbers only is told as such."""
    bounded = model([1, 1], [([1, 1], 12, INF), ([1, -1], -INF, 30)], upper=[5, 6])
    assert names(conflict_of(bounded, time_limit_s=20)) == ["r1", "x1 <= 5", "x2 <= 6"]
    whole = conflict_of(model([1, 1], [([2, 2], 7, 7)], upper=[9, 9], whole=[1, 1]), time_limit_s=20)
    assert names(whole)[0] == "r1" and whole is not None and whole.needs_whole
    crossed = model([1, 1], [([1, 1], -INF, 9)], lower=[4, 0], upper=[3, 5])
    assert names(conflict_of(crossed, time_limit_s=20)) == ["x1 >= 4", "x1 <= 3"]


def test_a_model_with_answers_has_no_conflict() -> None:
    """And neither has one for which there is no time."""
    assert conflict_of(model([1, 1], [([1, 1], 1, 2)]), time_limit_s=20) is None
    assert conflict_of(model([1], [([1], 3, INF)], upper=[2]), time_limit_s=0) is None


@pytest.mark.parametrize("seed", range(40))
def test_what_is_named_clashes_and_nothing_can_be_spared(seed: int) -> None:
    """Random systems, half of them with whole columns: dropping any one member leaves a common point."""
    random = Random(seed)
    whole = [1, 1, 0, 1] if seed % 2 else [0] * 4
    while True:
        rows = []
        for _ in range(9):
            low = random.choice((-INF, random.randint(-6, 9)))
            high = INF if low > -INF and random.random() < 0.6 else max(low, random.randint(-6, 9))
            rows.append(([random.choice((-2, -1, 0, 0, 1, 3)) for _ in range(4)], low, high))
        instance = model([0] * 4, rows, lower=[-3] * 4, upper=[random.randint(1, 6) for _ in range(4)], whole=whole)
        conflict = conflict_of(instance, time_limit_s=20)
        if conflict is not None:
            break
    assert conflict.irreducible
    assert not is_feasible(instance, conflict.members)
    for spared in range(len(conflict.members)):
        assert is_feasible(instance, conflict.members[:spared] + conflict.members[spared + 1 :])


LOGIC = """
set P = {A, B}
var use[P] in 0..40
var open[P] binary
minimize z: sum(use[p] for p in P)
subject to demand: sum(use[p] for p in P) >= 60
subject to charge[p in P]: implies(use[p] > 0, open[p])
subject to one: count(open[p] for p in P) <= 1
subject to ample: sum(use[p] for p in P) <= 1000
"""


def told(text: str, workers: Workers) -> list[str]:
    """Returns what the explainers say about a model without answer."""
    problem = Problem(formulation=Formulation(text=text))
    solved = Solved(problem, bind(PLUGINS, problem), Result(Status.INFEASIBLE))
    return [finding.text for finding in explained_by_plugins(PLUGINS, solved, workers)]


def test_logic_takes_part_by_its_own_name(workers: Workers) -> None:
    """An implication, a count and a demand that clash; asked in a worker process."""
    said = told(LOGIC, workers)
    assert said[0].startswith("'demand', 'one' and 'charge' cannot hold together within the bounds of the variables")
    assert "In the conflict, 'demand' asks for use[A] + use[B] >= 60." in said
    assert told("var x[1..4] integer in 1..3\nsubject to d: all_different(x)", workers)[0].startswith(
        "'d' cannot hold"
    )


def test_logic_without_bounds_is_not_blamed_wrongly(workers: Workers) -> None:
    """Where logic is written by what other constraints imply, bounds are asked for instead."""
    said = told(LOGIC.replace("in 0..40", ">= 0").replace("<= 1000", "<= 50"), workers)
    assert said == ["Give every variable a lower and an upper bound to have the conflict named."]


def test_explain_names_the_conflict_on_the_command_line(tmp_path: Path) -> None:
    """In words, and among the explanations of --json."""
    file = tmp_path / "model.slv"
    file.write_text("var x in 0..5\nvar y in 0..5\nminimize z: x\nsubject to a: x + y >= 12\nsubject to b: x <= 4\n")
    command = [sys.executable, "-m", "solvitur", "explain", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 3
    assert "'a', 'x <= 5' and 'y <= 5' cannot hold together" in said.stdout
    told = json.loads(
        subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=60, check=False).stdout
    )
    assert any("cannot hold together" in each["text"] for each in told["explanations"])
