"""Divide and conquer as Solvitur sees it: parts of neighbouring routes, improved by PyVRP side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from solvitur.api import Feature, Job, Result, option
from solvitur_pyvrp.part import PyVrp
from solvitur_routing.instance import RoutingInstance
from solvitur_routing.savings import TAKES

_MANY, _WHOLE = 600, 1_500


@dataclass(frozen=True)
class Options:
    """What a user may choose about dividing."""

    part_stops: int = option(250, "Stops in a part", minimum=20, maximum=5000)
    workers: int = option(0, "Workers", minimum=0, maximum=64, help="Parts at work at once; 0: one per core.")
    part_seconds: float = option(0.0, "Time for a part", minimum=0.0, unit="s", help="0: as suits the limit.")


class Divide:
    """Splits into parts of neighbouring routes, lets PyVRP improve several at once, and goes on elsewhere."""

    name, title = "divide", "Divide and improve"
    options: ClassVar[type | None] = Options
    handles = PyVrp.handles

    def unable(self, instance: RoutingInstance) -> str:
        """Tells why this instance cannot be divided."""
        if instance.fleet.vehicles < 2:
            return "one vehicle's stops cannot be divided"
        return PyVrp().unable(instance)

    def rank(self, instance: RoutingInstance) -> tuple[float, str]:
        """Ranks dividing for Auto."""
        plain = instance.features <= TAKES
        several = bool(instance.features & {Feature.MIXED_FLEET, Feature.SEVERAL_DEPOTS})
        if instance.stops >= _MANY and (plain or (several and Feature.BACKHAULS not in instance.features)):
            return 0.9, f"{instance.stops} stops are better improved in parts, side by side"
        if instance.stops > _WHOLE:
            return 0.9, f"{instance.stops} stops are too many to be solved as one"
        return 0.4, "small enough to be solved as one"

    def solve(self, instance: RoutingInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_pyvrp.dividing.run`."""
        from solvitur_pyvrp.dividing import run  # noqa: PLC0415  pyvrp is loaded only where it solves

        return run(instance, options, job)
