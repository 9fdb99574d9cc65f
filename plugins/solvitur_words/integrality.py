"""Whole or divisible: what is counted is whole, what is weighed, poured, planted or invested is not."""

from __future__ import annotations

from collections.abc import Sequence

from solvitur_words.entities import Group, Line
from solvitur_words.lexicon import MONEY_WORDS, UNITS, list_of
from solvitur_words.meaning import Reading
from solvitur_words.parts import NOUN

_DIVISIBLE = frozenset(["weight", "imperial weight", "volume", "area", "length"])
_WHOLE = frozenset(list_of("integer integers whole indivisible discrete"))
_SPLIT = frozenset(list_of("fractional fraction divisible divisibility continuous fractions"))


def is_whole(group: Group, reading: Reading, lines: Sequence[Line]) -> bool:
    """Tells whether amounts are whole numbers."""
    lows = {token.low for line in lines for token in line.tokens}
    if lows & _WHOLE:
        return True
    if lows & _SPLIT and "can't" not in lows and "cannot" not in lows:
        return False
    names = {key for entity in group.entities for key in entity.keys} | group.nouns
    if any(UNITS[unit][0] in _DIVISIBLE for unit in _units_asked(lines)):
        return False
    if any(UNITS[unit][0] == "time" for unit in _units_asked(lines)) or "for an hour" in " ".join(
        token.low for line in lines for token in line.tokens
    ):
        return False
    for line in lines:
        for at, token in enumerate(line.tokens[:-1]):
            if token.low not in ("per", "each", "every"):
                continue
            following = line.lemmas[at + 1]
            if following in MONEY_WORDS and "invest" in line.lemmas:
                return False
            divisible = following in ("sq", "square") or (following in UNITS and UNITS[following][0] in _DIVISIBLE)
            if divisible and following not in names:
                return False
    asked = [line for line in lines if "how" in [token.low for token in line.tokens]]
    much = any(
        line.tokens[k + 1].low == "much" for line in asked for k, t in enumerate(line.tokens[:-1]) if t.low == "how"
    )
    many = any(
        line.tokens[k + 1].low == "many" for line in asked for k, t in enumerate(line.tokens[:-1]) if t.low == "how"
    )
    return not (much and not many)


def says_whole(lines: Sequence[Line]) -> bool:
    """Tells whether the statement itself says that amounts are whole, or that they may be split."""
    lows = {token.low for line in lines for token in line.tokens}
    return bool(lows & (_WHOLE | _SPLIT))


def _units_asked(lines: Sequence[Line]) -> set[str]:
    """Finds the unit in "how many acres of each"."""
    found = set()
    for line in lines:
        for at, token in enumerate(line.tokens[:-2]):
            if token.low == "how" and line.tokens[at + 1].low == "many" and line.tags[at + 2] == NOUN:
                unit = line.lemmas[at + 2]
                if unit in UNITS:
                    found.add(unit)
    return found
