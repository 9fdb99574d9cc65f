"""The search box at the right of the menu bar: it looks like a field and opens the command palette."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from solvitur.gui.theme import Theme


class SearchBox(QWidget):
    """A wide button in the corner of the menu bar."""

    def __init__(self, theme: Theme, shortcut: str, pressed: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, theme.tokens.gap, 3)
        self.button = QPushButton(self)
        self.button.setObjectName("searchActions")
        self.button.setAccessibleName("Search actions")
        self.button.setToolTip("Search every action by name")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setText("Search actions")
        self.button.clicked.connect(lambda: pressed())  # noqa: PLW0108 - drops "checked"
        inside = QHBoxLayout(self.button)
        inside.setContentsMargins(theme.tokens.gap, 0, theme.tokens.gap, 0)
        keys = QLabel(shortcut, self.button)
        keys.setProperty("role", "small-soft")
        keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addStretch(1)
        inside.addWidget(keys)
        row.addWidget(self.button)
        self._paint()
        theme.changed.connect(self._paint)

    def _paint(self) -> None:
        self.button.setIcon(self._theme.icon("search"))
