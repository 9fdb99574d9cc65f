"""A first answer at once: Clarke and Wright's savings (1964) over near stops, for fleets of equal vehicles."""

from __future__ import annotations

import numpy as np

from solvitur.api import Feature
from solvitur_routing.instance import RoutingAnswer, RoutingInstance

_NEIGHBOURS = 40
TAKES = frozenset({Feature.ROUTING, Feature.SEVERAL_ROUTES, Feature.CAPACITIES})


def savings(instance: RoutingInstance) -> RoutingAnswer | None:
    """Joins routes where it saves most; None if the instance needs more than capacities, or more vehicles."""
    fleet = instance.fleet
    if not instance.features <= TAKES or instance.depots != 1 or fleet.types != 1:
        return None
    stops = np.arange(1, instance.size)
    home = instance.distance(np.zeros(len(stops), np.int64), stops)
    near = _near(instance, min(_NEIGHBOURS, len(stops) - 1))
    first = np.repeat(stops, near.shape[1])
    second = near.ravel()
    keys = np.unique(np.minimum(first, second) * instance.size + np.maximum(first, second))
    first, second = keys // instance.size, keys % instance.size
    gain = home[first - 1] + home[second - 1] - instance.distance(first, second)
    order = np.argsort(-gain, kind="stable")
    order = order[gain[order] > 0]
    joined = _join(instance, list(zip(first[order].tolist(), second[order].tolist(), strict=True)))
    if len(joined) > fleet.vehicles:
        return None
    return RoutingAnswer.of(joined, [0] * len(joined))


def _near(instance: RoutingInstance, wanted: int) -> np.ndarray:
    """Finds the nearest stops of each stop, shape (n, wanted), in blocks of rows."""
    stops = np.arange(1, instance.size)
    found = np.empty((len(stops), wanted), np.int64)
    step = max(1, 4_000_000 // len(stops))
    for at in range(0, len(stops), step):
        ways = _roughly(instance, stops[at : at + step], stops)
        rows = np.arange(len(ways))
        ways[rows, rows + at] = np.inf
        found[at : at + step] = np.argpartition(ways, wanted - 1, axis=1)[:, :wanted] + 1
    return found


def _roughly(instance: RoutingInstance, some: np.ndarray, stops: np.ndarray) -> np.ndarray:
    """Returns what orders stops by distance; on the plane squares, by one product of matrices in half precision."""
    if instance.metric != "euclidean" or instance.positions is None:
        return instance.distance(some[:, None], stops[None, :]).astype(np.float32)
    here = (instance.positions - instance.positions.mean(0)).astype(np.float32)
    squares = (here * here).sum(1)
    found: np.ndarray = squares[some][:, None] + squares[stops][None, :] - 2.0 * (here[some] @ here[stops].T)
    return found


def _join(instance: RoutingInstance, edges: list[tuple[int, int]]) -> list[list[int]]:
    """Joins routes end to end in the order of the edges while the loads fit."""
    limits = (instance.fleet.capacity[0] + 1e-9).tolist()
    route_of = list(range(instance.size))
    routes: dict[int, list[int]] = {k: [k] for k in range(1, instance.size)}
    load = instance.delivery.tolist()
    for a, b in edges:
        one, two = route_of[a], route_of[b]
        if one == two:
            continue
        left, right = routes[one], routes[two]
        if a not in (left[0], left[-1]) or b not in (right[0], right[-1]):
            continue
        together = [p + q for p, q in zip(load[one], load[two], strict=True)]
        if any(total > limit for total, limit in zip(together, limits, strict=True)):
            continue
        if len(left) < len(right):
            left, right, one, two, a, b = right, left, two, one, b, a
        if left[-1] == a:
            left.extend(right if right[0] == b else right[::-1])
        else:
            left[:0] = right if right[-1] == b else right[::-1]
        for stop in right:
            route_of[stop] = one
        load[one] = together
        del routes[two]
    return list(routes.values())
