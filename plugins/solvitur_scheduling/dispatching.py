"""Builds schedules by priority rules: operation by operation, each as early as it fits (serial generation scheme).

Source of the scheme: Kolisch and Hartmann (1999), "Heuristic algorithms for the resource-constrained project
scheduling problem", section 2; the rules are the usual ones of the shop literature.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from graphlib import TopologicalSorter

import numpy as np

from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.objectives import objective_of

_EPSILON = 1e-9


def horizon_of(instance: SchedulingInstance, known: Schedule | None = None) -> float:
    """Returns a time by which a best schedule is over: by a known one, or doing everything one after the other."""
    if known is not None and instance.objective == "makespan":
        return objective_of(instance, known)
    longest = np.maximum.reduceat(instance.duration, instance.mode_start[:-1]) if instance.size else np.zeros(0)
    closed = instance.closed
    return float(
        instance.release.max(initial=0.0)
        + longest.sum()
        + np.maximum(instance.lag, 0).sum()
        + instance.setup[:, 3].max(initial=0.0) * instance.size
        + 2 * (closed[:, 2] - closed[:, 1]).sum()
        + closed[:, 2].max(initial=0.0)
        + 1
    )


class Machine:
    """What a resource of one at a time has to do, in order of time; ``family`` -2 stands for being closed."""

    def __init__(self, closed: list[tuple[float, float]], setup: dict[tuple[int, int], float]) -> None:
        self._begin = [begin for begin, _ in closed]
        self._end = [end for _, end in closed]
        self._family = [-2] * len(closed)
        self._setup = setup

    def earliest(self, ready: float, duration: float, family: int) -> float:
        """Returns the first time from ``ready`` on at which an operation fits, set-ups included."""
        at = bisect_right(self._end, ready + _EPSILON)
        time = ready
        while True:
            before = self._last_work(at)
            time = max(ready, self._end[at - 1] if at else ready)
            if before >= 0:
                time = max(time, self._end[before] + self._setup.get((self._family[before], family), 0.0))
            if at >= len(self._begin):
                return time
            after = self._next_work(at)
            gap = 0.0 if after is None else self._setup.get((family, self._family[after]), 0.0)
            fits = time + duration <= self._begin[at] + _EPSILON
            if fits and (after is None or time + duration + gap <= self._begin[after] + _EPSILON):
                return time
            at += 1

    def put(self, begin: float, end: float, family: int) -> None:
        """Books an operation."""
        at = bisect_left(self._begin, begin)
        self._begin.insert(at, begin)
        self._end.insert(at, end)
        self._family.insert(at, family)

    def _last_work(self, at: int) -> int:
        at -= 1
        while at >= 0 and self._family[at] == -2:
            at -= 1
        return at

    def _next_work(self, at: int) -> int | None:
        while at < len(self._family) and self._family[at] == -2:
            at += 1
        return at if at < len(self._family) else None


class Shared:
    """How much of a resource is in use over time, as a stair."""

    def __init__(self, capacity: float, closed: list[tuple[float, float]]) -> None:
        self._capacity = capacity
        self._time = [-math.inf]
        self._used = [0.0]
        for begin, end in closed:
            self.put(begin, end, capacity)

    def earliest(self, ready: float, duration: float, amount: float) -> float:
        """Returns the first time from ``ready`` on at which so much is free for so long."""
        at = bisect_right(self._time, ready + _EPSILON) - 1
        time = ready
        free = self._capacity - amount + _EPSILON
        while at < len(self._time):
            if self._used[at] > free:
                at += 1
                if at < len(self._time):
                    time = max(ready, self._time[at])
                continue
            stop = at + 1
            while stop < len(self._time) and self._time[stop] < time + duration - _EPSILON:
                if self._used[stop] > free:
                    break
                stop += 1
            if stop >= len(self._time) or self._time[stop] >= time + duration - _EPSILON:
                return time
            at = stop
        return math.inf

    def put(self, begin: float, end: float, amount: float) -> None:
        """Books an amount."""
        if end <= begin:
            return
        first, last = self._split(begin), self._split(end)
        for at in range(first, last):
            self._used[at] += amount

    def _split(self, time: float) -> int:
        at = bisect_left(self._time, time)
        if at == len(self._time) or self._time[at] != time:
            self._time.insert(at, time)
            self._used.insert(at, self._used[at - 1])
        return at


class Builder:
    """Builds schedules of one instance from priorities."""

    def __init__(self, instance: SchedulingInstance) -> None:
        self._instance = instance
        self._successors: list[list[tuple[int, float]]] = [[] for _ in range(instance.size)]
        self._waits = np.zeros(instance.size, np.int64)
        for (one, then), lag in zip(instance.before.tolist(), instance.lag.tolist(), strict=True):
            self._successors[one].append((then, lag))
            self._waits[then] += 1
        self._closed: dict[int, list[tuple[float, float]]] = {}
        for resource, begin, end in instance.closed.tolist():
            self._closed.setdefault(int(resource), []).append((begin, end))
        self._setup: dict[int, dict[tuple[int, int], float]] = {}
        for resource, one, then, time in instance.setup.tolist():
            self._setup.setdefault(int(resource), {})[(int(one), int(then))] = time

    @property
    def able(self) -> bool:
        """Whether operations can be placed one by one: not where a job holds its machine or may not wait."""
        return self._instance.buffers == "unlimited" and not self._instance.same_order

    def tails(self) -> np.ndarray:
        """Returns by operation the longest way from its start to the end of all, by shortest durations."""
        instance = self._instance
        least = np.array([min(instance.duration[mode] for mode in modes) for modes in instance.modes_of])
        tail = least.copy()
        follows = {place: [then for then, _ in after] for place, after in enumerate(self._successors)}
        for place in TopologicalSorter(follows).static_order():
            after = max((tail[then] + lag for then, lag in self._successors[place]), default=0.0)
            tail[place] = least[place] + after
        return tail

    def build(self, priority: np.ndarray) -> Schedule | None:
        """Places ready operations by falling priority, each in the way that ends first; None if a stock runs out."""
        instance = self._instance
        booked: list[Machine | Shared] = []
        for resource, capacity in enumerate(instance.capacity.tolist()):
            closed = sorted(self._closed.get(resource, []))
            if instance.machine[resource]:
                booked.append(Machine(closed, self._setup.get(resource, {})))
            else:
                booked.append(Shared(capacity, closed))
        stock = instance.capacity.copy()
        waits = self._waits.copy()
        ready = np.maximum(instance.release, 0).tolist()
        start, chosen = np.zeros(instance.size), np.zeros(instance.size, np.int64)
        rank = (-priority).tolist()
        heap = [(rank[place], place) for place in np.flatnonzero(waits == 0).tolist()]
        heapq.heapify(heap)
        jobs = [Shared(1.0, []) for _ in instance.jobs] if instance.free_order else []
        while heap:
            _, place = heapq.heappop(heap)
            extra = jobs[int(instance.job[place])] if jobs else None
            found = self._best_mode(place, ready[place], booked, stock, extra)
            if found is None:
                return None
            begin, mode = found
            end = begin + float(instance.duration[mode])
            for resource, amount in instance.needs_of[mode]:
                book = booked[resource]
                if not instance.renewable[resource]:
                    stock[resource] -= amount
                elif isinstance(book, Machine):
                    if end > begin:
                        book.put(begin, end, int(instance.family[place]))
                else:
                    book.put(begin, end, amount)
            if extra is not None:
                extra.put(begin, end, 1.0)
            start[place], chosen[place] = begin, mode
            for then, lag in self._successors[place]:
                ready[then] = max(ready[then], end + lag)
                waits[then] -= 1
                if not waits[then]:
                    heapq.heappush(heap, (rank[then], then))
        return Schedule(start, chosen)

    def _best_mode(
        self, place: int, ready: float, booked: list[Machine | Shared], stock: np.ndarray, extra: Shared | None
    ) -> tuple[float, int] | None:
        best: tuple[float, float, float, int] | None = None
        for mode in self._instance.modes_of[place]:
            if any(
                not self._instance.renewable[r] and a > stock[r] + _EPSILON for r, a in self._instance.needs_of[mode]
            ):
                continue
            begin = self._fit(place, mode, ready, booked, extra)
            if math.isfinite(begin):
                end = begin + float(self._instance.duration[mode])
                key = end, float(self._instance.cost[mode]), begin, mode
                best = key if best is None or key < best else best
        return None if best is None else (best[2], best[3])

    def _fit(
        self, place: int, mode: int, ready: float, booked: list[Machine | Shared], extra: Shared | None
    ) -> float:
        """Finds the first time at which all that a mode takes is free at once."""
        instance = self._instance
        duration = float(instance.duration[mode])
        time = ready
        while True:
            later = time
            for resource, amount in instance.needs_of[mode]:
                book = booked[resource]
                if not instance.renewable[resource] or duration == 0:
                    continue
                if isinstance(book, Machine):
                    later = book.earliest(later, duration, int(instance.family[place]))
                else:
                    later = book.earliest(later, duration, amount)
            if extra is not None and duration:
                later = extra.earliest(later, duration, 1.0)
            if later <= time + _EPSILON or not math.isfinite(later):
                return later
            time = later


def rules_of(instance: SchedulingInstance, builder: Builder) -> dict[str, np.ndarray]:
    """Returns priorities by operation for each rule; larger goes first."""
    least = np.array([min(instance.duration[mode] for mode in modes) for modes in instance.modes_of])
    tail = builder.tails()
    due = np.where(
        np.isfinite(instance.due), instance.due, instance.due[np.isfinite(instance.due)].max(initial=0) + 1
    )
    weight = instance.weight[instance.job]
    work = np.zeros(len(instance.jobs))
    np.add.at(work, instance.job, least)
    return {
        "longest way to the end": tail,
        "shortest first": -least,
        "longest first": least,
        "most work in the job": work[instance.job] + tail * 1e-3,
        "least work in the job": -work[instance.job] + tail * 1e-3,
        "earliest due": -due[instance.job] + tail * 1e-6,
        "least slack": tail - due[instance.job],
        "weight by time": weight / np.maximum(least, 1e-9),
        "first come": -instance.release - np.arange(instance.size) * 1e-9,
    }


def best_of_rules(instance: SchedulingInstance, stop: Callable[[], bool]) -> Schedule | None:
    """Builds a schedule by every rule and returns the best; None if none comes to an end."""
    builder = Builder(instance)
    if not builder.able or not instance.size:
        return None
    best: tuple[float, Schedule] | None = None
    for priority in rules_of(instance, builder).values():
        schedule = builder.build(priority)
        if schedule is None or _is_late(instance, schedule):
            continue
        value = objective_of(instance, schedule)
        if best is None or value < best[0]:
            best = value, schedule
        if stop():
            break
    return None if best is None else best[1]


def _is_late(instance: SchedulingInstance, schedule: Schedule) -> bool:
    end = schedule.start + instance.duration[schedule.mode]
    return bool((end > instance.deadline[instance.job] + _EPSILON).any())
