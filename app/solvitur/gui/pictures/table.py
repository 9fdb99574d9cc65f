"""Table pictures: rows that are formatted only when they come into view."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from solvitur.gui.numbers import exact, show
from solvitur.gui.pictures.look import Look
from solvitur.problem.pictures import TablePicture

_ROWS_MEASURED = 40
_Index = QModelIndex | QPersistentModelIndex


class PictureTable(QTableView):
    """Shows a table picture; sorting by a click on a header, selecting a row selects its element."""

    picked = Signal(int)

    def __init__(self, picture: TablePicture, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Columns(picture, self)
        self.setModel(self._model)
        self.setFont(look.font())
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.tokens.target_px)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setStyleSheet(_sheet(look))
        self.horizontalHeader().setResizeContentsPrecision(_ROWS_MEASURED)
        self.resizeColumnsToContents()
        for column in range(self._model.columnCount()):
            self.setColumnWidth(column, self.columnWidth(column) + 2 * look.tokens.gap)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(lambda now, _: self.picked.emit(self._model.mark(now.row())))

    def select(self, element: str) -> None:
        """Selects the row of an element, and scrolls to it."""
        row = self._model.row_of(element)
        if row < 0:
            self.clearSelection()
            return
        blocked = self.selectionModel().blockSignals(True)
        self.selectRow(row)
        self.selectionModel().blockSignals(blocked)
        self.scrollTo(self._model.index(row, 0))
        self.viewport().update()


class _Columns(QAbstractTableModel):
    """The rows of a table picture in a chosen order."""

    def __init__(self, picture: TablePicture, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = picture
        self._order = np.arange(len(picture.columns[0]) if picture.columns else 0)

    def mark(self, row: int) -> int:
        """Returns the place of a row in the picture's own order."""
        return int(self._order[row]) if 0 <= row < len(self._order) else -1

    def row_of(self, element: str) -> int:
        """Returns the row that shows an element, or -1."""
        if not element or element not in self._picture.elements:
            return -1
        return int(np.flatnonzero(self._order == self._picture.elements.index(element))[0])

    def rowCount(self, parent: _Index | None = None) -> int:
        """Number of rows."""
        return len(self._order)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Number of columns."""
        return len(self._picture.header)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Formats one cell; numbers stand on the right."""
        cell = self._picture.columns[index.column()][self._order[index.row()]]
        number = isinstance(cell, float | int | np.number) and not isinstance(cell, bool)
        if role == Qt.ItemDataRole.DisplayRole:
            return show(float(cell)) if number else str(cell)
        if role == Qt.ItemDataRole.ToolTipRole and number:
            return exact(float(cell))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names the columns with their units."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            units = self._picture.units
            unit = units[section] if section < len(units) else ""
            return f"{self._picture.header[section]} ({unit})" if unit else self._picture.header[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            number = self._picture.columns[section].dtype != object
            side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; numbers by value, the rest by their text."""
        if not 0 <= column < len(self._picture.columns):
            return
        self.layoutAboutToBeChanged.emit()
        cells = self._picture.columns[column]
        keys = cells if cells.dtype != object else np.array([str(cell) for cell in cells.tolist()])
        ranked = np.argsort(keys, kind="stable")
        self._order = ranked if order == Qt.SortOrder.AscendingOrder else ranked[::-1]
        self.layoutChanged.emit()


def _sheet(look: Look) -> str:
    """Keeps an exported table in the look that was asked for, whatever the application's is."""
    t = look.tokens
    return (
        f"QTableView {{ background: {t.surface}; alternate-background-color: {t.raised}; color: {t.text};"
        f" border: 0; selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}"
        f"QHeaderView::section {{ background: {t.surface}; color: {t.text_soft}; border: 0;"
        f" border-bottom: 1px solid {t.line}; padding: 4px 6px; font-weight: 600; }}"
        f"QHeaderView {{ background: {t.surface}; }}"
        f"QTableView::item {{ padding: 2px 6px; }}"
    )
