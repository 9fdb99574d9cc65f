"""What every graph canvas shares: one item, panning, zooming, fitting, and the part that is in view."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from solvitur.gui.graph.item import Everything
from solvitur.gui.graph.overlay import Band, draw_band, draw_grid
from solvitur.gui.theme import Theme

_AROUND = 4_000.0
_FIT_ROOM = 40.0


class Drawn(Protocol):
    """Whoever paints all that a canvas shows."""

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        """Draws what lies in ``exposed`` (canvas coordinates)."""
        ...


class CanvasView(QGraphicsView):
    """A canvas to look around in; what is on it, and what people may do to it, is for those who build on it."""

    view_changed = Signal()
    """Another part is in view."""
    content_changed = Signal()
    """Other things are on the canvas, or elsewhere."""
    most_zoom, least_zoom = 2.0, 0.005

    def __init__(self, theme: Theme, drawn: Drawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._band: Band | None = None
        self.editable = False
        self._item = Everything(drawn)
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        scene.addItem(self._item)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        theme.changed.connect(self.viewport().update)

    # what those who build on it say

    @property
    def extent(self) -> QRectF:
        """The box around everything; empty when there is nothing."""
        raise NotImplementedError

    def draw_small(self, painter: QPainter, scale: float, shift: QPointF) -> None:
        """Draws everything in the mini-map: a point p of the canvas goes to p * scale + shift."""
        raise NotImplementedError

    # looking around

    @property
    def zoom(self) -> float:
        """Pixels for each unit of the canvas."""
        return self.transform().m11()

    def take_room(self) -> None:
        """Takes the room that everything needs, with some around it to pan into."""
        box = self.extent.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        self._item.set_box(box)
        self.setSceneRect(box)
        self.content_changed.emit()
        self.viewport().update()

    def fit_box(self, box: QRectF, most: float = 1.0) -> None:
        """Zooms so that a box is in view, or everything when it is empty."""
        box = self.extent if box.isEmpty() else box
        if box.isEmpty():
            self.set_view(1.0, QPointF(0, 0))
            return
        room = self.viewport().rect().adjusted(int(_FIT_ROOM), int(_FIT_ROOM), -int(_FIT_ROOM), -int(_FIT_ROOM))
        scale = min(max(room.width(), 50) / box.width(), max(room.height(), 50) / box.height(), most)
        self.set_view(scale, box.center())

    def set_view(self, scale: float, center: QPointF) -> None:
        """Shows a point in the middle, at a zoom."""
        scale = min(max(scale, self.least_zoom), self.most_zoom)
        self.resetTransform()
        self.scale(scale, scale)
        self.centerOn(center)
        self.view_changed.emit()

    def zoom_by(self, factor: float, pixel: QPoint | None = None) -> None:
        """Zooms around a pixel of the widget, by default its middle."""
        pixel = self.viewport().rect().center() if pixel is None else pixel
        factor = min(max(self.zoom * factor, self.least_zoom), self.most_zoom) / self.zoom
        before = self.mapToScene(pixel)
        self.scale(factor, factor)
        self.pan(self.mapFromScene(before) - pixel)

    def pan(self, pixels: QPoint) -> None:
        """Moves the view by pixels."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + pixels.x())
        down.setValue(down.value() + pixels.y())
        self.view_changed.emit()

    def seen(self) -> QRectF:
        """Returns the part of the canvas that is in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def show_band(self, box: QRectF | None) -> None:
        """Shows the box of a rubber band, or takes it away."""
        self._band = box
        self.viewport().update()

    # events

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draws the ground with a grid of dots where the zoom leaves room for it."""
        draw_grid(painter, QRectF(rect), self._theme, self.zoom, grid=self.editable)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draws the rubber band of a drag."""
        if self._band is not None:
            draw_band(painter, self._theme, self._band)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms around the mouse; with Shift moves sideways, with Ctrl up and down."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPoint(-turn, 0))
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(QPoint(0, -turn))
        else:
            self.zoom_by(1.0015**turn, event.position().toPoint())
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows where the keyboard is."""
        super().focusInEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tells that another part is in view."""
        super().resizeEvent(event)
        self.view_changed.emit()
