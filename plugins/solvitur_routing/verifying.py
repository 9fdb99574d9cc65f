"""Verification: walks every route stop by stop, in plain arithmetic of its own, and names what is broken.

It shares nothing with the solvers' evaluation: distances come from formulas of its own, times from walking, and the
shortest duration from trying later and later departures.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from solvitur.api import ElementCheck, Finding, Result, Severity, Verification
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.walking import Walk, way
from solvitur_routing.words import number, vehicle_names

TOLERANCE = 1e-6
_MOST = 50


class Complaints:
    """Gathers broken rules by the name of the rule, with their sizes."""

    def __init__(self) -> None:
        self.checked: Counter[str] = Counter()
        self.broken: dict[str, list[tuple[float, str, str]]] = {}

    def check(self, rule: str, excess: float, element: str, words: str, scale: float = 1.0) -> None:
        """Notes one check of a rule; an excess above the tolerance is a violation."""
        self.checked[rule] += 1
        if not excess <= TOLERANCE * max(1.0, abs(scale)):
            self.broken.setdefault(rule, []).append((excess, element, words))

    @property
    def worst(self) -> float:
        """The largest violation."""
        return max((excess for found in self.broken.values() for excess, _, _ in found), default=0.0)


def verify(instance: RoutingInstance, result: Result) -> Verification:
    """Checks an answer against the instance."""
    answer = result.answer
    if not isinstance(answer, RoutingAnswer) or not _sound(instance, answer):
        said = "the answer is no list of routes over the places of this problem"
        return Verification(False, math.inf, None, findings=(Finding(Severity.ERROR, said),))
    complaints = Complaints()
    names = vehicle_names(instance, answer)
    total = 0.0
    for route, kind, vehicle in zip(answer.routes, answer.vehicle.tolist(), names, strict=True):
        total += Walk(instance, route.tolist(), kind, vehicle, complaints).cost()
    _vehicles(instance, answer, complaints)
    total += _visits(instance, answer, complaints)
    _pairs(instance, answer, complaints)
    if instance.vehicles_first:
        total += _vehicle_weight(instance) * len(answer.routes)
    objective = total * instance.report
    claimed = result.objective
    if claimed is not None:
        text = f"the objective is {number(objective)}, not {number(claimed)} as the solver says"
        complaints.check("objective", abs(claimed - objective), "objective", text, objective)
    return _verdict(complaints, objective)


def _sound(instance: RoutingInstance, answer: RoutingAnswer) -> bool:
    start, visits, vehicle = answer.start, answer.visits, answer.vehicle
    if len(start) != len(vehicle) + 1 or (len(start) and (start[0] != 0 or start[-1] != len(visits))):
        return False
    if (np.diff(start) < 1).any():
        return False
    inside = len(visits) == 0 or (int(visits.min()) >= 0 and int(visits.max()) < instance.size)
    known = len(vehicle) == 0 or (int(vehicle.min()) >= 0 and int(vehicle.max()) < instance.fleet.types)
    return bool(inside and known)


def _vehicles(instance: RoutingInstance, answer: RoutingAnswer, complaints: Complaints) -> None:
    used = Counter(answer.vehicle.tolist())
    for kind, name in enumerate(instance.fleet.names):
        there = int(instance.fleet.count[kind])
        text = f"{used[kind]} routes are driven by '{name}', but there are only {there}"
        complaints.check("vehicles", used[kind] - there, name, text)


def _visits(instance: RoutingInstance, answer: RoutingAnswer, complaints: Complaints) -> float:
    """Checks who is visited how often; returns the prizes lost."""
    times = Counter(answer.visits.tolist())
    lost = 0.0
    groups: Counter[int] = Counter()
    for place in range(instance.depots, instance.size):
        count, name = times[place], instance.names[place]
        complaints.check("visits", float(max(0, count - 1)), name, f"'{name}' is visited {count} times")
        group = int(instance.group[place])
        if group >= 0:
            groups[group] += count
        elif bool(instance.required[place]):
            complaints.check("visits", float(count == 0), name, f"'{name}' is not visited")
        if not count:
            lost += float(instance.prize[place])
    for group in sorted({int(g) for g in instance.group if g >= 0}):
        members = [instance.names[k] for k in range(instance.size) if instance.group[k] == group][:4]
        text = f"of the alternatives {', '.join(members)} ..., {groups[group]} are visited, expected exactly one"
        complaints.check("groups", float(abs(groups[group] - 1)), members[0], text)
    return lost


def _pairs(instance: RoutingInstance, answer: RoutingAnswer, complaints: Complaints) -> None:
    at: dict[int, tuple[int, int]] = {}
    for route, visits in enumerate(answer.routes):
        for position, place in enumerate(visits.tolist()):
            at.setdefault(place, (route, position))
    for first, second in instance.pairs.tolist():
        one, two = at.get(first), at.get(second)
        names = f"'{instance.names[first]}' and '{instance.names[second]}'"
        if one is None and two is None:
            continue
        if one is None or two is None or one[0] != two[0]:
            complaints.check("pairs", 1.0, instance.names[first], f"{names} are not served by the same vehicle")
        else:
            text = f"'{instance.names[second]}' is visited before '{instance.names[first]}', which must come first"
            complaints.check("pairs", float(one[1] > two[1]), instance.names[second], text)


def _vehicle_weight(instance: RoutingInstance) -> float:
    """What one vehicle counts if fewer come first: a power of ten above twice the farthest way for every place."""
    reach = max(way(instance, 0, place) for place in range(instance.size))
    fleet = instance.fleet
    most = 2.0 * reach * instance.size * max(fleet.distance_cost.tolist()) + max(fleet.fixed_cost.tolist())
    return 10.0 ** math.ceil(math.log10(max(1.0, most)))


def _verdict(complaints: Complaints, objective: float) -> Verification:
    checks, findings = [], []
    for rule, count in complaints.checked.items():
        broken = complaints.broken.get(rule, [])
        worst = max(broken, default=(0.0, "", ""))
        checks.append(
            ElementCheck(
                name=rule,
                count=count,
                satisfied=count - len(broken),
                tight=0,
                violated=len(broken),
                max_violation=worst[0],
                worst=worst[1],
                description=worst[2],
            )
        )
        findings += [Finding(Severity.ERROR, words, element) for _, element, words in broken[:_MOST]]
    return Verification(
        passed=not findings,
        max_violation=complaints.worst,
        objective=objective,
        checks=tuple(checks),
        findings=tuple(findings[:_MOST]),
        tolerance=TOLERANCE,
    )
