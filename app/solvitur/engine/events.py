"""Events: frozen values that the session sends through its one outlet, from any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solvitur.engine.draft_events import DraftEvent
from solvitur.engine.workflow.events import WorkflowEvent
from solvitur.hooks.contracts import Solved
from solvitur.problem.features import Feature
from solvitur.problem.findings import Finding
from solvitur.problem.runs import Run


@dataclass(frozen=True)
class ProjectOpened:
    """Another project is open now (new, opened or recovered)."""

    path: str
    recovered: bool = False


@dataclass(frozen=True)
class ProjectSaved:
    """The project was saved."""

    path: str


@dataclass(frozen=True, eq=False)
class ProblemChanged:
    """An edit, undo or redo made a new problem value; ``fields`` are the names of the fields that changed."""

    title: str
    fields: frozenset[str]
    source: object = None
    """Who asked for the edit, so that an editor can ignore the echo of its own typing."""


@dataclass(frozen=True)
class Checked:
    """The background check of the current problem ended.

    ``features`` and ``sizes`` (keys: variables, constraints, nonzeros, integers) are empty when it cannot be bound;
    ``missing`` names the data that is still missing.
    """

    revision: int
    findings: tuple[Finding, ...]
    features: frozenset[Feature]
    sizes: dict[str, int]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class JobQueued:
    """A job waits for its turn."""

    job: int
    title: str
    solver: str


@dataclass(frozen=True)
class JobStarted:
    """A job began; ``sense`` is ``min`` or ``max``."""

    job: int
    solver: str
    sense: str


@dataclass(frozen=True)
class Progress:
    """How far a job is (None: unknown) and what it does now."""

    job: int
    fraction: float | None
    text: str


@dataclass(frozen=True, eq=False)
class Incumbent:
    """A better answer was found."""

    job: int
    seconds: float
    objective: float
    answer: Any = None


@dataclass(frozen=True)
class Bound:
    """The proven bound moved."""

    job: int
    seconds: float
    value: float


@dataclass(frozen=True)
class Log:
    """Lines of a job's log."""

    job: int
    text: str


@dataclass(frozen=True, eq=False)
class Done:
    """A job ended; its run is stored. ``pictures`` are ranked best first.

    ``solved`` is the problem as it was solved (data files read), with its instance; None when it never came so far.
    """

    job: int
    run: Run
    pictures: tuple[Any, ...] = ()
    solved: Solved | None = None


@dataclass(frozen=True)
class RunsChanged:
    """Runs were added, renamed or deleted."""


@dataclass(frozen=True, eq=False)
class RecoveryFound:
    """Unsaved changes of the project that was just opened are there from a crash; they can be recovered."""

    recovery: Any


@dataclass(frozen=True)
class Notice:
    """One sentence for the status bar; ``severity`` is info, warning or error."""

    text: str
    severity: str = "info"


@dataclass(frozen=True)
class PluginsChanged:
    """Plugins were installed, removed, enabled or disabled."""


Event = (
    ProjectOpened
    | ProjectSaved
    | ProblemChanged
    | Checked
    | JobQueued
    | JobStarted
    | Progress
    | Incumbent
    | Bound
    | Log
    | Done
    | RunsChanged
    | RecoveryFound
    | Notice
    | PluginsChanged
    | WorkflowEvent
    | DraftEvent
)
Listener = Callable[[Event], None]


class Outlet:
    """Hands every event to every listener, in order, on the thread that emits it."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Adds a listener and returns the call that removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, event: Event) -> None:
        """Sends an event."""
        for listener in tuple(self._listeners):
            listener(event)
