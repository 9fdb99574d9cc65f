"""A CP-SAT model of routes: a circuit for each vehicle over the places it may visit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from solvitur_routing.costs import vehicle_weight
from solvitur_routing.instance import ANY_END, RoutingAnswer, RoutingInstance
from solvitur_routing.scaling import Scales, down, scales_of, up


@dataclass(eq=False)
class Vehicle:
    """One vehicle's literals: ``arcs[i, j]`` (0: the depot, k: the k-th stop), ``visits[k]``, and whether it is used."""

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
        self.vehicles = [self._vehicle(kind) for kind in self._kinds()]
        self._visits()
        self._order_equals()
        self.model.minimize(sum(self._terms))

    def read(self, value: Any) -> RoutingAnswer:
        """Reads routes from a function that tells the value of a literal."""
        routes, kinds = [], []
        for vehicle in self.vehicles:
            after = {i: j for (i, j), arc in vehicle.arcs.items() if i != j and value(arc)}
            visits, now = [], after.get(0, 0)
            while now:
                visits.append(self.instance.depots + now - 1)
                now = after[now]
            routes.append(visits)
            kinds.append(vehicle.kind)
        return RoutingAnswer.of(routes, kinds)

    def _whole(self, distance: np.ndarray) -> np.ndarray:
        limited = np.isfinite(self.instance.fleet.max_distance).any() or self.instance.timed
        finite = np.where(np.isfinite(distance), distance, 0.0)
        found: np.ndarray = (
            up(finite, self.scales.way) if limited else np.rint(finite * self.scales.way).astype(np.int64)
        )
        return found

    def _kinds(self) -> list[int]:
        fleet = self.instance.fleet
        return [k for k in range(fleet.types) for _ in range(min(int(fleet.count[k]), self.instance.stops))]

    def _latest_end(self) -> int:
        instance = self.instance
        finite = [values[np.isfinite(values)].max(initial=0.0) for values in (instance.latest, instance.earliest)]
        fleet = instance.fleet
        finite += [values[np.isfinite(values)].max(initial=0.0) for values in (fleet.latest, fleet.earliest)]
        spare = float(self._times.max(1).sum()) / self.scales.way + float(instance.service.sum())
        return math.ceil((max(finite) + spare) * self.scales.way) + 1

    def _vehicle(self, kind: int) -> Vehicle:
        instance, model, fleet = self.instance, self.model, self.instance.fleet
        start, end = int(fleet.start[kind]), int(fleet.end[kind])
        stops = range(1, instance.stops + 1)
        arcs, visits = {}, {}
        used = model.new_bool_var("")
        for k in stops:
            place = instance.depots + k - 1
            visits[k] = model.new_bool_var("")
            if fleet.allowed is not None and not fleet.allowed[kind, place]:
                model.add(visits[k] == 0)
            arcs[k, k] = visits[k].negated()
            model.add_implication(visits[k], used)
        arcs[0, 0] = used.negated()
        distance: list[Any] = []
        for i in (0, *stops):
            for j in (0, *stops):
                if i == j:
                    continue
                a = start if i == 0 else instance.depots + i - 1
                b = end if j == 0 else instance.depots + j - 1
                if (
                    j
                    and not np.isfinite(self._distance[a, b])
                    or (j == 0 and end >= 0 and not np.isfinite(self._distance[a, b]))
                ):
                    continue
                arcs[i, j] = model.new_bool_var("")
                length = 0 if j == 0 and end == ANY_END else int(self._ways[a, b])
                distance.append(arcs[i, j] * length)
        model.add_circuit([(i, j, literal) for (i, j), literal in arcs.items()])
        vehicle = Vehicle(kind, arcs, visits, used)
        if np.isfinite(fleet.max_distance[kind]):
            model.add(sum(distance) <= int(down(fleet.max_distance[kind], self.scales.way)))
        price = round(float(fleet.distance_cost[kind]) * self.scales.unit)
        more = vehicle_weight(instance) if instance.vehicles_first else 0.0
        self._terms += [price * term for term in distance] if price else []
        self._terms.append(used * round((float(fleet.fixed_cost[kind]) + more) * self.factor))
        self._loads(vehicle)
        if instance.timed:
            self._clock(vehicle)
        return vehicle

    def _loads(self, vehicle: Vehicle) -> None:
        instance, model = self.instance, self.model
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
            room = int(capacity[k])
            brought = sum(v * int(delivery[instance.depots + s - 1, k]) for s, v in vehicle.visits.items())
            model.add(brought <= room)
            if not (change > 0).any():
                continue
            aboard = {s: model.new_int_var(0, room, "") for s in vehicle.visits}
            for (i, j), arc in vehicle.arcs.items():
                if i == j or j == 0:
                    continue
                before = brought if i == 0 else aboard[i]
                model.add(aboard[j] == before + int(change[instance.depots + j - 1])).only_enforce_if(arc)
        if instance.backhauls_last:
            self._backhauls(vehicle)

    def _backhauls(self, vehicle: Vehicle) -> None:
        instance = self.instance
        collects = instance.pickup.any(1)
        for (i, j), arc in vehicle.arcs.items():
            if i == j or j == 0:
                continue
            to, off = bool(collects[instance.depots + j - 1]), i == 0 or bool(collects[instance.depots + i - 1])
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
        last = int(min(down(fleet.latest[kind], way), far))
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
