"""The smallest changes between two texts, so that an editor keeps its cursor while the text changes under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_MANY_LINES = 600
"""Above this many differing lines one change covers them all: comparing them would take longer than it helps."""


@dataclass(frozen=True)
class Change:
    """``removed`` at ``offset`` (in code points) gives way to ``inserted``."""

    offset: int
    removed: str
    inserted: str

    @property
    def end(self) -> int:
        """Offset just after the removed text."""
        return self.offset + len(self.removed)


def single_change(before: str, after: str, offset: int = 0) -> Change | None:
    """Returns the one smallest change that turns ``before`` into ``after``; None when they are equal."""
    if before == after:
        return None
    shorter = min(len(before), len(after))
    head = _common(shorter, lambda size: before[:size] == after[:size])
    room = shorter - head
    tail = _common(room, lambda size: before[len(before) - size :] == after[len(after) - size :])
    return Change(offset + head, before[head : len(before) - tail], after[head : len(after) - tail])


def changes(before: str, after: str) -> list[Change]:
    """Returns changes, last first, so that each can be applied at its own offset of ``before``."""
    whole = single_change(before, after)
    if whole is None:
        return []
    old, new = whole.removed.splitlines(keepends=True), whole.inserted.splitlines(keepends=True)
    if len(old) + len(new) > _MANY_LINES or len(old) < 2 or len(new) < 2:
        return [whole]
    return list(_by_lines(whole.offset, old, new))[::-1]


def _by_lines(offset: int, old: list[str], new: list[str]) -> Iterator[Change]:
    starts = [offset]
    for line in old:
        starts.append(starts[-1] + len(line))
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if tag == "replace" and b - a == d - c:
            pairs = [(starts[a + k], old[a + k], new[c + k]) for k in range(b - a)]
        else:
            pairs = [(starts[a], "".join(old[a:b]), "".join(new[c:d]))]
        yield from (found for at, was, now in pairs if (found := single_change(was, now, at)))


def moved(offset: int, change: Change) -> int:
    """Returns where an offset lies after a change."""
    if offset <= change.offset:
        return offset
    if offset >= change.end:
        return offset + len(change.inserted) - len(change.removed)
    return change.offset + len(change.inserted)


def _common(limit: int, equal_up_to: Callable[[int], bool]) -> int:
    """Finds the largest size that still compares equal, by halving: comparing slices is one memory compare."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if equal_up_to(middle):
            low = middle
        else:
            high = middle - 1
    return low
