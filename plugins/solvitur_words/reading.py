"""Reading a statement: is it English, how much of it is read, and where its sentences are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from solvitur_words.lexicon import list_of

MOST_CHARACTERS = 40_000
"""Longer statements are read up to here: what follows is reported as unread."""

_ENGLISH = frozenset(
    list_of(
        """
        the of and to a in is for that each with at be are can on by it must has have how many per or as
        an if this they should not will from which minimize maximize least most total cost profit find
        what number units more than
        """
    )
)
_SHORT = frozenset(list_of("mr mrs ms dr sq ft lb lbs oz approx e.g i.e no vs hr hrs min st inc ltd co etc gh"))
_BREAK = re.compile(
    r"[.?!]+(?=[\s\"')\]]|$|[A-Z-])|\n+|;(?=\s)|(?<=[:.])\s*[-•*](?=\s?[A-Z])|(?<=[a-z0-9)]):-|(?<=[a-z])-\s(?=[A-Z])"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence's place in the statement; ``end`` is exclusive."""

    start: int
    end: int


def is_english(statement: str) -> bool:
    """Tells whether the words are English enough to be read; short texts get the benefit of the doubt."""
    words = re.findall(r"[^\W\d_]+", statement[:20_000].lower())
    if not words:
        return True
    foreign = sum(1 for word in words if not word.isascii())
    known = sum(1 for word in words if word in _ENGLISH)
    if foreign * 3 > len(words):
        return False
    return len(words) < 12 or known / len(words) > 0.12


def sentences_of(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """Splits normalised text at full stops, questions, line ends and list marks."""
    last = len(text) if end is None else end
    found: list[Sentence] = []
    begin = start
    for match in _BREAK.finditer(text, start, last):
        if match.group() == "." and _is_short(text, begin, match.start()):
            continue
        _add(found, text, begin, match.start() if match.group()[0] not in ".?!" else match.end())
        begin = match.end()
    _add(found, text, begin, last)
    return found


def _is_short(text: str, begin: int, at: int) -> bool:
    word = re.search(r"([A-Za-z][A-Za-z.]*)$", text[max(begin, at - 8) : at])
    if not word:
        return False
    following = text[at + 1 : at + 3].strip()
    low = word.group(1).lower()
    return low in _SHORT and not (low in ("min", "no", "ft", "hr", "hrs", "lb", "lbs") and following[:1].isupper())


def _add(found: list[Sentence], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    left = len(piece) - len(piece.lstrip(" \t\r\n-•*;"))
    right = len(piece.rstrip())
    if right > left and any(sign.isalnum() for sign in piece):
        found.append(Sentence(begin + left, begin + right))
