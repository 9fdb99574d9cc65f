"""Drafts: what a formaliser made of a statement, where it took each element from, and what it must ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from solvitur.problem.findings import Finding
from solvitur.problem.records import Record
from solvitur.problem.tables import Table


@dataclass(frozen=True)
class Evidence(Record, tag="evidence"):
    """A phrase of the statement, and the element of the model it became.

    ``element`` is a name such as ``profit``, or one with its place such as ``profit[chair]``; ``start`` and ``end``
    count characters of the statement.
    """

    element: str
    start: int
    end: int


@dataclass(frozen=True)
class Question(Record, tag="question"):
    """Something the statement leaves open and the model depends on.

    ``name`` stays the same when the statement is read again; ``choices`` are ready answers (empty: a number or words
    are typed), the first what the draft assumes; ``weight`` ranks 0 (hardly matters) to 1 (decides the answer).
    """

    name: str
    text: str
    choices: tuple[str, ...] = ()
    element: str = ""
    start: int = 0
    end: int = 0
    weight: float = 0.5


@dataclass(frozen=True, eq=False)
class Draft(Record, tag="draft"):
    """A model made from words.

    ``complete`` claims that the whole statement is accounted for, so that the draft may be solved without asking.
    ``unread`` are spans (start, end) of the statement that became nothing; ``tables`` are those found in the text.
    """

    model: str = ""
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()
    complete: bool = False
    unread: tuple[tuple[int, int], ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    backend: str = ""
    kind: str = "algebraic"
    facts: dict[str, str] = field(default_factory=dict)
    """What the making of it cost and did, by stage, in words for the user."""


@dataclass(frozen=True, eq=False)
class Origins(Record, tag="origins"):
    """Where the model came from in the words: the draft that was accepted, and what was answered to its questions.

    The spans of ``draft`` count characters of ``statement``, the words as they were read then; the problem's own
    statement may have gone on since. ``answers`` are kept by the question's name, accepted draft or not.
    """

    draft: Draft | None = None
    statement: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions without an answer, the most decisive first."""
        return () if self.draft is None else unanswered(self.draft, self.answers)


def unanswered(draft: Draft, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """Returns a draft's questions that have no answer, the most decisive first."""
    waiting = [question for question in draft.questions if question.name not in answers]
    return tuple(sorted(waiting, key=lambda question: -question.weight))
