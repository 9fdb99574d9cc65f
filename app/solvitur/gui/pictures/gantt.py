"""Bars in time: timetables by lane, and address maps by extent."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QPainter

from solvitur.gui.numbers import exact
from solvitur.gui.pictures.axes import LabelTicks, NumberTicks, Ticks
from solvitur.gui.pictures.drawing import Drawing, Mapping
from solvitur.gui.pictures.look import Look, line_pen
from solvitur.gui.pictures.marks import draw_boxes, outline, write_inside
from solvitur.problem.pictures import Gantt

_BAR = 0.76
_TEXTS = 1_500


class GanttDrawing(Drawing):
    """Lanes from top to bottom, time from left to right; with extents, addresses from bottom to top."""

    def __init__(self, picture: Gantt, look: Look) -> None:
        super().__init__(picture, look)
        self.picture = picture
        self._by_extent = picture.low is not None and picture.high is not None
        self.downwards = not self._by_extent
        self._boxes = _boxes(picture)
        colour_by = picture.groups if any(picture.groups) else picture.labels
        names = list(dict.fromkeys(colour_by))
        place = {name: at for at, name in enumerate(names)}
        self._colour = [place[name] for name in colour_by] or [0] * len(self._boxes)

    def extent(self) -> QRectF:
        """Returns the box around all bars."""
        if not len(self._boxes):
            return QRectF(0, 0, 1, 1)
        left, low = self._boxes[:, 0].min(), self._boxes[:, 1].min()
        right, high = self._boxes[:, 2].max(), self._boxes[:, 3].max()
        if self._by_extent:
            low = min(low, 0.0)
        else:
            low, high = -0.5, len(self.picture.lanes) - 0.5
        return QRectF(float(left), float(low), float(right - left) or 1.0, float(high - low) or 1.0)

    def margins(self) -> QMarginsF:
        """Leaves a little room at the end."""
        return QMarginsF(2, 6, 12, 2)

    def x_ticks(self) -> tuple[Ticks, str]:
        """Time."""
        unit = "" if self._by_extent or not self.picture.unit else f" ({self.picture.unit})"
        whole = bool((self._boxes[:, [0, 2]] == np.rint(self._boxes[:, [0, 2]])).all())
        return NumberTicks(whole=whole), self.picture.axis + unit

    def y_ticks(self) -> tuple[Ticks, str]:
        """Lanes, or addresses."""
        if self._by_extent:
            name = self.picture.lanes[0] if self.picture.lanes else ""
            return NumberTicks(), f"{name} ({self.picture.unit})" if self.picture.unit else name
        return LabelTicks(self.picture.lanes), ""

    def key_names(self) -> list[tuple[str, int]]:
        """Names the groups when they are few and not written into the bars."""
        names = [name for name in dict.fromkeys(self.picture.groups) if name]
        told = set(self.picture.labels)
        return [(n, at) for at, n in enumerate(names)] if 1 < len(names) <= 13 and not set(names) <= told else []

    def centers(self) -> np.ndarray:
        """Returns the middles of the bars."""
        return np.column_stack((self._boxes[:, [0, 2]].mean(axis=1), self._boxes[:, [1, 3]].mean(axis=1)))

    def element(self, mark: int) -> str:
        """Returns the bar's element."""
        return self.picture.elements[mark] if mark < len(self.picture.elements) else ""

    def tip(self, mark: int) -> str:
        """Tells what, where, from when to when."""
        start, end = float(self.picture.start[mark]), float(self.picture.end[mark])
        label = self.picture.labels[mark] if mark < len(self.picture.labels) else ""
        group = self.picture.groups[mark] if mark < len(self.picture.groups) else ""
        lines = [" \u00b7 ".join(dict.fromkeys(part for part in (group, label) if part))]
        lane = self.picture.lanes[int(self.picture.lane[mark])] if not self._by_extent else ""
        lines.append(
            f"{lane + ': ' if lane and lane != label else ''}{exact(start)} to {exact(end)} ({exact(end - start)})"
        )
        if self.picture.low is not None and self.picture.high is not None:
            low, high = float(self.picture.low[mark]), float(self.picture.high[mark])
            size = f"{exact(high - low)} {self.picture.unit}".rstrip()
            lines.append(f"{self.element(mark) or 'from'} = {exact(low)}, size {size}")
        elif self.element(mark):
            lines.append(f"{self.element(mark)} = {exact(start)}")
        return "\n".join(line for line in lines if line)

    def mark_at(self, x: float, y: float, reach: tuple[float, float]) -> int:
        """Finds the bar under a point."""
        left, low, right, high = self._boxes.T
        hits = np.flatnonzero((x >= left - reach[0] / 4) & (x <= right + reach[0] / 4) & (y >= low) & (y <= high))
        return int(hits[-1]) if len(hits) else -1

    def draw(self, painter: QPainter, mapping: Mapping) -> None:
        """Draws the bars by colour, then names, then what is selected."""
        left, right = np.sort((mapping.x(self._boxes[:, 0]), mapping.x(self._boxes[:, 2])), axis=0)
        top, bottom = np.sort((mapping.y(self._boxes[:, 1]), mapping.y(self._boxes[:, 3])), axis=0)
        pixels = np.column_stack((left, top, np.maximum(right - left, 1.0), np.maximum(bottom - top, 1.0)))
        colours = np.array(self._colour) % len(self.look.tokens.categories)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for colour in np.unique(colours).tolist():
            painter.setPen(line_pen(self.look.color("surface"), 1.0) if len(pixels) < _TEXTS else Qt.PenStyle.NoPen)
            painter.setBrush(self.look.category(colour))
            draw_boxes(painter, pixels[colours == colour])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._write_names(painter, pixels, colours)
        if 0 <= self.hovered < len(pixels):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(line_pen(self.look.color("text"), 1.5))
            painter.drawRect(QRectF(*pixels[self.hovered]))
        for mark in self.selected:
            outline(painter, self.look, QRectF(*pixels[mark]))

    def _write_names(self, painter: QPainter, pixels: np.ndarray, colours: np.ndarray) -> None:
        roomy = np.flatnonzero((pixels[:, 2] > 16) & (pixels[:, 3] > 10))
        for mark in roomy[:_TEXTS].tolist():
            if mark < len(self.picture.labels):
                box = QRectF(*pixels[mark])
                ink = self.look.ink_on(self.look.category(int(colours[mark])))
                write_inside(painter, box, self.picture.labels[mark], ink)


def _boxes(picture: Gantt) -> np.ndarray:
    """Returns left, low, right, high per bar, shape (n, 4)."""
    if picture.low is not None and picture.high is not None:
        return np.column_stack((picture.start, picture.low, picture.end, picture.high)).astype(np.float64)
    lane = picture.lane.astype(np.float64)
    return np.column_stack((picture.start, lane - _BAR / 2, picture.end, lane + _BAR / 2)).astype(np.float64)
