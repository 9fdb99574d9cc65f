"""Steps that read and change tables."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from solvitur.api import Column, InputError, Port, StepContext, Table, column_values, option
from solvitur_steps.expressions import compiled

_QUERY_LIMIT_S = 60.0
_TABLE = (Port("table", "table"),)


def rows_of(table: Table) -> list[tuple[Any, ...]]:
    """Returns a table's rows as Python values; missing numbers are None."""
    columns = []
    for column in table.columns:
        cells = column.values.tolist()
        columns.append([None if isinstance(c, float) and c != c else c for c in cells])
    return list(zip(*columns, strict=True))


@dataclass(frozen=True)
class FileOptions:
    """Which file."""

    file: str = option("", "File", help="relative to the workflow's own file")
    sheet: str = option("", "Table", help="which table of the file, where it has several")


class LoadTable:
    """Reads a data file."""

    name, title, category, options = "load_table", "Load table", "Data", FileOptions
    help = "Reads a table from a CSV, XLSX or JSON file."
    inputs: tuple[Port, ...] = ()
    outputs = _TABLE

    def reads(self, options: FileOptions) -> tuple[str, ...]:
        """Names the file."""
        return (options.file,)

    def run(self, inputs: Mapping[str, Any], options: FileOptions, context: StepContext) -> dict[str, Any]:
        """Reads the table."""
        tables = context.read(context.folder / options.file).tables
        found = [table for table in tables if not options.sheet or table.name == options.sheet]
        if not found:
            names = ", ".join(table.name for table in tables) or "no tables"
            raise InputError.at(f"'{options.file}' holds {names}, expected '{options.sheet or 'a table'}'")
        return {"table": found[0]}


@dataclass(frozen=True)
class QueryOptions:
    """The query."""

    sql: str = option(
        "SELECT * FROM a", "Query", help="SELECT over the tables by their names; a, b, ... name them too"
    )
    name: str = option("result", "Name of the result")


class Query:
    """Asks tables a question in SQL; joins too. Nothing can be written, and no file be reached."""

    name, title, category, options = "query", "Query (SQL)", "Data", QueryOptions
    help = "Selects from tables and joins them, in SQL (read-only, in memory)."
    inputs = (Port("tables", "table", many=True),)
    outputs = _TABLE

    def run(self, inputs: Mapping[str, Any], options: QueryOptions, context: StepContext) -> dict[str, Any]:
        """Runs the query."""
        until = time.monotonic() + _QUERY_LIMIT_S
        base = sqlite3.connect(":memory:")
        try:
            for at, table in enumerate(inputs["tables"]):
                self._load(base, table, chr(ord("a") + at) if at < 26 else f"t{at}")
            base.commit()
            base.set_authorizer(_only_reading)
            base.set_progress_handler(lambda: int(context.cancelled or time.monotonic() > until), 10_000)
            cursor = base.execute(options.sql)
            if cursor.description is None:
                raise InputError.at("this query gives no rows; expected a SELECT")
            header = [each[0] for each in cursor.description]
            rows = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise InputError.at(f"the query cannot be run: {error}") from None
        finally:
            base.close()
        return {"table": Table.from_rows(options.name, header, rows)}

    def _load(self, base: sqlite3.Connection, table: Table, short: str) -> None:
        names = [_quoted(name) for name in table.header]
        for name in dict.fromkeys((table.name, short)):
            if _exists(base, name):  # of two tables of one name the later is known by its letter alone
                continue
            base.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(names)})")
            base.executemany(f"INSERT INTO {_quoted(name)} VALUES ({', '.join('?' * len(names))})", rows_of(table))


def _exists(base: sqlite3.Connection, name: str) -> bool:
    return base.execute("SELECT 1 FROM sqlite_master WHERE lower(name) = lower(?)", (name,)).fetchone() is not None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _only_reading(action: int, first: str | None, second: str | None, base: str | None, trigger: str | None) -> int:
    reading = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33)  # 33: recursive queries
    return sqlite3.SQLITE_OK if action in reading and second != "load_extension" else sqlite3.SQLITE_DENY


@dataclass(frozen=True)
class FilterOptions:
    """The condition."""

    where: str = option("True", "Keep rows where", help="such as cost > 10 and city != 'Bremen'")


class Filter:
    """Keeps the rows for which a condition holds."""

    name, title, category, options = "filter", "Filter", "Data", FilterOptions
    help = "Keeps the rows for which a condition over the columns holds."
    inputs = _TABLE
    outputs = _TABLE

    def run(self, inputs: Mapping[str, Any], options: FilterOptions, context: StepContext) -> dict[str, Any]:
        """Filters."""
        table: Table = inputs["table"]
        keeps = compiled(options.where, table.header)
        kept = np.array(
            [bool(keeps(dict(zip(table.header, row, strict=True)))) for row in rows_of(table)], dtype=bool
        )
        columns = tuple(Column(c.name, c.values[kept], c.unit) for c in table.columns)
        return {"table": Table(table.name, columns, table.source)}


@dataclass(frozen=True)
class FormulaOptions:
    """The column and how it comes about."""

    column: str = option("value", "Column", help="a new one, or one that is replaced")
    formula: str = option("0", "Formula", help="over the other columns, such as price * amount")


class Formula:
    """Adds a column that is computed from the others."""

    name, title, category, options = "formula", "Formula", "Data", FormulaOptions
    help = "Computes a column from the others."
    inputs = _TABLE
    outputs = _TABLE

    def run(self, inputs: Mapping[str, Any], options: FormulaOptions, context: StepContext) -> dict[str, Any]:
        """Computes the column."""
        table: Table = inputs["table"]
        value = compiled(options.formula, table.header)
        cells = [value(dict(zip(table.header, row, strict=True))) for row in rows_of(table)]
        made = Column(options.column, column_values(cells))
        kept = [made if column.name == options.column else column for column in table.columns]
        columns = tuple(kept) if made in kept else (*table.columns, made)
        return {"table": Table(table.name, columns)}


@dataclass(frozen=True)
class ExportOptions:
    """Where to."""

    file: str = option("", "File", help="its ending says the format")


class Export:
    """Writes a table, a problem or an answer to a file."""

    name, title, category, options = "export", "Export", "Output", ExportOptions
    help = "Writes a table, problem or answer to a file; it is approved before it runs."
    irreversible = True
    inputs = (Port("thing", "any"),)
    outputs = (Port("file", "file"),)

    def run(self, inputs: Mapping[str, Any], options: ExportOptions, context: StepContext) -> dict[str, Any]:
        """Writes the file."""
        if not options.file:
            raise InputError.at("name the file to write")
        path = Path(context.folder) / options.file
        context.export(inputs["thing"], path)
        return {"file": str(path)}
