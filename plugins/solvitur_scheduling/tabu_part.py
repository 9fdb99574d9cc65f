"""The tabu search for job shops, as Solvitur sees it. Light: what is compiled loads on solve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from solvitur.api import Feature, Job, Result, Status, is_proven, option
from solvitur_scheduling.dispatching import best_of_rules
from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.objectives import objective_of
from solvitur_scheduling.whole_times import scale_of

_PROVABLE = 400
"""Up to so many operations CP-SAT has a chance to prove a schedule best in the time that is left."""


@dataclass(frozen=True)
class Options:
    """What a user may choose about the search for job shops."""

    proof: float = option(
        0.4,
        "Share of the time for a proof",
        minimum=0.0,
        maximum=0.9,
        help="CP-SAT then goes on from the best schedule: it may prove it best. Smaller shops only.",
    )


class JobShopSearch:
    """Tabu search on critical blocks with path relinking, then CP-SAT for a proof."""

    name, title = "job-shop-search", "Job shop search"
    options: ClassVar[type | None] = Options
    handles = frozenset({Feature.SCHEDULING})

    def unable(self, instance: SchedulingInstance) -> str:
        """Tells why the search cannot take this instance although it handles its features."""
        if not scale_of(instance):
            return "its times are no multiples of a thousandth, or too large"
        return "" if instance.size else "there is nothing to schedule"

    def rank(self, instance: SchedulingInstance) -> tuple[float, str]:
        """Ranks the search for Auto."""
        return 0.9, f"a classical job shop of {len(instance.jobs)} jobs on {len(instance.resources)} machines"

    def solve(self, instance: SchedulingInstance, options: Options, job: Job) -> Result:
        """Searches for good schedules, then for a proof."""
        found: list[tuple[Schedule, float]] = []

        def tell(schedule: Schedule, makespan: float) -> None:
            if not found or makespan < found[-1][1]:
                found.append((schedule, makespan))
                job.incumbent(schedule, makespan)

        first = best_of_rules(instance, stop=lambda: job.cancelled or job.remaining_s <= 0)
        if first is not None:
            tell(first, objective_of(instance, first))
        job.progress(None, "preparing the search")
        from solvitur_scheduling.tabu_running import Shop, TabuSearch  # noqa: PLC0415  numba loads only where it solves

        shop = Shop.of(instance)
        floor = shop.floor / shop.scale
        job.bound(floor)
        share = options.proof if instance.size <= _PROVABLE else 0.0
        reserve = share * job.remaining_s
        search = TabuSearch(shop, job.seed, lambda: job.cancelled or job.remaining_s <= reserve + 0.05, tell)
        job.progress(None, "searching")
        search.run()
        statistics = {"steps": search.steps}
        if not found:
            ending = Status.CANCELLED if job.cancelled else Status.UNKNOWN
            return Result(ending, reason="the time was over before any schedule was built", statistics=statistics)
        schedule, makespan = found[-1]
        if is_proven(makespan, floor):
            return Result(Status.OPTIMAL, schedule, makespan, floor, statistics=statistics)
        if reserve and not job.cancelled:
            return self._proof(instance, job, schedule, floor)
        stopped = "it was stopped" if job.cancelled else "the time limit was reached"
        ending = Status.CANCELLED if job.cancelled else Status.FEASIBLE
        return Result(ending, schedule, makespan, floor, stopped, statistics=statistics)

    def _proof(self, instance: SchedulingInstance, job: Job, schedule: Schedule, floor: float) -> Result:
        """Lets CP-SAT go on from a schedule."""
        from solvitur_scheduling import constraint_part, constraint_running  # noqa: PLC0415  ortools loads late

        job.progress(None, "looking for a proof")
        result = constraint_running.run(instance, constraint_part.Options(), job, schedule)
        return replace(result, bound=max(floor, result.bound if result.bound is not None else floor))
