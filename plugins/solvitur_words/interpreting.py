"""Sentences to meanings: which numbers are told of entities, and which bound something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solvitur_words.aims import aim_of
from solvitur_words.comparing import EQ, GE, LE, Comparison, asides_of, comparisons_of
from solvitur_words.describing import described
from solvitur_words.entities import Entity, Group, Line, Mention, mentions
from solvitur_words.expressions import Sum, SumReader
from solvitur_words.lexicon import UNITS, list_of
from solvitur_words.meaning import Fact, Limit, Reading, Relation, Share
from solvitur_words.owners import facts_of
from solvitur_words.parts import MODAL, NOUN, NUMBER, VERB

_SINGLE = frozenset(list_of("a an each every per one"))


@dataclass(frozen=True)
class _Here:
    """A sentence being read: its line, the entities it names and the tokens that are remarks."""

    line: Line
    found: list[Mention]
    asides: set[int]
    number: int

    def named(self, start: int, end: int) -> list[Mention]:
        """Mentions between two tokens, remarks left out."""
        return [each for each in self.found if start <= each.at < end and each.at not in self.asides]

    def numbers(self, start: int, end: int) -> list[int]:
        """Tokens that are numbers."""
        return [k for k in range(start, end) if self.line.tags[k] == NUMBER]


class Interpreter:
    """Reads the sentences of a statement one by one, given its entities."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self.reading = Reading()
        self._last: list[Entity] = []

    def read(self, line: Line, number: int) -> None:
        """Reads one sentence."""
        found = mentions(line, self._group)
        here = _Here(line, found, asides_of(line), number)
        aim = aim_of(line, found)
        if aim is not None:
            self.reading.aims.append(aim)
        taken: set[int] = set()
        for comparison in comparisons_of(line, here.asides):
            taken |= self._compare(here, comparison)
        facts, limits, used = facts_of(line, found, self._group, taken, here.asides, self._last, number)
        self.reading.facts += facts
        self.reading.limits += limits
        for k in taken | used:
            self.reading.used.add(line.tokens[k].start)
        if found:
            self._last = [each.entity for each in found]

    def _compare(self, here: _Here, comparison: Comparison) -> set[int]:
        """Makes a relation, a share or a limit of a comparison; returns the number tokens it used."""
        for attempt in (self._share, self._related, self._limit):
            used = attempt(here, comparison)
            if used is not None:
                return used
        tokens = here.line.tokens
        self.reading.open_phrases.append((tokens[comparison.start].start, tokens[comparison.end - 1].end))
        return set()

    def _share(self, here: _Here, comparison: Comparison) -> set[int] | None:
        """Reads "at most 30 % of the vehicles can be bikes" and "bikes must make up at most 30 % of the total"."""
        start, end = comparison.right
        numbers = here.numbers(start, min(end, start + 4))
        if not numbers or here.line.tokens[numbers[0]].sort not in ("percent", "times"):
            return None
        at = numbers[0]
        token = here.line.tokens[at]
        if token.value >= 1:
            return None
        right, left = here.named(at + 1, end), here.named(*comparison.left)
        if token.sort == "times" and (left or len(right) != 1):
            return None
        if not left and not right:
            return None
        if left and right:
            return None
        part = tuple(dict.fromkeys(mention.entity.name for mention in left or right))
        if len(part) == len(self._group.entities):
            return None
        stop = right[0].start if right else end
        words = described(here.line, at, {k for m in here.found for k in range(m.start, m.end)}, start).after
        words = tuple(words) if stop else ()
        tokens = here.line.tokens
        span = (tokens[comparison.start].start, tokens[(right[0].end if right else at + 1) - 1].end)
        self.reading.shares.append(Share(part, comparison.way, token.value, words, *span, number=token.start))
        return {at}

    def _related(self, here: _Here, comparison: Comparison) -> set[int] | None:
        """Reads a relation between entities, such as "twice X minus Y is at least 10"."""
        line = here.line
        reader = SumReader(line, self._group, here.found, here.asides)
        left_end = comparison.left[1]
        left = reader.read(comparison.left[0], left_end)
        start, end = comparison.right
        numbers = here.numbers(start, end)
        if comparison.by >= 0:
            right = reader.read(start, next((k for k in range(comparison.by, start - 1, -1) if line.tokens[k].low == "by"), start))
            right.constant += line.tokens[comparison.by].value
            right.numbers.add(comparison.by)
        elif numbers and numbers[0] - start <= 3:
            right = self._right(here, reader, comparison, numbers[0], left)
        else:
            right = reader.read(start, end)
            if not left.terms or not right.terms:
                return self._many_more(here, comparison)
        return self._relate(here, comparison, left, right)

    def _many_more(self, here: _Here, comparison: Comparison) -> set[int] | None:
        return None

    def _right(self, here: _Here, reader: SumReader, comparison: Comparison, at: int, left: Sum) -> Sum:
        """Reads the right side of a comparison that begins with a number."""
        line = here.line
        start, end = comparison.right
        token = line.tokens[at]
        lows = [each.low for each in line.tokens]
        than = next((k for k in range(at, end) if lows[k] in ("than", "as", "compared", "to") and here.named(k, end)
                     and (lows[k] != "to" or lows[k - 1] == "compared") and (lows[k] != "as" or lows[k - 1] not in ("such",))), -1)
        rest = here.named(at + 1, end)
        if token.sort in ("times", "percent"):
            stop = self._second(here, at, end) if left.terms else end
            return reader.read(at, stop) if left.terms else self._folds(here, at, rest)
        more = [k for k in range(at, min(end, at + 6)) if lows[k] in ("more", "less", "fewer", "surplus", "greater", "higher")]
        if than >= 0 and more and rest:
            right = reader.read(than, end)
            sign = -1.0 if lows[more[0]] in ("less", "fewer") else 1.0
            right.constant += sign * token.value
            right.numbers.add(at)
            first = here.named(at + 1, than)
            if not left.terms and first:
                left.add(first[0].entity.name, 1.0)
            return right
        if left.terms and left.marked is False and than >= 0 and rest and "surplus" in lows[comparison.left[0] : at + 8]:
            right = reader.read(than, end)
            right.constant += token.value
            right.numbers.add(at)
            return right
        right = Sum(constant=token.value, numbers={at})
        if not left.terms and self._is_bound(here, at, end, rest):
            stop = self._second(here, at, end)
            for mention in here.named(at + 1, stop):
                left.add(mention.entity.name, 1.0)
        return right

    def _second(self, here: _Here, at: int, end: int) -> int:
        """Finds where a next number takes over."""
        line = here.line
        for k in here.numbers(at + 1, end):
            if line.tokens[k].sort not in ("times", "percent"):
                back = k
                while back > at and line.tokens[back].low not in (",", "and", "or"):
                    back -= 1
                return back if back > at else k
        return end

    def _folds(self, here: _Here, at: int, rest: Sequence[Mention]) -> Sum:
        """Reads "three times as many jugs must be used than packets": the first entity is the larger."""
        result = Sum(numbers={at}, marked=True)
        names = list(dict.fromkeys(mention.entity.name for mention in rest))
        if len(names) == 2:
            result.add(names[0], -1.0)
            result.add(names[1], here.line.tokens[at].value)
        return result

    def _is_bound(self, here: _Here, at: int, end: int, rest: Sequence[Mention]) -> bool:
        """Tells whether "at least 20 scooters" bounds the entity itself: nothing else is counted by the number."""
        if not rest:
            return False
        line = here.line
        first = rest[0].start
        for k in range(at + 1, first):
            lemma = line.lemmas[k]
            if line.tags[k] == NOUN and lemma not in self._group.nouns and lemma not in UNITS:
                if line.tokens[k + 1].low not in ("of", "in", "on", "from", "to", "for", "by") and k + 1 < first:
                    return False
        return True

    def _relate(self, here: _Here, comparison: Comparison, left: Sum, right: Sum) -> set[int] | None:
        line = here.line
        if not left.terms and not right.terms:
            return None
        if self._is_fact(here, comparison, left, right):
            return set()
        terms = dict(left.terms)
        for name, value in right.terms.items():
            terms[name] = terms.get(name, 0.0) - value
        terms = {name: value for name, value in terms.items() if value}
        if not terms:
            return None
        used = left.numbers | right.numbers
        stop = max([comparison.end, *(k + 1 for k in right.numbers), *(m.end for m in here.named(*comparison.right))])
        tokens = line.tokens
        begin = min([comparison.start, *(m.start for m in here.named(*comparison.left)), *left.numbers])
        self.reading.relations.append(
            Relation(terms, comparison.way, right.constant - left.constant, comparison.strict, tokens[begin].start,
                     tokens[min(stop, len(tokens)) - 1].end, tuple(tokens[k].start for k in used))
        )  # fmt: skip
        return used

    def _is_fact(self, here: _Here, comparison: Comparison, left: Sum, right: Sum) -> bool:
        """Tells whether "a truck can carry up to 500 kg" tells a number of one truck instead of bounding trucks."""
        names = here.named(*comparison.left)
        if len(left.terms) != 1 or right.terms or left.marked or not names:
            return False
        line = here.line
        first = line.phrase_at(names[-1].at).start
        opening = line.tokens[first - 1].low if first else ""
        numbers = here.numbers(*comparison.right)
        if opening not in _SINGLE or not numbers:
            return False
        after = line.lemmas[numbers[0] + 1 : numbers[0] + 3]
        return not any(lemma in names[-1].entity.words or lemma in self._group.nouns for lemma in after)

    def _limit(self, here: _Here, comparison: Comparison) -> set[int] | None:
        """Reads a bound on what numbers measure: "at most 900 units of waste"."""
        line = here.line
        numbers = here.numbers(*comparison.right)
        skip = {k for m in here.found for k in range(m.start, m.end)}
        if numbers:
            at = numbers[0]
        else:
            numbers = [k for k in here.numbers(comparison.left[0], comparison.start) if comparison.start - k <= 3]
            if not numbers:
                return None
            at = numbers[-1]
        if line.tokens[at].sort in ("times", "percent") and line.tokens[at].sort == "times":
            return None
        number = described(line, at, skip, comparison.left[0])
        each = any(line.tokens[k].low in ("each", "every", "both") for k in range(comparison.left[0], at))
        total = any(line.tokens[k].low in ("total", "combined", "overall", "altogether") for k in range(comparison.left[0], comparison.right[1]))
        tokens = line.tokens
        span = (tokens[min(comparison.start, at)].start, tokens[max(at, comparison.end - 1)].end)
        self.reading.limits.append(Limit(comparison.way, number, comparison.strict, each, *span, total=total))
        return {at}
