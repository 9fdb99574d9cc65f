"""Keeps a text widget and one text of the problem the same: what is typed becomes edits, what is edited is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from solvitur.engine.session import Session
from solvitur.gui.understand.diffs import Change, changes, moved, single_change
from solvitur.gui.understand.positions import to_qt
from solvitur.problem.edits import ReplaceText


class TextSync(QObject):
    """Two-way link between a `QPlainTextEdit` and the problem's model text or statement."""

    changed = Signal()
    """The text changed, by typing or from outside."""

    def __init__(self, widget: QPlainTextEdit, session: Session, field: str, typing_title: str) -> None:
        super().__init__(widget)
        self._widget = widget
        self._session = session
        self._field = field
        self._typing_title = typing_title
        self._title = typing_title
        self._silent = False
        self.text = ""
        """The widget's text; offsets in code points."""
        widget.setUndoRedoEnabled(False)
        widget.document().contentsChange.connect(self._contents_changed)
        self.reset()

    @property
    def pulling(self) -> bool:
        """Whether the widget is being changed from outside right now."""
        return self._silent

    @property
    def session_text(self) -> str:
        """The text as the problem has it now."""
        problem = self._session.problem
        return problem.formulation.text if self._field == "model" else problem.statement

    @contextmanager
    def named(self, title: str) -> Iterator[QTextCursor]:
        """Makes all changes to the cursor's document within the block one undo step of that name."""
        cursor = self._widget.textCursor()
        self._title = title
        cursor.beginEditBlock()
        try:
            yield cursor
        finally:
            cursor.endEditBlock()
            self._title = self._typing_title

    def reset(self) -> None:
        """Shows the problem's text anew, from its beginning: another project was opened."""
        self._silent = True
        self.text = self.session_text
        self._widget.setPlainText(self.text)
        self._silent = False
        self.changed.emit()

    def pull(self, *, follow: bool = False) -> None:
        """Takes over changes from outside, with as few changes to the widget as possible.

        ``follow`` moves the cursor of a widget with the focus to what changed, as after undo.
        """
        wanted = self.session_text
        found = changes(self.text, wanted)
        if not found:
            return
        scroll = self._widget.verticalScrollBar().value()
        cursor = QTextCursor(self._widget.document())
        self._silent = True
        cursor.beginEditBlock()
        for change in found:
            cursor.setPosition(to_qt(self.text, change.offset))
            cursor.setPosition(to_qt(self.text, change.end), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(change.inserted)
        cursor.endEditBlock()
        self._silent = False
        self.text = wanted
        self._widget.verticalScrollBar().setValue(scroll)
        if follow and self._widget.hasFocus():
            self._show_change(found[0])
        self.changed.emit()

    def _show_change(self, change: Change) -> None:
        cursor = self._widget.textCursor()
        cursor.setPosition(to_qt(self.text, change.offset + len(change.inserted)))
        self._widget.setTextCursor(cursor)
        self._widget.ensureCursorVisible()

    def _contents_changed(self, _position: int, _removed: int, _added: int) -> None:
        """Sends what was typed; Qt's own figures are not used, for they count the end of the document too."""
        if self._silent:
            return
        typed = self._widget.toPlainText()
        change = single_change(self.text, typed)
        if change is None:
            return
        behind = single_change(self.text, self.session_text)
        if behind is not None and not self._fits(change, behind):
            self.text = typed
            self.pull()
            return
        offset = change.offset if behind is None else moved(change.offset, behind)
        self.text = typed
        self._session.apply(
            ReplaceText(self._title, offset, change.removed, change.inserted, self._field), source=self
        )
        self.changed.emit()

    @staticmethod
    def _fits(change: Change, behind: Change) -> bool:
        """Tells whether a typed change can be moved past an edit that the widget has not shown yet."""
        return change.end <= behind.offset or change.offset >= behind.end
