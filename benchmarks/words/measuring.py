"""Drafting, solving and judging of questions, in this process and by the application's own path."""

from __future__ import annotations

import hashlib
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from solvitur.api import Draft, Formulation, Problem, SolviturError
from solvitur.engine.solving import Task, bind, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur_words.part import Words

SETS = (
    "nl4opt_test", "mamo_easy", "optibench", "mamo_complex", "industryor", "bwor", "logior", "complexor", "nlp4lp",
    "flawed_removed",
)  # fmt: skip
FLAWED = ("flawed_removed",)
RELATIVE = 1e-3


@dataclass(frozen=True)
class Row:
    """One question with its published answer."""

    id: str
    question: str
    answer: float | None
    disputed: bool


@dataclass(frozen=True)
class Judged:
    """A question's draft, what solving it gave, and the verdict: ``right``, ``wrong`` or ``open`` (not answered)."""

    row: Row
    draft: Draft
    objective: float | None
    status: str
    verdict: str
    seconds: float


@dataclass(frozen=True)
class Measured:
    """A set's figures; disputed rows are counted apart."""

    judged: tuple[Judged, ...]

    def _count(self, disputed: bool, *verdicts: str) -> int:
        return sum(each.row.disputed is disputed and each.verdict in verdicts for each in self.judged)

    @property
    def rows(self) -> int:
        """Rows whose answer nobody disputes."""
        return self._count(False, "right", "wrong", "open")

    @property
    def alone(self) -> int:
        """Those answered without asking."""
        return self._count(False, "right", "wrong")

    @property
    def right(self) -> int:
        """Those answered rightly."""
        return self._count(False, "right")

    @property
    def disputed_rows(self) -> int:
        """Rows that several sources answer differently."""
        return self._count(True, "right", "wrong", "open")

    @property
    def disputed_right(self) -> int:
        """Those of them answered as listed first."""
        return self._count(True, "right")

    @property
    def median(self) -> float:
        """Median seconds per statement."""
        return statistics.median([each.seconds for each in self.judged] or [0.0])

    @property
    def most(self) -> float:
        """Most seconds that one statement took."""
        return max((each.seconds for each in self.judged), default=0.0)


def half_of(name: str) -> str:
    """Puts a row, by its name, into part ``a`` (looked at while rules were made) or ``b`` (a quarter, held out)."""
    return "aaab"[int(hashlib.sha256(name.encode()).hexdigest(), 16) % 4]


def rows_of(path: Path, half: str = "", unanswered: bool = False) -> list[Row]:
    """Reads a file of questions; rows without a number count in the flawed set only."""
    found = []
    for text in path.read_text("utf-8").splitlines():
        entry = json.loads(text)
        if half and half_of(entry["id"]) != half:
            continue
        if entry["answer"] is None and path.stem not in FLAWED and not unanswered:
            continue
        disputed = "disputed:" in (entry.get("notes") or "")
        found.append(Row(entry["id"], entry["question"], entry["answer"], disputed))
    return found


@cache
def _engine() -> tuple[Plugins, Workers]:
    plugins = Plugins.load(only=("models", "highs", "ortools", "words"))
    return plugins, Workers(spare=False)


def solve(draft: Draft) -> tuple[float | None, str]:
    """Solves a draft by the application's own path: objective and status."""
    plugins, workers = _engine()
    problem = Problem(formulation=Formulation(draft.kind, draft.model), tables=draft.tables)
    try:
        run = run_problem(plugins, workers, Task(problem, bind(plugins, problem), draw=False)).run
    except SolviturError as error:
        return None, str(error)
    return run.objective, str(run.status.value)


def judge(row: Row) -> Judged:
    """Drafts and, if the draft claims to be complete, solves one question."""
    clock = time.perf_counter()
    draft = Words().draft(row.question, (), {})
    seconds = time.perf_counter() - clock
    if not draft.complete:
        return Judged(row, draft, None, "asked", "open", seconds)
    objective, status = solve(draft)
    if status not in ("optimal", "feasible") or objective is None:
        return Judged(row, draft, objective, status, "wrong", seconds)
    known = row.answer is not None
    near = known and abs(objective - (row.answer or 0.0)) <= RELATIVE * max(1.0, abs(row.answer or 0.0))
    return Judged(row, draft, objective, status, "right" if near else "wrong", seconds)


def measure(rows: Sequence[Row]) -> Measured:
    """Judges all rows."""
    return Measured(tuple(judge(row) for row in rows))
