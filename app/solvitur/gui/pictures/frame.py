"""The frame: one plot with its axes; click selects, drag zooms, double click fits, arrow keys walk the marks."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip, QWidget

from solvitur.gui.pictures.axes import Axis
from solvitur.gui.pictures.drawing import REACH_PX, Drawing
from solvitur.gui.pictures.look import Look, line_pen

_ZOOM_STEP = 1.25
_PAN_SHARE = 0.15
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class _Box(pg.ViewBox):  # type: ignore[misc]
    """The area of the data: tells clicks, zooms by dragging a rectangle, moves with Shift or the middle button."""

    clicked = Signal(QPointF)
    fit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)

    def mouseClickEvent(self, ev: Any) -> None:
        """Selects on a click, fits on a double click."""
        if ev.button() != Qt.MouseButton.LeftButton:
            return
        ev.accept()
        if ev.double():
            self.fit_wanted.emit()
        else:
            self.clicked.emit(QPointF(self.mapToView(ev.pos())))

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Zooms into the dragged rectangle, or moves the view."""
        moves = ev.button() == Qt.MouseButton.MiddleButton or ev.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self.setMouseMode(pg.ViewBox.PanMode if moves else pg.ViewBox.RectMode)
        if ev.button() == Qt.MouseButton.RightButton:
            ev.ignore()
            return
        super().mouseDragEvent(ev, axis)


class Frame(pg.PlotWidget):  # type: ignore[misc]
    """Shows one drawing."""

    picked = Signal(int)
    """The mark that was clicked or chosen by key; -1 for none."""
    pointed = Signal(int)
    """The mark under the mouse or the keyboard's; -1 for none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.box = _Box()
        self._axes = {side: Axis(side, look) for side in ("left", "bottom")}
        super().__init__(parent=parent, background=None, viewBox=self.box, axisItems=dict(self._axes))
        self.look = look
        self.drawing: Drawing | None = None
        self.fitted = True
        self._mark = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackground(look.color("surface"))
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # else files hold the background as pixels
        self.setMenuEnabled(False)
        self.hideButtons()
        for axis in self._axes.values():
            axis.setZValue(-1000)  # the grid lies under the marks
        self.getPlotItem().layout.setContentsMargins(0, 0, 0, 0)
        self.box.disableAutoRange()
        scale_box = self.box.rbScaleBox
        scale_box.setPen(line_pen(look.color("accent"), 0))
        scale_box.setBrush(look.brush("accent", 40))
        self.box.clicked.connect(self._clicked)
        self.box.fit_wanted.connect(self.fit)
        self.box.sigResized.connect(self._resized)
        self.box.sigRangeChangedManually.connect(lambda _axes: self._zoomed())
        self.scene().sigMouseMoved.connect(self._moved)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_drawing(self, drawing: Drawing) -> None:
        """Replaces what is shown and fits it."""
        if self.drawing is not None:
            self.removeItem(self.drawing)
        self.drawing, self._mark, self.fitted = drawing, -1, True
        self.addItem(drawing, ignoreBounds=True)
        self.box.invertY(drawing.downwards)
        self.box.setAspectLocked(drawing.same_scale)
        self._axes["bottom"].set_ticks(*drawing.x_ticks())
        self._axes["left"].set_ticks(drawing.y_ticks()[0])
        self.fit()

    def keep_left_width(self, width: int) -> None:
        """Keeps the vertical axis at one width, so that frames above each other stay in line."""
        self._axes["left"].keep_width(width)

    def fit(self) -> None:
        """Shows the whole picture, with room for its labels."""
        self.fitted = True
        self.box.setRange(self.whole(), padding=0)

    def whole(self) -> QRectF:
        """Returns the range, in data coordinates, that shows all with its margins at the present size."""
        if self.drawing is None:
            return QRectF(0, 0, 1, 1)
        area, room = self.drawing.extent(), self.drawing.margins()
        width, height = max(self.box.width(), 1.0), max(self.box.height(), 1.0)
        per_x = area.width() / max(width - room.left() - room.right(), 40.0)
        per_y = area.height() / max(height - room.top() - room.bottom(), 40.0)
        if self.drawing.same_scale:
            per_x = per_y = max(per_x, per_y)
            spare_x, spare_y = width * per_x - area.width(), height * per_y - area.height()
            left = (spare_x - (room.right() - room.left()) * per_x) / 2
            top = (spare_y - (room.bottom() - room.top()) * per_y) / 2
            return QRectF(area.left() - left, area.top() - top, width * per_x, height * per_y)
        # With y upwards the top margin lies at the high end of the data.
        above, below = (room.top(), room.bottom()) if self.drawing.downwards else (room.bottom(), room.top())
        return area.adjusted(-room.left() * per_x, -above * per_y, room.right() * per_x, below * per_y)

    def select(self, element: str) -> None:
        """Marks an element as selected."""
        if self.drawing is not None:
            self.drawing.select(element)

    def zoom(self, factor: float) -> None:
        """Zooms about the middle; above 1 comes nearer."""
        self._zoomed()
        self.box.scaleBy((1 / factor, 1 / factor))

    def step(self, right: int, up: int) -> None:
        """Walks to the next mark in a direction and shows its tool tip."""
        if self.drawing is None:
            return
        start = self._mark if self._mark >= 0 else min(self.drawing.selected, default=-1)
        self._mark = self.drawing.neighbour(start, right, up)
        if self._mark < 0:
            return
        self._point_at(self._mark)
        at = self.box.mapViewToScene(QPointF(*self.drawing.centers()[self._mark]))
        self._show_tip(self.mapToGlobal(self.mapFromScene(at)))

    # Qt's events -----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter selects, plus and minus zoom, Home fits, Shift with arrows moves the view."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            right, up = _ARROWS[key]
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._pan(right, up)
            else:
                self.step(right, up)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._mark)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM_STEP)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_0):
            self.fit()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Forgets the mark under the mouse."""
        super().leaveEvent(event)
        self._mark = -1
        self._point_at(-1)

    def focusInEvent(self, event: Any) -> None:
        """Shows the focus ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """Hides the focus ring."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the focus ring over the plot."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(line_pen(self.look.color("accent"), 2.0))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.end()

    # Inside ----------------------------------------------------------------------------------------------------

    def _reach(self) -> tuple[float, float]:
        size = self.box.viewPixelSize()
        return abs(size[0]) * REACH_PX or 1e-12, abs(size[1]) * REACH_PX or 1e-12

    def _mark_at(self, point: QPointF) -> int:
        if self.drawing is None:
            return -1
        return self.drawing.mark_at(point.x(), point.y(), self._reach())

    def _clicked(self, point: QPointF) -> None:
        self._mark = self._mark_at(point)
        self.picked.emit(self._mark)

    def _moved(self, scene_pos: QPointF) -> None:
        if self.drawing is None:
            return
        inside = self.box.sceneBoundingRect().contains(scene_pos)
        mark = self._mark_at(QPointF(self.box.mapSceneToView(scene_pos))) if inside else -1
        self._mark = mark
        self._point_at(mark)
        if mark >= 0:
            self._show_tip(self.mapToGlobal(self.mapFromScene(scene_pos)))
        else:
            QToolTip.hideText()

    def _point_at(self, mark: int) -> None:
        if self.drawing is not None and mark != self.drawing.hovered:
            self.drawing.hover(mark)
            self.setAccessibleDescription(self.drawing.tip(mark) if mark >= 0 else "")
            self.pointed.emit(mark)

    def _show_tip(self, at: QPoint) -> None:
        if self.drawing is not None and self.isVisible():
            QToolTip.showText(at, self.drawing.tip(self._mark), self)

    def _pan(self, right: int, up: int) -> None:
        self._zoomed()
        area = self.box.viewRect()
        down = -1 if self.drawing is not None and self.drawing.downwards else 1
        self.box.translateBy((right * _PAN_SHARE * area.width(), down * up * _PAN_SHARE * area.height()))

    def _zoomed(self) -> None:
        self.fitted = False

    def _resized(self) -> None:
        if self.fitted:
            self.fit()
