"""Decomposers: whole and parts agree, on random models too; steps use whatever decomposer there is, for any kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvitur.api import (
    INTEGER,
    Block,
    ConditionalRows,
    Decomposer,
    Feature,
    Formulation,
    InputError,
    MatrixInstance,
    Problem,
    Record,
    SparseRows,
    Status,
    Verification,
)
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.dividing import decomposers_for, refine, reunite, split
from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.store import Store
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.errors import PluginError
from solvitur.workflow.forms import from_text
from solvitur_steps.components import Components, Halves


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    """All plugins of ours."""
    return Plugins.load()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Worker processes for the whole module."""
    made = Workers(spare=False)
    yield made
    made.shutdown()


@st.composite
def instances(draw: st.DrawFn) -> MatrixInstance:
    """Draws a matrix instance with rows, conditions and groups that must differ, in random order."""
    columns, rows = draw(st.integers(1, 12)), draw(st.integers(0, 8))
    chosen = [sorted(draw(st.sets(st.integers(0, columns - 1), max_size=3))) for _ in range(rows)]
    start = np.concatenate([[0], np.cumsum([len(each) for each in chosen])]).astype(np.int32)
    column = np.array([c for each in chosen for c in each], np.int32)
    value = np.arange(1.0, len(column) + 1)
    conditional = None
    if rows and draw(st.booleans()):
        some = sorted(draw(st.sets(st.integers(0, rows - 1), min_size=1)))
        on = [draw(st.integers(0, columns - 1)) for _ in some]
        conditional = ConditionalRows(
            np.array(on, np.int32), np.array([n % 2 for n in range(len(some))], np.int32), np.array(some, np.int32)
        )
    groups = draw(st.lists(st.sets(st.integers(0, columns - 1), min_size=1, max_size=3), max_size=2))
    return MatrixInstance(
        "min",
        np.arange(columns, dtype=float),
        7.0,
        SparseRows(rows, columns, start, column, value),
        np.arange(rows, dtype=float),
        np.arange(rows, dtype=float) + 5,
        np.zeros(columns),
        np.full(columns, 9.0),
        np.full(columns, INTEGER, np.uint8),
        (Block("x", 0, columns, (tuple(map(str, range(columns))),), ("I",)),),
        (Block("r", 0, rows, (tuple(map(str, range(rows))),), ("R",)),) if rows else (),
        conditional=conditional,
        all_different=tuple(np.array(sorted(group), np.int32) for group in groups),
    )


def facts(instance: MatrixInstance) -> list[Any]:
    """All that an instance says, by the names of its variables and rows, in an order that cutting does not change."""
    names = [instance.variable_of(column) for column in range(instance.columns)]
    matrix = instance.matrix
    rows = {}
    for row in range(instance.rows):
        picked = slice(matrix.start[row], matrix.start[row + 1])
        entries = [(names[c], v) for c, v in zip(matrix.column[picked], matrix.value[picked].tolist(), strict=True)]
        rows[row] = (sorted(entries), instance.row_lower[row], instance.row_upper[row])
    said: list[Any] = [("row", instance.constraint_of(row), rows[row]) for row in rows]
    said += [
        ("column", name, instance.cost[n], instance.column_lower[n], instance.column_upper[n])
        for n, name in enumerate(names)
    ]
    if (when := instance.conditional) is not None:
        for column, value, row in zip(when.column, when.value.tolist(), when.row.tolist(), strict=True):
            said.append(("if", names[column], value, rows[row]))
    said += [("differ", sorted(names[c] for c in group)) for group in instance.all_different]
    return sorted(said, key=repr)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(instance=instances(), decomposer=st.sampled_from([Components(), Halves()]))
def test_parts_say_all_that_the_whole_says(instance: MatrixInstance, decomposer: Components) -> None:
    """Every row, column, condition and group is in one part, unchanged; answers come back to their columns."""
    parts, inverse = decomposer.split(instance)
    assert sorted((fact for part in parts for fact in facts(part)), key=repr) == facts(instance)
    answer = np.arange(instance.columns, dtype=float)
    again = decomposer.reunite(inverse, [answer[columns] for columns in inverse])
    assert np.array_equal(again, answer)
    assert sum(part.objective_at(answer[c]) for part, c in zip(parts, inverse, strict=True)) + 7.0 == pytest.approx(
        instance.objective_at(answer)
    )


def test_what_couples_everything_is_not_split(plugins: Plugins) -> None:
    """A ratio is refused in words, and nothing offers to split it."""
    from solvitur.api import Denominator  # noqa: PLC0415 - beside its only use

    @given(instances())
    @settings(max_examples=1, deadline=None)
    def check(instance: MatrixInstance) -> None:
        ratio = replace(instance, denominator=Denominator(np.ones(instance.columns), 1.0))
        with pytest.raises(InputError, match="ratio"):
            Components().split(ratio)
        assert not decomposers_for(plugins, ratio)
        assert decomposers_for(plugins, instance)[0].name == "components"

    check()


@dataclass(frozen=True, eq=False)
class Heap(Record, tag="test-heap"):
    """An instance of another kind: numbers, of which the answer is a list of doubles."""

    numbers: tuple[int, ...]
    kind = "heap"
    features = frozenset[Feature]()
    sense = "min"


class Heaps:
    """The kind of heaps."""

    name, title = "heap", "Heap"

    def check(self, problem: Problem) -> list[Any]:
        """Finds nothing."""
        return []

    def bind(self, problem: Problem) -> Heap:
        """Reads numbers, or takes an instance as it is."""
        content = problem.formulation.content
        return content if isinstance(content, Heap) else Heap(tuple(map(int, problem.formulation.text.split())))

    def verify(self, problem: Problem, instance: Heap, result: Any) -> Verification:
        """Compares with the doubles."""
        right = tuple(result.answer) == tuple(2 * n for n in instance.numbers)
        return Verification(passed=right, objective=float(sum(result.answer)), max_violation=0.0, checks=())

    def values(self, instance: Heap, answer: Any) -> dict[str, Any]:
        """Lists."""
        return {"doubles": list(answer)}


class ByTwo:
    """Cuts heaps into twos; refined, into single numbers."""

    name, title = "by-two", "By two"

    def split(self, instance: Heap) -> tuple[Sequence[Heap], dict[str, Any]]:
        """Cuts."""
        at = range(0, len(instance.numbers), 2)
        return [Heap(instance.numbers[n : n + 2]) for n in at], {"count": len(at)}

    def reunite(self, inverse: dict[str, Any], answers: Sequence[Any]) -> list[int]:
        """Joins."""
        assert len(answers) == inverse["count"]
        return [n for answer in answers for n in answer]

    def refine(self, instance: Heap, inverse: Any, answers: Sequence[Any]) -> tuple[Sequence[Heap], dict[str, Any]]:
        """Cuts finer."""
        return [Heap((n,)) for n in instance.numbers], {"count": len(instance.numbers)}


class Doubler:
    """Doubles."""

    name, title, options, in_thread = "doubler", "Doubler", None, True
    handles = frozenset[Feature]()

    def solve(self, instance: Heap, options: Any, job: Any) -> Any:
        """Doubles each number."""
        from solvitur.api import Result  # noqa: PLC0415 - beside its only use

        return Result(Status.OPTIMAL, [2 * n for n in instance.numbers], float(2 * sum(instance.numbers)))


def with_heaps(plugins: Plugins) -> Plugins:
    """The plugins and ours for heaps."""
    added = {"kinds": Heaps(), "solvers": Doubler(), "decomposers": ByTwo()}
    hooks = {hook: (*plugins.parts(hook), Part("heaps", part)) for hook, part in added.items()}
    hooks["solvers"] = hooks["solvers"][-1:]
    rest = ("steps", "visualisers", "importers", "exporters", "examples")
    return Plugins(plugins.entries, {**{hook: plugins.parts(hook) for hook in rest}, **hooks})


def test_steps_split_and_merge_any_kind_with_its_own_decomposer(
    plugins: Plugins, workers: Workers, tmp_path: Path
) -> None:
    """Parts are solved as instances of their kind, and the whole is verified through it; a bad reunion is caught."""
    offered = with_heaps(plugins)
    problem = Problem("Heap", "", Formulation("heap", "5 1 4 2 3"))
    flow = from_text(
        "p = load_problem()\ns = split(problem=p.problem)\n"
        'm = map(parts=s.parts, each="out = solve(problem=part.value)")\n'
        "w = merge(problem=p.problem, answers=m.results)\nout = verify(solved=w.solved)\n"
    )
    run = WorkflowRun(flow, Services(offered, workers, tmp_path, problem=problem), store=Store())
    run.start()
    assert run.wait(60)
    assert set(run.states().values()) == {State.DONE}, [run.fault(path) for path in run.states()]
    assert run.outputs("out")["passed"] is True
    merged = run.outputs("w")["solved"]
    assert merged.result.answer == [10, 2, 8, 4, 6]
    assert merged.result.status is Status.FEASIBLE, "only parts that share nothing prove the whole"
    assert len(run.outputs("s")["parts"]) == 3
    partial = flow.with_step(replace(flow.steps[2], options={"each": "out = value(value=1)"}))
    run = WorkflowRun(partial, Services(offered, workers, tmp_path, problem=problem), store=Store())
    run.start()
    assert run.wait(60) and run.states()["w"] is State.FAILED


def test_decomposers_are_found_named_and_their_faults_told(plugins: Plugins) -> None:
    """By name or the most suitable; a failing one costs a sentence; refining is there for those that can."""
    assert all(isinstance(part.part, Decomposer) for part in plugins.decomposers())
    offered, heap = with_heaps(plugins), Heap((1, 2, 3))
    by, parts, inverse = split(offered, heap)
    assert by == "by-two" and len(parts) == 2
    assert reunite(offered, by, inverse, [[1, 2], [3]]) == [1, 2, 3]
    assert len(refine(offered, by, heap, inverse, [])[0]) == 3
    with pytest.raises(InputError, match="the same cuts"):
        refine(offered, "components", heap, inverse, [])
    with pytest.raises(InputError, match="did you mean 'by-two'"):
        split(offered, heap, "by-too")
    with pytest.raises(PluginError, match="'heaps' failed"):
        reunite(offered, by, inverse, [])
    with pytest.raises(InputError, match="kind 'heap'"):
        split(plugins, heap)
