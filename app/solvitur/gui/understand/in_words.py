"""The model as plain sentences, beside its text and its formulas."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from solvitur.engine.events import Checked, Notice, ProblemChanged, ProjectOpened
from solvitur.engine.wording.model_words import model_sentences
from solvitur.engine.wording.naming import Sentence
from solvitur.gui.blank import Blank
from solvitur.gui.context import Context
from solvitur.gui.numbers import show
from solvitur.gui.tasks import Tasks
from solvitur.gui.understand.reading import Reader
from solvitur.gui.wording.page import SentencePage
from solvitur.language.data import examine
from solvitur.language.elements import Model
from solvitur.problem.document import Problem
from solvitur.problem.errors import SolviturError

_MOST_CELLS = 200_000
"""With more data than this the numbers are left to the tables: binding them again would take long."""


class InWordsPane(QWidget):
    """Follows the model while it is in view."""

    def __init__(self, context: Context, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("in-words-pane")
        self._context, self._reader = context, reader
        self._tasks = Tasks(self)
        self._stale = True
        blank = Blank(
            context.theme,
            "words",
            "Nothing to say yet",
            "Every part of the model appears here as a plain sentence, to be read to somebody who knows no formulas.",
        )
        self.page = SentencePage(context, self._tasks, "model-words", blank, self)
        self.page.failed.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        reader.changed.connect(lambda _reading: self._changed())
        context.bridge.happened.connect(self._happened)

    def closing(self) -> None:
        """Ends the background thread."""
        self._tasks.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Says the model as it is now."""
        super().showEvent(event)
        if self._stale:
            self._say()

    def _happened(self, event: object) -> None:
        if isinstance(event, Checked | ProjectOpened) or (
            isinstance(event, ProblemChanged) and event.fields & {"tables"}
        ):
            self._changed()

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._say()

    def _say(self) -> None:
        self._stale = False
        model, session = self._reader.current.model, self._context.session
        problem, instance = session.problem, session.instance()
        if self._reader.current.text != problem.formulation.text:
            self._stale = True
            return
        self._tasks.run(
            "Putting the model into words", lambda: _said(model, problem, instance), self._show, self._tell
        )

    def _show(self, sentences: tuple[Sentence, ...]) -> None:
        self.page.show_sentences(sentences)

    def _tell(self, error: SolviturError) -> None:
        self._context.session.events.emit(Notice(str(error), "error"))


def _said(model: Model, problem: Problem, instance: Any) -> tuple[Sentence, ...]:
    cells = sum(table.row_count * len(table.columns) for table in problem.tables)
    bound = examine(model, problem).bound if cells <= _MOST_CELLS else None
    return model_sentences(model, bound, instance, number=show)
