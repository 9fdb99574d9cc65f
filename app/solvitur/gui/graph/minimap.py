"""The mini-map: the whole figure small, with the part that is in view; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from solvitur.gui.graph.canvas import CanvasView
from solvitur.gui.theme import Theme

_WIDTH, _HEIGHT = 176, 112
_ROOM = 8.0


class MiniMap(QWidget):
    """Stands in the lower right corner of a canvas."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(view)
        self.setObjectName("miniMap")
        self.setAccessibleName("Mini-map")
        self.setToolTip("The whole graph; click to go there")
        self._theme, self._view = theme, view
        self._drawn: QPixmap | None = None
        self.resize(_WIDTH, _HEIGHT)
        view.view_changed.connect(self._follow)
        view.content_changed.connect(self._forget)
        theme.changed.connect(self._forget)
        self._follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the boxes of the nodes and the part in view."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if not self._view.extent.isEmpty():
            scale, shift = self._fitted()
            painter.drawPixmap(0, 0, self._picture(scale, shift))
            seen = self._view.seen()
            box = QRectF(seen.topLeft() * scale + shift, seen.size() * scale)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("accent"), 1.5))
            painter.drawRect(box.intersected(QRectF(self.rect()).adjusted(1, 1, -2, -2)))
        painter.end()

    def _picture(self, scale: float, shift: QPointF) -> QPixmap:
        """Returns everything drawn small; it is drawn anew only when it has changed."""
        if self._drawn is None:
            ratio = self.devicePixelRatioF()
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._drawn)
            self._view.draw_small(painter, scale, shift)
            painter.end()
        return self._drawn

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
        around = self._view.extent
        room = QRectF(self.rect()).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
        scale = min(room.width() / max(around.width(), 1), room.height() / max(around.height(), 1))
        return scale, room.center() - around.center() * scale

    def _follow(self) -> None:
        gap = self._theme.tokens.gap
        self.move(self._view.width() - self.width() - gap, self._view.height() - self.height() - gap)
        whole = self._view.seen().contains(self._view.extent)
        self.setVisible(not self._view.extent.isEmpty() and not whole and self._view.width() > 3 * _WIDTH)
        self.update()

    def _forget(self) -> None:
        self._drawn = None
        self._follow()
