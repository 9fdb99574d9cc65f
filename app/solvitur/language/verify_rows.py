"""Judges the rows of one constraint, or the bounds of one variable, and keeps the most telling of them."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field

from solvitur.language.arrays_spaces import name_of
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.instance import Label
from solvitur.problem.verification import ElementCheck, RowCheck

TOLERANCE = 1e-6
"""A row may be violated by so much, relative to ``max(1, |largest term|, |side|)``."""
WHOLE = 1e-5
"""An integer variable may be so far from a whole number."""
MOST_ROWS = 50
"""Rows that are kept of each constraint or variable."""
_SHOWN = 5
_RANKS = {"violated": 0, "tight": 1, "satisfied": 2}


@dataclass(frozen=True)
class Judged:
    """One row at the answer: its left side, its sides, and whether it holds."""

    activity: float
    lower: float
    upper: float
    violated: bool
    excess: float
    """By how much it is off: the absolute violation, 0 when there is none."""

    @property
    def slack(self) -> float:
        """Distance to the nearer side; negative when violated."""
        return min(self.upper - self.activity, self.activity - self.lower)

    @property
    def state(self) -> str:
        """``satisfied``, ``tight`` or ``violated``."""
        if self.violated:
            return "violated"
        return "tight" if abs(self.slack) <= TOLERANCE * max(1.0, abs(self.activity)) else "satisfied"


@dataclass
class Family:
    """Counts the rows of one element and keeps those worth showing."""

    name: str
    description: str = ""
    soft: bool = False
    show_satisfied: bool = True
    claims: bool = False
    """Whether the rows are claims, such as implications, that hold or do not."""
    counts: dict[str, int] = field(default_factory=lambda: {"satisfied": 0, "tight": 0, "violated": 0})
    max_violation: float = 0.0
    worst: str = ""
    findings: list[Finding] = field(default_factory=list)
    _least: tuple[int, float] = (3, math.inf)
    _kept: list[tuple[int, float, int, str, Judged]] = field(default_factory=list)
    _seen: int = 0

    def add(self, label: tuple[Label, ...], row: Judged) -> None:
        """Adds a row; its name is only written when it is needed."""
        state = row.state
        self.counts[state] += 1
        self._seen += 1
        slack = row.slack if not math.isnan(row.slack) else -math.inf
        if row.excess > self.max_violation or math.isnan(row.excess):
            self.max_violation = row.excess if not math.isnan(row.excess) else math.inf
        rank = _RANKS[state]
        if (rank, slack) < self._least:
            self._least, self.worst = (rank, slack), name_of(self.name, label)
        if state != "violated" and (not self.show_satisfied or math.isinf(slack)):
            return  # of a claim that holds there is nothing to show
        entry = (-rank, -slack, -self._seen)
        if len(self._kept) < MOST_ROWS:
            heapq.heappush(self._kept, (*entry, name_of(self.name, label), row))
        elif entry > self._kept[0][:3]:
            heapq.heapreplace(self._kept, (*entry, name_of(self.name, label), row))

    def holds(self, label: tuple[Label, ...], slack: float, value: float) -> None:
        """Counts a value that keeps within its bounds by ``slack``; the short way of `add` for the common case."""
        rank = 1 if slack <= TOLERANCE or slack <= TOLERANCE * abs(value) else 2
        self.counts["tight" if rank == 1 else "satisfied"] += 1
        if rank <= self._least[0] and (rank, slack) < self._least:
            self._least, self.worst = (rank, slack), name_of(self.name, label)

    def check(self) -> ElementCheck:
        """Sums the family up."""
        count = sum(self.counts.values())
        return ElementCheck(
            self.name,
            count,
            self.counts["satisfied"],
            self.counts["tight"],
            self.counts["violated"],
            self.max_violation,
            self.worst,
            self.description,
        )

    def rows(self) -> list[RowCheck]:
        """Returns the kept rows: violated ones first, then tight ones, then by slack."""
        return [
            RowCheck(name, row.activity, row.lower, row.upper, row.slack, row.state)
            for _, _, _, name, row in sorted(self._kept, key=lambda kept: kept[:3], reverse=True)
        ]

    def told(self) -> list[Finding]:
        """Tells about violated rows in words, the worst first; about soft constraints only in passing."""
        severity = Severity.INFO if self.soft else Severity.ERROR
        found = list(self.findings)
        violated = [row for row in self.rows() if row.state == "violated"]
        for row in violated[:_SHOWN]:
            how = "is missed" if self.soft else "is violated"
            text = f"'{row.element}' {how} by {plain(-row.slack)}: {_compared(row)}."
            if self.claims:
                text = f"'{row.element}' does not hold."
            found.append(Finding(severity, text, row.element))
        rest = self.counts["violated"] - min(len(violated), _SHOWN)
        if rest > 0:
            found.append(Finding(severity, f"{rest:,} more of '{self.name}' are violated.", self.name))
        return found


def _compared(row: RowCheck) -> str:
    if row.lower == row.upper:
        return f"{plain(row.activity)} = {plain(row.upper)}"
    if row.activity < row.lower:
        return f"{plain(row.activity)} >= {plain(row.lower)}"
    return f"{plain(row.activity)} <= {plain(row.upper)}"


def plain(number: float) -> str:
    """Writes a number as short as it is told apart by."""
    return f"{number:.10g}"
