"""The points of a sweep as a table that fills while it goes on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from solvitur.engine.workflow.sweep import SweepPoint
from solvitur.gui.numbers import show
from solvitur.gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_STATES = {
    "waiting": ("waiting", "text_soft"),
    "running": ("play", "accent"),
    "done": ("good", "good"),
    "failed": ("error", "bad"),
    "skipped": ("skip", "text_soft"),
}


class PointsModel(QAbstractTableModel):
    """Number, values, quality, cost, state; one row per point."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self.points: tuple[SweepPoint, ...] = ()

    def show_points(self, names: tuple[str, ...], points: tuple[SweepPoint, ...]) -> None:
        """Shows other points; rows that are there already stay, so that what is picked does."""
        if names != self._names or len(points) < len(self.points):
            self.beginResetModel()
            self._names, self.points = names, points
            self.endResetModel()
            return
        before = len(self.points)
        if len(points) > before:
            self.beginInsertRows(_NOWHERE, before, len(points) - 1)
            self.points = points
            self.endInsertRows()
        self.points = points
        if before:
            self.dataChanged.emit(self.index(0, 0), self.index(before - 1, self.columnCount() - 1))

    def row_of(self, number: int) -> int:
        """Returns the row of a point, or -1."""
        return next((row for row, point in enumerate(self.points) if point.number == number), -1)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Returns the number of points."""
        return 0 if parent.isValid() else len(self.points)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Returns the number of columns."""
        return 0 if parent.isValid() else len(self._names) + 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("#", *self._names, "quality", "cost", "state")[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Returns a cell."""
        point, column = self.points[index.row()], index.column()
        state = column == len(self._names) + 3
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(point, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and not state:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and point.fault:
            return point.fault
        if role == Qt.ItemDataRole.DecorationRole and state:
            return self._theme.icon(*_STATES.get(point.state, _STATES["waiting"]))
        if role == Qt.ItemDataRole.ForegroundRole and state and point.state == "failed":
            return self._theme.color("bad")
        if role == Qt.ItemDataRole.FontRole and point.on_front:
            font = self._theme.font("table")
            font.setBold(True)
            return font
        return None

    def _text(self, point: SweepPoint, column: int) -> str:
        if column == 0:
            return str(point.number)
        if column <= len(self._names):
            value = point.values[column - 1]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return show(float(value), 5) if number else str(value)
        what = column - len(self._names)
        if what < 3:
            return show(point.quality) if what == 1 else show(point.cost, 4)
        return f"{point.state}, front" if point.on_front else point.state
