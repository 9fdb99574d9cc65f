"""The palette: step types by category, searched and dragged onto the canvas."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from solvitur.gui.fuzzy import match
from solvitur.gui.graph.view import STEP_TYPE
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.gui.plan.swatches import swatch
from solvitur.gui.theme import Theme

_TYPE = int(Qt.ItemDataRole.UserRole)


class _Tree(QTreeWidget):
    """Drags the name of a step type."""

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Begins a drag."""
        item = self.currentItem()
        name = item.data(0, _TYPE) if item is not None else None
        if name:
            carried = QMimeData()
            carried.setData(STEP_TYPE, str(name).encode())
            drag = QDrag(self)
            drag.setMimeData(carried)
            drag.exec(Qt.DropAction.CopyAction)


class StepList(QWidget):
    """Search box and tree; Enter or a double click adds a step to the middle of the canvas."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._catalogue = theme, catalogue
        gap = theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(gap, gap, gap, gap)
        rows.setSpacing(gap)
        self.field = QLineEdit(self)
        self.field.setObjectName("stepSearch")
        self.field.setAccessibleName("Search steps")
        self.field.setPlaceholderText("Search steps")
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._fill)
        self.tree = _Tree(self)
        self.tree.setObjectName("stepTree")
        self.tree.setAccessibleName("Steps by category")
        self.tree.setHeaderHidden(True)
        self.tree.setDragEnabled(True)
        self.tree.setIndentation(2 * gap)
        self.tree.itemActivated.connect(self._take)
        rows.addWidget(self.field)
        rows.addWidget(self.tree, 1)
        theme.changed.connect(self._fill)
        self._fill()

    def use(self, catalogue: Catalogue) -> None:
        """Shows other step types, after plugins changed."""
        self._catalogue = catalogue
        self._fill()

    def _fill(self) -> None:
        typed = self.field.text()
        self.tree.clear()
        folders: dict[str, QTreeWidgetItem] = {}
        for offer in sorted(self._catalogue.offers(), key=lambda o: self._catalogue.category(o.type)):
            title, category = self._catalogue.title(offer.type), self._catalogue.category(offer.type)
            if typed and not (match(typed, title) or match(typed, category)):
                continue
            if category not in folders:
                folders[category] = QTreeWidgetItem(self.tree, [category[:1].upper() + category[1:]])
                folders[category].setFlags(Qt.ItemFlag.ItemIsEnabled)
            row = QTreeWidgetItem(folders[category], [title])
            row.setData(0, _TYPE, offer.type)
            row.setIcon(0, swatch(self._theme, self._catalogue.colour(offer.type)))
            row.setToolTip(0, self._catalogue.help(offer.type))
        self.tree.expandAll()

    def _take(self, item: QTreeWidgetItem) -> None:
        name = item.data(0, _TYPE)
        if name:
            self.chosen.emit(str(name))
