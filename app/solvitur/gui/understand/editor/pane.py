"""The editor pane: the model's text with completion, problems, find, rename and the line commands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.selection import Selected
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.editor.beginning import Beginning
from solvitur.gui.understand.editor.code_editor import CodeEditor
from solvitur.gui.understand.editor.completion import CompletionList
from solvitur.gui.understand.editor.find_bar import FindBar
from solvitur.gui.understand.editor.line_edits import (
    dedent,
    duplicate_lines,
    edit_lines,
    indent,
    move_lines,
    toggle_comment,
)
from solvitur.gui.understand.editor.marks import Mark, make_marks
from solvitur.gui.understand.editor.rename_bar import RenameBar, Replacements
from solvitur.gui.understand.positions import from_qt, to_qt
from solvitur.gui.understand.reading import Reader, Reading
from solvitur.gui.understand.text_sync import TextSync
from solvitur.language.elements import Span
from solvitur.language.names import definition
from solvitur.problem.findings import Finding

_SELECT_WAIT_MS = 150


class EditorPane(QWidget):
    """Holds the text, its bars and its actions."""

    def __init__(
        self, context: Context, reader: Reader, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("model-pane")
        self._context = context
        self._reader = reader
        self._background = background
        self.editor = CodeEditor(context.theme, self)
        self.sync = TextSync(self.editor, context.session, "model", "Edit the model")
        self.beginning = Beginning(self.editor, self.sync, context.theme)
        self.completion = CompletionList(self.editor, self.sync, reader, background)
        self.find_bar = FindBar(self.editor, self.sync, context.theme, self)
        self.rename_bar = RenameBar(context.theme, background, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.editor, 1)
        column.addWidget(self.find_bar)
        column.addWidget(self.rename_bar)
        self._findings: tuple[Finding, ...] = ()
        self._select_timer = QTimer(self, singleShot=True, interval=_SELECT_WAIT_MS)
        self._select_timer.timeout.connect(self._offer_selection)
        self._connect()
        self._add_actions()

    def _connect(self) -> None:
        editor = self.editor
        editor.undo_wanted.connect(self._context.session.undo)
        editor.redo_wanted.connect(self._context.session.redo)
        editor.definition_wanted.connect(self.go_to_definition)
        editor.fix_wanted.connect(self._fix_menu)
        editor.cursorPositionChanged.connect(self._cursor_moved)
        editor.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        editor.customContextMenuRequested.connect(self._context_menu)
        self.rename_bar.accepted.connect(self._rename)
        self.rename_bar.closed.connect(editor.setFocus)
        self._reader.changed.connect(self._model_read)
        self._reader.checked.connect(lambda event: self.show_findings(event.findings))
        self._context.selection.changed.connect(self._selected)

    # problems

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Underlines the findings that lie in this text."""
        self._findings = findings
        source = self._context.session.problem.formulation.source
        self.editor.set_marks(make_marks(self.editor.document(), self.sync.text, findings, source))

    def go_to_problem(self, step: int = 1) -> None:
        """Moves to the next problem (1) or the one before (-1)."""
        marks = sorted(self.editor.marks, key=lambda m: m.start)
        if not marks:
            return
        at = self.editor.textCursor().position()
        later = [m for m in marks if m.start > at] if step > 0 else [m for m in reversed(marks) if m.start < at]
        self._move_to((later or (marks if step > 0 else marks[::-1]))[0].start)

    def quick_fix(self) -> None:
        """Takes the fix of the problem at the cursor."""
        mark = self.editor.mark_at(self.editor.textCursor().position())
        if mark is not None and mark.finding.fix:
            self._fix(mark)

    def _fix(self, mark: Mark) -> None:
        with self.sync.named(f"Change to '{mark.finding.fix}'") as cursor:
            cursor.setPosition(mark.start)
            cursor.setPosition(mark.end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(mark.finding.fix)
        self.editor.setTextCursor(cursor)

    def _fix_menu(self, mark: Mark) -> None:
        if not mark.finding.fix:
            return
        menu = QMenu(self)
        menu.setObjectName("fix-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"Change to '{mark.finding.fix}'", lambda: self._fix(mark))
        cursor = QTextCursor(self.editor.document())
        cursor.setPosition(mark.start)
        below = self.editor.cursorRect(cursor).bottomLeft()
        menu.popup(self.editor.viewport().mapToGlobal(below))

    # names

    def go_to_definition(self, position: int | None = None) -> None:
        """Moves to where the name at the cursor (or a Qt position) is declared."""
        text = self.sync.text
        offset = from_qt(text, self.editor.textCursor().position() if position is None else position)

        def go(found: Span | None) -> None:
            if found is not None:
                self._move_to(to_qt(text, found.start), to_qt(text, found.end))

        self._background.ask("definition", lambda: definition(text, offset), go)

    def show_element(self, name: str) -> None:
        """Moves to an element's declaration."""
        element = self._reader.current.element(name)
        if element is not None and self._reader.current.text == self.sync.text:
            self._move_to(to_qt(self.sync.text, element.name_span.start or element.span.start))

    def rename_at_cursor(self) -> None:
        """Opens the rename bar for the name at the cursor, an index included."""
        cursor = self.editor.textCursor()
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        if cursor.selectedText():
            self._open_rename(cursor.selectedText(), from_qt(self.sync.text, cursor.selectionStart()))

    def rename(self, name: str) -> None:
        """Opens the rename bar for an element of the model."""
        self._open_rename(name, None)

    def _open_rename(self, name: str, at: int | None) -> None:
        if name in self._reader.current.symbols:
            self.find_bar.hide()
            self.rename_bar.open(name, self.sync.text, at)

    def _rename(self, old: str, new: str, replacements: Replacements) -> None:
        text = self.sync.text
        with self.sync.named(f"Rename '{old}' to '{new}'") as cursor:
            for span, word in sorted(replacements, key=lambda r: r[0].start, reverse=True):
                cursor.setPosition(to_qt(text, span.start))
                cursor.setPosition(to_qt(text, span.end), QTextCursor.MoveMode.KeepAnchor)
                cursor.insertText(word)

    # selection

    def element_at_cursor(self) -> str:
        """Returns the name of the element whose declaration holds the cursor; empty when none does."""
        reading = self._reader.current
        if reading.text != self.sync.text:
            return ""
        offset = from_qt(self.sync.text, self.editor.textCursor().position())
        for element in reading.model.elements:
            if element.span.start <= offset <= element.span.end:
                return element.name
        return ""

    def _cursor_moved(self) -> None:
        """Waits for the cursor to rest; text that moves below it selects nothing."""
        if self.sync.pulling:
            self._select_timer.stop()
        else:
            self._select_timer.start()

    def _offer_selection(self) -> None:
        name = self.element_at_cursor()
        if name and self.editor.hasFocus() and name != self._context.selection.current.name:
            self._context.selection.select(name, self)

    def _selected(self, selected: Selected) -> None:
        if selected.source is not self and selected.name != self.element_at_cursor():
            self.show_element(selected.name)

    def _model_read(self, reading: Reading) -> None:
        self.editor.set_roles(reading.roles)
        self.editor.show_colours()

    # lines

    def edit_lines(self, title: str, change: Callable[[list[str]], list[str]]) -> None:
        """Changes the selected lines in one undo step."""
        with self.sync.named(title) as cursor:
            edit_lines(cursor, change)
        self.editor.setTextCursor(cursor)

    def move_lines(self, step: int) -> None:
        """Moves the selected lines up (-1) or down (1)."""
        with self.sync.named("Move lines up" if step < 0 else "Move lines down") as cursor:
            move_lines(cursor, step)
        self.editor.setTextCursor(cursor)

    def duplicate_lines(self) -> None:
        """Writes the selected lines once more."""
        with self.sync.named("Duplicate lines") as cursor:
            duplicate_lines(cursor)
        self.editor.setTextCursor(cursor)

    def zoom(self, step: int) -> None:
        """Makes the text larger (1), smaller (-1) or as usual (0)."""
        usual = self._context.theme.tokens.text_px
        self.editor.set_font_px(self.editor.font_px + step if step else usual)
        self.editor.zoomed.emit(self.editor.font_px)

    # actions

    def _add_actions(self) -> None:
        lines = self.edit_lines
        edit, view = "Edit", "View"
        table = (
            ("model.find", "Find in the model", lambda: self._open_find(replace=False), edit, "Ctrl+F", "search"),
            ("model.replace", "Replace in the model", lambda: self._open_find(replace=True), edit, "Ctrl+H", ""),
            ("model.rename", "Rename everywhere", self.rename_at_cursor, edit, "F2", ""),
            ("model.definition", "Go to definition", self.go_to_definition, edit, "F12", ""),
            ("model.complete", "Complete the name", self.completion.ask, edit, "Ctrl+Space", ""),
            ("model.fix", "Fix the problem here", self.quick_fix, edit, "Alt+Return", ""),
            ("model.next-problem", "Next problem", lambda: self.go_to_problem(1), edit, "F8", ""),
            ("model.previous-problem", "Previous problem", lambda: self.go_to_problem(-1), edit, "Shift+F8", ""),
            (
                "model.comment",
                "Comment in or out",
                lambda: lines("Comment lines", toggle_comment),
                edit,
                "Ctrl+/",
                "",
            ),
            ("model.indent", "Indent", lambda: lines("Indent lines", indent), edit, "Ctrl+]", ""),
            ("model.dedent", "Dedent", lambda: lines("Dedent lines", dedent), edit, "Ctrl+[", ""),
            ("model.lines-up", "Move lines up", lambda: self.move_lines(-1), edit, "Alt+Up", ""),
            ("model.lines-down", "Move lines down", lambda: self.move_lines(1), edit, "Alt+Down", ""),
            ("model.duplicate", "Duplicate lines", self.duplicate_lines, edit, "Ctrl+D", ""),
            ("model.larger", "Larger model text", lambda: self.zoom(1), view, "", ""),
            ("model.smaller", "Smaller model text", lambda: self.zoom(-1), view, "", ""),
            ("model.usual-size", "Usual size of model text", lambda: self.zoom(0), view, "", ""),
        )
        for name, title, callback, menu, shortcut, icon in table:
            made = self._context.actions.add(
                Action(name, title, callback, menu, shortcut, icon, enabled=self.isVisible, group="model")
            )
            self.addAction(made)

    def action(self, name: str) -> QAction:
        """Returns one of the pane's actions by the last part of its id."""
        return self._context.actions.qaction(f"model.{name}")

    def _open_find(self, *, replace: bool) -> None:
        self.rename_bar.hide()
        self.find_bar.open(replace=replace)

    def _context_menu(self, where: QPoint) -> None:
        self.editor.setTextCursor(self._cursor_for_menu(where))
        menu = self.editor.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        for name in ("definition", "rename", "fix", "comment"):
            menu.addAction(self.action(name))
        menu.popup(self.editor.viewport().mapToGlobal(where))

    def _cursor_for_menu(self, where: QPoint) -> QTextCursor:
        current = self.editor.textCursor()
        return current if current.hasSelection() else self.editor.cursorForPosition(where)

    def _move_to(self, start: int, end: int | None = None) -> None:
        cursor = self.editor.textCursor()
        cursor.setPosition(start)
        if end is not None:
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.editor.setTextCursor(cursor)
        area = self.editor.cursorRect()
        if area.top() < 0 or area.bottom() > self.editor.viewport().height():
            self.editor.centerCursor()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Lets the actions know that the pane is in view."""
        super().showEvent(event)
        self._context.actions.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lets the actions know that the pane left the view."""
        super().hideEvent(event)
        self._context.actions.refresh()
