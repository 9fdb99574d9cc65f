"""A CP-SAT model of routes: a circuit for each vehicle over the places it may visit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from solvitur_routing.costs import vehicle_weight
from solvitur_routing.instance import ANY_END, RoutingAnswer, RoutingInstance
from solvitur_routing.scaling import Scales, down, scales_of, up


@dataclass(eq=False)
class Vehicle:
    """Literals of one vehicle, or of all that are alike: ``arcs[i, j]`` (0: the depot, k: the k-th stop), visits."""

    kind: int
    arcs: dict[tuple[int, int], Any]
    visits: dict[int, Any]
    used: Any


class CircuitModel:
    """The model and how to read it; ``factor`` turns the objective into the solver's whole numbers."""

    def __init__(self, instance: RoutingInstance) -> None:
        self.instance = instance
        self.model = cp_model.CpModel()
        self._distance = instance.distance_matrix()
        duration = instance.duration_matrix()
        self.scales: Scales = scales_of(instance, self._distance, duration)
        self.factor = self.scales.way * self.scales.unit
        self._ways = self._whole(self._distance)
        self._times = self._ways if duration is None else up(duration, self.scales.way)
        self._horizon = self._latest_end()
        self._terms: list[Any] = []
        self.alike = _are_alike(instance)
        self.vehicles = [self._vehicle(kind) for kind in self._kinds()]
        self._visits()
        self._order_equals()
        self.model.minimize(sum(self._terms))

    def read(self, value: Any) -> RoutingAnswer:
        """Reads routes from a function that tells the value of a literal."""
        routes, kinds = [], []
        for vehicle in self.vehicles:
            taken = [(i, j) for (i, j), arc in vehicle.arcs.items() if i != j and value(arc)]
            after = {i: j for i, j in taken if i}
            for first in (j for i, j in taken if i == 0):
                visits, now = [], first
                while now:
                    visits.append(self.instance.depots + now - 1)
                    now = after[now]
                routes.append(visits)
                kinds.append(vehicle.kind)
        return RoutingAnswer.of(routes, kinds)

    def hint(self, answer: RoutingAnswer) -> None:
        """Begins the search from an answer, where one network stands for all vehicles."""
        if not self.alike:
            return
        first, steps = self.instance.depots - 1, set()
        for route in answer.routes:
            path = [0, *(route - first).tolist(), 0]
            steps |= set(pairwise(path))
        for (i, j), arc in self.vehicles[0].arcs.items():
            if i != j:
                self.model.add_hint(arc, (i, j) in steps)

    def _whole(self, distance: np.ndarray) -> np.ndarray:
        limited = np.isfinite(self.instance.fleet.max_distance).any() or self.instance.timed
        finite = np.where(np.isfinite(distance), distance, 0.0)
        found: np.ndarray = (
            up(finite, self.scales.way) if limited else np.rint(finite * self.scales.way).astype(np.int64)
        )
        return found

    def _kinds(self) -> list[int]:
        fleet = self.instance.fleet
        if self.alike:
            return [0]
        return [k for k in range(fleet.types) for _ in range(min(int(fleet.count[k]), self.instance.stops))]

    def _latest_end(self) -> int:
        instance = self.instance
        finite = [values[np.isfinite(values)].max(initial=0.0) for values in (instance.latest, instance.earliest)]
        fleet = instance.fleet
        finite += [values[np.isfinite(values)].max(initial=0.0) for values in (fleet.latest, fleet.earliest)]
        spare = float(self._times.max(1).sum()) / self.scales.way + float(instance.service.sum())
        return math.ceil((float(max(finite)) + spare) * self.scales.way) + 1

    def _vehicle(self, kind: int) -> Vehicle:
        instance, model, fleet = self.instance, self.model, self.instance.fleet
        start, end = int(fleet.start[kind]), int(fleet.end[kind])
        stops = range(1, instance.stops + 1)
        arcs: dict[tuple[int, int], Any] = {}
        visits: dict[int, Any] = {}
        used = model.new_bool_var("")
        for k in stops:
            place = instance.depots + k - 1
            visits[k] = model.new_bool_var("")
            if fleet.allowed is not None and not fleet.allowed[kind, place]:
                model.add(visits[k] == 0)
            arcs[k, k] = visits[k].negated()
            model.add_implication(visits[k], used)
        if not self.alike:
            arcs[0, 0] = used.negated()
        distance: list[Any] = []
        for i in (0, *stops):
            for j in (0, *stops):
                if i == j:
                    continue
                a = start if i == 0 else instance.depots + i - 1
                b = end if j == 0 else instance.depots + j - 1
                if b != ANY_END and not np.isfinite(self._distance[a, b]):
                    continue
                arcs[i, j] = model.new_bool_var("")
                length = 0 if j == 0 and end == ANY_END else int(self._ways[a, b])
                distance.append(arcs[i, j] * length)
        listed = [(i, j, literal) for (i, j), literal in arcs.items()]
        leaving = [literal for (i, j), literal in arcs.items() if i == 0 and j]
        if self.alike:
            model.add_multiple_circuit(listed)
            model.add(sum(leaving) <= int(fleet.count[kind]))
        else:
            model.add_circuit(listed)
        vehicle = Vehicle(kind, arcs, visits, used)
        if np.isfinite(fleet.max_distance[kind]) and not self.alike:
            model.add(sum(distance) <= int(down(fleet.max_distance[kind], self.scales.way)))
        price = round(float(fleet.distance_cost[kind]) * self.scales.unit)
        more = vehicle_weight(instance) if instance.vehicles_first else 0.0
        self._terms += [price * term for term in distance] if price else []
        times_used = sum(leaving) if self.alike else used
        self._terms.append(times_used * round((float(fleet.fixed_cost[kind]) + more) * self.factor))
        self._loads(vehicle)
        if instance.timed:
            self._clock(vehicle)
        return vehicle

    def _loads(self, vehicle: Vehicle) -> None:
        instance = self.instance
        delivery, pickup = up(instance.delivery, self.scales.load), up(instance.pickup, self.scales.load)
        amount = up(instance.amount, self.scales.load)
        capacity = down(instance.fleet.capacity[vehicle.kind], self.scales.load)
        for k in range(instance.delivery.shape[1]):
            if not np.isfinite(instance.fleet.capacity[vehicle.kind, k]):
                continue
            change = pickup[:, k] - delivery[:, k]
            for (first, second), carried in zip(instance.pairs.tolist(), amount[:, k].tolist(), strict=True):
                change[first] += carried
                change[second] -= carried
            self._aboard(vehicle, int(capacity[k]), change, delivery[:, k])
        if instance.backhauls_last:
            self._backhauls(vehicle)

    def _aboard(self, vehicle: Vehicle, room: int, change: np.ndarray, delivery: np.ndarray) -> None:
        """Limits what is aboard: still to be delivered, and picked up so far."""
        model, first = self.model, self.instance.depots - 1
        if not self.alike:
            model.add(sum(v * int(delivery[first + s]) for s, v in vehicle.visits.items()) <= room)
        left = {s: model.new_int_var(0, room, "") for s in vehicle.visits}
        got = {s: model.new_int_var(0, room, "") for s in vehicle.visits}
        gains: np.ndarray = change + delivery
        both = bool(gains.any())
        for s, visited in vehicle.visits.items():
            model.add(left[s] + int(delivery[first + s]) <= room).only_enforce_if(visited)
            if both:
                model.add(left[s] + got[s] <= room)
        for (i, j), arc in vehicle.arcs.items():
            if i == j:
                continue
            if i:
                brought = left[j] + int(delivery[first + j]) if j else 0
                model.add(left[i] == brought).only_enforce_if(arc)
            if j and both:
                model.add(got[j] == (got[i] if i else 0) + int(gains[first + j])).only_enforce_if(arc)

    def _backhauls(self, vehicle: Vehicle) -> None:
        instance = self.instance
        collects: list[bool] = np.asarray(instance.pickup.any(1)).tolist()
        for (i, j), arc in vehicle.arcs.items():
            if i == j or j == 0:
                continue
            to, off = collects[instance.depots + j - 1], i == 0 or collects[instance.depots + i - 1]
            if (i == 0 and to) or (i and off and not to):
                self.model.add(arc == 0)

    def _clock(self, vehicle: Vehicle) -> None:
        """Adds times: arrival chains along arcs; the time away counts from leaving to the end."""
        instance, model, fleet, way = self.instance, self.model, self.instance.fleet, self.scales.way
        kind, far = vehicle.kind, self._horizon
        start, end = int(fleet.start[kind]), int(fleet.end[kind])
        early, late = up(instance.earliest, way), np.minimum(down(instance.latest, way), far)
        service = up(instance.service, way)
        first = max(int(up(fleet.earliest[kind], way)), int(early[start]))
        last = min(int(down(fleet.latest[kind], way)), far)
        if self.alike:
            self._clock_of_all(vehicle, first, last)
            return
        leave = model.new_int_var(first, max(first, int(min(last, late[start]))), "")
        if first > min(last, int(late[start])):
            model.add(vehicle.used == 0)
        back_early, back_late = (0, last) if end == ANY_END else (int(early[end]), int(min(last, late[end])))
        back = model.new_int_var(0, far, "")
        model.add(back >= back_early).only_enforce_if(vehicle.used)
        model.add(back <= back_late).only_enforce_if(vehicle.used)
        at = {}
        for s, visited in vehicle.visits.items():
            place = instance.depots + s - 1
            at[s] = model.new_int_var(0, far, "")
            model.add(at[s] >= int(early[place])).only_enforce_if(visited)
            model.add(at[s] <= int(late[place])).only_enforce_if(visited)
        for (i, j), arc in vehicle.arcs.items():
            if i == j:
                continue
            a = start if i == 0 else instance.depots + i - 1
            b = end if j == 0 else instance.depots + j - 1
            travel = 0 if j == 0 and end == ANY_END else int(self._times[a, b])
            stay = int(service[a]) if i else 0
            begin = leave if i == 0 else at[i]
            model.add((at[j] if j else back) >= begin + stay + travel).only_enforce_if(arc)
        model.add(back == leave).only_enforce_if(vehicle.used.negated())
        if np.isfinite(fleet.max_duration[kind]):
            model.add(back - leave <= int(down(fleet.max_duration[kind], way)))
        price = round(float(fleet.time_cost[kind]) * self.scales.unit)
        if price:
            self._terms += [back * price, leave * -price]
        if len(instance.pairs):
            for a, b in instance.pairs.tolist():
                one, two = a - instance.depots + 1, b - instance.depots + 1
                model.add(at[one] <= at[two]).only_enforce_if(vehicle.visits[one])

    def _clock_of_all(self, vehicle: Vehicle, first: int, last: int) -> None:
        """Adds times for vehicles that are alike: every route leaves as early as it may."""
        instance, model, way = self.instance, self.model, self.scales.way
        start, end = int(instance.fleet.start[0]), int(instance.fleet.end[0])
        early, late = up(instance.earliest, way), np.minimum(down(instance.latest, way), self._horizon)
        service = up(instance.service, way)
        back = last if end == ANY_END else min(last, int(late[end]))
        at = {}
        for s, visited in vehicle.visits.items():
            place = instance.depots + s - 1
            at[s] = model.new_int_var(0, self._horizon, "")
            model.add(at[s] >= int(early[place])).only_enforce_if(visited)
            model.add(at[s] <= int(late[place])).only_enforce_if(visited)
        for (i, j), arc in vehicle.arcs.items():
            if i == j:
                continue
            a = start if i == 0 else instance.depots + i - 1
            b = end if j == 0 else instance.depots + j - 1
            travel = 0 if j == 0 and end == ANY_END else int(self._times[a, b])
            gone = travel + (int(service[a]) if i else 0)
            begin = first if i == 0 else at[i]
            model.add((at[j] if j else back) >= begin + gone).only_enforce_if(arc)

    def _visits(self) -> None:
        instance, model = self.instance, self.model
        lost = np.rint(instance.prize * self.factor).astype(np.int64)
        groups: dict[int, list[Any]] = {}
        for s in range(1, instance.stops + 1):
            place = instance.depots + s - 1
            total = sum(vehicle.visits[s] for vehicle in self.vehicles)
            group = int(instance.group[place])
            if group >= 0:
                groups.setdefault(group, []).append(total)
                model.add(total <= 1)
            else:
                model.add(total == 1 if instance.required[place] else total <= 1)
            if lost[place] and not instance.required[place]:
                self._terms.append(int(lost[place]) - total * int(lost[place]))
        for members in groups.values():
            model.add(sum(members) == 1)
        if len(instance.pairs):
            self._positions()

    def _positions(self) -> None:
        """Keeps pairs together and in order by counting positions along the routes."""
        instance, model = self.instance, self.model
        rank = {s: model.new_int_var(1, instance.stops, "") for s in range(1, instance.stops + 1)}
        for vehicle in self.vehicles:
            for (i, j), arc in vehicle.arcs.items():
                if i and j and i != j:
                    model.add(rank[j] == rank[i] + 1).only_enforce_if(arc)
        for a, b in instance.pairs.tolist():
            one, two = a - instance.depots + 1, b - instance.depots + 1
            for vehicle in self.vehicles:
                model.add(vehicle.visits[one] == vehicle.visits[two])
                model.add(rank[one] < rank[two]).only_enforce_if(vehicle.visits[one])

    def _order_equals(self) -> None:
        """Uses equal vehicles in the order of their numbers, so that no answer is looked at twice."""
        for one, two in zip(self.vehicles, self.vehicles[1:], strict=False):
            if one.kind == two.kind:
                self.model.add_implication(two.used, one.used)


def _are_alike(instance: RoutingInstance) -> bool:
    """Tells whether all vehicles are alike and no rule looks at a whole route: one network then stands for all."""
    fleet = instance.fleet
    return bool(
        fleet.types == 1
        and not len(instance.pairs)
        and not fleet.time_cost.any()
        and not np.isfinite(fleet.max_duration).any()
        and not np.isfinite(fleet.max_distance).any()
        and fleet.latest[0] >= instance.latest[max(0, int(fleet.end[0]))]
    )
