"""The list of runs, with its filter and its buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine.runstore import RunRow
from solvitur.gui.context import Context
from solvitur.gui.lookback.runs_model import COLUMNS, NUMBER, RunsFilter, RunsModel

_WIDTHS = {
    "run": 64,
    "state": 96,
    "objective": 92,
    "gap": 72,
    "verified": 76,
    "time": 72,
    "solver": 90,
    "started": 120,
    "title": 140,
}


class RunList(QWidget):
    """Runs, newest first; ``picked`` carries the numbers of those that are selected."""

    picked = Signal(object)

    def __init__(self, context: Context, actions: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        self.model = RunsModel(theme, self)
        self._proxy = RunsFilter(self)
        self._proxy.setSourceModel(self.model)
        self.filter = QLineEdit(self)
        self.filter.setObjectName("runFilter")
        self.filter.setAccessibleName("Filter runs")
        self.filter.setPlaceholderText("Filter runs")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._proxy.set_words)
        self.table = self._make_table(context)
        bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.addWidget(self.filter, 1)
        for name in actions:
            button = QToolButton(self)
            button.setObjectName(f"{name}.button")
            button.setDefaultAction(context.actions.qaction(name))
            button.setAccessibleName(context.actions.action(name).title)
            bar.addWidget(button)
        rows = QVBoxLayout(self)
        gap = theme.tokens.gap
        rows.setContentsMargins(gap, gap, 0, gap)
        rows.setSpacing(gap)
        rows.addLayout(bar)
        rows.addWidget(self.table, 1)
        theme.changed.connect(self.table.viewport().update)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The runs that are selected, oldest first."""
        rows = self.table.selectionModel().selectedRows()
        return tuple(sorted(int(index.data(NUMBER)) for index in rows))

    def take(self, rows: Sequence[RunRow]) -> None:
        """Shows these runs and keeps the selection."""
        kept = self.numbers
        blocker = QSignalBlocker(self.table.selectionModel())
        self.model.take(rows)
        blocker.unblock()
        self.select(kept, tell=False)

    def select(self, numbers: Sequence[int], *, tell: bool = True) -> None:
        """Selects runs by their numbers."""
        chosen = QItemSelection()
        first = None
        for row in range(self._proxy.rowCount()):
            index = self._proxy.index(row, 0)
            if index.data(NUMBER) in numbers:
                chosen.select(index, self._proxy.index(row, len(COLUMNS) - 1))
                first = first if first is not None else index
        model = self.table.selectionModel()
        blocker = QSignalBlocker(model)
        if first is not None:
            model.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        blocker.unblock()
        self.table.viewport().update()
        if tell:
            self.picked.emit(self.numbers)

    def _make_table(self, context: Context) -> QTableView:
        table = QTableView(self)
        table.setObjectName("runsTable")
        table.setAccessibleName("Runs")
        table.setModel(self._proxy)
        table.setFont(context.theme.font("table"))
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSortingEnabled(True)
        table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(context.theme.tokens.target_px)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column, name in enumerate(COLUMNS):
            table.setColumnWidth(column, _WIDTHS[name])
        table.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit(self.numbers))
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return table
