"""Workflows on a Dask cluster: real processes on loopback, one of them killed, and the same bits as here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.skipif(find_spec("distributed") is None, reason="the extra 'cluster' is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
]

_CODE = '''"""import os, time, pathlib
def step(value):
    name = "%s/" + str(value).replace(".", "_") + "." + str(os.getppid())
    pathlib.Path(name).write_text("")
    time.sleep(0.3)
    return value / 3
"""'''


def flow_text(marks: Path) -> str:
    """Ten pieces of code that leave a mark when they begin, and four solves."""
    lines = ['workflow("Cluster", version=1)', 'problem = load_example(name="knapsack")']
    lines += [f"n{n} = value(value={n}.5)\nc{n} = python(value=n{n}.value, code={_CODE % marks})" for n in range(10)]
    lines += [
        "small = numbers(low=3000.0, high=6000.0, count=4)",
        'answers = map(parts=small.values, shared=problem.problem, each="""',
        'changed = change(problem=shared.value, value=part.value, name="budget")',
        'out = solve(problem=changed.problem)\n""")',
        "table = summary(answers=answers.results, labels=small.values)",
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def process(folder: Path, *words: str, log: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A process of this Python that does not outlive the test."""
    with (folder / (log or "log.txt")).open("wb") as stream:
        started = subprocess.Popen([sys.executable, "-m", *words], cwd=folder, stdout=subprocess.PIPE, stderr=stream)
        try:
            yield started
        finally:
            started.kill()
            started.communicate()


def awaited(path: Path, started: subprocess.Popen[bytes]) -> Any:
    """Reads a JSON file as soon as it is there whole."""
    until = time.monotonic() + 40
    while time.monotonic() < until and started.poll() is None:
        try:
            return json.loads(path.read_text())
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError(f"{path.name} did not come about")


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, without nannies that would start them again."""
    file = folder / "scheduler.json"
    own = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
    with process(folder, "distributed.cli.dask_scheduler", "--port", "0", *own, log="scheduler.txt") as scheduler:
        address = awaited(file, scheduler)["address"]
        words = ("distributed.cli.dask_worker", *own, "--no-nanny", "--nthreads", "1")
        with process(folder, *words, log="w1.txt") as one, process(folder, *words, log="w2.txt") as two:
            for log in ("w1.txt", "w2.txt"):
                until = time.monotonic() + 40
                while "Registered to" not in (folder / log).read_text() and time.monotonic() < until:
                    time.sleep(0.05)
            yield address, [one, two]


def journal(folder: Path) -> dict[str, Any]:
    """What every step made, by its key, as the journal has it; which of equal steps it was that ran is chance."""
    lines = next(folder.glob("workflows/*/journal.jsonl")).read_text().splitlines()
    return {entry[0]: entry[3] for entry in map(json.loads, lines) if len(entry) == 4}


def run_words(*more: str) -> list[str]:
    """The command line of one run."""
    return [sys.executable, "-m", "solvitur", "workflow", "run", "many.flow", "--yes", "--json", *more]


@pytest.mark.timeout(180)
def test_a_lost_worker_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two workers is killed in the middle of a step; every result has the same bits as on this machine."""
    marks = tmp_path / "marks"
    marks.mkdir()
    (tmp_path / "many.flow").write_text(flow_text(marks), "utf-8")
    monkeypatch.setenv("SOLVITUR_STATE_DIR", str(tmp_path / "far"))
    with cluster(tmp_path) as (address, workers):
        victim = workers[1].pid
        words = run_words("--executor", "dask", "--address", address)
        running = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + 60
        seen: set[str] = set()
        while time.monotonic() < until and running.poll() is None:
            now = {path.name for path in marks.iterdir()}
            begun = [name for name in now - seen if name.endswith(f".{victim}")]
            if len(now) >= 5 and begun:
                os.kill(victim, signal.SIGKILL)
                break
            seen = now
            time.sleep(0.005)
        out, err = running.communicate(timeout=90)
        assert running.returncode == 0, err
        lost = begun[0].partition(".")[0]
        ran_by = {path.suffix[1:] for path in marks.iterdir() if path.stem == lost}
        assert ran_by == {str(worker.pid) for worker in workers}, "the step that was lost ran again on the other one"
    far = journal(tmp_path / "far")
    monkeypatch.setenv("SOLVITUR_STATE_DIR", str(tmp_path / "near"))
    ended = subprocess.run(run_words(), cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    assert ended.returncode == 0, ended.stderr
    assert journal(tmp_path / "near") == far
    assert json.loads(ended.stdout)["outputs"] == json.loads(out)["outputs"]
    assert len(far) > 25


def test_mistakes_of_address_and_name_are_told(tmp_path: Path) -> None:
    """No executor of that name, no address, an address that is none: exit code 2 and a sentence."""
    (tmp_path / "many.flow").write_text("a = value(value=1)\n", "utf-8")
    for more, said in (
        (("--executor", "dsk"), "did you mean 'dask'"),
        (("--executor", "dask"), "needs an address"),
        (("--executor", "dask", "--address", "nonsense"), "is no address"),
        (("--address", "tcp://127.0.0.1:1"), "the executor 'local' has none"),
    ):
        ended = subprocess.run(
            run_words(*more), cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert (ended.returncode, "Traceback" in ended.stderr) == (2, False), ended.stderr
        assert said in ended.stderr
