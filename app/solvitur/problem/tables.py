"""Data tables: named columns of equal length, never changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvitur.problem.records import Record


@dataclass(frozen=True, eq=False)
class Column(Record, tag="column"):
    """One column: float64 (NaN: missing), int64, or object (str, int, float; None: missing) values."""

    name: str
    values: np.ndarray
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Table(Record, tag="table"):
    """A named table; ``source`` is the file it came from, for messages."""

    name: str
    columns: tuple[Column, ...] = ()
    source: str = ""

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values) if self.columns else 0

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """Returns the column of that name (exact, else ignoring case and surrounding space), or None."""
        wanted = name.strip().casefold()
        exact = [c for c in self.columns if c.name == name]
        return next(iter(exact or [c for c in self.columns if c.name.strip().casefold() == wanted]), None)

    def with_column(self, position: int, values: np.ndarray) -> Table:
        """Returns the table with one column's values replaced."""
        changed = replace(self.columns[position], values=values)
        return replace(self, columns=(*self.columns[:position], changed, *self.columns[position + 1 :]))

    @classmethod
    def from_rows(cls, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], source: str = "") -> Table:
        """Builds a table from rows of Python values, each column in its narrowest type."""
        cells = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in header]
        columns = tuple(Column(h, column_values(c)) for h, c in zip(header, cells, strict=True))
        return cls(name, columns, source)


def column_values(cells: Sequence[Any]) -> np.ndarray:
    """Turns Python cell values into the narrowest column type: int64, float64 (None becomes NaN) or object."""
    kinds = {type(cell) for cell in cells}
    if kinds == {int} and all(-(2**63) <= cell < 2**63 for cell in cells):
        return np.array(cells, dtype=np.int64)
    if kinds and kinds <= {int, float, type(None)} and float in kinds:
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    return values
