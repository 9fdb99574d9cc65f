"""A data table as a Qt model: it shows the arrays themselves, however many rows there are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from solvitur.gui.theme import Theme
from solvitur.gui.understand.tables.cells import edit_text, is_number, read_cell, show_cell
from solvitur.problem.findings import Finding
from solvitur.problem.tables import Table

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class TableModel(QAbstractTableModel):
    """Shows one table and an empty row below it, where typing adds a row."""

    typed = Signal(int, int, object)
    """Row, column and the value typed there; the change comes back as a new table."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.table = Table("")
        self.labels: frozenset[int] = frozenset()
        """Columns that hold labels: their numbers are shown plain."""
        self.bad: Mapping[tuple[int, int], Finding] = {}
        self.grows = True
        """Whether there is an empty row below, to type in."""

    def set_table(self, table: Table, labels: frozenset[int] = frozenset()) -> None:
        """Shows a table. If only values changed, the view keeps its place and selection."""
        old, self.labels = self.table, labels
        same_shape = (old.name, len(old.columns), old.row_count) == (table.name, len(table.columns), table.row_count)
        if same_shape:
            self.table = table
            if table.columns:
                self.dataChanged.emit(self.index(0, 0), self.index(table.row_count, len(table.columns) - 1))
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(table.columns) - 1)
            return
        if old.name == table.name and len(old.columns) == len(table.columns):
            self._resize_rows(table)
            return
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def set_bad(self, bad: Mapping[tuple[int, int], Finding]) -> None:
        """Marks cells in which something is wrong."""
        changed = set(self.bad) | set(bad)
        self.bad = bad
        for row, column in changed:
            index = self.index(row, column)
            self.dataChanged.emit(index, index)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Counts the rows and the empty one below."""
        return 0 if parent.isValid() or not self.table.columns else self.table.row_count + self.grows

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Counts the columns."""
        return 0 if parent.isValid() else len(self.table.columns)

    def value(self, row: int, column: int) -> object:
        """Returns a cell's value; None in the empty row."""
        return self.table.columns[column].values[row] if row < self.table.row_count else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Returns what a cell shows."""
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return show_cell(self.value(row, column), plain=column in self.labels)
        if role == Qt.ItemDataRole.EditRole:
            return edit_text(self.value(row, column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            number = is_number(self.value(row, column)) and column not in self.labels
            return _RIGHT if number else _LEFT
        found = self.bad.get((row, column))
        if found is not None:
            return self._marked(found, role)
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Asks for the change of a cell, if it is one."""
        row, column = index.row(), index.column()
        if role != Qt.ItemDataRole.EditRole or str(value) == edit_text(self.value(row, column)):
            return False
        self.typed.emit(row, column, read_cell(str(value)))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Returns column names (the unit as user data) and row numbers from 1."""
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return str(section + 1) if section < self.table.row_count else "+"
            return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole else None
        if section >= len(self.table.columns):
            return None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name
        if role == Qt.ItemDataRole.UserRole:
            return column.unit
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{column.name}   {column.unit}" if column.unit else column.name
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every cell can be edited."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def _resize_rows(self, table: Table) -> None:
        """Adds or takes rows behind the empty one, so that the selection stays where it is."""
        before, after = self.table.row_count, table.row_count
        if after > before:
            self.beginInsertRows(QModelIndex(), before + 1, after)
            self.table = table
            self.endInsertRows()
        else:
            self.beginRemoveRows(QModelIndex(), after + 1, before)
            self.table = table
            self.endRemoveRows()
        self.dataChanged.emit(self.index(0, 0), self.index(after, len(table.columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, after)

    def _marked(self, finding: Finding, role: int) -> object:
        error = finding.severity.value == "error"
        if role == Qt.ItemDataRole.ToolTipRole:
            return finding.text
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(self._theme.tokens.bad_soft if error else self._theme.tokens.warn_soft)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._theme.icon("error", "bad") if error else self._theme.icon("warning", "warn")
        return None
