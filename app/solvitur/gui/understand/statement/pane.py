"""The statement view: the words on the left, what they became on the right, and the way from one to the other."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from solvitur.engine.events import ProblemChanged, ProjectOpened
from solvitur.gui.actions import Action, keys_of
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.roles import roles_of
from solvitur.gui.selection import Selected
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.reading import Reader
from solvitur.gui.understand.statement.became import Became
from solvitur.gui.understand.statement.desk import DraftDesk
from solvitur.gui.understand.statement.linking import Linked, link
from solvitur.gui.understand.statement.rows import ElementRow, element_rows
from solvitur.gui.understand.statement.text import StatementEdit
from solvitur.gui.understand.text_sync import TextSync
from solvitur.language.elements import Model
from solvitur.language.parsing import parse
from solvitur.problem.drafts import Question

_WORD = re.compile(r"\w[\w'\u2019-]*")
_REST_MS = 150
_COUNTED_AT_ONCE = 20_000
"""The words of longer texts are counted in the background."""
_LINE_LETTERS = 84
"""Longer lines are hard to read."""
_TEXT_SHARE, _BECAME_SHARE = 56, 44


class StatementPane(QWidget):
    """Edits the words; drafts arrive at its desk."""

    accepted = Signal()
    """A draft was accepted."""

    def __init__(
        self, context: Context, reader: Reader, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("words-pane")
        self.setProperty("page", "true")
        self.setProperty("helpPage", "words")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context, self._reader, self._background = context, reader, background
        self._linked = Linked()
        self._next_flag = 0
        self.desk = DraftDesk(context, background, self)
        self.edit = StatementEdit(context.theme, self)
        self.sync = TextSync(self.edit, context.session, "statement", "Edit the words")
        self.became = Became(context, self.desk, self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look)
        self._add_actions()
        self._lay_out()
        self._connect()
        self._size()
        self._text_changed()
        self._look()

    @property
    def count_text(self) -> str:
        """What is said below the text."""
        return self._count.text()

    @property
    def linked(self) -> Linked:
        """The links that are shown."""
        return self._linked

    def next_flag(self) -> None:
        """Goes to the next stretch of the words that became nothing."""
        parts = self._linked.leftovers
        if parts:
            part = parts[self._next_flag % len(parts)]
            self._next_flag += 1
            self.edit.show_span(part.start, part.end)
            self.edit.setFocus()

    # building

    def _lay_out(self) -> None:
        tokens = self._context.theme.tokens
        self._count = QLabel(self)
        self._count.setObjectName("words-count")
        self._count.setProperty("role", "small-soft")
        self._flags = QPushButton(self)
        self._flags.setObjectName("words-flags")
        self._flags.setAccessibleName("Passages that became nothing")
        self._flags.setProperty("kind", "row")
        self._flags.setToolTip("Goes from one to the next")
        self.draft_button = QPushButton("Draft a model", self)
        self.draft_button.setObjectName("words-draft")
        self.draft_button.setAccessibleName("Draft a model from the words")
        keys = keys_of(self._context.actions.shortcut("words.draft"))
        self.draft_button.setToolTip(f"Reads the words and proposes a model ({keys})")
        self._page = QWidget(self)
        foot = QHBoxLayout()
        foot.setContentsMargins(self.edit.margin.sizeHint().width(), 0, 0, 0)
        foot.setSpacing(tokens.gap)
        foot.addWidget(self.draft_button)
        foot.addWidget(self._flags)
        foot.addStretch(1)
        foot.addWidget(self._count)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(self.edit, 1)
        column.addLayout(foot)
        left = QWidget(self)
        row = QHBoxLayout(left)
        row.setContentsMargins(tokens.gap, 2 * tokens.gap, tokens.gap, 2 * tokens.gap)
        row.addStretch(1)
        row.addWidget(self._page, 100)
        row.addStretch(1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("words-splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.became)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 4)
        self.splitter.setSizes([_TEXT_SHARE * 10, _BECAME_SHARE * 10])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)

    def _connect(self) -> None:
        context, edit = self._context, self.edit
        edit.undo_wanted.connect(context.session.undo)
        edit.redo_wanted.connect(context.session.redo)
        edit.hovered.connect(self.became.elements.light)
        edit.chosen.connect(lambda element: context.selection.select(element, self))
        self.became.elements.hovered.connect(edit.set_hovered)
        self.became.elements.chosen.connect(self._choose)
        self.became.chosen.connect(lambda element: edit.set_selected(element, follow=True))
        self.became.looked_at.connect(self._look_at)
        self.desk.changed.connect(self._rest.start)
        self.sync.changed.connect(self._text_changed)
        self._reader.changed.connect(lambda _reading: self._rest.start())
        self.draft_button.clicked.connect(lambda: self.draft(""))
        self._flags.clicked.connect(lambda: self.next_flag())  # noqa: PLW0108 - drops "checked"
        context.selection.changed.connect(self._selected)
        context.theme.changed.connect(self._size)
        context.bridge.happened.connect(self._happened)

    def _add_actions(self) -> None:
        add = self._context.actions.add
        reads = "Reads the words and proposes a model, to be accepted change by change"
        add(
            Action(
                "words.draft",
                "Draft a model from the words",
                self.draft,
                "Problem",
                "Ctrl+Shift+D",
                "words",
                self._can_draft,
                help=reads,
                group="words",
            )
        )
        asks = "Hands the words to the language model that is turned on, and shows what each stage finds"
        add(
            Action(
                "words.draft-model",
                "Draft with the language model",
                lambda: self.draft(self._context.session.chats.on),
                "Problem",
                enabled=lambda: self._can_draft() and bool(self._context.session.chats.on),
                help=asks,
                group="words",
            )
        )
        add(
            Action("words.stop", "Stop drafting", self.desk.stop, "Problem", enabled=self._is_drafting, group="words")
        )
        add(
            Action(
                "words.next-flag",
                "Next passage that became nothing",
                self.next_flag,
                "Problem",
                enabled=lambda: self.isVisible() and bool(self._linked.leftovers),
                group="words",
            )
        )

    def draft(self, backend: str = "") -> None:
        """Reads the words; the draft arrives beside them."""
        if self._can_draft():
            self.desk.draft(backend)

    def _can_draft(self) -> bool:
        return bool(self._context.session.problem.statement.strip())

    def _is_drafting(self) -> bool:
        return self.desk.making != 0

    # following

    def _happened(self, event: object) -> None:
        if isinstance(event, ProjectOpened) or (
            isinstance(event, ProblemChanged) and event.fields & {"origins", "formulation"}
        ):
            self._rest.start()

    def _text_changed(self) -> None:
        self.edit.words = self.sync.text
        if len(self.sync.text) < _COUNTED_AT_ONCE:
            self._count.setText(counted(len(_WORD.findall(self.sync.text)), "word"))
        self.draft_button.setEnabled(self._can_draft())
        self._rest.start()

    def _look(self) -> None:
        """Links words and model anew, in the background."""
        text, reading = self.sync.text, self._reader.current
        draft, read = self.desk.source
        pending = self.desk.pending

        def work() -> tuple[Linked, Model, tuple[ElementRow, ...], int]:
            model, source = reading.model, reading.text
            if pending is not None and pending.draft.model:
                model, source = parse(pending.draft.model).model, pending.draft.model
            linked = link(text, model, draft, read)
            return linked, model, element_rows(model, source, linked, {}), len(_WORD.findall(text))

        self._background.ask("links", work, self._show)

    def _show(self, found: tuple[Linked, Model, tuple[ElementRow, ...], int]) -> None:
        self._linked, model, rows, words = found
        selected = self._context.selection.current.element
        self.edit.show_links(self._linked, roles_of(model))
        self.edit.set_selected(selected, follow=False)
        self._count.setText(counted(words, "word"))
        self._show_flags()
        self.became.show_rows(rows, selected, self._linked)

    def _show_flags(self) -> None:
        count = len(self._linked.leftovers)
        self._flags.setVisible(count > 0)
        self._flags.setText(f"{counted(count, 'passage')} became nothing")
        self._flags.setIcon(self._context.theme.icon("warning", "warn"))

    def _choose(self, element: str) -> None:
        self._context.selection.select(element, self)
        self.edit.set_selected(element, follow=True)

    def _selected(self, selected: Selected) -> None:
        self.edit.set_selected(selected.element, follow=selected.source is not self and self.isVisible())
        self.became.elements.set_current(selected.element)

    def _look_at(self, question: Question | None) -> None:
        """Shows the phrase that a question is about."""
        self.edit.set_hovered("" if question is None else question.element)
        if question is not None and question.end > question.start and self.desk.source[1] == self.sync.text:
            self.edit.show_span(question.start, question.end, select=False)

    def _size(self) -> None:
        self.edit.setFont(self._context.theme.font("text"))
        self._page.setMaximumWidth(self.edit.fontMetrics().averageCharWidth() * _LINE_LETTERS)
        self._show_flags()

    def showEvent(self, event: QShowEvent) -> None:
        """Lets the actions know that the pane is in view."""
        super().showEvent(event)
        self._context.actions.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lets the actions know that the pane left the view."""
        super().hideEvent(event)
        self._context.actions.refresh()
