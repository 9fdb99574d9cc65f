"""Offsets of a long text as Qt counts them, fast for many of them."""

from __future__ import annotations

import re

from solvitur.gui.understand.positions import from_qt, to_qt

_OUTSIDE = re.compile("[\U00010000-\U0010ffff]")
"""Only these letters count twice in Qt."""


class Letters:
    """Turns offsets in code points into Qt positions and back; nearly all texts need nothing done."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = _OUTSIDE.search(text) is None

    def to_qt(self, offset: int) -> int:
        """Turns an offset into a Qt position."""
        return offset if self._plain else to_qt(self._text, offset)

    def from_qt(self, position: int) -> int:
        """Turns a Qt position into an offset."""
        return position if self._plain else from_qt(self._text, position)
