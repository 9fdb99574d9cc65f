"""Opens tables of stops (CSV, XLSX) as routing problems, by the names of their columns."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from solvitur.api import (
    Columns,
    Finding,
    Formulation,
    Imported,
    InputError,
    Place,
    Problem,
    Severity,
    Table,
    match_columns,
    plain_name,
    write_rules,
)
from solvitur_routing.schema import (
    DISTANCES,
    DURATIONS,
    RULES,
    STATED,
    STOP_FIELDS,
    STOPS,
    VEHICLE_FIELDS,
    VEHICLES,
)

_SUFFIXES = (".csv", ".tsv", ".xlsx")


class StopTable:
    """Reads a table with positions of stops; a workbook may have sheets `stops`, `vehicles` and `distances`."""

    name, title = "stops", "Table of stops (CSV, XLSX)"
    suffixes: tuple[str, ...] = _SUFFIXES

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks low, so that tables stay tables unless routes are asked for."""
        return 0.1 if path.name.lower().endswith(_SUFFIXES) else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the tables and says which column was taken for what.

        Raises
        ------
        InputError
            If the file is no table, or has no columns of positions.
        """
        tables = _sheets(path) if path.suffix.lower() == ".xlsx" else (_delimited(path),)
        named = {plain_name(table.name): table for table in tables}
        stops = named.get(STOPS) or tables[0]
        found = match_columns(stops, STOP_FIELDS)
        if not {"x", "y"} <= {*found} and DISTANCES not in named:
            header = ", ".join(stops.header)
            said = f"no columns of positions were found among: {header}; name them x and y, or longitude and latitude"
            raise InputError.at(said, place=Place(str(path), 1))
        taken = [_renamed(stops, STOPS, found)]
        words = [f"'{stops.header[k]}' as {name}" for name, k in found.items() if plain_name(stops.header[k]) != name]
        said = "columns were read as: " + ", ".join(words) if words else "columns were read by their names"
        findings = [Finding(Severity.INFO, said, place=Place(str(path)))]
        if VEHICLES in named:
            taken.append(_renamed(named[VEHICLES], VEHICLES, match_columns(named[VEHICLES], VEHICLE_FIELDS)))
        else:
            taken.append(_usual_fleet(Columns(taken[0], STOP_FIELDS)))
            text = "there is no table 'vehicles': enough vehicles without limits were assumed; edit the table"
            findings.append(Finding(Severity.INFO, text, VEHICLES, Place(str(path))))
        taken += [Table(name, named[name].columns, str(path)) for name in (DISTANCES, DURATIONS) if name in named]
        metric = "matrix" if DISTANCES in named else "haversine" if _is_on_earth(stops, found) else "euclidean"
        if metric == "haversine":
            text = "positions look like degrees: distances are kilometres over ground; see the rule 'metric'"
            findings.append(Finding(Severity.INFO, text, place=Place(str(path))))
        rules = write_rules(RULES, {"metric": metric, "rounding": "none"}, STATED)
        problem = Problem(path.stem, formulation=Formulation("routing", rules, source=str(path)), tables=tuple(taken))
        return Imported(problem, findings=tuple(findings))


def _usual_fleet(stops: Columns) -> Table:
    loaded = any(stops.has(name) for name in ("demand", "pickup"))
    several = loaded or stops.has("latest")
    return Table.from_rows(VEHICLES, ["name", "count"], [["vehicle", float("inf") if several else 1]])


def _renamed(table: Table, name: str, found: dict[str, int]) -> Table:
    names = {k: field for field, k in found.items()}
    columns = tuple(replace(c, name=names.get(k, c.name)) for k, c in enumerate(table.columns))
    return Table(name, columns, table.source)


def _is_on_earth(stops: Table, found: dict[str, int]) -> bool:
    return {"lat", "latitude"} & {plain_name(stops.header[k]) for k in found.values()} != set()


def _delimited(path: Path) -> Table:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError.at("the file is not UTF-8 text; save it as UTF-8", place=Place(str(path))) from None
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if not lines:
        raise InputError.at("the table is empty; its first line should name the columns", place=Place(str(path)))
    delimiter = max(",;\t", key=lambda sign: min(line.count(sign) for line in lines))
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    header = [cell.strip() for cell in rows[0]]
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            said = f"this row has {len(row)} cells, but the header has {len(header)}"
            raise InputError.at(said, place=Place(str(path), number))
    cells = [[_cell(cell, delimiter) for cell in row] for row in rows[1:]]
    return Table.from_rows(path.stem, header, cells, str(path))


def _cell(text: str, delimiter: str) -> Any:
    plain_text = text.strip()
    if not plain_text:
        return None
    number = plain_text.replace(",", ".") if delimiter != "," else plain_text
    try:
        value = float(number)
    except ValueError:
        return plain_text
    return int(value) if value == int(value) and "." not in number and "e" not in number.lower() else value


def _sheets(path: Path) -> tuple[Table, ...]:
    import openpyxl  # noqa: PLC0415  only loaded when a workbook is opened

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError):
        said = "this is no .xlsx workbook, or it is damaged; save it again as .xlsx"
        raise InputError.at(said, place=Place(str(path))) from None
    found = []
    for sheet in book.worksheets:
        rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
        if rows:
            header = ["" if cell is None else str(cell).strip() for cell in rows[0]]
            body = [list(row) + [None] * (len(header) - len(row)) for row in rows[1:]]
            found.append(Table.from_rows(str(sheet.title), header, body, str(path)))
    book.close()
    if not found:
        raise InputError.at("the workbook has no cells that are filled", place=Place(str(path)))
    return tuple(found)
