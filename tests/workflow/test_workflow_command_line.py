"""The verb 'workflow': lists, writes and runs, with the exit codes of every verb."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from solvitur.engine.content import Content, write_content
from solvitur.problem.document import Formulation, Problem
from solvitur.workflow.forms import from_text


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a folder."""
    command = [sys.executable, "-m", "solvitur", "workflow", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90, check=False)


def test_a_pattern_is_listed_written_and_run_and_known_the_second_time(tmp_path: Path) -> None:
    """Results go to standard output as one JSON value; the second run takes them from the first."""
    listed = json.loads(run(tmp_path, "patterns", "--json").stdout)
    assert len(listed) >= 10 and all(each["story"] for each in listed)
    for file in ("flow.json", "flow.txt"):
        assert run(tmp_path, "write", "human_approval", file).returncode == 0
    for options, said in (((), "approved"), (("--set", "decision.alone=refuse"), "refused")):
        ended = run(tmp_path, "run", "flow.txt", "--json", *options)
        assert ended.returncode == 0, ended.stderr
        told = json.loads(ended.stdout)
        assert set(told["states"].values()) == {"done"}
        assert said in told["outputs"]["way"]["out"]
    assert "plan (known already)" in ended.stderr
    assert json.loads(run(tmp_path, "run", "flow.json", "--json").stdout)["title"] == told["title"]


def test_faults_have_their_exit_codes(tmp_path: Path) -> None:
    """Bad input is 2 with file and line, a failed step is 5, and never a traceback."""
    (tmp_path / "bad.flow").write_text("a = value(\n", "utf-8")
    (tmp_path / "wrong.flow").write_text("a = vallue()\n", "utf-8")
    (tmp_path / "code.flow").write_text("v = value()\na = python(value=v.value)\n", "utf-8")
    (tmp_path / "fails.flow").write_text('a = load_table(file="not there.csv")\n', "utf-8")
    for words, code, said in (
        (("run", "nothing.flow"), 2, "no such file"),
        (("run", "bad.flow"), 2, "bad.flow, line 1"),
        (("run", "wrong.flow"), 2, "did you mean 'value'"),
        (("run", "code.flow"), 2, "approved"),
        (("run", "code.flow", "--set", "x.y=1"), 2, "step.option"),
        (("run", "fails.flow"), 5, "there is no such file"),
        (("write", "human_aproval", "x"), 2, "did you mean"),
        (("run", "code.flow", "--yes"), 0, ""),
    ):
        ended = run(tmp_path, *words)
        assert (ended.returncode, "Traceback" in ended.stderr) == (code, False), ended.stderr
        assert said in ended.stderr


_SWEPT = """
problem = load_example(name="knapsack")
budget = value(value=5000.0)
changed = change(problem=problem.problem, value=budget.value, name="budget")
answer = solve(problem=changed.problem)
sweep("budget", "value", values=(4000.0, 6000.0))
"""


def test_a_sweep_shows_quality_against_cost(tmp_path: Path) -> None:
    """Ranges of the file or of the command line; the front is marked; mistakes are exit code 2 and a sentence."""
    (tmp_path / "swept.flow").write_text(_SWEPT, "utf-8")
    words = ("sweep", "swept.flow", "--quality", "answer.solved", "--cost", "budget.value")
    ended = run(tmp_path, *words, "--json")
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)["points"]
    assert [point["options"] for point in told] == [{"budget.value": 4000.0}, {"budget.value": 6000.0}]
    assert told[0]["quality"] < told[1]["quality"] and [point["front"] for point in told] == [True, True]
    ended = run(tmp_path, *words, "--range", "budget.value=4000:6000", "--runs", "3", "--set", "answer.gap=0.1")
    assert ended.returncode == 0, ended.stderr
    lines = [line.split("\t") for line in ended.stdout.splitlines()]
    assert lines[0] == ["budget.value", "quality", "cost", "state", "front"]
    assert [line[0] for line in lines[1:]] == ["4000", "5000", "6000"] and "3/3" in ended.stderr
    for more, said in (
        (("--range", "budget=1:2"), "step.option"),
        (("--range", "answer.gap=low,high"), "expected a number"),
        (("--range", "answer.gapp=1,2"), "did you mean 'gap'"),
    ):
        ended = run(tmp_path, *words, *more)
        assert (ended.returncode, "Traceback" in ended.stderr) == (2, False), ended.stderr
        assert said in ended.stderr


def test_the_workflow_of_a_project_runs_with_its_problem(tmp_path: Path) -> None:
    """A project file is read as it was saved: its plan, and for 'load_problem' without a file its model."""
    problem = Problem("P", "", Formulation("algebraic", "var x <= 3\nmaximize z: 2 * x\n"))
    flow = from_text("p = load_problem()\nout = solve(problem=p.problem)\n")
    path = tmp_path / "plan.solvitur"
    write_content(Content(replace(problem, workflow=flow)), path)
    ended = run(tmp_path, "run", "plan.solvitur", "--json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["outputs"]["out"]["solved"]["objective"] == 6
    write_content(Content(problem), tmp_path / "none.solvitur")
    ended = run(tmp_path, "run", "none.solvitur")
    assert ended.returncode == 2 and "no workflow" in ended.stderr
