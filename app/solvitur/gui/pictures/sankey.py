"""Flows between layers as ribbons whose thickness is the amount."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

from solvitur.gui.numbers import show
from solvitur.gui.pictures.axes import Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, plain_axis, told
from solvitur.gui.pictures.layouts import layers
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import Labels
from solvitur.problem.pictures import Graph

RIBBONS_UP_TO = 200
_NODE_PX = 8.0
_GAP_SHARE = 0.35
_DISTINCT = 7
_NAME_PX = 150
_CURVE = np.linspace(0.0, 1.0, 33)
_CURVE_X = 1.5 * _CURVE * (1 - _CURVE) + _CURVE**3


class SankeyDrawing(Drawing):
    """Marks are the links, then the nodes; y grows downwards over 0..1."""

    downwards = True

    def __init__(self, picture: Graph, look: Look) -> None:
        super().__init__(picture, look)
        self.picture = picture
        places = layers(picture)
        self._column = places[:, 0]
        self._tops, self._heights, self._through = _stacked(picture, places)
        self._from, self._to, self._thick = self._ends()
        sources = list(dict.fromkeys(picture.source.tolist()))
        self._colour = {node: at for at, node in enumerate(sources)} if len(sources) <= _DISTINCT else {}
        names = list(dict.fromkeys(picture.groups))
        self._last = max(len(names) - 1, 1)

    def extent(self) -> QRectF:
        """Columns from left to right, one unit apart."""
        return QRectF(0, 0, self._last, 1)

    def margins(self) -> QMarginsF:
        """Leaves room for names and amounts at both sides."""
        metrics = QFontMetricsF(self.look.font())
        sides = []
        for column in (0, self._last):
            texts = [self._name(int(n)) for n in np.flatnonzero(self._column == column)[:500]]
            sides.append(min(2 * _NAME_PX, max((metrics.horizontalAdvance(t) for t in texts), default=0.0)) + 20)
        return QMarginsF(sides[0], 12, sides[1], 12)

    def x_ticks(self) -> tuple[Ticks, str]:
        """Flows have no axes."""
        return plain_axis()

    def y_ticks(self) -> tuple[Ticks, str]:
        """Flows have no axes; the unit is told above."""
        ticks, _ = plain_axis()
        names = list(dict.fromkeys(self.picture.groups))
        return ticks, " \u2192 ".join(names) + (f" ({self.picture.unit})" if self.picture.unit else "")

    def centers(self) -> np.ndarray:
        """Returns the middles of the ribbons, then of the nodes."""
        source, target = self.picture.source, self.picture.target
        x = (self._column[source] + self._column[target]) / 2
        y = (self._from + self._to + self._thick) / 2
        nodes = np.column_stack((self._column, self._tops + self._heights / 2))
        return np.vstack((np.column_stack((x, y)), nodes))

    def element(self, mark: int) -> str:
        """Ribbons have elements; nodes are labels of sets."""
        return self.picture.elements[mark] if mark < len(self.picture.elements) else ""

    def tip(self, mark: int) -> str:
        """Tells the ribbon's value, or the node's name and total."""
        count = len(self.picture.source)
        if mark >= count:
            node = mark - count
            return told(self.picture.nodes[node] + "\ntotal", float(self._through[node]), self.picture.unit)
        way = " \u2192 ".join(
            self.picture.nodes[int(end)] for end in (self.picture.source[mark], self.picture.target[mark])
        )
        return f"{way}\n{told(self.element(mark) or 'amount', float(self.picture.weight[mark]), self.picture.unit)}"

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds a node before a ribbon."""
        close = np.abs(self._column - x) <= reach[0]
        inside = close & (y >= self._tops - reach[1] / 2) & (y <= self._tops + self._heights + reach[1] / 2)
        if inside.any():
            return len(self.picture.source) + int(np.flatnonzero(inside)[0])
        start, end = self._column[self.picture.source], self._column[self.picture.target]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (x - start) / (end - start)
        t = np.interp(share, _CURVE_X, _CURVE)
        top = self._from + (self._to - self._from) * (3 * t**2 - 2 * t**3)
        hit = (share >= 0) & (share <= 1) & (y >= top - reach[1] / 3) & (y <= top + self._thick + reach[1] / 3)
        hits = np.flatnonzero(hit)
        return int(hits[np.argmin(self._thick[hits])]) if len(hits) else -1

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws ribbons, nodes, names."""
        order = [m for m in np.argsort(-self._thick).tolist() if m not in self.selected] + sorted(self.selected)
        labels = Labels(painter, self.look)
        for mark in order:
            self._draw_ribbon(painter, mapping, mark)
        for node in range(len(self.picture.nodes)):
            self._draw_node(painter, mapping, labels, node)
        self._write_amounts(painter, mapping, labels)

    def _draw_ribbon(self, painter: QPainter, mapping: Mapping, mark: int) -> None:
        source, target = int(self.picture.source[mark]), int(self.picture.target[mark])
        left = mapping.x(self._column[source]) + _NODE_PX / 2
        right = mapping.x(self._column[target]) - _NODE_PX / 2
        top_left, top_right = mapping.y(self._from[mark]), mapping.y(self._to[mark])
        thick = max(self._thick[mark] * abs(mapping.scale_y), 1.0)
        middle = (left + right) / 2
        path = QPainterPath(QPointF(left, top_left))
        path.cubicTo(QPointF(middle, top_left), QPointF(middle, top_right), QPointF(right, top_right))
        path.lineTo(QPointF(right, top_right + thick))
        path.cubicTo(
            QPointF(middle, top_right + thick), QPointF(middle, top_left + thick), QPointF(left, top_left + thick)
        )
        path.closeSubpath()
        chosen, count = mark in self.selected, len(self.picture.source)
        touched = self.hovered in (mark, count + source, count + target)
        fill = self.look.category(self._colour.get(source, 0), 190 if touched else 110)
        painter.setPen(line_pen(self.look.color("accent"), 1.5) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(self.look.color("accent", 200) if chosen else fill)
        painter.drawPath(path)

    def _draw_node(self, painter: QPainter, mapping: Mapping, labels: Labels, node: int) -> None:
        x = mapping.x(self._column[node])
        top, bottom = mapping.y(self._tops[node]), mapping.y(self._tops[node] + self._heights[node])
        used = self._through[node] > 0
        painter.setPen(Qt.PenStyle.NoPen)
        color = self.look.category(self._colour[node]) if node in self._colour else self.look.color("text_soft")
        painter.setBrush(color if used else self.look.color("text_disabled"))
        box = QRectF(x - _NODE_PX / 2, top, _NODE_PX, max(bottom - top, 2.0))
        painter.drawRect(box)
        first = self._column[node] == 0
        shift, align = (-_NODE_PX - 2, "right") if first else (_NODE_PX + 2, "left")
        ink = self.look.color("text" if used else "text_soft")
        labels.write(QPointF(x + shift, box.center().y()), self._name(node), ink, align)

    def _write_amounts(self, painter: QPainter, mapping: Mapping, labels: Labels) -> None:
        """Writes the amounts at the start of ribbons that are thick enough, unless the node's total says it."""
        split = np.bincount(self.picture.source, minlength=len(self.picture.nodes))
        height = QFontMetricsF(painter.font()).height()
        for mark in np.argsort(-self._thick).tolist():
            source = int(self.picture.source[mark])
            if split[source] < 2 or self._thick[mark] * abs(mapping.scale_y) < height - 2:
                continue
            y = mapping.y(self._from[mark] + self._thick[mark] / 2)
            painter.setPen(self.look.color("text"))
            at = QPointF(
                mapping.x(self._column[source]) + _NODE_PX + 4, y + QFontMetricsF(painter.font()).ascent() / 2
            )
            painter.drawText(at, show(float(self.picture.weight[mark])))

    def _name(self, node: int) -> str:
        metrics = QFontMetricsF(self.look.font())
        name = metrics.elidedText(self.picture.nodes[node], Qt.TextElideMode.ElideRight, _NAME_PX)
        if bool((np.abs(self.picture.weight) == 1).all()):
            return name
        return f"{name}  {show(float(self._through[node]))}" if self._through[node] else name

    def _ends(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns the tops of every ribbon at its source and its target, and its thickness."""
        picture = self.picture
        share = np.abs(picture.weight) / max(float(self._through.max(initial=0.0)), 1e-12)
        scale = float(self._heights.max(initial=0.0))
        thick = share * scale
        from_top, to_top = np.zeros(len(thick)), np.zeros(len(thick))
        middle = self._tops + self._heights / 2
        for ends, others, tops in (
            (picture.source, picture.target, from_top),
            (picture.target, picture.source, to_top),
        ):
            used = self._tops.copy()
            for mark in np.lexsort((middle[others], ends)).tolist():
                node = int(ends[mark])
                tops[mark] = used[node]
                used[node] += thick[mark]
        return from_top, to_top, thick


def _stacked(picture: Graph, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the tops and heights of the nodes within 0..1, and what passes through each."""
    count = len(picture.nodes)
    sizes = np.abs(picture.weight)
    out = np.bincount(picture.source, weights=sizes, minlength=count)
    into = np.bincount(picture.target, weights=sizes, minlength=count)
    through = np.maximum(out, into)
    columns = places[:, 0].astype(int)
    tallest = max(float(np.bincount(columns, weights=through).max(initial=0.0)), 1e-12)
    scale = (1.0 - _GAP_SHARE) / tallest
    heights, tops = through * scale, np.zeros(count)
    for column in range(columns.max(initial=0) + 1):
        members = np.flatnonzero(columns == column)
        members = members[np.argsort(-places[members, 1], kind="stable")]
        gap = (1.0 - heights[members].sum()) / max(len(members), 1)
        tops[members] = np.cumsum(heights[members] + gap) - heights[members] - gap / 2
    return tops, heights, through
