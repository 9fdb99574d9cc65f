"""Several panels in one room, one in front at a time, with tabs above them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme


class Tabbed(QWidget):
    """Tabs over a stack; ``turned`` carries the position of the panel that is now in front."""

    turned = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None, *, closes: bool) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.tokens.gap, 0, theme.tokens.gap, 0)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName(f"{name}Tabs")
        self.tabs.setAccessibleName(title)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.currentChanged.connect(self._turn)
        head.addWidget(self.tabs)
        head.addStretch(1)
        if closes:
            button = QToolButton(self)
            button.setObjectName(f"{name}Close")
            button.setAccessibleName(f"Close {title.lower()}")
            button.setToolTip("Close")
            button.setIcon(theme.icon("close"))
            theme.changed.connect(lambda: button.setIcon(theme.icon("close")))
            button.clicked.connect(self.closed)
            head.addWidget(button)
        rows.addLayout(head)
        self.stack = QStackedWidget(self)
        rows.addWidget(self.stack, 1)

    def add(self, title: str, panel: QWidget) -> int:
        """Adds a panel and returns its position."""
        self.stack.addWidget(panel)
        return self.tabs.addTab(title)

    def turn_to(self, at: int) -> None:
        """Brings a panel to the front."""
        self.tabs.setCurrentIndex(at)

    @property
    def at(self) -> int:
        """The position of the panel in front."""
        return self.tabs.currentIndex()

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self.turned.emit(at)
