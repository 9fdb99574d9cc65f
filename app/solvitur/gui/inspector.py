"""The inspector: the one selected thing, what it is and what it came to in the last run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from solvitur.engine import events
from solvitur.gui.context import Context
from solvitur.gui.inspecting import Described, Fact, answer_facts, describe, origin_facts
from solvitur.gui.selection import Selected
from solvitur.gui.tasks import Tasks
from solvitur.hooks.contracts import Solved
from solvitur.language.elements import Model
from solvitur.language.parsing import parse
from solvitur.problem.errors import SolviturError
from solvitur.problem.runs import Run

_REST_MS = 60
_EMPTY = "Nothing is selected."
_EMPTY_HINT = "Select a name in the model, a row of a table or a mark in a picture: here is what it is and came to."


@dataclass(frozen=True, eq=False)
class _Read:
    """What was found in the background for one selection."""

    selected: Selected
    text: str
    model: Model
    described: Described | None
    facts: tuple[Fact, ...]


class Inspector(QScrollArea):
    """Follows the selection; reads the model and the last run in the background."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = "Inspector"
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumWidth(208)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._context = context
        self._tasks = Tasks(self)
        self._text, self._model = "", Model()
        self._run: Run | None = None
        self._solved: Solved | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look)
        self._page = QWidget(self)
        self.setWidget(self._page)
        gap = context.theme.tokens.gap
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(gap + 4, gap + 4, gap + 4, gap + 4)
        self._column.setSpacing(gap // 2)
        self._role = self._label("inspectorRole", "small-soft")
        self._name = self._label("inspectorName", "strong")
        self._description = self._label("inspectorDescription", "soft")
        self._facts = self._form()
        self._definition = self._label("inspectorDefinition", "")
        self._run_title = self._label("inspectorRun", "small-soft")
        self._values = self._form()
        self._column.addStretch(1)
        self._show_nothing()
        self._take_theme()
        context.selection.changed.connect(lambda _selected: self._rest.start())
        context.theme.changed.connect(self._take_theme)
        context.bridge.happened.connect(self._take)

    @property
    def shown(self) -> str:
        """All that the inspector says now, as text."""
        labels = [label.text() for label in self._page.findChildren(QLabel) if not label.isHidden()]
        return "\n".join(text for text in labels if text)

    def closing(self) -> None:
        """Ends the background thread; the window calls it when it closes."""
        self._tasks.close()

    def _take(self, event: object) -> None:
        match event:
            case events.Done(run=run, solved=solved) if solved is not None:
                self._run, self._solved = run, solved
                self._rest.start()
            case events.ProjectOpened():
                self._run, self._solved = None, None
                self._context.selection.select("", self)
                self._rest.start()
            case events.ProblemChanged(fields=fields) if "formulation" in fields:
                self._rest.start()

    def _look(self) -> None:
        selected = self._context.selection.current
        if not selected.element:
            self._show_nothing()
            return
        problem = self._context.session.problem
        text, known, solved = problem.formulation.text, (self._text, self._model), self._solved

        def read() -> _Read:
            model = known[1] if text == known[0] else parse(text).model
            facts = answer_facts(solved, selected.name, selected.index) if solved is not None else ()
            described = describe(model, selected.name)
            if described is not None:
                told = origin_facts(problem.origins, selected.element)
                described = replace(described, facts=(*described.facts, *told))
            return _Read(selected, text, model, described, facts)

        self._tasks.run("Looking", read, self._show, self._show_trouble)

    def _show(self, read: _Read) -> None:
        self._text, self._model = read.text, read.model
        if read.selected.element != self._context.selection.current.element:
            return
        described = read.described
        self._role.setText(described.role if described else "")
        self._name.setText(read.selected.element)
        self._description.setText(described.description if described else "")
        self._fill(self._facts, described.facts if described else ())
        self._definition.setText(described.definition if described else "")
        self._run_title.setText(f"In run {self._run.number}" if self._run is not None and read.facts else "")
        self._fill(self._values, read.facts)
        self._hide_empty()

    def _show_trouble(self, error: SolviturError) -> None:
        self._show_nothing()
        self._description.setText(str(error))
        self._hide_empty()

    def _show_nothing(self) -> None:
        for label in (self._role, self._definition, self._run_title):
            label.setText("")
        self._name.setText(_EMPTY)
        self._description.setText(_EMPTY_HINT)
        self._fill(self._facts, ())
        self._fill(self._values, ())
        self._hide_empty()

    def _hide_empty(self) -> None:
        for label in (self._role, self._description, self._definition, self._run_title):
            label.setVisible(bool(label.text()))

    def _fill(self, form: QFormLayout, facts: tuple[Fact, ...]) -> None:
        while form.rowCount():
            form.removeRow(0)
        for word, text in facts:
            name = QLabel(word, self._page)
            name.setProperty("role", "soft")
            value = QLabel(text, self._page)
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(name, value)
        holder = form.parentWidget()
        if holder is not None:
            holder.setVisible(bool(facts))

    def _label(self, name: str, role: str) -> QLabel:
        label = QLabel(self._page)
        label.setObjectName(name)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)
        return label

    def _form(self) -> QFormLayout:
        holder = QWidget(self._page)
        form = QFormLayout(holder)
        gap = self._context.theme.tokens.gap
        form.setContentsMargins(0, gap, 0, gap)
        form.setHorizontalSpacing(gap + 4)
        form.setVerticalSpacing(gap // 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(holder)
        return form

    def _take_theme(self) -> None:
        self._definition.setFont(self._context.theme.font("code"))
