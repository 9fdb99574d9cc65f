"""The tour improver as Solvitur sees it. Light: numba loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from solvitur.api import Feature, Job, Result, option
from solvitur_routing.instance import RoutingInstance


@dataclass(frozen=True)
class Options:
    """What a user may choose about the tour improver."""

    neighbours: int = option(
        0, "Neighbours", minimum=0, maximum=14, help="How many near cities a step may lead to; 0: as suits the size."
    )
    patience: int = option(
        200, "Patience", minimum=0, help="Ends after this many kicks per city without a shorter tour; 0: never."
    )
    bound: bool = option(True, "Bound", help="Prove how short a tour can be at best (up to 2 500 cities).")


class Tours:
    """Chained Lin-Kernighan for tours, symmetric or not."""

    name, title = "tours", "Tour improver"
    options: ClassVar[type | None] = Options
    handles = frozenset({Feature.ROUTING, Feature.ASYMMETRIC})

    def unable(self, instance: RoutingInstance) -> str:
        """Tells why the improver cannot take this instance although it handles its features."""
        if instance.depots != 1:
            return "it takes one starting place only"
        if not instance.symmetric and instance.size > 5_000:
            return "it takes at most 5 000 places with distances that differ by direction"
        return ""

    def rank(self, instance: RoutingInstance) -> tuple[float, str]:
        """Ranks the improver for Auto."""
        return 0.9, f"one round through {instance.size} places"

    def solve(self, instance: RoutingInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_tours.running.run`."""
        from solvitur_tours.running import run  # noqa: PLC0415  numba is loaded only where it solves

        return run(instance, options, job)
