"""The command line keeps its contract: exit codes, JSON keys, results apart from messages."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overlays import write_plugin

KEYS = {
    "status",
    "objective",
    "bound",
    "gap",
    "sense",
    "verified",
    "max_violation",
    "solver",
    "seed",
    "seconds",
    "values",
    "timeline",
    "findings",
}

FEASIBLE = """\\ a + b is whole, and b is dear
Maximize
 profit: 2 a + 3 b
Subject To
 room: a + b <= 5
Bounds
 0 <= a <= 3
 0 <= b <= 2
General
 a b
End
"""
INFEASIBLE = "Minimize\n cost: x\nSubject To\n low: x >= 5\n high: x <= 3\nEnd\n"
UNBOUNDED = "Maximize\n profit: x\nSubject To\n low: x >= 5\nEnd\n"

FAKES = """
import signal

def patient(instance, options, job):
    print("printed by a plugin")
    job.incumbent(*best(instance))
    open(job_file(), "w").close()
    while not job.cancelled: time.sleep(0.01)
    return Result(Status.UNKNOWN)

def job_file(): return os.environ["STARTED"]

def wrong(instance, options, job): return Result(Status.OPTIMAL, np.array([3.0, 3.0]), 15.0)

def hopeless(instance, options, job): return Result(Status.UNKNOWN, reason="the time limit was reached")

def dead(instance, options, job): os.abort()

print("printed while loading")

@hook
def solvers():
    return [solver("patient", patient), solver("wrong", wrong), solver("hopeless", hopeless), solver("dead", dead)]
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A small model file."""
    path = tmp_path / "small.lp"
    path.write_text(FEASIBLE)
    return path


@pytest.fixture
def fakes(private_folders: Path) -> None:
    """Installs the fake solvers where this user's plugins are."""
    write_plugin(private_folders / "data" / "plugins" / "set-0", "fakes", FAKES)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs Solvitur as a program."""

    def call(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "solvitur", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=tmp_path, check=False)

    return call


def strict(text: str) -> Any:
    """Reads JSON that must hold no NaN or Infinity."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON number")

    return json.loads(text, parse_constant=refuse)


def test_a_solved_model_prints_every_key_and_exits_0(run: Run, model: Path) -> None:
    """The JSON object has exactly the keys that were promised, and the values by name."""
    ended = run("solve", model, "--json", "--seed", "7")
    assert (ended.returncode, ended.stderr) == (0, "")
    answer = strict(ended.stdout)
    assert set(answer) == KEYS
    assert answer["status"] == "optimal"
    assert answer["objective"] == pytest.approx(12)
    assert answer["verified"] is True
    assert answer["sense"] == "max"
    assert answer["seed"] == 7
    assert set(answer["seconds"]) == {"load", "compile", "solve", "verify"}
    assert answer["values"] == {"a": 3, "b": 2}
    assert answer["timeline"][-1][1] == pytest.approx(12)


@pytest.mark.parametrize(("text", "status"), [(INFEASIBLE, "infeasible"), (UNBOUNDED, "unbounded")])
def test_a_model_without_answer_exits_3(run: Run, model: Path, text: str, status: str) -> None:
    """Proven infeasible and unbounded models have no numbers, only nulls."""
    model.write_text(text)
    ended = run("solve", model, "--json")
    assert ended.returncode == 3
    answer = strict(ended.stdout)
    assert set(answer) == KEYS
    assert (answer["status"], answer["objective"], answer["values"]) == (status, None, {})
    assert answer["verified"] is False


@pytest.mark.usefixtures("fakes")
def test_the_summary_is_for_people(run: Run, model: Path) -> None:
    """Without --json the answer is told in words, on standard output."""
    ended = run("solve", model, "--solver", "highs")
    assert ended.returncode == 0
    assert "optimal: no better answer exists" in ended.stdout
    assert "verified   yes" in ended.stdout
    assert "  a  3" in ended.stdout
    assert "printed while loading" in ended.stderr
    assert "printed" not in ended.stdout


@pytest.mark.usefixtures("fakes")
@pytest.mark.parametrize(
    ("solver", "code", "status", "said"),
    [
        ("wrong", 5, "failed", "did not pass our check"),
        ("hopeless", 4, "unknown", ""),
        ("dead", 5, "failed", "was killed by signal 6 (aborted)"),
    ],
)
def test_what_went_wrong_decides_the_exit_code(
    run: Run, model: Path, solver: str, code: int, status: str, said: str
) -> None:
    """A failed solver and an answer that does not verify exit 5; no answer within the limits exits 4."""
    ended = run("solve", model, "--solver", solver, "--json")
    assert ended.returncode == code
    answer = strict(ended.stdout)
    assert answer["status"] == status
    assert not answer["verified"]
    assert said in json.dumps(answer["findings"]) + run("solve", model, "--solver", solver).stdout


@pytest.mark.usefixtures("fakes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_keeps_the_best_answer(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Ctrl+C and SIGTERM stop the solver; the incumbent is checked and printed as cancelled."""
    started = tmp_path / "started"
    monkeypatch.setenv("STARTED", str(started))
    program = subprocess.Popen(
        [sys.executable, "-m", "solvitur", "solve", str(model), "--solver", "patient", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    clock = time.monotonic()
    program.send_signal(number)
    out, err = program.communicate(timeout=30)
    assert time.monotonic() - clock < 3
    answer = strict(out)
    assert (answer["status"], answer["objective"], answer["verified"]) == ("cancelled", 12.0, True)
    assert program.returncode == 0
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ["solve"],
        ["solve", "{model}", "--time-limit", "-1"],
        ["solve", "{model}", "--time-limit", "nan"],
        ["solve", "{model}", "--threads", "0"],
        ["solve", "{model}", "--seed", "x"],
        ["solve", "{model}", "--option", "k"],
        ["solve", "{model}", "--option", "no_such_option=3"],
        ["solve", "{model}", "--option", "method=magic"],
        ["solve", "{model}", "--solver", "hihgs"],
        ["solve", "{model}", "--kind", "routing"],
        ["solve", "{model}", "--picture", "out.txt"],
        ["solve", "{model}", "--data", "absent.csv"],
        ["solve", "absent.lp"],
        ["solve", "."],
        ["solvee"],
        ["solvers"],
        ["examples", "write", "no_such_example", "folder"],
        ["convert", "absent.lp", "out.slv"],
        ["convert", "{model}", "out.nonsense"],
    ],
)
def test_bad_usage_and_bad_input_exit_2_without_a_traceback(run: Run, model: Path, words: list[str]) -> None:
    """Everything a user can get wrong is answered in a sentence, on standard error."""
    ended = run(*(word.format(model=model) for word in words))
    assert ended.returncode == 2
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_malformed_file_names_file_and_line_and_is_told_in_json_too(run: Run, model: Path) -> None:
    """The place of a mistake stands on standard error and in the findings."""
    model.write_text(FEASIBLE.replace("a + b <= 5", "a + b <= five"))
    ended = run("solve", model, "--json")
    assert ended.returncode == 2
    assert "small.lp" in ended.stderr
    answer = strict(ended.stdout)
    assert set(answer) == KEYS
    assert answer["findings"][0]["file"].endswith("small.lp")


def test_solvers_and_plugins_are_listed(run: Run) -> None:
    """Both lists are JSON on request and tell what each can do."""
    solvers = {solver["name"]: solver for solver in strict(run("solvers", "list", "--json").stdout)}
    assert "integer variables" in solvers["highs"]["handles"]
    assert any(option["name"] == "method" for option in solvers["highs"]["options"])
    plugins = {plugin["name"]: plugin for plugin in strict(run("plugins", "list", "--json").stdout)}
    assert plugins["highs"]["state"] == "loaded"
    assert plugins["highs"]["ours"] is True
    assert "highs" in run("solvers", "list").stdout
    assert "ships with Solvitur" in run("plugins", "list").stdout


def test_safe_leaves_out_the_plugins_of_others(run: Run, fakes: None) -> None:
    """With --safe a stranger's plugin is not even imported."""
    ended = run("--safe", "plugins", "list")
    assert "fakes   disabled" in ended.stdout
    assert "printed while loading" not in ended.stderr


def test_an_example_is_written_and_solved(run: Run, tmp_path: Path) -> None:
    """The files of an example are complete: they solve to the optimum that it promises."""
    example = next(each for each in strict(run("examples", "list", "--json").stdout) if each["name"] == "transport")
    written = run("examples", "write", "transport", tmp_path / "here")
    assert written.returncode == 0
    assert run("examples", "write", "transport", tmp_path / "here").returncode == 0
    answer = strict(run("solve", written.stdout.strip(), "--json").stdout)
    assert answer["objective"] == pytest.approx(example["optimum"])
    Path(written.stdout.strip()).write_text("# mine")
    kept = run("examples", "write", "transport", tmp_path / "here")
    assert kept.returncode == 2
    assert "differs" in kept.stderr


def test_explain_tells_what_binds_and_what_it_is_worth(run: Run, tmp_path: Path, model: Path) -> None:
    """Tight rows come first, with their dual values where the solver gives them; infeasible is said."""
    model.write_text(FEASIBLE.replace("General\n a b\n", "").replace("<= 5", "<= 4"))
    ended = run("explain", model, "--json")
    assert ended.returncode == 0
    told = strict(ended.stdout)
    row = next(row for row in told["rows"] if row["element"] == "room")
    assert (row["state"], row["dual"]) == ("tight", pytest.approx(2.0))
    assert {"section": "What binds", "element": "room"}.items() <= told["sentences"][-1].items()
    printed = run("explain", model).stdout
    assert "room   tight, slack 0   dual value 2" in printed
    assert "Room is at its limit at 4; one unit more of it raises the" in printed
    model.write_text(INFEASIBLE)
    ended = run("explain", model)
    assert ended.returncode == 3
    assert "no answer can meet all constraints" in ended.stdout


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    """Neither help nor a whole solve imports the window's or the solvers' libraries into this process."""
    script = (
        "import sys, contextlib\nfrom solvitur.__main__ import main\n"
        "sys.argv = ['solvitur', *sys.argv[1:]]\n"
        "with contextlib.suppress(SystemExit): main()\n"
        "heavy = {'PySide6', 'ortools', 'openai', 'pandas', 'highspy', 'networkx'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for words in (["--help"], ["solvers", "list"], ["plugins", "list"]):
        ended = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr


def test_a_reader_that_leaves_early_is_no_error(model: Path, tmp_path: Path) -> None:
    """'solvitur ... | head' ends without a traceback."""
    command = f"{sys.executable} -m solvitur solve {model} --json | true"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "Traceback" not in ended.stderr
    assert ended.stderr == ""
