"""What a workflow run tells while it goes on. A path is a step's id, below the ids of the steps it unfolded from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from solvitur.workflow.model import Workflow


class State(StrEnum):
    """What a step is at."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STALE = "stale"
    FAILED = "failed"
    SKIPPED = "skipped"
    PAUSED = "paused"


@dataclass(frozen=True)
class StepState:
    """A step of a run came to another state, or moved on; ``fraction`` is None when unknown."""

    run: int
    path: str
    state: State
    fraction: float | None = None
    text: str = ""
    seconds: float = 0.0
    memory_bytes: int = 0
    """Size of what the step made, as far as it is known."""
    from_cache: bool = False


@dataclass(frozen=True)
class StepLog:
    """Lines of a step's log."""

    run: int
    path: str
    text: str


@dataclass(frozen=True, eq=False)
class Expanded:
    """A step unfolded into a sub-workflow that now runs in its place."""

    run: int
    path: str
    workflow: Workflow


@dataclass(frozen=True, eq=False)
class ReviewWanted:
    """A step asks a person, shows something, and waits for `WorkflowRun.answer`."""

    run: int
    path: str
    question: str
    shown: Any = None


@dataclass(frozen=True)
class WorkflowDone:
    """A run ended: how many of its steps came to each state."""

    run: int
    states: dict[str, int]
    seconds: float
    cancelled: bool = False


WorkflowEvent = StepState | StepLog | Expanded | ReviewWanted | WorkflowDone


def counted(states: Mapping[str, State]) -> dict[str, int]:
    """Counts how many steps are in each state."""
    return {state.value: count for state, count in Counter(states.values()).items()}
