"""The kind ``routing``: tables of stops and vehicles and a few rules, bound to arrays, verified by walking."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import ref

import numpy as np

from solvitur.api import Finding, InputError, Picture, Problem, Result, Verification
from solvitur_routing.binding import Reading, read
from solvitur_routing.checks import look_over
from solvitur_routing.costs import route_cost, tidy
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.maps import structure
from solvitur_routing.verifying import verify
from solvitur_routing.words import vehicle_names

_KEPT = 3


class RoutingKind:
    """Who goes where in which order: tours, vehicle routes and their kin."""

    name, title = "routing", "Routes (tours, vehicles)"

    def __init__(self) -> None:
        self._known: deque[tuple[ref[Problem], Reading]] = deque(maxlen=_KEPT)

    def check(self, problem: Problem) -> Sequence[Finding]:
        """Finds what is wrong in rules and tables, or else what makes the problem impossible."""
        reading = self._read(problem)
        return [*reading.findings, *(look_over(reading.instance) if reading.instance is not None else [])]

    def bind(self, problem: Problem) -> RoutingInstance:
        """Binds tables and rules to arrays.

        Raises
        ------
        InputError
            With everything that is wrong in them.
        """
        reading = self._read(problem)
        if reading.instance is None:
            raise InputError(reading.errors)
        wrong = [finding for finding in look_over(reading.instance) if finding.severity.value == "error"]
        if wrong:
            raise InputError(wrong)
        return reading.instance

    def verify(self, problem: Problem, instance: Any, result: Result) -> Verification:
        """Checks an answer by walking its routes; see `solvitur_routing.verifying`."""
        return verify(instance, result)

    def values(self, instance: RoutingInstance, answer: RoutingAnswer) -> Mapping[str, Any]:
        """Reads an answer as routes with their stops by name, and totals."""
        routes = []
        for visits, kind, name in zip(
            answer.routes, answer.vehicle.tolist(), vehicle_names(instance, answer), strict=True
        ):
            cost = route_cost(instance, visits, kind)
            row: dict[str, Any] = {
                "vehicle": name,
                "stops": [instance.names[place] for place in visits.tolist()],
                "distance": tidy(cost.distance),
                "load": tidy(float(instance.delivery[visits].sum() + instance.pickup[visits].sum())),
            }
            routes.append({**row, "duration": tidy(cost.duration)} if instance.timed else row)
        seen = np.zeros(instance.size, bool)
        seen[: instance.depots] = True
        seen[answer.visits] = True
        left = [instance.names[place] for place in np.flatnonzero(~seen).tolist()]
        total = tidy(sum(float(row["distance"]) for row in routes))
        found = {"routes": routes, "vehicles": len(routes), "distance": total}
        return {**found, "left out": left} if left else found

    def inspect(self, instance: RoutingInstance) -> tuple[dict[str, Any], tuple[Picture, ...]]:
        """Returns counts and a map of the places."""
        fleet = instance.fleet
        facts: dict[str, Any] = {
            "depots": instance.depots,
            "stops": instance.stops,
            "vehicles": fleet.vehicles,
            "vehicle types": fleet.types,
            "metric": instance.metric,
            "rounding": instance.rounding,
            "needs": ", ".join(sorted(feature.value for feature in instance.features)),
        }
        return facts, structure(instance)

    def _read(self, problem: Problem) -> Reading:
        for known, reading in tuple(self._known):
            if known() is problem:
                return reading
        reading = read(problem)
        self._known.append((ref(problem), reading))
        return reading
