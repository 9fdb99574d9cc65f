"""The strip left of the text."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget


class _Owner(Protocol):
    @property
    def gutter_width(self) -> int: ...
    def paint_gutter(self, event: QPaintEvent) -> None: ...
    def gutter_clicked(self, where: QPoint) -> None: ...
    def gutter_tip(self, where: QPoint) -> str: ...


class Gutter(QWidget):
    """Hands painting, clicks and tool tips to its editor."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self.setObjectName("model-gutter")
        self.setAccessibleName("Line numbers and problems")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._editor: _Owner = editor  # type: ignore[assignment]

    def sizeHint(self) -> QSize:
        """Is as wide as the editor says."""
        return QSize(self._editor.gutter_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lets the editor paint."""
        self._editor.paint_gutter(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tells the editor where it was clicked."""
        self._editor.gutter_clicked(event.position().toPoint())

    def event(self, event: QEvent) -> bool:
        """Shows what is wrong in the line under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._editor.gutter_tip(event.pos()), self)
            return True
        return super().event(event)
