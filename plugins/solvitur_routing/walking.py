"""One route walked stop by stop, for verification: plain numbers, one step after the other."""

from __future__ import annotations

import math
from typing import Any

from solvitur_routing.instance import ANY_END, RoutingInstance
from solvitur_routing.words import clock, number

_NO_BREAK, BEFORE, AFTER = -3, -2, -1
"""Where a break is, if not on the way from a position on: nowhere, before the route, after it."""
_PI, _GEO_RADIUS, _EARTH = 3.141592, 6378.388, 6371.0088


def way(instance: RoutingInstance, a: int, b: int) -> float:
    """Returns the distance from one place to another."""
    if instance.distances is not None:
        return float(instance.distances[a, b])
    assert instance.positions is not None
    p, q = instance.positions[a].tolist(), instance.positions[b].tolist()
    metric = instance.metric
    if metric == "pseudo-euclidean":
        exact = math.sqrt(sum((s - t) ** 2 for s, t in zip(p, q, strict=True)) / 10.0)
        whole = math.floor(exact + 0.5)
        return float(whole + 1 if whole < exact else whole)
    if metric == "geographic":
        return _geographic(p, q)
    if metric == "haversine":
        plain = _great_circle(p, q)
    elif metric == "manhattan":
        plain = sum(abs(s - t) for s, t in zip(p, q, strict=True))
    elif metric == "maximum":
        plain = max(abs(s - t) for s, t in zip(p, q, strict=True))
    else:
        plain = math.sqrt(sum((s - t) * (s - t) for s, t in zip(p, q, strict=True)))
    return _rounded(plain, instance.rounding)


def _rounded(value: float, rounding: str) -> float:
    if rounding == "whole":
        return float(math.floor(value + 0.5))
    if rounding == "down":
        return float(math.floor(value))
    if rounding == "up":
        return float(math.ceil(value))
    if rounding == "tenths":
        return math.floor(value * 10.0) / 10.0
    if rounding == "thousandths":
        return round(value * 1000.0) / 1000.0
    return value


def _geographic(p: list[float], q: list[float]) -> float:
    if p == q:
        return 0.0

    def radians(value: float) -> float:
        degrees = int(value)
        return _PI * (degrees + 5.0 * (value - degrees) / 3.0) / 180.0

    (lat1, lon1), (lat2, lon2) = [[radians(v) for v in place] for place in (p, q)]
    q1, q2, q3 = math.cos(lon1 - lon2), math.cos(lat1 - lat2), math.cos(lat1 + lat2)
    return float(int(_GEO_RADIUS * math.acos(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)) + 1.0))


def _great_circle(p: list[float], q: list[float]) -> float:
    (lat1, lon1), (lat2, lon2) = [[math.radians(v) for v in place] for place in (p, q)]
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2.0 * _EARTH * math.asin(math.sqrt(min(1.0, half)))


def travel(instance: RoutingInstance, a: int, b: int) -> float:
    """Returns the time from one place to another."""
    return way(instance, a, b) if instance.durations is None else float(instance.durations[a, b])


class Walk:
    """A route of one vehicle, checked while it is walked."""

    def __init__(
        self, instance: RoutingInstance, visits: list[int], kind: int, vehicle: str, complaints: Any
    ) -> None:
        self.instance, self.kind, self.vehicle = instance, kind, vehicle
        self._complaints = complaints
        self._visits = visits
        end = int(instance.fleet.end[kind])
        self._open = end == ANY_END
        self._path = [int(instance.fleet.start[kind]), *visits, *([] if self._open else [end])]

    def cost(self) -> float:
        """Checks every rule of the route and returns its cost."""
        fleet, kind = self.instance.fleet, self.kind
        distance = math.fsum(way(self.instance, a, b) for a, b in zip(self._path, self._path[1:], strict=False))
        self._check(
            "route length",
            distance - float(fleet.max_distance[kind]),
            f"goes {number(distance)}, farther than its limit {number(fleet.max_distance[kind])}",
            scale=distance,
        )
        if not math.isfinite(distance):
            self._check("ways", math.inf, "takes a way that does not exist")
        for trip in self._trips():
            self._load(trip)
            self._order(trip)
        self._skills()
        duration = self._time()
        cost = float(fleet.fixed_cost[kind]) + float(fleet.distance_cost[kind]) * distance
        return cost + float(fleet.time_cost[kind]) * duration

    def _check(self, rule: str, excess: float, words: str, element: str = "", scale: float = 1.0) -> None:
        self._complaints.check(rule, excess, element or self.vehicle, f"vehicle '{self.vehicle}' {words}", scale)

    def _trips(self) -> list[list[int]]:
        trips: list[list[int]] = [[]]
        for place in self._visits:
            if place < self.instance.depots:
                home = int(self.instance.fleet.start[self.kind])
                self._check(
                    "trips", float(place != home), f"loads again at '{self._name(place)}', not where it starts"
                )
                trips.append([])
            else:
                trips[-1].append(place)
        most = int(self.instance.fleet.trips[self.kind])
        self._check("trips", float(len(trips) - most), f"makes {len(trips)} trips, but may make only {most}")
        return trips

    def _load(self, trip: list[int]) -> None:
        """Checks the load after the depot and after every stop, for each dimension."""
        instance = self.instance
        inside = {place: position for position, place in enumerate(trip)}
        carried: list[tuple[int, int, int]] = [
            (inside[a], inside[b], row)
            for row, (a, b) in enumerate(instance.pairs.tolist())
            if a in inside and b in inside
        ]
        for k, title in enumerate(instance.dimensions):
            room = float(instance.fleet.capacity[self.kind, k])
            load = math.fsum(float(instance.delivery[place, k]) for place in trip)
            fullest, where = load, "the depot"
            for position, place in enumerate(trip):
                load += float(instance.pickup[place, k]) - float(instance.delivery[place, k])
                for first, second, row in carried:
                    amount = float(instance.amount[row, k])
                    load += amount if first == position else -amount if second == position else 0.0
                if load > fullest:
                    fullest, where = load, f"'{self._name(place)}'"
            words = f"carries {title} {number(fullest)} after {where}, more than its capacity {number(room)}"
            self._check("capacity", fullest - room, words, scale=fullest)

    def _order(self, trip: list[int]) -> None:
        if not self.instance.backhauls_last or not trip:
            return
        collects = [bool(self.instance.pickup[place].any()) for place in trip]
        for before, place, now in zip(collects, trip[1:], collects[1:], strict=False):
            words = f"delivers to '{self._name(place)}' after it has begun to collect"
            self._check("backhauls", float(before and not now), words, self._name(place))
        self._check("backhauls", float(all(collects)), "only collects and delivers nothing")

    def _skills(self) -> None:
        allowed = self.instance.fleet.allowed
        if allowed is None:
            return
        for place in self._visits:
            if place >= self.instance.depots:
                name = self._name(place)
                self._check("skills", float(not allowed[self.kind, place]), f"must not serve '{name}'", name)

    def _time(self) -> float:
        """Checks windows, breaks and the limit of duration; returns the shortest duration."""
        instance, fleet, kind = self.instance, self.instance.fleet, self.kind
        if not instance.timed:
            return 0.0
        length = float(fleet.break_length[kind])
        slots = [_NO_BREAK] if math.isnan(length) else [BEFORE, AFTER, *range(len(self._path) - 1)]
        arrivals = [self._arrivals(slot) for slot in slots]
        misses = [max((late for late, _, _ in arrival[1]), default=0.0) for arrival in arrivals]
        best = min(range(len(slots)), key=lambda k: misses[k])
        for late, place, words in arrivals[best][1]:
            name = self._name(place)
            self._check("time windows", late, words, name, scale=arrivals[best][0])
        duration = min(self._shortest(slot) for slot, miss in zip(slots, misses, strict=True) if miss <= misses[best])
        most = float(fleet.max_duration[kind])
        if math.isfinite(most):
            words = f"is away for {number(duration)}, longer than its limit {number(most)}"
            self._check("route duration", duration - most, words, scale=duration)
        return duration

    def _arrivals(self, slot: int, leave: float = -math.inf) -> tuple[float, list[tuple[float, int, str]]]:
        """Walks at the earliest times with the break after position ``slot``; returns the end and what is late."""
        instance, fleet, kind = self.instance, self.instance.fleet, self.kind
        missed: list[tuple[float, int, str]] = []
        now, last = -math.inf, len(self._path) - 1
        for position, place in enumerate(self._path):
            depot = place < instance.depots
            early, late = float(instance.earliest[place]), float(instance.latest[place])
            if depot:
                early = max(early, float(fleet.earliest[kind]), self._ready(position))
                late = min(late, float(fleet.latest[kind]))
            stay = 0.0 if depot and position in (0, last) else float(instance.service[place])
            if position == last and self._open:
                late = min(late, float(fleet.latest[kind]) - stay)
            if position:
                now = self._gone(now, position, slot, missed)
            elif leave > now:
                now = leave
            if slot == BEFORE and position == 0:
                early = max(early, float(fleet.break_earliest[kind]) + float(fleet.break_length[kind]))
            if slot == AFTER and position == last:
                late = min(late, float(fleet.break_latest[kind]) - (stay if self._open else 0.0))
            reached, now = now, max(now, early)
            if now - late > 0:
                told = "is back at" if depot and position == last else "reaches"
                shown = f"{told} '{self._name(place)}' at {clock(instance, reached if reached > late else now)}"
                missed.append((now - late, place, f"{shown}, after its window ends {clock(instance, late)}"))
            else:
                missed.append((now - late, place, ""))
            now += stay
        return now, missed

    def _gone(self, now: float, position: int, slot: int, missed: list[tuple[float, int, str]]) -> float:
        """Returns the time of arrival at a position, with the break on the way there if it is there."""
        fleet, kind = self.instance.fleet, self.kind
        origin = self._path[position - 1]
        arrival = now + travel(self.instance, origin, self._path[position])
        if slot != position - 1:
            return arrival
        latest = float(fleet.break_latest[kind])
        words = f"leaves '{self._name(origin)}' at {clock(self.instance, now)}, its break should begin by then: "
        missed.append((now - latest, origin, words + clock(self.instance, latest) if now > latest else ""))
        return max(arrival, float(fleet.break_earliest[kind])) + float(fleet.break_length[kind])

    def _ready(self, position: int) -> float:
        """When the goods of the trip that begins at a position are at the depot."""
        ready = 0.0
        for place in self._path[position + 1 :]:
            if place < self.instance.depots:
                break
            ready = max(ready, float(self.instance.release[place]))
        return ready

    def _shortest(self, slot: int) -> float:
        """Returns the shortest time from leaving to the end: later departures are tried while none gets later."""
        end, missed = self._arrivals(slot)
        worst = max((late for late, _, _ in missed), default=0.0)
        allowed = max(0.0, worst) + 1e-9
        first = self._leaves_earliest()
        slack = self._slack(slot, first)
        # The end moves only once the waiting is used up, so the last departure that keeps the end is the best.
        low, high = first, first + slack
        for _ in range(60):
            middle = (low + high) / 2
            after, late = self._arrivals(slot, middle)
            if after <= end + 1e-9 and max((m for m, _, _ in late), default=0.0) <= allowed:
                low = middle
            else:
                high = middle
        return end - low

    def _leaves_earliest(self) -> float:
        start = self._path[0]
        floor = max(float(self.instance.earliest[start]), float(self.instance.fleet.earliest[self.kind]))
        return max(floor, self._ready(0))

    def _slack(self, slot: int, first: float) -> float:
        """An upper bound on how much later the vehicle can leave without ending later: all its waiting."""
        end, _ = self._arrivals(slot)
        moving = math.fsum(travel(self.instance, a, b) for a, b in zip(self._path, self._path[1:], strict=False))
        return max(0.0, end - first - moving)

    def _name(self, place: int) -> str:
        return self.instance.names[place]
