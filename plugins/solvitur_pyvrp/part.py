"""PyVRP as Solvitur sees it. Light: the library loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from solvitur.api import Feature, Job, Result, option
from solvitur_routing.instance import RoutingInstance

_LARGE = 2_000
"""From so many stops on its matrices and first local search take too long."""


@dataclass(frozen=True)
class Options:
    """What a user may choose about PyVRP."""

    neighbours: int = option(50, "Neighbours", minimum=5, maximum=500, help="How many near stops each move looks at.")
    history: int = option(300, "History", minimum=1, help="Length of the late acceptance list.", advanced=True)


class PyVrp:
    """PyVRP, for routing problems of all sizes up to a few thousand stops."""

    name, title = "pyvrp", "PyVRP"
    options: ClassVar[type | None] = Options
    handles = frozenset(
        {
            Feature.ROUTING,
            Feature.SEVERAL_ROUTES,
            Feature.ASYMMETRIC,
            Feature.TIME_WINDOWS,
            Feature.CAPACITIES,
            Feature.MIXED_FLEET,
            Feature.SEVERAL_DEPOTS,
            Feature.OPEN_ROUTES,
            Feature.OPTIONAL_STOPS,
            Feature.STOP_GROUPS,
            Feature.COLLECTIONS,
            Feature.BACKHAULS,
            Feature.PAIRED_STOPS,
            Feature.ROUTE_LIMITS,
            Feature.TIME_COSTS,
            Feature.SEVERAL_TRIPS,
            Feature.RELEASES,
            Feature.SKILLS,
            Feature.FEWEST_VEHICLES,
        }
    )

    def unable(self, instance: RoutingInstance) -> str:
        """Tells why PyVRP cannot take this instance although it handles its features."""
        pairs = instance.pairs
        if len(pairs):
            stops = pairs.ravel()
            if len(np.unique(stops)) < len(stops):
                return "a stop belongs to two pairs"
            if instance.delivery[stops].any() or instance.pickup[stops].any():
                return "a stop of a pair has a load of its own too"
            if not instance.required[stops].all():
                return "a stop of a pair may be left out"
        if instance.backhauls_last and len(pairs):
            return "pairs and collections after deliveries do not go together there"
        return ""

    def rank(self, instance: RoutingInstance) -> tuple[float, str]:
        """Ranks PyVRP for Auto."""
        if Feature.SEVERAL_ROUTES not in instance.features:
            return 0.5, "one vehicle; it is made for many"
        if instance.stops > _LARGE:
            return 0.45, f"{instance.stops} stops are many for it at once"
        return 0.85, f"{instance.stops} stops with {instance.fleet.vehicles} vehicles"

    def solve(self, instance: RoutingInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_pyvrp.running.run`."""
        from solvitur_pyvrp.running import run  # noqa: PLC0415  pyvrp is loaded only where it solves

        return run(instance, options, job)
