"""What lies under and over a figure: the grid, a link being drawn, the rubber band."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from solvitur.gui.graph.figure import GRID, edges
from solvitur.gui.graph.painting import curve
from solvitur.gui.pictures.marks import draw_points
from solvitur.gui.theme import Theme

Band = QRectF
_DOTS = 3 * GRID
_DOTS_FROM = 0.5
_WIDEST_WORDS = 360


def draw_grid(painter: QPainter, rect: QRectF, theme: Theme, zoom: float, *, grid: bool) -> None:
    """Fills the ground; dots every 24 units when they would not be too dense."""
    painter.fillRect(rect, theme.color("window"))
    if not grid or zoom < _DOTS_FROM:
        return
    left, top, right, bottom = edges(rect)
    across = np.arange(np.floor(left / _DOTS) * _DOTS, right, _DOTS)
    down = np.arange(np.floor(top / _DOTS) * _DOTS, bottom, _DOTS)
    points = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    pen = QPen(theme.color("line"), 1.5)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    draw_points(painter, points)


def draw_link(
    painter: QPainter, theme: Theme, start: QPointF, end: QPointF, why: str, zoom: float, *, flipped: bool
) -> None:
    """Draws a link as far as it is drawn; in words why it may not end where it is."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.color("bad" if why else "accent"), 2.0)
    if why:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(curve(end, start) if flipped else curve(start, end))
    if why:
        _write(painter, theme, end, why, zoom)


def _write(painter: QPainter, theme: Theme, at: QPointF, words: str, zoom: float) -> None:
    painter.save()
    pixel = painter.worldTransform().map(at)
    painter.resetTransform()
    font = theme.font("text")
    painter.setFont(font)
    flags = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
    text = QFontMetricsF(font).boundingRect(QRectF(0, 0, _WIDEST_WORDS, 200), flags, words)
    box = text.translated(pixel + QPointF(18, 14)).adjusted(-8, -5, 8, 5)
    painter.setPen(QPen(theme.color("bad"), 1))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(box, theme.tokens.radius, theme.tokens.radius)
    painter.setPen(theme.color("text"))
    painter.drawText(box.adjusted(8, 5, -8, -5), flags, words)
    painter.restore()


def draw_band(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """Draws the rubber band."""
    pen = QPen(theme.color("accent"), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    fill = theme.color("accent")
    fill.setAlphaF(0.12)
    painter.setBrush(fill)
    painter.drawRect(box)
