"""Quality against cost: every point of a sweep, and the front of those that no other beats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from solvitur.engine.workflow.sweep import SweepPoint
from solvitur.gui.numbers import exact
from solvitur.gui.pictures.axes import NumberTicks, Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, nearest
from solvitur.gui.pictures.frame import Frame
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import draw_points
from solvitur.gui.pictures.network import around
from solvitur.gui.theme import Theme
from solvitur.problem.pictures import Scatter

_DOT, _FRONT_DOT = 7.0, 10.0


class FrontDrawing(Drawing):
    """Points by number; the front is joined by steps and filled, the others are rings."""

    def __init__(self, points: Sequence[SweepPoint], cost: str, quality: str, look: Look) -> None:
        super().__init__(Scatter("Quality against cost"), look)
        self._shown = [point for point in points if point.quality is not None and point.cost is not None]
        self._cost, self._quality = cost, quality
        pairs = [(point.cost, point.quality) for point in self._shown]
        self._places = np.array(pairs, dtype=np.float64).reshape(-1, 2)

    def extent(self) -> QRectF:
        """Returns the box around the points."""
        return around(self._places) if len(self._places) else QRectF(0, 0, 1, 1)

    def margins(self) -> QMarginsF:
        """Leaves room for dots and their numbers."""
        return QMarginsF(16, 16, 28, 16)

    def x_ticks(self) -> tuple[Ticks, str]:
        """The cost."""
        return NumberTicks(), self._cost

    def y_ticks(self) -> tuple[Ticks, str]:
        """The quality."""
        return NumberTicks(), self._quality

    def centers(self) -> np.ndarray:
        """Returns the points."""
        return self._places

    def element(self, mark: int) -> str:
        """Returns the point's number."""
        return str(self._shown[mark].number) if mark < len(self._shown) else ""

    def tip(self, mark: int) -> str:
        """Tells the number, the values and what they came to."""
        point = self._shown[mark]
        values = ", ".join(exact(v) if isinstance(v, float) else str(v) for v in point.values)
        front = "\nno other point beats it" if point.on_front else ""
        at = f"{self._quality} {exact(point.quality or 0.0)}, {self._cost} {exact(point.cost or 0.0)}"
        return f"{point.number}: {values}\n{at}{front}"

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the nearest point."""
        return nearest(self._places, x, y, (2 * reach[0], 2 * reach[1]))

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws the front's steps, then the dots, then what is picked."""
        if not len(self._places):
            return
        pixels = np.column_stack((mapping.x(self._places[:, 0]), mapping.y(self._places[:, 1])))
        front = np.array([point.on_front for point in self._shown], dtype=bool)
        self._draw_front(painter, pixels[front])
        for size, token, chosen in ((_DOT, "control", ~front), (_FRONT_DOT, "accent", front)):
            if chosen.any():
                painter.setPen(line_pen(self.look.color("surface"), size + 2))
                draw_points(painter, pixels[chosen])
                painter.setPen(line_pen(self.look.color(token), size))
                draw_points(painter, pixels[chosen])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for mark in self.selected | ({self.hovered} if 0 <= self.hovered < len(pixels) else set()):
            painter.setPen(line_pen(self.look.color("accent" if mark in self.selected else "text"), 2.0))
            painter.drawEllipse(QPointF(*pixels[mark]), 8.0, 8.0)
        painter.setPen(self.look.color("text_soft"))
        for at in np.flatnonzero(front).tolist():
            box = QRectF(pixels[at][0] + 8, pixels[at][1] - 16, 40, 14)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft), str(self._shown[at].number))

    def _draw_front(self, painter: QPainter, pixels: np.ndarray) -> None:
        """Joins the front by steps: what is not on it lies on the worse side of them."""
        if len(pixels) < 2:
            return
        ordered = pixels[np.argsort(pixels[:, 0], kind="stable")]
        corners = [QPointF(*ordered[0])]
        for before, after in pairwise(ordered):
            corners += [QPointF(after[0], before[1]), QPointF(*after)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(line_pen(self.look.color("accent", 150), 1.5))
        painter.drawPolyline(QPolygonF(corners))


class FrontChart(QWidget):
    """The plot of a sweep; a click picks a point."""

    def __init__(self, theme: Theme, picked: Callable[[int], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sweepChart")
        self.setAccessibleName("Quality against cost")
        self._theme, self._picked = theme, picked
        self._points: tuple[SweepPoint, ...] = ()
        self._names = ("cost", "quality")
        self._number = 0
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.frame: Frame | None = None
        theme.changed.connect(self._renew)
        self._renew()

    def show_points(self, points: tuple[SweepPoint, ...], cost: str, quality: str) -> None:
        """Draws the points that are done."""
        self._points, self._names = points, (cost, quality)
        self._draw()

    def pick(self, number: int) -> None:
        """Lights a point."""
        self._number = number
        if self.frame is not None:
            self.frame.select(str(number) if number else "")

    def _renew(self) -> None:
        """Makes the plot anew in the colours of the theme."""
        if self.frame is not None:
            self._rows.removeWidget(self.frame)
            self.frame.hide()
            self.frame.deleteLater()
        self.frame = Frame(Look(self._theme.tokens), self)
        self.frame.setObjectName("sweepPlot")
        self.frame.setAccessibleName("Quality against cost")
        self.frame.picked.connect(self._take)
        self._rows.addWidget(self.frame)
        self._draw()

    def _draw(self) -> None:
        if self.frame is not None:
            self.frame.show_drawing(FrontDrawing(self._points, *self._names, self.frame.look))
            self.pick(self._number)

    def _take(self, mark: int) -> None:
        if self.frame is not None and self.frame.drawing is not None and mark >= 0:
            self._picked(int(self.frame.drawing.element(mark)))
