"""The log of a run: search, filter, copy, and follow its end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme

_MOST_LINES = 20_000


class LogView(QWidget):
    """Shows the log of one job and adds what comes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._job, self._taken = -1, 0
        self._parts: list[str] = []
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("runLog")
        self.text.setAccessibleName("Log of the run")
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(_MOST_LINES)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setPlaceholderText("The solver has not said anything yet.")
        self.field = QLineEdit(self)
        self.field.setObjectName("logFind")
        self.field.setAccessibleName("Search the log")
        self.field.setPlaceholderText("Search")
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(260)
        self.field.textChanged.connect(self._changed)
        self.field.returnPressed.connect(self.find_next)
        self.only = QCheckBox("Only matching lines", self)
        self.only.setObjectName("logFilter")
        self.only.toggled.connect(lambda _on: self._refill())
        self.follow = QCheckBox("Follow", self)
        self.follow.setObjectName("logFollow")
        self.follow.setToolTip("Keeps the newest line in view")
        self.follow.setChecked(True)
        copy = QToolButton(self)
        copy.setObjectName("logCopy")
        copy.setAccessibleName("Copy the log")
        copy.setToolTip("Copy the log")
        copy.setIcon(theme.icon("copy"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        bar = QHBoxLayout()
        bar.setSpacing(theme.tokens.gap)
        for widget in (self.field, self.only, self.follow):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(copy)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.tokens.gap, 0, 0)
        rows.addLayout(bar)
        rows.addWidget(self.text, 1)
        seek = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        seek.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        seek.activated.connect(self.field.setFocus)
        theme.changed.connect(self._paint)
        self._paint()

    def show_log(self, job: int, parts: list[str]) -> None:
        """Shows the log of a job; of the same job only what is new."""
        if job != self._job:
            self._job, self._taken = job, 0
            self._parts = parts
            self.text.clear()
        self._parts = parts
        if self._taken < len(parts):
            self._append("".join(_closed(part) for part in parts[self._taken :]))
            self._taken = len(parts)

    def find_next(self) -> bool:
        """Goes to the next place of the searched words, round the end; tells whether there is one."""
        words = self.field.text()
        if not words:
            return False
        if self.text.find(words):
            return True
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        return self.text.find(words, QTextDocument.FindFlag(0))

    def _changed(self) -> None:
        if self.only.isChecked():
            self._refill()
        elif self.field.text():
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.find_next()

    def _refill(self) -> None:
        self.text.clear()
        self._append("".join(_closed(part) for part in self._parts[: self._taken]))

    def _append(self, text: str) -> None:
        lines = text.rstrip("\n").split("\n")[-_MOST_LINES:]
        words = self.field.text().casefold()
        if self.only.isChecked() and words:
            lines = [line for line in lines if words in line.casefold()]
        if not lines:
            return
        bar = self.text.verticalScrollBar()
        at = bar.value()
        self.text.appendPlainText("\n".join(lines))
        bar.setValue(bar.maximum() if self.follow.isChecked() else at)

    def _paint(self) -> None:
        self.text.setFont(self._theme.font("code"))


def _closed(part: str) -> str:
    return part if part.endswith("\n") else part + "\n"
