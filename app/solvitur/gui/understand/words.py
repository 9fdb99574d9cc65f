"""The problem in words: plain text with undo and a word count."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.understand.text_sync import TextSync

_WORD = re.compile(r"\w[\w'’-]*")
_LINE_LETTERS = 84
"""Longer lines are hard to read."""


class WordsPane(QWidget):
    """Edits the statement of the problem."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words-pane")
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self.edit = _WordsEdit(self)
        self.sync = TextSync(self.edit, context.session, "statement", "Edit the words")
        self._count = QLabel(self)
        self._count.setObjectName("words-count")
        self._count.setProperty("role", "small-soft")
        tokens = context.theme.tokens
        self._page = QWidget(self)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(self.edit, 1)
        column.addWidget(self._count)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * tokens.gap, 2 * tokens.gap, 3 * tokens.gap, 2 * tokens.gap)
        row.addStretch(1)
        row.addWidget(self._page, 100)
        row.addStretch(1)
        self.edit.undo_wanted.connect(context.session.undo)
        self.edit.redo_wanted.connect(context.session.redo)
        self.sync.changed.connect(self._tell)
        context.theme.changed.connect(self._size)
        self._size()
        self._tell()

    @property
    def count_text(self) -> str:
        """What is said below the text."""
        return self._count.text()

    def _size(self) -> None:
        self.edit.setFont(self._context.theme.font("text"))
        self._page.setMaximumWidth(self.edit.fontMetrics().averageCharWidth() * _LINE_LETTERS)

    def _tell(self) -> None:
        self._count.setText(counted(len(_WORD.findall(self.sync.text)), "word"))


class _WordsEdit(QPlainTextEdit):
    """Undo and redo belong to the session."""

    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("words-text")
        self.setProperty("bare", "true")
        self.setAccessibleName("The problem in words")
        self.setPlaceholderText(
            "Describe the problem in your own words: what is to be decided, what limits the decision, "
            "and what makes one answer better than another."
        )
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hands undo and redo on."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        else:
            super().keyPressEvent(event)
