"""A table of an answer with its tools: filter, hide zeros, number format, copy, export."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.lookback.answer_table import FORMATS, BlockModel, BlockTable, View
from solvitur.gui.numbers import counted, show
from solvitur.gui.selection import Selected, Selection
from solvitur.gui.tasks import Tasks
from solvitur.gui.theme import Theme

_AT_ONCE = 20_000
"""Tables up to this size are filtered and sorted at once, larger ones in the background."""
_MOST_COPIED = 100_000
_KEY_PX, _NUMBER_PX = 140, 112


class AnswerView(QWidget):
    """Shows one block at a time of those it was given."""

    failed = Signal(object)

    def __init__(self, theme: Theme, selection: Selection, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection, self._tasks = theme, selection, tasks
        self._tables: tuple[BlockTable, ...] = ()
        self._view = View()
        self._asked = 0
        self.model: BlockModel | None = None
        self.blocks = QComboBox(self)
        self.blocks.setObjectName("answerBlocks")
        self.blocks.setAccessibleName("Which values")
        self.blocks.setMinimumWidth(120)
        self.blocks.currentIndexChanged.connect(self._open)
        self.filter = QLineEdit(self)
        self.filter.setObjectName("answerFilter")
        self.filter.setAccessibleName("Filter by label")
        self.filter.setPlaceholderText("Filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(220)
        self.filter.textChanged.connect(lambda text: self._change(words=text))
        self.nonzero = QCheckBox("Hide zeros", self)
        self.nonzero.setObjectName("hideZeros")
        self.nonzero.toggled.connect(lambda on: self._change(nonzero=on))
        self.format = QComboBox(self)
        self.format.setObjectName("numberFormat")
        self.format.setAccessibleName("Number format")
        self.format.addItems(list(FORMATS))
        self.format.currentTextChanged.connect(self._reformat)
        self._said = QLabel(self)
        self._said.setProperty("role", "soft")
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.table = self._make_table()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.tokens.gap, theme.tokens.gap, theme.tokens.gap, 0)
        rows.setSpacing(theme.tokens.gap)
        rows.addLayout(self._make_bar())
        rows.addWidget(self.table, 1)
        selection.changed.connect(self._follow)

    def show_tables(self, tables: tuple[BlockTable, ...]) -> None:
        """Offers the blocks of an answer and opens the first."""
        self._tables = tables
        name = self.blocks.currentData()
        self.blocks.blockSignals(True)
        self.blocks.clear()
        for table in tables:
            said = f"{table.block.name or 'all'}  ({show(table.block.count)})"
            self.blocks.addItem(said, table.block.name)
            if table.block.description:
                self.blocks.setItemData(self.blocks.count() - 1, table.block.description, Qt.ItemDataRole.ToolTipRole)
        self.blocks.blockSignals(False)
        self.blocks.setVisible(len(tables) > 1)
        at = max(self.blocks.findData(name), 0)
        self.blocks.setCurrentIndex(at)
        self._open(at)
        self._follow(self._selection.current)

    def csv(self, rows: range | np.ndarray | None = None, delimiter: str = ",") -> str:
        """Writes the rows in view as text, numbers in full."""
        model = self.model
        if model is None:
            return ""
        written = io.StringIO()
        writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
        table = model.table
        writer.writerow(table.header)
        for row in range(model.rowCount()) if rows is None else rows:
            offset = model.offset(int(row))
            numbers = (float(column.values[offset]) for column in table.columns)
            labels = table.block.label(offset)
            writer.writerow([*labels, *(int(n) if n.is_integer() and abs(n) < 2**53 else n for n in numbers)])
        return written.getvalue()

    # Building --------------------------------------------------------------------------------------------------

    def _make_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(self._theme.tokens.gap)
        for widget in (self.blocks, self.filter, self.nonzero, self.format):
            bar.addWidget(widget)
        bar.addWidget(self._said, 1)
        copy = self._tool("copy", "answerCopy", "Copy the selected rows, or all")
        copy.clicked.connect(self.copy)
        export = self._tool("export", "answerExport", "Export these rows as CSV")
        export.clicked.connect(self._ask)
        bar.addWidget(copy)
        bar.addWidget(export)
        return bar

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("answerTable")
        table.setAccessibleName("Values")
        table.setFont(self._theme.font("table"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(self._theme.tokens.target_px)
        header = table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sectionClicked.connect(self._sort)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), table)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self.copy)
        return table

    def _tool(self, icon: str, name: str, title: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(title)
        button.setIcon(self._theme.icon(icon))
        self._theme.changed.connect(lambda: button.setIcon(self._theme.icon(icon)))
        return button

    # Showing ---------------------------------------------------------------------------------------------------

    def _open(self, at: int) -> None:
        if not 0 <= at < len(self._tables):
            self.model = None
            self.table.setModel(None)
            self._said.setText("")
            return
        self._view = View(words=self._view.words, nonzero=self._view.nonzero)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        model = BlockModel(self._tables[at], self)
        model.write = FORMATS[self.format.currentText()]
        self.model = model
        self.table.setModel(model)
        self.table.selectionModel().currentRowChanged.connect(self._offer)
        keys = len(model.table.block.sets)
        for column in range(model.columnCount()):
            self.table.setColumnWidth(column, _KEY_PX if column < keys else _NUMBER_PX)
        self._apply()

    def _change(self, **changes: object) -> None:
        fields = {"words": self._view.words, "nonzero": self._view.nonzero}
        fields |= {"sort": self._view.sort, "descending": self._view.descending}
        self._view = View(**(fields | changes))  # type: ignore[arg-type]
        self._apply()

    def _sort(self, column: int) -> None:
        """Goes round: numbers from the largest, then from the smallest, labels the other way, then as they were."""
        number = self.model is not None and column >= len(self.model.table.block.sets)
        again = column == self._view.sort
        descending = number if not again else not number
        if again and self._view.descending != number:
            column, descending = -1, False
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, order)
        self._change(sort=column, descending=descending)

    def _apply(self) -> None:
        model = self.model
        if model is None:
            return
        self._asked += 1
        asked, view = self._asked, self._view
        if view == View() or model.table.block.count <= _AT_ONCE:
            self._take(model, asked, model.table.rows(view))
            return
        self._said.setText("Sorting \u2026" if view.sort >= 0 else "Filtering \u2026")
        work, table = self._tasks, model.table
        work.run(
            "Sorting values",
            lambda: table.rows(view),
            lambda rows: self._take(model, asked, rows),
            self.failed.emit,
        )

    def _take(self, model: BlockModel, asked: int, rows: np.ndarray | None) -> None:
        if asked != self._asked or model is not self.model:
            return
        model.take(rows)
        count = model.table.block.count
        shown = count if rows is None else len(rows)
        self._said.setText(counted(count, "row") if shown == count else f"{show(shown)} of {counted(count, 'row')}")

    def _reformat(self, name: str) -> None:
        if self.model is not None:
            self.model.set_format(FORMATS[name])

    # Selection, copy, export -----------------------------------------------------------------------------------

    def _offer(self, now: QModelIndex) -> None:
        if self.model is not None and now.isValid():
            self._selection.select(self.model.element(now.row()), self)

    def _follow(self, selected: Selected) -> None:
        if selected.source is self or not selected.element:
            return
        at = next((n for n, table in enumerate(self._tables) if table.block.name == selected.name), -1)
        if at < 0:
            at = next((n for n, table in enumerate(self._tables) if not table.block.name), -1)
        if at < 0:
            return
        nameless = not self._tables[at].block.name
        offset = self._tables[at].offset_of((selected.element,) if nameless else selected.index)
        if offset < 0 and (nameless or selected.index):
            return
        if at != self.blocks.currentIndex():
            self.blocks.setCurrentIndex(at)
        model = self.model
        row = model.row_of(offset) if model is not None and offset >= 0 else -1
        if model is not None and row >= 0:
            chosen = self.table.selectionModel()
            chosen.blockSignals(True)
            self.table.selectRow(row)
            chosen.blockSignals(False)
            self.table.scrollTo(model.index(row, 0))
            self.table.viewport().update()

    def copy(self) -> None:
        """Copies the selected rows, or all, as text for a spreadsheet."""
        if self.model is None:
            return
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        chosen = np.array(rows if len(rows) > 1 else range(min(self.model.rowCount(), _MOST_COPIED)), dtype=np.int64)
        QGuiApplication.clipboard().setText(self.csv(chosen, "\t"))

    def export(self, path: Path) -> None:
        """Writes the rows in view to a CSV file, in the background."""
        text = self.csv

        def write() -> Path:
            path.write_text(text(), encoding="utf-8")
            return path

        self._tasks.run("Writing values", write, self._written, self.failed.emit)

    def _written(self, path: Path) -> None:
        self._said.setText(f"Written to {path.name}")

    def _ask(self) -> None:
        name = self.blocks.currentData() or "values"
        path, _ = QFileDialog.getSaveFileName(self, "Export values", f"{name}.csv", "CSV data (*.csv)")
        if path:
            self.export(Path(path) if Path(path).suffix else Path(f"{path}.csv"))
