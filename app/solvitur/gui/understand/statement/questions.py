"""The questions that the words leave open: the most decisive first, one click where the answers are few."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.numbers import counted
from solvitur.gui.theme import Theme
from solvitur.gui.wrapping import WrappingRow
from solvitur.problem.drafts import Question

_MOST_SHOWN = 6
"""More questions than this are asked once these are answered."""
_ENOUGH = 2
"""With fewer choices than this another answer may be typed."""
_LARGEST_SHARE = 26
"""Height in units of the grid that the list takes at most; it scrolls beyond."""


class QuestionList(QFrame):
    """Asks; hidden when nothing is open."""

    answered = Signal(str, str)
    """The question's name and the answer."""
    looked_at = Signal(object)
    """The `Question` that has the focus or the mouse, so that its phrase can be shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("questions")
        self.setAccessibleName("Questions")
        self._theme = theme
        self._shown: tuple[Question, ...] = ()
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * tokens.gap, tokens.gap, tokens.gap, tokens.gap)
        column.setSpacing(tokens.gap_small)
        head = QHBoxLayout()
        head.setSpacing(tokens.gap)
        self._icon, self._title = QLabel(self), QLabel(self)
        self._title.setObjectName("questions-title")
        self._title.setProperty("role", "strong")
        self._title.setWordWrap(True)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._scroll)
        theme.changed.connect(self._paint)
        self._paint()
        self.hide()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked now."""
        return self._shown

    def show_questions(self, questions: tuple[Question, ...], answers: dict[str, str]) -> None:
        """Asks the open ones; nothing changes while they stay the same."""
        self.setVisible(bool(questions))
        if questions == self._shown:
            return
        self._shown = questions
        more = f", the {_MOST_SHOWN} most decisive first" if len(questions) > _MOST_SHOWN else ""
        self._title.setText(f"Underspecified: {counted(len(questions), 'question')} open{more}")
        page = QWidget(self._scroll)
        page.setProperty("page", "true")
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, self._theme.tokens.gap, 0)
        rows.setSpacing(self._theme.tokens.gap)
        for question in questions[:_MOST_SHOWN]:
            rows.addWidget(_Asked(question, self._theme, self, page))
        old = self._scroll.takeWidget()
        if old is not None:
            old.deleteLater()  # later: the button that was clicked may be on it
        self._scroll.setWidget(page)
        self._fit()

    def _fit(self) -> None:
        page = self._scroll.widget()
        if page is not None:
            width = max(self.width() - 4 * self._theme.tokens.gap, 1)
            layout = page.layout()
            wanted = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else -1
            height = wanted if wanted > 0 else page.sizeHint().height()
            self._scroll.setFixedHeight(min(height, _LARGEST_SHARE * self._theme.tokens.gap))

    def resizeEvent(self, event: object) -> None:
        """Makes room for what wraps."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _paint(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("help", "warn"))
        self._fit()


class _Asked(QWidget):
    """One question with its answers."""

    def __init__(self, question: Question, theme: Theme, owner: QuestionList, parent: QWidget) -> None:
        super().__init__(parent)
        self._question, self._owner = question, owner
        self.setObjectName(f"question-{question.name}")
        gap = theme.tokens.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.tokens.gap_small)
        text = QLabel(question.text, self)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        column.addWidget(text)
        if question.choices:
            self._add_choices(column, gap)
        if len(question.choices) < _ENOUGH:
            self._add_field(column, gap)

    def _add_choices(self, column: QVBoxLayout, gap: int) -> None:
        holder = QWidget(self)
        row = WrappingRow(holder, gap)
        for at, choice in enumerate(self._question.choices):
            button = QPushButton(choice + (" (assumed)" if at == 0 else ""), holder)
            button.setObjectName(f"answer-{self._question.name}-{at}")
            button.setAccessibleName(f"{self._question.text} {choice}")
            button.setToolTip("The draft assumes this until you say otherwise" if at == 0 else "")
            button.clicked.connect(self._teller(choice))
            row.addWidget(button)
        column.addWidget(holder)

    def _add_field(self, column: QVBoxLayout, gap: int) -> None:
        row = QHBoxLayout()
        row.setSpacing(gap)
        self.field = QLineEdit(self)
        self.field.setObjectName(f"answer-{self._question.name}")
        self.field.setAccessibleName(self._question.text)
        other = "or another answer" if self._question.choices else "a number or a few words"
        self.field.setPlaceholderText(other)
        self.field.returnPressed.connect(self._typed)
        button = QPushButton("Answer", self)
        button.setObjectName(f"answer-{self._question.name}-give")
        button.setAccessibleName(f"Answer: {self._question.text}")
        button.clicked.connect(lambda: self._typed())  # noqa: PLW0108 - drops "checked"
        row.addWidget(self.field, 1)
        row.addWidget(button)
        column.addLayout(row)

    def _teller(self, choice: str) -> object:
        return lambda: self._owner.answered.emit(self._question.name, choice)

    def _typed(self) -> None:
        said = self.field.text().strip()
        if said:
            self._owner.answered.emit(self._question.name, said)

    def enterEvent(self, event: object) -> None:
        """Shows the phrase that the question is about."""
        super().enterEvent(event)  # type: ignore[arg-type]
        self._owner.looked_at.emit(self._question)

    def leaveEvent(self, event: object) -> None:
        """Shows it no longer."""
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._owner.looked_at.emit(None)
