"""The rail: the four places at the left edge, by icon and word."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

from solvitur.gui.context import Context
from solvitur.gui.places import Part


class Rail(QToolBar):
    """One checkable button per place; the place's action is the button's action."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Places", parent)
        self._context = context
        self.setObjectName("rail")
        self.setAccessibleName("Places")
        self.setMovable(False)
        self.setFloatable(False)
        self.setOrientation(Qt.Orientation.Vertical)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._size_icons()
        context.theme.changed.connect(self._size_icons)

    def add_place(self, part: Part) -> QToolButton:
        """Adds the button of a place whose action ``place.<id>`` is in the table."""
        action = self._context.actions.qaction(f"place.{part.id}")
        self.addAction(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setObjectName(f"rail.{part.id}")
        button.setAccessibleName(part.title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setProperty("helpPage", part.help)
        return button

    def _size_icons(self) -> None:
        side = self._context.theme.tokens.icon_px + 8
        self.setIconSize(QSize(side, side))
