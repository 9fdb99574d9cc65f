"""Sentences to meanings: which numbers are told of entities, and which bound something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from solvitur_words.aims import aim_of, ratio_of
from solvitur_words.comparing import GE, LE, Comparison, asides_of, comparisons_of
from solvitur_words.describing import described, meaningful
from solvitur_words.entities import Line, mentions
from solvitur_words.expressions import SumReader
from solvitur_words.gaps import gaps_of
from solvitur_words.lexicon import CONTAINERS, stem_of
from solvitur_words.meaning import Described, Fact, Limit, Relation, Share
from solvitur_words.owners import bounds_in_order, facts_of
from solvitur_words.parts import MODAL, NOUN, NUMBER, VERB
from solvitur_words.relating import Here, RelationReader


class Interpreter(RelationReader):
    """Reads the sentences of a statement one by one, given its entities."""

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
                    told = described(line, k, skip)
                    found.update(meaningful(told.after))
                    if told.unit in CONTAINERS and told.unit != "unit":
                        found.add(stem_of(told.unit))
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
            following = list(here.numbers(k + 1, end))
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
        for low, high in pairwise(numbers):
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
        boths = [k + 1 for k in range(comparison.wide, at) if line.tokens[k].low == "both"]
        total = total or any(set(line.phrase_at(k).words[-1:]) & self._group.nouns for k in boths)
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
