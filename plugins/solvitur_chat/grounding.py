"""Numbers compared: those of the statement that no model holds, and those of a model that nobody said."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: at for at, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * at for at, word in enumerate(_ROUND.split(), 2)}
_WORDS = {**_ONES, **_TENS}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0, "k": 1e3, "m": 1e6}
_PARTS = {"half": 0.5, "halves": 0.5, "quarter": 0.25, "quarters": 0.25, "third": 1 / 3, "thirds": 1 / 3}
_TIMES = {"twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0}
_NUMBER = re.compile(r"(?<![\w.])(\d{1,3}(?:[,\u2009\u00a0 ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e([+-]?\d+))?")
_PERCENT = re.compile(r"\s?(%|percent|per cent)")
_WORD = re.compile(r"[a-z]+")
_TRIVIAL = frozenset({0.0, 1.0})
_USUAL = frozenset({0.0, 1.0, 2.0, 7.0, 12.0, 24.0, 52.0, 60.0, 100.0, 365.0, 1000.0})
"""Numbers that a model may hold without anybody having said them: units of time, percent, pairs."""
_SAID_OF_KINDS = 12
_COMBINED = 60
"""So many numbers of a statement are combined with each other to see what follows from them."""
_CLOSE = 1e-6


@dataclass(frozen=True)
class Mention:
    """A number of a statement: where it stands, and the values that a model may hold for it.

    A ``weak`` one may be nowhere in a model: 'two kinds of chairs' is no number of the model.
    """

    start: int
    end: int
    values: tuple[float, ...]
    weak: bool = False


def mentions(text: str) -> tuple[Mention, ...]:
    """Finds the numbers of a statement, in digits and in words."""
    lower = text.lower()
    found = [_in_digits(lower, match) for match in _NUMBER.finditer(lower)]
    found += _in_words(lower)
    return tuple(sorted(found, key=lambda each: each.start))


def unused(statement: str, model: str) -> tuple[str, ...]:
    """Lists the numbers of a statement that a model does not hold in any form, as they are written."""
    held = _Values(numbers_of(model))
    strong = [each for each in mentions(statement) if not each.weak]
    left = [each for each in strong if not any(value in held for value in each.values)]
    return tuple(dict.fromkeys(" ".join(statement[each.start : each.end].split()) for each in left))


def unfounded(statement: str, model: str) -> tuple[float, ...]:
    """Lists the numbers of a model that the statement does not say and that follow from no two of its numbers."""
    said = {value for each in mentions(statement) for value in each.values} | _USUAL
    known = _Values(said)
    strange = [value for value in sorted(numbers_of(model)) if abs(value) not in known]
    if not strange:
        return ()
    short = sorted(said)[:_COMBINED]
    derived = {a * b for a in short for b in short} | {a / b for a in short for b in short if b}
    derived |= {a + b for a in short for b in short} | {a - b for a in short for b in short}
    following = _Values(derived)
    return tuple(value for value in strange if abs(value) not in following)


def numbers_of(model: str) -> frozenset[float]:
    """Returns the numbers of a model's text, those in names, comments and quoted texts left out."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"|#[^\n]*', " ", model)
    found = re.findall(r"(?<![\w.])(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w])", bare)
    return frozenset(float(each.replace("_", "").rstrip(".")) for each in found)


def _in_digits(lower: str, match: re.Match[str]) -> Mention:
    value = float(re.sub(r"[,\u2009\u00a0 ]", "", match.group(1))) * 10.0 ** int(match.group(2) or 0)
    end = match.end()
    after = lower[end : end + 12]
    scale = re.match(r"\s?(hundred|thousand|million|billion|dozen|k|m)\b", after)
    if _PERCENT.match(lower, end):
        return Mention(match.start(), end, _shares(value))
    values = [value, value / 100] if value in _USUAL else [value]
    if scale is not None:
        values.append(value * _SCALES[scale.group(1)])
    fraction = re.match(r"/(\d+)\b", after)
    if fraction is not None and float(fraction.group(1)):
        values.append(value / float(fraction.group(1)))
    return Mention(match.start(), end, tuple(values), weak=value in _TRIVIAL)


def _in_words(lower: str) -> list[Mention]:
    found = []
    words = list(_WORD.finditer(lower))
    at = 0
    while at < len(words):
        begin = at
        value, total = 0.0, 0.0
        while at < len(words) and (at == begin or _joined(lower, words[at - 1].end(), words[at].start())):
            word = words[at].group()
            if word in _WORDS:
                value += _WORDS[word]
            elif word in ("hundred", "thousand", "million", "dozen") and at > begin:
                total, value = (total, value * 100) if word == "hundred" else (total + value * _SCALES[word], 0.0)
            else:
                break
            at += 1
        if at == begin:
            word = words[at].group()
            at += 1
            special = _PARTS.get(word) or _TIMES.get(word)
            if special is not None:  # a third and a quarter are also the one after the second, and three months
                weak = word in ("third", "quarter")
                values = (*_shares(special * 100), 2.0, special)
                found.append(Mention(words[begin].start(), words[begin].end(), values, weak))
            continue
        spoken = total + value
        if spoken > 1:  # "one" and "zero" are said of many things
            end = words[at - 1].end()
            values = _shares(spoken) if _PERCENT.match(lower, end) else (spoken,)
            found.append(Mention(words[begin].start(), end, values, weak=spoken <= _SAID_OF_KINDS))
    return found


def _joined(lower: str, end: int, start: int) -> bool:
    return lower[end:start].strip() in ("", "-", "and") and start - end < 4


def _shares(percent: float) -> tuple[float, ...]:
    share = percent / 100
    ratio = share / (1 - share) if share != 1 else share
    return (percent, share, 1 - share, 100 - percent, 1 + share, 100 + percent, ratio, 1 / share if share else share)


class _Values:
    """Numbers among which others are looked up, to rounding."""

    def __init__(self, values: Iterable[float]) -> None:
        self._sorted = sorted(values)

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, float | int):
            return False
        room = _CLOSE * max(1.0, abs(value))
        at = bisect_left(self._sorted, value - room)
        return at < len(self._sorted) and self._sorted[at] <= value + room
