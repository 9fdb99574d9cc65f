"""The grid: keys and clipboard of a spreadsheet over a table."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QFrame, QTableView, QWidget

from solvitur.gui.theme import Theme
from solvitur.gui.understand.tables.cells import edit_text
from solvitur.gui.understand.tables.clipboard import parse_block, write_block
from solvitur.gui.understand.tables.header import UnitHeader
from solvitur.gui.understand.tables.model import TableModel

_WIDEST = 36
_SAMPLED_ROWS = 200
_MOST_COPIED = 2_000_000
"""Cells; a larger copy would fill the memory with text."""


class Grid(QTableView):
    """Shows a `TableModel`; asks for every change through its signals."""

    pasted = Signal(int, int, object)
    """Row and column of the upper left cell, and the block of texts."""
    cleared = Signal(str)
    """The selected cells are to be emptied; the name of the undo step."""
    cell_current = Signal(int, int)
    undo_wanted = Signal()
    redo_wanted = Signal()
    too_large = Signal(int)
    """So many cells were to be copied."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("table-grid")
        self.setAccessibleName("Table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", "true")
        self._theme = theme
        self.cells = TableModel(theme, self)
        self.header = UnitHeader(theme, self)
        self.setHorizontalHeader(self.header)
        self.setModel(self.cells)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        theme.changed.connect(self.apply_theme)
        self.apply_theme()

    def apply_theme(self) -> None:
        """Takes the sizes of the theme."""
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(self._theme.tokens.target_px)
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        rows.setHighlightSections(False)
        self.setFont(self._theme.font("table"))

    def fit_columns(self) -> None:
        """Makes columns as wide as their heads and their first cells need."""
        metrics = self.fontMetrics()
        gap = self._theme.tokens.gap
        widest = metrics.averageCharWidth() * _WIDEST
        for column in range(self.cells.columnCount()):
            rows = range(min(self.cells.table.row_count, _SAMPLED_ROWS))
            texts = (str(self.cells.data(self.cells.index(row, column))) for row in rows)
            needed = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 3 * gap
            head = self.header.sectionSizeFromContents(column).width()
            self.setColumnWidth(column, max(min(needed, widest), head, 8 * gap))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begins at the first cell."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.cells.rowCount():
            self.go_to(0, 0)

    # selection

    def selected_range(self) -> tuple[int, int, int, int] | None:
        """Returns top, left, bottom and right of the box around the selection; None when nothing is selected."""
        ranges = self.selectionModel().selection()
        boxes = [(r.top(), r.left(), r.bottom(), r.right()) for r in (ranges.at(k) for k in range(ranges.count()))]
        if not boxes:
            current = self.currentIndex()
            return (current.row(), current.column(), current.row(), current.column()) if current.isValid() else None
        tops, lefts, bottoms, rights = zip(*boxes, strict=True)
        return min(tops), min(lefts), max(bottoms), max(rights)

    def selected_rows(self) -> dict[int, np.ndarray]:
        """Returns the selected rows (int64, ascending, each once) of every column in the selection."""
        ranges = self.selectionModel().selection()
        parts: dict[int, list[np.ndarray]] = {}
        for each in (ranges.at(k) for k in range(ranges.count())):
            for column in range(each.left(), each.right() + 1):
                parts.setdefault(column, []).append(np.arange(each.top(), each.bottom() + 1))
        return {column: np.unique(np.concatenate(rows)) for column, rows in parts.items()}

    def go_to(self, row: int, column: int) -> None:
        """Makes a cell current and shows it."""
        index = self.cells.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    # clipboard

    def copy(self) -> bool:
        """Copies the selected box as text for spreadsheets; tells whether it was possible."""
        box = self.selected_range()
        if box is None:
            return False
        top, left, bottom, right = box
        bottom = min(bottom, self.cells.table.row_count - 1)
        count = (bottom - top + 1) * (right - left + 1)
        if count > _MOST_COPIED:
            self.too_large.emit(count)
            return False
        columns = [self.cells.table.columns[c].values[top : bottom + 1].tolist() for c in range(left, right + 1)]
        rows = [[edit_text(cell) for cell in row] for row in zip(*columns, strict=True)]
        QGuiApplication.clipboard().setText(write_block(rows))
        return True

    def paste(self) -> None:
        """Asks to write the clipboard's block at the selection; a single value fills all of it."""
        text, box = QGuiApplication.clipboard().text(), self.selected_range()
        if not text or box is None:
            return
        block = parse_block(text)
        top, left, bottom, right = box
        if len(block) == 1 and len(block[0]) == 1 and (bottom > top or right > left):
            block = [block[0] * (right - left + 1) for _ in range(bottom - top + 1)]
        self.pasted.emit(top, left, block)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handles the keys of a spreadsheet."""
        keys = QKeySequence.StandardKey
        if event.matches(keys.Undo):
            self.undo_wanted.emit()
        elif event.matches(keys.Redo):
            self.redo_wanted.emit()
        elif event.matches(keys.Copy):
            self.copy()
        elif event.matches(keys.Cut):
            if self.copy():
                self.cleared.emit("Cut cells")
        elif event.matches(keys.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit("Clear cells")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1, 0)
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Goes right after Tab without opening the next cell; Enter comes as a key of the grid."""
        hints = QAbstractItemDelegate.EndEditHint
        sideways = {hints.EditNextItem: 1, hints.EditPreviousItem: -1}.get(hint, 0)
        super().closeEditor(editor, hints.NoHint if sideways else hint)
        if sideways:
            self._step(0, sideways)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tells which cell is current."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.cell_current.emit(current.row(), current.column())

    def _step(self, down: int, right: int) -> None:
        index = self.currentIndex()
        row = min(max(index.row() + down, 0), self.cells.rowCount() - 1)
        column = min(max(index.column() + right, 0), self.cells.columnCount() - 1)
        if row >= 0 and column >= 0:
            self.go_to(row, column)
