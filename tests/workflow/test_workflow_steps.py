"""The step types that come with us, and the ready workflows: each runs for real and comes out right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.patterns import patterns
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.errors import InputError
from solvitur.workflow.forms import from_json, from_text, to_json, to_text

PLUGINS = Plugins.load()
PATTERNS = {each.name: each for each in patterns() if each.name != "words_to_model"}
"""Those that run as they are; the one left out needs a language model."""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Worker processes shared by all the tests here."""
    made = Workers(spare=False)
    yield made
    made.shutdown()


class Bench:
    """Runs workflows given as text, in a folder."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self.folder = folder
        self.services = Services(PLUGINS, workers, folder)

    def started(self, text: str, *approved: str) -> WorkflowRun:
        """Runs a workflow to its end."""
        settings = Settings(approved=frozenset(approved))
        run = WorkflowRun(from_text(text), self.services, store=Store(), settings=settings)
        run.start()
        assert run.wait(60)
        return run

    def outputs(self, text: str, step: str = "out", *approved: str) -> dict[str, Any]:
        """Runs a workflow and returns what a step of it made."""
        run = self.started(text, *approved)
        assert run.fault(step) == "" and run.states()[step] is State.DONE, [run.fault(s) for s in run.states()]
        return run.outputs(step)

    def fault(self, text: str, step: str = "out", *approved: str) -> str:
        """Runs a workflow and returns why a step of it failed."""
        return self.started(text, *approved).fault(step)


@pytest.fixture
def bench(tmp_path: Path, workers: Workers) -> Bench:
    """A folder with two small tables."""
    (tmp_path / "shops.csv").write_text("shop,city,cost\na,Bremen,3\nb,Ulm,5\nc,Bremen,8\n", "utf-8")
    (tmp_path / "cities.csv").write_text("city,people\nBremen,500\nUlm,100\n", "utf-8")
    return Bench(tmp_path, workers)


_SHOPS = 'shops = load_table(file="shops.csv")\ncities = load_table(file="cities.csv")\n'


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_every_pattern_runs_to_the_end(name: str, bench: Bench) -> None:
    """A ready workflow passes the dry run, needs no approval, runs headless, and every answer passes its check."""
    found = PATTERNS[name]
    assert found.story
    assert from_json(to_json(found.workflow)) == from_text(to_text(found.workflow)) == found.workflow
    run = WorkflowRun(found.workflow, bench.services, store=Store())
    assert not run.check().findings and not run.check().approvals
    run.start()
    assert run.wait(110)
    assert set(run.states().values()) == {State.DONE}, [run.fault(path) for path in run.states()]
    for step in found.workflow.steps:
        if step.type == "verify" and step.id != "check":
            assert run.outputs(step.id)["passed"] is True


def test_there_are_ten_patterns() -> None:
    """The gallery is as large as promised."""
    assert len(PATTERNS) == 10


@pytest.mark.parametrize(
    ("example", "text"),
    [
        ("shift_staffing", "s = split(problem=p.problem)\nm = map(parts=s.parts)\n"
         "w = merge(problem=p.problem, answers=m.results)\nout = verify(solved=w.solved)"),
        ("shift_staffing", "w = conquer(problem=p.problem, small=60)\nout = verify(solved=w.solved)"),
        ("knapsack", 'w = race(problem=p.problem, solvers="highs, cp-sat")\nout = verify(solved=w.solved)'),
        ("knapsack", "b = bind(problem=p.problem)\nw = solve(problem=b.instance)\nout = verify(solved=w.solved)"),
    ],
)  # fmt: skip
def test_ways_that_lose_nothing_reach_the_known_optimum(example: str, text: str, bench: Bench) -> None:
    """Splitting, conquering, racing and binding end at the example's recorded optimum, verified."""
    made = bench.outputs(f'p = load_example(name="{example}")\n{text}')
    optimum = next(part.part.optimum for part in PLUGINS.examples() if part.part.name == example)
    assert made["passed"] is True
    assert made["solved"].verification.objective == pytest.approx(optimum, rel=1e-6)


def test_searching_never_makes_an_answer_worse(bench: Bench) -> None:
    """Rolling gives a verified plan; fixing and optimising betters it; the bound of the optimum is respected."""
    text = (
        'p = load_example(name="lot_sizing")\nr = roll(problem=p.problem, over="Months", windows=6)\n'
        'f = fix_and_optimise(solved=r.solved, over="Months", windows=3)\nout = summary(answers=[r.solved, f.solved])'
    )
    rows = bench.outputs(text)["table"]
    first, second = rows.column("objective").values.tolist()
    optimum = next(part.part.optimum for part in PLUGINS.examples() if part.part.name == "lot_sizing")
    assert rows.column("verified").values.tolist() == ["yes", "yes"]
    assert optimum * (1 - 1e-6) <= second < first


def test_a_broken_candidate_is_repaired(bench: Bench) -> None:
    """Rounding breaks constraints, which the check names; the repaired answer passes."""
    text = (
        'p = load_example(name="network_design")\nc = round_off(problem=p.problem)\nv = verify(solved=c.solved)\n'
        "r = repair(solved=v.solved)\nout = verify(solved=r.solved)"
    )
    run = bench.started(text)
    before, after = run.outputs("v"), run.outputs("out")
    assert before["passed"] is False and "broken" in before["report"]
    assert after["passed"] is True


def test_tables_are_queried_joined_filtered_and_computed(bench: Bench) -> None:
    """SQL over two tables by name and by letter, a condition, and a formula."""
    text = (
        _SHOPS + "joined = query(tables=[shops.table, cities.table], "
        'sql="SELECT shop, cost, people FROM shops JOIN b USING (city) ORDER BY shop")\n'
        'dear = filter(table=joined.table, where="cost > 3 and people >= 100")\n'
        'out = formula(table=dear.table, column="each", formula="cost / people")'
    )
    table = bench.outputs(text)["table"]
    assert table.column("shop").values.tolist() == ["b", "c"]
    assert table.column("each").values.tolist() == [0.05, 0.016]


@pytest.mark.parametrize(
    "sql",
    ["DROP TABLE shops", "INSERT INTO shops VALUES (1, 2, 3)", "ATTACH 'x.db' AS x", "PRAGMA journal_mode=WAL",
     "SELECT load_extension('x')", "SELEC 1", "CREATE TABLE x (y)"],
)  # fmt: skip
def test_a_query_can_only_read(sql: str, bench: Bench) -> None:
    """Whatever writes, reaches a file or is no SQL is refused in words."""
    assert "the query cannot be run" in bench.fault(_SHOPS + f'out = query(tables=shops.table, sql="{sql}")')
    assert not (bench.folder / "x.db").exists()


@pytest.mark.parametrize(
    ("where", "said"),
    [("cots > 1", "'cots', which is not there"), ("cost >", "cannot be read"), ("cost > city", "has no value here"),
     ("__import__('os')", "not allowed"), ("cost.real > 1", "not allowed")],
)  # fmt: skip
def test_faulty_conditions_are_told(where: str, said: str, bench: Bench) -> None:
    """A condition with an unknown column, no grammar, no value, or anything but arithmetic is refused in words."""
    assert said in bench.fault(_SHOPS + f'out = filter(table=shops.table, where="{where}")')


def test_branch_and_repeat(bench: Bench) -> None:
    """A branch takes one way alone; a repetition goes on until its condition holds, at most so often."""
    ways = 'condition="value > 2", then="out = value(value=\'big\')", otherwise="out = value(value=\'small\')"'
    for value, said in ((3, "big"), (1, "small")):
        assert bench.outputs(f"v = value(value={value})\nout = branch(value=v.value, {ways})") == {"out": said}
    code = '"""g = collect(values=given.value)\nout = value(value=0)\n"""'
    assert bench.outputs(f'v = value(value=5)\nout = repeat(value=v.value, each={code}, until="value < 1")') == {
        "out": 0
    }
    assert bench.outputs("v = value(value=5)\nout = repeat(value=v.value, most=0)") == {"out": 5}


def test_python_code_is_approved_first_and_runs_apart(bench: Bench) -> None:
    """Code is refused before approval; then it runs in another process, and its failure is a sentence."""
    code = '"""import os\ndef step(value):\n    return [value + 1, os.getpid()]\n"""'
    text = f"v = value(value=20)\nout = python(value=v.value, code={code})"
    with pytest.raises(InputError, match="approved"):
        bench.started(text)
    value, process = bench.outputs(text, "out", "out")["out"]
    assert value == 21 and process != os.getpid()
    broken = 'v = value(value=1)\nout = python(value=v.value, code="""def step(value):\n    return value / 0\n""")'
    assert "division by zero" in bench.fault(broken, "out", "out")


def test_export_writes_once_approved(bench: Bench) -> None:
    """A table is written to a file, only with approval."""
    text = _SHOPS + 'out = export(thing=shops.table, file="made.csv")'
    with pytest.raises(InputError, match="approved"):
        bench.started(text)
    assert not (bench.folder / "made.csv").exists()
    bench.outputs(text, "out", "out")
    assert "Bremen" in (bench.folder / "made.csv").read_text("utf-8")


def test_a_changed_file_is_read_again_and_only_then(bench: Bench) -> None:
    """The content of a file decides, not its name: what follows runs again only when it changed."""
    flow, store = from_text(_SHOPS + 'out = filter(table=shops.table, where="cost > 3")'), Store()
    for text, rows in (("", 2), ("d,Ulm,9\n", 3)):
        with (bench.folder / "shops.csv").open("a", encoding="utf-8") as stream:
            stream.write(text)
        run = WorkflowRun(flow, bench.services, store=store)
        run.start()
        assert run.wait(30) and run.outputs("out")["table"].row_count == rows


def test_answers_without_agreement_and_without_check_are_told(bench: Bench) -> None:
    """An infeasible model, a missing set, a missing number: each a sentence."""
    model = 'p = build_model(model="""var x >= 0\nminimize z: x\nsubject to c: x <= -1\n""")\n'
    assert "infeasible" in bench.fault(model + "out = solve(problem=p.problem)")
    example = 'p = load_example(name="knapsack")\n'
    assert "runs over 'Months'" in bench.fault(example + 'out = roll(problem=p.problem, over="Months")')
    change = 'v = value(value=3)\nout = change(problem=p.problem, value=v.value, name="nothing")'
    assert "no number 'nothing" in bench.fault(example + change)


def test_a_proven_answer_ends_a_race(bench: Bench) -> None:
    """The slower solver is stopped in its process; one that cannot take the model at all costs only itself."""
    text = 'p = load_example(name="knapsack")\nout = race(problem=p.problem, solvers="no-such-solver, highs, cp-sat")'
    run = bench.started(text)
    assert run.outputs("out")["solved"].verification.passed
    states = [run.states()[f"out/by_{at}"] for at in range(3)]
    assert states[0] is State.FAILED and State.DONE in states[1:]
    alone = 'p = load_example(name="knapsack")\nout = race(problem=p.problem, solvers="no-such-solver")'
    assert "no-such-solver" in bench.fault(alone)


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ('value="7", type="number"', 7), ('value=" -2.50 ", type="number"', -2.5), ('value="7"', "7"),
        ('value=7.0, type="number"', 7.0), ('value=3, type="text"', "3"), ('value="yes", type="truth"', True),
        ('value="1e3", type="number"', 1000.0),
    ],
)  # fmt: skip
def test_a_value_is_what_its_type_says(options: str, made: Any, bench: Bench) -> None:
    """Text such as a form gives becomes a number where the type says number, and stays text where it does not."""
    value = bench.outputs(f"out = value({options})")["value"]
    assert value == made and type(value) is type(made)


@pytest.mark.parametrize(
    ("options", "said"),
    [('value="seven", type="number"', "expected a number"), ('type="number"', "expected a number"),
     ('value=1, type="nummber"', "expected one of"), ("vallue=1", "did you mean 'value'")],
)  # fmt: skip
def test_a_value_that_is_none_is_found_by_the_dry_run(options: str, said: str, bench: Bench) -> None:
    """Before anything runs; and a number does not fit where a table is wanted."""
    with pytest.raises(InputError, match=said):
        bench.started(f"out = value({options})")
    with pytest.raises(InputError, match="expected a data table"):
        bench.started('v = value(value="3", type="number")\nout = filter(table=v.value, where="x > 1")')


def test_the_open_problem_is_read_with_its_unsaved_edits(bench: Bench, workers: Workers) -> None:
    """In place of its file, with its tables; its plan and its drawing decide nothing."""
    model = "var x <= 3\nmaximize z: {} * x\n"
    (bench.folder / "saved.slv").write_text(model.format(1), "utf-8")
    opened = Problem("Open", "", Formulation("algebraic", model.format(5)))
    path = bench.folder / "saved.slv"
    store = Store()
    for services, file, objective in (
        (Services(PLUGINS, workers, bench.folder), "saved.slv", 3),
        (Services(PLUGINS, workers, bench.folder, problems={path: opened}), "saved.slv", 15),
        (Services(PLUGINS, workers, bench.folder, problem=opened), "", 15),
        (Services(PLUGINS, workers, bench.folder, problem=replace(opened, layout={"zoom": 2})), "", 15),
    ):
        text = f'p = load_problem(file="{file}")\nout = solve(problem=p.problem)'
        run = WorkflowRun(from_text(text), services, store=store)
        run.start()
        assert run.wait(60) and run.fault("p") == ""
        assert run.outputs("out")["solved"].verification.objective == objective
    assert run._all["out"].from_cache
    assert "no problem is open here" in bench.fault("out = load_problem()")
