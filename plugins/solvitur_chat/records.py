"""What travels along the pipeline from words to a model: the task, its plan, and each attempt at it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from solvitur.api import Evidence, Formulation, Problem, Question, Record, Table, Usage


@dataclass(frozen=True)
class Plan(Record, tag="words-plan"):
    """Which stages are on, and how much they may do."""

    recall: bool = True
    critic: bool = True
    repairs: int = 2
    round_trip: bool = True
    consensus: bool = True
    candidates: int = 9
    at_once: int = 3
    sure: float = 0.95


@dataclass(frozen=True, eq=False)
class WordsTask(Record, tag="words-task"):
    """A statement to be modelled, the tables that come with it, and what was answered to questions about it."""

    text: str
    tables: tuple[Table, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    plan: Plan = Plan()
    examples: str = ""
    """Similar solved examples and templates of constraints, as they stand in the prompt."""
    spent: dict[str, Usage] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Attempt(Record, tag="words-attempt"):
    """One model for a task.

    ``faults`` is what is wrong with it and can be mended, ``tests`` what fallible tests said, by test; an attempt
    that is ``dead`` could not be mended. ``objective`` is that of a verified answer.
    """

    task: WordsTask
    model: str = ""
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    tests: dict[str, bool] = field(default_factory=dict)
    repairs_left: int = 0
    dead: bool = False
    objective: float | None = None
    status: str = ""
    answer: Any = None
    spent: dict[str, Usage] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """The problem that the model and the tables make."""
        return Problem("draft", self.task.text, Formulation("algebraic", self.model), self.task.tables)

    def spending(self, stage: str, usage: Usage) -> Attempt:
        """Returns the attempt with a stage's cost added."""
        return replace(self, spent=added(self.spent, {stage: usage}))

    def noting(self, stage: str, text: str) -> Attempt:
        """Returns the attempt with what a stage found."""
        return replace(self, notes={**self.notes, stage: text})


def added(first: dict[str, Usage], second: dict[str, Usage]) -> dict[str, Usage]:
    """Adds costs by stage."""
    return {stage: first.get(stage, Usage()) + second.get(stage, Usage()) for stage in {**first, **second}}
