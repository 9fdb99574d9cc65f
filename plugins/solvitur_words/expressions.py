"""Sums in words: "five times the number of X plus twice that of Y" as coefficients by entity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from solvitur_words.entities import Group, Line, Mention
from solvitur_words.lexicon import CONTAINERS, list_of
from solvitur_words.parts import NUMBER

_MINUS = frozenset(list_of("minus subtract subtracting subtracted"))
_RESET = frozenset(list_of("calculated represented computed defined quantified measured expressed"))
_ALL = frozenset(list_of("both all total combined every overall these together sum"))


@dataclass
class Sum:
    """Coefficients by entity name and a constant; ``numbers`` are the tokens it used, ``whole`` tells of a total."""

    terms: dict[str, float] = field(default_factory=dict)
    constant: float = 0.0
    numbers: set[int] = field(default_factory=set)
    whole: bool = False
    marked: bool = False
    opened: bool = False
    bare: bool = False
    """Whether a sum that is spelled out begins without a factor though others have one."""
    repeated: bool = False
    """Whether an entity came twice: then the words may mean something else."""
    """Whether words of calculation were found (times, plus, difference ...)."""

    def add(self, name: str, value: float) -> None:
        """Adds a multiple of an entity."""
        self.repeated = self.repeated or name in self.terms
        self.terms[name] = self.terms.get(name, 0.0) + value


class SumReader:
    """Reads the tokens of one side of a comparison."""

    def __init__(self, line: Line, group: Group, found: Sequence[Mention], asides: set[int]) -> None:
        self._line = line
        self._group = group
        self._by_token = {mention.at: mention for mention in found}
        self._asides = asides

    def read(self, start: int, end: int) -> Sum:
        """Reads tokens ``start`` up to ``end``."""
        lows = [token.low for token in self._line.tokens]
        total = Sum()
        sign, factor, scope, difference = 1.0, 1.0, 1.0, False
        pending: list[int] = []
        last, where = "", -1
        for at in range(start, end):
            if at in self._asides:
                continue
            token = self._line.tokens[at]
            if at in self._by_token:
                name = self._by_token[at].entity.name
                if total.opened and not total.terms and factor == 1.0:
                    total.bare = True
                if total.terms.get(last, 0.0) < 0 and self._goes_on(where, at):
                    sign = -1.0
                total.add(name, sign * factor * scope)
                where = at
                last = name
                total.numbers.update(pending)
                pending, factor = [], 1.0
                sign = -1.0 if difference else 1.0
                difference = False
            elif token.kind == "num":
                opened = lows[at - 1 : at] == ["("] or lows[max(0, at - 3) : at] == ["(", "multiplied", "by"]
                if last in total.terms and opened and lows[at + 1 : at + 2] == [")"]:
                    total.terms[last] *= token.value
                    total.numbers.add(at)
                elif token.sort in ("times", "percent") or self._counts(at, end):
                    if lows[max(start, at - 2) : at][-1:] == ["and"] and pending and pending[-1] == at - 2:
                        factor += token.value
                    else:
                        factor *= token.value
                    pending.append(at)
                    total.marked = True
                else:
                    total.constant += sign * token.value
                    total.numbers.add(at)
            elif self.begins(at, end):
                total = Sum(marked=True, opened=True)
                sign, factor, scope, difference, pending = 1.0, 1.0, 1.0, False, []
            elif token.low == "difference" or (
                token.low == "between" and "difference" in lows[max(start, at - 6) : at]
            ):
                difference, total.marked, sign = True, True, 1.0
            elif token.low in _MINUS or (token.low in ("-", "−") and at > start):
                if token.low == "-" and not self._is_operator(at):
                    continue
                sign, total.marked = -1.0, True
            elif token.low in ("plus", "+"):
                sign, total.marked = 1.0, True
            elif token.low in ("sum", "combined", "total") and factor != 1.0:
                scope, factor = factor, 1.0
            elif token.low in _ALL:
                total.whole = True
        total.numbers.update(pending if total.terms else ())
        if factor != 1.0 and pending and not total.terms:
            total.constant += sign * factor
        return total

    def _goes_on(self, before: int, at: int) -> bool:
        """Tells whether only "and" joins two names, so that what is subtracted goes on: "minus those of X and Z"."""
        between = [self._line.tokens[k].low for k in range(before + 1, at)]
        plain = {"and", ",", "project", "department", "the", *self._group.nouns}
        return bool(between) and all(word in plain for word in between)

    def begins(self, at: int, end: int) -> bool:
        """Tells whether the sum proper begins here: "calculated as", or a bracket with numbers and entities."""
        low = self._line.tokens[at].low
        if low in _RESET:
            return self._line.lemmas[at + 1 : at + 2] in (["as"], ["by"], ["at"])
        return low == "(" and self._begins_sum(at, end)

    def _counts(self, at: int, end: int) -> bool:
        """Tells whether a plain number multiplies the entity behind it, as in "5 units of X"."""
        nxt = at + 1
        while (
            nxt < end
            and (
                self._line.lemmas[nxt] in CONTAINERS
                or self._line.lemmas[nxt] in self._group.nouns
                or self._line.tokens[nxt].low
                in (
                    "of",
                    "for",
                    "the",
                    "type",
                    "*",
                    "×",
                    "in",
                    "x",
                    "from",
                    "on",
                    "investment",
                    "resource",
                    "resources",
                )
            )
            and nxt not in self._by_token
        ):
            nxt += 1
        if nxt >= end:
            return False
        if nxt in self._by_token:
            return True
        mention = next((m for m in self._by_token.values() if m.start == nxt), None)
        return mention is not None

    def _begins_sum(self, at: int, end: int) -> bool:
        close = next((k for k in range(at, end) if self._line.tokens[k].low == ")"), end)
        inside = range(at + 1, close)
        return any(k in self._by_token for k in inside) and any(self._line.tags[k] == NUMBER for k in inside)

    def _is_operator(self, at: int) -> bool:
        token = self._line.tokens[at]
        text_before = self._line.tokens[at - 1] if at else token
        return (
            text_before.end < token.start
            and at + 1 < len(self._line.tokens)
            and (at + 1 in self._by_token or self._line.tags[at + 1] == NUMBER)
        )
