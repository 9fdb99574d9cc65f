"""Runs the tour improver within a job's limits: first tour, Lin-Kernighan, kicks, and a bound."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from solvitur.api import Job, Result, Status, is_proven
from solvitur_routing.costs import objective_of
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.metrics import MATRIX
from solvitur_tours.bounding import raised
from solvitur_tours.candidates import greedy_tour, near_by_grid, near_by_matrix
from solvitur_tours.curve import along_curve
from solvitur_tours.distances import code_of, table_of
from solvitur_tours.exact import FEW, shortest
from solvitur_tours.flips import new_board
from solvitur_tours.improving import kick_and_settle, settle_all
from solvitur_tours.meanwhile import stand_in
from solvitur_tours.part import Options
from solvitur_tours.warming import LEVELS, is_warm, warm_apart

_BOUNDED = 2_500
_CHUNK_S = 0.25
_MARGIN_S = 0.12
_FLIPS = 100_000
_SMALL = 2_500
"""Up to so many cities there is time enough to let a tour get longer now and then, and to look at more neighbours."""


@dataclass(eq=False)
class Cities:
    """Cities as compiled code wants them; one-way distances are doubled into a symmetric problem.

    City c + n is then the departure from c: each is tied to its arrival (``partner``) by a way that nothing can beat
    (Jonker and Volgenant, 1983).
    """

    xy: np.ndarray
    matrix: np.ndarray
    code: int
    near: np.ndarray
    apart: np.ndarray
    partner: np.ndarray
    eps: float
    doubled: bool

    @property
    def count(self) -> int:
        """Number of cities, doubled ones twice."""
        return len(self.near)


def run(instance: RoutingInstance, options: Options, job: Job) -> Result:
    """Improves a tour until the time is up, it is proven, or patience ends."""
    if instance.size <= FEW:
        return _few(instance)
    if instance.positions is not None and instance.distances is None:
        first = _answer(along_curve(instance.positions[:, :2]))
        job.incumbent(first, objective_of(instance, first))
    else:
        first = _answer(np.arange(instance.size))
    if not is_warm():
        found = stand_in(instance, job, warm_apart())
        if found is not None:
            first = found
        if job.cancelled or job.remaining_s <= 0.5:
            status = Status.CANCELLED if job.cancelled else Status.FEASIBLE
            reason = "the time was up while compiled code was prepared for the first time; the next run has it"
            return Result(status, first, objective_of(instance, first), reason=reason)
    job.progress(None, "preparing neighbours")
    cities = prepare(instance, options.neighbours or (10 if instance.size <= _SMALL else 6))
    tour = _first(cities, instance)
    search = Search(instance, cities, options, job, tour)
    job.progress(None, "improving")
    settle_all(search.board, search.ground, search.breadth, cities.eps)
    search.report()
    search.go_on()
    answer = search.best
    objective = objective_of(instance, answer)
    if search.bound is not None and is_proven(objective, search.bound):
        return Result(Status.OPTIMAL, answer, objective, objective, statistics=search.statistics)
    why = search.reason or ("it was stopped" if job.cancelled else "the time limit was reached")
    status = Status.CANCELLED if job.cancelled else Status.FEASIBLE
    return Result(status, answer, objective, search.bound, why, statistics=search.statistics)


def _few(instance: RoutingInstance) -> Result:
    matrix = instance.distance_matrix()
    answer = _answer(shortest(matrix))
    objective = objective_of(instance, answer)
    if not math.isfinite(objective):
        return Result(Status.INFEASIBLE, reason="no tour takes only ways that exist")
    return Result(Status.OPTIMAL, answer, objective, objective)


def _answer(tour: np.ndarray) -> RoutingAnswer:
    at = int(np.flatnonzero(tour == 0)[0])
    return RoutingAnswer.of([np.roll(tour, -at)[1:]], [0])


def prepare(instance: RoutingInstance, neighbours: int) -> Cities:
    """Builds neighbours and what is needed to measure distances."""
    n = instance.size
    xy = np.zeros((n, 2)) if instance.positions is None else np.ascontiguousarray(instance.positions[:, :2])
    code = 0 if instance.distances is not None else code_of(instance.metric, instance.rounding)
    flat = instance.positions is not None and instance.positions.shape[1] == 2
    wanted = min(neighbours, n - 2)
    partner = np.full(n, -1, np.int32)
    if not instance.symmetric:
        return _doubled(instance, wanted)
    if code and flat:
        matrix = np.zeros((1, 1))
        near = near_by_grid(xy, matrix, code, wanted)
    else:
        matrix = instance.distance_matrix()
        if instance.metric != MATRIX and instance.distances is None:
            matrix = table_of(instance.positions, instance.metric, instance.rounding)  # type: ignore[arg-type]
        matrix = _finite(matrix)
        code, near = 0, near_by_matrix(matrix, wanted)
    apart = instance.distance(np.arange(n)[:, None], near)
    order = np.argsort(apart, axis=1, kind="stable")
    near = np.ascontiguousarray(np.take_along_axis(near, order, axis=1))
    apart = np.ascontiguousarray(np.take_along_axis(apart, order, axis=1).astype(np.float64))
    eps = 1e-9 * max(1.0, float(apart[np.isfinite(apart)].max(initial=1.0)))
    return Cities(xy, matrix, code, near, apart, partner, max(eps, 1e-9), doubled=False)


def _finite(matrix: np.ndarray) -> np.ndarray:
    far = matrix[np.isfinite(matrix)].max(initial=1.0)
    return np.where(np.isfinite(matrix), matrix, 4.0 * far + 1.0)


def _doubled(instance: RoutingInstance, wanted: int) -> Cities:
    ways = _finite(instance.distance_matrix())
    n = len(ways)
    np.fill_diagonal(ways, 0.0)
    tie = 4.0 * float(ways.max()) + 1.0
    matrix = np.full((2 * n, 2 * n), tie)
    matrix[n:, :n] = ways
    matrix[:n, n:] = ways.T
    both = np.arange(n)
    matrix[both, both + n] = matrix[both + n, both] = -tie
    leaving, arriving = near_by_matrix(ways, wanted), near_by_matrix(ways.T.copy(), wanted)
    near = np.concatenate([arriving + n, leaving]).astype(np.int32)
    apart = np.ascontiguousarray(matrix[np.arange(2 * n)[:, None], near])
    partner = np.concatenate([both + n, both]).astype(np.int32)
    xy = np.zeros((2 * n, 2))
    return Cities(xy, matrix, 0, np.ascontiguousarray(near), apart, partner, 1e-9 * tie, doubled=True)


def _first(cities: Cities, instance: RoutingInstance) -> np.ndarray:
    if not cities.doubled:
        found: np.ndarray = greedy_tour(cities.near, cities.xy, cities.matrix, cities.code)
        return found
    n = cities.count // 2
    ways = cities.matrix[n:, :n].copy()
    left = np.ones(n, bool)
    order = [0]
    left[0] = False
    for _ in range(n - 1):
        order.append(int(np.argmin(np.where(left, ways[order[-1]], np.inf))))
        left[order[-1]] = False
    return np.stack([np.array(order), np.array(order) + n], axis=1).ravel().astype(np.int32)


class Search:
    """A tour being improved, the best so far, and what was proven."""

    def __init__(
        self, instance: RoutingInstance, cities: Cities, options: Options, job: Job, tour: np.ndarray
    ) -> None:
        self._instance, self._cities, self._options, self._job = instance, cities, options, job
        self.board = new_board(tour.astype(np.int32), _FLIPS, len(LEVELS))
        self.ground = (cities.near, cities.apart, cities.xy, cities.matrix, cities.code)
        self.breadth = np.array(LEVELS, np.int64)
        self.bound: float | None = None
        self.reason = ""
        self._kicks = 0
        self._objective = math.inf
        self._penalty = np.zeros(cities.count)
        self._step = 1.0
        self._usual = float(cities.apart[:, 0].mean())
        self._began = job.elapsed_s
        self._strict = cities.count > _SMALL
        self._kept = None if self._strict else self.board[0].copy()
        self.best = self._now()

    @property
    def statistics(self) -> dict[str, int]:
        """How many kicks were made."""
        return {"kicks": self._kicks}

    def _now(self) -> RoutingAnswer:
        if not self._cities.doubled:
            return _answer(self.board[0])
        n = self._cities.count // 2
        order = self.board[0] if self.board[0][(self.board[1][0] + 1) % (2 * n)] == n else self.board[0][::-1]
        return _answer(order[order < n])

    def report(self) -> None:
        """Tells the job of the present tour if it is the best so far."""
        answer = self._now()
        objective = objective_of(self._instance, answer)
        if objective < self._objective:
            self._objective, self.best = objective, answer
            if self._kept is not None:
                self._kept[:] = self.board[0]
            self._job.incumbent(answer, objective)

    def go_on(self) -> None:
        """Kicks until the time is up, a proof is found, or patience ends; bounds in between."""
        job, cities = self._job, self._cities
        random = np.array([(job.seed * 2654435761 + 88172645463325252) % 2**63 + 1], np.uint64)
        patience = self._options.patience * cities.count + 20_000 if self._options.patience else math.inf
        kicks, stale, bounding = 50, 0, 0.0
        can_bound = self._options.bound and not cities.doubled and cities.count <= _BOUNDED
        started = time.monotonic()
        while not job.cancelled and job.remaining_s > _MARGIN_S:
            clock = time.monotonic()
            worse = self._tolerance()
            gain = kick_and_settle(
                kicks, self.board, self.ground, self.breadth, cities.eps, random, cities.partner, worse
            )
            self._kicks += kicks
            spent = max(1e-4, time.monotonic() - clock)
            stale = 0 if gain > cities.eps or worse else stale + kicks
            self.report()
            if stale > patience:
                self.reason = "no shorter tour was found for long"
                return
            kicks = int(min(max(10, kicks * _CHUNK_S / spent), 4 * kicks, max(10, kicks * job.remaining_s / spent)))
            if can_bound and bounding < 0.15 * (time.monotonic() - started) and self._step > 1e-3:
                clock = time.monotonic()
                self._raise_bound()
                bounding += time.monotonic() - clock
                if self.bound is not None and is_proven(self._objective, self.bound):
                    return

    def _tolerance(self) -> float:
        """By how much a kick may lengthen the tour: less and less, nothing in the last part of the time.

        Once nothing is tolerated any more, the search goes on from the best tour there was.
        """
        over = (self._job.elapsed_s - self._began) / max(1e-9, 0.8 * (self._job.time_limit_s - self._began))
        if over < 1.0 and self._kept is not None:
            return self._usual * (1.0 - over)
        if not self._strict:
            self._strict = True
            if self._kept is not None:
                self.board[0][:] = self._kept
                self.board[1][self._kept] = np.arange(self._cities.count, dtype=np.int32)
        return 0.0

    def _raise_bound(self) -> None:
        cities, instance = self._cities, self._instance
        price = float(instance.fleet.distance_cost[0]) * instance.report
        fixed = float(instance.fleet.fixed_cost[0]) * instance.report
        if price <= 0:
            self._step = 0.0
            return
        target = (self._objective - fixed) / price
        rounds = max(1, min(20, 40_000_000 // cities.count**2))
        found, self._step = raised(rounds, target, self._penalty, self._step, cities.xy, cities.matrix, cities.code)
        bound = found * price + fixed - 1e-9 * abs(found * price)
        if _whole(instance) and price == round(price) and fixed == round(fixed):
            bound = math.ceil(bound - 1e-6)
        if self.bound is None or bound > self.bound:
            self.bound = min(bound, self._objective)
            self._job.bound(self.bound)


def _whole(instance: RoutingInstance) -> bool:
    if instance.distances is not None:
        return bool((instance.distances == np.rint(instance.distances)).all())
    return instance.rounding in ("whole", "up", "down") or instance.metric in ("geographic", "pseudo-euclidean")
