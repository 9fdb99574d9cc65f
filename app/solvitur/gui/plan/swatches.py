"""Small squares in the category colours."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from solvitur.gui.theme import Theme

_SCALE = 2.0


def swatch(theme: Theme, colour: int) -> QIcon:
    """Returns a square in a category colour."""
    side = theme.tokens.icon_px
    picture = QPixmap(round(side * _SCALE), round(side * _SCALE))
    picture.setDevicePixelRatio(_SCALE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    categories = theme.tokens.categories
    painter.setBrush(QColor(categories[colour % len(categories)]))
    room = side * 0.2
    painter.drawRoundedRect(QRectF(room, room, side - 2 * room, side - 2 * room), 2, 2)
    painter.end()
    return QIcon(picture)
