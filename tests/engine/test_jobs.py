"""Jobs run in the background, one at a time, and every one ends with a run."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from overlays import small_instance, small_problem, write_plugin
from solvitur.engine.choosing import choices
from solvitur.engine.events import Done, Event, Incumbent, JobQueued, JobStarted, Log
from solvitur.engine.jobs import Jobs
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Formulation
from solvitur.problem.result import Status

SOURCE = """
def patient(instance, options, job):
    job.incumbent(*best(instance))
    while not job.cancelled and job.remaining_s: time.sleep(0.01)
    return Result(Status.FEASIBLE, *best(instance))

def quick(instance, options, job):
    job.log("hello")
    return Result(Status.OPTIMAL, *best(instance), bound=12.0)

def hostile(instance, options, job): os.abort()

class Options: pass

@hook
def solvers():
    return [
        solver("patient", patient, rank=lambda instance: (0.4, "it waits")),
        solver("quick", quick, rank=lambda instance: (0.99, "fastest here")),
        solver("hostile", hostile, rank=lambda instance: 1 / 0),
        solver("narrow", quick, handles=frozenset({Feature.LINEAR})),
        solver("absent", quick, available=lambda: "its library is not installed"),
        solver("picky", quick, unable=lambda instance: "it takes only odd numbers of variables"),
        solver("single", quick, handles=ALL | {Feature.ONE_ROW}, rank=lambda instance: (0.2, "made for one row")),
    ]
"""


class Ears:
    """Hears events from any thread and waits for them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._heard = threading.Condition()

    def hear(self, event: Event) -> None:
        with self._heard:
            self.events.append(event)
            self._heard.notify_all()

    def wait_for(self, kind: type, job: int) -> Event:
        with self._heard:
            found = self._heard.wait_for(lambda: self.of(kind, job), 30)
        assert found, f"no {kind.__name__} of job {job} came"
        return found[0]

    def of(self, kind: type, job: int) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind) and event.job == job]  # type: ignore[attr-defined]

    def done(self, job: int) -> Done:
        event = self.wait_for(Done, job)
        assert isinstance(event, Done)
        return event


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    """Our plugins and the fakes above."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    write_plugin(tmp_path / "overlay", "fakes", SOURCE)
    return Plugins.load(overlay=tmp_path / "overlay")


@pytest.fixture
def ears() -> Ears:
    """Collects events."""
    return Ears()


@pytest.fixture
def jobs(plugins: Plugins, ears: Ears) -> Iterator[Jobs]:
    """A queue of jobs, shut down after the test."""
    numbers = itertools.count(1)
    queue = Jobs(plugins, ears.hear, lambda: next(numbers), workers=Workers(spare=False))
    yield queue
    queue.shutdown()


def test_a_job_tells_its_story_in_order(jobs: Jobs, ears: Ears) -> None:
    """Queued, started, log and done follow each other, and the run holds everything worth keeping."""
    job = jobs.submit(small_problem("quick"), title="first try")
    run = ears.done(job).run
    kinds = [type(event) for event in ears.events]
    assert kinds[0] is JobQueued
    assert kinds.index(JobQueued) < kinds.index(JobStarted) < kinds.index(Log) < kinds.index(Done)
    assert (run.number, run.title, run.solver, run.plugin, run.version) == (1, "first try", "quick", "fakes", "1.0")
    assert (run.status, run.objective, run.bound, run.sense, run.verified) == (
        Status.OPTIMAL,
        12.0,
        12.0,
        "max",
        True,
    )
    assert set(run.seconds) == {"load", "compile", "solve", "verify"}
    assert run.timeline[-1].objective == 12.0
    assert "hello" in run.log
    assert run.machine["cores"]
    assert ears.done(job).solved is not None


def test_submitting_and_stopping_never_wait(jobs: Jobs, ears: Ears) -> None:
    """The caller, who is the window, is back at once."""
    clock = time.monotonic()
    job = jobs.submit(small_problem("patient"))
    submitted = time.monotonic() - clock
    ears.wait_for(Incumbent, job)
    clock = time.monotonic()
    jobs.stop(job)
    stopped = time.monotonic() - clock
    assert ears.done(job).run.status is Status.CANCELLED
    assert max(submitted, stopped) < 0.05


def test_jobs_wait_their_turn_and_a_waiting_one_can_be_taken_out(jobs: Jobs, ears: Ears) -> None:
    """One job is at work at a time; the queue goes on when it ends."""
    first, second, third = (jobs.submit(small_problem(name)) for name in ("patient", "quick", "quick"))
    ears.wait_for(Incumbent, first)
    assert jobs.active == (first, second, third)
    assert not ears.of(JobStarted, second)
    jobs.stop(second)
    assert ears.done(second).run.status is Status.CANCELLED
    jobs.stop(first)
    assert ears.done(third).run.status is Status.OPTIMAL
    assert not ears.of(JobStarted, second)


def test_more_jobs_at_once_when_allowed(jobs: Jobs, ears: Ears) -> None:
    """With two allowed, a quick job does not wait for a patient one."""
    jobs.allow(2)
    first, second = jobs.submit(small_problem("patient")), jobs.submit(small_problem("quick"))
    assert ears.done(second).run.status is Status.OPTIMAL
    assert first in jobs.active
    jobs.stop(first)
    ears.done(first)


def test_a_crash_costs_its_own_job_only(jobs: Jobs, ears: Ears) -> None:
    """After a solver was killed the next job of the queue runs as if nothing had been."""
    first, second = jobs.submit(small_problem("hostile")), jobs.submit(small_problem("quick"))
    assert ears.done(first).run.status is Status.FAILED
    assert ears.done(second).run.status is Status.OPTIMAL


@pytest.mark.parametrize(
    ("solver", "said"),
    [
        ("quik", "did you mean 'quick'?"),
        ("narrow", "cannot take this model: it does not handle"),
        ("absent", "its library is not installed"),
        ("picky", "only odd numbers"),
    ],
)
def test_a_problem_that_cannot_be_solved_ends_with_its_reason(jobs: Jobs, ears: Ears, solver: str, said: str) -> None:
    """A wrong choice ends in a failed run that says what to do, not in silence."""
    run = ears.done(jobs.submit(small_problem(solver))).run
    assert run.status is Status.FAILED
    assert said in run.reason


def test_a_wrong_option_is_refused(jobs: Jobs, ears: Ears) -> None:
    """An option that the solver does not have is named."""
    run = ears.done(jobs.submit(small_problem("quick", passes=3))).run
    assert "'passes' is not an option here" in run.reason


def test_shutdown_ends_everything_soon(plugins: Plugins, ears: Ears) -> None:
    """Closing the window with a job at work and one waiting takes no longer than Stop does."""
    queue = Jobs(plugins, ears.hear, lambda: 1)
    job = queue.submit(small_problem("patient"))
    queue.submit(small_problem("patient"))
    ears.wait_for(Incumbent, job)
    clock = time.monotonic()
    queue.shutdown()
    assert time.monotonic() - clock < 4
    assert queue.active == ()
    assert ears.done(queue.submit(small_problem("quick"))).run.reason == "the program is being closed"


def test_choices_are_ranked_and_the_unable_say_because(plugins: Plugins) -> None:
    """Auto takes the best that is able; each other one tells why not; one that fails to rank comes last."""
    found = choices(plugins, small_instance())
    by_name = {choice.name: choice for choice in found}
    assert found[0].name == "quick"
    assert found[0].reason == "Quick: fastest here (2 variables)"
    assert "it does not handle" in by_name["narrow"].because
    assert by_name["absent"].because == "its library is not installed"
    assert by_name["hostile"].able
    assert by_name["hostile"].score == 0.0
    assert not by_name["picky"].able
    assert by_name["single"].able
    able = [choice.able for choice in found]
    assert able == sorted(able, reverse=True)


def test_auto_says_whom_it_took_and_why(jobs: Jobs, ears: Ears) -> None:
    """The log begins with the reason of the choice."""
    run = ears.done(jobs.submit(small_problem())).run
    assert run.solver == "quick"
    assert run.log.startswith("Quick: fastest here")


def test_large_answers_are_checked_aside(jobs: Jobs, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large answer goes to a worker to be checked and drawn, and comes out the same."""
    small = ears.done(jobs.submit(small_problem("quick"))).run
    monkeypatch.setattr("solvitur.engine.solving._LARGE", 1)
    done = ears.done(jobs.submit(small_problem("quick")))
    assert done.run.verification == small.verification
    assert done.run.verified
    assert done.pictures
    instance = replace(small_instance(), column_upper=np.array([2.0, 2.0]))
    problem = replace(small_problem("quick"), formulation=Formulation("matrix", "", instance))
    wrong = ears.done(jobs.submit(problem)).run
    assert wrong.status is Status.FAILED
    assert "did not pass our check" in wrong.reason
