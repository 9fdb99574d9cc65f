"""The row above the plan: running, tidying, searching, colouring by heat."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from solvitur.gui.actions import ActionTable
from solvitur.gui.theme import Theme

_FIRST = ("plan.run", "plan.run_to", "plan.pause", "plan.stop", "plan.check")
_THEN = ("plan.add", "plan.tidy", "plan.fit", "plan.text", "plan.time_line", "plan.sweep")
_HEATS = (("Colour by kind", ""), ("Colour by time", "time"), ("Colour by size", "memory"))
_SEARCH_WIDTH = 180


class Toolbar(QWidget):
    """Buttons of actions, the search field, and a few words on the run."""

    searched = Signal(str)
    found = Signal()
    heated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("planToolbar")
        self._theme = theme
        self.running = False
        gap = theme.tokens.gap
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(gap, gap // 2, gap, gap // 2)
        self._row.setSpacing(gap // 2)

    def fill(self, actions: ActionTable) -> None:
        """Adds the buttons."""
        for at, name in enumerate((*_FIRST, *_THEN)):
            button = QToolButton(self)
            button.setDefaultAction(actions.qaction(name))
            button.setObjectName(f"button.{name}")
            button.setAccessibleName(actions.action(name).title)
            wide = name in ("plan.run", "plan.add")
            style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
            button.setToolButtonStyle(style)
            button.setAutoRaise(True)
            if at == len(_FIRST):
                self._row.addSpacing(2 * self._theme.tokens.gap)
            self._row.addWidget(button)
        self._words = QLabel(self)
        self._words.setObjectName("planWords")
        self._words.setProperty("role", "small-soft")
        self._row.addSpacing(self._theme.tokens.gap)
        self._row.addWidget(self._words)
        self._row.addStretch(1)
        heat = QComboBox(self)
        heat.setObjectName("planHeat")
        heat.setAccessibleName("Colour of the steps")
        for title, value in _HEATS:
            heat.addItem(title, value)
        heat.currentIndexChanged.connect(lambda at: self.heated.emit(_HEATS[at][1]))
        self._row.addWidget(heat)
        self.field = QLineEdit(self)
        self.field.setObjectName("planSearch")
        self.field.setAccessibleName("Search this plan")
        self.field.setPlaceholderText("Search this plan")
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(_SEARCH_WIDTH)
        self.field.textChanged.connect(self.searched)
        self.field.returnPressed.connect(self.found)
        self._row.addWidget(self.field)

    def tell(self, words: str) -> None:
        """Says a few words."""
        self._words.setText(words)

    def show_running(self, *, running: bool) -> None:
        """Notes whether a run goes on."""
        self.running = running
