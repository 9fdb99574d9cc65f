"""Says by name what makes a routing instance impossible before anyone tries to solve it."""

from __future__ import annotations

import math

import numpy as np

from solvitur.api import Finding, Severity
from solvitur_routing.instance import ANY_END, RoutingInstance
from solvitur_routing.words import clock, number

_MOST = 20


def look_over(instance: RoutingInstance) -> list[Finding]:
    """Returns what is wrong (errors) or makes the instance infeasible (warnings), at most twenty of each kind."""
    findings: list[Finding] = []
    if not instance.stops:
        findings.append(Finding(Severity.ERROR, "there are no stops, only depots; add the stops to visit"))
    if instance.fleet.vehicles < 1:
        findings.append(Finding(Severity.ERROR, "there are no vehicles; give at least one"))
    if findings:
        return findings
    findings += _windows(instance)
    findings += _loads(instance)
    findings += _reachable(instance)
    return findings


def _windows(instance: RoutingInstance) -> list[Finding]:
    found = []
    for place in np.flatnonzero(instance.earliest > instance.latest)[:_MOST].tolist():
        name = instance.names[place]
        said = (
            f"the time window of '{name}' ends at {clock(instance, instance.latest[place])}, before it begins at "
            f"{clock(instance, instance.earliest[place])}"
        )
        found.append(Finding(Severity.ERROR, said, name))
    fleet = instance.fleet
    for k in np.flatnonzero(fleet.earliest > fleet.latest)[:_MOST].tolist():
        said = f"vehicle '{fleet.names[k]}' must be back before it may leave"
        found.append(Finding(Severity.ERROR, said, fleet.names[k]))
    return found


def _loads(instance: RoutingInstance) -> list[Finding]:
    found = []
    largest = instance.fleet.capacity.max(0)
    for what, load in (("demand", instance.delivery), ("pickup", instance.pickup)):
        heavy = np.flatnonzero((load > largest).any(1) & instance.required)
        for place in heavy[:_MOST].tolist():
            name, k = instance.names[place], int(np.argmax(load[place] - largest))
            said = f"the {what} of '{name}' is {number(load[place, k])}, more than any vehicle carries"
            found.append(Finding(Severity.WARNING, f"{said} ({number(largest[k])}); there is no answer", name))
    fleet = instance.fleet
    if (fleet.trips <= 1).all():
        room = (fleet.capacity * fleet.count[:, None]).sum(0)
        for what, load in (("demand", instance.delivery), ("pickup", instance.pickup)):
            total = load[instance.required].sum(0)
            for k in np.flatnonzero(total > room).tolist():
                said = (
                    f"all {what} together is {number(total[k])}, but the {fleet.vehicles} vehicles carry only "
                    f"{number(room[k])}; there is no answer"
                )
                found.append(Finding(Severity.WARNING, said, instance.dimensions[k]))
    return found


def _reachable(instance: RoutingInstance) -> list[Finding]:
    """Checks each stop alone: out and back with the vehicle that suits it best."""
    fleet, n = instance.fleet, instance.size
    places = np.arange(instance.depots, n)
    worst = np.full(len(places), np.inf)
    why = [""] * len(places)
    free = np.zeros(len(places), bool)
    for kind in range(fleet.types):
        start, end = int(fleet.start[kind]), int(fleet.end[kind])
        there = instance.duration(np.full(len(places), start), places)
        back = np.zeros(len(places)) if end == ANY_END else instance.duration(places, np.full(len(places), end))
        arrive = np.maximum(max(fleet.earliest[kind], instance.earliest[start]), instance.release[places]) + there
        begin = np.maximum(arrive, instance.earliest[places])
        limit = min(float(fleet.latest[kind]), float(instance.latest[end]) if end != ANY_END else math.inf)
        late = np.maximum(begin - instance.latest[places], begin + instance.service[places] + back - limit)
        long = there + back + instance.service[places] - fleet.max_duration[kind]
        miss = np.maximum(late, long)
        if fleet.allowed is not None:
            miss = np.where(fleet.allowed[kind, places], miss, np.inf)
        if instance.distances is not None:
            far = instance.distance(np.full(len(places), start), places)
            miss = np.where(np.isfinite(far), miss, np.inf)
        free |= miss <= 1e-9
        worst = np.minimum(worst, miss)
    asked = instance.required[places]
    found = []
    for k in np.flatnonzero(~free & asked)[:_MOST].tolist():
        name = instance.names[int(places[k])]
        if math.isinf(worst[k]):
            why[k] = f"no vehicle may serve '{name}' or there is no way to it; there is no answer"
        else:
            why[k] = (
                f"'{name}' cannot be served in time even by a vehicle that goes there directly: "
                f"{number(worst[k])} too late; there is no answer"
            )
        found.append(Finding(Severity.WARNING, why[k], name))
    return found
