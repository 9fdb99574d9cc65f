"""The look of pictures: colours, pens and fonts from the tokens, for the window and for files alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QPen

from solvitur.gui.tokens import Tokens

_LEVELS = 256
_READABLE = 4.5


@dataclass(frozen=True)
class Look:
    """What a drawing asks for its colours and fonts."""

    tokens: Tokens

    def color(self, name: str, alpha: int = 255) -> QColor:
        """Returns a token's colour, with an alpha of 0 to 255."""
        made = QColor(getattr(self.tokens, name))
        made.setAlpha(alpha)
        return made

    def category(self, position: int, alpha: int = 255) -> QColor:
        """Returns the colour of the n-th category; they repeat after the last tint."""
        made = QColor(self.tokens.categories[position % len(self.tokens.categories)])
        made.setAlpha(alpha)
        return made

    def faded(self, color: QColor, share: float) -> QColor:
        """Mixes a colour into the background; it looks see-through and is drawn much faster."""
        ground = QColor(self.tokens.surface)
        pairs = ((color.red(), ground.red()), (color.green(), ground.green()), (color.blue(), ground.blue()))
        return QColor(*(round(share * one + (1 - share) * other) for one, other in pairs))

    def brush(self, name: str, alpha: int = 255) -> QBrush:
        """Returns a filling of a token's colour."""
        return QBrush(self.color(name, alpha))

    def font(self, px: int = 0, strong: bool = False) -> QFont:
        """Returns the text font, tabular figures on, at a size in logical pixels (0: that of tables)."""
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        made.setPixelSize(px or self.tokens.table_px)
        made.setFeature(QFont.Tag("tnum"), 1)
        if strong:
            made.setWeight(QFont.Weight.DemiBold)
        return made

    def ink_on(self, fill: QColor) -> QColor:
        """Returns a text colour that can be read on a fill, the theme's own if one can."""
        inks = (self.tokens.text, self.tokens.surface, self.tokens.ink_dark, self.tokens.ink_light)
        first = next((QColor(ink) for ink in inks if contrast(QColor(ink), fill) >= _READABLE), None)
        return first or max((QColor(ink) for ink in inks), key=lambda ink: contrast(ink, fill))

    def ramp(self, diverging: bool = False) -> np.ndarray:
        """Returns the continuous colours as a uint8 array, shape (256, 4): red, green, blue, alpha."""
        stops = self.tokens.diverging if diverging else self.tokens.continuous
        colours = np.array([QColor(stop).getRgb() for stop in stops], dtype=np.float64)
        at = np.linspace(0, len(stops) - 1, _LEVELS)
        channels = [np.interp(at, np.arange(len(stops)), colours[:, c]) for c in range(4)]
        return np.column_stack(channels).round().astype(np.uint8)


def line_pen(color: QColor, width: float = 1.0, *, flat: bool = False) -> QPen:
    """Returns a solid pen; round ends look better, flat ones are drawn many times faster."""
    made = QPen(QBrush(color), width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap if flat else Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


def contrast(one: QColor, other: QColor) -> float:
    """Returns the contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (p / 12.92 if p <= 0.03928 else math.pow((p + 0.055) / 1.055, 2.4) for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
