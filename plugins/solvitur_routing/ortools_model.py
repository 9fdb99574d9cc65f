"""Builds OR-Tools' routing model of an instance, in whole numbers, and reads routes from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from solvitur_routing.costs import vehicle_weight
from solvitur_routing.instance import ANY_END, RoutingAnswer, RoutingInstance
from solvitur_routing.scaling import Scales, down, scales_of, up

_HUGE = 2**46


@dataclass(eq=False)
class RoutingModel:
    """The model, and which vehicle is of which type."""

    routing: Any
    manager: Any
    kinds: list[int]
    size: int

    def answer(self) -> RoutingAnswer:
        """Reads the routes of the answer that the search is at."""
        routes = []
        for vehicle in range(len(self.kinds)):
            index = self.routing.NextVar(self.routing.Start(vehicle)).Value()
            visits = []
            while not self.routing.IsEnd(index):
                visits.append(self.manager.IndexToNode(index))
                index = self.routing.NextVar(index).Value()
            routes.append(visits)
        return RoutingAnswer.of(routes, self.kinds)


def built(instance: RoutingInstance) -> RoutingModel:
    """Builds the model."""
    fleet, n = instance.fleet, instance.size
    distance, duration = instance.distance_matrix(), instance.duration_matrix()
    scales = scales_of(instance, distance, duration)
    kinds = _vehicles(instance)
    nowhere = int((fleet.end == ANY_END).any())
    starts = [int(fleet.start[kind]) for kind in kinds]
    ends = [n if fleet.end[kind] == ANY_END else int(fleet.end[kind]) for kind in kinds]
    manager = pywrapcp.RoutingIndexManager(n + nowhere, len(kinds), starts, ends)
    routing = pywrapcp.RoutingModel(manager)
    model = RoutingModel(routing, manager, kinds, n)
    limited = bool(np.isfinite(fleet.max_distance).any()) or (duration is None and instance.timed)
    ways = _whole(distance, scales, nowhere, rounded_up=limited)
    _costs(instance, model, ways, scales)
    if np.isfinite(fleet.max_distance).any():
        limits = np.minimum(down(fleet.max_distance, scales.way), _HUGE)[kinds]
        routing.AddDimensionWithVehicleCapacity(
            routing.RegisterTransitMatrix(ways.tolist()), 0, limits.tolist(), True, "distance"
        )
    if instance.timed:
        times = ways if duration is None else _whole(duration, scales, nowhere, rounded_up=True)
        _times(instance, model, times, scales)
    _loads(instance, model, scales, nowhere)
    _visits(instance, model, scales)
    if len(instance.pairs):
        _pairs(instance, model)
    return model


def _vehicles(instance: RoutingInstance) -> list[int]:
    """Lists vehicles by type; where there are many more than could be of use, only as many as the loads want."""
    fleet = instance.fleet
    load = (instance.delivery[instance.required] + instance.pickup[instance.required]).sum(0)
    room = fleet.capacity.max(0)
    least = float(np.max(np.where(np.isfinite(room) & (room > 0), load / np.maximum(room, 1e-12), 0.0), initial=0.0))
    useful = int(min(instance.stops, 2 * least + 20 + instance.stops // 10))
    return [kind for kind in range(fleet.types) for _ in range(min(int(fleet.count[kind]), useful))]


def _whole(matrix: np.ndarray, scales: Scales, nowhere: int, *, rounded_up: bool) -> np.ndarray:
    n = len(matrix)
    found = np.zeros((n + nowhere, n + nowhere), np.int64)
    finite = np.where(np.isfinite(matrix), matrix, 0.0)
    scaled = up(finite, scales.way) if rounded_up else np.rint(finite * scales.way).astype(np.int64)
    found[:n, :n] = np.where(np.isfinite(matrix), scaled, _HUGE)
    np.fill_diagonal(found, 0)
    return found


def _costs(instance: RoutingInstance, model: RoutingModel, ways: np.ndarray, scales: Scales) -> None:
    fleet, routing = instance.fleet, model.routing
    callbacks: dict[float, int] = {}
    more = vehicle_weight(instance) if instance.vehicles_first else 0.0
    for vehicle, kind in enumerate(model.kinds):
        price = float(fleet.distance_cost[kind])
        if price not in callbacks:
            callbacks[price] = routing.RegisterTransitMatrix((ways * round(price * scales.unit)).tolist())
        routing.SetArcCostEvaluatorOfVehicle(callbacks[price], vehicle)
        fixed = round((float(fleet.fixed_cost[kind]) + more) * scales.way * scales.unit)
        routing.SetFixedCostOfVehicle(fixed, vehicle)


def _times(instance: RoutingInstance, model: RoutingModel, times: np.ndarray, scales: Scales) -> None:
    fleet, routing, manager = instance.fleet, model.routing, model.manager
    service = up(instance.service, scales.way)
    spent = times.copy()
    spent[instance.depots : instance.size] += service[instance.depots :, None]
    callback = routing.RegisterTransitMatrix(spent.tolist())
    horizon = _HUGE
    routing.AddDimension(callback, horizon, horizon, False, "time")
    clock = routing.GetDimensionOrDie("time")
    early, late = up(instance.earliest, scales.way), np.minimum(down(instance.latest, scales.way), horizon)
    for place in range(instance.depots, instance.size):
        clock.CumulVar(manager.NodeToIndex(place)).SetRange(int(early[place]), int(max(early[place], late[place])))
    for vehicle, kind in enumerate(model.kinds):
        start, end = int(fleet.start[kind]), int(fleet.end[kind])
        first = max(int(up(fleet.earliest[kind], scales.way)), int(early[start]))
        last = min(int(down(fleet.latest[kind], scales.way)), horizon)
        clock.CumulVar(routing.Start(vehicle)).SetRange(first, int(min(last, late[start])))
        back = last if end == ANY_END else int(min(last, late[end]))
        clock.CumulVar(routing.End(vehicle)).SetRange(0 if end == ANY_END else int(early[end]), back)
        if np.isfinite(fleet.max_duration[kind]):
            clock.SetSpanUpperBoundForVehicle(int(down(fleet.max_duration[kind], scales.way)), vehicle)
        price = round(float(fleet.time_cost[kind]) * scales.unit)
        if price:
            clock.SetSpanCostCoefficientForVehicle(price, vehicle)
        routing.AddVariableMinimizedByFinalizer(clock.CumulVar(routing.End(vehicle)))
    if not np.isnan(fleet.break_length).all():
        _breaks(instance, model, clock, scales, service)


def _breaks(instance: RoutingInstance, model: RoutingModel, clock: Any, scales: Scales, service: np.ndarray) -> None:
    fleet, solver = instance.fleet, model.routing.solver()
    at_node = [0] * model.routing.Size()
    for index in range(model.routing.Size()):
        place = model.manager.IndexToNode(index)
        at_node[index] = int(service[place]) if instance.depots <= place < instance.size else 0
    for vehicle, kind in enumerate(model.kinds):
        length = float(fleet.break_length[kind])
        if np.isnan(length):
            continue
        first = int(up(fleet.break_earliest[kind], scales.way))
        last = min(int(down(fleet.break_latest[kind], scales.way)), _HUGE // 4)
        pause = solver.FixedDurationIntervalVar(
            first, last, int(up(np.array(length), scales.way)), False, f"b{vehicle}"
        )
        clock.SetBreakIntervalsOfVehicle([pause], vehicle, at_node)


def _loads(instance: RoutingInstance, model: RoutingModel, scales: Scales, nowhere: int) -> None:
    """Adds one dimension per load: what is aboard falls at deliveries and rises at pickups.

    A second dimension counts deliveries alone, so that a vehicle leaves with exactly what it brings.
    """
    fleet, routing, manager = instance.fleet, model.routing, model.manager
    delivery, pickup = up(instance.delivery, scales.load), up(instance.pickup, scales.load)
    amount = up(instance.amount, scales.load)
    capacity = np.minimum(down(fleet.capacity, scales.load), _HUGE)
    for k in range(fleet.capacity.shape[1]):
        change = pickup[:, k] - delivery[:, k]
        for (first, second), carried in zip(instance.pairs.tolist(), amount[:, k].tolist(), strict=True):
            change[first] += carried
            change[second] -= carried
        if not np.isfinite(fleet.capacity[:, k]).any() or not (change.any() or delivery[:, k].any()):
            continue
        room = capacity[model.kinds, k].tolist()
        aboard = routing.RegisterUnaryTransitVector([*change.tolist(), *[0] * nowhere])
        routing.AddDimensionWithVehicleCapacity(aboard, 0, room, False, f"aboard {k}")
        brought = routing.RegisterUnaryTransitVector([*delivery[:, k].tolist(), *[0] * nowhere])
        routing.AddDimensionWithVehicleCapacity(brought, 0, room, True, f"brought {k}")
        one, two = routing.GetDimensionOrDie(f"aboard {k}"), routing.GetDimensionOrDie(f"brought {k}")
        for vehicle in range(len(model.kinds)):
            solver = routing.solver()
            solver.Add(one.CumulVar(routing.Start(vehicle)) == two.CumulVar(routing.End(vehicle)))
    if fleet.allowed is not None:
        for place in range(instance.depots, instance.size):
            vehicle_of = routing.VehicleVar(manager.NodeToIndex(place))
            for vehicle, kind in enumerate(model.kinds):
                if not fleet.allowed[kind, place]:
                    vehicle_of.RemoveValue(vehicle)


def _visits(instance: RoutingInstance, model: RoutingModel, scales: Scales) -> None:
    routing, manager = model.routing, model.manager
    lost = np.rint(instance.prize * scales.way * scales.unit).astype(np.int64)
    for place in range(instance.depots, instance.size):
        if not instance.required[place] and instance.group[place] < 0:
            routing.AddDisjunction([manager.NodeToIndex(place)], int(lost[place]))
    for group in np.unique(instance.group[instance.group >= 0]).tolist():
        members = [manager.NodeToIndex(p) for p in np.flatnonzero(instance.group == group).tolist()]
        for member in members:
            routing.AddDisjunction([member], 0)
        # The prize of a member is lost unless it is the one that is visited.
        chosen = [routing.ActiveVar(member) for member in members]
        routing.solver().Add(routing.solver().Sum(chosen) == 1)


def _pairs(instance: RoutingInstance, model: RoutingModel) -> None:
    routing, manager, solver = model.routing, model.manager, model.routing.solver()
    count = routing.RegisterUnaryTransitVector([1] * (manager.GetNumberOfNodes()))
    routing.AddDimension(count, 0, instance.size + 2, True, "order")
    order = routing.GetDimensionOrDie("order")
    seen: set[int] = set()
    for first, second in instance.pairs.tolist():
        one, two = manager.NodeToIndex(first), manager.NodeToIndex(second)
        if not {first, second} & seen:
            routing.AddPickupAndDelivery(one, two)
            seen |= {first, second}
        solver.Add(routing.VehicleVar(one) == routing.VehicleVar(two))
        solver.Add(order.CumulVar(one) <= order.CumulVar(two))
