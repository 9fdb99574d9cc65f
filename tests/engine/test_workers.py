"""The pool of workers: a spare one ahead, frames that come back equal, limits that can be changed."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from overlays import small_instance, small_problem
from solvitur.engine.frames import FrameBroken, read_frame, write_frame
from solvitur.engine.logs import END_OF_LOG, LogPipe, RunLog
from solvitur.engine.reporting import Message, ReportingJob
from solvitur.engine.solving import Task, run_problem
from solvitur.engine.timelines import TimelineRecorder
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.records import fingerprint, to_bytes
from solvitur.problem.result import Limits, Status


def through_a_pipe(value: object) -> object:
    """Sends a value through a real pipe."""
    reader, writer = os.pipe()
    with io.FileIO(reader, "rb") as source, io.FileIO(writer, "wb") as target:
        thread = threading.Thread(target=write_frame, args=(target, value))
        thread.start()
        found = read_frame(source)
        thread.join()
    return found


def test_frames_come_back_equal() -> None:
    """Instances, empty arrays, and an array that occurs twice survive the pipe, and may be written to."""
    instance = small_instance()
    big = np.arange(1_000_000.0)
    value = [instance, big, {"again": big, "empty": np.zeros((0, 3)), "none": None, "inf": float("inf")}]
    found = through_a_pipe(value)
    assert fingerprint(found) == fingerprint(value)
    assert isinstance(found, list)
    found[1][0] = 7.0


@pytest.mark.parametrize(
    "noise",
    [
        b"printed text instead of a frame",
        b"\x05\x00\x00",
        (20).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"\xff\xff",
        to_bytes([np.zeros(3)])[:-4],
    ],
)
def test_noise_on_the_channel_is_no_frame(noise: bytes) -> None:
    """Anything but a frame is refused, not obeyed."""
    with pytest.raises(FrameBroken):
        read_frame(io.BytesIO(noise))  # type: ignore[arg-type]


def test_the_spare_worker_is_there_before_it_is_needed() -> None:
    """After warming up, a solve does not wait for a process to start; another spare is prepared after it."""
    pool = Workers()
    try:
        pool.warm()
        assert pool._spare is not None
        spare = pool._spare.result()
        assert spare.alive
        assert run_problem(Plugins.load(), pool, Task(small_problem("highs"))).run.status is Status.OPTIMAL
        assert [worker.pid for worker in pool._warm] == [spare.pid]
        assert pool._spare is not None
        assert pool._spare.result().pid != spare.pid
    finally:
        pool.shutdown()


def test_a_changed_limit_ends_the_workers_that_wait() -> None:
    """A new memory limit holds for every worker to come; those started under the old one are gone."""
    pool = Workers()
    try:
        assert run_problem(Plugins.load(), pool, Task(small_problem("highs"))).run.verified
        pool.limit_memory(500_000_000)
        assert pool._warm == []
        assert run_problem(Plugins.load(), pool, Task(small_problem("highs"))).run.verified
        assert pool._warm[0].memory_limit_bytes == 500_000_000
    finally:
        pool.shutdown()


def test_a_worker_at_work_while_plugins_change_is_not_used_again() -> None:
    """Whoever was lent out keeps the old plugins loaded, so it ends when it comes back."""
    pool = Workers(spare=False)
    try:
        worker = pool.borrow(("highs",))
        pool.forget()
        assert worker.alive
        pool.give_back(worker, peak_bytes=0)
        assert not worker.alive
        assert pool._warm == []
    finally:
        pool.shutdown()


def test_a_closed_pool_starts_nothing() -> None:
    """A job that comes too late fails with a sentence."""
    pool = Workers()
    pool.shutdown()
    pool.warm()
    run = run_problem(Plugins.load(), pool, Task(small_problem("highs"))).run
    assert run.status is Status.FAILED
    assert "being closed" in run.reason


def test_only_the_newest_reports_are_sent_and_the_last_one_always() -> None:
    """A thousand bounds and answers become a few messages; what the solver changes later does not change them."""
    sent: list[Message] = []
    job = ReportingJob(Limits(), sent.append, lambda text: None)
    x = np.zeros(3)
    for k in range(1000):
        x[:] = k
        job.incumbent(x, 1000.0 - k)
        job.bound(float(k))
    x[:] = -1
    job.incumbent(x, float("nan"))
    job.close()
    job.incumbent(x, 0.0)
    incumbents = [message for message in sent if message["is"] == "incumbent"]
    assert len(sent) < 20
    assert incumbents[-1]["objective"] == 1.0
    assert incumbents[-1]["answer"].tolist() == [999.0] * 3
    assert [message["value"] for message in sent if message["is"] == "bound"][-1] == 999.0


def test_the_job_knows_its_limits() -> None:
    """Elapsed and remaining time, gap, threads and seed are what was asked for."""
    job = ReportingJob(Limits(0.05, 0.01, 3, 42), lambda message: None, lambda text: None)
    assert (job.time_limit_s, job.relative_gap, job.threads, job.seed) == (0.05, 0.01, 3, 42)
    assert not job.cancelled
    time.sleep(0.06)
    assert job.elapsed_s >= 0.05
    assert job.remaining_s == 0.0
    job.cancel()
    assert job.cancelled


def test_timelines_are_thinned_but_keep_their_end() -> None:
    """A run of many improvements keeps at most a few thousand points, the last among them."""
    timeline = TimelineRecorder()
    for k in range(20_000):
        timeline.incumbent(k / 10, -float(k))
    timeline.bound(2000.0, -19_999.0)
    timeline.end(2001.0, -19_999.0, -19_999.0)
    assert len(timeline.points) <= 4001
    assert (timeline.points[-1].objective, timeline.points[-1].bound) == (-19_999.0, -19_999.0)
    assert timeline.points[-1].seconds == 2000.0


def test_logs_keep_beginning_and_end() -> None:
    """A long log says how much it left out; the end mark of a worker never shows."""
    log = RunLog(1000)
    for k in range(1000):
        log.add(f"line {k}\n")
    assert log.text.startswith("line 0\n")
    assert log.text.endswith("line 999\n")
    assert "characters are left out" in log.text
    assert len(log.text) < 2500
    pipe = LogPipe()
    pipe.add("hello\n")
    pipe.add(END_OF_LOG + "\n")
    assert (pipe.fetch(), pipe.ended.is_set(), pipe.fetch()) == ("hello\n", True, "")


def test_workers_do_not_run_where_the_user_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the user's folder cannot be imported by a worker by accident, nor does it write there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "highspy.py").write_text("raise RuntimeError('the wrong one')")
    pool = Workers(spare=False)
    try:
        assert run_problem(Plugins.load(), pool, Task(small_problem("highs"))).run.status is Status.OPTIMAL
    finally:
        pool.shutdown()
