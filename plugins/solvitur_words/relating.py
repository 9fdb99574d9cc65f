"""Relations between entities: both sides of a comparison read as sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solvitur_words.comparing import Comparison
from solvitur_words.describing import described, meaningful
from solvitur_words.entities import Entity, Group, Line, Mention
from solvitur_words.expressions import Sum, SumReader
from solvitur_words.lexicon import UNITS, list_of, stem_of
from solvitur_words.meaning import Reading, Relation
from solvitur_words.parts import MODAL, NOUN, NUMBER, VERB

_SINGLE = frozenset(list_of("a an each every per one"))

_EXCESS = frozenset({"more", "less", "fewer", "surplus", "greater", "higher"})


@dataclass(frozen=True)
class Here:
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


class RelationReader:
    """Reads comparisons as relations, given the entities; keeps what was read."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self.reading = Reading()
        self._last: list[Entity] = []
        self._measured: frozenset[str] = frozenset()
        self._before: Sum | None = None

    def _related(self, here: Here, comparison: Comparison) -> set[int] | None:
        """Reads a relation between entities, such as "twice X minus Y is at least 10"."""
        line = here.line
        reader = SumReader(line, self._group, here.found, here.asides)
        left_end = comparison.left[1]
        left = reader.read(comparison.left[0], left_end)
        start, end = comparison.right
        numbers = here.numbers(start, end)
        lows = [token.low for token in line.tokens]
        second = next((k for k in range(start + 2, end) if lows[k] == "as" and here.named(k, end)), -1)
        if lows[start : start + 2] in (["as", "many"], ["as", "much"]) and second > 0 and not left.terms:
            first, right = reader.read(start + 2, second), reader.read(second + 1, end)
            if len(first.terms) == 1 and right.terms:
                return self._relate(here, comparison, first, right)
        inner = self._inner_sum(here, reader, comparison, numbers)
        if inner is not None:
            return self._relate(here, comparison, *inner)
        if self._before is not None and not left.terms and self._is_bare(here, comparison):
            left = self._before
        if comparison.by >= 0:
            right = reader.read(
                start, next((k for k in range(comparison.by, start - 1, -1) if line.tokens[k].low == "by"), start)
            )
            right.constant += line.tokens[comparison.by].value
            right.numbers.add(comparison.by)
        elif numbers and (numbers[0] - start <= 3 or self._is_extreme(here, comparison)):
            if not left.terms and self._is_extreme(here, comparison):
                left = reader.read(start, numbers[0])
            right = self._right(here, reader, comparison, numbers[0], left)
        else:
            right = reader.read(start, end)
            if not left.terms or not right.terms:
                return None
        return self._relate(here, comparison, left, right)

    def _right(self, here: Here, reader: SumReader, comparison: Comparison, at: int, left: Sum) -> Sum:
        """Reads the right side of a comparison that begins with a number."""
        line = here.line
        end = comparison.right[1]
        token = line.tokens[at]
        lows = [each.low for each in line.tokens]
        than = next(
            (
                k
                for k in range(at, end)
                if lows[k] in ("than", "as", "compared", "to")
                and here.named(k, end)
                and (lows[k] != "to" or lows[k - 1] == "compared")
                and (lows[k] != "as" or lows[k - 1] not in ("such",))
            ),
            -1,
        )
        asked = next((k for k in range(at, end) if lows[k] in ("how", "minimize", "maximize", "find", "what")), end)
        rest = here.named(at + 1, asked)
        names = list(dict.fromkeys(mention.entity.name for mention in rest))
        if token.sort == "times" and len(names) == 2:
            one, other = rest[0], next(each for each in rest if each.entity.name == names[1])
            as_many = lows[at + 1 : at + 3] in (["as", "many"], ["as", "much"])
            if as_many or {"as", "than"} & set(lows[one.end : other.start]):
                left.terms.clear()
                return self._folds(here, at, rest)
        if token.sort in ("times", "percent"):
            stop = self._second(here, at, end) if left.terms else end
            return reader.read(at, stop) if left.terms else self._folds(here, at, rest)
        more = [low for low in lows[at : min(end, at + 6)] if low in _EXCESS]
        if than >= 0 and rest and (more or (left.terms and "surplus" in lows[comparison.left[0] : at])):
            right = reader.read(than, end)
            right.constant += -token.value if more[:1] in (["less"], ["fewer"]) else token.value
            right.numbers.add(at)
            first = here.named(at + 1, than)
            if not left.terms and first:
                left.add(first[0].entity.name, 1.0)
            return right
        right = Sum(constant=token.value, numbers={at})
        if not left.terms and self._is_bound(here, at, end, rest):
            stop = self._second(here, at, end)
            sign = 1.0
            apart = "difference" in line.lemmas[comparison.left[0] : at]
            for mention in here.named(at + 1, stop) or rest[:1]:
                left.add(mention.entity.name, sign)
                sign = -1.0 if apart else 1.0
        return right

    def _second(self, here: Here, at: int, end: int) -> int:
        """Finds where a next number takes over."""
        line = here.line
        for k in here.numbers(at + 1, end):
            if line.tokens[k].sort not in ("times", "percent"):
                back = k
                while back > at and line.tokens[back].low not in (",", "and", "or"):
                    back -= 1
                return back if back > at else k
        return end

    def _folds(self, here: Here, at: int, rest: Sequence[Mention]) -> Sum:
        """Reads "three times as many jugs must be used than packets": the first entity is the larger."""
        result = Sum(numbers={at}, marked=True)
        names = list(dict.fromkeys(mention.entity.name for mention in rest))
        if len(names) == 2:
            result.add(names[0], -1.0)
            result.add(names[1], here.line.tokens[at].value)
        return result

    def _is_bound(self, here: Here, at: int, end: int, rest: Sequence[Mention]) -> bool:
        """Tells whether "at least 20 scooters" bounds the entity itself: nothing else is counted by the number."""
        if not rest:
            return False
        line = here.line
        first = rest[0].start
        for k in range(at + 1, first):
            lemma = line.lemmas[k]
            plain = line.tags[k] == NOUN and lemma not in self._group.nouns and lemma not in UNITS
            if plain and stem_of(lemma) in self._measured:
                return False
        return True

    def _relate(self, here: Here, comparison: Comparison, left: Sum, right: Sum) -> set[int] | None:
        line = here.line
        if not left.terms and not right.terms:
            return None
        if left.terms and left.constant and not self._plain_constant(here, comparison, left):
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
        self._before = Sum(dict(left.terms)) if left.terms else None
        stop = max([comparison.end, *(k + 1 for k in right.numbers), *(m.end for m in here.named(*comparison.right))])
        tokens = line.tokens
        number = min((k for k in right.numbers if tokens[k].sort in ("plain", "money")), default=-1)
        unit = described(line, number, (), 0, here.asides).unit if number >= 0 else ""
        unit = "money" if number >= 0 and tokens[number].sort == "money" else unit
        joined = {"difference", "plus", "minus", "sum", "combined"} & {t.low for t in tokens[slice(*comparison.left)]}
        folds = [k for k in right.numbers if tokens[k].sort == "times"]
        beyond = len(folds) > 1 and "than" in [token.low for token in tokens[min(folds) : max(folds)]]
        doubtful = (
            beyond
            or (left.bare and len(left.numbers) > 0)
            or left.repeated
            or right.repeated
            or (bool(joined) and len(terms) < 2)
        )
        begin = min([comparison.start, *(m.start for m in here.named(*comparison.left)), *left.numbers])
        self.reading.relations.append(
            Relation(terms, comparison.way, right.constant - left.constant, comparison.strict, tokens[begin].start,
                     tokens[min(stop, len(tokens)) - 1].end, tuple(tokens[k].start for k in used), unit, doubtful)
        )  # fmt: skip
        return used

    def _plain_constant(self, here: Here, comparison: Comparison, left: Sum) -> bool:
        """Tells whether the constant on the left is added or subtracted there, and not a number of something else."""
        lows = [here.line.tokens[k - 1].low for k in left.numbers if here.line.tokens[k].sort == "plain" and k]
        return all(low in ("plus", "minus", "+", "-") for low in lows)

    def _is_fact(self, here: Here, comparison: Comparison, left: Sum, right: Sum) -> bool:
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

    def _inner_sum(
        self, here: Here, reader: SumReader, comparison: Comparison, numbers: Sequence[int]
    ) -> tuple[Sum, Sum] | None:
        """Reads "at least 50 points (calculated as twice X plus Y)": what is bounded stands behind the number."""
        _start, end = comparison.right
        if not numbers or here.line.tokens[numbers[0]].sort == "times":
            return None
        opened = [k for k in range(numbers[0] + 1, end) if reader.begins(k, end)]
        if not opened:
            return None
        total = reader.read(opened[0], end)
        if not total.marked or len(total.terms) < 1 or total.constant:
            return None
        return total, Sum(constant=here.line.tokens[numbers[0]].value, numbers={numbers[0]})

    def _is_bare(self, here: Here, comparison: Comparison) -> bool:
        """Tells whether a comparison goes on about what the one before it compared: "... and no less than 5"."""
        line = here.line
        nouns = [k for k in range(*comparison.left) if line.tags[k] == NOUN and k not in here.asides]
        numbers = here.numbers(*comparison.right)
        if nouns or not numbers or here.named(*comparison.right):
            return False
        follows = line.tags[numbers[0] + 1 : numbers[0] + 2]
        if follows and follows[0] in (VERB, MODAL):
            return True
        told = described(line, numbers[0], (), comparison.left[0], here.asides)
        return not meaningful(told.after) - {stem_of(noun) for noun in self._group.nouns}

    def _is_extreme(self, here: Here, comparison: Comparison) -> bool:
        """Tells whether the comparing phrase is a noun such as "the minimum number of ... is"."""
        return comparison.end == comparison.start + 1 and here.line.lemmas[comparison.start] in ("minimum", "maximum")
