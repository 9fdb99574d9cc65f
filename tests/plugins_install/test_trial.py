"""The trial finds what is wrong with a plugin, whatever it does, and lives on itself."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from overlays import write_plugin
from solvitur.engine.plugins.pip_runs import Stopped
from solvitur.engine.plugins.trial import Trial, try_plugin
from wheel_writing import GOOD

SOLVER = "def solve(instance, options, job):\n    {0}\n@hook\ndef solvers(): return [solver('s', solve{1})]\n"
DEAF = """
def solve(instance, options, job):
    if instance.columns < 50: return Result(Status.UNKNOWN)
    while True: time.sleep(0.1)
@hook
def solvers(): return [solver('s', solve)]
"""
IMPORTER = """
from solvitur.api import Imported
class Reader:
    name, title, suffixes = "r", "R", (".r",)
    def recognises(self, path, head): return 1
    def read(self, path, options): {0}
@hook
def importers(): return [Reader()]
"""


def tried(tmp_path: Path, source: str, *, loading_s: float = 20.0) -> Trial:
    write_plugin(tmp_path / "overlay", "odd", source)
    return try_plugin("odd", tmp_path / "overlay", threading.Event(), lambda _text: None, loading_s=loading_s)


def test_a_good_plugin_passes(tmp_path: Path) -> None:
    trial = tried(tmp_path, GOOD)
    assert trial.findings == ()
    assert trial.passed
    assert trial.provides == {"solvers": ("NAME-solver",)}


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import no_such_library", "it cannot be loaded: No module named 'no_such_library'"),
        ("sys.exit(3)", "it tried to end the whole program (exit code 3)"),
        ("os._exit(7)", "loading it: its process ended by itself with exit code 7"),
        ("ctypes.string_at(0)", "loading it: its process was killed by signal 11"),
        ("@hook\ndef solver(): return []", "'solver' is not a hook; did you mean 'solvers'?"),
        (
            "class S: name = 's'\n@hook\ndef solvers(): return [S()]",
            "'s' lacks 'title', 'options', 'handles', 'solve'",
        ),
        ("@hook\ndef solvers(): return [solver('highs', print)]", "'highs' is already offered by plugin 'highs'"),
        (SOLVER.format("return None", ""), "returned a NoneType where a Result is expected"),
        (SOLVER.format("raise KeyError('x')", ""), "it failed: it found no entry 'x'"),
        (SOLVER.format("ctypes.string_at(0)", ""), "killed by signal 11"),
        (SOLVER.format("return Result(Status.INFEASIBLE)", ""), "it says 'infeasible', but the optimum is 25"),
        (SOLVER.format("return Result(Status.FEASIBLE, np.full(instance.columns, 9.0))", ""), "breaks a constraint"),
        (
            SOLVER.format("return Result(Status.OPTIMAL, np.zeros(3))", ""),
            "its answer has the shape (3,), expected (5,)",
        ),
        (SOLVER.format("return Result(Status.UNKNOWN)", ", options=dict"), "'options' is no dataclass"),
        (IMPORTER.format("return open(path).read().index('q')"), "a malformed file makes it fail"),
        (IMPORTER.format("return []"), "'read' gave a list where an Imported is expected"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, source: str, cause: str) -> None:
    """Errors, exits, crashes, broken contracts and wrong answers are found and named."""
    trial = tried(tmp_path, source)
    assert not trial.passed
    assert cause in "\n".join(finding.text for finding in trial.findings)
    assert "Traceback" not in str(trial.findings)


def test_a_hang_is_ended_and_named(tmp_path: Path) -> None:
    """A plugin that never finishes loading costs a few seconds."""
    trial = tried(tmp_path, "time.sleep(1000)", loading_s=3.0)
    assert [finding.text for finding in trial.findings] == ["loading it: it was still at it after 3 s"]


def test_a_solver_that_does_not_hear_stop_is_found(tmp_path: Path) -> None:
    """A solver must look at its job now and then."""
    trial = tried(tmp_path, DEAF)
    assert not trial.passed
    assert "did not react to Stop" in trial.findings[-1].text


def test_a_trial_can_be_stopped(tmp_path: Path) -> None:
    """The user need not wait for the end of a trial."""
    write_plugin(tmp_path, "odd", "time.sleep(1000)")
    cancel = threading.Event()
    threading.Timer(0.5, cancel.set).start()
    with pytest.raises(Stopped):
        try_plugin("odd", tmp_path, cancel, lambda _text: None)
