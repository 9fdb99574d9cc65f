"""The outline as a Qt model of two levels: five groups and their elements."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from solvitur.gui.numbers import counted
from solvitur.gui.understand.outline.rows import GROUPS, Row

ROW_ROLE = Qt.ItemDataRole.UserRole
GROUP_ROLE = Qt.ItemDataRole.UserRole + 1
_MIME = "application/x-solvitur-element"
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_USUAL = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_GROUP = _USUAL | Qt.ItemFlag.ItemIsDropEnabled
_ELEMENT = _USUAL | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
"""Made once: a view asks for the flags of every line."""


class OutlineModel(QAbstractItemModel):
    """Rows by group. Dropping a row asks for the move; the text decides."""

    move_wanted = Signal(int, int, int)
    """Group, position now, position wanted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: tuple[tuple[Row, ...], ...] = tuple(() for _ in GROUPS)

    def set_rows(self, groups: tuple[tuple[Row, ...], ...]) -> bool:
        """Takes new rows; returns True when elements came, went or moved, so that the view was reset."""
        before, self_names = self.groups, [[row.name for row in group] for group in groups]
        if [[row.name for row in group] for group in before] == self_names:
            self.groups = groups
            for number, (old, new) in enumerate(zip(before, groups, strict=True)):
                if old != new:
                    parent = self.index(number, 0)
                    self.dataChanged.emit(self.index(0, 0, parent), self.index(len(new) - 1, 0, parent))
            return False
        self.beginResetModel()
        self.groups = groups
        self.endResetModel()
        return True

    def find(self, name: str) -> QModelIndex:
        """Returns the index of an element by name, or an invalid one."""
        for number, group in enumerate(self.groups):
            for at, row in enumerate(group):
                if row.name == name:
                    return self.index(at, 0, self.index(number, 0))
        return QModelIndex()

    def row(self, index: _Index) -> Row | None:
        """Returns the element at an index; None for a group."""
        return self.groups[index.internalId() - 1][index.row()] if index.isValid() and index.internalId() else None

    def group(self, index: _Index) -> int:
        """Returns the number of the group at or above an index; -1 for none."""
        if not index.isValid():
            return -1
        return index.internalId() - 1 if index.internalId() else index.row()

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        """Makes an index; a child's id is its group's number plus one."""
        if column != 0 or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: _Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Returns the group of an element."""
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Counts groups or elements."""
        if not parent.isValid():
            return len(GROUPS)
        return 0 if parent.internalId() else len(self.groups[parent.row()])

    def columnCount(self, _parent: _Index = _NOWHERE) -> int:
        """Has one column."""
        return 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Returns the text, the tool tip, or the row itself."""
        if not index.isValid():
            return None
        row = self.row(index)
        if row is None:
            return self._group_data(index.row(), role)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name + row.signature
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{GROUPS[self.group(index)].word} {row.tip}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Elements can be dragged within their group."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _ELEMENT if index.internalId() else _GROUP

    def mimeTypes(self) -> list[str]:
        """Names what a dragged row is."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Packs the dragged row."""
        made = QMimeData()
        made.setData(_MIME, f"{self.group(indexes[0])} {indexes[0].row()}".encode())
        return made

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved."""
        return Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: _Index
    ) -> bool:
        """Rows stay in their group."""
        return data.hasFormat(_MIME) and parent.isValid() and self._dragged(data)[0] == self.group(parent)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Asks for the move and refuses the drop itself: the rows follow the text."""
        if self.canDropMimeData(data, action, row, column, parent):
            group, source = self._dragged(data)
            target = row if row >= 0 else len(self.groups[group])
            self.move_wanted.emit(group, source, target - (target > source))
        return False

    def _group_data(self, number: int, role: int) -> object:
        group, count = GROUPS[number], len(self.groups[number])
        if role == GROUP_ROLE:
            return count
        if role == Qt.ItemDataRole.DisplayRole:
            return group.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{group.title}: {group.hint}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{group.title}: {counted(count, group.word)}"
        return None

    def _dragged(self, data: QMimeData) -> tuple[int, int]:
        group, row = bytes(data.data(_MIME).data()).split()
        return int(group), int(row)
