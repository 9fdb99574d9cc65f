"""Numbers and changes of numbers, said in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()  # noqa: SIM905 - one line reads better
    )
} | {
    "no": 0,
    "a dozen": 12,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "a hundred": 100,
    "hundred": 100,
    "thousand": 1000,
}
_FIGURE = r"-?\d{1,3}(?:[ ,\u2009\u202f]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?"
NUMBER = rf"(?:{_FIGURE}|{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})"
"""Pattern of a number, in figures or as a word."""

_UP = r"rise[sn]?|rose|increase[sd]?|grow[sn]?|grew|go(?:es)? up|went up|climb[s]?|raise[sd]?|add(?:s|ed)?|more"
_DOWN = (
    r"fall[s]?|fell|drop(?:s|ped)?|decrease[sd]?|shrink[s]?|go(?:es)? down|went down|reduce[sd]?|lower(?:s|ed)?|"
    r"cut[s]?|sink[s]?|decline[sd]?|less"
)


@dataclass(frozen=True)
class Shift:
    """What happens to a number: it is multiplied, then added to; or it becomes ``exactly`` a number."""

    factor: float = 1.0
    plus: float = 0.0
    exactly: float | None = None

    def of(self, value: float) -> float:
        """Returns the number afterwards, without rounding noise."""
        changed = self.exactly if self.exactly is not None else value * self.factor + self.plus
        return float(f"{changed:.12g}")


def number_of(text: str) -> float | None:
    """Reads a number in figures or words; None when it is none."""
    plain = text.strip().lower()
    if plain in _WORDS:
        return float(_WORDS[plain])
    try:
        return float(re.sub(r"[ ,\u2009\u202f]", "", plain))
    except ValueError:
        return None


def find_number(text: str) -> tuple[float, int, int] | None:
    """Finds the first number of a text, with its span."""
    found = re.search(rf"(?<![\w.]){NUMBER}(?![\w])", text, re.IGNORECASE)
    value = number_of(found[0]) if found else None
    return None if found is None or value is None else (value, found.start(), found.end())


def find_shift(text: str) -> tuple[Shift, list[tuple[int, int]]] | None:
    """Finds how a number is to change, with the spans of the words that say so."""
    for pattern, shift in ((r"\b(?:double[sd]?|twice)\b", 2.0), (r"\btriple[sd]?\b", 3.0), (r"\bhalve[sd]?\b", 0.5)):
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return Shift(factor=shift), [found.span()]
    verb = re.search(rf"\b(?:({_UP})|({_DOWN}))\b", text, re.IGNORECASE)
    to = re.search(
        rf"(?:\bto\b|\bis\b|\bwere\b|\bwas\b|\bbecomes?\b|\bequals?\b|=)\s*\$?({NUMBER})(?![\w%]|\s*%)", text, re.I
    )
    if verb is not None:
        amount = re.search(rf"(?<![\w.])\$?({NUMBER})\s*(%|percent|per cent)?", text[verb.start() :], re.IGNORECASE)
        if to is not None and to.start() > verb.start():
            value = number_of(to[1])
            return None if value is None else (Shift(exactly=value), [verb.span(), to.span()])
        value = number_of(amount[1]) if amount else None
        if amount is None or value is None:
            return None
        sign = 1.0 if verb[1] else -1.0
        span = (verb.start() + amount.start(), verb.start() + amount.end())
        shift_by = Shift(factor=1 + sign * value / 100) if amount[2] else Shift(plus=sign * value)
        return shift_by, [verb.span(), span]
    value = number_of(to[1]) if to else None
    return None if to is None or value is None else (Shift(exactly=value), [to.span()])
