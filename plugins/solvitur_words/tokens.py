"""Tokens: words, numbers and signs of a statement, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial

from solvitur_words.lexicon import MONEY_WORDS, lemma_of, list_of

_TOKEN = re.compile(
    r"(?P<num>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)"
    r"|(?P<word>[^\W\d_](?:[\w]|[-'’](?=[^\W\d_]))*)"
    r"|(?P<sign><=|>=|==|\S)"
)
_LATEX = (
    (re.compile(r"\\\\?n(?![a-z])"), "\n"),
    (re.compile(r"\\(?:leq?|leqslant)(?![a-zA-Z])"), "≤"),
    (re.compile(r"\\(?:geq?|geqslant)(?![a-zA-Z])"), "≥"),
    (re.compile(r"\\(?:times|cdot)(?![a-zA-Z])"), "×"),
    (re.compile(r"\\(?:text|mathrm|mathbf|textbf)\{"), " "),
    (re.compile(r"\\(?:left|right|quad|,|;|\(|\)|\[|\])"), " "),
    (re.compile(r"\\\$"), "$"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\*\*"), " "),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign; ``low`` is its lower case, ``value`` the number's value, ``end`` is exclusive.

    ``kind`` is ``word``, ``num`` or ``sign``; ``sort`` of a number is ``plain``, ``money``, ``percent`` or ``times``.
    """

    text: str
    low: str
    lemma: str
    start: int
    end: int
    kind: str
    value: float = 0.0
    sort: str = ""


def normalised(statement: str) -> str:
    """Replaces LaTeX signs by plain ones and drops mathematics dollars, keeping every place in the text."""
    text = statement
    for pattern, sign in _LATEX:
        text = pattern.sub(partial(_padded, sign), text)
    text = re.sub(r"(?<=[A-Za-z])_\{?(\d)\}?", lambda found: found.group(1).ljust(len(found.group())), text)
    return re.sub(r"\$+", _dollar, text)


def _padded(sign: str, found: re.Match[str]) -> str:
    """Returns a sign with blanks behind it, as long as what it replaces."""
    return sign + " " * (len(found.group()) - len(sign))


def _dollar(found: re.Match[str]) -> str:
    """Keeps a dollar sign that stands before a number."""
    after = found.string[found.end() : found.end() + 2]
    length = found.end() - found.start()
    if re.match(r"\s?[\d.]", after) and not re.match(r"\s?\.\s", after + " "):
        before = found.string[found.start() - 1 : found.start()]
        if not (before.isdigit() and after[:1].isspace()):
            return " " * (length - 1) + "$"
    return " " * length


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Splits a piece of normalised text into words, numbers and signs."""
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        piece, kind = match.group(), match.lastgroup or "sign"
        if kind == "num":
            value = float(piece.replace(",", ""))
            found.append(Token(piece, piece, piece, match.start(), match.end(), kind, value, "plain"))
        else:
            low = piece.lower().replace("’", "'")
            found.append(
                Token(piece, low, lemma_of(low) if kind == "word" else low, match.start(), match.end(), kind)
            )
    return found


_SMALL = {
    word: value
    for value, word in enumerate(
        list_of(
            """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen
        """
        )
    )
}
_TENS = {
    word: 10 * (at + 2) for at, word in enumerate(list_of("twenty thirty forty fifty sixty seventy eighty ninety"))
}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fourth": 0.25, "fifth": 0.2, "tenth": 0.1}
_FOLDS = {
    "twice": 2.0,
    "thrice": 3.0,
    "double": 2.0,
    "triple": 3.0,
    "quadruple": 4.0,
    "doubled": 2.0,
    "tripled": 3.0,
    "halved": 0.5,
}
_AFTER_PART = frozenset(list_of("of the as more less that time times or and to for in on than"))
_FIRM = frozenset(list_of("least most exactly than only exceed minimum maximum between from to over"))


def _simple(word: str) -> float | None:
    """Reads one number word, or two joined by a hyphen."""
    if word in _SMALL:
        return float(_SMALL[word])
    if word in _TENS:
        return float(_TENS[word])
    tens, hyphen, ones = word.partition("-")
    if hyphen and tens in _TENS and ones in _SMALL:
        return float(_TENS[tens] + _SMALL[ones])
    if hyphen and tens in _SMALL and lemma_of(ones) in _PARTS:
        return _SMALL[tens] * _PARTS[lemma_of(ones)]
    return None


class Numerals:
    """Reads the numbers of a row of tokens: words, fractions, percentages, money and multiples become one token."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def read(self) -> list[Token]:
        """Returns the tokens with every number merged into one token."""
        out: list[Token] = []
        while self._at < len(self._tokens):
            found = self._number(out[-1].low if out else "")
            if found is None:
                out.append(self._tokens[self._at])
                self._at += 1
            else:
                out.append(found)
        return out

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _low(self, ahead: int = 0) -> str:
        token = self._peek(ahead)
        return token.low if token else ""

    def _number(self, before: str) -> Token | None:
        start = self._at
        first = self._tokens[start]
        sort = "plain"
        if first.low in "$€£" and first.kind == "sign" and (after := self._peek(1)) and after.kind == "num":
            self._at, sort = start + 1, "money"
        sign = 1.0
        if first.low == "-" and (after := self._peek(1)) and after.kind == "num" and after.start == first.end:
            apart = not start or self._tokens[start - 1].end < first.start or self._tokens[start - 1].low in "([$"
            if apart and before not in ("#", ")"):
                self._at, sign = start + 1, -1.0
            else:
                return None
        value = self._digits() if (here := self._peek()) and here.kind == "num" else self._words(before)
        if value is None:
            self._at = start
            return None
        value, sort = self._ending(value * sign, sort)
        last = self._tokens[self._at - 1]
        text = " ".join(token.text for token in self._tokens[start : self._at])
        return replace(first, text=text, low="#", lemma="#", end=last.end, kind="num", value=value, sort=sort)

    def _digits(self) -> float:
        value = self._tokens[self._at].value
        self._at += 1
        after = self._peek(1)
        if self._low() == "/" and after and after.kind == "num" and after.value:
            if self._tokens[self._at].start == self._tokens[self._at - 1].end:
                value /= after.value
                self._at += 2
        elif (here := self._peek()) and here.kind == "num" and here.start - self._tokens[self._at - 1].end <= 1:
            piece = here.text
            if (
                len(piece) == 3
                and piece.isdigit()
                and self._tokens[self._at - 1].end == here.start - 1
                and value < 1000
            ):
                value = value * 1000 + here.value
                self._at += 1
        if self._low() in _SCALES and self._low() != "dozen":
            value *= _SCALES[self._low()]
            self._at += 1
        return value

    def _words(self, before: str) -> float | None:
        word = self._low()
        if word in _FOLDS:
            self._at += 1
            return _FOLDS[word]
        ordinal = (
            self._low(1) in ("third", "fourth", "fifth", "quarter")
            and self._low(2).isalpha()
            and self._low(2) not in _AFTER_PART
        )
        if word in ("a", "an", "one") and lemma_of(self._low(1)) in _PARTS and not ordinal:
            self._at += 2
            return _PARTS[lemma_of(self._low(-1))]
        if word == "half" and self._low(1) not in ("-", "time"):
            self._at += 1
            return 0.5
        if word in ("a", "one") and self._low(1) in _SCALES:
            self._at += 1
            return self._scaled(1.0)
        value = _simple(word)
        if value is None:
            return None
        if word == "one" and before not in _FIRM and self._low(1) not in ("time", "times", "percent", "hundred"):
            return None
        self._at += 1
        if lemma_of(self._low()) in _PARTS and value < 10 and self._low() != "half":
            self._at += 1
            return value * _PARTS[lemma_of(self._low(-1))]
        return self._scaled(value)

    def _scaled(self, value: float) -> float:
        total, current = 0.0, value
        while (word := self._low()) and (word in _SCALES or _simple(word) is not None or word == "and"):
            if word == "and":
                if current < 100 or _simple(self._low(1)) is None:
                    break
                self._at += 1
                continue
            if word in _SCALES:
                current *= _SCALES[word]
                if _SCALES[word] >= 1000:
                    total, current = total + current, 0.0
            else:
                small = _simple(word) or 0.0
                if current % 100 and not (current % 10 == 0 and small < 10 and current % 100 >= 20):
                    break
                current += small
            self._at += 1
        if self._low() == "point" and _simple(self._low(1)) is not None:
            digits = ""
            self._at += 1
            while (digit := _simple(self._low())) is not None and digit < 10:
                digits += str(int(digit))
                self._at += 1
            return total + current + (float(f"0.{digits}") if digits else 0.0)
        return total + current

    def _and_half(self) -> float:
        """Reads the "and a half" of "two and a half times"."""
        if [self._low(k) for k in range(3)] == ["and", "a", "half"] or [self._low(k) for k in range(3)] == [
            "and",
            "one",
            "half",
        ]:
            self._at += 3
            return 0.5
        return 0.0

    def _ending(self, value: float, sort: str) -> tuple[float, str]:
        """Reads what follows a number and says what sort it is."""
        value += self._and_half()
        here = self._peek()
        if here is None:
            return value, sort
        if here.low == "time" and value in (1.0, 0.75, 0.5, 0.25) and self._low(1) in ("those", "that", "the"):
            self._at += 1
            return value, "times"
        if here.low == "%" or here.low in ("percent", "percentage"):
            self._at += 1
            return value / 100, "percent"
        if here.low == "per" and self._low(1) == "cent":
            self._at += 2
            return value / 100, "percent"
        if here.low in ("times", "fold") and value != 1:
            if here.low == "times" and self._low(1) in ("a", "per", "each", "every", "daily", ".", ""):
                return value, sort
            self._at += 1
            return value, "times"
        if here.low == "-" and self._low(1) == "fold":
            self._at += 2
            return value, "times"
        if here.lemma in MONEY_WORDS and here.low not in ("pound", "pounds"):
            self._at += 1
            return value / (100 if here.lemma == "cent" else 1), "money"
        previous = self._tokens[self._at - 1]
        if previous.low in _FOLDS or (previous.kind == "word" and lemma_of(previous.low.split("-")[-1]) in _PARTS):
            return value, "times"
        return value, sort
