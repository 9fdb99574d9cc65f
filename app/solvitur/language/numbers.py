"""Numbers as they are written in models and data, read and printed."""

from __future__ import annotations

import math
import re

from solvitur.language.faults import Fault

_WRITTEN = re.compile(r"(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_LONGEST = 400
_WHOLE = 10.0**15


def number_value(word: str, start: int, end: int) -> int | float:
    """Returns the number that the characters say: an int for digits alone, else a float.

    Raises
    ------
    Fault
        If they are no number, or one beyond the range of floating point.
    """
    if len(word) > _LONGEST:
        raise Fault("This number has too many digits.", start, end)
    if not word.isascii() or not _WRITTEN.fullmatch(word):
        raise Fault(f"'{word}' is not a number.", start, end)
    value = float(word)
    if math.isinf(value):
        raise Fault(
            f"{word} is larger than any number a computer handles (1.8e308); write inf for no bound.", start, end
        )
    if word.replace("_", "").isdigit():
        return int(word)
    return value


def number_text(value: int | float) -> str:
    """Writes a number in its shortest form that `number_value` reads back equal."""
    if isinstance(value, int):
        return str(value)
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == int(value) and abs(value) < _WHOLE:
        return str(int(value))
    return repr(value)
