"""CP-SAT for small routing problems, with proof, as Solvitur sees it. Light: ortools loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from solvitur.api import Feature, Job, Result, option
from solvitur_routing.instance import RoutingInstance, is_tour

_MOST_ARCS = 60_000


@dataclass(frozen=True)
class Options:
    """What a user may choose about CP-SAT on routes."""

    linearization: int = option(1, "Use of linear relaxations", minimum=0, maximum=2)


class Circuits:
    """CP-SAT with a circuit per vehicle: small problems of most kinds, solved to the proven optimum."""

    name, title = "cp-sat-routes", "CP-SAT circuits"
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
            Feature.SKILLS,
            Feature.FEWEST_VEHICLES,
        }
    )

    def unable(self, instance: RoutingInstance) -> str:
        """Tells why CP-SAT cannot take this instance although it handles its features."""
        vehicles = min(instance.fleet.vehicles, instance.stops * instance.fleet.types)
        if vehicles * instance.size**2 > _MOST_ARCS:
            return f"{instance.stops} stops with {vehicles} vehicles are too many for a proof"
        return ""

    def rank(self, instance: RoutingInstance) -> tuple[float, str]:
        """Ranks CP-SAT for Auto."""
        if is_tour(instance):
            return 0.6, "one round; the tour improver is quicker and often proves it too"
        if instance.stops <= 12 or (instance.stops <= 20 and instance.fleet.vehicles == 1):
            return 0.95, f"{instance.stops} stops, few enough for a proof"
        return 0.35, "a proof would take long"

    def solve(self, instance: RoutingInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_routing.circuit_running.run`."""
        from solvitur_routing.circuit_running import run  # noqa: PLC0415  ortools is loaded only where it solves

        return run(instance, options, job)
