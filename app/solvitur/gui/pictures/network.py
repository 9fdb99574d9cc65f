"""Graphs as nodes and lines, fluent with ten thousand nodes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from solvitur.gui.pictures.axes import Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, nearest, plain_axis, told
from solvitur.gui.pictures.links import Links
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import SMOOTH_UP_TO, Labels, draw_points
from solvitur.problem.pictures import Graph

_NODE_PX = 10.0
_LARGEST_PX = 22.0
_NAMES_TRIED = 300
_COLOURED_GROUPS = 7


class NetworkDrawing(Drawing):
    """Marks are the links, then the nodes."""

    def __init__(self, picture: Graph, look: Look, places: np.ndarray) -> None:
        super().__init__(picture, look)
        self.picture = picture
        self.places = places
        self.same_scale = not picture.layered
        self._links = Links(places[picture.source], places[picture.target], picture.weight, picture.directed)
        ends = np.concatenate((picture.source, picture.target))
        self._degree = np.bincount(ends, minlength=len(places))
        self._sizes = self._node_sizes(picture)
        names = list(dict.fromkeys(picture.groups))
        self._groups = np.array([names.index(group) for group in picture.groups] or [0] * len(places), dtype=np.intp)
        self._names = names if len(names) <= _COLOURED_GROUPS else []

    def _node_sizes(self, picture: Graph) -> np.ndarray:
        """Returns diameters in pixels, on maps by what passes through a node."""
        count = len(self.places)
        if count > SMOOTH_UP_TO:
            return np.full(count, 3.0)
        if picture.positions is None:
            return np.full(count, _NODE_PX)
        sizes = np.abs(picture.weight)
        out = np.bincount(picture.source, weights=sizes, minlength=count)
        through = np.maximum(out, np.bincount(picture.target, weights=sizes, minlength=count))
        share = np.sqrt(through / max(float(through.max(initial=0.0)), 1e-12))
        diameters: np.ndarray = np.rint(6.0 + (_LARGEST_PX - 6.0) * share)
        return diameters

    def extent(self) -> QRectF:
        """Returns the box around the nodes."""
        return around(self.places)

    def margins(self) -> QMarginsF:
        """Leaves room for the names at the sides."""
        side = 90 if self.picture.layered else 44
        return QMarginsF(side, 20, side, 20)

    def x_ticks(self) -> tuple[Ticks, str]:
        """A graph has no axes."""
        return plain_axis()

    def y_ticks(self) -> tuple[Ticks, str]:
        """A graph has no axes."""
        return plain_axis()

    def key_names(self) -> list[tuple[str, int]]:
        """Names the groups."""
        return [(name, at) for at, name in enumerate(self._names) if name] if len(self._names) > 1 else []

    def centers(self) -> np.ndarray:
        """Returns the middles of the links, then the nodes."""
        return np.vstack(((self._links.starts + self._links.ends) / 2, self.places))

    def element(self, mark: int) -> str:
        """Links have elements; nodes are labels of sets."""
        return self.picture.elements[mark] if mark < len(self.picture.elements) else ""

    def tip(self, mark: int) -> str:
        """Tells the link's value, or the node's name and links."""
        count = len(self.picture.source)
        if mark >= count:
            node = mark - count
            degree = int(self._degree[node])
            return f"{self.picture.nodes[node]}\n{degree} link{'' if degree == 1 else 's'}"
        ends = (self.picture.source[mark], self.picture.target[mark])
        way = " \u2192 ".join(self.picture.nodes[int(end)] for end in ends)
        value = float(self.picture.weight[mark])
        return f"{way}\n{told(self.element(mark) or 'weight', value, self.picture.unit)}"

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds a node before a link."""
        node = nearest(self.places, x, y, reach)
        return node + len(self.picture.source) if node >= 0 else self._links.at(x, y, reach)

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws links, nodes, names."""
        points = np.column_stack((mapping.x(self.places[:, 0]), mapping.y(self.places[:, 1])))
        starts, ends = points[self.picture.source], points[self.picture.target]
        count = len(starts)
        hot: dict[int, QColor] = {}
        if 0 <= self.hovered < count:
            hot[self.hovered] = self.look.color("text")
        elif self.hovered >= count:
            touched = (self.picture.source == self.hovered - count) | (self.picture.target == self.hovered - count)
            hot.update(dict.fromkeys(np.flatnonzero(touched).tolist(), self.look.color("text")))
        hot.update({mark: self.look.color("accent") for mark in self.selected})
        self._links.draw(painter, self.look, starts, ends, hot)
        self._draw_nodes(painter, points)
        labels = Labels(painter, self.look, self.room(mapping))
        visible = self.viewRect().contains
        if len(points) <= _NAMES_TRIED and not self.picture.layered:
            for (x, y), size in zip(points.tolist(), self._sizes.tolist(), strict=True):
                labels.keep_free(QRectF(x - size / 2, y - size / 2, size, size))
        busiest = np.argsort(-self._degree, kind="stable")[: 4 * _NAMES_TRIED].tolist()
        for node in [n for n in busiest if visible(QPointF(*self.places[n]))][:_NAMES_TRIED]:
            self._write_name(labels, points[node], node)
        self._links.write_weights(labels, self.look, starts, ends)

    def _write_name(self, labels: Labels, at: np.ndarray, node: int) -> None:
        left = self.picture.layered and self._groups[node] == 0
        shift, align = (-_NODE_PX, "right") if left else (_NODE_PX, "left")
        ink = self.look.color("text" if self._degree[node] else "text_soft")
        if not self.picture.layered:
            labels.write_around(QPointF(*at), self._sizes[node] / 2 + 4, self.picture.nodes[node], ink)
            return
        labels.write(QPointF(at[0] + shift, at[1]), self.picture.nodes[node], ink, align)

    def _draw_nodes(self, painter: QPainter, points: np.ndarray) -> None:
        many = len(points) > SMOOTH_UP_TO
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not many)
        colours = self._groups if len(self._names) > 1 else np.zeros(len(points), dtype=np.intp)
        colours = np.where(self._degree > 0, colours, -1)
        for size in np.unique(self._sizes).tolist()[::-1]:
            for colour in np.unique(colours).tolist():
                part = points[(colours == colour) & (self._sizes == size)]
                if not len(part):
                    continue
                if not many:
                    painter.setPen(line_pen(self.look.color("surface"), size + 3))
                    draw_points(painter, part)
                ink = self.look.category(colour) if colour >= 0 else self.look.color("text_disabled")
                painter.setPen(line_pen(ink, size))
                draw_points(painter, part)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        node = self.hovered - len(self.picture.source)
        if 0 <= node < len(points):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(line_pen(self.look.color("text"), 1.5))
            radius = self._sizes[node] / 2 + 2
            painter.drawEllipse(QPointF(*points[node]), radius, radius)


def around(points: np.ndarray) -> QRectF:
    """Returns the box around points, never flat."""
    if not len(points):
        return QRectF(0, 0, 1, 1)
    low, high = points.min(axis=0), points.max(axis=0)
    size = high - low
    flat = float(max(size.max(), 1e-9)) if size.max() > 0 else 1.0
    pad = np.where(size <= 0, flat / 2, 0.0)
    low, high = low - pad, high + pad
    return QRectF(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
