"""Small scheduling problems, and a brute force that shares nothing with binding, solvers or verification."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from solvitur.problem.document import Formulation, Problem
from solvitur.problem.tables import Table


@dataclass
class Mode:
    """One way to do an operation, in plain Python."""

    duration: int
    machine: str
    needs: dict[str, int] = field(default_factory=dict)
    cost: int = 0


@dataclass
class Shop:
    """A tiny scheduling problem in plain Python: jobs are lists of operations, operations lists of modes."""

    jobs: list[list[list[Mode]]]
    rules: dict[str, str] = field(default_factory=dict)
    release: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    deadline: list[int] = field(default_factory=list)
    weight: list[int] = field(default_factory=list)
    closed: list[tuple[str, int, int]] = field(default_factory=list)
    capacity: dict[str, tuple[int, bool]] = field(default_factory=dict)
    family: list[list[str]] = field(default_factory=list)
    setup: dict[tuple[str, str], int] = field(default_factory=dict)

    def problem(self) -> Problem:
        """The same as a document."""
        rows = []
        for j, job in enumerate(self.jobs):
            for o, modes in enumerate(job):
                for mode in modes:
                    needs = "; ".join(f"{name} {amount}" for name, amount in mode.needs.items())
                    family = self.family[j][o] if self.family else ""
                    rows.append((f"J{j}", f"{j}.{o}", mode.machine, mode.duration, needs, family, mode.cost))
        names = ("job", "operation", "machine", "duration", "needs", "family", "cost")
        tables = [Table.from_rows("operations", names, rows)]
        per_job = {"release": self.release, "due": self.due, "deadline": self.deadline, "weight": self.weight}
        given = {name: values for name, values in per_job.items() if values}
        if given:
            lines = [(f"J{j}", *(values[j] for values in given.values())) for j in range(len(self.jobs))]
            tables.append(Table.from_rows("jobs", ("job", *given), lines))
        if self.closed:
            tables.append(Table.from_rows("calendar", ("resource", "from", "until"), self.closed))
        if self.capacity:
            lines = [(name, amount, "yes" if back else "no") for name, (amount, back) in self.capacity.items()]
            tables.append(Table.from_rows("resources", ("resource", "capacity", "renewable"), lines))
        if self.setup:
            lines = [(one, then, time) for (one, then), time in self.setup.items()]
            tables.append(Table.from_rows("setups", ("from", "to", "time"), lines))
        text = "\n".join(f"{name}: {value}" for name, value in self.rules.items())
        return Problem("tiny", formulation=Formulation("scheduling", text), tables=tuple(tables))

    def best(self) -> float | None:
        """The best objective over all whole starting times; None when no schedule keeps the rules."""
        return min((self._value(plan) for plan in self._plans()), default=None)

    def _plans(self) -> Iterator[dict[tuple[int, int], tuple[int, Mode]]]:
        places = [(j, o) for j, job in enumerate(self.jobs) for o in range(len(job))]
        longest = sum(max(mode.duration for mode in modes) for job in self.jobs for modes in job)
        span = longest + max(self.release, default=0) + max((until for *_, until in self.closed), default=0)
        horizon = span + sum(self.setup.values())

        def extend(
            plan: dict[tuple[int, int], tuple[int, Mode]],
        ) -> Iterator[dict[tuple[int, int], tuple[int, Mode]]]:
            if len(plan) == len(places):
                if self._keeps_all(plan):
                    yield plan
                return
            j, o = places[len(plan)]
            for mode in self.jobs[j][o]:
                earliest = self.release[j] if self.release else 0
                if o and self.rules.get("order") != "free":
                    start, before = plan[j, o - 1]
                    earliest = max(earliest, start + before.duration)
                for begin in range(earliest, horizon - mode.duration + 1):
                    trial = {**plan, (j, o): (begin, mode)}
                    if self._fits(trial, (j, o)):
                        yield from extend(trial)

        return extend({})

    def _fits(self, plan: dict[tuple[int, int], tuple[int, Mode]], new: tuple[int, int]) -> bool:
        begin, mode = plan[new]
        end = begin + mode.duration
        if any(name == mode.machine and begin < until and start < end for name, start, until in self.closed):
            return False
        if self.deadline and end > self.deadline[new[0]]:
            return False
        for other, (start, way) in plan.items():
            if other == new:
                continue
            overlap = begin < start + way.duration and start < end
            if overlap and mode.machine and way.machine == mode.machine:
                return False
            if overlap and other[0] == new[0]:
                return False
        return True

    def _keeps_all(self, plan: dict[tuple[int, int], tuple[int, Mode]]) -> bool:
        end = {place: start + mode.duration for place, (start, mode) in plan.items()}
        held = dict(end)
        buffers = self.rules.get("buffers", "unlimited")
        for (j, o), (start, _) in plan.items():
            if o and buffers != "unlimited":
                if buffers == "no-wait" and start != end[j, o - 1]:
                    return False
                if buffers == "blocking":
                    held[j, o - 1] = start
        by_machine: dict[str, list[tuple[int, int]]] = {}
        for place, (_, mode) in plan.items():
            if mode.machine:
                by_machine.setdefault(mode.machine, []).append(place)
        for places in by_machine.values():
            places.sort(key=lambda place: plan[place][0])
            for one, then in itertools.pairwise(places):
                gap = (
                    self.setup.get((self.family[one[0]][one[1]], self.family[then[0]][then[1]]), 0)
                    if self.family
                    else 0
                )
                if plan[then][0] < held[one] + gap:
                    return False
        if self.rules.get("same order") == "yes":
            orders = {tuple(j for j, _ in places) for places in by_machine.values()}
            if len(orders) > 1:
                return False
        return self._resources_suffice(plan, end)

    def _resources_suffice(
        self, plan: dict[tuple[int, int], tuple[int, Mode]], end: dict[tuple[int, int], int]
    ) -> bool:
        for name, (capacity, renewable) in self.capacity.items():
            users = [(plan[p][0], end[p], plan[p][1].needs[name]) for p in plan if name in plan[p][1].needs]
            if not renewable:
                if sum(amount for *_, amount in users) > capacity:
                    return False
                continue
            for time in {start for start, *_ in users}:
                if sum(amount for start, stop, amount in users if start <= time < stop) > capacity:
                    return False
        return True

    def _value(self, plan: dict[tuple[int, int], tuple[int, Mode]]) -> float:
        done = [
            max(plan[j, o][0] + plan[j, o][1].duration for o in range(len(job))) for j, job in enumerate(self.jobs)
        ]
        name = self.rules.get("objective", "makespan")
        weight = self.weight or [1] * len(done)
        late = [time - due for time, due in zip(done, self.due or [0] * len(done), strict=True)]
        values: dict[str, Any] = {
            "makespan": max(done),
            "lateness": max(late),
            "tardiness": sum(max(0, gap) for gap in late),
            "weighted tardiness": sum(w * max(0, gap) for w, gap in zip(weight, late, strict=True)),
            "completion": sum(done),
            "weighted completion": sum(w * time for w, time in zip(weight, done, strict=True)),
            "cost": sum(mode.cost for _, mode in plan.values()),
        }
        return float(values[name])


VARIANTS = (
    "job",
    "flexible",
    "open",
    "flow",
    "blocking",
    "no-wait",
    "calendar",
    "set-ups",
    "releases",
    "deadlines",
    "tardiness",
    "weighted completion",
    "lateness",
    "cost",
    "crew",
    "stock",
)


def tiny(variant: str, number: int) -> Shop:
    """Makes a random tiny shop of a variant: two jobs of two operations, or the like."""
    chance = random.Random(f"{variant} {number}")
    jobs, machines = (3, 2) if variant in ("job", "flow", "releases", "tardiness", "lateness") else (2, 2)

    def mode(machine: int) -> Mode:
        return Mode(chance.randint(1, 3), f"M{machine}", cost=chance.randint(0, 9))

    made = Shop([])
    for _ in range(jobs):
        order = list(range(machines))
        if variant != "flow":
            chance.shuffle(order)
        made.jobs.append([[mode(machine)] for machine in order])
    if variant in ("flexible", "cost", "stock"):
        for job in made.jobs:
            for modes in job:
                modes.append(mode(1 - int(modes[0].machine[1:])))
    _vary(made, variant, chance)
    return made


def _vary(made: Shop, variant: str, chance: random.Random) -> None:
    jobs = len(made.jobs)
    if variant == "open":
        made.rules["order"] = "free"
    elif variant == "flow":
        made.rules["same order"] = "yes"
    elif variant in ("blocking", "no-wait"):
        made.rules["buffers"] = variant
    elif variant in ("tardiness", "lateness", "cost", "weighted completion"):
        made.rules["objective"] = variant
        made.due = [chance.randint(2, 5) for _ in range(jobs)]
        made.weight = [chance.randint(1, 4) for _ in range(jobs)]
    if variant == "cost":
        made.deadline = [chance.randint(4, 7) for _ in range(jobs)]
    elif variant == "calendar":
        begin = chance.randint(0, 3)
        made.closed = [("M0", begin, begin + chance.randint(1, 3))]
    elif variant == "set-ups":
        made.family = [[chance.choice("ab") for _ in job] for job in made.jobs]
        made.setup = {("a", "b"): chance.randint(1, 2), ("b", "a"): chance.randint(1, 2)}
    elif variant == "releases":
        made.release = [chance.randint(0, 4) for _ in range(jobs)]
    elif variant == "deadlines":
        made.deadline = [chance.randint(3, 7) for _ in range(jobs)]
    elif variant == "crew":
        made.capacity = {"crew": (2, True)}
        for job in made.jobs:
            for modes in job:
                modes[0].needs["crew"] = chance.randint(1, 2)
    elif variant == "stock":
        made.capacity = {"money": (5, False)}
        for job in made.jobs:
            for modes in job:
                for way in modes:
                    way.needs["money"] = max(0, 3 - way.duration)
