"""Costs and feasibility of routes as solvers and editors ask for them: quick, by arrays, one route at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solvitur_routing.instance import ANY_END, RoutingAnswer, RoutingInstance

EPSILON = 1e-7


@dataclass(frozen=True)
class RouteCost:
    """What a route comes to, and by how much it breaks each rule (0: kept).

    ``late`` is the time by which windows are missed in total, ``over`` the load above capacity over all dimensions,
    ``long`` the distance and duration above the limits, ``broken`` the number of other rules not kept.
    """

    cost: float
    distance: float
    duration: float
    late: float = 0.0
    over: float = 0.0
    long: float = 0.0
    broken: int = 0

    @property
    def feasible(self) -> bool:
        """Whether all rules are kept."""
        return not self.broken and max(self.late, self.over, self.long) <= EPSILON


def route_cost(instance: RoutingInstance, visits: np.ndarray, vehicle: int) -> RouteCost:
    """Evaluates one route of a vehicle type; about a microsecond per visit and a tenth of a millisecond at least."""
    if not len(visits):
        return RouteCost(0.0, 0.0, 0.0)
    fleet = instance.fleet
    path = path_of(instance, visits, vehicle)
    distance = float(instance.distance(path[:-1], path[1:]).sum())
    over, broken = _loads(instance, path, vehicle)
    late, duration = 0.0, 0.0
    if instance.timed:
        late, duration = _times(instance, path, vehicle)
    long = max(0.0, distance - float(fleet.max_distance[vehicle]))
    long += max(0.0, duration - float(fleet.max_duration[vehicle]))
    cost = float(fleet.fixed_cost[vehicle] + fleet.distance_cost[vehicle] * distance)
    cost += float(fleet.time_cost[vehicle]) * duration
    return RouteCost(cost, distance, duration, late, over, long, broken)


def path_of(instance: RoutingInstance, visits: np.ndarray, vehicle: int) -> np.ndarray:
    """Returns a route's places with its start and, unless it is open, its end."""
    start, end = int(instance.fleet.start[vehicle]), int(instance.fleet.end[vehicle])
    tail = [] if end == ANY_END else [end]
    return np.concatenate([[start], visits, tail]).astype(np.int64)


def objective_of(instance: RoutingInstance, answer: RoutingAnswer) -> float:
    """Evaluates the objective of an answer, whether or not it keeps the rules."""
    fleet, total = instance.fleet, 0.0
    routes = answer.routes
    if routes and not fleet.time_cost.any():
        paths = [path_of(instance, r, int(v)) for r, v in zip(routes, answer.vehicle, strict=True)]
        lengths = np.array([len(path) - 1 for path in paths])
        legs = instance.distance(
            np.concatenate([path[:-1] for path in paths]), np.concatenate([path[1:] for path in paths])
        )
        unit = np.repeat(fleet.distance_cost[answer.vehicle], lengths)
        total = float((legs * unit).sum() + fleet.fixed_cost[answer.vehicle].sum())
    else:
        total = sum(route_cost(instance, r, int(v)).cost for r, v in zip(routes, answer.vehicle, strict=True))
    visited = np.zeros(instance.size, bool)
    visited[answer.visits] = True
    visited[: instance.depots] = True
    total += float(instance.prize[~visited].sum())
    if instance.vehicles_first:
        total += vehicle_weight(instance) * len(routes)
    return tidy(total * instance.report)


def vehicle_weight(instance: RoutingInstance) -> float:
    """Returns what one vehicle counts when fewer vehicles come first: a power of ten above any sensible cost."""
    reach = float(instance.distance(np.zeros(instance.size, np.int64), np.arange(instance.size)).max())
    fleet = instance.fleet
    most = 2.0 * reach * instance.size * float(fleet.distance_cost.max()) + float(fleet.fixed_cost.max())
    return float(10.0 ** np.ceil(np.log10(max(1.0, most))))


def tidy(value: float) -> float:
    """Takes the rounding noise of sums away: six decimals, and whole numbers whole."""
    near = round(value, 6)
    return float(round(near)) if abs(near - round(near)) < 1e-6 else near


def _loads(instance: RoutingInstance, path: np.ndarray, vehicle: int) -> tuple[float, int]:
    """Returns the load above capacity and the number of broken rules on order, pairs, trips and vehicles."""
    capacity = instance.fleet.capacity[vehicle]
    inner = path[1:] if instance.fleet.end[vehicle] == ANY_END else path[1:-1]
    cuts = np.flatnonzero(inner < instance.depots)
    trips = np.split(inner, cuts) if len(cuts) else [inner]
    trips = [trip[trip >= instance.depots] for trip in trips]
    broken = int(max(0, len(trips) - int(instance.fleet.trips[vehicle])))
    over = 0.0
    for trip in trips:
        change = instance.pickup[trip] - instance.delivery[trip]
        onboard = instance.delivery[trip].sum(0) + np.concatenate([np.zeros((1, change.shape[1])), change.cumsum(0)])
        if len(instance.pairs):
            carried, bad = _carried(instance, trip)
            onboard = onboard + carried
            broken += bad
        over += float(np.maximum(0.0, onboard.max(0) - capacity).sum())
        if instance.backhauls_last and len(trip):
            collects = instance.pickup[trip].any(1)
            broken += int((collects[:-1] & ~collects[1:]).any()) + int(collects.all())
    if instance.fleet.allowed is not None:
        stops = inner[inner >= instance.depots]
        broken += int((~instance.fleet.allowed[vehicle, stops]).sum())
    return over, broken


def _carried(instance: RoutingInstance, trip: np.ndarray) -> tuple[np.ndarray, int]:
    """Returns what pairs add to the load after each stop, shape (s + 1, k), and how many of them are broken."""
    at = {int(place): k for k, place in enumerate(trip)}
    added = np.zeros((len(trip) + 1, instance.amount.shape[1]))
    broken = 0
    for (first, second), amount in zip(instance.pairs.tolist(), instance.amount, strict=True):
        here, there = at.get(first), at.get(second)
        if here is None and there is None:
            continue
        if here is None or there is None or here > there:
            broken += 1
            continue
        added[here + 1 : there + 1] += amount
    return added, broken


def _times(instance: RoutingInstance, path: np.ndarray, vehicle: int) -> tuple[float, float]:
    """Returns the time windows missed by, and the shortest duration; a break is put where it does least harm.

    It is taken on some way, or before the vehicle leaves, or after it is back.
    """
    fleet = instance.fleet
    steps = segments(instance, path, vehicle)
    length = float(fleet.break_length[vehicle])
    if np.isnan(length):
        return _joined(steps)
    early, late = float(fleet.break_earliest[vehicle]), float(fleet.break_latest[vehicle])
    tried = [_joined(_paused(steps, k, length, early, late)) for k in range(len(steps) - 1)]
    way, service, first, last = steps[0]
    tried.append(_joined([(way, service, max(first, early + length), last), *steps[1:]]))
    way, service, first, last = steps[-1]
    tried.append(_joined([*steps[:-1], (way, service, first, min(last, late - service))]))
    return min(tried)


Step = tuple[float, float, float, float]


def _paused(steps: list[Step], k: int, length: float, early: float, late: float) -> list[Step]:
    """Puts a break on the way from step k on: it begins on the way, at the latest at its latest time."""
    way, service, first, last = steps[k + 1]
    return [*steps[: k + 1], (way, length, early, late + way), (0.0, service, first, last), *steps[k + 2 :]]


def segments(instance: RoutingInstance, path: np.ndarray, vehicle: int) -> list[Step]:
    """Returns (way there, service, earliest, latest) of each place on a path, as times."""
    fleet, depots = instance.fleet, instance.depots
    ways = np.concatenate([[0.0], instance.duration(path[:-1], path[1:])])
    service = np.where(path < depots, 0.0, instance.service[path])
    early = np.maximum(instance.earliest[path], np.where(path < depots, fleet.earliest[vehicle], 0.0))
    late = np.minimum(instance.latest[path], np.where(path < depots, fleet.latest[vehicle], np.inf))
    inner = np.flatnonzero(path[1:-1] < depots) + 1
    bounds = [0, *inner.tolist(), len(path)]
    for a, b in pairwise(bounds):
        early[a] = max(early[a], float(instance.release[path[a:b]].max(initial=0.0)))
    if fleet.end[vehicle] == ANY_END:
        late[-1] = min(late[-1], float(fleet.latest[vehicle]) - service[-1])
    service[inner] = instance.service[path[inner]]
    return list(zip(ways.tolist(), service.tolist(), early.tolist(), late.tolist(), strict=True))


def _joined(steps: list[Step]) -> tuple[float, float]:
    """Returns the total lateness and the shortest duration of a chain of timed visits.

    Keeps, as Vidal et al. (2013) do, the segment's duration, lateness, and the earliest and latest useful start.
    """
    duration, late = 0.0, 0.0
    first, last = -np.inf, np.inf
    for way, service, early, latest in steps:
        arrive_first, arrive_last = first + duration - late + way, last + duration - late + way
        wait = max(0.0, early - arrive_last)
        warp = max(0.0, arrive_first - latest)
        shift = duration - late + way
        duration += way + wait
        first = max(early - shift, first) - wait
        last = min(latest - shift, last) + warp
        duration += service
        late += warp
    return late, duration
