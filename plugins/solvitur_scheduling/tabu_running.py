"""Runs the tabu search for the job shop: several good schedules, improved in turn and mixed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solvitur_scheduling.dispatching import Builder, rules_of
from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.tabu_kernel import link, search, seed, times, walk
from solvitur_scheduling.whole_times import scale_of

_STEPS = 2000
"""So many steps are gone between two looks at the clock."""
_PATIENCE = 10_000
"""A search ends after so many steps without a better schedule."""
_KEPT = 8
"""So many schedules are kept to be mixed."""


@dataclass(eq=False)
class Shop:
    """A job shop as arrays by operation, machines' orders written one after the other."""

    instance: SchedulingInstance
    scale: int
    p: np.ndarray
    jp: np.ndarray
    js: np.ndarray
    machine: np.ndarray
    bounds: np.ndarray
    at: np.ndarray
    width: np.ndarray
    """An order of two operations of a machine has the number ``at[one] + width[other]``."""
    orders: int

    @classmethod
    def of(cls, instance: SchedulingInstance) -> Shop:
        """Reads a classical job shop."""
        scale = scale_of(instance)
        jp, js = np.full(instance.size, -1, np.int64), np.full(instance.size, -1, np.int64)
        jp[instance.before[:, 1]] = instance.before[:, 0]
        js[instance.before[:, 0]] = instance.before[:, 1]
        machine = np.empty(instance.size, np.int64)
        machine[instance.need[:, 0].astype(np.int64)] = instance.need[:, 1].astype(np.int64)
        counts = np.bincount(machine, minlength=len(instance.resources))
        bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        width = np.empty(instance.size, np.int64)
        width[np.argsort(machine, kind="stable")] = np.concatenate([np.arange(count) for count in counts])
        base = np.concatenate([[0], np.cumsum(counts.astype(np.int64) ** 2)])
        at = base[machine] + width * counts[machine]
        p = np.rint(instance.duration * scale).astype(np.int64)
        return cls(instance, scale, p, jp, js, machine, bounds, at, width, int(base[-1]))

    @property
    def floor(self) -> int:
        """A plain bound: the longest job, and each machine's work with the least way before and after."""
        instance = self.instance
        head, tail = np.zeros(instance.size, np.int64), np.zeros(instance.size, np.int64)
        for operations in instance.operations_of:
            for one, then in itertools.pairwise(operations):
                head[then] = head[one] + self.p[one]
            for then, one in itertools.pairwise(reversed(operations)):
                tail[one] = tail[then] + self.p[then]
        bound = int((head + self.p + tail).max(initial=0))
        for m in range(len(self.bounds) - 1):
            on = self.machine == m
            if on.any():
                bound = max(bound, int(head[on].min() + self.p[on].sum() + tail[on].min()))
        return bound

    def order_of(self, schedule: Schedule) -> np.ndarray:
        """Returns the machines' orders of a schedule."""
        start = np.rint(schedule.start * self.scale)
        return np.lexsort((np.arange(self.instance.size), start, start + self.p, self.machine)).astype(np.int64)

    def schedule(self, order: np.ndarray) -> tuple[Schedule, float]:
        """Returns the schedule of machines' orders, each operation as early as it can, and its makespan."""
        n = self.instance.size
        pos, mp, ms, r, q = (np.zeros(n, np.int64) for _ in range(5))
        link(order, self.bounds, pos, mp, ms)
        longest = times(self.p, self.jp, self.js, mp, ms, r, q)
        return Schedule(r / self.scale, np.arange(n, dtype=np.int64)), longest / self.scale


@dataclass(eq=False)
class _Found:
    order: np.ndarray
    makespan: int


class TabuSearch:
    """Improves a job shop's schedule until it is told to stop."""

    def __init__(
        self, shop: Shop, number: int, stop: Callable[[], bool], tell: Callable[[Schedule, float], None]
    ) -> None:
        self._shop = shop
        self._stop = stop
        self._tell = tell
        self._random = random.Random(number)
        self._floor = shop.floor
        self.best: _Found | None = None
        self.steps = 0
        seed(number % 2**31)
        jobs, machines = len(shop.instance.jobs), max(1, len(shop.instance.resources))
        self._tenure = 10 + jobs // machines
        self._tabu = np.zeros(shop.orders, np.int64)

    @property
    def proven(self) -> bool:
        """Whether the best schedule is as short as the plain bound allows."""
        return self.best is not None and self.best.makespan <= self._floor

    def run(self) -> None:
        """Searches from some first schedules, then between the best of them."""
        kept: list[_Found] = []
        for first in self._firsts():
            if self._over:
                return
            kept.append(self._improve(first))
        while not self._over and len(kept) > 1:
            one, other = self._random.sample(kept, 2)
            order = one.order.copy()
            apart = self._distance(one.order, other.order)
            if apart < 10:
                order = self._firsts(1)[0]
            else:
                swaps = self._random.randint(apart // 5, max(apart // 5 + 1, apart // 2))
                shop = self._shop
                walk(shop.p, shop.jp, shop.js, shop.machine, shop.bounds, order, other.order, swaps)
            child = self._improve(order)
            self._keep(kept, child)

    @property
    def _over(self) -> bool:
        return self._stop() or self.proven

    def _firsts(self, count: int = _KEPT) -> list[np.ndarray]:
        """Builds schedules by rules, then by rules mixed with chance."""
        builder = Builder(self._shop.instance)
        rules = list(rules_of(self._shop.instance, builder).values())
        made = []
        for number in range(count):
            tail = rules[0]
            noise = np.array([self._random.random() for _ in range(len(tail))])
            priority = tail if number == 0 and count > 1 else tail * (1 + self._random.random() * noise)
            schedule = builder.build(priority)
            if schedule is not None:
                made.append(self._shop.order_of(schedule))
        return made

    def _improve(self, order: np.ndarray) -> _Found:
        shop = self._shop
        here, best = order.copy(), order.copy()
        self._tabu[:] = 0
        clock = np.array([0, 0, np.iinfo(np.int64).max], np.int64)
        while True:
            search(
                shop.p,
                shop.jp,
                shop.js,
                shop.machine,
                shop.bounds,
                here,
                shop.at,
                shop.width,
                self._tabu,
                clock,
                _STEPS,
                self._tenure,
                self._floor,
                best,
            )
            found = _Found(best, int(clock[2]))
            if self.best is None or found.makespan < self.best.makespan:
                self.best = _Found(best.copy(), found.makespan)
                self._tell(*shop.schedule(best))
            if self._over or clock[0] - clock[1] > _PATIENCE or clock[0] % _STEPS:
                self.steps += int(clock[0])
                return found

    def _distance(self, one: np.ndarray, other: np.ndarray) -> int:
        """Counts pairs of operations that two orders have the other way round, from a sample if there are many."""
        place = np.empty(len(other), np.int64)
        place[other] = np.arange(len(other))
        total = 0
        bounds = self._shop.bounds
        for m in range(len(bounds) - 1):
            there = place[one[bounds[m] : bounds[m + 1]]]
            total += int(np.triu(there[:, None] > there[None, :], 1).sum())
        return total

    def _keep(self, kept: list[_Found], child: _Found) -> None:
        """Puts a new schedule in the place of the worst, unless it is much like one that is kept."""
        for number, other in enumerate(kept):
            if self._distance(child.order, other.order) < 5:
                if child.makespan < other.makespan:
                    kept[number] = child
                return
        worst = max(range(len(kept)), key=lambda number: kept[number].makespan)
        if child.makespan <= kept[worst].makespan:
            kept[worst] = child
