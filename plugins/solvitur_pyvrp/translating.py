"""Translates routing instances to PyVRP's data, in whole numbers, and PyVRP's solutions back to routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    ClientGroup,
    Depot,
    Location,
    ProblemData,
    Route,
    Shipment,
    Solution,
    VehicleType,
)

from solvitur_routing.costs import vehicle_weight
from solvitur_routing.instance import ANY_END, RoutingAnswer, RoutingInstance
from solvitur_routing.scaling import Scales, down, scales_of, up


@dataclass(eq=False)
class Translation:
    """PyVRP's data, and which of its activities stands for which place."""

    instance: RoutingInstance
    data: ProblemData
    client_place: np.ndarray
    place_client: np.ndarray
    pairs: np.ndarray

    def answer(self, solution: Solution) -> RoutingAnswer:
        """Reads a solution as routes over places."""
        routes: list[list[int]] = []
        kinds: list[int] = []
        clients = self.client_place.tolist()
        for route in solution.routes():
            visits: list[int] = []
            for step in list(route)[1:-1]:
                if step.is_depot():
                    visits.append(int(self.data.depot(step.idx).location))
                elif step.is_pickup():
                    visits.append(int(self.pairs[step.idx, 0]))
                elif step.is_delivery():
                    visits.append(int(self.pairs[step.idx, 1]))
                else:
                    visits.append(clients[step.idx])
            while visits and visits[-1] < self.instance.depots:
                visits.pop()
            routes.append(visits)
            kinds.append(int(route.vehicle_type()))
        return RoutingAnswer.of(routes, kinds)

    def solution(self, answer: RoutingAnswer) -> Solution:
        """Builds PyVRP's solution from routes over places."""
        pickups = {int(a): k for k, (a, _) in enumerate(self.pairs.tolist())}
        deliveries = {int(b): k for k, (_, b) in enumerate(self.pairs.tolist())}
        routes = []
        for visits, kind in zip(answer.routes, answer.vehicle.tolist(), strict=True):
            steps = []
            for place in visits.tolist():
                if place < self.instance.depots:
                    steps.append(Activity(ActivityType.DEPOT, place))
                elif place in pickups:
                    steps.append(Activity(ActivityType.PICKUP, pickups[place]))
                elif place in deliveries:
                    steps.append(Activity(ActivityType.DELIVERY, deliveries[place]))
                else:
                    steps.append(Activity(ActivityType.CLIENT, int(self.place_client[place])))
            routes.append(Route(self.data, steps, kind))
        return Solution(self.data, routes)


def translate(instance: RoutingInstance) -> Translation:
    """Builds PyVRP's data."""
    distance = instance.distance_matrix()
    duration = instance.duration_matrix()
    scales = scales_of(instance, distance, duration)
    pairs = instance.pairs
    paired = np.zeros(instance.size, bool)
    paired[pairs.ravel()] = True
    client_place = np.flatnonzero(~paired[instance.depots :]) + instance.depots
    place_client = np.full(instance.size, -1, np.int64)
    place_client[client_place] = np.arange(len(client_place))
    depots, ways, times = _places(instance, distance, duration, scales)
    sets = _sets(instance)
    groups = _groups(instance, place_client)
    data = ProblemData(
        locations=_locations(instance, len(depots) - instance.depots),
        clients=_clients(instance, scales, client_place, {c: g for g, cs in enumerate(groups) for c in cs.clients}),
        depots=depots,
        vehicle_types=_vehicles(instance, scales, sets[1]),
        distance_matrices=[_forbidden(ways, instance, allowed) for allowed in sets[0]],
        duration_matrices=[times for _ in sets[0]],
        groups=groups,
        shipments=_shipments(instance, scales),
    )
    return Translation(instance, data, client_place, place_client, pairs)


def _places(
    instance: RoutingInstance, distance: np.ndarray, duration: np.ndarray | None, scales: Scales
) -> tuple[list[Depot], np.ndarray, Any]:
    """Returns depots and whole matrices; open routes end at an extra depot that is at no distance from anywhere."""
    n, far = instance.size, _far(instance, distance, scales)
    extra = int((instance.fleet.end == ANY_END).any())
    limited = bool(np.isfinite(instance.fleet.max_distance).any()) or (duration is None and instance.timed)
    scaled = (
        up(distance, scales.way) if limited else np.rint(np.where(np.isfinite(distance), distance, 0) * scales.way)
    )
    ways = np.zeros((n + extra, n + extra), np.int64)
    ways[:n, :n] = np.where(np.isfinite(distance), scaled, far)
    times = ways
    if duration is not None:
        times = np.zeros_like(ways)
        times[:n, :n] = np.where(np.isfinite(duration), up(duration, scales.way), far)
    np.fill_diagonal(ways, 0)
    np.fill_diagonal(times, 0)
    if instance.backhauls_last:
        times = ways.copy() if times is ways else times
        collects = instance.pickup.any(1)
        delivers: np.ndarray = np.logical_not(collects)
        delivers[: instance.depots] = False
        ways[: instance.depots, :n][:, collects] = far
        ways[np.ix_(np.flatnonzero(collects), np.flatnonzero(delivers))] = far
    depots = [Depot(location=k) for k in range(instance.depots)] + [Depot(location=n)] * extra
    return depots, ways, times


def _far(instance: RoutingInstance, distance: np.ndarray, scales: Scales) -> int:
    """A way that nobody takes: longer than any answer."""
    reach = float(distance[np.isfinite(distance)].max(initial=1.0))
    return int(min(2**40, max(1.0, reach * scales.way) * 4 * instance.size))


def _locations(instance: RoutingInstance, extra: int) -> list[Location]:
    positions = np.zeros((instance.size, 2)) if instance.positions is None else np.nan_to_num(instance.positions)
    return [Location(x=float(p[0]), y=float(p[1])) for p in positions] + [Location(x=0, y=0)] * extra


def _clients(instance: RoutingInstance, scales: Scales, places: np.ndarray, group_of: dict[int, int]) -> list[Client]:
    delivery, pickup = up(instance.delivery, scales.load), up(instance.pickup, scales.load)
    early, late = up(instance.earliest, scales.way), down(instance.latest, scales.way)
    service, release = up(instance.service, scales.way), up(instance.release, scales.way)
    prize = np.rint(instance.prize * scales.way * scales.unit).astype(np.int64)
    timed = instance.timed
    return [
        Client(
            location=place,
            delivery=delivery[place].tolist(),
            pickup=pickup[place].tolist(),
            service_duration=int(service[place]) if timed else 0,
            tw_early=int(early[place]),
            tw_late=int(late[place]),
            release_time=int(release[place]),
            prize=int(prize[place]),
            required=bool(instance.required[place]) and client not in group_of,
            group=group_of.get(client),
        )
        for client, place in enumerate(places.tolist())
    ]


def _groups(instance: RoutingInstance, place_client: np.ndarray) -> list[ClientGroup]:
    labels = sorted({int(g) for g in instance.group.tolist() if g >= 0})
    return [ClientGroup(place_client[np.flatnonzero(instance.group == label)].tolist()) for label in labels]


def _shipments(instance: RoutingInstance, scales: Scales) -> list[Shipment]:
    early, late = up(instance.earliest, scales.way), down(instance.latest, scales.way)
    service, amount = up(instance.service, scales.way), up(instance.amount, scales.load)
    return [
        Shipment(
            pickup_location=a,
            delivery_location=b,
            pickup_tw_early=int(early[a]),
            pickup_tw_late=int(late[a]),
            pickup_service_duration=int(service[a]) if instance.timed else 0,
            delivery_tw_early=int(early[b]),
            delivery_tw_late=int(late[b]),
            delivery_service_duration=int(service[b]) if instance.timed else 0,
            amount=amount[k].tolist(),
        )
        for k, (a, b) in enumerate(instance.pairs.tolist())
    ]


def _sets(instance: RoutingInstance) -> tuple[list[np.ndarray | None], list[int]]:
    """Returns the different sets of stops that vehicles may serve, and which one each type has."""
    allowed = instance.fleet.allowed
    if allowed is None:
        return [None], [0] * instance.fleet.types
    found: dict[bytes, int] = {}
    sets: list[np.ndarray | None] = []
    which = []
    for row in allowed:
        if row.tobytes() not in found:
            found[row.tobytes()] = len(sets)
            sets.append(row)
        which.append(found[row.tobytes()])
    return sets, which


def _forbidden(ways: np.ndarray, instance: RoutingInstance, allowed: np.ndarray | None) -> Any:
    """Makes the way to stops that must not be served too long to be taken."""
    barred = (
        np.zeros(0, np.int64) if allowed is None else np.flatnonzero(~allowed[instance.depots :]) + instance.depots
    )
    if not len(barred):
        return ways
    found = ways.copy()
    far = int(min(2**40, (ways.max() + 1) * 4 * instance.size))
    found[:, barred] = far
    found[barred, :] = far
    np.fill_diagonal(found, 0)
    return found


def _vehicles(instance: RoutingInstance, scales: Scales, profiles: list[int]) -> list[VehicleType]:
    fleet, n = instance.fleet, instance.size
    capacity = down(fleet.capacity, scales.load)
    costs = scales.way * scales.unit
    more = vehicle_weight(instance) if instance.vehicles_first else 0.0
    found = []
    for k in range(fleet.types):
        start, end = int(fleet.start[k]), int(fleet.end[k])
        last = float(fleet.latest[k])
        last = last if end == ANY_END else min(last, float(instance.latest[end]))
        first = max(float(fleet.earliest[k]), float(instance.earliest[start]))
        trips = int(fleet.trips[k])
        found.append(
            VehicleType(
                num_available=int(fleet.count[k]),
                capacity=capacity[k].tolist(),
                start_depot=start,
                end_depot=instance.depots if end == ANY_END else end,
                fixed_cost=round((float(fleet.fixed_cost[k]) + more) * costs),
                tw_early=int(up(np.array(first), scales.way)),
                tw_late=int(down(np.array(last), scales.way)),
                shift_duration=int(down(fleet.max_duration[k], scales.way)),
                max_distance=int(down(fleet.max_distance[k], scales.way)),
                unit_distance_cost=round(float(fleet.distance_cost[k]) * scales.unit),
                unit_duration_cost=round(float(fleet.time_cost[k]) * scales.unit),
                profile=profiles[k],
                reload_depots=[start] if trips > 1 else [],
                max_reloads=min(trips - 1, n),
            )
        )
    return found
