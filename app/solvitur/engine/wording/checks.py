"""Numbers in a text that somebody else wrote, checked against those that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d+(?:[\d\u2009\u202f ,]*\d)?(?:\.\d+)?(?:[eE][-+]?\d+)?\s*%?")
_GROUPS = re.compile(r"[\u2009\u202f ,]")
_COUNTS = frozenset({0.0, 1.0, 2.0})
"""Such numbers are as often words as figures."""


def numbers_in(text: str) -> list[tuple[int, int, float]]:
    """Lists the numbers of a text with their spans; a percentage counts as its fraction of 100."""
    found = []
    for match in _NUMBER.finditer(text):
        for start, end in _pieces(match[0]):
            value = _value(match[0][start:end])
            if value is not None:
                found.append((match.start() + start, match.start() + end, value))
    return found


def strange_numbers(text: str, known: Iterable[str]) -> list[tuple[int, int]]:
    """Returns the spans of numbers in a text that none of the known texts has, rounded or not."""
    values = {value for each in known for _, _, value in numbers_in(each)}
    values |= {100 * value for value in values} | _COUNTS
    return [(start, end) for start, end, value in numbers_in(text) if not _is_known(value, text[start:end], values)]


def _is_known(value: float, written: str, values: set[float]) -> bool:
    decimals = len(written.partition(".")[2].rstrip("% \u2009"))
    room = 0.5 * 10.0**-decimals
    return any(abs(abs(value) - abs(each)) <= min(room, 0.005 * abs(each)) + 1e-12 for each in values)


def _value(written: str) -> float | None:
    plain = _GROUPS.sub("", written.rstrip("% \u2009")).replace("\u2212", "-")
    try:
        return float(plain)
    except ValueError:
        return None


def _pieces(written: str) -> list[tuple[int, int]]:
    """Splits what is no grouping of thousands: ``1 200`` is one number, ``12, 30`` are two."""
    body = written.rstrip("% \u2009")
    if re.fullmatch(r"[-\u2212]?\d{1,3}(?:[\u2009\u202f ,]\d{3})+(?:\.\d+)?(?:[eE][-+]?\d+)?", body):
        return [(0, len(body))]
    return [(match.start(), match.end()) for match in re.finditer(r"[-\u2212]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", body)]
