"""Links between points: widths by weight in few classes, arrow heads, hits, weights written beside them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from solvitur.gui.numbers import show
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import SMOOTH_UP_TO, Labels, draw_lines

_CLASSES = 5
_WIDEST_PX, _THINNEST_PX = 6.0, 1.0
_ARROWS_UP_TO = 600
_WEIGHTS_UP_TO = 40
_ARROW_PX = 8.0


class Links:
    """The links of one picture; ends are arrays of shape (n, 2) in data coordinates."""

    def __init__(self, starts: np.ndarray, ends: np.ndarray, weights: np.ndarray, directed: bool) -> None:
        self.starts, self.ends, self.weights, self.directed = starts, ends, weights, directed
        sizes = np.abs(weights)
        top = float(sizes.max(initial=0.0))
        share = sizes / top if top > 0 else np.zeros(len(sizes))
        alike = len(sizes) > 0 and float(sizes.min()) == top
        self.share = np.full(len(sizes), 0.2) if alike else share
        self.tell_weights = not alike and len(sizes) <= _WEIGHTS_UP_TO

    def draw(
        self, painter: QPainter, look: Look, starts: np.ndarray, ends: np.ndarray, hot: dict[int, QColor]
    ) -> None:
        """Draws all links between pixel points; ``hot`` gives some their own colour."""
        many = len(starts) > SMOOTH_UP_TO
        color = look.faded(look.category(0), 0.35 if many else 0.65)
        level = np.minimum((self.share * _CLASSES).astype(np.intp), _CLASSES - 1)
        for n in range(_CLASSES):
            chosen = level == n
            if chosen.any():
                painter.setPen(line_pen(color, 1.0 if many else _width(n), flat=True))
                draw_lines(painter, starts[chosen], ends[chosen])
        for mark, ink in hot.items():
            painter.setPen(line_pen(ink, _width(int(level[mark])) + 1.5))
            painter.drawLine(QPointF(*starts[mark]), QPointF(*ends[mark]))
        if self.directed and len(starts) <= _ARROWS_UP_TO:
            for mark in range(len(starts)):
                _arrow(painter, hot.get(mark, look.category(0)), starts[mark], ends[mark], _width(int(level[mark])))

    def write_weights(self, labels: Labels, look: Look, starts: np.ndarray, ends: np.ndarray) -> None:
        """Writes the weights in the middle of the links, when there are few and they differ."""
        if not self.tell_weights:
            return
        for mark in np.argsort(-self.share).tolist():
            at = (starts[mark] + ends[mark]) / 2
            labels.write(QPointF(*at), show(float(self.weights[mark])), look.color("text_soft"), "center")

    def at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Returns the link nearest to a point within reach, or -1."""
        if not len(self.starts):
            return -1
        scale = np.array(reach)
        point = np.array((x, y)) / scale
        start, way = self.starts / scale, (self.ends - self.starts) / scale
        length = np.maximum((way**2).sum(axis=1), 1e-12)
        along = np.clip(((point - start) * way).sum(axis=1) / length, 0.0, 1.0)
        distance = np.hypot(*(start + way * along[:, None] - point).T)
        best = int(np.argmin(distance))
        return best if distance[best] <= 1.0 else -1


def _width(level: int) -> float:
    return _THINNEST_PX + (_WIDEST_PX - _THINNEST_PX) * level / (_CLASSES - 1)


def _arrow(painter: QPainter, color: QColor, start: np.ndarray, end: np.ndarray, width: float) -> None:
    way = end - start
    length = float(np.hypot(*way))
    if length < 4 * _ARROW_PX:
        return
    way = way / length
    across = np.array((-way[1], way[0]))
    size = _ARROW_PX + width / 2
    tip = start + way * (length * 0.62 + size / 2)
    corners = (tip, tip - way * size + across * size / 2, tip - way * size - across * size / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
