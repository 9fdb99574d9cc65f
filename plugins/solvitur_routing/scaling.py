"""Factors that turn an instance's numbers into whole ones, for solvers that count in whole numbers only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur_routing.instance import RoutingInstance

NO_LIMIT = np.iinfo(np.int64).max
LARGEST_PENALTY = 1e5
"""The largest penalty that PyVRP gives to one unit of load above capacity."""
_SPAN = 3e7
"""Distances and times without decimals of their own are scaled to about this, if they are not exact before."""


@dataclass(frozen=True)
class Scales:
    """Factors to whole numbers: of distances and times, of unit costs, and of loads by dimension."""

    way: float
    unit: float
    load: np.ndarray
    exact: bool
    """Whether distances and times are whole without rounding."""


def scales_of(instance: RoutingInstance, distance: np.ndarray, duration: np.ndarray | None) -> Scales:
    """Chooses the factors for an instance with its matrices."""
    fleet = instance.fleet
    unit = _exact([fleet.distance_cost, fleet.time_cost]) or 100.0
    numbers = [fleet.max_distance, distance]
    if instance.timed:
        numbers += [instance.earliest, instance.latest, instance.service, instance.release]
        numbers += [fleet.earliest, fleet.latest, fleet.max_duration]
        numbers += [duration] if duration is not None else []
    way = _exact(numbers)
    dearest = max(1.0, float(max(fleet.distance_cost.max(), fleet.time_cost.max())))
    reach = float(distance[np.isfinite(distance)].max(initial=1.0))
    exact_ways = way is not None
    if way is None:
        spans = [float(part[np.isfinite(part)].max(initial=0.0)) for part in numbers]
        way = 10.0 ** max(0.0, np.floor(np.log10(_SPAN / (max(1e-9, *spans) * dearest))))
    load = []
    for k in range(fleet.capacity.shape[1]):
        parts = [instance.delivery[:, k], instance.pickup[:, k], instance.amount[:, k], fleet.capacity[:, k]]
        exact = _exact(parts) or 1000.0
        smallest = min((float(part[part > 0].min()) for part in parts if (part > 0).any()), default=1.0) * exact
        # A unit of load too many must hurt more than any detour, at the largest penalty PyVRP may give it.
        needed = 3.0 * reach * way * unit * dearest / (LARGEST_PENALTY * max(1.0, smallest))
        load.append(exact * float(np.ceil(max(1.0, needed))))
    return Scales(way, unit, np.array(load), exact_ways)


def _exact(parts: list[np.ndarray]) -> float | None:
    """Returns the power of ten up to 1000 that makes all numbers whole, or None."""
    for scale in (1.0, 10.0, 100.0, 1000.0):
        if all(_whole(part[np.isfinite(part)] * scale) for part in parts):
            return scale
    return None


def _whole(values: np.ndarray) -> bool:
    return bool((np.abs(values - np.rint(values)) <= 1e-7 * np.maximum(1.0, np.abs(values))).all())


def up(values: np.ndarray, scale: float | np.ndarray) -> np.ndarray:
    """Scales to whole numbers upwards, but lets exact ones be."""
    scaled = np.where(np.isfinite(values), values, 0.0) * scale
    near = np.rint(scaled)
    whole = np.where(np.abs(scaled - near) <= 1e-6, near, np.ceil(scaled)).astype(np.int64)
    return np.where(np.isfinite(values), whole, NO_LIMIT)


def down(values: np.ndarray, scale: float | np.ndarray) -> np.ndarray:
    """Scales to whole numbers downwards, but lets exact ones be."""
    scaled = np.where(np.isfinite(values), values, 0.0) * scale
    near = np.rint(scaled)
    whole = np.where(np.abs(scaled - near) <= 1e-6, near, np.floor(scaled)).astype(np.int64)
    return np.where(np.isfinite(values), whole, NO_LIMIT)
