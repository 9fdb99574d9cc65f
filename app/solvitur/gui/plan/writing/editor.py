"""The text widget of the workflow's text: its colours, problems, and the statement that is picked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit, QWidget

from solvitur.gui.plan.writing.colours import FlowColours
from solvitur.gui.plan.writing.wording import Statement
from solvitur.gui.theme import Theme
from solvitur.gui.understand.diffs import changes
from solvitur.gui.understand.editor.code_editor import CodeEditor
from solvitur.gui.understand.positions import to_qt

_APPLY = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FlowEditor(CodeEditor):
    """Shows a workflow's text; ``apply_wanted`` is Ctrl+Enter, ``leave_wanted`` Escape."""

    apply_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._picked: tuple[Statement, ...] = ()
        super().__init__(theme, parent)
        self.setLineWrapMode(CodeEditor.LineWrapMode.WidgetWidth)
        self.setObjectName("planText")
        self.setAccessibleName("The plan as text")
        self.highlighter.setDocument(None)  # takes the model's colours off
        self.colours = FlowColours(self.document(), theme.tokens)
        self.highlighter = self.colours

    def show_text(self, text: str, form: str) -> None:
        """Shows another text with as few changes as possible, so that cursor and view stay where they are."""
        before = self.toPlainText()
        self.colours.read(text, form)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for change in changes(before, text):
            cursor.setPosition(to_qt(before, change.offset))
            cursor.setPosition(to_qt(before, change.end), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(change.inserted)
        cursor.endEditBlock()
        self.document().clearUndoRedoStacks()
        self.show_colours()

    def show_picked(self, lines: tuple[Statement, ...], *, scroll: bool) -> None:
        """Lights the statements of what is picked on the canvas and brings the first of them into view."""
        self._picked = lines
        if scroll and lines:
            block = self.document().findBlockByNumber(lines[0].first)
            self.setTextCursor(QTextCursor(block))
            self.ensureCursorVisible()
        self.refresh_selections()

    def refresh_selections(self) -> None:
        """Draws the picked statements below everything else."""
        super().refresh_selections()
        line, *rest = self.extraSelections()
        at = self.textCursor().blockNumber()
        inside = any(lines.first <= at <= lines.last for lines in self._picked)
        under = [line] if self.hasFocus() and not inside else []
        self.setExtraSelections([*under, *map(self._lit, self._picked), *rest])

    def _lit(self, lines: Statement) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document().findBlockByNumber(lines.first))
        last = self.document().findBlockByNumber(lines.last)
        end = min(last.position() + last.length(), self.document().characterCount() - 1)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        shape = QTextCharFormat()
        shape.setBackground(QColor(self.theme.tokens.accent_soft))
        shape.setProperty(QTextFormat.Property.FullWidthSelection, True)
        made.cursor, made.format = cursor, shape
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Takes Ctrl+Enter and Escape for the pane."""
        if event.key() in _APPLY and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.apply_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave_wanted.emit()
        else:
            super().keyPressEvent(event)
