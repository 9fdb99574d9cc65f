"""Values in blocks as a table: nothing is done per value until a cell comes into view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from solvitur.gui.numbers import exact, show
from solvitur.problem.instance import Block

_Index = QModelIndex | QPersistentModelIndex
_NOISE = 1e-9


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """One column of numbers, shape (block.count,); ``help`` explains its title on hover."""

    title: str
    values: np.ndarray
    unit: str = ""
    help: str = ""


@dataclass(frozen=True)
class View:
    """Which rows are wanted and in which order; ``sort`` is a column, or -1 for the model's own order."""

    words: str = ""
    nonzero: bool = False
    sort: int = -1
    descending: bool = False


@dataclass(frozen=True, eq=False)
class BlockTable:
    """A block of the answer with its columns of numbers; the first of them is the one that may be zero."""

    block: Block
    columns: tuple[NumberColumn, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the index columns."""
        names = self.block.set_names
        known = tuple(names[d] if d < len(names) and names[d] else "" for d in range(len(self.block.sets)))
        return tuple(name or ("name" if len(known) == 1 else f"index {d + 1}") for d, name in enumerate(known))

    @property
    def header(self) -> tuple[str, ...]:
        """All columns' names with their units."""
        numbers = (f"{c.title} ({c.unit})" if c.unit else c.title for c in self.columns)
        return (*self.keys, *numbers)

    def label(self, offset: int, dimension: int) -> str:
        """Writes one index of one element."""
        return str(self.block.label(offset)[dimension])

    def codes(self, dimension: int) -> np.ndarray:
        """Returns the positions of all elements in one index set, without naming any."""
        if self.block.codes is not None:
            return self.block.codes[dimension]
        shape = tuple(len(labels) for labels in self.block.sets)
        inner = int(np.prod(shape[dimension + 1 :], dtype=np.int64))
        codes: np.ndarray = (np.arange(self.block.count) // inner) % shape[dimension]
        return codes

    def offset_of(self, index: tuple[str, ...]) -> int:
        """Returns the offset of an element by its index as text, or -1."""
        if len(index) != len(self.block.sets) or not index:
            return -1 if index or self.block.sets else 0
        places = []
        for labels, wanted in zip(self.block.sets, index, strict=True):
            at = next((n for n, label in enumerate(labels) if str(label) == wanted), -1)
            if at < 0:
                return -1
            places.append(at)
        if self.block.codes is None:
            return int(np.ravel_multi_index(places, tuple(len(labels) for labels in self.block.sets)))
        hits = np.ones(self.block.count, dtype=bool)
        for codes, place in zip(self.block.codes, places, strict=True):
            hits &= codes == place
        found = np.flatnonzero(hits)
        return int(found[0]) if len(found) else -1

    def rows(self, view: View) -> np.ndarray | None:
        """Returns the offsets that a view shows, in its order; None for all in their own order.

        Takes up to some tenths of a second for a million values: for a background thread.
        """
        if view == View():
            return None
        kept = np.ones(self.block.count, dtype=bool)
        if view.nonzero and self.columns:
            kept &= np.abs(self.columns[0].values) > _NOISE
        for word in view.words.casefold().split():
            kept &= self._matching(word)
        offsets = np.flatnonzero(kept)
        if view.sort < 0:
            return offsets
        ranked = np.argsort(self._sort_keys(view.sort)[offsets], kind="stable")
        return offsets[ranked[::-1] if view.descending else ranked]

    def _matching(self, word: str) -> np.ndarray:
        if self.block.name and word in self.block.name.casefold():
            return np.ones(self.block.count, dtype=bool)
        kept = np.zeros(self.block.count, dtype=bool)
        for d, labels in enumerate(self.block.sets):
            hits = np.array([word in str(label).casefold() for label in labels], dtype=bool)
            if hits.any():
                kept |= hits[self.codes(d)]
        return kept

    def _sort_keys(self, column: int) -> np.ndarray:
        keys = len(self.block.sets)
        if column >= keys:
            return self.columns[column - keys].values
        labels = self.block.sets[column]
        numbers = all(isinstance(label, int | float) for label in labels)
        order = sorted(range(len(labels)), key=lambda n: labels[n] if numbers else str(labels[n]).casefold())
        rank = np.empty(len(labels), dtype=np.int64)
        rank[order] = np.arange(len(labels))
        ranked: np.ndarray = rank[self.codes(column)]
        return ranked


class BlockModel(QAbstractTableModel):
    """Shows a `BlockTable` through the offsets that a `View` gave."""

    def __init__(self, table: BlockTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.write: Callable[[float], str] = show
        self._offsets: np.ndarray | None = None

    def take(self, offsets: np.ndarray | None) -> None:
        """Shows these rows (None: all)."""
        self.beginResetModel()
        self._offsets = offsets
        self.endResetModel()

    def set_format(self, write: Callable[[float], str]) -> None:
        """Writes numbers in another way."""
        self.write = write
        last = self.index(max(self.rowCount() - 1, 0), max(self.columnCount() - 1, 0))
        self.dataChanged.emit(self.index(0, 0), last)

    def offset(self, row: int) -> int:
        """Returns the element's offset that a row shows."""
        return row if self._offsets is None else int(self._offsets[row])

    def element(self, row: int) -> str:
        """Returns the name of the element that a row shows."""
        return self.table.block.element(self.offset(row)) if 0 <= row < self.rowCount() else ""

    def row_of(self, offset: int) -> int:
        """Returns the row that shows an element, or -1 when it is filtered out."""
        if self._offsets is None:
            return offset
        found = np.flatnonzero(self._offsets == offset)
        return int(found[0]) if len(found) else -1

    def rowCount(self, parent: _Index | None = None) -> int:
        """Number of rows."""
        if parent is not None and parent.isValid():
            return 0
        return self.table.block.count if self._offsets is None else len(self._offsets)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Indices and numbers."""
        return len(self.table.block.sets) + len(self.table.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Writes one cell."""
        keys = len(self.table.block.sets)
        number = index.column() >= keys
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        offset = self.offset(index.row())
        if not number:
            return self.table.label(offset, index.column())
        column = self.table.columns[index.column() - keys]
        value = float(column.values[offset])
        if role == Qt.ItemDataRole.DisplayRole:
            return self.write(value)
        return f"{column.title} of {self.table.block.element(offset)} = {exact(value)} {column.unit}".rstrip()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names the columns; each term is explained on hover."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        keys = len(self.table.block.sets)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.table.header[section]
        if role == Qt.ItemDataRole.ToolTipRole and section >= keys:
            return self.table.columns[section - keys].help
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section >= keys else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def fixed(decimals: int) -> Callable[[float], str]:
    """Returns a way to write numbers with so many decimals."""

    def write(value: float) -> str:
        if not np.isfinite(value):
            return show(value)
        shown = round(value, decimals)
        text = show(abs(shown), 17) if decimals == 0 else None
        if text is None:
            whole, _, rest = f"{abs(shown):.{decimals}f}".partition(".")
            text = f"{show(float(whole))}.{rest}"
        return ("\u2212" if shown < 0 else "") + text

    return write


FORMATS: dict[str, Callable[[float], str]] = {
    "Automatic": show,
    "All digits": exact,
    "0 decimals": fixed(0),
    "2 decimals": fixed(2),
    "4 decimals": fixed(4),
}
