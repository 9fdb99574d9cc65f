"""Runs of the workflow from the window: live states, what came out, and what an earlier window had finished."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection
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
from solvitur.gui.plan.courses import Courses
from solvitur.problem.errors import InputError
from solvitur.workflow.checking import DryRun
from solvitur.workflow.model import Workflow

_TICK_MS = 60
_MOST_EVENTS = 4_000
"""So many events are taken at a time, so that the window stays free when thousands of steps end at once."""


class Running(QObject):
    """At most one run at a time; its events are taken in batches on the window's thread."""

    changed = Signal()
    unfolded = Signal()
    """A step runs a sub-workflow in its place."""
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
        self._number = 0
        self._began = 0.0
        self._seconds = 0.0
        self.paused = False
        self.approved: frozenset[tuple[str, str]] = frozenset()
        """Steps that were approved, with the options that they had then."""
        self.courses = Courses()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._take)

    @property
    def active(self) -> bool:
        """Whether a run goes on."""
        return self._timer.isActive()

    @property
    def now(self) -> float:
        """Seconds since the run began; once it ended, how long it took."""
        return time.monotonic() - self._began if self.active else self._seconds

    @property
    def store(self) -> Store:
        """Where the results of this project's runs are kept."""
        return self._store

    def forget(self) -> None:
        """Ends the run and drops all results, for another project."""
        self.cancel()
        self._timer.stop()
        self._arrived.clear()
        self._run, self._store, self.courses = None, Store(), Courses()
        self.approved = frozenset()
        self.changed.emit()

    def check(self, workflow: Workflow) -> DryRun:
        """Checks a workflow without running anything."""
        return self._made(workflow, frozenset()).check()

    def unapproved(self, workflow: Workflow, checked: DryRun) -> tuple[str, ...]:
        """Lists the steps that need a person's yes before they run, as they are now."""
        return tuple(name for name in checked.approvals if (name, _options(workflow, name)) not in self.approved)

    def approve(self, workflow: Workflow, names: Collection[str]) -> None:
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
        before, self.courses = self.courses, Courses(workflow)
        self._arrived.clear()
        try:
            run.start(targets, from_step)
        except InputError:
            self.courses = before
            raise
        self._run, self.paused = run, False
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

    def outputs(self, path: str) -> dict[str, Any]:
        """Returns what a step made in the last run; empty when it made nothing.

        Raises
        ------
        InputError
            If a kept result cannot be read any more.
        """
        course = self.courses.get(path)
        if self._run is None or course is None or course.word is not State.DONE:
            return {}
        return self._run.outputs(path)

    def services(self) -> Services:
        """Returns what the steps of this project may use."""
        path = self._session.path
        session = self._session
        folder = path.parent if path else Path.cwd()
        return Services(session.plugins, session.jobs.workers, folder, chats=session.chats)

    def settings(self, workflow: Workflow) -> Settings:
        """Returns the settings of a run of a workflow: what was approved may run, and a person is there."""
        approved = frozenset(name for name, options in self.approved if options == _options(workflow, name))
        return self._settings(approved)

    def _settings(self, approved: frozenset[str]) -> Settings:
        self._number += 1
        return Settings(approved=approved, attended=True, number=self._number)

    def _made(self, workflow: Workflow, approved: frozenset[str]) -> WorkflowRun:
        return WorkflowRun(
            workflow,
            self.services(),
            store=self._store,
            settings=self._settings(approved),
            emit=self._arrived.append,
        )

    def _take(self) -> None:
        """Takes what has happened since the last tick."""
        done: WorkflowDone | None = None
        unfolded = False
        now = time.monotonic() - self._began
        for _ in range(min(len(self._arrived), _MOST_EVENTS)):
            event = self._arrived.popleft()
            if isinstance(event, StepState | StepLog | Expanded):
                self.courses.take(event, now)
                unfolded = unfolded or isinstance(event, Expanded)
            elif isinstance(event, ReviewWanted):
                self.asked.emit(event)
            else:
                done = event
        if done is not None:
            self._seconds = done.seconds
            self._timer.stop()
            self.paused = False
        if unfolded:
            self.unfolded.emit()
        self.changed.emit()
        if done is not None:
            self.ended.emit(done)


def _options(workflow: Workflow, name: str) -> str:
    step = workflow.step(name)
    return repr((step.type, sorted(step.options.items(), key=str))) if step is not None else ""
