"""A problem in the database: reading it whole, and writing only what differs from the last time."""

from __future__ import annotations

import sqlite3
from typing import Any

from solvitur.engine.project.codec import PIECES, decode, decode_column, encode, encode_column
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.drafts import Origins
from solvitur.problem.tables import Column, Table


def read_problem(connection: sqlite3.Connection) -> Problem:
    """Reads the stored problem, without what the journal adds to it.

    Raises
    ------
    ValueError
        If what is stored is not a problem.
    """
    values: dict[str, Any] = {}
    for name, body in connection.execute("SELECT name, body FROM pieces"):
        if name in PIECES:
            values[name] = decode(body)
    problem = Problem(**values, tables=tuple(_read_tables(connection)))
    expected = {
        "name": str,
        "statement": str,
        "formulation": Formulation,
        "choice": Choice,
        "layout": dict,
        "origins": Origins,
    }
    for name, kind in expected.items():
        if not isinstance(getattr(problem, name), kind):
            raise ValueError(f"its {name} cannot be read")
    return problem


def _read_tables(connection: sqlite3.Connection) -> list[Table]:
    columns: dict[int, list[Column]] = {}
    query = "SELECT table_id, name, unit, body FROM data_columns ORDER BY table_id, position"
    for table, name, unit, body in connection.execute(query):
        columns.setdefault(table, []).append(Column(name, decode_column(body), unit))
    query = "SELECT id, name, source FROM data_tables ORDER BY position"
    return [Table(name, tuple(columns.get(table, ())), source) for table, name, source in connection.execute(query)]


class PieceWriter:
    """Writes problems into a database, each time only the pieces and columns that are not the same object as before.

    Problems are immutable, so identity is enough; ``written`` None makes the first write a whole one.
    """

    def __init__(self, connection: sqlite3.Connection, written: Problem | None = None) -> None:
        self._connection = connection
        self._written = written
        self._ids: list[int] = []
        if written is not None:
            self._ids = [row[0] for row in connection.execute("SELECT id FROM data_tables ORDER BY position")]

    def write(self, problem: Problem) -> None:
        """Writes a problem within the caller's transaction; call `keep` once that is committed."""
        before = self._written
        for name in PIECES:
            value = getattr(problem, name)
            if before is None or value is not getattr(before, name):
                self._connection.execute("INSERT OR REPLACE INTO pieces VALUES (?, ?)", (name, encode(value)))
        if before is None:
            self._connection.execute("DELETE FROM data_tables")
            self._connection.execute("DELETE FROM data_columns")
        if before is None or problem.tables is not before.tables:
            self._next_ids = self._write_tables(problem.tables, before.tables if before else ())
        else:
            self._next_ids = self._ids

    def keep(self, problem: Problem) -> None:
        """Remembers a problem as the written one."""
        self._written, self._ids = problem, self._next_ids

    def _write_tables(self, tables: tuple[Table, ...], before: tuple[Table, ...]) -> list[int]:
        run = self._connection.execute
        old = {table.name: (number, table) for number, table in zip(self._ids, before, strict=True)}
        left = set(self._ids)
        ids = []
        for position, table in enumerate(tables):
            number, was = old.pop(table.name, (0, None))
            if was is None:
                insert = "INSERT INTO data_tables (position, name, source) VALUES (?, ?, ?)"
                number = int(run(insert, (position, table.name, table.source)).lastrowid or 0)
            else:
                left.discard(number)
                run("UPDATE data_tables SET position = ?, source = ? WHERE id = ?", (position, table.source, number))
            self._write_columns(number, table.columns, was.columns if was is not None else ())
            ids.append(number)
        for number in left:
            run("DELETE FROM data_tables WHERE id = ?", (number,))
            run("DELETE FROM data_columns WHERE table_id = ?", (number,))
        return ids

    def _write_columns(self, table: int, columns: tuple[Column, ...], before: tuple[Column, ...]) -> None:
        run = self._connection.execute
        for position, column in enumerate(columns):
            was = before[position] if position < len(before) else None
            if column is was:
                continue
            if was is not None and column.values is was.values:
                update = "UPDATE data_columns SET name = ?, unit = ? WHERE table_id = ? AND position = ?"
                run(update, (column.name, column.unit, table, position))
                continue
            row = (table, position, column.name, column.unit, encode_column(column.values))
            run("INSERT OR REPLACE INTO data_columns VALUES (?, ?, ?, ?, ?)", row)
        if len(before) > len(columns):
            run("DELETE FROM data_columns WHERE table_id = ? AND position >= ?", (table, len(columns)))
