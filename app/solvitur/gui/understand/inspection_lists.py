"""Rows and columns of a matrix as lazy lists: nothing is made of them until it is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from solvitur.gui.numbers import exact, show
from solvitur.problem.instance import CONTINUOUS, INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER, MatrixInstance

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_TYPES = {
    CONTINUOUS: "continuous",
    INTEGER: "integer",
    SEMI_CONTINUOUS: "semi-continuous",
    SEMI_INTEGER: "semi-integer",
}
_MOST_FOUND = 100_000
_FIRST_NUMBER = 2
VARIABLES = ("Variable", "Type", "At least", "At most", "Cost", "Nonzeros")
CONSTRAINTS = ("Constraint", "Type", "At least", "At most", "Nonzeros")


class ElementList(QAbstractTableModel):
    """The variables or the constraints of an instance, all of them or those whose name holds a text."""

    def __init__(self, heads: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = heads
        self._instance: MatrixInstance | None = None
        self._column_counts = np.zeros(0, dtype=np.int64)
        self._picked: np.ndarray | None = None

    @property
    def of_variables(self) -> bool:
        """Whether this lists variables rather than constraints."""
        return self._heads is VARIABLES

    def show_instance(self, instance: MatrixInstance | None) -> None:
        """Lists another instance."""
        self.beginResetModel()
        self._instance, self._picked = instance, None
        if instance is not None and self.of_variables:
            self._column_counts = np.bincount(instance.matrix.column, minlength=instance.columns)
        self.endResetModel()

    def pick(self, picked: np.ndarray | None) -> None:
        """Lists only elements by number; None lists all."""
        self.beginResetModel()
        self._picked = picked
        self.endResetModel()

    def element(self, row: int) -> str:
        """Returns the name in a line of the list."""
        return self._name(self._number(row))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Counts what is listed."""
        if parent.isValid() or self._instance is None:
            return 0
        if self._picked is not None:
            return len(self._picked)
        return self._instance.columns if self.of_variables else self._instance.rows

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Counts the heads."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Returns the heads."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._heads[section] if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Returns a cell."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        value = self._cell(self._number(index.row()), index.column())
        if isinstance(value, str):
            return value
        return show(value) if role == Qt.ItemDataRole.DisplayRole else exact(value)

    def _number(self, row: int) -> int:
        return row if self._picked is None else int(self._picked[row])

    def _name(self, number: int) -> str:
        assert self._instance is not None
        return self._instance.variable_of(number) if self.of_variables else self._instance.constraint_of(number)

    def _cell(self, number: int, column: int) -> Any:
        instance = self._instance
        assert instance is not None
        if column == 0:
            return self._name(number)
        if self.of_variables:
            low, high = float(instance.column_lower[number]), float(instance.column_upper[number])
            code = int(instance.integrality[number])
            kind = "binary" if code == INTEGER and low >= 0 and high <= 1 else _TYPES[code]
            return (kind, low, high, float(instance.cost[number]), int(self._column_counts[number]))[column - 1]
        low, high = float(instance.row_lower[number]), float(instance.row_upper[number])
        size = int(instance.matrix.start[number + 1] - instance.matrix.start[number])
        return (_row_type(low, high), low, high, size)[column - 1]


def find_names(instance: MatrixInstance, wanted: str, *, of_variables: bool) -> np.ndarray:
    """Returns the numbers of the elements whose name holds a text, 100 000 at most."""
    folded = wanted.casefold()
    found: list[int] = []
    for block in instance.variables if of_variables else instance.constraints:
        for offset in range(block.count):
            if folded in block.element(offset).casefold():
                found.append(block.start + offset)
                if len(found) >= _MOST_FOUND:
                    return np.array(found, dtype=np.int64)
    return np.array(found, dtype=np.int64)


def _side(column: int) -> int:
    """Names and types stand at the left, numbers at the right."""
    side = Qt.AlignmentFlag.AlignLeft if column < _FIRST_NUMBER else Qt.AlignmentFlag.AlignRight
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _row_type(low: float, high: float) -> str:
    if low == high:
        return "="
    if np.isneginf(low):
        return "free" if np.isposinf(high) else "≤"
    return "≥" if np.isposinf(high) else "range"
