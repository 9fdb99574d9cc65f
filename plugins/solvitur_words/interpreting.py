"""Sentences to meanings: which numbers are told of entities, and which bound something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solvitur_words.aims import aim_of, ratio_of
from solvitur_words.comparing import GE, LE, Comparison, asides_of, comparisons_of
from solvitur_words.describing import described, meaningful
from solvitur_words.entities import Entity, Group, Line, Mention, mentions
from solvitur_words.expressions import Sum, SumReader
from solvitur_words.gaps import gaps_of
from solvitur_words.lexicon import UNITS, list_of, stem_of
from solvitur_words.meaning import Described, Fact, Limit, Reading, Relation, Share
from solvitur_words.owners import bounds_in_order, facts_of
from solvitur_words.parts import MODAL, NOUN, NUMBER, VERB

_SINGLE = frozenset(list_of("a an each every per one"))


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


class Interpreter:
    """Reads the sentences of a statement one by one, given its entities."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self.reading = Reading()
        self._last: list[Entity] = []
        self._measured: frozenset[str] = frozenset()
        self._before: Sum | None = None

    def prepare(self, lines: Sequence[Line]) -> None:
        """Notes what the numbers told of entities measure, so that bounds on it are known from bounds on entities."""
        found: set[str] = set()
        for line in lines:
            for k, token in enumerate(line.tokens[:-1]):
                if token.low in ("per", "each", "every"):
                    after = line.lemmas[k + 1]
                    self.reading.bases.add("sqft" if after in ("sq", "square") else after)
            named = mentions(line, self._group)
            if not named or comparisons_of(line, set()):
                continue
            skip = {k for each in named for k in range(each.start, each.end)}
            for k, tag in enumerate(line.tags):
                if tag == NUMBER and line.tokens[k].sort != "times":
                    found.update(meaningful(described(line, k, skip).after))
        self._measured = frozenset(found)

    def read(self, line: Line, number: int) -> None:
        """Reads one sentence."""
        found = mentions(line, self._group)
        here = Here(line, found, asides_of(line), number)
        self.reading.ratio = ratio_of(line) or self.reading.ratio
        aim = aim_of(line, found)
        if aim is not None:
            self.reading.aims.append(aim)
        taken = self._ranges(here)
        for name, k, way in bounds_in_order(line, found, self._group, here.asides, number):
            token = line.tokens[k]
            self.reading.relations.append(
                Relation({name: 1.0}, way, token.value, False, token.start, token.end, (token.start,))
            )
            taken.add(k)
        self._before = None
        for comparison in comparisons_of(line, here.asides):
            reach = min(comparison.end + 3, len(line.tokens))
            first = here.numbers(*comparison.right)[:1]
            if any(k in taken for k in [*range(comparison.start, reach), *first]):
                continue
            taken |= self._compare(here, comparison)
        if not taken:
            taken |= self._definition(here)
        for k in gaps_of(line):
            if k not in here.asides:
                self.reading.gaps.append((line.tokens[k].start, line.tokens[k].end))
        taken |= self._multiples(here, taken)
        facts, limits, used = facts_of(line, found, self._group, taken, here.asides, self._last, number)
        self.reading.facts += facts
        self.reading.limits += limits
        for k in taken | used:
            self.reading.used.add(line.tokens[k].start)
        if found:
            self._last = [each.entity for each in found]

    def _compare(self, here: Here, comparison: Comparison) -> set[int]:
        """Makes a relation, a share or a limit of a comparison; returns the number tokens it used."""
        for attempt in (self._listed, self._share, self._related, self._limit):
            used = attempt(here, comparison)
            if used is not None:
                return used | self._enumerated(here, comparison, used)
        tokens = here.line.tokens
        firm = tokens[comparison.start].low in (
            "at",
            "exactly",
            "exceed",
            "exceeds",
            "up",
            "no",
            "maximum",
            "minimum",
            "not",
            "cannot",
        )
        firm = firm or here.line.lemmas[comparison.start] in ("limit", "cap", "restrict")
        loose = not here.numbers(*comparison.left) and not here.numbers(*comparison.right) and len(here.found) < 2
        if loose and not (firm and comparison.end > comparison.start + 1):
            return set()
        self.reading.open_phrases.append((tokens[comparison.start].start, tokens[comparison.end - 1].end))
        return set()

    def _listed(self, here: Here, comparison: Comparison) -> set[int] | None:
        """Reads "cannot exceed its maximum (150 for x1, 100 for x2)": a bound for each entity of the list."""
        line = here.line
        start, end = comparison.right
        numbers = here.numbers(start, end)
        pairs = []
        for k in numbers:
            behind = here.named(k + 1, min(end, k + 6))
            between = [line.tokens[m].low for m in range(k + 1, behind[0].start)] if behind else []
            if "for" in between and "," not in between:
                pairs.append((k, behind[0].entity.name))
        if len(pairs) < 2 or len(pairs) != len(numbers) or len({name for _, name in pairs}) != len(pairs):
            return None
        if here.named(*comparison.left) and "(" not in [token.low for token in line.tokens[start:end]]:
            return None
        for k, name in pairs:
            token = line.tokens[k]
            terms = {name: 1.0}
            self.reading.relations.append(
                Relation(terms, comparison.way, token.value, False, token.start, token.end, (token.start,))
            )
        return {k for k, _ in pairs}

    def _enumerated(self, here: Here, comparison: Comparison, used: set[int]) -> set[int]:
        """Goes on with the same comparison over "at least 15 units of calcium, 20 of iron and 30 of protein"."""
        line = here.line
        start, end = comparison.right
        first = next((k for k in here.numbers(start, end) if k in used), -1)
        if first < 0 or comparison.by >= 0 or line.tokens[first].sort == "times":
            return set()
        more: set[int] = set()
        for k in here.numbers(first + 1, end):
            lows = [line.tokens[m].low for m in range(first + 1, k)]
            plain = all(line.tags[m] not in (VERB, MODAL) or m in here.asides or line.lemmas[m] == "be"
                        for m in range(first + 1, k))  # fmt: skip
            if k in used or line.tokens[k].sort == "times" or not plain or not {",", "and", "or"} & set(lows):
                break
            following = [m for m in here.numbers(k + 1, end)]
            stop = self._second(here, k, end) if following else end
            opened = max(m for m in range(first + 1, k) if line.tokens[m].low in (",", "and", "or")) + 1
            owners = here.named(first + 1, k)
            begin = first + 1 if owners and "be" in line.lemmas[owners[-1].end : k] else opened
            part = replace(comparison, left=(begin, k if begin < opened else opened), right=(k, stop), start=k, end=k)
            made = self._related(here, part) or self._limit(here, part)
            if not made:
                break
            more |= made
            first = k
        return more

    def _multiples(self, here: Here, taken: set[int]) -> set[int]:
        """Reads "twice as many sofas as beds" and "Y must be three times X", where no phrase compares: at least."""
        line, used = here.line, set()
        for k in here.numbers(0, len(line.tokens)):
            if k in taken or k in here.asides or line.tokens[k].sort != "times" or line.tokens[k].value < 1:
                continue
            behind = list(dict.fromkeys(m.entity.name for m in here.named(k, len(line.tokens))))
            ahead = list(dict.fromkeys(m.entity.name for m in here.named(0, k)))
            verbs = {line.lemmas[m] for m in range(k)}
            follows = [token.low for token in line.tokens[k + 1 : k + 3]]
            if not verbs & {"must", "should", "need", "want", "aim", "decide", "require", "plan", "prefer", "have"}:
                continue
            if len(behind) == 2 and follows[:1] in (["as"], ["the"], ["more"]):
                terms = {behind[0]: 1.0, behind[1]: -line.tokens[k].value}
            elif len(ahead) == 1 and len(behind) == 1 and ahead != behind:
                terms = {ahead[0]: 1.0, behind[0]: -line.tokens[k].value}
            else:
                continue
            span = (line.tokens[k].start, line.tokens[-1].end)
            self.reading.relations.append(Relation(terms, GE, 0.0, False, *span, (line.tokens[k].start,)))
            used.add(k)
        return used

    def _ranges(self, here: Here) -> set[int]:
        """Reads "between 0 and 50", "from 10 to 20" and "[0, 15]" as bounds of the entity they are told of."""
        line, taken, forward = here.line, set(), False
        numbers = here.numbers(0, len(line.tokens))
        for low, high in zip(numbers, numbers[1:], strict=False):
            lows = [line.tokens[k].low for k in range(low + 1, high)]
            opening = line.tokens[low - 1].low if low else ""
            if (
                low in taken
                or lows not in (["and"], ["to"], [","], ["-"], ["up", "to"], ["up", "to", "a", "maximum", "of"])
                or opening not in ("between", "from", "[", "range")
            ):
                continue
            before = [m for m in here.found if m.at < low]
            behind = [m for m in here.found if m.at > high]
            close = behind and behind[0].at - high <= 6 and (forward or not (before and low - before[-1].at <= 6))
            forward = bool(close)
            names = [(behind if close else before[-1:] or behind)[0].entity.name] if before or behind else []
            if (opening == "between" and "difference" in line.lemmas) or not names:
                continue
            span = (line.tokens[low].start, line.tokens[high].end)
            for k, way in ((low, GE), (high, LE)):
                taken.add(k)
                value = line.tokens[k].value
                if way == LE or value:
                    self.reading.relations.append(
                        Relation({names[0]: 1.0}, way, value, False, *span, (line.tokens[k].start,))
                    )
        return taken

    def _definition(self, here: Here) -> set[int]:
        """Reads "the score is calculated as 5 times X plus 3 times Y" as numbers told of X and Y."""
        line = here.line
        if not {"calculated", "calculate", "represent", "define", "defined", "computed", "quantify"} & set(
            line.lemmas
        ):
            return set()
        total = SumReader(line, self._group, here.found, here.asides).read(0, len(line.tokens))
        if not total.marked or len(total.terms) < 2 or total.constant:
            return set()
        at = min(total.numbers, default=0)
        words = tuple(stem_of(line.lemmas[k]) for k in range(at) if line.tags[k] == NOUN and not any(
            m.start <= k < m.end for m in here.found))  # fmt: skip
        token = line.tokens[at]
        series = -2 - here.number
        for name, value in total.terms.items():
            told = Described(replace(token, value=value), after=words)
            self.reading.facts.append(Fact(name, told, here.number, series))
        return total.numbers

    def _share(self, here: Here, comparison: Comparison) -> set[int] | None:
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

    def _is_extreme(self, here: Here, comparison: Comparison) -> bool:
        """Tells whether the comparing phrase is a noun such as "the minimum number of ... is"."""
        return comparison.end == comparison.start + 1 and here.line.lemmas[comparison.start] in ("minimum", "maximum")

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

    def _inner_sum(
        self, here: Here, reader: SumReader, comparison: Comparison, numbers: Sequence[int]
    ) -> tuple[Sum, Sum] | None:
        """Reads "at least 50 points (calculated as twice X plus Y)": what is bounded stands behind the number."""
        start, end = comparison.right
        if not numbers or here.line.tokens[numbers[0]].sort == "times":
            return None
        opened = [k for k in range(numbers[0] + 1, end) if reader.begins(k, end)]
        if not opened:
            return None
        total = reader.read(opened[0], end)
        if not total.marked or len(total.terms) < 1 or total.constant:
            return None
        return total, Sum(constant=here.line.tokens[numbers[0]].value, numbers={numbers[0]})

    def _right(self, here: Here, reader: SumReader, comparison: Comparison, at: int, left: Sum) -> Sum:
        """Reads the right side of a comparison that begins with a number."""
        line = here.line
        start, end = comparison.right
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
        rest = here.named(at + 1, end)
        names = list(dict.fromkeys(mention.entity.name for mention in rest))
        if token.sort == "times" and len(names) == 2:
            first, second = rest[0], next(each for each in rest if each.entity.name == names[1])
            as_many = lows[at + 1 : at + 3] in (["as", "many"], ["as", "much"])
            if as_many or {"as", "than"} & set(lows[first.end : second.start]):
                left.terms.clear()
                return self._folds(here, at, rest)
        if token.sort in ("times", "percent"):
            stop = self._second(here, at, end) if left.terms else end
            return reader.read(at, stop) if left.terms else self._folds(here, at, rest)
        more = [
            k
            for k in range(at, min(end, at + 6))
            if lows[k] in ("more", "less", "fewer", "surplus", "greater", "higher")
        ]
        if than >= 0 and more and rest:
            right = reader.read(than, end)
            sign = -1.0 if lows[more[0]] in ("less", "fewer") else 1.0
            right.constant += sign * token.value
            right.numbers.add(at)
            first = here.named(at + 1, than)
            if not left.terms and first:
                left.add(first[0].entity.name, 1.0)
            return right
        if (
            left.terms
            and left.marked is False
            and than >= 0
            and rest
            and "surplus" in lows[comparison.left[0] : at + 8]
        ):
            right = reader.read(than, end)
            right.constant += token.value
            right.numbers.add(at)
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
            if line.tags[k] == NOUN and lemma not in self._group.nouns and lemma not in UNITS:
                if stem_of(lemma) in self._measured:
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

    def _limit(self, here: Here, comparison: Comparison) -> set[int] | None:
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
        lows = [token.low for token in line.tokens[at + 1 : at + 4]]
        of_each = (lows[:1] == ["of"] and lows[1:2] in (["either"], ["each"])) or lows[1:3] == ["of", "each"]
        if of_each:
            span = (line.tokens[comparison.start].start, line.tokens[at].end)
            for entity in self._group.entities:
                terms = {entity.name: 1.0}
                self.reading.relations.append(
                    Relation(
                        terms,
                        comparison.way,
                        line.tokens[at].value,
                        comparison.strict,
                        *span,
                        (line.tokens[at].start,),
                    )
                )
            return {at}
        number = described(line, at, skip, comparison.left[0], here.asides)
        total = any(
            line.tokens[k].low in ("total", "combined", "overall", "altogether")
            for k in range(comparison.wide, comparison.right[1])
        )
        total = total or any(line.tokens[k].low == "both" and line.phrase_at(k + 1).words[-1:] and
                             line.phrase_at(k + 1).words[-1] in self._group.nouns for k in range(comparison.wide, at))  # fmt: skip
        total = total or "either" in [token.low for token in line.tokens[at + 2 : at + 8]]
        following = [token.low for token in line.tokens[at + 1 : at + 7]]
        if ["of", "whom"] in [following[k : k + 2] for k in range(6)] or ["of", "which"] in [
            following[k : k + 2] for k in range(6)
        ]:
            number, total = replace(number, after=(), before=(), unit=""), True
        each = not total and any(
            line.tokens[k].low in ("each", "every", "both") for k in range(comparison.left[0], at)
        )
        tokens = line.tokens
        span = (tokens[min(comparison.start, at)].start, tokens[max(at, comparison.end - 1)].end)
        self.reading.limits.append(Limit(comparison.way, number, comparison.strict, each, *span, total=total))
        return {at}
