"""OR-Tools' routing library as Solvitur sees it. Light: ortools loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from solvitur.api import Feature, Job, Result, option
from solvitur_routing.instance import RoutingInstance

_MOST = 5_000


@dataclass(frozen=True)
class Options:
    """What a user may choose about OR-Tools' routing library."""

    first: str = option(
        "parallel_cheapest_insertion",
        "First answer",
        choices=("parallel_cheapest_insertion", "path_cheapest_arc", "savings", "automatic"),
    )
    search: str = option(
        "guided_local_search",
        "Search",
        choices=("guided_local_search", "tabu_search", "simulated_annealing", "greedy_descent"),
    )


class OrToolsRouting:
    """OR-Tools' routing library: breaks, and much else in one model."""

    name, title = "ortools-routing", "OR-Tools routing"
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
            Feature.PAIRED_STOPS,
            Feature.ROUTE_LIMITS,
            Feature.TIME_COSTS,
            Feature.BREAKS,
            Feature.SKILLS,
            Feature.FEWEST_VEHICLES,
        }
    )

    def unable(self, instance: RoutingInstance) -> str:
        """Tells why the library cannot take this instance although it handles its features."""
        if instance.size > _MOST:
            return f"its matrices are made for at most {_MOST} places"
        if len(instance.pairs) and not instance.required[instance.pairs.ravel()].all():
            return "a stop of a pair may be left out"
        return ""

    def rank(self, instance: RoutingInstance) -> tuple[float, str]:
        """Ranks the library for Auto."""
        if Feature.BREAKS in instance.features:
            return 0.8, "it plans breaks"
        if len(instance.pairs) and len(np.unique(instance.pairs)) < instance.pairs.size:
            return 0.7, "stops belong to several pairs"
        return 0.55, f"{instance.stops} stops with {instance.fleet.vehicles} vehicles"

    def solve(self, instance: RoutingInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_routing.ortools_running.run`."""
        from solvitur_routing.ortools_running import run  # noqa: PLC0415  ortools is loaded only where it solves

        return run(instance, options, job)
