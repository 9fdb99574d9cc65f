"""The panel beside the canvas: the step, link, group or note that is picked, and all that can be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.context import Context
from solvitur.gui.forms import OptionsForm
from solvitur.gui.numbers import counted
from solvitur.gui.plan.catalogue import Catalogue, port_words
from solvitur.gui.plan.courses import Course
from solvitur.gui.plan.editing import Editing
from solvitur.gui.plan.marks import LOOKS, state_words, time_line
from solvitur.gui.plan.running import Running
from solvitur.gui.plan.sweep.wording import usual_range
from solvitur.gui.plan.values import ValuesView, in_words
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.options import OptionSpec, option_specs
from solvitur.problem.pictures import Picture
from solvitur.workflow.edits import SetRange
from solvitur.workflow.model import Link, Step

_LONG_TEXT = ("code", "model", "text", "sql", "query", "steps")
_LABEL_WIDTH = 84


class Details(QScrollArea):
    """Shows one thing; what is typed becomes an edit when it is finished."""

    failed = Signal(str)
    ranged = Signal(str, str)
    """A step and its option that now ranges, for the sweep panel to be shown."""

    def __init__(self, context: Context, editing: Editing, running: Running, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepDetails")
        self.setAccessibleName("Details of what is picked")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._context, self._editing, self._running = context, editing, running
        self._shown: object = None
        self._form: OptionsForm | None = None
        self.first: QWidget | None = None
        """The field that Enter on the canvas goes to."""

    @property
    def _catalogue(self) -> Catalogue:
        return self._editing.catalogue

    def show_picked(self, current: str, picked: frozenset[str], links: frozenset[Link], *, line: bool) -> None:
        """Shows what is picked: a link, a step, a note, a group, or what there is at all, with a time ``line``."""
        workflow = self._editing.workflow
        step = workflow.step(current)
        note = next((each for each in workflow.notes if each.id == current), None)
        group = next((each for each in workflow.groups if each.id == current), None)
        if links:
            self.show_link(min(links, key=str))
        elif "/" in current.rstrip("/"):
            self.show_unfolded(current.rstrip("/"))
        elif step is not None and len(picked) < 2:
            self.show_step(step)
        elif note is not None:
            self.show_text("Note", note.text, note.id, note=True)
        elif group is not None:
            self.show_text("Group", group.title, group.id, note=False)
        elif picked:
            self.show_nothing(f"{counted(len(picked), 'thing')} picked. Drag or Ctrl+arrows move them.")
        else:
            words = f"{counted(len(workflow.steps), 'step')}, {counted(len(workflow.links), 'link')}. "
            course = None if self._running.active or not line else time_line(workflow, self._running)
            self.show_nothing(words + "Click a step to see its options and what it made.", course)

    def show_step(self, step: Step) -> None:
        """Shows a step: title, state, options, ports, results, log."""
        course = self._running.courses.get(step.id)
        fields = (step.id, step.type, step.title, step.retries, step.timeout_s, self._ranges_of(step.id))
        seen = (*fields, course.state if course is not None else None, len(self._links(step)))
        if self._shown == seen and self._form is not None:
            self._form.show_values(step.options)
            return
        self._shown = seen
        rows = self._begin(step.title or self._catalogue.title(step.type), self._catalogue.help(step.type))
        if step.type not in self._catalogue.types:
            self._say(
                rows, f"No plugin here offers the step type '{step.type}'. It stays as it is when you save.", "warn"
            )
        self._say_state(rows, course)
        self._add_head(rows, step)
        known = self._catalogue.types.get(step.type)
        specs = option_specs(known.shape.options) if known is not None else ()
        self._form = None
        if specs:
            self._section(rows, "Options")
            self._add_options(rows, step, specs)
        self._add_ports(rows, step)
        self._add_results(rows, step.id)
        self._add_log(rows, course)
        rows.addStretch(1)

    def show_unfolded(self, path: str) -> None:
        """Shows a step that another one unfolded into: it can be looked at, not changed."""
        above, _, name = path.rpartition("/")
        courses = self._running.courses
        course = courses.get(path)
        inside = courses[above].unfolded if above in courses else None
        step = inside.step(name) if inside is not None else None
        seen = (path, course.state if course is not None else None)
        if self._shown == seen or step is None:
            return
        self._shown = seen
        rows = self._begin(step.title or name, self._catalogue.help(step.type))
        self._say(rows, f"'{above}' unfolded into this step while it ran. Change '{above}' to change it.", "soft")
        self._say_state(rows, course)
        plain = {key: value for key, value in step.options.items() if isinstance(value, bool | int | float | str)}
        if plain:
            self._section(rows, "Options")
            for key, value in plain.items():
                self._say(rows, f"{key}: {in_words(value)}", "small-soft")
        self._add_results(rows, path)
        self._add_log(rows, course)
        rows.addStretch(1)

    def show_link(self, link: Link) -> None:
        """Shows what flows through a link."""
        self._shown = link
        rows = self._begin(f"{link.source} \u2192 {link.target}", f"{link.output} goes into {link.input}")
        values = self._values(link.source)
        if link.output in values:
            view = ValuesView(self._context.theme, self._context.selection, self.widget())
            view.show_values({link.output: values[link.output]})
            rows.addWidget(view)
        else:
            self._say(rows, "Nothing has flowed yet. Run the workflow to see it.", "soft")
        rows.addStretch(1)

    def show_text(self, title: str, text: str, name: str, *, note: bool) -> None:
        """Shows a note or a group: its text can be changed."""
        if self._shown == (name, text):
            return
        self._shown = (name, text)
        rows = self._begin(title, "")
        if note:
            self.first = edit = _LongText(text, self.widget())
            edit.setObjectName("noteText")
            edit.setAccessibleName("Text of the note")
            edit.finished.connect(lambda new: self._try(lambda: self._editing.write_note(name, new)))
            rows.addWidget(edit)
        else:
            self.first = line = QLineEdit(text, self.widget())
            line.setObjectName("groupTitle")
            line.setAccessibleName("Title of the group")
            line.editingFinished.connect(lambda: self._try(lambda: self._editing.retitle_group(name, line.text())))
            rows.addWidget(line)
        rows.addStretch(1)

    def show_nothing(self, words: str, course: Picture | None = None) -> None:
        """Says what can be seen here, and shows the time line of the last run."""
        if self._shown != words:
            self._shown = words
            rows = self._begin("", "")
            self._say(rows, words, "soft")
            if course is not None:
                view = ValuesView(self._context.theme, self._context.selection, self.widget())
                view.show_values({"Last run": course})
                rows.addWidget(view)
            rows.addStretch(1)

    def forget(self) -> None:
        """Shows anew what is asked for next, even if it is the same."""
        self._shown = None

    # parts

    def _begin(self, title: str, text: str) -> QVBoxLayout:
        self._form, self.first = None, None
        body = QWidget(self)
        gap = self._context.theme.tokens.gap
        rows = QVBoxLayout(body)
        rows.setContentsMargins(2 * gap, gap, 2 * gap, gap)
        rows.setSpacing(gap)
        self.setWidget(body)
        if title:
            self._say(rows, title, "heading")
        if text:
            self._say(rows, text, "soft")
        return rows

    def _say(self, rows: QVBoxLayout, text: str, role: str) -> None:
        label = QLabel(text, self.widget())
        label.setProperty("role", role)
        label.setWordWrap(True)
        rows.addWidget(label)

    def _section(self, rows: QVBoxLayout, title: str) -> None:
        rows.addSpacing(self._context.theme.tokens.gap)
        self._say(rows, title, "strong")

    def _add_head(self, rows: QVBoxLayout, step: Step) -> None:
        grid = QFormLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        title = QLineEdit(step.title, self.widget())
        title.setObjectName("stepTitle")
        title.setPlaceholderText(self._catalogue.title(step.type))
        title.editingFinished.connect(lambda: self._change("rename", step.id, title=title.text()))
        name = QLineEdit(step.id, self.widget())
        name.setObjectName("stepName")
        name.editingFinished.connect(lambda: self._try(lambda: self._editing.rename(step.id, name.text())))
        note = QLineEdit(step.note, self.widget())
        note.setObjectName("stepNote")
        note.editingFinished.connect(lambda: self._change("comment", step.id, note=note.text()))
        tries = QSpinBox(self.widget())
        tries.setObjectName("stepRetries")
        tries.setRange(0, 100)
        tries.setValue(step.retries)
        tries.setKeyboardTracking(False)
        tries.valueChanged.connect(lambda value: self._change("retries", step.id, retries=value))
        limit = QDoubleSpinBox(self.widget())
        limit.setObjectName("stepTimeout")
        limit.setRange(0.0, 1e7)
        limit.setDecimals(1)
        limit.setSuffix(" s")
        limit.setSpecialValueText("none")
        limit.setValue(step.timeout_s or 0.0)
        limit.setKeyboardTracking(False)
        limit.setToolTip("An attempt that takes longer counts as failed")
        limit.valueChanged.connect(lambda value: self._change("time limit", step.id, timeout_s=value or None))
        tries.setToolTip("A step that failed is tried again so often, after 0.1, 0.2, 0.4 ... seconds")
        fields = (("Title", title), ("Name", name), ("Comment", note), ("Retries", tries), ("Time limit", limit))
        for words, field in fields:
            field.setAccessibleName(words)
            grid.addRow(words, field)
        self.first = title
        rows.addLayout(grid)

    def _add_options(self, rows: QVBoxLayout, step: Step, specs: tuple[OptionSpec, ...]) -> None:
        def is_long(spec: OptionSpec) -> bool:
            value = step.options.get(spec.name, spec.default)
            return spec.kind is str and not spec.choices and (spec.name in _LONG_TEXT or "\n" in str(value))

        short = [spec for spec in specs if not is_long(spec)]
        if short:
            self._form = OptionsForm(
                self._context.theme,
                short,
                step.options,
                self.widget(),
                _LABEL_WIDTH,
                compact=True,
                beside=lambda spec: self._range_button(step.id, spec),
            )
            self._form.edited.connect(lambda name, value: self._set_option(step.id, name, value))
            rows.addWidget(self._form)
            self.first = self._form.field(short[0].name)
        for spec in specs:
            if is_long(spec):
                self._say(rows, spec.title, "small-soft")
                edit = _LongText(str(step.options.get(spec.name, spec.default)), self.widget())
                edit.setObjectName(f"option.{spec.name}")
                edit.setAccessibleName(spec.title)
                edit.setToolTip(spec.help)
                edit.setFont(self._context.theme.font("code"))
                edit.finished.connect(lambda text, name=spec.name: self._set_option(step.id, name, text))
                rows.addWidget(edit)

    def _ranges_of(self, step_id: str) -> frozenset[str]:
        return frozenset(each.option for each in self._editing.workflow.ranges if each.step == step_id)

    def _range_button(self, step_id: str, spec: OptionSpec) -> QToolButton:
        """Builds the button that turns an option into a range, and back into its one value."""
        button = QToolButton(self.widget())
        button.setObjectName(f"range.{spec.name}")
        button.setAccessibleName(f"Range of {spec.title}")
        button.setToolTip("Try several values in a sweep; the step keeps its own")
        button.setIcon(self._context.theme.icon("range"))
        button.setCheckable(True)
        button.setChecked(spec.name in self._ranges_of(step_id))
        button.clicked.connect(lambda on: self._turn_range(step_id, spec, on=on))
        return button

    def _turn_range(self, step_id: str, spec: OptionSpec, *, on: bool) -> None:
        step = self._editing.workflow.step(step_id)
        if step is None:
            return
        new = usual_range(step, spec) if on else None
        words = f"let '{spec.name}' range" if on else "one value again"
        self._try(lambda: self._editing.apply(SetRange(words, step_id, spec.name, new)))
        if on:
            self.ranged.emit(step_id, spec.name)

    def _add_ports(self, rows: QVBoxLayout, step: Step) -> None:
        links = self._links(step)
        for title, ports, output in zip(
            ("Inputs", "Outputs"), self._catalogue.ports(step, self._editing.workflow), (False, True), strict=True
        ):
            if not ports:
                continue
            self._section(rows, title)
            for port in ports:
                ends = [
                    f"{k.source}.{k.output}" if not output else f"{k.target}.{k.input}"
                    for k in links
                    if (
                        k.source == step.id and k.output == port.name
                        if output
                        else k.target == step.id and k.input == port.name
                    )
                ]
                joined = (" to " if output else " from ") + ", ".join(ends) if ends else ""
                self._say(rows, f"{port.name}{joined}: {port_words(port)}", "small-soft")

    def _say_state(self, rows: QVBoxLayout, course: Course | None) -> None:
        if course is None or course.state is None:
            return
        line = QHBoxLayout()
        icon = QLabel(self.widget())
        _, name, token = LOOKS[course.state.state]
        icon.setPixmap(self._context.theme.pixmap(name, token))
        words = QLabel(state_words(course), self.widget())
        words.setObjectName("stepState")
        words.setProperty("role", "strong")
        words.setWordWrap(True)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        rows.addLayout(line)

    def _add_log(self, rows: QVBoxLayout, course: Course | None) -> None:
        if course is None or not course.log:
            return
        self._section(rows, "Log")
        log = QPlainTextEdit("".join(course.log), self.widget())
        log.setReadOnly(True)
        log.setObjectName("stepLog")
        log.setAccessibleName("Log of the step")
        log.setFont(self._context.theme.font("code"))
        rows.addWidget(log)

    def _add_results(self, rows: QVBoxLayout, path: str) -> None:
        values = self._values(path)
        if values:
            self._section(rows, "What it made")
            view = ValuesView(self._context.theme, self._context.selection, self.widget())
            view.show_values(values)
            rows.addWidget(view)

    def _links(self, step: Step) -> tuple[Link, ...]:
        workflow = self._editing.workflow
        return (*workflow.links_into(step.id), *workflow.links_out(step.id))

    def _values(self, step: str) -> Mapping[str, Any]:
        try:
            return self._running.outputs(step)
        except InputError as error:
            self.failed.emit(str(error))
            return {}

    # edits

    def _set_option(self, step_id: str, name: str, value: object) -> None:
        step = self._editing.workflow.step(step_id)
        if step is not None:
            self._change(f"set '{name}'", step_id, options={**step.options, name: value})

    def _change(self, words: str, step_id: str, **values: Any) -> None:
        self._try(lambda: self._editing.change(words, step_id, **values))

    def _try(self, edit: Any) -> None:
        try:
            edit()
        except SolviturError as error:
            self.failed.emit(str(error))


class _LongText(QPlainTextEdit):
    """Tells its text when the focus leaves it."""

    finished = Signal(str)

    def __init__(self, text: str, parent: QWidget | None) -> None:
        super().__init__(text, parent)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(120)
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watches the focus."""
        if watched is self and event.type() == QEvent.Type.FocusOut:
            self.finished.emit(self.toPlainText())
        return super().eventFilter(watched, event)
