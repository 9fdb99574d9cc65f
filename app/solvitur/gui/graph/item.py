"""The one item of a graph canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

if TYPE_CHECKING:
    from solvitur.gui.graph.canvas import Drawn


class Everything(QGraphicsItem):
    """Paints the whole figure, so that Qt has one item to look after, not thousands."""

    def __init__(self, painter: Drawn) -> None:
        super().__init__()
        self._painter = painter
        self._box = QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_box(self, box: QRectF) -> None:
        """Takes the room of another figure."""
        if box != self._box:
            self.prepareGeometryChange()
            self._box = box

    def boundingRect(self) -> QRectF:
        """Returns the room of the figure."""
        return self._box

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws what is exposed."""
        self._painter.draw(painter, option.exposedRect)
