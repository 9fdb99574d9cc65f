"""Problems in the text: where they are underlined and what is said about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from solvitur.gui.tokens import Tokens
from solvitur.gui.understand.positions import Lines, to_qt
from solvitur.problem.findings import Finding, Severity

_LOOKS = {
    Severity.ERROR: ("error", "bad", 0),
    Severity.WARNING: ("warning", "warn", 1),
    Severity.INFO: ("info", "text_soft", 2),
}


@dataclass(frozen=True, eq=False)
class Mark:
    """A finding with the cursor that keeps its place while the text changes around it."""

    finding: Finding
    cursor: QTextCursor

    @property
    def start(self) -> int:
        """Qt position of its first character, now."""
        return self.cursor.selectionStart()

    @property
    def end(self) -> int:
        """Qt position just after it, now."""
        return self.cursor.selectionEnd()

    @property
    def line(self) -> int:
        """The line it begins in, counted from 0."""
        return self.cursor.document().findBlock(self.start).blockNumber()

    @property
    def rank(self) -> int:
        """0 for errors, more for what matters less."""
        return _LOOKS[self.finding.severity][2]

    @property
    def icon(self) -> str:
        """Name of its icon."""
        return _LOOKS[self.finding.severity][0]

    @property
    def token(self) -> str:
        """Name of its colour."""
        return _LOOKS[self.finding.severity][1]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.finding.text

    @property
    def tip(self) -> str:
        """The sentence, and how to take the fix if there is one."""
        return f"{self.text}\nAlt+Enter: change to '{self.finding.fix}'" if self.finding.fix else self.text


def make_marks(document: QTextDocument, text: str, findings: Iterable[Finding], file: str = "") -> tuple[Mark, ...]:
    """Places the findings that name a line of this text; those about tables and other files are left out."""
    lines, made = Lines(text), []
    for finding in findings:
        place = finding.place
        if not place.line or (place.file and place.file != file):
            continue
        start, end = lines.span(place)
        cursor = QTextCursor(document)
        cursor.setPosition(min(to_qt(text, start), document.characterCount() - 1))
        cursor.setPosition(min(to_qt(text, end), document.characterCount() - 1), QTextCursor.MoveMode.KeepAnchor)
        made.append(Mark(finding, cursor))
    return tuple(made)


def underline(mark: Mark, tokens: Tokens) -> QTextEdit.ExtraSelection:
    """Draws a mark as a wavy line in its colour."""
    made = QTextEdit.ExtraSelection()
    shape = QTextCharFormat()
    styles = QTextCharFormat.UnderlineStyle
    shape.setUnderlineStyle(styles.DotLine if mark.finding.severity is Severity.INFO else styles.WaveUnderline)
    shape.setUnderlineColor(QColor(getattr(tokens, mark.token)))
    made.cursor = QTextCursor(mark.cursor)
    made.format = shape
    if not mark.cursor.hasSelection():
        made.cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
    return made
