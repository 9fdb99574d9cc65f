"""A solver that raises, exits, hangs, is killed or eats memory costs its own job alone, and the cause is said."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from overlays import small_problem, write_plugin
from solvitur.engine.solving import Finished, Task, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.result import Limits, Status

GOOD = """
@hook
def solvers():
    return [solver("good", lambda instance, options, job: Result(Status.OPTIMAL, *best(instance)))]
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


def faulty(body: str) -> str:
    """Returns the source of a plugin whose solver ``fake`` does this."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return (
        f"def solve(instance, options, job):\n{lines}\n\n@hook\ndef solvers():\n    return [solver('fake', solve)]\n"
    )


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("raise ValueError('the basis is singular')", "the basis is singular (module_fake"),
        ("return {}['demand']", "it found no entry 'demand'"),
        ("sys.exit(3)", "it tried to end the whole program (exit code 3)"),
        ("os._exit(7)", "its process ended by itself with exit code 7"),
        ("return 42", "it returned a int where a Result is expected"),
        ("return Result(Status.OPTIMAL, object())", "its answer cannot be read"),
        ("return Result(Status.OPTIMAL)", "said 'optimal' but gave no answer"),
        ("os.close(3); os.close(4); os.closerange(3, 50); time.sleep(60)", "it closed its connection to Solvitur"),
        ("os.write(1, b'noise' * 1000); raise RuntimeError('x')", "x (module_fake"),
    ],
)
def test_a_failing_solver_ends_its_job_with_the_cause(
    solve_with: Callable[..., Finished], body: str, cause: str
) -> None:
    """Whatever a solver does wrong, its run is failed and says why in words."""
    run = solve_with(faulty(body)).run
    assert run.status is Status.FAILED
    assert cause in run.reason
    assert any(cause in finding.text for finding in run.findings)


@posix
@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("ctypes.string_at(0)", "was killed by signal 11 (segmentation fault)"),
        ("os.abort()", "was killed by signal 6 (aborted)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9 (killed); most likely the machine ran out of"),
    ],
)
def test_a_killed_solver_is_told_with_its_signal(solve_with: Callable[..., Finished], body: str, cause: str) -> None:
    """A crash in native code names the signal, and the log shows where."""
    run = solve_with(faulty(body)).run
    assert run.status is Status.FAILED
    assert cause in run.reason
    if "string_at" in body:
        assert "Segmentation fault" in run.log


@posix
def test_a_memory_eater_meets_its_limit(overlay: Path) -> None:
    """A solver that eats memory is stopped at the limit; the limit is said."""
    write_plugin(overlay, "fake", faulty("kept = []\nwhile True:\n    kept.append(np.ones(10_000_000))"))
    pool = Workers(spare=False, memory_limit_bytes=800_000_000)
    try:
        run = run_problem(Plugins.load(overlay=overlay), pool, Task(small_problem("fake"))).run
    finally:
        pool.shutdown()
    assert run.status is Status.FAILED
    assert "memory limit was reached (0.8 GB)" in run.reason


def test_a_full_traceback_is_in_the_log(solve_with: Callable[..., Finished]) -> None:
    """The cause is one sentence; the traceback is kept for the plugin's author."""
    run = solve_with(faulty("raise ValueError('the basis is singular')")).run
    assert "Traceback" in run.log
    assert "the basis is singular" in run.log


def test_an_incumbent_outlives_the_crash(solve_with: Callable[..., Finished]) -> None:
    """What a solver had found before it crashed is kept and checked; the run is failed all the same."""
    run = solve_with(faulty("job.incumbent(*best(instance))\ntime.sleep(0.3)\nos.abort()")).run
    assert run.status is Status.FAILED
    assert run.result is not None
    assert run.result.answer.tolist() == [3.0, 2.0]
    assert run.verified


def test_the_next_solve_works_after_a_crash(solve_with: Callable[..., Finished], overlay: Path) -> None:
    """A dead worker is replaced at once."""
    write_plugin(overlay, "good", GOOD)
    assert solve_with(faulty("os._exit(1)")).run.status is Status.FAILED
    clock = time.monotonic()
    finished = solve_with(faulty("os._exit(1)"), task=Task(small_problem("good")))
    assert finished.run.status is Status.OPTIMAL
    assert finished.run.verified
    assert time.monotonic() - clock < 10


def test_what_a_plugin_prints_and_reads_does_not_disturb_the_channel(solve_with: Callable[..., Finished]) -> None:
    """Prints to both streams, by Python, by the descriptor and by a child process, are log lines; input is empty."""
    body = """
print("from python")
os.write(1, b"from the descriptor\\n")
subprocess.run(["echo", "from a child"])
print("input", repr(sys.stdin.read()), file=sys.stderr)
job.log("from the job")
return Result(Status.OPTIMAL, *best(instance))
"""
    run = solve_with(faulty(body)).run
    assert run.status is Status.OPTIMAL
    for line in ("from python", "from the descriptor", "from a child", "input ''", "from the job"):
        assert line in run.log.splitlines()


def test_a_flood_of_output_is_bounded(solve_with: Callable[..., Finished]) -> None:
    """A solver that prints 60 MB keeps a log of about 1 MB, with its beginning and its end."""
    body = """
print("first line")
for k in range(600):
    sys.stdout.write("x" * 99_999 + "\\n")
print("last line")
return Result(Status.OPTIMAL, *best(instance))
"""
    run = solve_with(faulty(body)).run
    assert run.status is Status.OPTIMAL
    assert len(run.log) < 2_000_000
    assert run.log.rstrip().endswith("last line")


@pytest.mark.parametrize(
    "loop",
    ["while True: pass", "while True: time.sleep(1)", "ctypes.PyDLL(None).sleep(60)"],
    ids=["busy", "asleep", "holding the interpreter lock"],
)
def test_a_deaf_solver_gives_control_back_within_two_seconds(solve_with: Callable[..., Finished], loop: str) -> None:
    """Stop ends even a solver that never listens, and the incumbent is kept."""
    body = f"job.incumbent(*best(instance))\ntime.sleep(0.3)\n{loop}"
    task = Task(small_problem("fake"))
    started = threading.Event()
    moments: list[float] = []

    def hear(event: object) -> None:
        if type(event).__name__ == "Incumbent":
            started.set()

    task.emit = hear

    def press() -> None:
        started.wait(20)
        time.sleep(0.6)
        moments.append(time.monotonic())
        task.cancel.set()

    threading.Thread(target=press).start()
    run = solve_with(faulty(body), task=task).run
    assert time.monotonic() - moments[0] < 2.3
    assert run.status is Status.CANCELLED
    assert run.objective == 12.0
    assert run.verified


def test_a_listening_solver_stops_at_once(solve_with: Callable[..., Finished]) -> None:
    """A solver that looks at ``job.cancelled`` ends well within the promise, with its own last answer."""
    body = """
job.incumbent(np.array([1.0, 1.0]), 5.0)
while not job.cancelled: time.sleep(0.01)
return Result(Status.FEASIBLE, *best(instance))
"""
    task = Task(small_problem("fake"))
    moments: list[float] = []

    def hear(event: object) -> None:
        if type(event).__name__ == "Incumbent" and not moments:
            moments.append(time.monotonic())
            task.cancel.set()

    task.emit = hear
    run = solve_with(faulty(body), task=task).run
    assert time.monotonic() - moments[0] < 1.0
    assert (run.status, run.objective) == (Status.CANCELLED, 12.0)


def test_stop_before_the_solver_began_is_not_lost(solve_with: Callable[..., Finished]) -> None:
    """Stop pressed while the worker is still starting stops the solver as it begins."""
    task = Task(small_problem("fake"))
    task.cancel.set()
    run = solve_with(
        faulty("while not job.cancelled: time.sleep(0.01)\nreturn Result(Status.UNKNOWN)"), task=task
    ).run
    assert run.status is Status.CANCELLED


def test_an_overrun_of_the_time_limit_is_ended_and_said(
    solve_with: Callable[..., Finished], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solver deaf to its own time limit is told to stop, then ended, and the run says so."""
    monkeypatch.setattr("solvitur.engine.supervising.OVERRUN_S", 0.5)
    task = Task(small_problem("fake", time_limit_s=0.2))
    run = solve_with(faulty("job.incumbent(*best(instance))\nwhile True: pass"), task=task).run
    assert run.status is Status.FEASIBLE
    assert run.objective == 12.0
    assert any("past its time limit of 0.2 s" in finding.text for finding in run.findings)


def test_an_overrun_without_answer_is_a_failure(
    solve_with: Callable[..., Finished], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hang with nothing to show is failed, not merely late."""
    monkeypatch.setattr("solvitur.engine.supervising.OVERRUN_S", 0.3)
    run = solve_with(faulty("while True: pass"), time_limit_s=0.2).run
    assert run.status is Status.FAILED
    assert "did not react to Stop" in run.reason


@posix
def test_nothing_of_a_worker_is_left(overlay: Path) -> None:
    """After shutdown there is no process, zombie, child of the plugin, thread or open descriptor of ours."""
    body = "subprocess.Popen(['sleep', '60'])\nif os.fork() == 0: time.sleep(60)\n"
    write_plugin(overlay, "fake", faulty(body + "return Result(Status.OPTIMAL, *best(instance))"))
    plugins = Plugins.load(overlay=overlay)
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    pool = Workers()
    pool.warm()
    assert run_problem(plugins, pool, Task(small_problem("fake"))).run.status is Status.OPTIMAL
    pids = [worker.pid for worker in pool._warm]
    assert pids
    pool.shutdown()
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("worker")]
    deadline = time.monotonic() + 5
    while any(_group_lives(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(_group_lives(pid) for pid in pids)


@posix
@pytest.mark.parametrize("loop", ["while True: time.sleep(1)", "ctypes.PyDLL(None).sleep(60)"])
def test_workers_end_when_the_program_is_killed(overlay: Path, tmp_path: Path, loop: str) -> None:
    """A program killed outright leaves no worker behind, not even one that holds the interpreter lock."""
    pid_file = tmp_path / "pid"
    body = f"open({str(pid_file)!r}, 'w').write(str(os.getpid()))\n{loop}"
    write_plugin(overlay, "fake", faulty(body))
    script = (
        "import sys; from pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from overlays import small_problem\n"
        "from solvitur.engine.solving import Task, run_problem\n"
        "from solvitur.engine.workers import Workers\n"
        "from solvitur.hooks.loading import Plugins\n"
        f"run_problem(Plugins.load(overlay=Path({str(overlay)!r})), Workers(), Task(small_problem('fake')))\n"
    )
    program = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 20
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    worker = int(pid_file.read_text())
    program.kill()
    program.wait()
    deadline = time.monotonic() + 3
    while _lives(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(worker)


def test_workers_are_reused_while_they_end_well(solve_with: Callable[..., Finished], workers: Workers) -> None:
    """The second solve of the same plugin runs in the same process; after a failure it does not."""
    body = (
        "job.log(f'pid {os.getpid()}')\nif job.seed: raise ValueError\nreturn Result(Status.OPTIMAL, *best(instance))"
    )

    def pid(seed: int) -> str:
        problem = small_problem("fake")
        problem = replace(problem, choice=replace(problem.choice, limits=Limits(seed=seed)))
        return next(
            line for line in solve_with(faulty(body), task=Task(problem)).run.log.splitlines() if "pid" in line
        )

    first = pid(0)
    assert pid(0) == first
    assert pid(1) == first
    assert pid(0) != first


def test_a_solver_in_the_thread_is_guarded_too(solve_with: Callable[..., Finished]) -> None:
    """A solver that declares itself safe runs without a process, and its faults are still only its own."""
    source = """
def solve(instance, options, job):
    if job.seed: sys.exit(1)
    job.log(f"pid {os.getpid()}")
    return Result(Status.OPTIMAL, *best(instance))

@hook
def solvers():
    return [solver("fake", solve, in_thread=True)]
"""
    run = solve_with(source).run
    assert run.status is Status.OPTIMAL
    assert f"pid {os.getpid()}" in run.log
    problem = small_problem("fake")
    problem = replace(problem, choice=replace(problem.choice, limits=Limits(seed=1)))
    run = solve_with(source, task=Task(problem)).run
    assert "it tried to end the whole program" in run.reason


def test_a_million_values_reported_often_cost_little(solve_with: Callable[..., Finished]) -> None:
    """A thousand reports of a million values do not hold the solver up, and the last one arrives."""
    body = """
x = np.zeros(1_000_000)
started = time.monotonic()
for k in range(300):
    x[0] = k
    job.incumbent(x, float(k))
job.log(f"took {time.monotonic() - started:.2f}")
while not job.cancelled: time.sleep(0.01)
return Result(Status.UNKNOWN)
"""
    heard: list[tuple[float, float]] = []
    task = Task(small_problem("fake"))

    def hear(event: object) -> None:
        if type(event).__name__ == "Incumbent":
            heard.append((event.objective, float(np.asarray(event.answer)[0])))  # type: ignore[attr-defined]
            if heard[-1][0] == 299:
                task.cancel.set()

    task.emit = hear
    run = solve_with(faulty(body), task=task).run
    took = float(run.log.split("took ")[1].split()[0])
    assert heard[-1] == (299.0, 299.0)
    assert all(objective == first for objective, first in heard)
    assert len(heard) < 60
    assert took < 8


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def _group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True
