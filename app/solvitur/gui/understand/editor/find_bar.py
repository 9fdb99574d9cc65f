"""Find and replace in a text, as a bar below it."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from solvitur.gui.numbers import show as number
from solvitur.gui.theme import Theme
from solvitur.gui.understand.editor.code_editor import CodeEditor
from solvitur.gui.understand.positions import from_qt, to_qt
from solvitur.gui.understand.text_sync import TextSync

_MOST_SHOWN = 1000
"""So many finds are coloured; all are counted and replaced."""


class FindBar(QWidget):
    """Finds while typing; Enter goes on, Shift+Enter back, Escape closes."""

    closed = Signal()

    def __init__(self, editor: CodeEditor, sync: TextSync, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("find-bar")
        self.setAccessibleName("Find and replace")
        self._editor = editor
        self._sync = sync
        self._theme = theme
        self._spans: list[tuple[int, int]] = []
        self.wanted = self._line("find-text", "Find")
        self.instead = self._line("replace-text", "Replace with")
        self._case = QCheckBox("Match case", self)
        self._case.setObjectName("find-case")
        self._case.setAccessibleName("Match case")
        self._count = QLabel(self)
        self._count.setObjectName("find-count")
        self._count.setProperty("role", "soft")
        self._icons: list[tuple[QToolButton, str]] = []
        self._lay_out()
        self.wanted.textChanged.connect(self._search)
        self._case.toggled.connect(self._search)
        sync.changed.connect(self._text_changed)
        theme.changed.connect(self._paint)
        self._paint()
        self.hide()

    def open(self, *, replace: bool) -> None:
        """Shows the bar, with what is selected as the text to find."""
        self._replace_row(visible=replace)
        selected = self._editor.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.wanted.setText(selected)
        self.show()
        self._search()
        self.wanted.selectAll()
        self.wanted.setFocus()

    @property
    def said(self) -> str:
        """How much was found."""
        return self._count.text()

    def close_bar(self) -> None:
        """Hides the bar and gives the text the focus."""
        self.hide()
        self._editor.set_found([])
        self._editor.setFocus()
        self.closed.emit()

    def step(self, direction: int) -> None:
        """Selects the next find (1) or the one before (-1), around the ends."""
        if not self._spans:
            return
        cursor = self._editor.textCursor()
        at = from_qt(self._sync.text, cursor.selectionStart())
        starts = [start for start, _ in self._spans]
        if direction > 0:
            later = [k for k, start in enumerate(starts) if start > at or (start == at and not cursor.hasSelection())]
            self._go(later[0] if later else 0)
        else:
            earlier = [k for k, start in enumerate(starts) if start < at]
            self._go(earlier[-1] if earlier else len(starts) - 1)

    def replace_one(self) -> None:
        """Replaces the selected find and goes to the next."""
        cursor = self._editor.textCursor()
        text = self._sync.text
        selection = (from_qt(text, cursor.selectionStart()), from_qt(text, cursor.selectionEnd()))
        if selection in self._spans:
            with self._sync.named(f"Replace '{self.wanted.text()}'") as change:
                change.insertText(self.instead.text())
            self._editor.setTextCursor(change)
        self.step(1)

    def replace_all(self) -> None:
        """Replaces all finds in one step."""
        if not self._spans:
            return
        text, instead = self._sync.text, self.instead.text()
        with self._sync.named(f"Replace all '{self.wanted.text()}'") as cursor:
            for start, end in reversed(self._spans):
                cursor.setPosition(to_qt(text, start))
                cursor.setPosition(to_qt(text, end), QTextCursor.MoveMode.KeepAnchor)
                cursor.insertText(instead)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; Enter and Shift+Enter step through the finds."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.instead.hasFocus():
                self.replace_one()
            else:
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def _search(self) -> None:
        wanted, text = self.wanted.text(), self._sync.text
        flags = re.NOFLAG if self._case.isChecked() else re.IGNORECASE
        self._spans = [m.span() for m in re.finditer(re.escape(wanted), text, flags)] if wanted else []
        found = []
        for start, end in self._spans[:_MOST_SHOWN]:
            cursor = QTextCursor(self._editor.document())
            cursor.setPosition(to_qt(text, start))
            cursor.setPosition(to_qt(text, end), QTextCursor.MoveMode.KeepAnchor)
            found.append(cursor)
        self._editor.set_found(found)
        self._tell()

    def _text_changed(self) -> None:
        if self.isVisible():
            self._search()

    def _go(self, which: int) -> None:
        start, end = self._spans[which]
        cursor = self._editor.textCursor()
        cursor.setPosition(to_qt(self._sync.text, start))
        cursor.setPosition(to_qt(self._sync.text, end), QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.centerCursor()
        self._tell(which + 1)

    def _tell(self, which: int = 0) -> None:
        total = len(self._spans)
        if not self.wanted.text():
            said = ""
        elif not total:
            said = "not found"
        else:
            said = f"{which} of {number(total)}" if which else f"{number(total)} found"
        self._count.setText(said)
        for button in self.findChildren(QPushButton):
            button.setEnabled(total > 0)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        gap = self._theme.tokens.gap
        grid.setContentsMargins(gap, gap // 2, gap, gap // 2)
        grid.setHorizontalSpacing(gap)
        grid.setVerticalSpacing(gap // 2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.wanted, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(gap // 2)
        row.addWidget(self._count)
        row.addWidget(self._tool("find-previous", "Previous find (Shift+Enter)", "chevron-up", lambda: self.step(-1)))
        row.addWidget(self._tool("find-next", "Next find (Enter)", "chevron-down", lambda: self.step(1)))
        row.addWidget(self._case)
        row.addWidget(self._tool("find-close", "Close (Escape)", "close", self.close_bar))
        grid.addLayout(row, 0, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.instead, 1, 0)
        below = QHBoxLayout()
        below.setSpacing(gap // 2)
        self._replacers = [self._push("Replace", self.replace_one), self._push("Replace all", self.replace_all)]
        for button in self._replacers:
            below.addWidget(button)
        grid.addLayout(below, 1, 1, Qt.AlignmentFlag.AlignLeft)

    def _replace_row(self, *, visible: bool) -> None:
        for widget in (self.instead, *self._replacers):
            widget.setVisible(visible)

    def _line(self, name: str, title: str) -> QLineEdit:
        made = QLineEdit(self)
        made.setObjectName(name)
        made.setAccessibleName(title)
        made.setPlaceholderText(title)
        return made

    def _tool(self, name: str, title: str, icon: str, callback: Callable[[], None]) -> QToolButton:
        made = QToolButton(self)
        made.setObjectName(name)
        made.setAccessibleName(title)
        made.setToolTip(title)
        made.clicked.connect(lambda: callback())  # noqa: PLW0108 - drops "checked"
        self._icons.append((made, icon))
        return made

    def _push(self, title: str, callback: Callable[[], None]) -> QPushButton:
        made = QPushButton(title, self)
        made.setObjectName(title.lower().replace(" ", "-"))
        made.setAccessibleName(title)
        made.clicked.connect(lambda: callback())  # noqa: PLW0108 - drops "checked"
        return made

    def _paint(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self._theme.icon(icon))
