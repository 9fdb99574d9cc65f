"""Scheduling instances and schedules, as arrays."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from solvitur.api import Feature, Record

OBJECTIVES = (
    "makespan",
    "lateness",
    "tardiness",
    "weighted tardiness",
    "completion",
    "weighted completion",
    "cost",
)
BUFFERS = ("unlimited", "blocking", "no-wait")
ORDERS = ("given", "free")


def _none(columns: int, kind: type = np.int64) -> np.ndarray:
    return np.zeros((0, columns), kind)


@dataclass(frozen=True, eq=False)
class SchedulingInstance(Record, tag="scheduling-instance"):
    """Operations in modes on resources; n operations, m modes, r resources, j jobs. Times are in the user's unit.

    A mode is one way to do an operation: its duration, its cost, and what it takes of each resource while it runs
    (renewable) or at all (not renewable). Operation i has the modes ``mode_start[i]`` up to ``mode_start[i + 1]``.
    """

    names: tuple[str, ...]
    """By operation."""
    jobs: tuple[str, ...]
    job: np.ndarray
    """Job of each operation, shape (n,)."""
    mode_start: np.ndarray
    duration: np.ndarray
    """By mode, shape (m,)."""
    need: np.ndarray
    """Rows (mode, resource, amount) in the order of modes, shape (k, 3), float64."""
    resources: tuple[str, ...]
    capacity: np.ndarray
    renewable: np.ndarray
    before: np.ndarray = field(default_factory=lambda: _none(2))
    """Rows (operation, later operation), shape (p, 2)."""
    lag: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """By row of ``before``: least time from the end of the one to the start of the other."""
    release: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """By operation: it starts no earlier."""
    deadline: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """By job: it must be done by then; inf: no matter."""
    due: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """By job: it should be done by then; inf: no matter."""
    weight: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """By job."""
    cost: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """By mode."""
    closed: np.ndarray = field(default_factory=lambda: _none(3, np.float64))
    """Rows (resource, from, until) when a resource takes no work, shape (c, 3)."""
    family: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    """Set-up family of each operation."""
    families: tuple[str, ...] = ()
    setup: np.ndarray = field(default_factory=lambda: _none(4, np.float64))
    """Rows (resource, family, next family, time) between consecutive operations of a machine, shape (s, 4)."""
    objective: str = "makespan"
    buffers: str = "unlimited"
    free_order: bool = False
    """Whether the operations of a job may be done in any order (an open shop)."""
    same_order: bool = False
    """Whether every machine takes the jobs in the same order (a permutation flow shop)."""
    clock: bool = False

    @property
    def kind(self) -> str:
        """The kind of formulation."""
        return "scheduling"

    @property
    def size(self) -> int:
        """Number of operations."""
        return len(self.names)

    @cached_property
    def modes_of(self) -> tuple[range, ...]:
        """The modes of each operation."""
        return tuple(itertools.starmap(range, itertools.pairwise(self.mode_start.tolist())))

    @cached_property
    def needs_of(self) -> tuple[tuple[tuple[int, float], ...], ...]:
        """By mode: the resources it takes, with amounts."""
        found: list[list[tuple[int, float]]] = [[] for _ in range(len(self.duration))]
        for mode, resource, amount in self.need.tolist():
            found[int(mode)].append((int(resource), amount))
        return tuple(map(tuple, found))

    @cached_property
    def machine(self) -> np.ndarray:
        """By resource: whether it is a machine, taking one operation at a time and nothing less than all of it."""
        able: np.ndarray = self.renewable & (self.capacity == 1)
        partly = self.need[:, 2] != 1
        able[self.need[partly, 1].astype(np.int64)] = False
        return able

    @cached_property
    def operations_of(self) -> tuple[tuple[int, ...], ...]:
        """The operations of each job, in the order given."""
        found: list[list[int]] = [[] for _ in self.jobs]
        for operation, job in enumerate(self.job.tolist()):
            found[job].append(operation)
        return tuple(map(tuple, found))

    @cached_property
    def is_job_shop(self) -> bool:
        """Whether it is a classical job shop: chains on machines, one mode each, no more than that."""
        chains = {(a, b) for ops in self.operations_of for a, b in itertools.pairwise(ops)}
        return bool(
            self.objective == "makespan"
            and self.buffers == "unlimited"
            and not (self.free_order or self.same_order)
            and len(self.duration) == self.size == len(self.need)
            and self.machine.all()
            and not (len(self.closed) or len(self.setup) or self.lag.any() or self.release.any())
            and not np.isfinite(self.deadline).any()
            and {(int(a), int(b)) for a, b in self.before} == chains
        )

    @cached_property
    def features(self) -> frozenset[Feature]:
        """What a solver must handle."""
        found = {Feature.SCHEDULING}
        if not self.is_job_shop:
            found.add(Feature.GENERAL_SCHEDULING)
        return frozenset(found)

    @property
    def sizes(self) -> dict[str, int]:
        """Counts, for the status bar."""
        return {"operations": self.size, "jobs": len(self.jobs), "resources": len(self.resources)}


@dataclass(frozen=True, eq=False)
class Schedule(Record, tag="schedule"):
    """When each operation starts, and the mode it is done in; shapes (n,). Modes count over the whole instance."""

    start: np.ndarray
    mode: np.ndarray
