"""Pictures of schedules: charts of machines and jobs, the critical path, use of resources, what waits for what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Gantt, Graph, Lines, Picture, Solved
from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.verifying import TOLERANCE

_MOST_LINKS = 20_000
_MOST_PROFILES = 8


def _own(solved: Solved) -> bool:
    return isinstance(solved.instance, SchedulingInstance) and isinstance(solved.result.answer, Schedule)


class MachineChart:
    """Who works when on each machine, coloured by job."""

    name, title = "machine-chart", "Machines over time"

    def suits(self, solved: Solved) -> float:
        """Made for schedules that take resources."""
        return 0.98 if _own(solved) and len(solved.instance.resources) else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one bar for each operation on each resource it takes."""
        instance, answer = solved.instance, solved.result.answer
        bars = [(r, place) for place, mode in enumerate(answer.mode.tolist()) for r, _ in instance.needs_of[mode]]
        return [_gantt(instance, answer, bars, instance.resources, "Machines over time", "machine")]


class JobChart:
    """How each job goes on, coloured by machine; a single project shows each operation in a lane of its own."""

    name, title = "job-chart", "Jobs over time"

    def suits(self, solved: Solved) -> float:
        """Made for schedules."""
        return 0.96 if _own(solved) else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one bar for each operation."""
        instance, answer = solved.instance, solved.result.answer
        if len(instance.jobs) == 1:
            order = np.lexsort((np.arange(instance.size), answer.start)).tolist()
            lanes = tuple(instance.names[place] for place in order)
            bars = [(lane, place) for lane, place in enumerate(order)]
            return [_gantt(instance, answer, bars, lanes, "Operations over time", "operation")]
        bars = [(int(job), place) for place, job in enumerate(instance.job.tolist())]
        return [_gantt(instance, answer, bars, instance.jobs, "Jobs over time", "job")]


class CriticalPath:
    """The operations that decide when all is done, by machine."""

    name, title = "critical-path", "Critical path"

    def suits(self, solved: Solved) -> float:
        """Made for schedules that end as early as possible."""
        return 0.9 if _own(solved) and solved.instance.objective == "makespan" else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws the chart of machines with the critical operations apart from the others."""
        instance, answer = solved.instance, solved.result.answer
        critical = critical_operations(instance, answer)
        bars = [(r, place) for place, mode in enumerate(answer.mode.tolist()) for r, _ in instance.needs_of[mode]]
        groups = tuple("critical" if critical[place] else "has time to spare" for _, place in bars)
        lanes = instance.resources
        if not bars:
            bars = [(place, place) for place in range(instance.size)]
            lanes, groups = instance.names, tuple("critical" if c else "has time to spare" for c in critical.tolist())
        made = _gantt(instance, answer, bars, lanes, "Critical path", "machine", groups)
        return [made]


class ResourceProfile:
    """How much of each shared resource is in use over time."""

    name, title = "resource-profile", "Use of resources"

    def suits(self, solved: Solved) -> float:
        """Made for resources that several operations share."""
        return 0.94 if _own(solved) and (~solved.instance.machine).any() else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one stair for each shared resource, its capacity beside it in the name."""
        instance, answer = solved.instance, solved.result.answer
        wanted = np.flatnonzero(~instance.machine & instance.renewable)[:_MOST_PROFILES].tolist()
        xs, ys, names = [], [], []
        for resource in wanted:
            times, used = profile(instance, answer, resource)
            xs.append(times)
            ys.append(used)
            names.append(f"{instance.resources[resource]} (of {instance.capacity[resource]:g})")
        if not names:
            return []
        caption = "" if len(wanted) == (~instance.machine).sum() else f"the first {len(wanted)} resources"
        return [
            Lines(
                "Use of resources",
                caption,
                series=tuple(names),
                x=tuple(xs),
                y=tuple(ys),
                x_axis="time",
                y_axis="in use",
                steps=True,
            )
        ]


def profile(instance: SchedulingInstance, answer: Schedule, resource: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns times and how much of a resource is in use from each on, arrays of equal length."""
    change: dict[float, float] = {0.0: 0.0}
    for place, mode in enumerate(answer.mode.tolist()):
        for taken, amount in instance.needs_of[mode]:
            if taken == resource:
                begin = float(answer.start[place])
                end = begin + float(instance.duration[mode])
                change[begin] = change.get(begin, 0.0) + amount
                change[end] = change.get(end, 0.0) - amount
    times = np.array(sorted(change))
    return times, np.cumsum([change[time] for time in times.tolist()])


def critical_operations(instance: SchedulingInstance, answer: Schedule) -> np.ndarray:
    """Tells of each operation whether it has no time to spare, shape (n,).

    Walks back from what ends last through whatever ends just when the next begins, in its job, by precedence or on
    one of its resources.
    """
    start = answer.start
    end = start + instance.duration[answer.mode]
    critical = np.zeros(instance.size, bool)
    if not instance.size:
        return critical
    waits: list[list[tuple[int, float]]] = [[] for _ in range(instance.size)]
    for (one, then), lag in zip(instance.before.tolist(), instance.lag.tolist(), strict=True):
        waits[then].append((one, lag))
    on: dict[int, list[int]] = {}
    for place, mode in enumerate(answer.mode.tolist()):
        for resource, _ in instance.needs_of[mode]:
            on.setdefault(resource, []).append(place)
    open_ends = np.flatnonzero(end >= end.max() - TOLERANCE).tolist()
    while open_ends:
        place = open_ends.pop()
        if critical[place]:
            continue
        critical[place] = True
        begin = start[place]
        open_ends += [one for one, lag in waits[place] if abs(end[one] + lag - begin) <= TOLERANCE]
        for resource, _ in instance.needs_of[int(answer.mode[place])]:
            open_ends += [other for other in on[resource] if abs(end[other] - begin) <= TOLERANCE and other != place]
    return critical


def structure(instance: SchedulingInstance) -> tuple[Picture, ...]:
    """Draws what waits for what."""
    if not len(instance.before) or len(instance.before) > _MOST_LINKS:
        return ()
    return (
        Graph(
            "Precedences",
            positions=_places(instance),
            nodes=instance.names,
            groups=tuple(instance.jobs[job] for job in instance.job.tolist()),
            source=instance.before[:, 0],
            target=instance.before[:, 1],
            weight=np.ones(len(instance.before)),
        ),
    )


def _places(instance: SchedulingInstance) -> np.ndarray | None:
    """Puts jobs below each other, their operations from left to right; a single project is left to the layout."""
    if len(instance.jobs) == 1:
        return None
    place = np.zeros((instance.size, 2))
    for row, operations in enumerate(instance.operations_of):
        for column, operation in enumerate(operations):
            place[operation] = column, -row
    return place


def _gantt(
    instance: SchedulingInstance,
    answer: Schedule,
    bars: list[tuple[int, int]],
    lanes: tuple[str, ...],
    title: str,
    axis: str,
    groups: tuple[str, ...] = (),
) -> Gantt:
    places = [place for _, place in bars]
    start = answer.start[places]
    end = start + instance.duration[answer.mode[places]]
    if not groups and axis == "machine":
        groups = tuple(instance.jobs[int(instance.job[place])] for place in places)
    elif not groups:
        groups = tuple(_machine_name(instance, int(answer.mode[place])) for place in places)
    return Gantt(
        title,
        lanes=tuple(lanes),
        lane=np.array([lane for lane, _ in bars], np.int64),
        start=start,
        end=end,
        labels=tuple(instance.names[place] for place in places),
        groups=groups,
        elements=tuple(f"operations[{instance.names[place]}]" for place in places),
        axis="time",
    )


def _machine_name(instance: SchedulingInstance, mode: int) -> str:
    taken = instance.needs_of[mode]
    return instance.resources[taken[0][0]] if taken else "nothing"
