"""Routing instances and answers: arrays over places, vehicle types and pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvitur.api import Feature, Record
from solvitur_routing.metrics import MATRIX, between

ANY_END = -1
"""A vehicle type's end that is no place: the route ends at its last stop."""


@dataclass(frozen=True, eq=False)
class Fleet(Record, tag="routing-fleet"):
    """Vehicle types, arrays over t types; times and distances may be infinite (no limit)."""

    names: tuple[str, ...]
    count: np.ndarray
    capacity: np.ndarray
    """Shape (t, k): by dimension of load; infinite: no limit."""
    start: np.ndarray
    end: np.ndarray
    """Depots; `ANY_END` lets a route end at its last stop."""
    fixed_cost: np.ndarray
    distance_cost: np.ndarray
    time_cost: np.ndarray
    earliest: np.ndarray
    latest: np.ndarray
    max_distance: np.ndarray
    max_duration: np.ndarray
    """From leaving the start depot to the end, waiting included."""
    trips: np.ndarray
    """The most trips a vehicle may make; between two it is at its start depot and loads again."""
    break_earliest: np.ndarray
    break_latest: np.ndarray
    """A break starts at these times; NaN: the type has no break."""
    break_length: np.ndarray
    allowed: np.ndarray | None = None
    """Shape (t, n) bool: whom the type may serve; None: everybody."""

    @property
    def types(self) -> int:
        """Number of vehicle types."""
        return len(self.count)

    @property
    def vehicles(self) -> int:
        """Number of vehicles."""
        return int(self.count.sum())


@dataclass(frozen=True, eq=False)
class RoutingInstance(Record, tag="routing-instance"):
    """Which vehicle goes where, in which order: places 0..depots-1 are depots, the other n are stops.

    A stop's load is brought from the depot (``delivery``) or taken to it (``pickup``), by dimension. Times count in
    the unit of the durations; without ``durations`` a way takes as long as it is long. The objective is the costs of
    the vehicles used and of their ways, plus the prizes of optional stops that are left out, times ``report``.
    """

    names: tuple[str, ...]
    depots: int
    metric: str
    rounding: str
    fleet: Fleet
    delivery: np.ndarray
    pickup: np.ndarray
    """Shape (n, k)."""
    earliest: np.ndarray
    latest: np.ndarray
    service: np.ndarray
    release: np.ndarray
    """When a stop's goods are at the depot; a trip starts no earlier than its latest release."""
    required: np.ndarray
    prize: np.ndarray
    group: np.ndarray
    """Exactly one stop of each group is visited; -1: no group."""
    pairs: np.ndarray
    """Shape (m, 2): one vehicle visits the first before the second, carrying ``amount`` from one to the other."""
    amount: np.ndarray
    positions: np.ndarray | None = None
    distances: np.ndarray | None = None
    durations: np.ndarray | None = None
    backhauls_last: bool = False
    """Whether a route delivers all before it collects anything; it must then deliver something."""
    vehicles_first: bool = False
    """Whether fewer vehicles count more than any cost."""
    report: float = 1.0
    dimensions: tuple[str, ...] = ("load",)
    clock: bool = False
    """Whether times are minutes of a day, to be shown as such."""

    kind = "routing"
    sense = "min"

    @property
    def size(self) -> int:
        """Number of places, depots included."""
        return len(self.names)

    @property
    def stops(self) -> int:
        """Number of stops."""
        return self.size - self.depots

    def distance(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Returns distances from places to places, arrays of indices that broadcast."""
        if self.distances is not None:
            found: np.ndarray = self.distances[first, second]
            return found
        assert self.positions is not None
        return between(self.positions[first], self.positions[second], self.metric, self.rounding)

    def duration(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Returns travel times from places to places."""
        if self.durations is not None:
            found: np.ndarray = self.durations[first, second]
            return found
        return self.distance(first, second)

    def distance_matrix(self, places: np.ndarray | None = None) -> np.ndarray:
        """Returns the distances among places (all by default), shape (p, p), computed anew."""
        chosen = np.arange(self.size) if places is None else np.asarray(places)
        if self.distances is not None:
            found: np.ndarray = self.distances[np.ix_(chosen, chosen)].astype(np.float64)
            return found
        return _in_rows(self, chosen)

    def duration_matrix(self, places: np.ndarray | None = None) -> np.ndarray | None:
        """Returns the travel times among places; None when they are the distances."""
        if self.durations is None:
            return None
        chosen = np.arange(self.size) if places is None else np.asarray(places)
        found: np.ndarray = self.durations[np.ix_(chosen, chosen)].astype(np.float64)
        return found

    @cached_property
    def symmetric(self) -> bool:
        """Whether every distance is the same in both directions."""
        return self.distances is None or bool(np.array_equal(self.distances, self.distances.T))

    @cached_property
    def timed(self) -> bool:
        """Whether time matters: windows, limits, costs, releases or breaks."""
        fleet, stops = self.fleet, slice(self.depots, None)
        return bool(
            np.isfinite(self.latest[stops]).any()
            or (self.earliest[stops] > 0).any()
            or (self.release > 0).any()
            or np.isfinite(fleet.max_duration).any()
            or np.isfinite(fleet.latest).any()
            or fleet.time_cost.any()
            or not np.isnan(fleet.break_length).all()
        )

    @cached_property
    def features(self) -> frozenset[Feature]:
        """What a solver must handle to take this instance."""
        found = {Feature.ROUTING} | _stop_features(self) | _fleet_features(self)
        return frozenset(found)


@dataclass(frozen=True, eq=False)
class RoutingAnswer(Record, tag="routing-answer"):
    """Routes: ``visits[start[r]:start[r + 1]]`` are the places of route r in order, without its start and end.

    A depot among them is a stop to load again. ``vehicle[r]`` is the route's vehicle type.
    """

    visits: np.ndarray
    start: np.ndarray
    vehicle: np.ndarray

    @classmethod
    def of(cls, routes: Sequence[Sequence[int] | np.ndarray], vehicle: Sequence[int] | np.ndarray) -> RoutingAnswer:
        """Builds an answer from lists of places; routes without visits are dropped."""
        kept = [(np.asarray(route, np.int32), int(v)) for route, v in zip(routes, vehicle, strict=True) if len(route)]
        start = np.zeros(len(kept) + 1, np.int64)
        np.cumsum([len(route) for route, _ in kept], out=start[1:])
        visits = np.concatenate([route for route, _ in kept]) if kept else np.zeros(0, np.int32)
        return cls(visits, start, np.array([v for _, v in kept], np.int32))

    @property
    def routes(self) -> list[np.ndarray]:
        """The places of each route."""
        return [self.visits[a:b] for a, b in zip(self.start[:-1].tolist(), self.start[1:].tolist(), strict=True)]


def _in_rows(instance: RoutingInstance, chosen: np.ndarray) -> np.ndarray:
    """Computes a matrix row block by row block, so that no intermediate is larger than the matrix itself."""
    found = np.empty((len(chosen), len(chosen)))
    step = max(1, 2_000_000 // max(1, len(chosen)))
    for at in range(0, len(chosen), step):
        found[at : at + step] = instance.distance(chosen[at : at + step, None], chosen[None, :])
    return found


def _stop_features(instance: RoutingInstance) -> set[Feature]:
    stops = slice(instance.depots, None)
    asked = {
        Feature.ASYMMETRIC: not instance.symmetric,
        Feature.TIME_WINDOWS: bool(np.isfinite(instance.latest[stops]).any() or (instance.earliest[stops] > 0).any()),
        Feature.COLLECTIONS: bool(instance.pickup.any()),
        Feature.BACKHAULS: instance.backhauls_last and bool(instance.pickup.any()),
        Feature.OPTIONAL_STOPS: bool((~instance.required[stops] & (instance.group[stops] < 0)).any()),
        Feature.STOP_GROUPS: bool((instance.group >= 0).any()),
        Feature.PAIRED_STOPS: len(instance.pairs) > 0,
        Feature.RELEASES: bool((instance.release > 0).any()),
    }
    return {feature for feature, there in asked.items() if there}


def _fleet_features(instance: RoutingInstance) -> set[Feature]:
    fleet = instance.fleet
    loaded = instance.delivery.any() or instance.pickup.any() or instance.amount.any()
    asked = {
        Feature.SEVERAL_ROUTES: fleet.vehicles > 1,
        Feature.CAPACITIES: bool(loaded and np.isfinite(fleet.capacity).any()),
        Feature.MIXED_FLEET: fleet.types > 1 and _differ(fleet),
        Feature.SEVERAL_DEPOTS: len({*fleet.start.tolist(), *fleet.end.tolist()} - {ANY_END}) > 1,
        Feature.OPEN_ROUTES: bool((fleet.end == ANY_END).any()),
        Feature.ROUTE_LIMITS: bool(
            np.isfinite(fleet.max_distance).any()
            or np.isfinite(fleet.max_duration).any()
            or np.isfinite(fleet.latest).any()
        ),
        Feature.TIME_COSTS: bool(fleet.time_cost.any()),
        Feature.SEVERAL_TRIPS: bool((fleet.trips > 1).any()),
        Feature.BREAKS: not bool(np.isnan(fleet.break_length).all()),
        Feature.SKILLS: fleet.allowed is not None and not bool(fleet.allowed.all()),
        Feature.FEWEST_VEHICLES: instance.vehicles_first,
    }
    return {feature for feature, there in asked.items() if there}


def _differ(fleet: Fleet) -> bool:
    columns = (fleet.capacity, fleet.fixed_cost, fleet.distance_cost, fleet.time_cost, fleet.max_distance)
    return any(bool((column != column[:1]).any()) for column in columns)


def is_tour(instance: RoutingInstance) -> bool:
    """Tells whether the instance asks for one round through all stops and nothing else."""
    return instance.features <= {Feature.ROUTING, Feature.ASYMMETRIC}


def computed(instance: RoutingInstance) -> bool:
    """Tells whether distances come from positions."""
    return instance.metric != MATRIX
