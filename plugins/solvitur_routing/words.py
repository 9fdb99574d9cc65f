"""Numbers, times and vehicles as the user reads them."""

from __future__ import annotations

import math

from solvitur_routing.instance import RoutingAnswer, RoutingInstance


def number(value: float) -> str:
    """Shows a number without needless digits."""
    value = float(value)
    if math.isinf(value):
        return "no limit"
    if value == round(value) and abs(value) < 1e15:
        return str(round(value))
    return f"{value:.6g}" if abs(value) < 1e5 else f"{value:.2f}"


def clock(instance: RoutingInstance, value: float) -> str:
    """Shows a time: as a clock where the user's own table has clock times, else as a number."""
    if not instance.clock or not 0.0 <= value < 100_000.0:
        return number(value)
    minutes = round(value)
    return f"{minutes // 60}:{minutes % 60:02d}"


def vehicle_names(instance: RoutingInstance, answer: RoutingAnswer) -> list[str]:
    """Names the vehicle of each route: its type's name, numbered where the type has several."""
    seen: dict[int, int] = {}
    found = []
    for kind in answer.vehicle.tolist():
        seen[kind] = seen.get(kind, 0) + 1
        title = instance.fleet.names[kind] if 0 <= kind < instance.fleet.types else f"type {kind}"
        found.append(title if int(instance.fleet.count[kind]) == 1 else f"{title} {seen[kind]}")
    return found
