"""Lines over time or any other number, named at their ends."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from solvitur.gui.pictures.axes import LabelTicks, NumberTicks, Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, nearest, told
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import draw_path, draw_points, spread_apart
from solvitur.problem.pictures import Lines

_DOTS_UP_TO = 60
_NAME_PX = 140


class LinesDrawing(Drawing):
    """One line (or stairs) per series; marks are the points, series by series."""

    def __init__(self, picture: Lines, look: Look) -> None:
        super().__init__(picture, look)
        self.picture = picture
        sizes = [len(x) for x in picture.x]
        self._starts = np.concatenate(([0], np.cumsum(sizes))).astype(int)
        parts = [np.column_stack((x, y)) for x, y in zip(picture.x, picture.y, strict=True)]
        self._points = np.vstack(parts).astype(np.float64) if parts else np.zeros((0, 2))

    def extent(self) -> QRectF:
        """Holds zero when the values come near it."""
        finite = self._points[np.isfinite(self._points).all(axis=1)]
        if not len(finite):
            return QRectF(0, 0, 1, 1)
        (left, low), (right, high) = finite.min(axis=0), finite.max(axis=0)
        if 0 < low < 0.6 * high:
            low = 0.0
        if 0.6 * low < high < 0:
            high = 0.0
        if self.picture.steps:
            right += 1.0 if len(finite) > 1 else 0.0
        return QRectF(float(left), float(low), float(right - left) or 1.0, float(high - low) or 1.0)

    def margins(self) -> QMarginsF:
        """Leaves room for the series' names at the right."""
        metrics = QFontMetricsF(self.look.font())
        widest = max((min(_NAME_PX, metrics.horizontalAdvance(name)) for name in self.picture.series), default=0.0)
        return QMarginsF(4, 10, widest + 16 if self._named else 8, 4)

    @property
    def _named(self) -> bool:
        return len(self.picture.series) > 1

    def x_ticks(self) -> tuple[Ticks, str]:
        """Time, or the labels given for the positions 0, 1, 2 ..."""
        if self.picture.x_labels:
            return LabelTicks(self.picture.x_labels), self.picture.x_axis
        whole = bool((self._points[:, 0] == np.rint(self._points[:, 0])).all())
        return NumberTicks(grid=False, whole=whole), self.picture.x_axis

    def y_ticks(self) -> tuple[Ticks, str]:
        """The values."""
        return NumberTicks(), self.picture.y_axis

    def centers(self) -> np.ndarray:
        """Returns the points."""
        return self._points

    def element(self, mark: int) -> str:
        """Returns the point's element."""
        series, at = self._which(mark)
        names = self.picture.elements
        return names[series][at] if series < len(names) and at < len(names[series]) else ""

    def tip(self, mark: int) -> str:
        """Tells series, place and exact value."""
        series, at = self._which(mark)
        x, y = float(self.picture.x[series][at]), float(self.picture.y[series][at])
        labels = self.picture.x_labels
        place = labels[int(x)] if labels and 0 <= int(x) < len(labels) else f"{x:g}"
        name = self.picture.series[series]
        where = f"{self.picture.x_axis} {place}".strip()
        return f"{where}\n{told(self.element(mark) or name, y, self.picture.y_axis)}"

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the nearest point within twice the usual reach."""
        return nearest(self._points, x, y, (2 * reach[0], 2 * reach[1]))

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws zero, the lines, their points and names."""
        area = self.extent()
        if area.top() <= 0 <= area.bottom():
            painter.setPen(line_pen(self.look.color("text_soft")))
            painter.drawLine(mapping.point(area.left(), 0.0), mapping.point(area.right(), 0.0))
        ends: list[tuple[float, float, int]] = []
        hovered = self._which(self.hovered)[0] if 0 <= self.hovered < len(self._points) else -1
        for series in range(len(self.picture.series)):
            points = self._pixels(mapping, series)
            if not len(points):
                continue
            painter.setPen(line_pen(self.look.category(series), 3.0 if series == hovered else 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            path = stairs(points, abs(mapping.scale_x)) if self.picture.steps else points
            draw_path(painter, path)
            if len(points) <= _DOTS_UP_TO and not self.picture.steps:
                painter.setPen(line_pen(self.look.category(series), 6.0))
                draw_points(painter, points)
            ends.append((float(path[-1][0]), float(path[-1][1]), series))
        for mark in self.selected | ({self.hovered} if 0 <= self.hovered < len(self._points) else set()):
            painter.setPen(line_pen(self.look.color("accent" if mark in self.selected else "text"), 2.0))
            painter.setBrush(self.look.color("surface"))
            painter.drawEllipse(mapping.point(*self._points[mark]), 5.0, 5.0)
        if self._named:
            self._write_names(painter, ends, self._span(mapping))

    def _pixels(self, mapping: Mapping, series: int) -> np.ndarray:
        part = self._points[self._starts[series] : self._starts[series + 1]]
        part = part[np.isfinite(part).all(axis=1)]
        made: np.ndarray = np.column_stack((mapping.x(part[:, 0]), mapping.y(part[:, 1])))
        return thinned(made)

    def _which(self, mark: int) -> tuple[int, int]:
        series = int(np.searchsorted(self._starts, mark, side="right")) - 1
        return series, mark - int(self._starts[series])

    def _span(self, mapping: Mapping) -> tuple[float, float]:
        """Returns the pixels between which names may stand."""
        area = self.extent()
        low, high = sorted((mapping.y(area.top()), mapping.y(area.bottom())))
        return low, high

    def _write_names(
        self, painter: QPainter, ends: list[tuple[float, float, int]], span: tuple[float, float]
    ) -> None:
        """Writes the names at the right ends, pushed apart so that none lies on another."""
        metrics = QFontMetricsF(painter.font())
        ranked = sorted(ends, key=lambda end: end[1])
        places = spread_apart(np.array([end[1] for end in ranked]), metrics.height() - 1, *span)
        for (x, y, series), at in zip(ranked, places.tolist(), strict=True):
            painter.setPen(line_pen(self.look.category(series), 1.0))
            painter.drawLine(QLineF(x + 2, y, x + 8, at))
            text = metrics.elidedText(self.picture.series[series], Qt.TextElideMode.ElideRight, _NAME_PX)
            painter.setPen(self.look.color("text"))
            painter.drawText(QPointF(x + 11, at + metrics.ascent() / 2 - 1), text)


def stairs(points: np.ndarray, last_px: float) -> np.ndarray:
    """Turns points into steps that hold their value until the next, and for ``last_px`` after the last."""
    doubled = np.repeat(points, 2, axis=0)
    doubled[1:-1, 0] = np.repeat(points[1:, 0], 2)
    doubled[-1, 0] += last_px if len(points) > 1 else 0.0
    return doubled


def thinned(points: np.ndarray, most: int = 2_000) -> np.ndarray:
    """Keeps the lowest and highest of every stretch when a line has more points than a screen has pixels."""
    if len(points) <= most:
        return points
    bins = most // 2
    edges = np.linspace(0, len(points), bins + 1).astype(int)
    kept = []
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = points[start:end, 1]
        kept.extend(sorted({start + int(part.argmin()), start + int(part.argmax())}))
    return points[kept]
