"""CP-SAT for schedules, as Solvitur sees it. Light: ortools loads on solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from solvitur.api import Feature, Job, Result, option
from solvitur_scheduling.instance import SchedulingInstance
from solvitur_scheduling.whole_times import scale_of


@dataclass(frozen=True)
class Options:
    """What a user may choose about CP-SAT for schedules."""

    start: bool = option(True, "Start from a quick schedule", help="Give it the best of a few simple rules first.")
    linearization: int = option(
        1, "Use of linear relaxations", minimum=0, maximum=2, help="0: none, 1: some, 2: for everything."
    )


class ConstraintScheduler:
    """CP-SAT of OR-Tools on interval variables: shops and projects of all kinds, with bounds."""

    name, title = "cp-sat-schedule", "CP-SAT (schedules)"
    options: ClassVar[type | None] = Options
    handles = frozenset({Feature.SCHEDULING, Feature.GENERAL_SCHEDULING})

    def unable(self, instance: SchedulingInstance) -> str:
        """Tells why CP-SAT cannot take this instance although it handles its features."""
        if not scale_of(instance):
            return "its times are no multiples of a thousandth, or too large"
        if instance.free_order and instance.buffers != "unlimited":
            return "free order goes only with unlimited buffers there"
        return ""

    def rank(self, instance: SchedulingInstance) -> tuple[float, str]:
        """Ranks CP-SAT for Auto."""
        return 0.8, f"{instance.size} operations; it also proves how good the schedule is"

    def solve(self, instance: SchedulingInstance, options: Options, job: Job) -> Result:
        """Solves the instance; see `solvitur_scheduling.constraint_running.run`."""
        from solvitur_scheduling.constraint_running import run  # noqa: PLC0415  ortools loads only where it solves

        return run(instance, options, job)
