"""Bars, lying, so that their labels can be read; stacked or side by side when there are several series."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from solvitur.gui.numbers import show
from solvitur.gui.pictures.axes import LabelTicks, NumberTicks, Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping, told
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import outline
from solvitur.problem.pictures import Bars

_BAR = 0.72
_LABEL_FROM_PX = 11


class BarsDrawing(Drawing):
    """One row per label, from top to bottom."""

    downwards = True

    def __init__(self, picture: Bars, look: Look) -> None:
        super().__init__(picture, look)
        self.picture = picture
        self._boxes = _boxes(picture)

    def extent(self) -> QRectF:
        """Always holds zero, the values and the limits."""
        ends = [self._boxes[:, [0, 2]].ravel(), np.zeros(1)]
        if self.picture.limits is not None:
            ends.append(self.picture.limits[np.isfinite(self.picture.limits)])
        low, high = float(np.concatenate(ends).min()), float(np.concatenate(ends).max())
        return QRectF(low, -0.5, (high - low) or 1.0, max(len(self.picture.labels), 1))

    def margins(self) -> QMarginsF:
        """Leaves room for the value at the end of each bar."""
        metrics = QFontMetricsF(self.look.font())
        texts = [metrics.horizontalAdvance(show(float(v))) for v in self.picture.values.ravel()[:500]]
        room = max(texts, default=0.0) + 12
        area = self.extent()
        return QMarginsF(room if area.left() < 0 else 0, 2, room if area.right() > 0 else 4, 2)

    def x_ticks(self) -> tuple[Ticks, str]:
        """The values."""
        name = self.picture.series[0] if len(self.picture.series) == 1 else ""
        return NumberTicks(), f"{name} ({self.picture.unit})" if self.picture.unit and name else self.picture.unit

    def y_ticks(self) -> tuple[Ticks, str]:
        """The labels."""
        return LabelTicks(self.picture.labels), self.picture.axis

    def key_names(self) -> list[tuple[str, int]]:
        """Names the series when there are several."""
        return [(name, at) for at, name in enumerate(self.picture.series)] if len(self.picture.series) > 1 else []

    def centers(self) -> np.ndarray:
        """Returns the middles of the bars."""
        return np.column_stack((self._boxes[:, [0, 2]].mean(axis=1), self._boxes[:, [1, 3]].mean(axis=1)))

    def element(self, mark: int) -> str:
        """Returns the element of the bar's label (or of the bar, when there is one name per bar)."""
        names = self.picture.elements
        at = mark if len(names) == self.picture.values.size else mark % max(len(self.picture.labels), 1)
        return names[at] if at < len(names) else ""

    def tip(self, mark: int) -> str:
        """Tells the exact value, and the limit when there is one."""
        series, label = divmod(mark, max(len(self.picture.labels), 1))
        value = float(self.picture.values[series, label])
        text = told(self.element(mark) or self.picture.labels[label], value, self.picture.unit)
        if len(self.picture.series) > 1:
            text = f"{self.picture.series[series]}\n{text}"
        if self.picture.limits is not None:
            limit = float(self.picture.limits[label])
            used = f" ({show(100 * value / limit, 4)} % used)" if limit else ""
            text += f"\nlimit {show(limit, 12)}{used}"
        return text

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the bar under a point; thin bars are hit in their whole row."""
        left, top, right, bottom = self._boxes.T
        inside = (y >= top) & (y <= bottom) & (x >= left - reach[0]) & (x <= right + reach[0])
        hits = np.flatnonzero(inside)
        return int(hits[0]) if len(hits) else -1

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws bars, their values, the zero line and the limits."""
        labels = max(len(self.picture.labels), 1)
        single = len(self.picture.series) <= 1
        for mark, (left, top, right, bottom) in enumerate(self._boxes):
            box = mapping.box(left, top, right, bottom)
            fill = self.look.category(0 if single else mark // labels)
            if mark == self.hovered:
                fill = fill.lighter(115)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRect(box)
            if mark in self.selected:
                outline(painter, self.look, box)
        self._draw_limits(painter, mapping)
        for mark, corners in enumerate(self._boxes):
            self._write_value(painter, mapping, mark, mapping.box(*corners))

    def _draw_limits(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws the zero line, and a tick across each bar that has a limit."""
        zero = mapping.x(0.0)
        area = self.extent()
        painter.setPen(line_pen(self.look.color("text_soft")))
        painter.drawLine(QPointF(zero, mapping.y(area.top())), QPointF(zero, mapping.y(area.bottom())))
        if self.picture.limits is not None:
            painter.setPen(line_pen(self.look.color("text"), 2.0))
            for row, limit in enumerate(self.picture.limits.tolist()):
                painter.drawLine(mapping.point(limit, row - 0.44), mapping.point(limit, row + 0.44))

    def _write_value(self, painter: QPainter, mapping: Mapping, mark: int, box: QRectF) -> None:
        if box.height() < _LABEL_FROM_PX:
            return
        value, labels = float(self.picture.values.ravel()[mark]), max(len(self.picture.labels), 1)
        text = show(value)
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(text)
        if self.picture.stacked and len(self.picture.series) > 1:
            if width + 6 <= box.width():
                painter.setPen(self.look.ink_on(self.look.category(mark // labels)))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            return
        painter.setPen(self.look.color("text"))
        left = box.left() - width - 6 if value < 0 else box.right() + 6
        if self.picture.limits is not None:
            tick = mapping.x(float(self.picture.limits[mark % labels]))
            if left - 6 < tick < left + width + 4:
                left = tick + 6
        painter.drawText(QPointF(left, box.center().y() + metrics.ascent() / 2 - 1), text)


def _boxes(picture: Bars) -> np.ndarray:
    """Returns left, top, right, bottom per bar, series by series, shape (series * labels, 4)."""
    values = np.nan_to_num(np.atleast_2d(picture.values), nan=0.0, posinf=0.0, neginf=0.0)
    series, labels = values.shape
    rows = np.arange(labels, dtype=np.float64)
    made = np.zeros((series, labels, 4))
    if picture.stacked:
        ups, downs = np.maximum(values, 0), np.minimum(values, 0)
        starts = np.where(values >= 0, np.cumsum(ups, axis=0) - ups, np.cumsum(downs, axis=0) - downs)
        each, offset = _BAR, np.zeros(series)
    else:
        starts = np.zeros_like(values)
        each = _BAR / max(series, 1)
        offset = (np.arange(series) - (series - 1) / 2) * each
    made[..., 0], made[..., 2] = np.minimum(starts, starts + values), np.maximum(starts, starts + values)
    made[..., 1] = rows[None, :] + offset[:, None] - each / 2
    made[..., 3] = rows[None, :] + offset[:, None] + each / 2
    return made.reshape(-1, 4)
