"""What is done to a table, as named edits; each function returns None when there is nothing to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from solvitur.gui.numbers import counted
from solvitur.gui.understand.tables.cells import column_of, is_missing
from solvitur.problem.edits import (
    Cells,
    Edit,
    InsertColumn,
    InsertRows,
    RemoveColumn,
    RemoveRows,
    ReorderRows,
    SetCells,
    SetHeader,
    Together,
)
from solvitur.problem.instance import Label
from solvitur.problem.table_edits import empty_values
from solvitur.problem.tables import Column, Table

Block = Sequence[Sequence[Label | None]]


def set_block(table: Table, row: int, column: int, block: Block, title: str) -> Edit | None:
    """Writes a block of values with its upper left cell at ``row``, ``column``; rows below the last one are added."""
    width = min(max((len(cells) for cells in block), default=0), len(table.columns) - column)
    if width <= 0:
        return None
    inside = max(min(len(block), table.row_count - row), 0)
    edits: list[Edit] = []
    if inside:
        rows = np.arange(row, row + inside)
        parts = [
            _changed(table, column + c, rows, [cells[c] if c < len(cells) else None for cells in block[:inside]])
            for c in range(width)
        ]
        kept = tuple(part for part in parts if part is not None)
        if kept:
            edits.append(SetCells(title, table.name, kept))
    below = block[inside:]
    while below and all(is_missing(cell) for cell in below[-1]):
        below = below[:-1]
    if below:
        edits.append(_appended(table, column, below, title))
    return Together(title, tuple(edits)) if len(edits) > 1 else next(iter(edits), None)


def clear_cells(table: Table, selected: Mapping[int, np.ndarray], title: str) -> Edit | None:
    """Empties cells, given as row numbers by column."""
    parts = []
    for column, rows in selected.items():
        inside = rows[rows < table.row_count]
        part = _changed(table, column, inside, [None] * len(inside))
        parts += [part] if part is not None else []
    return SetCells(title, table.name, tuple(parts)) if parts else None


def fill_down(table: Table, top: int, bottom: int, left: int, right: int) -> Edit | None:
    """Copies the top row of a range into the rows below it; a single row takes the row above."""
    bottom = min(bottom, table.row_count - 1)
    if top == bottom:
        top -= 1
    if top < 0 or bottom <= top:
        return None
    rows = np.arange(top + 1, bottom + 1)
    parts = []
    for column in range(left, right + 1):
        value = table.columns[column].values[top]
        filled = [value.item() if isinstance(value, np.generic) else value] * len(rows)
        part = _changed(table, column, rows, filled)
        parts += [part] if part is not None else []
    return SetCells("Fill down", table.name, tuple(parts)) if parts else None


def insert_rows(table: Table, at: int, count: int) -> Edit:
    """Adds empty rows."""
    columns = tuple(empty_values(column.values.dtype, count) for column in table.columns)
    title = f"Insert {counted(count, 'row')} into '{table.name}'"
    return InsertRows(title, table.name, np.arange(at, at + count), columns)


def remove_rows(table: Table, rows: Sequence[int]) -> Edit | None:
    """Removes rows."""
    inside = np.array(sorted({row for row in rows if row < table.row_count}), dtype=np.int64)
    title = f"Delete {counted(len(inside), 'row')} of '{table.name}'"
    return RemoveRows(title, table.name, inside) if len(inside) else None


def insert_column(table: Table, at: int, name: str) -> Edit:
    """Adds an empty column."""
    values = empty_values(np.dtype(object), table.row_count)
    return InsertColumn(f"Insert column '{name}' into '{table.name}'", table.name, at, Column(name, values))


def rename_column(table: Table, at: int, name: str, unit: str) -> Edit | None:
    """Gives a column another name and unit."""
    header = [(column.name, column.unit) for column in table.columns]
    if header[at] == (name, unit):
        return None
    title = f"Rename column '{header[at][0]}' to '{name}'" if name != header[at][0] else f"Change unit of '{name}'"
    header[at] = (name, unit)
    return SetHeader(title, table.name, table.name, tuple(header))


def rename_table(table: Table, name: str) -> Edit | None:
    """Gives a table another name."""
    header = tuple((column.name, column.unit) for column in table.columns)
    return (
        SetHeader(f"Rename table '{table.name}' to '{name}'", table.name, name, header)
        if name != table.name
        else None
    )


def sort_rows(table: Table, at: int, *, descending: bool) -> Edit | None:
    """Sorts by a column: numbers before texts, empty cells last; equal rows keep their order."""
    order = sort_order(table.columns[at].values, descending=descending)
    if (order == np.arange(len(order))).all():
        return None
    return ReorderRows(f"Sort '{table.name}' by '{table.columns[at].name}'", table.name, order)


def sort_order(values: np.ndarray, *, descending: bool) -> np.ndarray:
    """Returns the row numbers in sorted order."""
    if values.dtype != object:
        keys = -values.astype(np.float64) if descending else values
        return np.argsort(keys, kind="stable").astype(np.int64)
    cells = values.tolist()
    full = [k for k, cell in enumerate(cells) if not is_missing(cell)]
    empty = [k for k, cell in enumerate(cells) if is_missing(cell)]
    numbers = [k for k in full if not isinstance(cells[k], str)]
    texts = [k for k in full if isinstance(cells[k], str)]
    numbers.sort(key=lambda k: cells[k], reverse=descending)
    texts.sort(key=lambda k: cells[k].casefold(), reverse=descending)
    return np.array(texts + numbers + empty if descending else numbers + texts + empty, dtype=np.int64)


def find_cell(table: Table, wanted: str, row: int, column: int) -> tuple[int, int] | None:
    """Returns the next cell after the given one, around the end, whose text holds ``wanted``; None if none does."""
    folded = wanted.casefold()
    hits: list[tuple[int, int]] = []
    for number, each in enumerate(table.columns):
        values = each.values
        if values.dtype == object:
            rows = [
                k for k, cell in enumerate(values.tolist()) if cell is not None and folded in str(cell).casefold()
            ]
        else:
            rows = _matching_numbers(values, folded)
        hits.extend((k, number) for k in rows)
    hits.sort()
    return next((hit for hit in hits if hit > (row, column)), hits[0] if hits else None)


def _matching_numbers(values: np.ndarray, wanted: str) -> list[int]:
    """Finds numbers by their first digits as they are typed."""
    try:
        number = float(wanted.replace(",", "."))
    except ValueError:
        return []
    return np.flatnonzero(values == number).tolist()


def _changed(table: Table, column: int, rows: np.ndarray, values: Sequence[Any]) -> Cells | None:
    """Packs only the cells that differ from what is there."""
    before = table.columns[column].values[rows].tolist()
    differing = [k for k, (old, new) in enumerate(zip(before, values, strict=True)) if not _same(old, new)]
    if not differing:
        return None
    packed = column_of(values[k] for k in differing)
    if packed.dtype.kind == "f" and table.columns[column].values.dtype == object:
        packed = np.array([None if np.isnan(v) else v for v in packed.tolist()], dtype=object)
    return Cells(column, rows[differing].astype(np.int64), packed)


def _same(old: object, new: object) -> bool:
    if is_missing(old) or is_missing(new):
        return is_missing(old) and is_missing(new)
    return type(old) is type(new) and old == new


def _appended(table: Table, column: int, block: Block, title: str) -> Edit:
    count = len(block)
    columns = []
    for number, each in enumerate(table.columns):
        c = number - column
        cells = [row[c] if 0 <= c < len(row) else None for row in block]
        packed = (
            column_of(cells) if any(cell is not None for cell in cells) else empty_values(each.values.dtype, count)
        )
        if packed.dtype.kind == "f" and each.values.dtype == object:
            packed = np.array([None if is_missing(v) else v for v in packed.tolist()], dtype=object)
        columns.append(packed)
    start = table.row_count
    return InsertRows(title, table.name, np.arange(start, start + count), tuple(columns))


def remove_column(table: Table, at: int) -> Edit:
    """Removes a column."""
    return RemoveColumn(f"Delete column '{table.columns[at].name}'", table.name, at)
