"""Rows: the numbers of several entities that measure one thing, and which row a limit or the objective means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from solvitur_words.describing import meaningful
from solvitur_words.lexicon import CONTAINERS, UNITS
from solvitur_words.meaning import Described, Fact

_LIKELY = 0.9
"""How alike the words of two numbers must be to stand in one row."""


@dataclass
class Row:
    """One kind of number, told of some or all entities."""

    cells: dict[str, Fact] = field(default_factory=dict)
    series: set[int] = field(default_factory=set)
    used: int = 0
    name: str = ""

    @property
    def first(self) -> Described:
        """The first number, whose words name the row."""
        return next(iter(self.cells.values())).number

    @property
    def role(self) -> str:
        """What money in it is: cost, profit, price or revenue; empty if nobody says."""
        return next((fact.number.role for fact in self.cells.values() if fact.number.role), "")

    @property
    def is_money(self) -> bool:
        """Whether its numbers are told in a currency."""
        return any(fact.number.is_money for fact in self.cells.values())

    @property
    def unit(self) -> str:
        """The unit its numbers are told in."""
        return next((fact.number.unit for fact in self.cells.values() if fact.number.unit), "")

    def after(self) -> set[str]:
        """All words told after its numbers."""
        return {word for fact in self.cells.values() for word in fact.number.after}

    def before(self) -> set[str]:
        """All words told before its numbers."""
        return {word for fact in self.cells.values() for word in fact.number.before}


def rows_of(facts: Sequence[Fact]) -> list[Row]:
    """Sorts numbers into rows; every row has at most one number of an entity."""
    rows: list[Row] = []
    told: Counter[str] = Counter()
    for fact in facts:
        rank = told[fact.entity]
        told[fact.entity] += 1
        best, likeness = None, _LIKELY
        for at, row in enumerate(rows):
            if fact.series >= 0 and fact.series in row.series and fact.entity not in row.cells:
                best, likeness = row, 99.0
                break
            if fact.entity in row.cells:
                continue
            value = _alike(fact.number, row) + 0.05 / (1 + abs(at - rank))
            if value > likeness:
                best, likeness = row, value
        if best is None or fact.entity in best.cells:
            best = Row()
            rows.append(best)
        best.cells[fact.entity] = fact
        if fact.series >= 0:
            best.series.add(fact.series)
    return _united(rows)


def _united(rows: list[Row]) -> list[Row]:
    """Unites two rows of different entities that are the only ones told in units of their kind."""
    for first in list(rows):
        kind = measure_of(first.unit)
        if first not in rows or kind not in {measure for measure, _ in UNITS.values()}:
            continue
        alike = [row for row in rows if measure_of(row.unit) == kind]
        if len(alike) == 2 and alike[0].unit == alike[1].unit and not set(alike[0].cells) & set(alike[1].cells):
            alike[0].cells.update(alike[1].cells)
            rows.remove(alike[1])
    return rows


def _alike(number: Described, row: Row) -> float:
    """Rates how well a number goes with those of a row."""
    unit = measure_of(number.unit)
    other = measure_of(row.unit)
    if unit and other and unit != other:
        return -1.0
    if number.role and row.role and number.role != row.role:
        return -1.0
    if number.is_money != row.is_money and (unit or other):
        return -1.0
    score = 0.0
    if number.role and number.role == row.role:
        score += 1.2
    after, row_after = meaningful(number.after), meaningful(row.after())
    if after and row_after:
        overlap = len(after & row_after) / min(len(after), len(row_after))
        score += 1.6 * overlap if overlap else -1.0
    elif not after and not row_after:
        score += 0.6
    before, row_before = set(number.before), row.before()
    if before and row_before:
        score += 0.8 * len(before & row_before) / min(len(before), len(row_before))
    if number.unit and number.unit == row.unit:
        score += 0.4
    if number.is_money and row.is_money:
        score += 0.3
    if number.token.sort == "percent" and row.first.token.sort == "percent":
        score += 0.5
    return score


def measure_of(unit: str) -> str:
    """Tells what a unit measures: time, weight, ...; the unit itself for bottles and boxes; nothing for "units"."""
    if unit in UNITS:
        return UNITS[unit][0]
    return (
        unit if unit in CONTAINERS and unit not in ("unit", "number", "amount", "quantity", "worth", "total") else ""
    )


def matches(
    words: Sequence[str], before: Sequence[str], unit: str, is_money: bool, role: str, row: Row, limit: bool = True
) -> float:
    """Rates how well a limit or the objective, told in these words, means a row."""
    measure, other = measure_of(unit), measure_of(row.unit)
    if measure and other and measure != other:
        return 0.0
    if is_money and not row.is_money and (other or row.role == ""):
        return 0.0
    if limit and row.is_money and not is_money and (measure or not role):
        return 0.0
    score = 0.0
    after, told = meaningful(words), meaningful(row.after())
    if limit and row.role and not role and not is_money and not after & told:
        return 0.0
    verbs, row_verbs = meaningful(before), meaningful(row.before())
    if after & told:
        score += 2.0 * len(after & told) / len(after)
        score += 0.5 * len(after & told) / len(told)
    elif after and told and measure not in ("time",) and not is_money:
        score -= 0.8
    score += 0.8 * bool((after | verbs) & (told | row_verbs)) + 0.3 * len((after | verbs) & (told | row_verbs))
    if {"wag", "wage", "salary", "payroll"} & {*words, *before}:
        role = row.role if "earn" in row_verbs else role
    if role and row.role:
        same = role == row.role or {role, row.role} <= {"profit", "revenue", "price"}
        score += 1.5 if role == row.role else (0.7 if same else -1.5)
    if is_money and row.is_money:
        score += 0.8
    if role and not row.role and (row.is_money or row.first.token.sort == "percent"):
        score += 0.7
    if measure and measure == other:
        score += 0.9
        score += 0.5 if unit == row.unit and not told else 0.0
    elif unit and unit == row.unit:
        score += 0.2
    return score
