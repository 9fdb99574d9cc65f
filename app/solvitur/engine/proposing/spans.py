"""Where phrases of a text stand after the text has been edited."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from difflib import SequenceMatcher

Span = tuple[int, int]
"""Offsets of a text, in code points, the end exclusive."""

_PIECE = re.compile(r"\w+|\W")
_MOST_PIECES = 3000
"""Changed stretches of more words than this are compared line by line, and larger ones count as new altogether."""


class Carried:
    """Carries spans of a text over to another version of it."""

    def __init__(self, before: str, after: str) -> None:
        self._after, self._length = after, len(after)
        self._same = _same_stretches(before, after)
        self._starts = [start for start, _, _ in self._same]

    def span(self, span: Span) -> Span | None:
        """Returns where a span lies now; None when what it covered is gone or has been rewritten."""
        start, end = self._place(span[0]), self._place(span[1] - 1)
        if start is None or end is None or end < start:
            return None
        return start, end + 1

    def fresh(self, least: int = 1) -> list[Span]:
        """Returns the stretches of the later text that the earlier one did not have, of ``least`` letters or more."""
        found, at = [], 0
        for _, new, size in [*self._same, (0, self._length, 0)]:
            if sum(map(str.isalnum, self._after[at:new])) >= least:
                found.append((at, new))
            at = new + size
        return found

    def _place(self, at: int) -> int | None:
        found = bisect_right(self._starts, at) - 1
        if found < 0:
            return None
        start, new, size = self._same[found]
        return new + at - start if at < start + size else None


def _same_stretches(before: str, after: str) -> list[tuple[int, int, int]]:
    """Lists the stretches that stayed: where they began, where they begin now, and their length."""
    if before == after:
        return [(0, 0, len(before))]
    shorter = min(len(before), len(after))
    head = _common(shorter, before, after, ends=False)
    while head and (_splits(before, head) or _splits(after, head)):
        head -= 1
    tail = _common(shorter - head, before, after, ends=True)
    while tail and (_splits(before, len(before) - tail) or _splits(after, len(after) - tail)):
        tail -= 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found = [(0, 0, head)]
    found += [(head + a, head + b, size) for a, b, size in _between(old, new)]
    found.append((len(before) - tail, len(after) - tail, tail))
    return [stretch for stretch in found if stretch[2]]


def _splits(text: str, at: int) -> bool:
    """Tells whether a place lies within a word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _between(old: str, new: str) -> list[tuple[int, int, int]]:
    if not old or not new:
        return []
    pieces = _PIECE.findall(old), _PIECE.findall(new)
    if max(map(len, pieces)) > _MOST_PIECES:
        pieces = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if max(map(len, pieces)) > _MOST_PIECES:
        return []
    starts = [_offsets(side) for side in pieces]
    blocks = SequenceMatcher(None, *pieces, autojunk=False).get_matching_blocks()
    return [
        (starts[0][block.a], starts[1][block.b], starts[0][block.a + block.size] - starts[0][block.a])
        for block in blocks
        if block.size
    ]


def _offsets(pieces: Sequence[str]) -> list[int]:
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return found


def _common(limit: int, before: str, after: str, *, ends: bool) -> int:
    """Finds how much two texts share at their beginnings or ends, by halving: comparing slices is fast."""

    def same(size: int) -> bool:
        if ends:
            return before[len(before) - size :] == after[len(after) - size :]
        return before[:size] == after[:size]

    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(middle) else (low, middle - 1)
    return low
