"""Pictures of routes: the map with a colour per vehicle, loads along the way, and times against windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solvitur.api import Bars, Gantt, Picture, Routes, Scatter, Solved
from solvitur_routing.costs import path_of, route_cost, segments
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.words import number, vehicle_names

_MOST_BARS, _MOST_TIMED = 200, 10_000


def plane(instance: RoutingInstance) -> np.ndarray | None:
    """Returns (n, 2) positions to draw: longitude to the right, latitude up; None when there are none."""
    if instance.positions is None or np.isnan(instance.positions).any():
        return None
    positions = instance.positions[:, :2]
    return positions[:, ::-1] if instance.metric in ("haversine", "geographic") else positions


def structure(instance: RoutingInstance) -> tuple[Picture, ...]:
    """Returns the map of places before anything is solved."""
    where = plane(instance)
    if where is None:
        return ()
    load = (instance.delivery + instance.pickup).sum(1)
    groups = tuple("depot" if k < instance.depots else "stop" for k in range(instance.size))
    size = load if load.any() else None
    picture = Scatter("Places", x=where[:, 0], y=where[:, 1], labels=instance.names, groups=groups, size=size)
    return (picture,)


class RouteMap:
    """Routes on a map, each vehicle in its colour, arrows the way it goes."""

    name, title = "routes", "Routes"

    def suits(self, solved: Solved) -> float:
        """Suits answers of routing problems that have positions."""
        return 1.0 if _is_answer(solved) and plane(solved.instance) is not None else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one picture."""
        instance, answer = solved.instance, solved.result.answer
        where = plane(instance)
        if where is None:
            return []
        routes, names = [], []
        for visits, kind, name in zip(
            answer.routes, answer.vehicle.tolist(), vehicle_names(instance, answer), strict=True
        ):
            cost = route_cost(instance, visits, kind)
            load = float((instance.delivery[visits] + instance.pickup[visits]).sum())
            told = f"{name}: {len(visits)} stops, {number(cost.distance)}"
            names.append(told + (f", load {number(load)}" if load else ""))
            routes.append(path_of(instance, visits, kind))
        left = instance.size - len(np.unique(np.concatenate([answer.visits, np.arange(instance.depots)])))
        caption = f"{len(routes)} routes, objective {number(solved.result.objective or 0.0)}"
        return [
            Routes(
                title="Routes",
                caption=caption + (f", {left} stops left out" if left else ""),
                positions=where,
                labels=instance.names,
                routes=tuple(routes),
                names=tuple(names),
                depots=tuple(range(instance.depots)) if len(routes) > 1 or instance.delivery.any() else (),
                elements=instance.names,
            )
        ]


class RouteLoads:
    """How full each vehicle is, against its capacity."""

    name, title = "loads", "Loads"

    def suits(self, solved: Solved) -> float:
        """Suits answers with loads and limits to them."""
        if not _is_answer(solved):
            return 0.0
        instance = solved.instance
        loaded = instance.delivery.any() or instance.pickup.any() or instance.amount.any()
        return 0.7 if loaded and np.isfinite(instance.fleet.capacity).any() else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws the largest load of each route, first dimension."""
        instance, answer = solved.instance, solved.result.answer
        names = vehicle_names(instance, answer)[:_MOST_BARS]
        loads = np.array([_fullest(instance, route) for route in answer.routes[:_MOST_BARS]])
        limits = instance.fleet.capacity[answer.vehicle[:_MOST_BARS], 0].astype(np.float64)
        return [
            Bars(
                title=f"{instance.dimensions[0].capitalize()} of each vehicle",
                caption="The tick is the capacity.",
                labels=tuple(names),
                values=loads[None, :],
                limits=limits if np.isfinite(limits).all() else None,
                elements=tuple(names),
            )
        ]


class RouteTimes:
    """When each vehicle is where: service as bars, one lane per vehicle."""

    name, title = "route-times", "Times"

    def suits(self, solved: Solved) -> float:
        """Suits answers in which time matters."""
        return 0.8 if _is_answer(solved) and solved.instance.timed else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws the earliest times at which everything can happen."""
        instance, answer = solved.instance, solved.result.answer
        names = vehicle_names(instance, answer)
        lane: list[int] = []
        start: list[float] = []
        end: list[float] = []
        labels: list[str] = []
        for row, (visits, kind) in enumerate(zip(answer.routes, answer.vehicle.tolist(), strict=True)):
            path = path_of(instance, visits, kind)
            now = 0.0
            for place, (way, service, early, late) in zip(path.tolist(), segments(instance, path, kind), strict=True):
                now = max(now + way, early)
                if place >= instance.depots:
                    lane.append(row)
                    start.append(now)
                    end.append(now + service)
                    window = f" ({number(early)} to {number(late)})" if np.isfinite(late) else ""
                    labels.append(f"{instance.names[place]}{window}")
                now += service
            if len(lane) > _MOST_TIMED:
                break
        return [
            Gantt(
                title="Times of service",
                lanes=tuple(names),
                lane=np.array(lane, np.int64),
                start=np.array(start),
                end=np.array(end),
                labels=tuple(labels),
                groups=tuple(names[k] for k in lane),
                axis="time",
            )
        ]


def _fullest(instance: RoutingInstance, visits: np.ndarray) -> float:
    best = 0.0
    cuts = np.flatnonzero(visits < instance.depots)
    for trip in np.split(visits, cuts):
        stops = trip[trip >= instance.depots]
        change = instance.pickup[stops, 0] - instance.delivery[stops, 0]
        onboard = float(instance.delivery[stops, 0].sum()) + np.concatenate([[0.0], change.cumsum()])
        at = {int(place): k for k, place in enumerate(stops)}
        for (first, second), amount in zip(instance.pairs.tolist(), instance.amount[:, 0].tolist(), strict=True):
            if first in at and second in at:
                onboard[at[first] + 1 : at[second] + 1] += amount
        best = max(best, float(onboard.max()))
    return best


def _is_answer(solved: Any) -> bool:
    return isinstance(solved.instance, RoutingInstance) and isinstance(solved.result.answer, RoutingAnswer)
