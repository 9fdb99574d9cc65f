"""What a step shows a person to decide on: the value, and fields for an answer and a changed value."""

from __future__ import annotations

import ast
from typing import Any

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from solvitur.gui.plan.values import in_words
from solvitur.gui.theme import Theme
from solvitur.problem.errors import InputError

_PLAIN = (bool, int, float, str, list, tuple)


class ReviewForm(QWidget):
    """The value in words, and fields for an answer of the person's own and, if the step allows it, a new value."""

    def __init__(self, theme: Theme, shown: Any, *, edit: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reviewForm")
        self.setAccessibleName("What is shown for review")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.tokens.gap_small)
        if shown is not None:
            label = QLabel(in_words(shown), self)
            label.setWordWrap(True)
            label.setProperty("role", "soft")
            rows.addWidget(label)
        grid = QFormLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        self._before = repr(shown)
        self.value = self._line("reviewValue", "Value") if edit and isinstance(shown, _PLAIN) else None
        if self.value is not None:
            self.value.setText(self._before)
            grid.addRow("Value", self.value)
        self.answer = self._line("reviewAnswer", "Your own answer")
        self.answer.setPlaceholderText("In your own words, if you like")
        grid.addRow("Answer", self.answer)
        rows.addLayout(grid)
        self._fault = QLabel(self)
        self._fault.setObjectName("reviewFault")
        self._fault.setProperty("role", "bad")
        self._fault.setWordWrap(True)
        self._fault.hide()
        rows.addWidget(self._fault)

    def tell_fault(self, words: str) -> None:
        """Says why the value cannot be taken."""
        self._fault.setText(words)
        self._fault.show()

    def decided(self, word: str) -> str:
        """Returns the answer: the person's words or else the button's, and the value where it was changed.

        Raises
        ------
        InputError
            If the changed value is no number, text or list of them.
        """
        said = self.answer.text().strip() or word
        typed = self.value.text().strip() if self.value is not None else self._before
        if typed == self._before:
            return said
        try:
            ast.literal_eval(typed)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            text = f"{typed} is no number, no text in quotes, and no list of them; mend it or put {self._before} back"
            raise InputError.at(text) from None
        return f"{said}\n{typed}"

    def _line(self, name: str, title: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(title)
        return line
