"""Runs of the workflow from the window: live states, what came out, and what an edit made stale."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from solvitur.engine.session import Session
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.events import (
    Expanded,
    ReviewWanted,
    State,
    StepLog,
    StepState,
    WorkflowDone,
    WorkflowEvent,
)
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.problem.errors import InputError
from solvitur.workflow.checking import DryRun
from solvitur.workflow.model import Workflow

_TICK_MS = 60


@dataclass
class Course:
    """What is known of one step of the last run."""

    state: StepState | None = None
    began: float | None = None
    ended: float | None = None
    log: list[str] = field(default_factory=list)
    parts: int = 0
    parts_done: int = 0


class Running(QObject):
    """At most one run at a time; its events are taken in batches on the window's thread."""

    changed = Signal()
    ended = Signal(object)
    """The `WorkflowDone` of the run."""
    asked = Signal(object)
    """A `ReviewWanted`: a step waits for a person."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._arrived: deque[WorkflowEvent] = deque()
        self._store = Store()
        self._run: WorkflowRun | None = None
        self._ran = Workflow()
        self._number = 0
        self._began = 0.0
        self.paused = False
        self.approved: frozenset[tuple[str, str]] = frozenset()
        """Steps that were approved, with the options that they had then."""
        self.courses: dict[str, Course] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._take)

    @property
    def active(self) -> bool:
        """Whether a run goes on."""
        return self._timer.isActive()

    def forget(self) -> None:
        """Ends the run and drops all results, for another project."""
        self.cancel()
        self._timer.stop()
        self._arrived.clear()
        self._run, self._store, self.courses, self._ran = None, Store(), {}, Workflow()
        self.approved = frozenset()
        self.changed.emit()

    def check(self, workflow: Workflow) -> DryRun:
        """Checks a workflow without running anything."""
        return self._made(workflow, frozenset()).check()

    def unapproved(self, workflow: Workflow, checked: DryRun) -> tuple[str, ...]:
        """Lists the steps that need a person's yes before they run, as they are now."""
        return tuple(name for name in checked.approvals if (name, _options(workflow, name)) not in self.approved)

    def approve(self, workflow: Workflow, names: tuple[str, ...]) -> None:
        """Notes that steps may run as they are now."""
        self.approved |= {(name, _options(workflow, name)) for name in names}

    def start(self, workflow: Workflow, *, targets: frozenset[str] | None = None, from_step: str = "") -> None:
        """Starts a run.

        Raises
        ------
        InputError
            If the workflow cannot run; nothing has run then.
        """
        if self.active:
            raise InputError.at("a run is going on; stop it first")
        approved = frozenset(name for name, options in self.approved if options == _options(workflow, name))
        run = self._made(workflow, approved)
        self._began = time.monotonic()
        before, self.courses = self.courses, {}
        self._arrived.clear()
        try:
            run.start(targets, from_step)
        except InputError:
            self.courses = before
            raise
        self._run, self._ran, self.paused = run, workflow, False
        self._timer.start()
        self.changed.emit()

    def pause(self) -> None:
        """Starts no more steps, or goes on."""
        if self._run is not None and self.active:
            self.paused = not self.paused
            (self._run.pause if self.paused else self._run.resume)()
            self.changed.emit()

    def cancel(self) -> None:
        """Stops the run."""
        if self._run is not None and self.active:
            self._run.cancel()

    def close(self) -> None:
        """Stops the run and waits a moment for its threads."""
        self.cancel()
        if self._run is not None:
            self._run.wait(2.0)
        self._timer.stop()

    def answer(self, path: str, text: str) -> None:
        """Gives a person's answer to a step that asked."""
        if self._run is not None:
            self._run.answer(path, text)

    def outputs(self, step: str) -> dict[str, Any]:
        """Returns what a step made in the last run; empty when it made nothing.

        Raises
        ------
        InputError
            If a kept result cannot be read any more.
        """
        course = self.courses.get(step)
        if self._run is None or course is None or course.state is None or course.state.state is not State.DONE:
            return {}
        return self._run.outputs(step)

    def stale(self, workflow: Workflow) -> frozenset[str]:
        """Returns the steps whose last result does not fit the workflow any more."""
        changed = set()
        for step in workflow.steps:
            before = self._ran.step(step.id)
            same = before is not None and (before.type, before.options) == (step.type, step.options)
            if not same or set(self._ran.links_into(step.id)) != set(workflow.links_into(step.id)):
                changed.add(step.id)
        return frozenset(changed | workflow.descendants(changed))

    def span(self, step: str) -> tuple[float, float] | None:
        """Returns when a step began and ended, in seconds since the run began; None before it began."""
        course = self.courses.get(step)
        if course is None or course.began is None:
            return None
        return course.began, course.ended if course.ended is not None else time.monotonic() - self._began

    def critical(self) -> frozenset[str]:
        """Returns the steps of the longest chain by running time."""
        longest: dict[str, float] = {}
        before: dict[str, str] = {}
        parents = self._ran.parents()
        for name in self._ran.order():
            course = self.courses.get(name)
            seconds = course.state.seconds if course is not None and course.state is not None else 0.0
            best = max(parents[name], key=lambda other: longest[other], default="")
            longest[name] = seconds + (longest[best] if best else 0.0)
            before[name] = best
        at = max(longest, key=lambda name: longest[name], default="")
        chain = set()
        while at:
            chain.add(at)
            at = before[at]
        return frozenset(chain)

    def _made(self, workflow: Workflow, approved: frozenset[str]) -> WorkflowRun:
        path = self._session.path
        services = Services(self._session.plugins, self._session.jobs.workers, path.parent if path else Path.cwd())
        self._number += 1
        settings = Settings(approved=approved, attended=True, number=self._number)
        return WorkflowRun(workflow, services, store=self._store, settings=settings, emit=self._arrived.append)

    def _take(self) -> None:
        """Takes what has happened since the last tick."""
        done: WorkflowDone | None = None
        while self._arrived:
            event = self._arrived.popleft()
            if isinstance(event, StepState):
                self._note(event)
            elif isinstance(event, StepLog):
                self._course(event.path).log.append(event.text)
            elif isinstance(event, Expanded):
                self._course(event.path).parts += len(event.workflow.steps)
            elif isinstance(event, ReviewWanted):
                self.asked.emit(event)
            else:
                done = event
        if done is not None:
            self._timer.stop()
            self.paused = False
        self.changed.emit()
        if done is not None:
            self.ended.emit(done)

    def _note(self, event: StepState) -> None:
        now = time.monotonic() - self._began
        top, _, inner = event.path.partition("/")
        if inner:
            if event.state is State.DONE:
                self._course(top).parts_done += 1
            return
        course = self._course(top)
        if event.state is State.RUNNING and course.began is None:
            course.began = now
        if event.state in (State.DONE, State.FAILED, State.SKIPPED):
            course.ended = now
            if event.state is State.DONE and course.began is None:
                course.began = now
        course.state = event

    def _course(self, path: str) -> Course:
        return self.courses.setdefault(path.partition("/")[0], Course())


def _options(workflow: Workflow, name: str) -> str:
    step = workflow.step(name)
    return repr((step.type, sorted(step.options.items(), key=str))) if step is not None else ""
