"""The base of all drawings: marks that are hit, named, selected and walked by keyboard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QMarginsF, QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from solvitur.gui.numbers import exact
from solvitur.gui.pictures.axes import NoTicks, NumberTicks, Ticks
from solvitur.gui.pictures.look import Look
from solvitur.problem.pictures import Picture

REACH_PX = 8.0
_HOVERED_UP_TO = 3_000
"""Pictures of more marks are not drawn anew for what the mouse points at; the tool tip tells it."""


class Mapping:
    """Turns data coordinates into pixels of the device being painted on."""

    def __init__(self, transform: QTransform) -> None:
        self.scale_x, self.scale_y = transform.m11(), transform.m22()
        self._shift_x, self._shift_y = transform.dx(), transform.dy()

    def x(self, values: Any) -> Any:
        """Maps x, a number or an array."""
        return values * self.scale_x + self._shift_x

    def y(self, values: Any) -> Any:
        """Maps y, a number or an array."""
        return values * self.scale_y + self._shift_y

    def point(self, x: float, y: float) -> QPointF:
        """Maps one point."""
        return QPointF(self.x(x), self.y(y))

    def box(self, left: float, top: float, right: float, bottom: float) -> QRectF:
        """Maps one rectangle."""
        return QRectF(self.point(left, top), self.point(right, bottom)).normalized()


class Drawing(pg.GraphicsObject):  # type: ignore[misc]
    """One picture on a plot, in data coordinates.

    A mark is one bar, cell, link, point ...; marks are counted from 0 and named by model elements.
    """

    same_scale = False
    """Whether x and y share one scale, as on maps."""
    downwards = False
    """Whether y grows downwards, as in tables."""

    def __init__(self, picture: Picture, look: Look) -> None:
        super().__init__()
        self.look = look
        self.selected: frozenset[int] = frozenset()
        self.hovered = -1
        self._by_element: dict[str, list[int]] | None = None

    # What each kind of drawing tells ---------------------------------------------------------------------------

    def extent(self) -> QRectF:
        """Returns the rectangle of the data, in data coordinates."""
        raise NotImplementedError

    def margins(self) -> QMarginsF:
        """Returns the room around the data for labels, in pixels."""
        return QMarginsF(8, 8, 8, 8)

    def x_ticks(self) -> tuple[Ticks, str]:
        """Returns the horizontal axis and its title."""
        return NumberTicks(), ""

    def y_ticks(self) -> tuple[Ticks, str]:
        """Returns the vertical axis and its title, which is written above it."""
        return NumberTicks(), ""

    def key_names(self) -> list[tuple[str, int]]:
        """Returns names with their category colours that the picture cannot label directly."""
        return []

    def centers(self) -> np.ndarray:
        """Returns the middle of every mark, shape (marks, 2)."""
        raise NotImplementedError

    def element(self, mark: int) -> str:
        """Returns the model element of a mark, empty when there is none."""
        raise NotImplementedError

    def tip(self, mark: int) -> str:
        """Returns what the tool tip says: the name in the model and the exact value."""
        raise NotImplementedError

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Returns the mark at a point, or -1; ``reach`` is a few pixels in data units."""
        raise NotImplementedError

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws in pixels."""
        raise NotImplementedError

    # What all share --------------------------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        """Covers the data and the labels around it."""
        area = self.extent()
        return area.adjusted(-area.width(), -area.height(), area.width(), area.height())

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Hands the painter over in pixels, so that lines and texts stay sharp at every zoom."""
        mapping = Mapping(painter.worldTransform())
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.look.font())
        self.draw(painter, mapping)
        painter.restore()

    def room(self, mapping: Mapping) -> QRectF:
        """Returns the visible part of the plot in pixels."""
        seen = self.viewRect()
        return mapping.box(seen.left(), seen.top(), seen.right(), seen.bottom())

    def marks_of(self, element: str) -> frozenset[int]:
        """Returns the marks that show an element."""
        if not element:
            return frozenset()
        if self._by_element is None:
            self._by_element = {}
            for mark in range(len(self.centers())):
                self._by_element.setdefault(self.element(mark), []).append(mark)
        return frozenset(self._by_element.get(element, ()))

    def select(self, element: str) -> None:
        """Marks an element as selected."""
        marks = self.marks_of(element)
        if marks != self.selected:
            self.selected = marks
            self.update()

    def hover(self, mark: int) -> None:
        """Marks what the mouse or the keyboard points at."""
        if mark != self.hovered:
            self.hovered = mark
            if len(self.centers()) <= _HOVERED_UP_TO:
                self.update()

    def neighbour(self, mark: int, right: int, up: int) -> int:
        """Returns the nearest mark in a direction (one of the four), or the mark itself."""
        centers = self.centers()
        if not len(centers):
            return -1
        if not 0 <= mark < len(centers):
            return 0
        steps = centers - centers[mark]
        area = self.extent()
        steps = steps / np.array([area.width() or 1.0, area.height() or 1.0])
        if self.downwards:
            steps[:, 1] = -steps[:, 1]
        ahead = steps[:, 0] * right + steps[:, 1] * up
        aside = np.abs(steps[:, 0] * up) + np.abs(steps[:, 1] * right)
        able = ahead > 1e-9
        if not able.any():
            return mark
        return int(np.argmin(np.where(able, ahead + 3 * aside, np.inf)))


def nearest(centers: np.ndarray, x: float, y: float, reach: tuple[float, float]) -> int:
    """Returns the nearest center within reach, or -1."""
    if not len(centers):
        return -1
    distance = np.hypot((centers[:, 0] - x) / reach[0], (centers[:, 1] - y) / reach[1])
    best = int(np.argmin(distance))
    return best if distance[best] <= 1.0 else -1


def told(name: str, value: float, unit: str = "") -> str:
    """Writes a name with its exact value and unit."""
    return f"{name} = {exact(value)}" + (f" {unit}" if unit else "")


def plain_axis() -> tuple[Ticks, str]:
    """Returns an axis that says nothing."""
    return NoTicks(), ""
