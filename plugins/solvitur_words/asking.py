"""Questions: what a draft leaves open, with ready answers, and what answers given earlier settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solvitur.api import Question
from solvitur_words.rows import Row

KEEP, LEAVE_OUT, TOTAL = "keep it as drafted", "leave it out", "the total number"
WHOLE, SPLIT = "no, whole numbers only", "yes"
_WEIGHTS = {
    "objective": 1.0, "things": 1.0, "sense": 0.9, "limit": 0.8, "gap": 0.8, "unused": 0.7, "number": 0.6,
    "whole": 0.3,
}  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """Something open: its kind, the words it is about, the question, its place and ready answers."""

    kind: str
    about: str
    text: str
    start: int = 0
    end: int = 0
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The question's name, the same whenever the statement is read again."""
        return f"{self.kind} {self.about}".strip()


def open_questions(doubts: Sequence[Doubt], answers: Mapping[str, str]) -> tuple[Question, ...]:
    """Makes questions of the doubts that no answer has settled, the most decisive first."""
    found: dict[str, Question] = {}
    for doubt in doubts:
        if doubt.name in found or is_settled(answers.get(doubt.name, "")):
            continue
        weight = _WEIGHTS.get(doubt.kind, 0.5)
        found[doubt.name] = Question(doubt.name, doubt.text, doubt.choices, "", doubt.start, doubt.end, weight)
    return tuple(sorted(found.values(), key=lambda question: -question.weight))


def is_settled(answer: str) -> bool:
    """Tells whether an answer says that the draft is right as it is, or that something is left out."""
    return answer.strip().lower() in (KEEP, LEAVE_OUT, "0", WHOLE, SPLIT)


def label_of(row: Row) -> str:
    """Names a row for people: "cost", "hours of assembly"."""
    first = row.first
    words = " ".join(word for word in first.labels if word not in ("unit", first.unit))
    parts = [part for part in (first.role, words) if part]
    return " ".join(dict.fromkeys(parts)) or first.unit or first.token.text
