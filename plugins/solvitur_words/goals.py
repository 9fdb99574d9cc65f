"""The objective of a draft: a row, a total, a difference of rows or a ratio."""

from __future__ import annotations

from collections.abc import Sequence

from solvitur_words.asking import label_of
from solvitur_words.book import RowBook
from solvitur_words.describing import meaningful
from solvitur_words.lexicon import COST_WORDS, PROFIT_WORDS, stem_of
from solvitur_words.meaning import Aim
from solvitur_words.rows import matches, measure_of

_GAINS = frozenset(stem_of(word) for word in PROFIT_WORDS) | {"roi"}


class GoalWriter(RowBook):
    """Writes the objective."""

    def _aim(self) -> None:
        aims = self._reading.aims
        if not aims:
            self._result.doubt(
                "objective", "What is to be made as large or as small as possible?", choices=self._offers()
            )
            return
        senses = {aim.sense for aim in aims}
        if len(senses) > 1:
            self._result.doubt(
                "objective",
                "Several goals are told: which one counts?",
                aims[0].start,
                aims[0].end,
                choices=self._offers(),
            )
        for aim in sorted(aims, key=lambda each: -len(meaningful(each.words))):
            expression = self._ratio(aim) or self._goal(aim)
            if expression:
                self._check_goal(aim)
                sense = "maximize" if aim.sense == "max" else "minimize"
                name = self._text.name(
                    ["total", *[w for w in aim.labels if w not in ("total", "number")][:2]], "goal"
                )
                self._text.objective = f"{sense} {name}: {expression}"
                self._result.evidence.append((name, aim.start, aim.end))
                return
        self._result.doubt(
            "objective", "What do the things count for the goal?", aims[0].start, aims[0].end, choices=self._offers()
        )

    def _offers(self) -> tuple[str, ...]:
        """Lists goals that the rows allow."""
        found = []
        for row in self.rows:
            sense = "minimize" if row.role == "cost" else "maximize"
            if len(row.cells) == len(self._group.entities) and (row.role or not row.used):
                found.append(f"{sense} {label_of(row)}")
        return (*dict.fromkeys(found), "maximize the total number")

    def _ratio(self, aim: Aim) -> str:
        """Writes a goal that divides one row by another."""
        sides = self._reading.ratio if "ratio" in aim.words or not meaningful(aim.words) else None
        if aim.over and "averag" in aim.words and not meaningful(self._own(aim.over)):
            expression = self._goal(aim)
            return f"({expression}) / {self._text.total()}" if expression else ""
        if aim.over and meaningful(self._own(aim.over)):
            sides = (aim.words, aim.over)
        if sides is None:
            return ""
        above, below = (self._best_row(words, (), "", False, _role_of(words), 0.8, limit=False) for words in sides)
        if above is None or below is None or above is below:
            return ""
        return f"({self._text.of_row(self._row(above))}) / ({self._text.of_row(self._row(below))})"

    def _goal(self, aim: Aim) -> str:
        words = meaningful(aim.words)
        role = _role_of(aim.words)
        number_of = bool({"number", "numb"} & set(aim.words[:3])) and not role
        if number_of and aim.entities:
            return self._text.terms(dict.fromkeys(aim.entities, 1.0))
        unit = next((self._units[word] for word in aim.words if word in self._units), "")
        row = self._best_row(aim.words, (), unit, False, role, 0.6, limit=False)
        score = matches(self._own(aim.words), (), unit, False, role, row, limit=False) if row else 0.0
        if row is not None and unit and row.unit != unit and measure_of(row.unit) != measure_of(unit):
            row, score = None, 0.0
        if (
            row is not None
            and number_of
            and not unit
            and not set(self._own(tuple(words))) & (row.after() | {stem_of(row.unit)})
        ):
            row, score = None, 0.0
        if row is not None and unit and measure_of(row.unit) == measure_of(unit):
            score = max(score, 1.6)
        if row is None and unit:
            row = next((each for each in self.rows if each.unit == unit), None)
            score = 1.6 if row else 0.0
        if role == "profit" and row is not None and row.role in ("price", "revenue"):
            costs = [each for each in self.rows if each.role == "cost" and each.is_money]
            if costs and "profit" in aim.words:
                parts = [self._text.of_row(self._row(each)) for each in [row, *costs]]
                return " - ".join(parts)
        total = 0.0
        if number_of and score < 1.0:
            total = 1.5
        elif words & (self._nouns | self._stems) and not role:
            total = 1.5 if words & (self._nouns | self._stems) else 0.8
        if total > score:
            return self._text.total()
        self._goal_row = row
        if row is not None:
            return self._text.of_row(self._row(row))
        idle = [each for each in self.rows if not each.used]
        if (
            len(idle) == 1
            and role == "cost"
            and idle[0].role in ("", "cost")
            and not (idle[0].after() | idle[0].before()) & _GAINS
            and len(idle[0].cells) == len(self._group.entities)
        ):
            return self._text.of_row(self._row(idle[0]))
        if "tim" in words or "time" in words or "hour" in words:
            timed = [each for each in self.rows if measure_of(each.unit) == "time"]
            if len(timed) == 1:
                return self._text.of_row(self._row(timed[0]))
            if not timed and any(each.first.per in ("hour", "minute", "day") for each in self.rows):
                return self._text.total()
        return ""

    def _check_goal(self, aim: Aim) -> None:
        """Doubts a goal whose row lacks an entity."""
        for row in self.rows:
            made = self._rows.get(id(row))
            if made is not None and row is self._goal_row and len(row.cells) < len(self._group.entities):
                missing = next(e for e in self._group.entities if e.name not in row.cells)
                text = f"What does “{missing.name}” count for the goal?"
                about = f"{missing.name} {row.first.token.text}"
                self._result.doubt("part", text, missing.start, missing.end, about, ("0",))


def _role_of(words: Sequence[str]) -> str:
    for word in words:
        if word in {stem_of(each) for each in PROFIT_WORDS}:
            return "revenue" if word == "revenu" else "profit"
        if word in {stem_of(each) for each in COST_WORDS}:
            return "cost"
    return ""
