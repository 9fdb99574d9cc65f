"""Axes: round numbers with thin spaces, labels that make room for each other, a quiet grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from solvitur.gui.numbers import show
from solvitur.gui.pictures.look import Look

_GAP_PX = 6
_LONGEST_PX = 180
_NARROWEST_PX = 44
_NUMBER_EVERY_PX = {True: 44, False: 72}


class Ticks(Protocol):
    """Where an axis has ticks and what they say."""

    @property
    def grid(self) -> bool:
        """Whether lines run through the plot at the ticks."""
        ...

    def at(
        self, low: float, high: float, length_px: float, metrics: QFontMetricsF, upright: bool
    ) -> list[tuple[float, str]]:
        """Returns positions and texts within a range that covers ``length_px`` pixels."""
        ...


@dataclass(frozen=True)
class NumberTicks:
    """Round numbers; ``logarithmic`` reads positions as powers of ten; ``whole`` leaves out fractions."""

    grid: bool = True
    whole: bool = False
    logarithmic: bool = False
    percent: bool = False
    suffix: str = ""

    def at(
        self, low: float, high: float, length_px: float, metrics: QFontMetricsF, upright: bool
    ) -> list[tuple[float, str]]:
        """Returns positions and texts within a range that covers ``length_px`` pixels."""
        if not math.isfinite(high - low) or high <= low:
            return []
        wanted = max(2.0, length_px / _NUMBER_EVERY_PX[upright])
        step = round_step((high - low) / wanted)
        if self.whole or self.logarithmic:
            step = max(1.0, math.ceil(step))
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        values = [n * step for n in range(first, last + 1)]
        if self.logarithmic:
            factor = 100.0 if self.percent else 1.0
            return [(value, show(factor * 10.0**value) + self.suffix) for value in values]
        return [(value, show(value, 10) + self.suffix) for value in values]


@dataclass(frozen=True)
class LabelTicks:
    """One label per whole position; some are left out when there is no room for all."""

    labels: Sequence[str] = field(default_factory=tuple)
    grid: bool = False

    def at(
        self, low: float, high: float, length_px: float, metrics: QFontMetricsF, upright: bool
    ) -> list[tuple[float, str]]:
        """Returns positions and texts within a range that covers ``length_px`` pixels."""
        low, high = min(low, high), max(low, high)
        first, last = max(0, math.ceil(low)), min(len(self.labels) - 1, math.floor(high))
        if last < first:
            return []
        each_px = length_px / max(high - low, 1e-9)
        every = 1
        if upright:
            every = max(1, math.ceil(metrics.height() / each_px))
        else:
            longest = max(metrics.horizontalAdvance(label) for label in self.labels[first : last + 1][:200])
            every = max(1, math.ceil(min(_NARROWEST_PX, longest + _GAP_PX) / each_px))
        widest = _LONGEST_PX if upright else every * each_px - _GAP_PX
        elide = Qt.TextElideMode.ElideRight
        start = first + (-first) % every
        return [(n, metrics.elidedText(self.labels[n], elide, widest)) for n in range(start, last + 1, every)]


@dataclass(frozen=True)
class NoTicks:
    """An axis that says nothing, as on maps and graphs."""

    grid: bool = False

    def at(
        self, low: float, high: float, length_px: float, metrics: QFontMetricsF, upright: bool
    ) -> list[tuple[float, str]]:
        """Returns nothing."""
        return []


def round_step(rough: float) -> float:
    """Returns the next larger of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next((m * power for m in (1.0, 2.0, 2.5, 5.0) if m * power >= rough), 10.0 * power)


class Axis(pg.AxisItem):  # type: ignore[misc]
    """One side of a picture."""

    def __init__(self, orientation: str, look: Look) -> None:
        super().__init__(orientation, showValues=True)
        self._look = look
        self._ticks: Ticks = NoTicks()
        self._extent = 0.0
        self._fixed = False
        self._title = ""
        self._upright = orientation in ("left", "right")
        self.setGrid(255)  # makes the bounding rectangle cover the plot, where the grid is drawn

    def set_ticks(self, ticks: Ticks, title: str = "") -> None:
        """Sets what the axis shows; ``title`` is written below a horizontal axis."""
        self._ticks = ticks
        self._title = title
        metrics = QFontMetricsF(self._look.font())
        if self._upright:
            texts = ticks.labels if isinstance(ticks, LabelTicks) else ()
            self._extent = min(_LONGEST_PX, max((metrics.horizontalAdvance(t) for t in texts[:2000]), default=0.0))
            self.setWidth(int(self._extent) + 2 * _GAP_PX if not isinstance(ticks, NoTicks) else 0)
        else:
            lines = (0 if isinstance(ticks, NoTicks) else 1) + bool(title)
            self.setHeight(int(lines * (metrics.height() + _GAP_PX)))
        self.update()

    def keep_width(self, width: int) -> None:
        """Keeps one width, so that plots above each other stay in line."""
        self._fixed = True
        self.setWidth(width)

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        """Draws grid, texts and title."""
        painter.setFont(self._look.font())
        metrics = QFontMetricsF(painter.font())
        own = self.mapRectFromParent(self.geometry())
        view = self.linkedView()
        if view is None:
            return
        plot = view.mapRectToItem(self, view.boundingRect())
        length = own.height() if self._upright else own.width()
        low, high = self.range
        if length <= 0 or high == low:
            return
        ticks = self._ticks.at(min(low, high), max(low, high), length, metrics, self._upright)
        places = [(self._place(own, position, low, high), text) for position, text in ticks]
        if self._ticks.grid:
            painter.setPen(QPen(self._look.color("grid"), 1.0))
            for at, _ in places:
                ends = (plot.left(), at, plot.right(), at) if self._upright else (at, plot.top(), at, plot.bottom())
                painter.drawLine(QPointF(ends[0], ends[1]), QPointF(ends[2], ends[3]))
        painter.setPen(self._look.color("text_soft"))
        self._write(painter, own, places, metrics)
        self._make_room(places, metrics)

    def _place(self, own: QRectF, value: float, low: float, high: float) -> float:
        share = (value - low) / (high - low)
        return own.bottom() - share * own.height() if self._upright else own.left() + share * own.width()

    def _write(self, painter: QPainter, own: QRectF, places: list[tuple[float, str]], metrics: QFontMetricsF) -> None:
        line = metrics.height()
        for at, text in places:
            if self._upright:
                box = QRectF(own.left() - 400, at - line / 2, own.width() + 400 - _GAP_PX, line)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            else:
                width = metrics.horizontalAdvance(text)
                left = min(max(at - width / 2, own.left() - 12), own.right() - width)
                painter.drawText(QPointF(left, own.top() + _GAP_PX / 2 + metrics.ascent()), text)
        if not self._upright and self._title:
            box = QRectF(own.left(), own.bottom() - line, own.width(), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._title)

    def _make_room(self, places: list[tuple[float, str]], metrics: QFontMetricsF) -> None:
        """Widens a vertical axis when its numbers have become longer."""
        if not self._upright or self._fixed or isinstance(self._ticks, NoTicks) or not places:
            return
        widest = max(metrics.horizontalAdvance(text) for _, text in places)
        if widest > self._extent or widest < self._extent - 24:
            self._extent = widest
            self.setWidth(int(widest) + 2 * _GAP_PX)
