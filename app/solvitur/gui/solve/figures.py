"""Figures of a run: a quiet word and a number, each explained on hover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from solvitur.gui.numbers import clock, counted, duration, percent, show
from solvitur.gui.solve.jobs import JobState
from solvitur.gui.theme import Theme


@dataclass(frozen=True)
class Term:
    """A word of the field and what it means."""

    name: str
    title: str
    help: str


TERMS = (
    Term("incumbent", "incumbent", "The objective of the best answer found so far."),
    Term("bound", "bound", "No answer can be better than this; it is proven."),
    Term("gap", "gap", "How far the incumbent can still be from the best possible, relative to itself."),
    Term("elapsed", "time", "How long the solver has been at work."),
    Term("improvements", "improvements", "How often a better answer was found."),
)


class Figures(QWidget):
    """The figures of one run, in one line or with the words above the numbers."""

    def __init__(self, theme: Theme, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing((3 if large else 2) * theme.tokens.gap)
        for term in TERMS:
            cell = QVBoxLayout() if large else QHBoxLayout()
            cell.setSpacing(0 if large else theme.tokens.gap_small + 2)
            word, value = QLabel(term.title, self), QLabel(show(None), self)
            word.setProperty("role", "small-soft" if large else "soft")
            value.setProperty("role", "heading" if large else "strong")
            value.setObjectName(f"figure.{term.name}")
            value.setAccessibleName(term.title)
            for label in (word, value):
                label.setToolTip(term.help)
                cell.addWidget(label)
            row.addLayout(cell)
            self._values[term.name] = value
        row.addStretch(1)

    def show_job(self, job: JobState | None) -> None:
        """Shows the figures of a job; dashes without one."""
        if job is None:
            self._set(dict.fromkeys(self._values, show(None)))
            return
        seconds = job.seconds
        self._set(
            {
                "incumbent": show(job.objective),
                "bound": show(job.bound),
                "gap": percent(job.gap),
                "elapsed": clock(seconds) if job.running else duration(seconds) if job.run else show(None),
                "improvements": show(job.improvements or None),
            }
        )

    def text(self, name: str) -> str:
        """Returns what a figure says."""
        return self._values[name].text()

    def _set(self, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            if self._values[name].text() != text:
                self._values[name].setText(text)


def waiting_words(jobs: Sequence[JobState]) -> str:
    """Says how many jobs wait; empty when none does."""
    count = sum(job.waiting for job in jobs)
    return counted(count, "run waits", "runs wait") if count else ""
