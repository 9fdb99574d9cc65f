"""The one path from a problem to a checked answer, for the window's jobs and the command line alike."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from solvitur.engine.aside import Aside
from solvitur.engine.choosing import SolverChoice, as_taken, choose
from solvitur.engine.events import Bound, Event, Incumbent, JobStarted, Log, Progress
from solvitur.engine.judging import judge
from solvitur.engine.logs import RunLog
from solvitur.engine.machine import machine_facts
from solvitur.engine.reductions.chain import Reduced
from solvitur.engine.reporting import Message
from solvitur.engine.supervising import Outcome, Request, Supervision, ThreadRun, run_in_worker
from solvitur.engine.timelines import TimelineRecorder
from solvitur.engine.workers import Workers
from solvitur.hooks.contracts import Solved
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, PluginError, SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.instance import MatrixInstance
from solvitur.problem.options import read_options
from solvitur.problem.pictures import Picture
from solvitur.problem.records import fingerprint
from solvitur.problem.result import Status
from solvitur.problem.runs import Run

_LARGE = 100_000
"""From so many variables and nonzeros on, what comes after solving would hold the window up: it goes to a worker."""


@dataclass(frozen=True, eq=False)
class Finished:
    """A job's end: the run, the pictures (best first), and what they were made from."""

    run: Run
    pictures: tuple[Picture, ...] = ()
    solved: Solved | None = None


@dataclass(eq=False)
class Task:
    """One problem to solve, and whom to tell: ``emit`` hears the events, ``cancel`` is the wish to stop."""

    problem: Problem
    instance: Any = None
    """The bound instance when there is one already; else it is bound first."""
    job: int = 0
    number: int = 0
    title: str = ""
    load_s: float = 0.0
    draw: bool = True
    apart: bool = False
    """Whether large answers are checked and drawn in a worker process, so that the window stays responsive."""
    emit: Callable[[Event], None] = lambda event: None
    cancel: threading.Event = field(default_factory=threading.Event)


def run_problem(plugins: Plugins, workers: Workers, task: Task) -> Finished:
    """Binds, chooses, solves, verifies and draws.

    Raises
    ------
    InputError
        If the problem cannot be bound, or no solver takes it, or its options are wrong.
    PluginError
        If the plugin of its kind failed to bind it.
    """
    started = datetime.now(UTC).isoformat(timespec="seconds")
    problem, choice = task.problem, task.problem.choice
    clock = time.monotonic()
    instance = bind(plugins, problem) if task.instance is None else task.instance
    seconds = {"load": task.load_s, "compile": time.monotonic() - clock}
    chosen = choose(plugins, instance, choice.solver)
    read_options(plugins.solver(chosen.name).options, choice.options)
    sense = str(getattr(instance, "sense", "min"))
    task.emit(JobStarted(task.job, chosen.title, sense))

    listener = _Listener(task, chosen, as_taken(plugins.solver(chosen.name), instance))
    outcome = _solve(plugins, workers, task, instance, chosen, listener)
    seconds["solve"] = outcome.seconds
    clock = time.monotonic()
    aside = Aside(plugins, workers if task.apart and _size(instance) >= _LARGE else None)
    if outcome.result.answer is not None:
        task.emit(Progress(task.job, None, "checking the answer"))
    judged = judge(lambda result: aside.verify(problem, instance, result), outcome, sense)
    seconds["verify"] = time.monotonic() - clock

    listener.timeline.end(outcome.seconds, judged.objective, judged.bound)
    solved = Solved(problem, instance, judged.result, judged.verification)
    pictures: tuple[Picture, ...] = ()
    problems: tuple[Finding, ...] = ()
    if task.draw and judged.result.answer is not None:
        task.emit(Progress(task.job, None, "drawing the answer"))
        pictures, problems = aside.draw(solved)
    entry = plugins.entry(chosen.plugin)
    run = Run(
        number=task.number,
        title=task.title or problem.name,
        started=started,
        problem_hash=problem_hash(problem),
        choice=choice,
        solver=chosen.name,
        plugin=chosen.plugin,
        version=entry.version if entry is not None else "",
        status=judged.result.status,
        objective=judged.objective,
        bound=judged.bound,
        sense=sense,
        seconds=seconds,
        timeline=listener.timeline.points,
        result=judged.result,
        verification=judged.verification,
        findings=(*judged.findings, *problems),
        log=listener.log.text,
        machine=machine_facts(),
        reason=judged.result.reason,
    )
    return Finished(run, pictures, solved)


def failed_run(task: Task, error: SolviturError) -> Run:
    """Builds the run of a problem that never came to be solved."""
    findings = error.findings if isinstance(error, InputError) else (Finding(Severity.ERROR, str(error)),)
    return Run(
        number=task.number,
        title=task.title or task.problem.name,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        problem_hash=problem_hash(task.problem),
        choice=task.problem.choice,
        solver=task.problem.choice.solver,
        plugin="",
        version="",
        status=Status.FAILED,
        objective=None,
        bound=None,
        sense="min",
        findings=findings,
        machine=machine_facts(),
        reason=str(error),
    )


def problem_hash(problem: Problem) -> str:
    """Returns the fingerprint of what decides the answer: statement, formulation, tables and objective."""
    return fingerprint([problem.statement, problem.formulation, problem.tables, problem.choice.objective])


def bind(plugins: Plugins, problem: Problem) -> Any:
    """Binds a problem through its kind.

    Raises
    ------
    InputError
        If it cannot be bound as it is.
    PluginError
        If the kind's plugin failed.
    """
    part = plugins.find("kinds", problem.formulation.kind)
    try:
        return part.part.bind(problem)
    except SolviturError:
        raise
    except Exception as error:  # a plugin is called
        raise PluginError(f"plugin '{part.plugin}' failed to bind the model: {sentence_of(error)}") from error


def _size(instance: Any) -> int:
    return instance.columns + instance.matrix.nonzeros if isinstance(instance, MatrixInstance) else 0


def _solve(
    plugins: Plugins, workers: Workers, task: Task, instance: Any, chosen: SolverChoice, listener: _Listener
) -> Outcome:
    part = plugins.find("solvers", chosen.name)
    names = [part.plugin]
    if not isinstance(instance, MatrixInstance):  # the record's type may be declared by the plugin of its kind
        kind = plugins.find("kinds", task.problem.formulation.kind)
        names += [kind.plugin] if kind.plugin != part.plugin else []
    choice = task.problem.choice
    reduced = listener.reduced
    request = Request(tuple(names), chosen.name, reduced.instance, choice.options, choice.limits, plugins.overlay)
    if getattr(part.part, "in_thread", False):
        running = ThreadRun(part.part, request)
        outcome = Supervision(running, choice.limits, task.cancel, listener.hear).watch()
    else:
        outcome = run_in_worker(workers, request, task.cancel, listener.hear)
    outcome = replace(outcome, result=reduced.result(outcome.result, instance))
    reason = outcome.result.reason
    if outcome.result.status is Status.FAILED and reason:
        named = f"{chosen.title} {reason}" if reason.startswith("was ") else f"{chosen.title} failed: {reason}"
        return replace(outcome, result=replace(outcome.result, reason=named))
    return outcome


class _Listener:
    """Turns a solver's messages into events, timeline and log."""

    def __init__(self, task: Task, chosen: SolverChoice, reduced: Reduced) -> None:
        self.timeline = TimelineRecorder()
        self.log = RunLog()
        self._task = task
        self.reduced = reduced
        self._say(f"{chosen.reason}\n" if task.problem.choice.solver == "auto" and chosen.reason else "")

    def hear(self, message: Message) -> None:
        """Passes one message on."""
        job, emit = self._task.job, self._task.emit
        if message["is"] == "incumbent":
            self.timeline.incumbent(message["seconds"], message["objective"])
            answer = self.reduced.answer(message["answer"])
            emit(Incumbent(job, message["seconds"], message["objective"], answer))
        elif message["is"] == "bound":
            self.timeline.bound(message["seconds"], message["value"])
            emit(Bound(job, message["seconds"], message["value"]))
        elif message["is"] == "progress":
            emit(Progress(job, message["fraction"], message["text"]))
        elif message["is"] == "log":
            self._say(message["text"])

    def _say(self, text: str) -> None:
        if text:
            self.log.add(text)
            self._task.emit(Log(self._task.job, text))
