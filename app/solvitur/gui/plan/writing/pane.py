"""The workflow as text beside the graph: read, picked, changed and applied as one edit."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.plan.editing import Editing
from solvitur.gui.plan.writing.editor import FlowEditor
from solvitur.gui.plan.writing.merging import change, merged
from solvitur.gui.plan.writing.wording import (
    FORMS,
    Statement,
    located,
    read,
    soundness,
    statements,
    written,
)
from solvitur.gui.tasks import Tasks
from solvitur.gui.theme import set_look
from solvitur.gui.understand.editor.marks import make_marks
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.workflow.checking import dry_run
from solvitur.workflow.model import Workflow

_PAUSE_MS = 250
_TITLES = {"text": "Text", "json": "JSON"}


@dataclass(frozen=True)
class _Read:
    """What came of reading the text: a workflow that can be applied, or what is wrong."""

    workflow: Workflow | None
    findings: tuple[Finding, ...]


class TextPane(QWidget):
    """Form, text, problems, Apply. ``stepped`` carries the step that the cursor is in."""

    stepped = Signal(str)
    failed = Signal(str)

    def __init__(self, context: Context, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("planTextPane")
        self.setProperty("helpPage", "plan")
        self._context, self._editing = context, editing
        self._tasks = Tasks(self)
        self._base = Workflow()
        """The workflow that the text was written from."""
        self._shown: tuple[object, ...] = ()
        self._clean = ""
        self._lines: tuple[Statement, ...] = ()
        self._silent = False
        self._stepping = False
        """Whether what is picked right now follows the cursor of the text, and not the other way round."""
        self._stamp = 0
        self._good: Workflow | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._check)
        self._lay_out()

    @property
    def changed(self) -> bool:
        """Whether something was typed that is not applied."""
        return self.editor.toPlainText() != self._clean

    @property
    def form(self) -> str:
        """``text`` or ``json``."""
        return FORMS[self._forms.currentIndex()]

    def close_tasks(self) -> None:
        """Ends the background thread."""
        self._tasks.close()

    # following the graph

    def refresh(self) -> None:
        """Shows the workflow as it is now; what was typed and not applied stays."""
        if not self.isVisible():
            return
        workflow = self._editing.workflow
        wanted = (workflow, self.form, self._places.isChecked())
        if self._shown and all(a is b or a == b for a, b in zip(wanted[1:], self._shown[1:], strict=True)):
            if workflow is self._shown[0]:
                return
            if self.changed:
                self._tell_changed()
                return
        self._write(workflow)

    def _write(self, workflow: Workflow) -> None:
        form, places = self.form, self._places.isChecked()
        self._shown = (workflow, form, places)
        self._stamp += 1
        stamp = self._stamp

        def done(made: tuple[str, tuple[Statement, ...]]) -> None:
            if stamp == self._stamp:
                self._base = workflow
                self._fill(*made)

        def work() -> tuple[str, tuple[Statement, ...]]:
            text = written(workflow, form, places=places)
            return text, statements(text, form)

        if len(workflow.steps) > 1_000:
            self._tasks.run("Writing the plan", work, done, self._cannot_write)
            return
        try:
            done(work())
        except SolviturError as error:
            self._cannot_write(error)

    def _cannot_write(self, error: SolviturError) -> None:
        self._fill("", ())
        self._say("error", "bad", f"This plan cannot be written as {_TITLES[self.form]}: {error}")

    def _fill(self, text: str, lines: tuple[Statement, ...]) -> None:
        self._silent = True
        self.editor.show_text(text, self.form)
        self.editor.set_marks(())
        self._silent = False
        self._clean, self._lines, self._good = text, lines, None
        self._say("", "", "")
        self._offer()

    def show_picked(self, ids: frozenset[str]) -> None:
        """Lights the statements of what is picked on the canvas."""
        if self.isVisible():
            lines = tuple(line for line in self._lines if line.name in ids)
            self._silent = True
            self.editor.show_picked(lines, scroll=not self._stepping)
            self._silent = False

    # typing

    def _typed(self) -> None:
        if self._silent:
            return
        self._good = None
        self._stamp += 1
        self._pause.start()
        self._offer()

    def _check(self) -> None:
        text, form = self.editor.toPlainText(), self.form
        base, places, shapes = self._base, self._places.isChecked(), self._editing.catalogue.types
        stamp = self._stamp

        def work() -> tuple[tuple[Statement, ...], _Read]:
            lines = statements(text, form)
            try:
                workflow = read(text, form, base, places=places)
            except InputError as error:
                return lines, _Read(None, located(error.findings, lines))
            faults = soundness(workflow)
            if faults:
                return lines, _Read(None, located(faults, lines))
            found = dry_run(workflow, {name: known.shape for name, known in shapes.items()}).findings
            return lines, _Read(workflow, located(found, lines))

        def done(made: tuple[tuple[Statement, ...], _Read]) -> None:
            if stamp == self._stamp:
                self._take(text, *made)

        self._tasks.run("Reading the plan's text", work, done, lambda error: self.failed.emit(str(error)))

    def _take(self, text: str, lines: tuple[Statement, ...], found: _Read) -> None:
        self._lines, self._good = lines, found.workflow
        self._silent = True
        self.editor.colours.read(text, self.form)
        self.editor.set_marks(make_marks(self.editor.document(), text, found.findings))
        self._silent = False
        errors = [each for each in found.findings if each.severity is Severity.ERROR]
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            where = f"line {errors[0].place.line}: " if errors[0].place.line else ""
            said = f"{where}{errors[0].text}{more}"
            if found.workflow is not None:
                said += ". It can be applied, but not run yet"
            look = ("error", "bad") if found.workflow is None else ("warning", "warn")
            self._say(*look, f"{said[:1].upper()}{said[1:]}.")
        elif self.changed:
            self._tell_changed()
        else:
            self._say("", "", "")
        self._offer()

    def _tell_changed(self) -> None:
        if self._editing.workflow is not self._base:
            self._say("info", "accent", "The graph changed meanwhile; both changes are kept when you apply.")
        else:
            self._say("good", "good", "Reads well. Apply it to change the plan; one Undo takes it back.")

    def apply(self) -> None:
        """Makes what was typed the plan, as one edit; what changed in the graph meanwhile is kept."""
        if not self.changed:
            return
        text = self.editor.toPlainText()
        good = self._good
        if good is None:
            try:
                good = read(text, self.form, self._base, places=self._places.isChecked())
                faults = soundness(good)
            except InputError as error:
                faults, good = error.findings, None
            if good is None or faults:
                self._take(text, self._lines, _Read(None, located(tuple(faults), statements(text, self.form))))
                self._go_to_first()
                return
        before = self._editing.workflow
        after = merged(self._base, good, before)
        edit = change("edit the text of the plan", before, after)
        self._clean, self._shown = text, ()
        try:
            if edit is not None:
                self._editing.apply(edit)
        except SolviturError as error:
            self.failed.emit(str(error))
        self._write(self._editing.workflow)

    def revert(self) -> None:
        """Drops what was typed and shows the plan again."""
        self._write(self._editing.workflow)

    def _go_to_first(self) -> None:
        if self.editor.marks:
            cursor = QTextCursor(self.editor.document())
            cursor.setPosition(self.editor.marks[0].start)
            self.editor.setTextCursor(cursor)
            self.editor.setFocus()

    def _moved(self) -> None:
        """Tells which step the cursor is in, when a person moved it."""
        if self._silent or not self.editor.hasFocus():
            return
        at = self.editor.textCursor().blockNumber()
        for line in self._lines:
            if line.first <= at <= line.last:
                self._stepping = True
                self.stepped.emit(line.name)
                self._stepping = False
                return

    # looks

    def _lay_out(self) -> None:
        theme = self._context.theme
        gap = theme.tokens.gap
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(gap, gap // 2, gap, gap // 2)
        head.setSpacing(gap)
        self._forms = QComboBox(self)
        self._forms.setObjectName("planTextForm")
        self._forms.setAccessibleName("Form of the text")
        self._forms.addItems([_TITLES[form] for form in FORMS])
        self._forms.currentIndexChanged.connect(lambda _at: self._change_form())
        self._places = QCheckBox("Places", self)
        self._places.setObjectName("planTextPlaces")
        self._places.setToolTip("Also write where each step stands on the canvas")
        self._places.setAccessibleName("Write places")
        self._places.toggled.connect(lambda _on: self._change_form())
        self._revert = self._button("planTextRevert", "Revert", "Drop what was typed", "")
        self._revert.clicked.connect(self.revert)
        self._apply = self._button("planTextApply", "Apply", "Make this the plan (Ctrl+Enter)", "primary")
        self._apply.clicked.connect(self.apply)
        head.addWidget(self._forms)
        head.addWidget(self._places)
        head.addStretch(1)
        head.addWidget(self._revert)
        head.addWidget(self._apply)
        rows.addLayout(head)
        self.editor = FlowEditor(theme, self)
        self.editor.textChanged.connect(self._typed)
        self.editor.cursorPositionChanged.connect(self._moved)
        self.editor.apply_wanted.connect(self.apply)
        self.editor.leave_wanted.connect(self.setFocus)
        self.editor.undo_wanted.connect(self._undo)
        self.editor.redo_wanted.connect(self._redo)
        rows.addWidget(self.editor, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(gap, gap // 2, gap, gap // 2)
        foot.setSpacing(gap)
        self._icon, self.words = QLabel(self), QLabel(self)
        self.words.setObjectName("planTextWords")
        self.words.setWordWrap(True)
        foot.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.words, 1)
        rows.addLayout(foot)
        self._say("", "", "")
        self._offer()

    def _button(self, name: str, title: str, tip: str, kind: str) -> QPushButton:
        button = QPushButton(title, self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(tip)
        if kind:
            button.setProperty("kind", kind)
        return button

    def _change_form(self) -> None:
        self._places.setVisible(self.form == "text")
        if self.changed:
            self.apply()
            if self.changed:
                self._say("warning", "warn", "Mend or revert the text first; it is written anew in another form.")
                shown = FORMS.index(str(self._shown[1])) if self._shown else 0
                self._forms.blockSignals(True)
                self._forms.setCurrentIndex(shown)
                self._forms.blockSignals(False)
                return
        self._write(self._editing.workflow)

    def _undo(self) -> None:
        if self.changed and self.editor.document().isUndoAvailable():
            self.editor.undo()
        else:
            self._context.actions.trigger("edit.undo")

    def _redo(self) -> None:
        if self.editor.document().isRedoAvailable():
            self.editor.redo()
        else:
            self._context.actions.trigger("edit.redo")

    def _offer(self) -> None:
        changed = self.changed
        self._apply.setEnabled(changed)
        self._revert.setEnabled(changed)

    def _say(self, icon: str, token: str, words: str) -> None:
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.setPixmap(self._context.theme.pixmap(icon, token))
        usual = f"{counted(len(self._lines), 'statement')}. Ctrl+Enter applies what you type."
        self.words.setText(words or usual)
        set_look(self.words, "role", "small" if words else "small-soft")
