"""Matching brackets in a text document."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextDocument

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
_MOST_LINES = 200
"""Farther than this a bracket's partner is not looked for."""


def matching(document: QTextDocument, position: int) -> tuple[int, ...]:
    """Returns the Qt positions of the bracket beside ``position`` and of its partner; empty when there is none."""
    for at in (position - 1, position):
        if at < 0:
            continue
        block = document.findBlock(at)
        text, column = block.text(), at - block.position()
        if (
            not block.isValid()
            or column >= len(text)
            or (text[column] not in _PAIRS and text[column] not in _OPENERS)
        ):
            continue
        forward = text[column] in _PAIRS
        partner = _search(block, column, 1 if forward else -1)
        if partner is not None:
            return at, partner
    return ()


def _search(block: QTextBlock, column: int, step: int) -> int | None:
    opening = block.text()[column]
    closing = _PAIRS.get(opening) or _OPENERS[opening]
    depth = 0
    for _ in range(_MOST_LINES):
        text = block.text()
        while 0 <= column < len(text):
            depth += (text[column] == opening) - (text[column] == closing)
            if depth == 0:
                return block.position() + column
            column += step
        block = block.next() if step > 0 else block.previous()
        if not block.isValid():
            return None
        column = 0 if step > 0 else block.length() - 2
    return None
