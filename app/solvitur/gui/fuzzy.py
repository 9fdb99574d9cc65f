"""Fuzzy matching of what is typed against titles, as command palettes do."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

_RUN, _WORD_START, _FIRST = 6, 8, 4


@dataclass(frozen=True)
class Match:
    """How well a text matches, higher is better, and the positions of the matched letters."""

    score: int
    positions: tuple[int, ...]
    strong: bool = True
    """Whether most letters stand together or at the start of a word."""


def match(typed: str, text: str) -> Match | None:
    """Matches the letters of ``typed`` in order; None if one is missing. Word starts and runs count more."""
    wanted, folded = "".join(_fold(typed).split()), _fold(text)
    if not wanted:
        return Match(0, ())
    starts = {i for i in range(len(text)) if i == 0 or not text[i - 1].isalnum()}
    whole = folded.find(_fold(typed).strip())
    if whole >= 0:
        positions = tuple(range(whole, whole + len(typed.strip())))
        return Match(_score(positions, starts, len(text)) + 50, positions)
    best: Match | None = None
    for first in (i for i, letter in enumerate(folded) if letter == wanted[0]):
        positions = _follow(wanted, folded, first, starts)
        if positions and (best is None or _score(positions, starts, len(text)) > best.score):
            joined = sum(b == a + 1 for a, b in itertools.pairwise(positions))
            strong = 2 * (joined + sum(i in starts for i in positions)) >= len(positions)
            best = Match(_score(positions, starts, len(text)), positions, strong)
    return best


def _fold(text: str) -> str:
    """Ignores the case letter by letter, so that positions stay what they are."""
    return "".join(folded if len(folded := letter.casefold()) == 1 else letter for letter in text)


def _follow(wanted: str, text: str, first: int, starts: set[int]) -> tuple[int, ...]:
    positions = [first]
    for at, letter in enumerate(wanted[1:], start=1):
        previous = positions[-1]
        if previous + 1 < len(text) and text[previous + 1] == letter:
            positions.append(previous + 1)
            continue
        later = [i for i in range(previous + 1, len(text)) if text[i] == letter]
        rest = wanted[at:]
        usable = [i for i in later if _contains(rest, text[i:])]
        if not usable:
            return ()
        positions.append(next((i for i in usable if i in starts), usable[0]))
    return tuple(positions)


def _contains(wanted: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in wanted)


def _score(positions: tuple[int, ...], starts: set[int], length: int) -> int:
    runs = sum(b == a + 1 for a, b in itertools.pairwise(positions))
    words = sum(i in starts for i in positions)
    return runs * _RUN + words * _WORD_START + (positions[0] == 0) * _FIRST - length // 8
