"""What a draft is made from: its rows, the names it gives, and the row that words mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from solvitur_words import assembly
from solvitur_words.asking import KEEP, Doubt
from solvitur_words.assembly import Text
from solvitur_words.describing import meaningful
from solvitur_words.entities import Group
from solvitur_words.lexicon import UNITS, stem_of
from solvitur_words.meaning import Described, Reading
from solvitur_words.rows import Row, matches, measure_of, rows_of


@dataclass
class Result:
    """A model's text, where its elements come from, and what hinders it from being complete."""

    model: str = ""
    evidence: list[tuple[str, int, int]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(
        self, kind: str, text: str, start: int = 0, end: int = 0, about: str = "", choices: tuple[str, ...] = (KEEP,)
    ) -> None:
        """Notes something open."""
        self.doubts.append(Doubt(kind, about, text, start, end, choices))


class RowBook:
    """Keeps the rows of a draft and finds the one that words mean."""

    def __init__(
        self, group: Group, reading: Reading, integer: bool, answers: Mapping[str, str] | None = None
    ) -> None:
        self._answers = dict(answers or {})
        self._group = group
        self._reading = reading
        self.rows = rows_of(reading.facts)
        self._fill()
        self._result = Result()
        self._stems = {stem_of(word) for entity in group.entities for word in [*entity.keys, entity.words[-1]]}
        self._nouns = {stem_of(noun) for noun in group.nouns}
        self._text = Text(group, "", "", integer)
        self._text.set_name = self._text.name([assembly.set_name_of(group, ())], "Things")
        self._text.set_name = assembly.set_name_of(group, ())
        self._text.variable = self._text.name(["amount"], "amount")
        self._rows: dict[int, assembly.Row] = {}
        self._goal_row: Row | None = None
        self._limited: set[tuple[int, str]] = set()
        self._units = {stem_of(row.unit): row.unit for row in self.rows if row.unit in UNITS} | {
            row.unit: row.unit for row in self.rows if row.unit in UNITS}  # fmt: skip
        self._nouns |= {stem_of(row.first.per) for row in self.rows if row.first.per and row.first.per not in UNITS}
        self._bounded: set[tuple[str, str]] = set()

    def _fill(self) -> None:
        """Puts numbers that were answered into the rows that lacked them."""
        for row in self.rows:
            for entity in self._group.entities:
                typed = self._answers.get(f"part {entity.name} {row.first.token.text}", "").strip()
                if typed.replace(".", "", 1).lstrip("-").isdigit() and entity.name not in row.cells:
                    fact = next(iter(row.cells.values()))
                    token = replace(fact.number.token, value=float(typed))
                    row.cells[entity.name] = replace(
                        fact, entity=entity.name, number=replace(fact.number, token=token)
                    )

    def _row(self, row: Row) -> assembly.Row:
        """Adds a row to the text as a parameter, once."""
        row.used += 1
        if id(row) not in self._rows:
            first = row.first
            words = [first.role] if first.role else []
            words += [word for word in first.labels if word not in words][:2] or ([first.unit] if first.unit else [])
            name = self._text.name(words, "rate")
            values = {key: fact.number.value for key, fact in row.cells.items()}
            made = assembly.Row(name, values)
            self._text.rows.append(made)
            self._rows[id(row)] = made
            for key, fact in row.cells.items():
                self._result.evidence.append((f"{name}[{key}]", fact.number.token.start, fact.number.token.end))
        return self._rows[id(row)]

    def _constrain(self, name: Sequence[str], relation: str, start: int, end: int) -> None:
        made = self._text.name(name, "limit")
        self._text.constraints.append((made, relation))
        self._result.evidence.append((made, start, end))

    def _own(self, words: Sequence[str]) -> list[str]:
        """Leaves out the words that name the entities or all of them."""
        return [word for word in words if word not in self._nouns and word not in self._stems]

    def _only_measured(self, told: Described) -> Row | None:
        """Finds the only row told in units of the same kind, such as hours."""
        measure = measure_of(told.unit)
        rows = [row for row in self.rows if measure_of(row.unit) == measure]
        return rows[0] if measure in {kind for kind, _ in UNITS.values()} and len(rows) == 1 else None

    def _best_row(
        self,
        words: Sequence[str],
        before: Sequence[str],
        unit: str,
        money: bool,
        role: str,
        least: float,
        limit: bool = True,
    ) -> Row | None:
        words = self._own(words)
        rated = [
            (matches(words, before, unit, money, role, row, limit), -row.used, -at, row)
            for at, row in enumerate(self.rows)
        ]
        rated.sort(key=lambda each: each[:3], reverse=True)
        if not rated or rated[0][0] < least:
            return None
        return rated[0][3]

    def _measured(self) -> set[str]:
        """Words of what the rows measure."""
        return {word for row in self.rows for word in meaningful(row.after())}
