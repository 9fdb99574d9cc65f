"""Runs of the workflow from the window: live states, what came out, and what an earlier window had finished."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Collection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from solvitur.engine.session import Session
from solvitur.engine.settings import Settings as Preferred
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.crews import Crews
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
from solvitur.gui.plan.keeping import CutShort, Keeping
from solvitur.gui.preferences import Preferences
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError
from solvitur.workflow.checking import DryRun
from solvitur.workflow.model import Workflow

_TICK_MS = 60
_REST = 4
"""The window rests so many times as long as it took to show the last events."""
_NOTE_S = 0.5
_AT_ONCE = 300
"""Runs of more steps than this are prepared in the background."""
_LOADS = "load_problem"
_MOST_EVENTS = 4_000
"""So many events are taken at a time, so that the window stays free when thousands of steps end at once."""


class Running(QObject):
    """At most one run at a time; its events are taken in batches on the window's thread."""

    changed = Signal()
    turned = Signal()
    """Another project is open: what is shown of the one before goes."""
    unfolded = Signal()
    """A step runs a sub-workflow in its place."""
    ended = Signal(object)
    """The `WorkflowDone` of the run."""
    refused = Signal(str)
    """A run could not begin; the reason."""
    asked = Signal(object)
    """A `ReviewWanted`: a step waits for a person."""

    def __init__(
        self, session: Session, preferences: Preferences | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._preferences = session, preferences
        self._path, self._project = session.path, session.working_name
        self._targets: frozenset[str] | None = None
        self._noted = 0.0
        self._arrived: deque[tuple[float, WorkflowEvent | InputError]] = deque()
        """What the run told, with the moment when it did."""
        self._keeping = self._open_keeping()
        self._closed = False
        self._problem: Problem | None = None
        """The problem as it was when the last run began."""
        self._crews = Crews()
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
        """Where the results of this project are kept: on disk, so that a crash loses only what was under way."""
        return self._keeping.store

    def _open_keeping(self) -> Keeping:
        session = self._session
        limit_mb = self._preferences.value.workflow_results_mb if self._preferences is not None else 0
        return Keeping(session.folders, session.path, session.working_name, limit_mb)

    def cut_short(self) -> CutShort | None:
        """Returns the run of this project that an earlier window did not end."""
        return None if self.active else self.noted

    @property
    def noted(self) -> CutShort | None:
        """What a window that opens this project after a kill would find now."""
        return self._keeping.cut_short()

    def drop_cut_short(self) -> None:
        """Does not offer it again."""
        self._keeping.note(None)

    def saved_as(self, path: Path) -> None:
        """Takes the results along to the file that the project is saved as now."""
        if not self.active and path != self._path and not self._closed:
            self._keeping.close(path, self._session.folders)
            self._path = path
            self._keeping = self._open_keeping()

    def follow(self) -> bool:
        """Turns to the project that is open now; False when it is the one it was, which an event told of late."""
        if self._closed or self._project == self._session.working_name:
            return False
        self.forget()
        self.turned.emit()
        return True

    def forget(self) -> None:
        """Ends the run and drops all results, for another project."""
        self.cancel()
        self._timer.stop()
        self._arrived.clear()
        self._keeping.close()
        self._path, self._project = self._session.path, self._session.working_name
        self._keeping = self._open_keeping()
        self._run, self._problem, self.courses = None, None, Courses()
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
        self.follow()
        if self.active:
            raise InputError.at("a run is going on; stop it first")
        approved = frozenset(name for name, options in self.approved if options == _options(workflow, name))
        run = self._made(workflow, approved)
        self._noted = 0.0
        before, self.courses = self.courses, Courses(workflow)
        self._arrived.clear()
        self._run, self.paused, self._problem, self._targets = run, False, self._session.problem, targets
        self._began = time.monotonic()
        if len(workflow.steps) > _AT_ONCE:
            self._begin_aside(run, targets, from_step)
        else:
            try:
                run.start(targets, from_step)
            except InputError:
                self.courses, self._run = before, None
                raise
            self._began = time.monotonic()
        self._note_course()
        self._timer.start(_TICK_MS)
        self.changed.emit()

    def _begin_aside(self, run: WorkflowRun, targets: frozenset[str] | None, from_step: str) -> None:
        """Prepares a large run on a thread of its own, so that the window stays free meanwhile."""

        def begin() -> None:
            try:
                run.start(targets, from_step)
            except InputError as error:
                self._arrived.append((time.monotonic(), error))

        threading.Thread(target=begin, name="workflow start", daemon=True).start()

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
        self._closed = True
        self._keeping.close()
        self._crews.close()

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
        session, path = self._session, self._session.path
        folder = path.parent if path else Path.cwd()
        usual = self._preferences.value if self._preferences is not None else Preferred()
        return Services(
            session.plugins,
            session.jobs.workers,
            folder,
            self._crews.of(session.plugins, usual.workflow_executor, usual.workflow_address),
            problem=session.problem,
            problems={path: session.problem} if path is not None else {},
            chats=session.chats,
        )

    def stale(self, workflow: Workflow) -> frozenset[str]:
        """Returns the steps whose last result fits the workflow, or the problem that it loads, no more."""
        stale = self.courses.stale(workflow)
        before, now = self._problem, self._session.problem
        if before is None or before is now or _content(before) == _content(now):
            return stale
        path = self._session.path
        own = {"", path.name if path is not None else "", str(path)}
        loading = {s.id for s in workflow.steps if s.type == _LOADS and s.options.get("file", "") in own}
        return stale | loading | workflow.descendants(loading)

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
            store=self.store,
            settings=self._settings(approved),
            emit=self._hear,
        )

    def _hear(self, event: WorkflowEvent) -> None:
        """Takes an event from any thread."""
        self._arrived.append((time.monotonic(), event))

    def _note_course(self) -> None:
        """Notes how far the run is, for the window that opens this project should this one be killed."""
        targets = tuple(sorted(self._targets or ()))
        done = sum(course.word is State.DONE for _, course in self.courses.top())
        self._keeping.note(CutShort(done, len(self.courses.ran.steps), targets, self._targets is None))

    def _take(self) -> None:
        """Takes what has happened since the last tick."""
        done: WorkflowDone | None = None
        unfolded = False
        now = time.monotonic() - self._began
        for _ in range(min(len(self._arrived), _MOST_EVENTS)):
            moment, event = self._arrived.popleft()
            if isinstance(event, InputError):
                self._timer.stop()
                self._keeping.note(None)
                self.refused.emit(str(event))
            elif isinstance(event, StepState | StepLog | Expanded):
                if not self.courses:
                    self._began = min(moment, time.monotonic())
                self.courses.take(event, max(moment - self._began, 0.0))
                unfolded = unfolded or isinstance(event, Expanded)
            elif isinstance(event, ReviewWanted):
                self.asked.emit(event)
            else:
                done = event
        if done is not None:
            self._seconds = done.seconds
            self._timer.stop()
            self.paused = False
            self._keeping.note(None)
            self._keeping.trim()
        elif now - self._noted > _NOTE_S:
            self._noted = now
            self._note_course()
        if unfolded:
            self.unfolded.emit()
        self.changed.emit()
        # With thousands of steps to show, showing them must leave the window time for the person.
        took_ms = (time.monotonic() - self._began - now) * 1000
        self._timer.setInterval(max(_TICK_MS, round(_REST * took_ms)))
        if done is not None:
            self.ended.emit(done)


def _content(problem: Problem) -> tuple[object, ...]:
    """Returns what steps can see of a problem; where things are drawn is not among it."""
    return problem.formulation, problem.tables, problem.choice, problem.statement


def _options(workflow: Workflow, name: str) -> str:
    step = workflow.step(name)
    return repr((step.type, sorted(step.options.items(), key=str))) if step is not None else ""
