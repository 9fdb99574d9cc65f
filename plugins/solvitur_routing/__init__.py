"""Routing: the kind, its files, pictures, and the solvers and decomposers that need nothing else."""

from __future__ import annotations

from solvitur.api import Decomposer, Exporter, Importer, Kind, Solver, Visualiser, hook
from solvitur_routing.circuit_part import Circuits
from solvitur_routing.decomposing import Clusters, Sweep
from solvitur_routing.kind import RoutingKind
from solvitur_routing.maps import RouteLoads, RouteMap, RouteTimes
from solvitur_routing.ortools_part import OrToolsRouting
from solvitur_routing.solomon_files import WindowedText
from solvitur_routing.standard_files import StandardFile
from solvitur_routing.table_files import StopTable
from solvitur_routing.writing import RouteTable, SolutionWriter, StandardWriter


@hook
def kinds() -> list[Kind]:
    """Offers the kind of routing problems."""
    return [RoutingKind()]


@hook
def importers() -> list[Importer]:
    """Offers the readers of routing files."""
    return [StandardFile(), WindowedText(), StopTable()]


@hook
def exporters() -> list[Exporter]:
    """Offers the writers of routing problems and of routes."""
    return [StandardWriter(), SolutionWriter(), RouteTable()]


@hook
def visualisers() -> list[Visualiser]:
    """Offers the pictures of routes."""
    return [RouteMap(), RouteTimes(), RouteLoads()]


@hook
def solvers() -> list[Solver]:
    """Offers the solvers that OR-Tools has for routes."""
    return [OrToolsRouting(), Circuits()]


@hook
def decomposers() -> list[Decomposer]:
    """Offers the ways to cut routing problems."""
    return [Clusters(), Sweep()]
