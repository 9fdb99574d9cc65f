"""What an empty view shows: what belongs there, and the one action that fills it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme

_TEXT_WIDTH = 46
"""Width of the sentence in units of the grid."""


class EmptyState(QWidget):
    """An icon, a title, a sentence, and buttons; the first button is the primary one."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        sentence: str,
        actions: tuple[tuple[str, str, Callable[[], object]], ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._name = icon
        tokens = theme.tokens
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QLabel(title, self)
        head.setProperty("role", "heading")
        head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = QLabel(sentence, self)
        text.setProperty("role", "soft")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        text.setFixedWidth(_TEXT_WIDTH * tokens.gap)
        self._text = text
        column = QVBoxLayout(self)
        column.setSpacing(tokens.gap)
        column.addStretch(2)
        for widget in (self._icon, head, text):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.setSpacing(tokens.gap)
        row.addStretch(1)
        for number, (name, caption, callback) in enumerate(actions):
            row.addWidget(self._button(name, caption, callback, primary=number == 0))
        row.addStretch(1)
        column.addSpacing(tokens.gap)
        column.addLayout(row)
        column.addStretch(3)
        theme.changed.connect(self._paint)
        self._paint()

    def _button(self, name: str, caption: str, callback: Callable[[], object], *, primary: bool) -> QPushButton:
        made = QPushButton(caption, self)
        made.setObjectName(name)
        made.setAccessibleName(caption)
        made.setProperty("kind", "primary" if primary else "")
        made.clicked.connect(lambda: callback())  # noqa: PLW0108 - drops "checked"
        return made

    def _paint(self) -> None:
        # A label in the middle of a layout is not asked how high its wrapped text is.
        self._text.ensurePolished()
        self._text.setMinimumHeight(self._text.heightForWidth(self._text.width()))
        self._icon.setPixmap(self._theme.pixmap(self._name, "text_soft", 2 * self._theme.tokens.icon_px))
