"""The bar that asks for the name of a table, or the name and unit of a column."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from solvitur.gui.theme import Theme


class HeaderBar(QWidget):
    """Enter accepts, Escape closes."""

    accepted = Signal(int, str, str)
    """Column (-1: the table), name and unit."""
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("header-bar")
        self.setAccessibleName("Name and unit")
        self._at = -1
        self._taken: frozenset[str] = frozenset()
        self._label = QLabel(self)
        self.name = self._line("header-name", "Name")
        self._unit_label = QLabel("Unit", self)
        self.unit = self._line("header-unit", "Unit")
        self._says = QLabel(self)
        self._says.setProperty("role", "bad")
        self._apply = QPushButton("Rename", self)
        self._apply.setObjectName("header-apply")
        self._apply.setAccessibleName("Rename")
        self._apply.setProperty("kind", "primary")
        row = QHBoxLayout(self)
        gap = theme.tokens.gap
        row.setContentsMargins(gap, gap // 2, gap, gap // 2)
        row.setSpacing(gap)
        for widget, stretch in ((self._label, 0), (self.name, 2), (self._unit_label, 0), (self.unit, 1)):
            row.addWidget(widget, stretch)
        row.addWidget(self._says, 1)
        row.addWidget(self._apply)
        self.name.textChanged.connect(self._check)
        self._apply.clicked.connect(lambda: self._accept())  # noqa: PLW0108 - drops "checked"
        self.hide()

    def open_column(self, at: int, name: str, unit: str, taken: frozenset[str]) -> None:
        """Asks for a column's name and unit; ``taken`` names are refused."""
        self._open(at, f"Column '{name}'", name, unit, taken - {name})

    def open_table(self, name: str, taken: frozenset[str]) -> None:
        """Asks for the table's name; ``taken`` names are refused."""
        self._open(-1, f"Table '{name}'", name, "", taken - {name})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter accepts, Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept()
        else:
            super().keyPressEvent(event)

    def _open(self, at: int, label: str, name: str, unit: str, taken: frozenset[str]) -> None:
        self._at, self._taken = at, taken
        self._label.setText(label)
        self.unit.setVisible(at >= 0)
        self._unit_label.setVisible(at >= 0)
        self.name.setText(name)
        self.unit.setText(unit)
        self._check()
        self.show()
        self.name.selectAll()
        self.name.setFocus()

    def _check(self) -> None:
        name = self.name.text().strip()
        said = "A name is needed." if not name else f"'{name}' is there already." if name in self._taken else ""
        self._says.setText(said)
        self._apply.setEnabled(not said)

    def _accept(self) -> None:
        if self._apply.isEnabled():
            self.accepted.emit(self._at, self.name.text().strip(), self.unit.text().strip())
            self._close()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _line(self, name: str, title: str) -> QLineEdit:
        made = QLineEdit(self)
        made.setObjectName(name)
        made.setAccessibleName(title)
        return made
