"""The kind ``scheduling``: tables of operations, jobs and resources and a few rules, bound to arrays."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import ref

import numpy as np

from solvitur.api import Finding, InputError, Picture, Problem, Result, Verification
from solvitur_scheduling.binding import Reading, look_over, read
from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.pictures import structure
from solvitur_scheduling.verifying import verify

_KEPT = 3


class SchedulingKind:
    """What is done when, and on what: shops, projects and their kin."""

    name, title = "scheduling", "Schedules (shops, projects)"

    def __init__(self) -> None:
        self._known: deque[tuple[ref[Problem], Reading]] = deque(maxlen=_KEPT)

    def check(self, problem: Problem) -> Sequence[Finding]:
        """Finds what is wrong in rules and tables, or else what makes the problem impossible."""
        content = problem.formulation.content
        return look_over(content) if isinstance(content, SchedulingInstance) else self._read(problem).findings

    def bind(self, problem: Problem) -> SchedulingInstance:
        """Binds tables and rules to arrays; a part of a divided problem already is such arrays.

        Raises
        ------
        InputError
            With everything that is wrong in them.
        """
        if isinstance(problem.formulation.content, SchedulingInstance):
            return problem.formulation.content
        reading = self._read(problem)
        if reading.instance is None:
            raise InputError(reading.errors)
        return reading.instance

    def verify(self, problem: Problem, instance: Any, result: Result) -> Verification:
        """Checks an answer operation by operation; see `solvitur_scheduling.verifying`."""
        return verify(instance, result)

    def values(self, instance: SchedulingInstance, answer: Schedule) -> Mapping[str, Any]:
        """Reads an answer as operations with job, times and resources."""
        rows = []
        for place in np.lexsort((np.arange(instance.size), answer.start)).tolist():
            mode = int(answer.mode[place])
            begin = float(answer.start[place])
            rows.append(
                {
                    "operation": instance.names[place],
                    "job": instance.jobs[int(instance.job[place])],
                    "start": tidy(begin),
                    "end": tidy(begin + float(instance.duration[mode])),
                    "on": [instance.resources[resource] for resource, _ in instance.needs_of[mode]],
                }
            )
        return {"operations": rows, "end": max((row["end"] for row in rows), default=0)}

    def inspect(self, instance: SchedulingInstance) -> tuple[dict[str, Any], tuple[Picture, ...]]:
        """Returns counts and a picture of what waits for what."""
        facts: dict[str, Any] = {
            "jobs": len(instance.jobs),
            "operations": instance.size,
            "machines": int(instance.machine.sum()),
            "other resources": int((~instance.machine).sum()),
            "ways to do an operation": round(len(instance.duration) / max(1, instance.size), 2),
            "precedences": len(instance.before),
            "objective": instance.objective,
            "buffers": instance.buffers,
        }
        return facts, structure(instance)

    def _read(self, problem: Problem) -> Reading:
        for known, reading in tuple(self._known):
            if known() is problem:
                return reading
        reading = read(problem)
        self._known.append((ref(problem), reading))
        return reading


def tidy(value: float) -> float | int:
    """Returns whole numbers as such."""
    return int(value) if value.is_integer() else value
