"""Fast and shared painting: many lines, boxes and points at once, texts that keep to their room."""

from __future__ import annotations

import math

import numpy as np
from pyqtgraph.Qt import internals
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from solvitur.gui.pictures.look import Look, line_pen

SMOOTH_UP_TO = 3_000
_SMOOTH_PATH_UP_TO = 400
_SAME_PLACE_PX, _ROW_PX = 48, 24
"""More marks than this are drawn without antialiasing, which costs most of the time."""


def draw_lines(painter: QPainter, starts: np.ndarray, ends: np.ndarray) -> None:
    """Draws lines between two arrays of points, shapes (n, 2), in pixels."""
    lines = internals.PrimitiveArray(QLineF, 4)
    lines.resize(len(starts))
    lines.ndarray()[:] = np.hstack((starts, ends))
    painter.drawLines(*lines.drawargs())


def draw_path(painter: QPainter, points: np.ndarray) -> None:
    """Draws a line through points, shape (n, 2), in pixels; a long one as pieces, which is much faster."""
    if len(points) <= _SMOOTH_PATH_UP_TO:
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
        return
    pen = painter.pen()
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    draw_lines(painter, points[:-1], points[1:])


def draw_boxes(painter: QPainter, boxes: np.ndarray) -> None:
    """Draws rectangles given as (left, top, width, height), shape (n, 4), in pixels."""
    rects = internals.PrimitiveArray(QRectF, 4)
    rects.resize(len(boxes))
    rects.ndarray()[:] = boxes
    painter.drawRects(*rects.drawargs())


def draw_points(painter: QPainter, points: np.ndarray) -> None:
    """Draws dots of the pen's width at points, shape (n, 2), in pixels."""
    dots = internals.PrimitiveArray(QPointF, 2)
    dots.resize(len(points))
    dots.ndarray()[:] = points
    painter.drawPoints(*dots.drawargs())


def outline(painter: QPainter, look: Look, box: QRectF) -> None:
    """Draws the mark of the selection around a box."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(line_pen(look.color("accent"), 2.0))
    painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 2, 2)


def write_inside(painter: QPainter, box: QRectF, text: str, ink: QColor) -> None:
    """Writes a text into a box, shortened to fit; not at all when less than three letters would remain."""
    metrics = QFontMetricsF(painter.font())
    if box.height() < metrics.height() - 2 or box.width() < 8:
        return
    wanted = metrics.horizontalAdvance(text)
    if wanted > box.width() - 4:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 4)
        if len(text) < 3:
            return
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def spread_apart(places: np.ndarray, least: float, low: float, high: float) -> np.ndarray:
    """Moves sorted places at least so far apart, within a range as long as it has room; shape (n,)."""
    moved = places.astype(np.float64).copy()
    for at in range(1, len(moved)):
        moved[at] = max(moved[at], moved[at - 1] + least)
    if len(moved) and moved[-1] > high:
        moved[-1] = high
        for at in range(len(moved) - 2, -1, -1):
            moved[at] = min(moved[at], moved[at + 1] - least)
    if len(moved) and moved[0] < low:
        moved += low - moved[0]
    return moved


class Labels:
    """Writes texts beside marks and leaves out those that would lie on earlier ones, or partly outside ``room``."""

    def __init__(self, painter: QPainter, look: Look, room: QRectF | None = None) -> None:
        self._room = room
        self._painter, self._halo = painter, look.color("surface", 190)
        self._metrics = QFontMetricsF(painter.font())
        self._taken: dict[int, list[QRectF]] = {}
        self._written: dict[str, QPointF] = {}

    def write(self, at: QPointF, text: str, ink: QColor, align: str = "left") -> bool:
        """Writes beside a point, vertically centred; ``align`` says which end of the text the point is."""
        width, height = self._metrics.horizontalAdvance(text), self._metrics.height()
        left = at.x() - {"left": 0.0, "center": width / 2, "right": width}[align]
        box = QRectF(left, at.y() - height / 2, width, height)
        if self._room is not None and not self._room.contains(box):
            return False
        if any(box.intersects(other) for row in _rows(box) for other in self._taken.get(row, ())):
            return False
        self.keep_free(box)
        self._painter.fillRect(box.adjusted(-1, 1, 1, -1), self._halo)
        self._painter.setPen(ink)
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)
        return True

    def write_around(self, at: QPointF, gap: float, text: str, ink: QColor) -> bool:
        """Writes to the right of a point, else left, above or below; once for points of one name in one place."""
        before = self._written.get(text)
        if before is not None and (before - at).manhattanLength() < _SAME_PLACE_PX:
            return True
        self._written[text] = at
        rise = gap + self._metrics.height() / 2
        tries = ((gap, 0.0, "left"), (-gap, 0.0, "right"), (0.0, -rise, "center"), (0.0, rise, "center"))
        return any(self.write(QPointF(at.x() + x, at.y() + y), text, ink, align) for x, y, align in tries)

    def keep_free(self, box: QRectF) -> None:
        """Keeps texts off a place."""
        for row in _rows(box):
            self._taken.setdefault(row, []).append(box)


def _rows(box: QRectF) -> range:
    """Returns the rows of the picture that a box lies in; only what shares one can lie on it."""
    return range(math.floor(box.top() / _ROW_PX), math.floor(box.bottom() / _ROW_PX) + 1)
