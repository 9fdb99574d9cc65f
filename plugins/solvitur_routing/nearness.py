"""What lies near what: clusters of points, and routes that run beside each other."""

from __future__ import annotations

import numpy as np

from solvitur_routing.instance import RoutingAnswer, RoutingInstance

_ROUNDS = 20


def centres(points: np.ndarray, parts: int, seed: int = 0) -> np.ndarray:
    """Labels points (n, 2) by k-means with about equally many points each; returns labels 0..parts-1, shape (n,)."""
    order = np.argsort(_along(points))
    label = np.empty(len(points), np.int64)
    label[order] = np.arange(len(points)) * parts // max(1, len(points))
    for _ in range(_ROUNDS):
        middle = np.stack([points[label == k].mean(0) if (label == k).any() else points[0] for k in range(parts)])
        size = np.bincount(label, minlength=parts) * parts / max(1, len(points))
        apart = ((points[:, None] - middle[None]) ** 2).sum(-1) * np.maximum(0.5, size)[None]
        moved = apart.argmin(1)
        if (moved == label).all():
            break
        label = moved
    return label


def _along(points: np.ndarray) -> np.ndarray:
    """Orders points by stripes, there and back: neighbours in order are neighbours on the plane."""
    stripes = max(1, int(np.sqrt(len(points) / 50)))
    low, high = points.min(0), points.max(0)
    unit = (points - low) / np.maximum(high - low, 1e-12)
    stripe = np.minimum((unit[:, 0] * stripes).astype(np.int64), stripes - 1)
    found: np.ndarray = stripe + np.where(stripe % 2 == 0, unit[:, 1], 1.0 - unit[:, 1]) * 0.999
    return found


def neighbouring(
    instance: RoutingInstance, answer: RoutingAnswer, seed: int, stops: int, free: np.ndarray
) -> list[int]:
    """Gathers the free routes nearest to a route until they hold so many stops; the route itself is the first.

    Routes are as far apart as the stops of the first are on average from the nearest stop of the other.
    """
    routes = answer.routes
    own = routes[seed][routes[seed] >= instance.depots]
    others = np.flatnonzero(free)
    others = others[others != seed]
    if not len(others) or not len(own):
        return [seed]
    sample = own[:: max(1, len(own) // 8)]
    visits = np.concatenate([routes[k] for k in others.tolist()])
    lengths = np.array([len(routes[k]) for k in others.tolist()])
    ways = instance.distance(sample[:, None], visits[None, :])
    nearest = np.minimum.reduceat(ways, np.concatenate([[0], lengths.cumsum()[:-1]]), axis=1)
    order = np.argsort(nearest.mean(0), kind="stable")
    chosen, total = [seed], len(own)
    for k in order.tolist():
        if total + lengths[k] > stops and len(chosen) > 1:
            break
        chosen.append(int(others[k]))
        total += int(lengths[k])
    return chosen
