"""Routing: the kind, its files, pictures, and the solvers and decomposers that need nothing else."""

from __future__ import annotations

from solvitur.api import Importer, Kind, Visualiser, hook
from solvitur_routing.kind import RoutingKind
from solvitur_routing.maps import RouteLoads, RouteMap, RouteTimes
from solvitur_routing.standard_files import StandardFile


@hook
def kinds() -> list[Kind]:
    """Offers the kind of routing problems."""
    return [RoutingKind()]


@hook
def importers() -> list[Importer]:
    """Offers the readers of routing files."""
    return [StandardFile()]


@hook
def visualisers() -> list[Visualiser]:
    """Offers the pictures of routes."""
    return [RouteMap(), RouteTimes(), RouteLoads()]
