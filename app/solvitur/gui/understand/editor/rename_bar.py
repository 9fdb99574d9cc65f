"""Rename everywhere: the new name, how many places will change, and what speaks against it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from solvitur.gui.numbers import counted
from solvitur.gui.theme import Theme
from solvitur.gui.understand.background import Background
from solvitur.language.elements import Span
from solvitur.language.names import rename
from solvitur.problem.errors import InputError

Replacements = list[tuple[Span, str]]


class RenameBar(QWidget):
    """Asks for the new name of one element; Enter renames, Escape closes."""

    accepted = Signal(str, str, object)
    """Old name, new name, and the replacements that make it so in the text they were asked for."""
    closed = Signal()

    def __init__(self, theme: Theme, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("rename-bar")
        self.setAccessibleName("Rename everywhere")
        self._background = background
        self._old = ""
        self._text = ""
        self._at: int | None = None
        self._ready: tuple[str, Replacements] | None = None
        self._enter_waits = False
        self._label = QLabel(self)
        self.new_name = QLineEdit(self)
        self.new_name.setObjectName("rename-new")
        self.new_name.setAccessibleName("New name")
        self._says = QLabel(self)
        self._says.setObjectName("rename-says")
        self._apply = QPushButton("Rename", self)
        self._apply.setObjectName("rename-apply")
        self._apply.setAccessibleName("Rename everywhere")
        self._apply.setProperty("kind", "primary")
        row = QHBoxLayout(self)
        gap = theme.tokens.gap
        row.setContentsMargins(gap, gap // 2, gap, gap // 2)
        row.setSpacing(gap)
        row.addWidget(self._label)
        row.addWidget(self.new_name, 1)
        row.addWidget(self._says, 1)
        row.addWidget(self._apply)
        self.new_name.textChanged.connect(self._preview)
        self._apply.clicked.connect(lambda: self._accept())  # noqa: PLW0108 - drops "checked"
        self.hide()

    def open(self, name: str, text: str, at: int | None = None) -> None:
        """Shows the bar for a name of a model's text; for an index, ``at`` is an offset where it stands."""
        self._old, self._text, self._at = name, text, at
        self._label.setText(f"Rename '{name}' to")
        self.new_name.setText(name)
        self.show()
        self._preview()
        self.new_name.selectAll()
        self.new_name.setFocus()

    @property
    def said(self) -> str:
        """What the bar says: the number of places, or why the name cannot be."""
        return self._says.text()

    def close_bar(self) -> None:
        """Hides the bar."""
        self._background.forget("rename")
        self._enter_waits = False
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter renames, Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept()
        else:
            super().keyPressEvent(event)

    def _preview(self) -> None:
        text, old, new, at = self._text, self._old, self.new_name.text().strip(), self._at
        self._ready, self._enter_waits = None, False
        self._apply.setEnabled(False)
        self._background.ask("rename", lambda: _try(text, old, new, at), lambda found: self._show(new, found))

    def _show(self, new: str, found: Replacements | str) -> None:
        if isinstance(found, str):
            self._tell(found if new != self._old else "", "bad")
            return
        self._ready = (new, found)
        self._apply.setEnabled(bool(found) and new != self._old)
        self._tell(f"changes {counted(len(found), 'place')}", "soft")
        if self._enter_waits:
            self._accept()

    def _accept(self) -> None:
        if self._ready is None:
            self._enter_waits = True
            return
        new, found = self._ready
        if new != self._old and found:
            self.accepted.emit(self._old, new, found)
        self.close_bar()

    def _tell(self, text: str, role: str) -> None:
        self._says.setText(text)
        self._says.setProperty("role", role)
        self._says.style().polish(self._says)


def _try(text: str, old: str, new: str, at: int | None) -> Replacements | str:
    """Returns the replacements, or the sentence that says why it cannot be done."""
    if not new:
        return "A name is needed."
    try:
        return list(rename(text, old, new, at=at))
    except InputError as error:
        return error.findings[0].text
