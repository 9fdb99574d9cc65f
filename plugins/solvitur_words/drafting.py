"""From what was read to a model: rows, limits and the objective find each other, and what is left open is said."""

from __future__ import annotations

from dataclasses import replace

from solvitur_words import assembly
from solvitur_words.asking import LEAVE_OUT, TOTAL, label_of
from solvitur_words.assembly import number
from solvitur_words.book import Result
from solvitur_words.comparing import GE, LE
from solvitur_words.describing import meaningful
from solvitur_words.goals import GoalWriter
from solvitur_words.lexicon import CONTAINERS, MONEY_WORDS, UNITS, stem_of
from solvitur_words.meaning import Limit, Relation, Share
from solvitur_words.rows import Row, matches, measure_of

_PLAIN = frozenset(["item", "product", "unit", "piece", "good", "thing"])
_ALLOTTED = frozenset(
    stem_of(word)
    for word in (
        "allocation", "investment", "invest", "resource", "hire", "allocate", "budget", "fund", "number", "effort",
        "quantity", "production", "training", "hour", "amount", "allocated", "total",
    )
)  # fmt: skip
"""Stems of what amounts as such are called."""


class Drafter(GoalWriter):
    """Makes the model of a reading."""

    def draft(self) -> Result:
        """Builds constraints and the objective, and renders the text."""
        text, result = self._text, self._result
        for relation in self._reading.relations:
            self._relation(relation)
        for share in self._reading.shares:
            self._share(share)
        for limit in self._reading.limits:
            self._limit(limit)
        self._aim()
        for row in self.rows:
            if not row.used and {"bound", "upp"} & (row.before() | row.after()) and not row.is_money:
                for name, fact in row.cells.items():
                    token = fact.number.token
                    self._relation(Relation({name: 1.0}, LE, token.value, False, token.start, token.end))
                row.used = 1
            if not row.used:
                token = row.first.token
                result.doubt(
                    "unused",
                    f"Nothing limits or counts “{token.text}”.",
                    token.start,
                    token.end,
                    token.text,
                    (LEAVE_OUT,),
                )
        self._check_money()
        self._check_parts()
        for start, end in self._reading.gaps:
            result.doubt("gap", "Is a number missing here?", start, end, str(start), (LEAVE_OUT,))
        for start, end in self._reading.open_phrases:
            result.doubt("phrase", "What does this compare?", start, end, str(start), (LEAVE_OUT,))
        result.model = text.render() if text.objective else ""
        return result

    def _relation(self, relation: Relation) -> None:
        if (
            len(relation.terms) == 1
            and relation.way == GE
            and relation.constant <= 0
            and min(relation.terms.values()) > 0
        ):
            return
        measured = relation.unit in UNITS and any(
            measure_of(row.unit) == measure_of(relation.unit) for row in self.rows
        )
        backwards = len(relation.terms) == 1 and min(relation.terms.values()) < 0
        if relation.doubtful or measured or backwards:
            self._result.doubt(
                "relation",
                "Is this bound on the amounts themselves?",
                relation.start,
                relation.end,
                str(relation.start),
            )
        if len(relation.terms) == 1:
            bound = (next(iter(relation.terms)), relation.way)
            if bound in self._bounded:
                self._result.doubt(
                    "bound", "Is this the same bound twice?", relation.start, relation.end, str(relation.start)
                )
            self._bounded.add(bound)
        left = self._text.terms(relation.terms)
        constant = relation.constant
        if relation.strict and self._text.integer and all(v == int(v) for v in [*relation.terms.values(), constant]):
            constant += 1 if relation.way == GE else -1
        words = ["at", "least" if relation.way == GE else "most"] if relation.way != "==" else ["balance"]
        names = [name.split()[0] for name in relation.terms][:3]
        self._constrain([*names, *words], f"{left} {relation.way} {number(constant)}", relation.start, relation.end)

    def _share(self, share: Share) -> None:
        words = meaningful(share.words) - self._nouns - self._stems
        row = self._best_row(share.words, (), "", False, "", 1.5) if words else None
        portion = number(share.portion)
        if row is None:
            part = self._text.terms(dict.fromkeys(share.entities, 1.0))
            whole = self._text.total()
        else:
            made = self._row(row)
            part = " + ".join(f"{made.name}[{assembly.quoted(n)}] * {self._text.one(n)}" for n in share.entities)
            whole = self._text.of_row(made)
        self._constrain(
            [share.entities[0], "share"], f"{part} {share.way} {portion} * {whole}", share.start, share.end
        )

    def _limit(self, limit: Limit) -> None:
        told = replace(
            limit.number,
            after=tuple(self._own(limit.number.after)),
            before=tuple(word for word in limit.number.before if word not in self._stems),
        )
        role = told.role or ("cost" if told.is_money else "")
        spot = (limit.start, limit.end)
        if self._settled(limit):
            return
        if limit.each:
            rated = [
                row
                for row in self.rows
                if matches(told.after, told.before, told.unit, told.is_money, role, row) > 1.0
            ]
            wide = [row for row in rated if measure_of(row.unit) == measure_of(told.unit)]
            if len(wide) >= 2:
                for each in wide:
                    self._bound_row(each, limit)
                return
        row = self._best_row(told.after, told.before, told.unit, told.is_money, role, 1.0)
        score = matches(told.after, told.before, told.unit, told.is_money, role, row) if row else 0.0
        if row is None:
            row = self._only_measured(told)
        if limit.each and self._means_total(limit) > score:
            for entity in self._group.entities:
                terms = {entity.name: 1.0}
                self._relation(Relation(terms, limit.way, told.value, limit.strict, *spot))
            return
        if self._means_total(limit) > score:
            if (0, limit.way) in self._limited:
                self._result.doubt("twice", "Are there two limits on the total?", *spot, str(limit.start))
            self._limited.add((0, limit.way))
            ways = {each.way for each in self._reading.limits} | {each.way for each in self._reading.relations}
            least = not limit.sure and GE not in ways
            if least and all(aim.sense == "min" for aim in self._reading.aims):
                limit = replace(limit, way=GE)
            self._constrain(["total", "at", "most" if limit.way == LE else "least"],
                            f"{self._text.total()} {limit.way} {number(told.value)}", *spot)  # fmt: skip
        elif row is not None:
            self._bound_row(row, limit)
        else:
            self._result.doubt(
                "limit",
                f"What does “{told.token.text}” limit?",
                *spot,
                told.token.text,
                (*dict.fromkeys(label_of(each) for each in self.rows), TOTAL, LEAVE_OUT),
            )

    def _settled(self, limit: Limit) -> bool:
        """Does what the user said a limit means, if that was asked."""
        answer = self._answers.get(f"limit {limit.number.token.text}", "").strip().lower()
        if answer == TOTAL:
            relation = f"{self._text.total()} {limit.way} {number(limit.number.value)}"
            self._constrain(["total", "limit"], relation, limit.start, limit.end)
            return True
        for row in self.rows if answer else ():
            if label_of(row).lower() == answer:
                self._bound_row(row, limit)
                return True
        return answer == LEAVE_OUT

    def _means_total(self, limit: Limit) -> float:
        """Rates whether a limit is on the number of all entities together."""
        told = limit.number
        after = meaningful(told.after)
        measure = measure_of(told.unit)
        priced = any(
            row.is_money and row.role == "cost" and {"produc", "production"} & (row.after() | row.before())
            for row in self.rows
        )
        if told.is_money and priced:
            return 0.0
        if measure and measure != "area" and any(measure_of(row.unit) == measure for row in self.rows):
            return 0.0
        made = {"produc", "capacity"} & set(told.before) and told.unit in ("unit", "") and not told.is_money
        if (
            made
            and not after & self._measured()
            and not any(not meaningful(row.after()) and not row.is_money for row in self.rows)
        ):
            return 1.8
        if limit.total and not told.after and not told.before and not told.is_money:
            return 1.6
        if told.is_money and not limit.total and any(row.is_money and row.role == "cost" for row in self.rows):
            return 0.0
        if (
            (limit.total or "item" in told.after)
            and {told.unit, *told.after} & _PLAIN
            and not after & self._measured()
        ):
            return 2.0
        units = {row.first.per for row in self.rows if row.first.per}
        score = 0.0
        if after & self._nouns:
            score += 2.0
        if after & self._stems:
            score += 1.2
        units |= self._reading.bases
        if told.unit and told.unit in units and measure_of(told.unit) == "area":
            score += 3.0
        if set(told.before) & (self._nouns | self._stems) and (limit.total or not after):
            score += 1.4
        if limit.total:
            score += 0.7
        if told.unit in ("unit", "") and not after and limit.total:
            score += 0.8
        if (limit.total or limit.each) and _ALLOTTED & {*told.before, *told.after} and not after & self._measured():
            score += 2.5
        if (
            told.is_money
            and any(word in ("dollar", "invest", "money") for word in units | set(told.before) | set(told.after))
            and not any(row.role == "cost" and row.is_money for row in self.rows)
        ):
            score += 2.0
        return score

    def _bound_row(self, row: Row, limit: Limit) -> None:
        made = self._row(row)
        factor = 1.0
        if row.unit in UNITS and limit.number.unit in UNITS:
            factor = UNITS[limit.number.unit][1] / UNITS[row.unit][1]
        value = limit.number.value * factor
        if (id(row), limit.way) in self._limited:
            self._result.doubt("twice", "Are there two limits on the same?", limit.start, limit.end, str(limit.start))
        self._limited.add((id(row), limit.way))
        if not limit.sure and limit.way == GE and len(row.cells) < len(self._group.entities):
            self._result.doubt("need", "Is this a need?", limit.start, limit.end, str(limit.start))
        name = self._text.name([made.name, "limit" if limit.way == LE else "need"], "limit")
        self._text.scalars.append((name, value))
        relation = f"{self._text.of_row(made)} {limit.way} {name}"
        self._constrain([made.name, "within" if limit.way == LE else "met"], relation, limit.start, limit.end)
        self._result.evidence.append((name, limit.number.token.start, limit.number.token.end))

    def _check_parts(self) -> None:
        """Doubts rows that lack an entity of which less is told than of the others: a number may be missing."""
        counts = {entity.name: 0 for entity in self._group.entities}
        for row in self.rows:
            for name in row.cells:
                counts[name] += 1
        for row in self.rows:
            defined = any(-1000 < fact.series <= -2 for fact in row.cells.values())
            missing = [name for name in counts if name not in row.cells]
            if not row.used or defined or not missing or row is self._goal_row:
                continue
            most = max(counts[name] for name in row.cells)
            if any(counts[name] < most for name in missing):
                token = row.first.token
                text = f"How much of what “{token.text}” tells is there for “{missing[0]}”?"
                self._result.doubt("part", text, token.start, token.end, f"{missing[0]} {token.text}", ("0",))

    def _check_money(self) -> None:
        """Doubts amounts that are bounded in money but priced per head: "$5,000 per employee"."""
        if not any(relation.unit == "money" for relation in self._reading.relations):
            return
        for row in self.rows:
            per = row.first.per
            plain = per in UNITS or per in CONTAINERS or per in MONEY_WORDS
            if per and row.is_money and not plain:
                token = row.first.token
                self._result.doubt("per", f"How much money is one {per}?", token.start, token.end, per)
