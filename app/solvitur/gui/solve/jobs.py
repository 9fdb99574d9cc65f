"""The book of jobs: what every job of the session has reported so far, told to the views at a calm pace."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from solvitur.engine import events
from solvitur.gui.bridge import Bridge
from solvitur.gui.outcomes import RUNNING, WAITING, Outcome, brief
from solvitur.problem.result import relative_gap
from solvitur.problem.runs import Run

PERIOD_MS = 66
"""Views hear of changes about fifteen times a second, however often a solver reports."""
_MOST_POINTS = 20_000
_MOST_ENDED = 50


@dataclass(eq=False)
class JobState:
    """One job as its events tell it; ``incumbents`` and ``bounds`` are (seconds, value) in order."""

    job: int
    title: str
    solver: str
    sense: str = "min"
    started: float | None = None
    incumbents: list[tuple[float, float]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    improvements: int = 0
    fraction: float | None = None
    doing: str = ""
    log: list[str] = field(default_factory=list)
    run: Run | None = None
    stopping: bool = False

    @property
    def waiting(self) -> bool:
        """Whether it still waits for its turn."""
        return self.started is None and self.run is None

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self.started is not None and self.run is None

    @property
    def outcome(self) -> Outcome:
        """Its state as icon, colour and word."""
        if self.run is not None:
            return brief(self.run.status)
        return RUNNING if self.running else WAITING

    @property
    def seconds(self) -> float:
        """Time since it began, or the time it took."""
        if self.run is not None:
            return self.run.seconds.get("solve", 0.0)
        return time.monotonic() - self.started if self.started is not None else 0.0

    @property
    def objective(self) -> float | None:
        """The best objective so far."""
        if self.run is not None:
            return self.run.objective
        return self.incumbents[-1][1] if self.incumbents else None

    @property
    def bound(self) -> float | None:
        """The proven bound so far."""
        if self.run is not None:
            return self.run.bound
        return self.bounds[-1][1] if self.bounds else None

    @property
    def gap(self) -> float | None:
        """The relative gap between the two."""
        return relative_gap(self.objective, self.bound)

    @property
    def name(self) -> str:
        """How lists call it: by its run's number as soon as it has one."""
        return f"Run {self.run.number}" if self.run is not None else self.title


class JobBook(QObject):
    """Collects the events of all jobs; ``ticked`` comes at most every `PERIOD_MS` with the ids that changed."""

    ticked = Signal(object)
    ended = Signal(object)
    """The `Done` event of a job, as soon as it comes."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self.setObjectName("jobBook")
        self.jobs: dict[int, JobState] = {}
        self._dirty: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self._tick)
        bridge.happened.connect(self._take)

    @classmethod
    def of(cls, bridge: Bridge) -> JobBook:
        """Returns the one book of a bridge, made at the first call."""
        found = bridge.findChild(cls)
        return found if isinstance(found, cls) else cls(bridge)

    @property
    def latest(self) -> JobState | None:
        """The job to show: the one at work, else the one that ended or was queued last."""
        running = [job for job in self.jobs.values() if job.running]
        if running:
            return running[-1]
        ended = [job for job in self.jobs.values() if job.run is not None]
        everything = ended or list(self.jobs.values())
        return everything[-1] if everything else None

    def _take(self, event: object) -> None:
        if isinstance(event, events.ProjectOpened):
            self.jobs = {job: state for job, state in self.jobs.items() if state.run is None}
            self._mark(-1)
            return
        if isinstance(event, events.JobQueued):
            self.jobs[event.job] = JobState(event.job, event.title, event.solver)
            self._mark(event.job)
            return
        state = self.jobs.get(getattr(event, "job", -1))
        if state is None:
            return
        match event:
            case events.JobStarted(solver=solver, sense=sense):
                state.solver, state.sense, state.started = solver, sense, time.monotonic()
            case events.Progress(fraction=fraction, text=text):
                state.fraction, state.doing = fraction, text
            case events.Incumbent(seconds=seconds, objective=objective):
                if _better(objective, state):
                    state.improvements += 1
                    _append(state.incumbents, (seconds, objective))
            case events.Bound(seconds=seconds, value=value):
                _append(state.bounds, (seconds, value))
            case events.Log(text=text):
                state.log.append(text)
            case events.Done(run=run):
                self._end(state, run)
                self._mark(state.job)
                self.ended.emit(event)
                return
        self._mark(state.job)

    def _end(self, state: JobState, run: Run) -> None:
        state.run, state.doing = run, ""
        end = run.seconds.get("solve", 0.0)
        for points, value in ((state.incumbents, run.objective), (state.bounds, run.bound)):
            if points and value is not None and points[-1][1] != value:
                points.append((max(end, points[-1][0]), value))
        if not state.log and run.log:
            state.log.append(run.log)
        ended = [job for job, each in self.jobs.items() if each.run is not None]
        for job in ended[:-_MOST_ENDED]:
            del self.jobs[job]

    def _mark(self, job: int) -> None:
        self._dirty.add(job)
        if not self._timer.isActive():
            self._timer.start()

    def _tick(self) -> None:
        dirty, self._dirty = self._dirty, set()
        self.ticked.emit(frozenset(dirty))


def _better(objective: float, state: JobState) -> bool:
    """Tells whether an answer improves on the best so far; solvers may report others too."""
    best = state.objective
    if best is None:
        return True
    return objective < best if state.sense == "min" else objective > best


def _append(points: list[tuple[float, float]], point: tuple[float, float]) -> None:
    """Adds a point; a list that grows very long loses every other old one."""
    points.append(point)
    if len(points) > _MOST_POINTS:
        points[:-1] = points[:-1:2]
