"""What a step made, shown as what it is: a table, a picture, an answer, a text or a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from solvitur.gui.numbers import counted, show
from solvitur.gui.selection import Selection
from solvitur.gui.theme import Theme
from solvitur.hooks.contracts import Solved
from solvitur.problem.document import Problem
from solvitur.problem.pictures import Picture
from solvitur.problem.tables import Table

_ROWS_SHOWN, _TEXT_SHOWN = 200, 4_000
_PICTURE_HEIGHT, _TABLE_HEIGHT = 260, 180


class ValuesView(QWidget):
    """Shows the values of some ports, one below the other."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection = theme, selection
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.tokens.gap)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Shows values by the name of their port."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for name, value in values.items():
            head = QLabel(f"{name}: {in_words(value)}", self)
            head.setWordWrap(True)
            head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._rows.addWidget(head)
            body = self._body(value)
            if body is not None:
                self._rows.addWidget(body)

    def _body(self, value: Any) -> QWidget | None:
        if isinstance(value, Table):
            return self._table(value)
        if isinstance(value, Picture):
            from solvitur.gui.pictures.view import PictureView  # noqa: PLC0415 - loads pyqtgraph

            view = PictureView(self._theme, self._selection, self)
            view.setMinimumHeight(_PICTURE_HEIGHT)
            view.show_picture(value)
            return view
        return None

    def _table(self, table: Table) -> QTableWidget:
        count = min(table.row_count, _ROWS_SHOWN)
        grid = QTableWidget(count, len(table.columns), self)
        grid.setObjectName("stepTable")
        grid.setAccessibleName(f"Table {table.name}")
        grid.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        grid.setHorizontalHeaderLabels([column.name for column in table.columns])
        grid.verticalHeader().hide()
        grid.verticalHeader().setDefaultSectionSize(self._theme.tokens.target_px)
        grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        grid.setFont(self._theme.font("table"))
        grid.setFixedHeight(_TABLE_HEIGHT)
        for at, column in enumerate(table.columns):
            for row, cell in enumerate(column.values[:count].tolist()):
                number = isinstance(cell, int | float) and not isinstance(cell, bool)
                item = QTableWidgetItem(show(cell) if number else "" if cell is None else str(cell))
                if number:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.setItem(row, at, item)
        return grid


def in_words(value: Any) -> str:
    """Says what a value is."""
    if isinstance(value, Table):
        rows = counted(value.row_count, "row")
        cut = f", showing the first {show(_ROWS_SHOWN)}" if value.row_count > _ROWS_SHOWN else ""
        return f"table '{value.name}', {rows}{cut}"
    if isinstance(value, Solved):
        status = str(value.result.status).replace("_", " ")
        checked = "" if value.verification is None else ", checked"
        return f"{status}, objective {show(value.result.objective)}{checked}"
    if isinstance(value, Picture):
        return f"picture '{value.title}'"
    if isinstance(value, Problem):
        return f"problem '{value.name}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return show(value)
    if isinstance(value, str):
        return value if len(value) <= _TEXT_SHOWN else value[:_TEXT_SHOWN] + "\u2026"
    if isinstance(value, list | tuple):
        return f"list of {len(value)}: " + "; ".join(in_words(each) for each in value[:8])
    return "nothing" if value is None else "a problem bound to its data" if hasattr(value, "row_lower") else "a value"
