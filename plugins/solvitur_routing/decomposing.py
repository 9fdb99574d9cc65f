"""Decomposers of routing problems: by clusters, by sweeping round the depot, by neighbouring routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solvitur.api import InputError
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.nearness import centres, neighbouring
from solvitur_routing.parting import Cut, cut_by, part_of, reunited

PART_STOPS = 250
"""Stops in a part unless the caller wants otherwise: what solvers of routes answer well within seconds."""


class _ByLabel:
    """What decomposers that label stops share."""

    part_stops = PART_STOPS

    def suits(self, instance: Any) -> float:
        """Suits instances with positions, several vehicles and stops for more than one part."""
        if not isinstance(instance, RoutingInstance) or instance.positions is None:
            return 0.0
        if instance.fleet.vehicles < 2 or instance.stops < 2:
            return 0.0
        return 0.8 if instance.stops > 2 * self.part_stops else 0.3

    def reunite(self, inverse: Cut, answers: Sequence[RoutingAnswer]) -> RoutingAnswer:
        """Puts the routes of all parts together."""
        return reunited(inverse, answers)

    def refine(
        self, instance: RoutingInstance, inverse: Cut, answers: Sequence[RoutingAnswer]
    ) -> tuple[list[RoutingInstance], Cut]:
        """Cuts anew across the borders: parts of neighbouring routes around where two parts met."""
        return around_routes(instance, reunited(inverse, answers), self.part_stops, len(inverse.places))

    def _parts(self, instance: RoutingInstance) -> int:
        if self.suits(instance) <= 0.0:
            raise InputError.at("only problems of several vehicles with positions can be cut this way")
        return max(2, round(instance.stops / self.part_stops))


class Clusters(_ByLabel):
    """Parts of stops that lie near each other, by k-means."""

    name, title = "clusters", "Clusters of stops"

    def split(self, instance: RoutingInstance) -> tuple[list[RoutingInstance], Cut]:
        """Cuts into clusters of about `PART_STOPS` stops.

        Raises
        ------
        InputError
            If the instance has no positions or but one vehicle.
        """
        parts = self._parts(instance)
        assert instance.positions is not None
        label = np.zeros(instance.size, np.int64)
        label[instance.depots :] = centres(instance.positions[instance.depots :, :2], parts)
        return cut_by(instance, label, parts)


class Sweep(_ByLabel):
    """Parts like slices of a cake, round the depot."""

    name, title = "sweep", "Slices round the depot"

    def suits(self, instance: Any) -> float:
        """Suits instances with one depot somewhat more."""
        found = super().suits(instance)
        return found + 0.05 if found and instance.depots == 1 else found / 2

    def split(self, instance: RoutingInstance) -> tuple[list[RoutingInstance], Cut]:
        """Cuts into slices with equal numbers of stops.

        Raises
        ------
        InputError
            If the instance has no positions or but one vehicle.
        """
        parts = self._parts(instance)
        assert instance.positions is not None
        away = instance.positions[:, :2] - instance.positions[: instance.depots, :2].mean(0)
        order = np.argsort(np.arctan2(away[instance.depots :, 1], away[instance.depots :, 0]), kind="stable")
        label = np.zeros(instance.size, np.int64)
        label[instance.depots + order] = np.arange(instance.stops) * parts // max(1, instance.stops)
        return cut_by(instance, label, parts)


def around_routes(
    instance: RoutingInstance, answer: RoutingAnswer, part_stops: int, parts: int
) -> tuple[list[RoutingInstance], Cut]:
    """Cuts an answered instance into parts of neighbouring whole routes; together they hold every stop.

    The vehicles not used yet are shared among the parts.
    """
    free = np.ones(len(answer.routes), bool)
    sets: list[list[int]] = []
    while free.any():
        seed = int(np.flatnonzero(free)[len(sets) * 7919 % int(free.sum())])
        chosen = neighbouring(instance, answer, seed, part_stops, free)
        free[chosen] = False
        sets.append(chosen)
    made, places, kinds = [], [], []
    for chosen in sets:
        part, cut, _ = part_of_routes(instance, answer, chosen, shares=len(sets))
        made.append(part)
        places.append(cut.places[0])
        kinds.append(cut.kinds[0])
    return made, Cut(tuple(places), tuple(kinds))


def part_of_routes(
    instance: RoutingInstance, answer: RoutingAnswer, chosen: Sequence[int], shares: int = 1
) -> tuple[RoutingInstance, Cut, RoutingAnswer]:
    """Builds the part of some routes, with optional stops nearby, and its present answer.

    Parameters
    ----------
    shares : among how many parts the vehicles that are not used are shared.
    """
    fleet = instance.fleet
    routes = [answer.routes[k] for k in chosen]
    used = np.bincount(answer.vehicle, minlength=fleet.types)
    own = np.bincount(answer.vehicle[list(chosen)], minlength=fleet.types)
    count = own + (fleet.count - used) // max(1, shares)
    inside = np.zeros(instance.size, bool)
    for route in routes:
        inside[route] = True
    inside[: instance.depots] = False
    inside |= _alternatives(instance, answer, inside)
    count = np.minimum(count, max(len(routes) + 2, int(inside.sum())))
    part, cut = part_of(instance, np.flatnonzero(inside), count)
    at = np.full(instance.size, -1, np.int64)
    at[cut.places[0]] = np.arange(len(cut.places[0]))
    kind_at = np.full(fleet.types, -1, np.int64)
    kind_at[cut.kinds[0]] = np.arange(len(cut.kinds[0]))
    present = RoutingAnswer.of([at[route] for route in routes], kind_at[answer.vehicle[list(chosen)]])
    return part, cut, present


def _alternatives(instance: RoutingInstance, answer: RoutingAnswer, inside: np.ndarray) -> np.ndarray:
    """Finds what else belongs to a part: the alternatives of its stops, and optional stops left out beside them."""
    more = np.zeros(instance.size, bool)
    groups = np.unique(instance.group[inside & (instance.group >= 0)])
    more |= np.isin(instance.group, groups) & (instance.group >= 0)
    visited = np.zeros(instance.size, bool)
    visited[answer.visits] = True
    left = np.flatnonzero(~visited & ~instance.required & (instance.group < 0))
    left = left[left >= instance.depots]
    visited[: instance.depots] = False
    seen = np.flatnonzero(visited)
    if len(left) and len(seen):
        step = max(1, 4_000_000 // len(seen))
        for at in range(0, len(left), step):
            some = left[at : at + step]
            near = seen[np.argmin(instance.distance(some[:, None], seen[None, :]), axis=1)]
            more[some[inside[near]]] = True
    return more
