"""Checks a schedule operation by operation, in plain arithmetic; shares nothing with any solver."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from solvitur.api import ElementCheck, Finding, Result, Severity, Verification
from solvitur_scheduling.instance import Schedule, SchedulingInstance

TOLERANCE = 1e-6
_SAID = 10


@dataclass(eq=False)
class _Tally:
    """Counts one rule over all it applies to, and keeps what is said of the broken ones."""

    name: str
    description: str
    count: int = 0
    tight: int = 0
    broken: list[tuple[float, str]] = field(default_factory=list)
    nearest: tuple[float, str] = (math.inf, "")

    def row(self, slack: float, element: str, words: str) -> None:
        """Counts one row: its slack (negative: broken), what it is about, and what to say if it is broken."""
        self.count += 1
        if slack < -TOLERANCE:
            self.broken.append((-slack, words))
        elif slack <= TOLERANCE:
            self.tight += 1
        if slack < self.nearest[0]:
            self.nearest = slack, element

    @property
    def check(self) -> ElementCheck:
        """The tally as a line of the report."""
        worst = max((amount for amount, _ in self.broken), default=0.0)
        satisfied = self.count - len(self.broken)
        return ElementCheck(
            self.name, self.count, satisfied, self.tight, len(self.broken), worst, self.nearest[1], self.description
        )


def verify(instance: SchedulingInstance, result: Result) -> Verification:
    """Checks modes, times, orders, machines, resources and the objective of an answer."""
    answer = result.answer
    fault = _shape_fault(instance, answer)
    if fault:
        return Verification(False, math.inf, None, findings=(Finding(Severity.ERROR, fault),))
    assert isinstance(answer, Schedule)
    walk = _Walk(instance, answer)
    tallies = [tally for tally in walk.tallies() if tally.count]
    objective = _objective(instance, walk)
    findings = [
        Finding(Severity.ERROR, words, tally.name)
        for tally in tallies
        for _, words in sorted(tally.broken, reverse=True)[:_SAID]
    ]
    if result.objective is not None and abs(result.objective - objective) > 1e-6 * max(1.0, abs(objective)):
        said = f"the solver claims {instance.objective} {result.objective:g}, the schedule has {objective:g}"
        findings.append(Finding(Severity.ERROR, said, "objective"))
    worst = max((amount for tally in tallies for amount, _ in tally.broken), default=0.0)
    return Verification(
        not findings,
        worst,
        objective,
        tuple(tally.check for tally in tallies),
        findings=tuple(findings),
        tolerance=TOLERANCE,
    )


def _shape_fault(instance: SchedulingInstance, answer: object) -> str:
    if not isinstance(answer, Schedule):
        return "the answer is no schedule"
    start, mode = np.asarray(answer.start), np.asarray(answer.mode)
    if start.shape != (instance.size,) or mode.shape != (instance.size,):
        return f"the schedule has {len(start)} operations, expected {instance.size}"
    if not np.isfinite(start).all():
        return "the schedule holds a time that is no number"
    for place, chosen in enumerate(mode.tolist()):
        if chosen not in instance.modes_of[place]:
            return f"'{instance.names[place]}' is done in a way that it does not have"
    return ""


class _Walk:
    """One schedule, taken apart: when each operation starts, ends, and gives its machine back."""

    def __init__(self, instance: SchedulingInstance, answer: Schedule) -> None:
        self.instance = instance
        self.start = [float(time) for time in answer.start]
        self.mode = [int(mode) for mode in answer.mode]
        self.end = [time + float(instance.duration[mode]) for time, mode in zip(self.start, self.mode, strict=True)]
        self.held = list(self.end)
        if instance.buffers == "blocking":
            for operations in instance.operations_of:
                chain = sorted(operations, key=lambda place: (self.start[place], self.end[place]))
                for one, then in itertools.pairwise(chain):
                    self.held[one] = max(self.end[one], self.start[then])

    def tallies(self) -> Iterator[_Tally]:
        """Checks rule after rule."""
        yield self._releases()
        yield self._precedences()
        yield self._jobs()
        yield self._capacity()
        yield self._stocks()
        yield self._setups()
        yield self._calendar()
        yield self._deadlines()
        yield self._orders()

    def _name(self, place: int) -> str:
        return f"'{self.instance.names[place]}'"

    def _releases(self) -> _Tally:
        tally = _Tally("release", "each operation starts no earlier than it may")
        for place, time in enumerate(self.start):
            earliest = max(0.0, float(self.instance.release[place]))
            words = f"{self._name(place)} starts at {time:g}, before {earliest:g}, when it may"
            tally.row(time - earliest, self.instance.names[place], words)
        return tally

    def _precedences(self) -> _Tally:
        tally = _Tally("precedence", "what comes before is done before")
        for (one, then), lag in zip(self.instance.before.tolist(), self.instance.lag.tolist(), strict=True):
            wait = self.start[then] - self.end[one] - lag
            after = f" and {lag:g} after it" if lag else ""
            begins, ends = f"{self.start[then]:g}", f"{self.end[one]:g}"
            words = f"{self._name(then)} starts at {begins}, before {self._name(one)} ends at {ends}"
            tally.row(wait, self.instance.names[then], words + after)
            if self.instance.buffers == "no-wait" and self.instance.job[one] == self.instance.job[then]:
                words = f"{self._name(then)} waits {wait:g} after {self._name(one)}, though nothing may wait"
                tally.row(-abs(wait), self.instance.names[then], words)
        return tally

    def _jobs(self) -> _Tally:
        tally = _Tally("one at a time", "no two operations of a job at once")
        if not self.instance.free_order:
            return tally
        for operations in self.instance.operations_of:
            chain = sorted(operations, key=lambda place: (self.start[place], self.end[place]))
            for one, then in itertools.pairwise(chain):
                words = f"{self._name(one)} and {self._name(then)} of one job overlap"
                tally.row(self.start[then] - self.end[one], self.instance.names[then], words)
        return tally

    def _capacity(self) -> _Tally:
        tally = _Tally("capacity", "no resource does more than it can at once")
        events: dict[int, list[tuple[float, int, float, int]]] = defaultdict(list)
        for place, mode in enumerate(self.mode):
            for resource, amount in self.instance.needs_of[mode]:
                if self.instance.renewable[resource] and self.held[place] > self.start[place]:
                    events[resource].append((self.start[place], 1, amount, place))
                    events[resource].append((self.held[place], 0, -amount, place))
        for resource, changes in sorted(events.items()):
            used, have = 0.0, float(self.instance.capacity[resource])
            name = self.instance.resources[resource]
            changes.sort(key=lambda change: (change[0] + (TOLERANCE if change[1] else 0.0), change[1]))
            running: list[int] = []
            for time, starts, amount, place in changes:
                used += amount
                if starts:
                    running.append(place)
                    who = " and ".join(self._name(other) for other in running[-3:])
                    words = f"'{name}' has {used:g} of {have:g} in use at {time:g}: {who}"
                    tally.row(have - used, name, words)
                else:
                    running.remove(place)
        return tally

    def _stocks(self) -> _Tally:
        tally = _Tally("stock", "no more is used up than there is")
        for resource, name in enumerate(self.instance.resources):
            if self.instance.renewable[resource]:
                continue
            used = math.fsum(a for mode in self.mode for r, a in self.instance.needs_of[mode] if r == resource)
            have = float(self.instance.capacity[resource])
            tally.row(have - used, name, f"{used:g} of '{name}' is used, there are {have:g}")
        return tally

    def _setups(self) -> _Tally:
        tally = _Tally("set-up", "machines are set up between operations")
        if not len(self.instance.setup):
            return tally
        times = {(int(r), int(a), int(b)): time for r, a, b, time in self.instance.setup.tolist()}
        for resource, places in self._by_resource().items():
            for one, then in itertools.pairwise(places):
                key = resource, int(self.instance.family[one]), int(self.instance.family[then])
                if key in times:
                    gap = self.start[then] - self.held[one] - times[key]
                    both = f"{self._name(one)} and {self._name(then)}"
                    words = f"between {both} there is no time for a set-up of {times[key]:g}"
                    tally.row(gap, self.instance.names[then], words)
        return tally

    def _by_resource(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for place, mode in enumerate(self.mode):
            for resource, _ in self.instance.needs_of[mode]:
                if self.instance.machine[resource]:
                    found[resource].append(place)
        for places in found.values():
            places.sort(key=lambda place: (self.start[place], self.held[place]))
        return found

    def _calendar(self) -> _Tally:
        tally = _Tally("calendar", "nothing runs where it is closed")
        closed: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for resource, begin, until in self.instance.closed.tolist():
            closed[int(resource)].append((begin, until))
        for place, mode in enumerate(self.mode):
            for resource, _ in self.instance.needs_of[mode]:
                for begin, until in closed.get(resource, ()):
                    overlap = min(self.end[place], until) - max(self.start[place], begin)
                    name = self.instance.resources[resource]
                    words = f"{self._name(place)} runs on '{name}' while it is closed from {begin:g} to {until:g}"
                    tally.row(-overlap if self.end[place] > self.start[place] else 0.0, name, words)
        return tally

    def _deadlines(self) -> _Tally:
        tally = _Tally("deadline", "jobs are done by their deadline")
        for job, done in enumerate(self.done):
            latest = float(self.instance.deadline[job])
            if math.isfinite(latest):
                words = f"'{self.instance.jobs[job]}' is done at {done:g}, after its deadline {latest:g}"
                tally.row(latest - done, self.instance.jobs[job], words)
        return tally

    def _orders(self) -> _Tally:
        tally = _Tally("same order", "every machine takes the jobs in the same order")
        if not self.instance.same_order:
            return tally
        orders = {r: [int(self.instance.job[p]) for p in places] for r, places in self._by_resource().items()}
        if orders:
            first = next(iter(orders.values()))
            for resource, order in orders.items():
                name = self.instance.resources[resource]
                tally.row(
                    0.0 if order == first else -1.0, name, f"'{name}' takes the jobs in another order than the rest"
                )
        return tally

    @property
    def done(self) -> list[float]:
        """When each job is done."""
        return [max((self.end[place] for place in places), default=0.0) for places in self.instance.operations_of]


def _objective(instance: SchedulingInstance, walk: _Walk) -> float:
    """Works the objective out from the times, in compensated arithmetic."""
    done = walk.done
    late = [time - due for time, due in zip(done, instance.due.tolist(), strict=True)]
    weight = instance.weight.tolist()
    if instance.objective == "makespan":
        return max(walk.end, default=0.0)
    if instance.objective == "lateness":
        return max((gap for gap in late if math.isfinite(gap)), default=0.0)
    if instance.objective == "tardiness":
        return math.fsum(max(0.0, gap) for gap in late if math.isfinite(gap))
    if instance.objective == "weighted tardiness":
        return math.fsum(w * max(0.0, gap) for w, gap in zip(weight, late, strict=True) if math.isfinite(gap))
    if instance.objective == "completion":
        return math.fsum(done)
    if instance.objective == "weighted completion":
        return math.fsum(w * time for w, time in zip(weight, done, strict=True))
    return math.fsum(float(instance.cost[mode]) for mode in walk.mode)
