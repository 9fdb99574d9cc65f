"""The right side of the statement view: questions, the draft as it is made, its changes, and the elements."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.proposals.panel import ProposalPanel
from solvitur.gui.understand.empty import EmptyState
from solvitur.gui.understand.statement.desk import DraftDesk
from solvitur.gui.understand.statement.elements import ElementList
from solvitur.gui.understand.statement.linking import Linked
from solvitur.gui.understand.statement.progress import DraftProgress
from solvitur.gui.understand.statement.questions import QuestionList
from solvitur.gui.understand.statement.rows import ElementRow

_LEAST_WIDTH = 24
"""In units of the grid."""
_MOST_FACTS = 8


class Became(QWidget):
    """Shows what the desk has, else the elements of the model."""

    chosen = Signal(str)
    looked_at = Signal(object)

    def __init__(self, context: Context, desk: DraftDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words-became")
        self.setAccessibleName("What the words became")
        self._context, self._desk = context, desk
        theme = context.theme
        self.setMinimumWidth(_LEAST_WIDTH * theme.tokens.gap)
        self.questions = QuestionList(theme, self)
        self.progress = DraftProgress(theme, self)
        self.proposal = ProposalPanel(theme, "draft", self)
        self.elements = ElementList(theme, self)
        self._empty = EmptyState(
            theme,
            "words",
            "No model yet",
            "Describe the decision on the left, then draft a model: every number and name shows what it became.",
            (("empty-draft", "Draft a model", self._draft),),
            self,
        )
        self._body = QStackedWidget(self)
        self._nothing = QWidget(self)
        for page in (self._empty, self.elements, self.proposal, self._nothing):
            self._body.addWidget(page)
        self._lay_out()
        self._connect()
        self._changed()

    def _lay_out(self) -> None:
        tokens = self._context.theme.tokens
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(2 * tokens.gap, tokens.gap_small, tokens.gap, tokens.gap_small)
        row.setSpacing(tokens.gap)
        self._title = QLabel(head)
        self._title.setObjectName("became-title")
        self._title.setProperty("role", "strong")
        self._title.setMinimumHeight(tokens.target_px)
        self._by = QLabel(head)
        self._by.setObjectName("became-by")
        self._by.setProperty("role", "small-soft")
        self._nowhere = QLabel(head)
        self._nowhere.setObjectName("became-nowhere")
        self._nowhere.setProperty("role", "warn")
        self._nowhere_icon = QLabel(head)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._nowhere_icon)
        row.addWidget(self._nowhere)
        row.addWidget(self._by)
        self._trouble = QFrame(self)
        self._trouble.setObjectName("draft-trouble")
        self._trouble.setProperty("message", "warning")
        inside = QHBoxLayout(self._trouble)
        inside.setContentsMargins(2 * tokens.gap, tokens.gap, tokens.gap, tokens.gap)
        inside.setSpacing(tokens.gap)
        self._trouble_icon, self._trouble_text = QLabel(self._trouble), QLabel(self._trouble)
        self._trouble_text.setObjectName("draft-trouble-text")
        self._trouble_text.setWordWrap(True)
        self._trouble_text.setTextFormat(Qt.TextFormat.PlainText)
        close = QPushButton("Dismiss", self._trouble)
        close.setObjectName("draft-trouble-close")
        close.setAccessibleName("Dismiss the message")
        close.clicked.connect(lambda: self._dismiss())  # noqa: PLW0108 - drops "checked"
        inside.addWidget(self._trouble_icon, 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._trouble_text, 1)
        inside.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._trouble)
        column.addWidget(self.progress)
        column.addWidget(self.questions)
        column.addWidget(self._body, 1)

    def _connect(self) -> None:
        desk = self._desk
        desk.changed.connect(self._changed)
        desk.began.connect(self.progress.begin)
        desk.staged.connect(lambda event: self.progress.stage(event.stage, event.state, event.text, event.seconds))
        desk.streamed.connect(self.progress.piece)
        self.progress.stop_wanted.connect(desk.stop)
        self.questions.answered.connect(desk.answer)
        self.questions.looked_at.connect(self.looked_at)
        self.proposal.accepted.connect(desk.accept)
        self.proposal.left.connect(desk.leave)
        self.proposal.chosen.connect(self.chosen)
        self._context.theme.changed.connect(self._paint)
        self._paint()

    def show_rows(self, rows: tuple[ElementRow, ...], selected: str, linked: Linked) -> None:
        """Shows the elements of the model, or of the draft that waits."""
        self.elements.show_rows(rows, selected)
        lost = sum(1 for row in rows if row.flag)
        self._nowhere.setText(f"{counted(lost, 'element')} from nowhere" if lost else "")
        for part in (self._nowhere, self._nowhere_icon):
            part.setVisible(lost > 0)
        self._show_body()

    def _changed(self) -> None:
        desk, pending = self._desk, self._desk.pending
        if not desk.making:
            self.progress.end()
        self.questions.show_questions(desk.questions, dict(self._context.session.problem.origins.answers))
        self._trouble.setVisible(bool(desk.trouble))
        self._trouble_text.setText(desk.trouble)
        proposal = pending.proposal if pending is not None else None
        if proposal is not None and proposal is not self.proposal.proposal:
            self.proposal.show_proposal(proposal)
        elif proposal is None:
            self.proposal.proposal = None
        self.proposal.setEnabled(not desk.making and not desk.comparing)
        draft = pending.draft if pending is not None else self._context.session.problem.origins.draft
        self._title.setText("Draft, not accepted yet" if proposal is not None else "What the words became")
        self._by.setText(f"by {draft.backend}" if draft is not None and draft.backend else "")
        facts = list(draft.facts.items())[:_MOST_FACTS] if draft is not None else []
        self._by.setToolTip("\n".join(f"{name}: {said}" for name, said in facts))
        self._show_body()

    def _show_body(self) -> None:
        if self._desk.pending is not None and self._desk.pending.proposal is not None:
            self._body.setCurrentWidget(self.proposal)
        else:
            blank = self._nothing if self._desk.making else self._empty
            self._body.setCurrentWidget(self.elements if self.elements.rows.rows else blank)

    def _draft(self) -> None:
        self._context.actions.trigger("words.draft")

    def _dismiss(self) -> None:
        self._desk.trouble = ""
        self._changed()

    def _paint(self) -> None:
        theme = self._context.theme
        self._trouble_icon.setPixmap(theme.pixmap("warning", "warn"))
        self._nowhere_icon.setPixmap(theme.pixmap("warning", "warn"))
