"""Features: what an instance needs, matched against what a solver handles."""

from __future__ import annotations

from enum import StrEnum


class Feature(StrEnum):
    """One need of an instance; a solver lists those it handles."""

    CONTINUOUS = "continuous variables"
    INTEGER = "integer variables"
    BINARY = "binary variables"
    SEMI_CONTINUOUS = "semi-continuous variables"
    LINEAR = "linear rows and objective"
    QUADRATIC = "a convex quadratic objective"
    NONCONVEX = "a non-convex quadratic objective"
    QUADRATIC_ROWS = "quadratic constraints"
    UNBOUNDED_INTEGERS = "integer variables without finite bounds"
    FRACTIONAL_ROWS = "fractional coefficients"
    LOGIC = "rows that hold only under a condition"
    ALL_DIFFERENT = "all-different constraints"
    RATIO = "a ratio as objective"
    NONLINEAR = "nonlinear functions"
    INTERVALS = "interval variables"
    CIRCUITS = "circuit constraints"
    ROUTING = "routes"
    TIME_WINDOWS = "time windows"
    SEVERAL_ROUTES = "several routes"
    ASYMMETRIC = "distances that differ by direction"
    CAPACITIES = "vehicle capacities"
    MIXED_FLEET = "vehicles of several types"
    SEVERAL_DEPOTS = "several depots"
    OPEN_ROUTES = "routes that need not end at a depot"
    OPTIONAL_STOPS = "stops that may be left out"
    STOP_GROUPS = "groups of alternative stops"
    COLLECTIONS = "stops where something is collected"
    BACKHAULS = "collections after all deliveries"
    PAIRED_STOPS = "pickups with their deliveries"
    ROUTE_LIMITS = "limits on a route's length or duration"
    TIME_COSTS = "costs of a route's duration"
    SEVERAL_TRIPS = "vehicles that make several trips"
    RELEASES = "goods that are ready only later"
    BREAKS = "breaks of drivers"
    SKILLS = "stops that only some vehicles may serve"
    FEWEST_VEHICLES = "fewest vehicles first"
    SCHEDULING = "schedules"
    GENERAL_SCHEDULING = "schedules beyond the classical job shop"
    ONE_ROW = "a single constraint row"


RESTRICTIONS = frozenset({Feature.ONE_ROW})
"""Features that narrow a solver: one that lists them takes only instances that have them."""

IMPLIED = {
    Feature.INTEGER: frozenset({Feature.BINARY}),
    Feature.NONCONVEX: frozenset({Feature.QUADRATIC}),
}
"""Handling the key means handling the values too."""


def why_not(needed: frozenset[Feature], handled: frozenset[Feature]) -> str:
    """Tells in words why a solver cannot take an instance; empty when it can."""
    able = set(handled)
    for feature in handled:
        able |= IMPLIED.get(feature, frozenset())
    missing = sorted(feature.value for feature in needed - able - RESTRICTIONS)
    if missing:
        return "it does not handle " + " or ".join(missing)
    wanted = sorted(feature.value for feature in (handled & RESTRICTIONS) - needed)
    if wanted:
        return "it takes only models with " + " and ".join(wanted)
    return ""
