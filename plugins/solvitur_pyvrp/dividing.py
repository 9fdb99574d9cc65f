"""Divides, improves the parts side by side, reunites, and cuts anew elsewhere, until the time is up."""

from __future__ import annotations

import math
import os
import time

import numpy as np

from solvitur.api import Feature, Job, Result, Status
from solvitur_pyvrp.crew import Crew, Order
from solvitur_pyvrp.divide_part import Options
from solvitur_routing.costs import objective_of, route_cost
from solvitur_routing.decomposing import Clusters, part_of_routes
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.nearness import neighbouring
from solvitur_routing.parting import Cut, reunited
from solvitur_routing.savings import savings

_WHOLE = 1_200
"""Up to so many stops the first answer may come from the whole instance at once."""
_MARGIN_S = 0.4


def run(instance: RoutingInstance, options: Options, job: Job) -> Result:
    """Solves an instance within the job's limits."""
    workers = options.workers or max(job.threads, os.cpu_count() or 1)
    job.progress(None, "starting the workers")
    crew = Crew(workers)
    try:
        job.progress(None, "finding a first answer")
        answer = savings(instance) or _first(instance, crew, workers, options, job)
        if answer is None:
            why = Status.CANCELLED if job.cancelled else Status.UNKNOWN
            return Result(why, reason="no answer that keeps all rules was found in time")
        search = _Search(instance, answer, crew, workers, options, job)
        search.go_on()
    finally:
        crew.shutdown()
    status = Status.CANCELLED if job.cancelled else Status.FEASIBLE
    reason = "it was stopped" if job.cancelled else "the time limit was reached"
    objective = objective_of(instance, search.answer)
    return Result(status, search.answer, objective, reason=reason, statistics=search.statistics)


def _first(instance: RoutingInstance, crew: Crew, workers: int, options: Options, job: Job) -> RoutingAnswer | None:
    """Finds a first answer with PyVRP: of the whole, or of clusters where that would take too long."""
    if _starts_in_clusters(instance) and Clusters().suits(instance) > 0:
        found = _clustered(instance, crew, options, job)
        if found is not None:
            return found
    answer: RoutingAnswer | None = None
    share = 0.35
    while answer is None and not job.cancelled and job.remaining_s > 2 * _MARGIN_S:
        seconds = max(0.5, min(share * job.time_limit_s, job.remaining_s - 2 * _MARGIN_S))
        for worker in crew.idle:
            crew.give(worker, Order(instance, None, seconds, job.seed + worker))
        found_all = _collect(crew, job)
        good = [each for each in found_all if each is not None]
        answer = min(good, key=lambda each: objective_of(instance, each), default=None)
        if not crew.idle:
            break
    if answer is not None:
        job.incumbent(answer, objective_of(instance, answer))
    return answer


def _starts_in_clusters(instance: RoutingInstance) -> bool:
    """Tells whether clusters answered one by one are a better start than the whole at once.

    Measured on the public sets: so it is with fleets of several types or depots; where collections come after all
    deliveries it is not, as clusters then lack the one or the other.
    """
    features = instance.features
    if Feature.BACKHAULS in features:
        return False
    return instance.stops > _WHOLE or bool(features & {Feature.MIXED_FLEET, Feature.SEVERAL_DEPOTS})


def _clustered(instance: RoutingInstance, crew: Crew, options: Options, job: Job) -> RoutingAnswer | None:
    clusters = Clusters()
    clusters.part_stops = min(options.part_stops, 150) if instance.stops <= 2_000 else 300
    parts, cut = clusters.split(instance)
    seconds = max(1.0, 0.3 * job.time_limit_s * max(1, len(crew.idle)) / len(parts))
    answers: dict[int, RoutingAnswer] = {}
    at: dict[int, int] = {}
    waiting = list(range(len(parts)))
    while (waiting or crew.busy) and not job.cancelled and job.remaining_s > _MARGIN_S:
        for worker in crew.idle:
            if waiting:
                at[worker] = waiting.pop(0)
                crew.give(worker, Order(parts[at[worker]], None, seconds, job.seed))
        for worker, answer in crew.ready(0.1):
            if answer is None:
                return None
            answers[at[worker]] = answer
    if len(answers) < len(parts):
        return None
    whole = reunited(cut, [answers[k] for k in range(len(parts))])
    job.incumbent(whole, objective_of(instance, whole))
    return whole


def _collect(crew: Crew, job: Job) -> list[RoutingAnswer | None]:
    found: list[RoutingAnswer | None] = []
    expected = len(crew.busy)
    while len(found) < expected and not job.cancelled and job.remaining_s > _MARGIN_S:
        found += [answer for _, answer in crew.ready(0.1)]
    return found


class _Search:
    """The answer as it is, and which of its routes are away being improved."""

    def __init__(
        self,
        instance: RoutingInstance,
        answer: RoutingAnswer,
        crew: Crew,
        workers: int,
        options: Options,
        job: Job,
    ) -> None:
        self._instance, self._crew, self._options, self._job = instance, crew, options, job
        self._workers = workers
        self._random = np.random.default_rng(job.seed)
        self._routes: dict[int, tuple[np.ndarray, int]] = {}
        self._last: dict[int, float] = {}
        self._next = 0
        for route, kind in zip(answer.routes, answer.vehicle.tolist(), strict=True):
            self._add(route, kind, 0.0)
        self._away: dict[int, tuple[list[int], Cut, RoutingInstance, RoutingAnswer]] = {}
        self._done, self._better = 0, 0
        self._objective = objective_of(instance, answer)
        job.incumbent(answer, self._objective)

    @property
    def answer(self) -> RoutingAnswer:
        """The routes as they are."""
        items = list(self._routes.values())
        return RoutingAnswer.of([route for route, _ in items], [kind for _, kind in items])

    @property
    def statistics(self) -> dict[str, int]:
        """How many parts were worked on, and how many got better."""
        return {"parts": self._done, "parts improved": self._better}

    def go_on(self) -> None:
        """Hands out parts and takes them back until the time is up."""
        job = self._job
        while not job.cancelled and job.remaining_s > _MARGIN_S:
            if not self._hand_out() and not self._away:
                time.sleep(0.05)
            for worker, answer in self._crew.ready(0.1):
                if worker in self._away:
                    self._take_back(*self._away.pop(worker), answer)
            job.progress(min(1.0, job.elapsed_s / max(1e-9, job.time_limit_s)), f"{self._done} parts improved on")

    def _add(self, route: np.ndarray, kind: int, when: float) -> None:
        self._routes[self._next] = (route, kind)
        self._last[self._next] = when
        self._next += 1

    def _hand_out(self) -> bool:
        given = False
        for worker in self._crew.idle:
            remaining = self._job.remaining_s - 1.5 * _MARGIN_S
            if remaining < 0.6:
                return given
            keys = list(self._routes)
            away = {key for chosen, *_ in self._away.values() for key in chosen}
            free = np.array([key not in away for key in keys])
            if not free.any():
                return given
            waited = np.array([self._last[key] if key not in away else math.inf for key in keys])
            oldest = np.flatnonzero(waited <= np.quantile(waited[free], 0.15))
            seed = int(self._random.choice(oldest))
            answer = self.answer
            size = int(self._options.part_stops * self._random.uniform(0.6, 1.4))
            chosen = neighbouring(self._instance, answer, seed, min(size, self._fair_share()), free)
            part, cut, present = part_of_routes(self._instance, answer, chosen, shares=self._workers)
            seconds = min(remaining, self._seconds(part.stops))
            order = Order(part, present, seconds, int(self._random.integers(2**31)))
            self._crew.give(worker, order)
            self._away[worker] = ([keys[k] for k in chosen], cut, part, present)
            given = True
        return given

    def _fair_share(self) -> int:
        """No part so large that the other workers go idle."""
        return max(40, math.ceil(self._instance.stops / self._workers))

    def _seconds(self, stops: int) -> float:
        if self._options.part_seconds:
            return self._options.part_seconds
        # Enough for two or three rounds over all stops, and no less than a part of this size takes to settle.
        visits = self._instance.stops / max(1, stops)
        return float(np.clip(self._job.time_limit_s * self._workers / (3.0 * visits), 0.008 * stops, 0.03 * stops))

    def _take_back(
        self, keys: list[int], cut: Cut, part: RoutingInstance, present: RoutingAnswer, answer: RoutingAnswer | None
    ) -> None:
        self._done += 1
        now = self._job.elapsed_s
        for key in keys:
            self._last[key] = now
        if answer is None or objective_of(part, answer) >= objective_of(part, present) - 1e-9:
            return
        whole = reunited(cut, [answer])
        pairs = list(zip(whole.routes, whole.vehicle.tolist(), strict=True))
        if not all(route_cost(self._instance, route, kind).feasible for route, kind in pairs):
            return
        for key in keys:
            del self._routes[key], self._last[key]
        for route, kind in pairs:
            self._add(route, kind, now)
        self._better += 1
        improved = self.answer
        self._objective = objective_of(self._instance, improved)
        self._job.incumbent(improved, self._objective)
