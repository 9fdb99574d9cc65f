"""The vehicles of a VRPLIB file: one row of the table for each set of equal vehicles."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvitur.api import Table
from solvitur_routing.schema import VEHICLES
from solvitur_routing.standard_sheet import Sheet
from solvitur_routing.standard_stops import Stops

_TOURS = {"TSP", "ATSP", "SOP", "OP", "TSPTW", "HCP"}
_OPEN = {"OVRP", "OCVRP", "OVRPTW"}


def fleet_table(sheet: Sheet, stops: Stops, kind: str) -> Table:
    """Returns the table of vehicles.

    Raises
    ------
    InputError
        With line and expectation.
    """
    if kind in _TOURS:
        return _one(sheet, stops, kind)
    count = sheet.whole("VEHICLES") if "VEHICLES" in sheet.headers else 0
    number = count or int((~stops.is_depot).sum())
    columns: dict[str, list[Any]] = {}
    for field, name, lowest in (
        ("capacity", "CAPACITY", 0.0),
        ("fixed cost", "VEHICLES_FIXED_COST", 0.0),
        ("cost per distance", "VEHICLES_UNIT_DISTANCE_COST", 0.0),
        ("max duration", "VEHICLES_MAX_DURATION", 0.0),
        ("max distance", "VEHICLES_MAX_DISTANCE", 0.0),
    ):
        values = _each(sheet, name, number, lowest)
        if values is not None:
            columns[field] = values
    if "DISTANCE" in sheet.headers:
        limit = sheet.number("DISTANCE")
        # The custom of these files (Christofides and others): the limit holds for driving and service together.
        columns["max duration" if stops.service is not None else "max distance"] = [limit] * number
    homes = _each(sheet, "VEHICLES_DEPOT", number, 1.0)
    depots = np.flatnonzero(stops.is_depot)
    starts = [int(home) - 1 for home in homes] if homes is not None else [int(depots[0])] * number
    for start in starts:
        if not (0 <= start < len(stops.names) and stops.is_depot[start]):
            line = sheet.section("VEHICLES_DEPOT_SECTION").header
            raise sheet.fail(f"VEHICLES_DEPOT_SECTION names node {start + 1}, which is no depot", line)
    columns["start"] = [stops.names[start] for start in starts]
    if kind in _OPEN:
        columns["end"] = ["anywhere"] * number
    trips = _trips(sheet, number, starts)
    if trips is not None:
        columns["trips"] = trips
    skills = _skills(sheet, stops, number)
    if skills is not None:
        columns["skills"] = skills
    return _grouped(columns, number, endless=count == 0)


def _one(sheet: Sheet, stops: Stops, kind: str) -> Table:
    header, row = ["name", "count"], ["tour", 1]
    if kind == "OP":
        header += ["cost per distance", "max distance"]
        row += [0.0, sheet.number("COST_LIMIT")]
    if kind == "SOP":
        header += ["start", "end"]
        row += [stops.names[0], stops.names[-1]]
    if kind == "TSPTW" and "CAPACITY" in sheet.headers:
        header.append("capacity")
        row.append(sheet.number("CAPACITY"))
    return Table.from_rows(VEHICLES, header, [row])


def _each(sheet: Sheet, name: str, number: int, lowest: float) -> list[Any] | None:
    """Reads a value per vehicle from a section, or one for all from a header; several per row become tuples."""
    section = f"{name}_SECTION"
    if section in sheet.sections:
        values = sheet.table(section, number, 1)
        if (values < lowest).any():
            node = int(np.flatnonzero((values < lowest).any(1))[0]) + 1
            line = sheet.sections[section].line[node - 1]
            raise sheet.fail(f"vehicle {node} has {values[node - 1].min():g}, expected at least {lowest:g}", line)
        return [tuple(row) if len(row) > 1 else row[0] for row in values.tolist()]
    if name not in sheet.headers:
        return None
    cells = sheet.headers[name].split()
    try:
        found = [float(cell) for cell in cells]
    except ValueError:
        found = []
    if not found or min(found) < lowest:
        said = f"'{name}' is '{sheet.headers[name]}', expected a number of at least {lowest:g}"
        raise sheet.fail(said, sheet.lines[name])
    return [tuple(found) if len(found) > 1 else found[0]] * number


def _trips(sheet: Sheet, number: int, starts: list[int]) -> list[Any] | None:
    name = "VEHICLES_RELOAD_DEPOT_SECTION"
    if name not in sheet.sections:
        return None
    places = sheet.table(name, number, 1)
    for vehicle, start in enumerate(starts):
        if places[vehicle, 0] != start + 1 or places.shape[1] > 1:
            line = sheet.sections[name].line[vehicle]
            raise sheet.fail(
                f"vehicle {vehicle + 1} loads again elsewhere than at its start; this is not supported", line
            )
    reloads = _each(sheet, "VEHICLES_MAX_RELOADS", number, 0.0)
    return [float("inf")] * number if reloads is None else [float(value) + 1 for value in reloads]


def _skills(sheet: Sheet, stops: Stops, number: int) -> list[Any] | None:
    """Writes who may serve whom as skills: a stop needs the word for the set of vehicles that may come."""
    section = sheet.sections.get("VEHICLES_ALLOWED_CLIENTS_SECTION")
    if section is None:
        return None
    allowed = np.zeros((len(stops.names), number), bool)
    for row, line in zip(section.rows, section.line, strict=True):
        for cell in row[1:]:
            if not cell.isdigit() or not 1 <= int(cell) <= len(stops.names) or not 1 <= int(row[0]) <= number:
                raise sheet.fail(f"'{cell}' in {section.name} is no node; expected 1 to {len(stops.names)}", line)
            allowed[int(cell) - 1, int(row[0]) - 1] = True
    sets, label = np.unique(allowed, axis=0, return_inverse=True)
    everyone: np.ndarray = np.logical_or(sets.all(1), np.logical_not(sets.any(1)))
    stops.needs = ["" if everyone[k] else f"s{k + 1}" for k in label.ravel().tolist()]
    return [
        " ".join(f"s{k + 1}" for k in range(len(sets)) if sets[k, vehicle] and not everyone[k])
        for vehicle in range(number)
    ]


def _grouped(columns: dict[str, list[Any]], number: int, *, endless: bool) -> Table:
    """Puts equal vehicles together, in the order of their first."""
    kinds: dict[tuple[Any, ...], list[int]] = {}
    for vehicle, key in enumerate(zip(*columns.values(), strict=True)):
        kinds.setdefault(key, []).append(vehicle)
    rows, header = [], ["name", "count"]
    wide = {name: max(len(v) if isinstance(v, tuple) else 1 for v in values) for name, values in columns.items()}
    for name, width in wide.items():
        header += [name if k == 0 else f"{name} {k + 1}" for k in range(width)]
    for position, (key, members) in enumerate(kinds.items()):
        title = "vehicle" if len(kinds) == 1 else f"type {position + 1}"
        cells: list[Any] = [title, float("inf") if endless else len(members)]
        for value in key:
            cells += list(value) if isinstance(value, tuple) else [value]
        rows.append(cells)
    return Table.from_rows(VEHICLES, header, rows)
