"""Writes routing problems as VRPLIB or TSPLIB files, and their answers as VRPLIB solutions, tours and tables."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np

from solvitur.api import Feature, InputError, Problem, Solved
from solvitur_routing.binding import read
from solvitur_routing.costs import route_cost
from solvitur_routing.instance import RoutingAnswer, RoutingInstance, is_tour
from solvitur_routing.words import number, vehicle_names

_WEIGHT_TYPE = {
    ("euclidean", "whole"): "EUC_2D",
    ("euclidean", "up"): "CEIL_2D",
    ("euclidean", "down"): "FLOOR_2D",
    ("euclidean", "none"): "EXACT_2D",
    ("manhattan", "whole"): "MAN_2D",
    ("maximum", "whole"): "MAX_2D",
    ("geographic", "none"): "GEO",
    ("pseudo-euclidean", "none"): "ATT",
}
_WRITTEN = {
    Feature.ROUTING,
    Feature.SEVERAL_ROUTES,
    Feature.CAPACITIES,
    Feature.TIME_WINDOWS,
    Feature.COLLECTIONS,
    Feature.BACKHAULS,
    Feature.ASYMMETRIC,
    Feature.ROUTE_LIMITS,
}


def instance_in(thing: object) -> RoutingInstance | None:
    """Returns the routing instance in a thing: itself, a problem's, or what was solved."""
    if isinstance(thing, Problem) and thing.formulation.kind == "routing":
        return read(thing).instance
    if isinstance(thing, Solved):
        thing = thing.instance
    return thing if isinstance(thing, RoutingInstance) else None


class StandardWriter:
    """Writes the problem as a TSPLIB or VRPLIB file."""

    name, title = "vrplib", "Tour or vehicle routing problem (TSPLIB, VRPLIB)"
    suffixes: tuple[str, ...] = (".vrp", ".tsp", ".atsp")

    def accepts(self, thing: object) -> bool:
        """Accepts routing problems whose needs these files can say."""
        instance = instance_in(thing)
        return instance is not None and instance.features <= _WRITTEN and instance.fleet.types == 1

    def write(self, thing: Any, path: Path) -> None:
        """Writes the file; node k is the k-th place, depots first."""
        instance = instance_in(thing)
        if instance is None:
            raise InputError.at("only routing problems can be written here")
        title = thing.name if isinstance(thing, Problem) else path.name.split(".")[0]
        path.write_text("\n".join([*_head(instance, title), *_sections(instance), "EOF"]) + "\n", encoding="utf-8")


class SolutionWriter:
    """Writes an answer as a VRPLIB solution, or a tour as TSPLIB's."""

    name, title = "vrplib-solution", "Routes (VRPLIB solution, TSPLIB tour)"
    suffixes: tuple[str, ...] = (".sol", ".tour")

    def accepts(self, thing: object) -> bool:
        """Accepts answers of routing problems."""
        return _is_answer(thing)

    def write(self, thing: Any, path: Path) -> None:
        """Writes the routes; stops are numbered from 1 after the depots, as these files have it."""
        _, answer = _answer(thing)
        if path.suffix.lower() == ".tour":
            order = [0, *(answer.routes[0].tolist() if answer.routes else [])]
            lines = [f"NAME : {path.stem}", "TYPE : TOUR", f"DIMENSION : {len(order)}", "TOUR_SECTION"]
            lines += [str(place + 1) for place in order] + ["-1", "EOF"]
        else:
            lines = [f"Route #{k}: {' '.join(map(str, route.tolist()))}" for k, route in enumerate(answer.routes, 1)]
            lines.append(f"Cost {number(thing.result.objective or 0.0)}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class RouteTable:
    """Writes an answer as a table: one row for each visit."""

    name, title = "routes", "Routes (CSV)"
    suffixes: tuple[str, ...] = (".csv",)

    def accepts(self, thing: object) -> bool:
        """Accepts answers of routing problems."""
        return _is_answer(thing)

    def write(self, thing: Any, path: Path) -> None:
        """Writes vehicle, position, stop and what the whole route costs."""
        instance, answer = _answer(thing)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["vehicle", "position", "stop", "route distance"])
            names = vehicle_names(instance, answer)
            for visits, kind, name in zip(answer.routes, answer.vehicle.tolist(), names, strict=True):
                distance = number(route_cost(instance, visits, kind).distance)
                for position, place in enumerate(visits.tolist(), 1):
                    writer.writerow([name, position, instance.names[place], distance])


def _is_answer(thing: object) -> bool:
    return isinstance(thing, Solved) and isinstance(thing.instance, RoutingInstance)


def _answer(thing: Any) -> tuple[RoutingInstance, RoutingAnswer]:
    if not _is_answer(thing) or not isinstance(thing.result.answer, RoutingAnswer):
        raise InputError.at("there is no answer to write; solve the problem first")
    return thing.instance, thing.result.answer


def _head(instance: RoutingInstance, title: str) -> list[str]:
    fleet = instance.fleet
    kind = "CVRP"
    if is_tour(instance):
        kind = "TSP" if instance.symmetric else "ATSP"
    elif instance.backhauls_last:
        kind = "VRPB"
    lines = [f"NAME : {title}", f"TYPE : {kind}", f"DIMENSION : {instance.size}"]
    weight = _WEIGHT_TYPE.get((instance.metric, instance.rounding))
    if weight is None or instance.positions is None or instance.positions.shape[1] != 2:
        lines += ["EDGE_WEIGHT_TYPE : EXPLICIT", "EDGE_WEIGHT_FORMAT : FULL_MATRIX"]
    else:
        lines.append(f"EDGE_WEIGHT_TYPE : {weight}")
    if kind not in ("TSP", "ATSP"):
        if fleet.vehicles < instance.stops:
            lines.append(f"VEHICLES : {fleet.vehicles}")
        if np.isfinite(fleet.capacity).all():
            lines.append("CAPACITY : " + " ".join(_exact(value) for value in fleet.capacity[0].tolist()))
        for name, value in (
            ("VEHICLES_MAX_DISTANCE", fleet.max_distance[0]),
            ("VEHICLES_MAX_DURATION", fleet.max_duration[0]),
        ):
            lines += [f"{name} : {_exact(value)}"] if math.isfinite(value) else []
    return lines


def _sections(instance: RoutingInstance) -> list[str]:
    lines: list[str] = []
    if any("EXPLICIT" in line for line in _head(instance, "")):
        lines.append("EDGE_WEIGHT_SECTION")
        lines += [" ".join(_exact(cell) for cell in row) for row in instance.distance_matrix().tolist()]
    else:
        assert instance.positions is not None
        lines += _section("NODE_COORD_SECTION", instance.positions)
    if is_tour(instance):
        return lines
    lines += _section("DEMAND_SECTION", instance.delivery)
    if instance.pickup.any():
        lines += _section("BACKHAUL_SECTION", instance.pickup)
    if Feature.TIME_WINDOWS in instance.features:
        late = np.where(np.isfinite(instance.latest), instance.latest, 1e9)
        lines += _section("TIME_WINDOW_SECTION", np.stack([instance.earliest, late], axis=1))
    if instance.service.any():
        lines += _section("SERVICE_TIME_SECTION", instance.service[:, None])
    return [*lines, "DEPOT_SECTION", *(str(k + 1) for k in range(instance.depots)), "-1"]


def _section(name: str, values: np.ndarray) -> list[str]:
    rows = [" ".join([str(k), *(_exact(value) for value in row)]) for k, row in enumerate(values.tolist(), 1)]
    return [name, *rows]


def _exact(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
