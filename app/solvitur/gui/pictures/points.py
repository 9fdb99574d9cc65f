"""Points in the plane: scatters, maps with links, and routes over stops."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from solvitur.gui.numbers import exact
from solvitur.gui.pictures.axes import NoTicks, NumberTicks, Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, nearest, plain_axis
from solvitur.gui.pictures.links import Links
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import SMOOTH_UP_TO, Labels, draw_points
from solvitur.gui.pictures.network import around
from solvitur.problem.pictures import Routes, Scatter

_SMALLEST_PX, _LARGEST_PX = 7.0, 30.0
_NAMES_TRIED = 250
_COLOURED_GROUPS = 7


class ScatterDrawing(Drawing):
    """Points with optional sizes, groups and links; marks are the points."""

    def __init__(self, picture: Scatter, look: Look) -> None:
        super().__init__(picture, look)
        self.picture = picture
        self._points = np.column_stack((picture.x, picture.y)).astype(np.float64)
        self.same_scale = picture.x_axis in ("", "x") and picture.y_axis in ("", "y")
        self._sizes = _sizes(picture.size, len(self._points))
        names = list(dict.fromkeys(picture.groups))
        self._names = names if len(names) <= _COLOURED_GROUPS else []
        self._groups = np.array([names.index(group) for group in picture.groups] or [0] * len(self._points))
        self._links: Links | None = None
        if picture.links is not None and len(picture.links):
            starts, ends = self._points[picture.links[:, 0]], self._points[picture.links[:, 1]]
            self._links = Links(starts, ends, np.ones(len(starts)), directed=False)

    def extent(self) -> QRectF:
        """Returns the box around the points."""
        return around(self._points)

    def margins(self) -> QMarginsF:
        """Leaves room for large points and names."""
        return QMarginsF(24, 24, 70, 24)

    def x_ticks(self) -> tuple[Ticks, str]:
        """The first coordinate."""
        return (NoTicks(), "") if self.same_scale else (NumberTicks(), self.picture.x_axis)

    def y_ticks(self) -> tuple[Ticks, str]:
        """The second coordinate."""
        return (NoTicks(), "") if self.same_scale else (NumberTicks(), self.picture.y_axis)

    def key_names(self) -> list[tuple[str, int]]:
        """Names the groups."""
        return [(name, at) for at, name in enumerate(self._names) if name] if len(self._names) > 1 else []

    def centers(self) -> np.ndarray:
        """Returns the points."""
        return self._points

    def element(self, mark: int) -> str:
        """Returns the point's element."""
        return self.picture.elements[mark] if mark < len(self.picture.elements) else ""

    def tip(self, mark: int) -> str:
        """Tells the name, the size and the place."""
        label = self.picture.labels[mark] if mark < len(self.picture.labels) else str(mark)
        lines = [label] if label not in self.element(mark) else []
        if self.picture.size is not None:
            lines.append(f"{self.element(mark) or 'size'} = {exact(float(self.picture.size[mark]))}")
        elif self.element(mark):
            lines.append(self.element(mark))
        x, y = self.picture.x_axis or "x", self.picture.y_axis or "y"
        lines.append(f"{x} {exact(float(self.picture.x[mark]))}, {y} {exact(float(self.picture.y[mark]))}")
        return "\n".join(lines)

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the nearest point."""
        return nearest(self._points, x, y, reach)

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws links, points by size, names."""
        points = np.column_stack((mapping.x(self._points[:, 0]), mapping.y(self._points[:, 1])))
        if self._links is not None and self.picture.links is not None:
            starts, ends = points[self.picture.links[:, 0]], points[self.picture.links[:, 1]]
            self._links.draw(painter, self.look, starts, ends, {})
        many = len(points) > SMOOTH_UP_TO
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not many)
        for size in np.unique(self._sizes):
            for group in range(len(self._names) or 1):
                chosen = self._sizes == size
                if self._names:
                    chosen &= self._groups == group
                self._dots(painter, points[chosen], self.look.category(group), 3.0 if many else float(size))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self.selected | ({self.hovered} if self.hovered >= 0 else set()):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(line_pen(self.look.color("accent" if mark in self.selected else "text"), 2.0))
            radius = self._sizes[mark] / 2 + 2.5
            painter.drawEllipse(QPointF(*points[mark]), radius, radius)
        self._write_names(painter, points, mapping)

    def _dots(self, painter: QPainter, points: np.ndarray, color: QColor, size: float) -> None:
        if not len(points):
            return
        painter.setPen(line_pen(self.look.color("surface"), size + 2))
        draw_points(painter, points)
        painter.setPen(line_pen(color, size))
        draw_points(painter, points)

    def _write_names(self, painter: QPainter, points: np.ndarray, mapping: Mapping) -> None:
        labels = Labels(painter, self.look, self.room(mapping))
        for mark in np.flatnonzero(self._sizes > _SMALLEST_PX).tolist()[:_NAMES_TRIED]:
            half = self._sizes[mark] / 2
            labels.keep_free(QRectF(points[mark][0] - half, points[mark][1] - half, 2 * half, 2 * half))
        tried = 0
        for mark in np.argsort(-self._sizes, kind="stable").tolist():
            if mark >= len(self.picture.labels) or tried >= _NAMES_TRIED:
                break
            if self.viewRect().contains(QPointF(*self._points[mark])):
                tried += 1
                gap = self._sizes[mark] / 2 + 4
                labels.write_around(QPointF(*points[mark]), gap, self.picture.labels[mark], self.look.color("text"))


class RoutesDrawing(Drawing):
    """Routes in colours over their stops; marks are the stops."""

    same_scale = True

    def __init__(self, picture: Routes, look: Look) -> None:
        super().__init__(picture, look)
        self.picture = picture
        self._of = np.full(len(picture.positions), -1)
        self._rank = np.zeros(len(picture.positions), dtype=int)
        for number, route in enumerate(picture.routes):
            self._of[route] = number
            self._rank[route] = np.arange(len(route))

    def extent(self) -> QRectF:
        """Returns the box around the stops."""
        return around(self.picture.positions)

    def margins(self) -> QMarginsF:
        """Leaves room for names."""
        return QMarginsF(20, 20, 50, 20)

    def x_ticks(self) -> tuple[Ticks, str]:
        """A map has no axes."""
        return plain_axis()

    def y_ticks(self) -> tuple[Ticks, str]:
        """A map has no axes."""
        return plain_axis()

    def key_names(self) -> list[tuple[str, int]]:
        """Names the routes when there are few."""
        return [(name, at) for at, name in enumerate(self.picture.names)] if len(self.picture.names) <= 13 else []

    def centers(self) -> np.ndarray:
        """Returns the stops."""
        return self.picture.positions

    def element(self, mark: int) -> str:
        """Returns the stop's element."""
        return self.picture.elements[mark] if mark < len(self.picture.elements) else ""

    def tip(self, mark: int) -> str:
        """Tells the stop's name, its route and its turn."""
        label = self.picture.labels[mark] if mark < len(self.picture.labels) else f"stop {mark}"
        if mark in self.picture.depots:
            return f"{label}\ndepot"
        number = int(self._of[mark])
        if number < 0:
            return f"{label}\nnot visited"
        name = self.picture.names[number] if number < len(self.picture.names) else f"route {number + 1}"
        return f"{label}\n{name}, stop {int(self._rank[mark]) + 1}"

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the nearest stop."""
        return nearest(self.picture.positions, x, y, reach)

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws the routes, the stops, the depots as squares, and names."""
        places = self.picture.positions
        points = np.column_stack((mapping.x(places[:, 0]), mapping.y(places[:, 1])))
        active = int(self._of[self.hovered]) if 0 <= self.hovered < len(points) else -1
        for number, route in enumerate(self.picture.routes):
            faded = 255 if active in (-1, number) else 70
            painter.setPen(line_pen(self.look.category(number, faded), 3.0 if number == active else 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([QPointF(*points[stop]) for stop in route.tolist()]))
        for number in range(-1, len(self.picture.routes)):
            color = self.look.category(number) if number >= 0 else self.look.color("text_disabled")
            part = points[self._of == number]
            if len(part):
                painter.setPen(line_pen(color, 7.0))
                draw_points(painter, part)
        labels = Labels(painter, self.look, self.room(mapping))
        for depot in self.picture.depots:
            box = QRectF(points[depot][0] - 6, points[depot][1] - 6, 12, 12)
            painter.setPen(line_pen(self.look.color("surface"), 1.5))
            painter.setBrush(self.look.color("text"))
            painter.drawRect(box)
            labels.keep_free(box)
        for mark in self.selected | ({self.hovered} if 0 <= self.hovered < len(points) else set()):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(line_pen(self.look.color("accent" if mark in self.selected else "text"), 2.0))
            painter.drawEllipse(QPointF(*points[mark]), 7.0, 7.0)
        for mark in range(min(len(self.picture.labels), _NAMES_TRIED)):
            labels.write_around(QPointF(*points[mark]), 8, self.picture.labels[mark], self.look.color("text"))


def _sizes(size: np.ndarray | None, count: int) -> np.ndarray:
    """Returns diameters in pixels, areas by size, in few steps so that equal dots are drawn at once."""
    if size is None or not len(size) or float(np.abs(size).max()) == 0:
        return np.full(count, _SMALLEST_PX + 3)
    share = np.sqrt(np.abs(size) / float(np.abs(size).max()))
    diameters: np.ndarray = np.rint(_SMALLEST_PX + (_LARGEST_PX - _SMALLEST_PX) * share)
    return diameters
