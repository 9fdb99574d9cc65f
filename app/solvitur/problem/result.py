"""Results: what a solver says, before anyone has checked it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from solvitur.problem.records import Record


class Status(StrEnum):
    """What is known about an answer. `OPTIMAL` is said only when proven."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True)
class Limits(Record, tag="limits"):
    """What a run may use and how exact it must be; every solver honours them."""

    time_limit_s: float = 60.0
    relative_gap: float = 1e-6
    threads: int = 1
    seed: int = 0


@dataclass(frozen=True)
class TimelinePoint(Record, tag="timeline-point"):
    """Incumbent objective and bound (None when unknown) at a moment counted from the start, in seconds."""

    seconds: float
    objective: float | None
    bound: float | None


@dataclass(frozen=True, eq=False)
class Result(Record, tag="result"):
    """What a solver returns.

    ``answer`` is a float64 array over the columns for matrix instances, else the kind's own record, or None.
    ``row_duals`` and ``reduced_costs`` are given by solvers that know them.
    """

    status: Status
    answer: Any = None
    objective: float | None = None
    bound: float | None = None
    reason: str = ""
    row_duals: np.ndarray | None = None
    reduced_costs: np.ndarray | None = None
    statistics: dict[str, Any] = field(default_factory=dict)


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """Returns ``|objective - bound| / |objective|``, the usual relative gap; None when either is unknown."""
    if objective is None or bound is None or not math.isfinite(objective) or not math.isfinite(bound):
        return None
    distance = abs(objective - bound)
    if distance == 0:
        return 0.0
    return distance / max(abs(objective), 1e-10)


def is_proven(objective: float, bound: float | None) -> bool:
    """Tells whether a bound leaves no room for a better answer: a gap of at most 1e-6 relative or 1e-9 absolute."""
    gap = relative_gap(objective, bound)
    # A solver whose own tolerance is 1e-9 ends at just that distance, give or take the last digit.
    return gap is not None and bound is not None and (gap <= 1e-6 or abs(objective - bound) <= 1.001e-9)
