"""The bar above the canvas: what the dry run found, what needs a yes, what a step asks, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme

Choice = tuple[str, str, Callable[[], object]]
"""A button: object name, title, and what it does."""
_MOST_LINES = 6


class ReportBar(QFrame):
    """An icon, a sentence, lines that can be clicked, and buttons."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("planReport")
        self.setAccessibleName("Report")
        self._theme = theme
        gap = theme.tokens.gap
        across = QHBoxLayout(self)
        across.setContentsMargins(2 * gap, gap, 2 * gap, gap)
        across.setSpacing(gap)
        self._icon = QLabel(self)
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(gap // 2)
        across.addLayout(self._lines, 1)
        self._buttons = QHBoxLayout()
        across.addLayout(self._buttons)
        self.words = ""
        self.hide()

    def tell(
        self,
        icon: str,
        token: str,
        words: str,
        lines: Sequence[Choice] = (),
        choices: Sequence[Choice] = (),
        *,
        body: QWidget | None = None,
        closes: bool = True,
    ) -> None:
        """Shows a sentence, lines that can be clicked and a form; the last choice is the usual one."""
        self.leave()
        self.words = words
        self._icon.setPixmap(self._theme.pixmap(icon, token))
        sentence = QLabel(words, self)
        sentence.setWordWrap(True)
        sentence.setObjectName("planReportWords")
        self._lines.addWidget(sentence)
        for name, title, act in lines[:_MOST_LINES]:
            self._lines.addWidget(self._button(name, title, act, "link"))
        if len(lines) > _MOST_LINES:
            more = QLabel(f"and {len(lines) - _MOST_LINES} more", self)
            more.setProperty("role", "small-soft")
            self._lines.addWidget(more)
        if body is not None:
            self._lines.addWidget(body)
        for at, (name, title, act) in enumerate(choices):
            self._buttons.addWidget(self._button(name, title, act, "primary" if at == len(choices) - 1 else ""))
        if closes:
            self._buttons.addWidget(self._button("closeReport", "Close", self.leave, "flat"))
        self.show()

    def leave(self) -> None:
        """Takes the bar away."""
        self.hide()
        self.words = ""
        for layout in (self._lines, self._buttons):
            while layout.count():
                item = layout.takeAt(0)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()

    def _button(self, name: str, title: str, act: Callable[[], object], kind: str) -> QPushButton:
        button = QPushButton(title, self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        if kind:
            button.setProperty("kind", kind)
        button.clicked.connect(lambda: act())  # noqa: PLW0108 - drops "checked"
        return button
