"""The mini-map: the whole figure small, with the part that is in view; a click goes there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from solvitur.gui.graph.view import GraphView
from solvitur.gui.pictures.marks import draw_boxes
from solvitur.gui.theme import Theme

_WIDTH, _HEIGHT = 176, 112
_ROOM = 8.0


class MiniMap(QWidget):
    """Stands in the lower right corner of a canvas."""

    def __init__(self, theme: Theme, view: GraphView) -> None:
        super().__init__(view)
        self.setObjectName("miniMap")
        self.setAccessibleName("Mini-map")
        self.setToolTip("The whole graph; click to go there")
        self._theme, self._view = theme, view
        self.resize(_WIDTH, _HEIGHT)
        view.view_changed.connect(self._follow)
        theme.changed.connect(self.update)
        self._follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the boxes of the nodes and the part in view."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        figure = self._view.figure
        if len(figure.boxes):
            scale, shift = self._fitted()
            boxes = figure.boxes * scale + np.array([shift.x(), shift.y(), 0, 0])
            boxes[:, 2:] = np.maximum(boxes[:, 2:], 1.5)
            categories = self._theme.tokens.categories
            painter.setPen(Qt.PenStyle.NoPen)
            colours = figure.colours % len(categories)
            for colour in np.unique(colours).tolist():
                painter.setBrush(QColor(categories[colour]))
                draw_boxes(painter, boxes[colours == colour])
            seen = self._view.seen()
            box = QRectF(seen.topLeft() * scale + shift, seen.size() * scale)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("accent"), 1.5))
            painter.drawRect(box.intersected(QRectF(self.rect()).adjusted(1, 1, -2, -2)))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes to the place of the click."""
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows the mouse."""
        self._go(event.position())

    def _go(self, pixel: QPointF) -> None:
        scale, shift = self._fitted()
        self._view.set_view(self._view.zoom, (pixel - shift) / scale)

    def _fitted(self) -> tuple[float, QPointF]:
        around = self._view.figure.extent
        room = QRectF(self.rect()).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
        scale = min(room.width() / max(around.width(), 1), room.height() / max(around.height(), 1))
        return scale, room.center() - around.center() * scale

    def _follow(self) -> None:
        gap = self._theme.tokens.gap
        self.move(self._view.width() - self.width() - gap, self._view.height() - self.height() - gap)
        self.setVisible(len(self._view.figure.nodes) > 1 and self._view.width() > 3 * _WIDTH)
        self.update()
