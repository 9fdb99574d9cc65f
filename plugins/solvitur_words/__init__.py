"""Turns statements in words into models, offline."""

from __future__ import annotations

from solvitur.api import Formaliser, hook
from solvitur_words.part import Words


@hook
def formalisers() -> list[Formaliser]:
    """Offers the offline reader."""
    return [Words()]
