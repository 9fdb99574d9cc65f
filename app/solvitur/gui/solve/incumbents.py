"""The incumbents of a run, newest first: when each was found and how much better it was."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from solvitur.gui.numbers import exact, percent, show
from solvitur.gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_HEADER = ("found after", "objective", "better by")


class IncumbentTable(QWidget):
    """A table that grows while the run goes on."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = _Incumbents(self)
        self.table = QTableView(self)
        self.table.setObjectName("incumbents")
        self.table.setAccessibleName("Incumbents")
        self.table.setModel(self.model)
        self.table.setFont(theme.font("table"))
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.tokens.target_px)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in range(len(_HEADER)):
            self.table.setColumnWidth(column, 140)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.tokens.gap, 0, 0)
        rows.addWidget(self.table)

    def show_points(self, job: int, points: list[tuple[float, float]], sense: str) -> None:
        """Shows the incumbents of a job."""
        self.model.show_points(job, points, sense)


class _Incumbents(QAbstractTableModel):
    """Reads the job's own list; rows are counted when told to."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._points: list[tuple[float, float]] = []
        self._count, self._job, self._sense = 0, -1, "min"

    def show_points(self, job: int, points: list[tuple[float, float]], sense: str) -> None:
        """Takes new points at the top."""
        if job == self._job and len(points) == self._count:
            return
        self.beginResetModel()
        self._points, self._count, self._job, self._sense = points, len(points), job, sense
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Number of incumbents."""
        return self._count

    def columnCount(self, parent: _Index | None = None) -> int:
        """When, how good, how much better."""
        return len(_HEADER)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Writes one cell."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        at = self._count - 1 - index.row()
        seconds, objective = self._points[at]
        if index.column() == 0:
            return f"{show(seconds, 4)} s"
        if index.column() == 1:
            return exact(objective) if role == Qt.ItemDataRole.ToolTipRole else show(objective)
        if at == 0:
            return "first"
        before = self._points[at - 1][1]
        better = before - objective if self._sense == "min" else objective - before
        return percent(better / abs(before)) if before else show(better)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADER[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None
