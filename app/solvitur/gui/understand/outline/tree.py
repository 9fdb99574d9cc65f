"""The tree of the outline."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QWidget

from solvitur.gui.theme import Theme
from solvitur.gui.understand.outline.look import OutlineLook
from solvitur.gui.understand.outline.model import OutlineModel
from solvitur.gui.understand.outline.rows import GROUPS, Row


class OutlineTree(QTreeView):
    """Shows the five groups, all open; tells which element is current, and which keys ask for what."""

    element_chosen = Signal(str)
    delete_wanted = Signal()
    edit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outline")
        self.setAccessibleName("Outline of the model")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", "true")
        self.setHeaderHidden(True)
        self.setIndentation(theme.tokens.gap + theme.tokens.gap_small)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.rows = OutlineModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(OutlineLook(theme, self))
        self._quiet = False
        self._closed: set[int] = set()
        self.collapsed.connect(lambda index: self._closed.add(index.row()))
        self.expanded.connect(lambda index: self._closed.discard(index.row()))
        theme.changed.connect(self.scheduleDelayedItemsLayout)
        self.expandAll()

    def show_rows(self, groups: tuple[tuple[Row, ...], ...]) -> None:
        """Shows new rows, keeping the current element and what is closed."""
        name = self.current_name
        self._quiet = True
        if self.rows.set_rows(groups):
            closed = set(self._closed)
            for number in range(len(GROUPS)):
                self.setExpanded(self.rows.index(number, 0), number not in closed)
            self.set_current(name)
        self._quiet = False

    @property
    def current_name(self) -> str:
        """Name of the current element; empty for a group or nothing."""
        row = self.rows.row(self.currentIndex())
        return row.name if row else ""

    @property
    def current_group(self) -> int:
        """Number of the group at the current line; -1 for none."""
        return self.rows.group(self.currentIndex())

    def set_current(self, name: str) -> None:
        """Makes an element current without telling anyone."""
        index = self.rows.find(name)
        quiet, self._quiet = self._quiet, True
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        elif self.current_name:
            self.setCurrentIndex(QModelIndex())
        self._quiet = quiet

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tells which element is current now."""
        super().currentChanged(current, previous)
        row = self.rows.row(current)
        if row is not None and not self._quiet:
            self.element_chosen.emit(row.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to delete, Enter goes to the form."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_wanted.emit()
        else:
            super().keyPressEvent(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draws arrows at groups only, over the background of the line."""
        if self.rows.row(index) is None:
            super().drawBranches(painter, rect, index)
