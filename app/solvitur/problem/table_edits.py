"""Edits of tables that hold only what changes: a cell in a million rows costs a cell, not the table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvitur.problem.document import Problem
from solvitur.problem.records import Record
from solvitur.problem.tables import Column, Table

_EXACT = 2**53
"""Whole numbers below this are exact as float64."""


@dataclass(frozen=True, eq=False)
class Cells(Record, tag="cells"):
    """New values for some rows of one column; ``dtype`` is the column's type afterwards (empty: what fits)."""

    column: int
    rows: np.ndarray
    """int64 row numbers, each once."""
    values: np.ndarray
    """As many values: float64, int64 or object."""
    dtype: str = ""


@dataclass(frozen=True, eq=False)
class SetCells(Record, tag="edit-cells"):
    """Changes cells of one table."""

    title: str
    table: str
    cells: tuple[Cells, ...]

    def apply(self, problem: Problem) -> tuple[Problem, SetCells]:
        """Returns the changed problem and the edit that takes it back."""
        table = _table(problem, self.table)
        columns, before = list(table.columns), []
        for part in self.cells:
            column = columns[part.column]
            old = column.values[part.rows]
            before.append(Cells(part.column, part.rows, old, column.values.dtype.str))
            columns[part.column] = replace(column, values=_with_values(column.values, part))
        changed = replace(table, columns=tuple(columns))
        return _with_table(problem, self.table, changed), replace(self, cells=tuple(reversed(before)))


@dataclass(frozen=True, eq=False)
class InsertRows(Record, tag="edit-rows-in"):
    """Adds rows: ``rows`` are their numbers afterwards, ascending; ``columns`` their values, column by column."""

    title: str
    table: str
    rows: np.ndarray
    columns: tuple[np.ndarray, ...]

    def apply(self, problem: Problem) -> tuple[Problem, RemoveRows]:
        """Returns the changed problem and the edit that takes it back."""
        table = _table(problem, self.table)
        total = table.row_count + len(self.rows)
        kept = np.ones(total, dtype=bool)
        kept[self.rows] = False
        dtypes = tuple(column.values.dtype.str for column in table.columns)
        columns = []
        for column, added in zip(table.columns, self.columns, strict=True):
            values = np.empty(total, dtype=_fitting(column.values, added))
            values[kept], values[self.rows] = column.values, added
            columns.append(replace(column, values=values))
        changed = replace(table, columns=tuple(columns))
        return _with_table(problem, self.table, changed), RemoveRows(self.title, self.table, self.rows, dtypes)


@dataclass(frozen=True, eq=False)
class RemoveRows(Record, tag="edit-rows-out"):
    """Removes rows by number; ``dtypes`` are the columns' types afterwards (empty: as they are)."""

    title: str
    table: str
    rows: np.ndarray
    dtypes: tuple[str, ...] = ()

    def apply(self, problem: Problem) -> tuple[Problem, InsertRows]:
        """Returns the changed problem and the edit that takes it back."""
        table = _table(problem, self.table)
        rows = np.sort(self.rows)
        gone = tuple(column.values[rows] for column in table.columns)
        dtypes = self.dtypes or tuple(column.values.dtype.str for column in table.columns)
        columns = tuple(
            replace(column, values=np.delete(column.values, rows).astype(np.dtype(dtype), copy=False))
            for column, dtype in zip(table.columns, dtypes, strict=True)
        )
        changed = replace(table, columns=columns)
        return _with_table(problem, self.table, changed), InsertRows(self.title, self.table, rows, gone)


@dataclass(frozen=True, eq=False)
class ReorderRows(Record, tag="edit-rows-order"):
    """Puts the rows into another order: row k becomes what row ``order[k]`` was."""

    title: str
    table: str
    order: np.ndarray

    def apply(self, problem: Problem) -> tuple[Problem, ReorderRows]:
        """Returns the changed problem and the edit that takes it back."""
        table = _table(problem, self.table)
        back = np.empty_like(self.order)
        back[self.order] = np.arange(len(self.order))
        columns = tuple(replace(column, values=column.values[self.order]) for column in table.columns)
        return _with_table(problem, self.table, replace(table, columns=columns)), replace(self, order=back)


@dataclass(frozen=True, eq=False)
class SetHeader(Record, tag="edit-header"):
    """Renames a table and its columns; ``columns`` are (name, unit) pairs, one per column."""

    title: str
    table: str
    name: str
    columns: tuple[tuple[str, str], ...]

    def apply(self, problem: Problem) -> tuple[Problem, SetHeader]:
        """Returns the changed problem and the edit that takes it back."""
        table = _table(problem, self.table)
        columns = tuple(
            replace(column, name=name, unit=unit)
            for column, (name, unit) in zip(table.columns, self.columns, strict=True)
        )
        before = tuple((column.name, column.unit) for column in table.columns)
        changed = replace(table, name=self.name, columns=columns)
        return _with_table(problem, self.table, changed), SetHeader(self.title, self.name, self.table, before)


@dataclass(frozen=True, eq=False)
class InsertColumn(Record, tag="edit-column-in"):
    """Adds a column at a position."""

    title: str
    table: str
    position: int
    column: Column

    def apply(self, problem: Problem) -> tuple[Problem, RemoveColumn]:
        """Returns the changed problem and the edit that takes it back."""
        table = _table(problem, self.table)
        if table.columns and len(self.column.values) != table.row_count:
            raise ValueError("the column has another number of rows than the table")
        at = self.position
        changed = replace(table, columns=(*table.columns[:at], self.column, *table.columns[at:]))
        return _with_table(problem, self.table, changed), RemoveColumn(self.title, self.table, at)


@dataclass(frozen=True, eq=False)
class RemoveColumn(Record, tag="edit-column-out"):
    """Removes the column at a position."""

    title: str
    table: str
    position: int

    def apply(self, problem: Problem) -> tuple[Problem, InsertColumn]:
        """Returns the changed problem and the edit that takes it back."""
        table = _table(problem, self.table)
        at = self.position
        gone = table.columns[at]
        changed = replace(table, columns=(*table.columns[:at], *table.columns[at + 1 :]))
        return _with_table(problem, self.table, changed), InsertColumn(self.title, self.table, at, gone)


def empty_values(dtype: np.dtype[Any], count: int) -> np.ndarray:
    """Returns ``count`` missing values for a column of a type: NaN, or None (whole numbers have no missing value)."""
    if dtype.kind == "f":
        return np.full(count, np.nan)
    return np.full(count, None, dtype=object)


def _with_values(values: np.ndarray, part: Cells) -> np.ndarray:
    dtype = np.dtype(part.dtype) if part.dtype else _fitting(values, part.values)
    narrower = "ifO".index(dtype.kind) < "ifO".index(values.dtype.kind)
    # The cells that made a column wide must go before the others can be turned back.
    changed = values.copy() if narrower else values.astype(dtype)
    changed[part.rows] = part.values
    return changed.astype(dtype, copy=False)


def _fitting(one: np.ndarray, other: np.ndarray) -> np.dtype[Any]:
    """Returns the type that holds the values of both without loss."""
    if one.dtype == other.dtype:
        return one.dtype
    kinds = {one.dtype.kind, other.dtype.kind}
    whole = [values for values in (one, other) if values.dtype.kind == "i" and len(values)]
    exact = all(abs(int(values.min())) < _EXACT and abs(int(values.max())) < _EXACT for values in whole)
    return np.dtype(np.float64) if kinds <= {"i", "f"} and exact else np.dtype(object)


def _table(problem: Problem, name: str) -> Table:
    found = problem.table(name)
    if found is None:
        raise ValueError(f"there is no table '{name}'")
    return found


def _with_table(problem: Problem, name: str, table: Table) -> Problem:
    position = next(k for k, each in enumerate(problem.tables) if each.name == name)
    return replace(problem, tables=(*problem.tables[:position], table, *problem.tables[position + 1 :]))
