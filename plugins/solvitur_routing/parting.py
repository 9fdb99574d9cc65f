"""Cuts instances into parts and puts their answers together: the tools of all decomposers of routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solvitur.api import Record
from solvitur_routing.instance import Fleet, RoutingAnswer, RoutingInstance


@dataclass(frozen=True, eq=False)
class Cut(Record, tag="routing-cut"):
    """How an instance was cut: ``places[k][p]`` is the place of the whole that is place p of part k."""

    places: tuple[np.ndarray, ...]
    kinds: tuple[np.ndarray, ...]
    """By part, which vehicle type of the whole each of its types is."""


def part_of(instance: RoutingInstance, stops: np.ndarray, count: np.ndarray) -> tuple[RoutingInstance, Cut]:
    """Builds the instance of some stops with some vehicles.

    Parameters
    ----------
    stops : places of the whole, depots not among them; pairs and groups are wholly inside or outside.
    count : vehicles of each type, shape (t,); types without vehicles are left out.
    """
    places = np.concatenate([np.arange(instance.depots), np.sort(np.asarray(stops, np.int64))])
    kinds = np.flatnonzero(count > 0)
    at = np.full(instance.size, -1, np.int64)
    at[places] = np.arange(len(places))
    pairs = at[instance.pairs] if len(instance.pairs) else instance.pairs
    inside = (pairs >= 0).all(1) if len(pairs) else np.zeros(0, bool)
    grid = np.ix_(places, places)
    part = replace(
        instance,
        names=tuple(instance.names[place] for place in places.tolist()),
        fleet=_fleet(instance.fleet, kinds, count, places),
        delivery=instance.delivery[places],
        pickup=instance.pickup[places],
        earliest=instance.earliest[places],
        latest=instance.latest[places],
        service=instance.service[places],
        release=instance.release[places],
        required=instance.required[places],
        prize=instance.prize[places],
        group=instance.group[places],
        pairs=pairs[inside],
        amount=instance.amount[inside] if len(pairs) else instance.amount,
        positions=None if instance.positions is None else instance.positions[places],
        distances=None if instance.distances is None else instance.distances[grid],
        durations=None if instance.durations is None else instance.durations[grid],
    )
    return part, Cut((places,), (kinds,))


def _fleet(fleet: Fleet, kinds: np.ndarray, count: np.ndarray, places: np.ndarray) -> Fleet:
    chosen = {
        name: getattr(fleet, name)[kinds]
        for name in (
            "capacity",
            "start",
            "end",
            "fixed_cost",
            "distance_cost",
            "time_cost",
            "earliest",
            "latest",
            "max_distance",
            "max_duration",
            "trips",
            "break_earliest",
            "break_latest",
            "break_length",
        )
    }
    allowed = None if fleet.allowed is None else fleet.allowed[np.ix_(kinds, places)]
    names = tuple(fleet.names[kind] for kind in kinds.tolist())
    return Fleet(names=names, count=np.asarray(count)[kinds].astype(np.int64), allowed=allowed, **chosen)


def reunited(cut: Cut, answers: Sequence[RoutingAnswer]) -> RoutingAnswer:
    """Puts the answers of all parts together into one of the whole."""
    routes: list[np.ndarray] = []
    kinds: list[int] = []
    for places, types, answer in zip(cut.places, cut.kinds, answers, strict=True):
        routes += [places[route] for route in answer.routes]
        kinds += types[answer.vehicle].tolist()
    return RoutingAnswer.of(routes, kinds)


def whole_groups(instance: RoutingInstance, label: np.ndarray) -> np.ndarray:
    """Puts stops that belong together (pairs, groups of alternatives) under one label, shape (n,)."""
    found = label.copy()
    for _ in range(4):
        before = found.copy()
        for first, second in instance.pairs.tolist():
            found[second] = found[first]
        for group in np.unique(instance.group[instance.group >= 0]).tolist():
            members = np.flatnonzero(instance.group == group)
            found[members] = found[members[0]]
        if (before == found).all():
            break
    return found


def shared_fleet(instance: RoutingInstance, label: np.ndarray, parts: int) -> np.ndarray:
    """Shares the vehicles among labelled parts by what they have to carry, shape (parts, t).

    Where there are vehicles enough for every stop, each part gets as many as it likes.
    """
    fleet = instance.fleet
    stops = np.arange(instance.depots, instance.size)
    load = (instance.delivery + instance.pickup).sum(1) + 1e-9 * (instance.delivery.sum() + 1.0)
    near = _nearest_depot(instance, stops)
    number = np.bincount(label[stops], minlength=parts)
    shares = np.zeros((parts, fleet.types), np.int64)
    for kind in range(fleet.types):
        count = int(fleet.count[kind])
        if count >= instance.stops:
            shares[:, kind] = number
            continue
        here = near == int(fleet.start[kind])
        if not here.any():
            here = np.ones(len(stops), bool)
        weight = np.bincount(label[stops[here]], weights=load[stops[here]], minlength=parts)
        exact = weight / max(1e-12, weight.sum()) * count
        given = np.floor(exact).astype(np.int64)
        order = np.argsort(given - exact)
        given[order[: count - int(given.sum())]] += 1
        shares[:, kind] = given
    return shares


def _nearest_depot(instance: RoutingInstance, stops: np.ndarray) -> np.ndarray:
    """Returns the nearest depot that vehicles start from, for each stop."""
    homes = np.unique(instance.fleet.start)
    ways = instance.distance(homes[:, None], stops[None, :])
    found: np.ndarray = homes[ways.argmin(0)]
    return found


def cut_by(instance: RoutingInstance, label: np.ndarray, parts: int) -> tuple[list[RoutingInstance], Cut]:
    """Cuts an instance by the label of each stop; parts without stops or vehicles join the next."""
    label = whole_groups(instance, label)
    shares = shared_fleet(instance, label, parts)
    made, places, kinds = [], [], []
    waiting: list[np.ndarray] = []
    spare = np.zeros(instance.fleet.types, np.int64)
    for k in range(parts):
        waiting.append(np.flatnonzero(label[instance.depots :] == k) + instance.depots)
        spare += shares[k]
        stops = np.concatenate(waiting)
        if not len(stops) or not spare.any():
            continue
        part, cut = part_of(instance, stops, spare)
        made.append(part)
        places.append(cut.places[0])
        kinds.append(cut.kinds[0])
        waiting, spare = [], np.zeros_like(spare)
    return made, Cut(tuple(places), tuple(kinds))
