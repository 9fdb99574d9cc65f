"""The title of a dock: its name, and buttons to take it out of the window and to close it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from solvitur.gui.theme import Theme


class DockTitle(QWidget):
    """Dragging it moves the dock; a double click takes it out of the window."""

    def __init__(self, theme: Theme, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("dockTitle")
        self._theme, self._dock = theme, dock
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        gap = theme.tokens.gap
        row = QHBoxLayout(self)
        row.setContentsMargins(gap + 4, 2, gap // 2, 2)
        row.setSpacing(2)
        name = QLabel(dock.windowTitle(), self)
        name.setObjectName("dockName")
        row.addWidget(name, 1)
        self._float = self._button(f"{dock.objectName()}.float", "Take out of the window or put back")
        self._float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self._close = self._button(f"{dock.objectName()}.close", f"Close the {dock.windowTitle().lower()} panel")
        self._close.clicked.connect(dock.hide)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self._paint()
        theme.changed.connect(self._paint)

    def _button(self, name: str, title: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _paint(self) -> None:
        self._float.setIcon(self._theme.icon("float"))
        self._close.setIcon(self._theme.icon("close"))
