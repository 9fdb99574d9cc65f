"""The outline panel: tree, buttons, missing data, and the form of the current element."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine.events import Checked
from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.selection import Selected
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.diffs import single_change
from solvitur.gui.understand.formulas.pictures import FormulaPictures
from solvitur.gui.understand.outline.blocks import kind_of, remove, reorder
from solvitur.gui.understand.outline.drafts import free_name
from solvitur.gui.understand.outline.form import ElementForm
from solvitur.gui.understand.outline.missing import MissingData
from solvitur.gui.understand.outline.preview import FormulaLabel
from solvitur.gui.understand.outline.rows import GROUPS, Row, gravest, rows_of, settled
from solvitur.gui.understand.outline.tree import OutlineTree
from solvitur.gui.understand.reading import Reader, Reading
from solvitur.language.elements import Element
from solvitur.language.names import occurrences
from solvitur.problem.edits import ReplaceText
from solvitur.problem.findings import Finding

_TREE_SHARE, _FORM_SHARE = 5, 6
_LEAST_WIDTH = 36
"""In units of the grid."""


class OutlinePanel(QWidget):
    """The five elements as a tree with forms: the other view of the model's text."""

    rename_wanted = Signal(str)
    table_wanted = Signal(str)
    import_wanted = Signal()

    def __init__(
        self,
        context: Context,
        reader: Reader,
        background: Background,
        pictures: FormulaPictures,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("outline-panel")
        self._context = context
        self._reader = reader
        self._background = background
        self._findings: tuple[Finding, ...] = ()
        self.shown = Reading()
        """The reading that the tree shows."""
        self.tree = OutlineTree(context.theme, self)
        self.missing = MissingData(context.theme, self)
        self.form = ElementForm(context, reader, background, FormulaLabel(context.theme, pictures, self), self)
        self._ask = _DeleteBar(self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setObjectName("outline-splitter")
        self.splitter.setChildrenCollapsible(False)
        self._add_actions()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.tree, 1)
        column.addWidget(self._ask)
        column.addWidget(self.missing)
        self.splitter.addWidget(above)
        self.splitter.addWidget(self.form)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([_TREE_SHARE, _FORM_SHARE])
        self.setMinimumWidth(_LEAST_WIDTH * self._context.theme.tokens.gap)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)

    def _header(self) -> QWidget:
        tokens = self._context.theme.tokens
        made = QWidget(self)
        row = QHBoxLayout(made)
        row.setContentsMargins(2 * tokens.gap, tokens.gap_small, tokens.gap, tokens.gap_small)
        row.setSpacing(tokens.gap_small)
        title = QLabel("Outline", made)
        title.setProperty("role", "strong")
        row.addWidget(title, 1)
        menu = QMenu(made)
        for group in GROUPS:
            menu.addAction(self._context.actions.qaction(f"outline.add-{group.word}"))
        add = QPushButton("Add", made)
        add.setObjectName("outline-add")
        add.setAccessibleName("Add an element")
        add.setMenu(menu)
        row.addWidget(add)
        for name in ("up", "down", "delete"):
            button = QToolButton(made)
            action = self._context.actions.qaction(f"outline.{name}")
            button.setDefaultAction(action)
            button.setObjectName(f"outline-{name}")
            button.setAccessibleName(action.text())
            row.addWidget(button)
        return made

    def _connect(self) -> None:
        self._reader.changed.connect(self._model_read)
        self._reader.checked.connect(self._checked)
        self._context.selection.changed.connect(self._selected)
        self.tree.element_chosen.connect(self._chosen)
        self.tree.delete_wanted.connect(self.delete)
        self.tree.edit_wanted.connect(self.edit)
        self.tree.rows.move_wanted.connect(self.move_element)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._context_menu)
        self.missing.table_wanted.connect(self.table_wanted)
        self.missing.import_wanted.connect(self.import_wanted)
        self.form.applied.connect(self._applied)
        self._ask.confirmed.connect(self._remove)

    # showing

    def reset(self) -> None:
        """Forgets the form: another project was opened."""
        self.form.clear()
        self._ask.close_bar()
        self._findings = ()
        self.missing.show_missing(())

    def _model_read(self, reading: Reading) -> None:
        self._show_rows()
        if self._ask.name and reading.element(self._ask.name) is None:
            self._ask.close_bar()

    def _checked(self, event: Checked) -> None:
        self._findings = event.findings
        self.missing.show_missing(event.missing)
        self._show_rows()

    def _show_rows(self) -> None:
        reading = self._reader.current
        source = self._context.session.problem.formulation.source
        findings = (*reading.findings, *self._findings)
        before = self.tree.rows.groups
        self._background.ask(
            "rows",
            lambda: settled(rows_of(reading, gravest(reading, findings, source)), before),
            lambda rows: self._take(reading, rows),
        )

    def _take(self, reading: Reading, rows: tuple[tuple[Row, ...], ...]) -> None:
        self.shown = reading
        self.tree.show_rows(rows)
        current = self._context.selection.current.name
        if current and current != self.tree.current_name:
            self.tree.set_current(current)
        self._context.actions.refresh()

    def _chosen(self, name: str) -> None:
        self._context.selection.select(name, self)
        self._show_form(name)

    def _selected(self, selected: Selected) -> None:
        if selected.source is not self:
            self.tree.set_current(selected.name)
            self._show_form(selected.name)

    def _show_form(self, name: str) -> None:
        """Shows an element's form; one that is being filled is applied first, or stays if it has errors."""
        element = self._reader.current.element(name)
        if element is None or (self.form.old_name == name and self.form.kind >= 0):
            return
        self.form.leave(lambda: self._fill_form(element))

    def _fill_form(self, element: Element) -> None:
        self.form.show_element(element, kind_of(element))
        self._context.actions.refresh()

    def _applied(self, name: str) -> None:
        self._context.selection.select(name, self)

        def show() -> None:
            self.tree.set_current(name)

        QTimer.singleShot(0, self, show)

    # changing

    @property
    def delete_question(self) -> str:
        """What is asked before an element that is used is deleted."""
        return self._ask.question

    def add(self, kind: int) -> None:
        """Opens the form of a new element."""
        self.form.leave(lambda: self.form.show_new(kind, free_name(self._reader.current, kind)))

    def edit(self) -> None:
        """Gives the form of the current element the focus."""
        if self.tree.current_name:
            self._show_form(self.tree.current_name)
            self.form.focusNextChild()

    def move_element(self, group: int, source: int, target: int) -> None:
        """Moves an element within its group, in the text."""
        reading = self._reader.current
        elements = [e for e in reading.model.elements if kind_of(e) == group]
        if not (0 <= source < len(elements) and 0 <= target < len(elements)) or source == target:
            return
        order = list(range(len(elements)))
        order.insert(target, order.pop(source))
        name = elements[source].name
        self._change(f"Move '{name}'", reorder(reading.text, elements, order), reading)

    def step(self, direction: int) -> None:
        """Moves the current element one place up (-1) or down (1)."""
        index = self.tree.currentIndex()
        if self.tree.current_name:
            self.move_element(self.tree.current_group, index.row(), index.row() + direction)

    def delete(self) -> None:
        """Deletes the current element; tells first how often it is used, if it is."""
        name, text = self.tree.current_name, self._reader.current.text
        if name:
            self._background.ask(
                "uses", lambda: len(occurrences(text, name)) - 1, lambda uses: self._ask_or_remove(name, uses)
            )

    def _ask_or_remove(self, name: str, uses: int) -> None:
        if uses > 0:
            self._ask.open(name, uses)
        else:
            self._remove(name)

    def _remove(self, name: str) -> None:
        reading = self._reader.current
        self._change(f"Delete '{name}'", remove(reading.text, reading.model, name), reading)
        if self.form.old_name == name:
            self.form.clear()

    def _change(self, title: str, text: str, reading: Reading) -> None:
        session = self._context.session
        change = single_change(reading.text, text)
        if change is not None and session.problem.formulation.text == reading.text:
            session.apply(ReplaceText(title, change.offset, change.removed, change.inserted), source=self)
            self._reader.read_now()

    # actions

    def _add_actions(self) -> None:
        actions = self._context.actions
        for kind, group in enumerate(GROUPS):
            actions.add(
                Action(
                    f"outline.add-{group.word}",
                    f"Add {_article(group.word)}",
                    _adder(self, kind),
                    "Problem",
                    icon=group.icon,
                    enabled=self._editable,
                    help=f"Adds {_article(group.word)}: {group.hint}",
                    group="outline",
                )
            )
        table: tuple[tuple[str, str, Callable[[], object], str, str], ...] = (
            ("up", "Move element up", lambda: self.step(-1), "Ctrl+Shift+Up", "chevron-up"),
            ("down", "Move element down", lambda: self.step(1), "Ctrl+Shift+Down", "chevron-down"),
            ("delete", "Delete element", self.delete, "", "delete"),
        )
        for name, title, callback, shortcut, icon in table:
            enabled = self._has_current
            actions.add(
                Action(f"outline.{name}", title, callback, "Problem", shortcut, icon, enabled, group="outline")
            )

    def _editable(self) -> bool:
        return self._context.session.problem.formulation.kind == "algebraic"

    def _has_current(self) -> bool:
        return self._editable() and self.isVisible() and bool(self.tree.current_name)

    def _context_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = self.tree.rows.group(self.tree.indexAt(where))
        if group >= 0:
            menu.addAction(self._context.actions.qaction(f"outline.add-{GROUPS[group].word}"))
        name = self.tree.current_name
        if name:
            menu.addSeparator()
            menu.addAction(f"Rename '{name}' everywhere", lambda: self.rename_wanted.emit(name))
            for action in ("up", "down", "delete"):
                menu.addAction(self._context.actions.qaction(f"outline.{action}"))
        menu.popup(self.tree.viewport().mapToGlobal(where))


class _DeleteBar(QFrame):
    """Tells how often an element is used before it is deleted."""

    confirmed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("delete-bar")
        self.setAccessibleName("Delete an element that is used")
        self.setProperty("message", "warning")
        self.name = ""
        self._says = QLabel(self)
        self._says.setObjectName("delete-says")
        self._says.setWordWrap(True)
        self.delete_button = QPushButton("Delete", self)
        self.delete_button.setObjectName("delete-confirm")
        self.delete_button.setAccessibleName("Delete all the same")
        keep = QPushButton("Keep", self)
        keep.setObjectName("delete-keep")
        keep.setAccessibleName("Keep it")
        keep.setDefault(True)
        row = QHBoxLayout(self)
        row.addWidget(self._says, 1)
        row.addWidget(self.delete_button)
        row.addWidget(keep)
        self.delete_button.clicked.connect(lambda: self._confirm())  # noqa: PLW0108 - drops "checked"
        keep.clicked.connect(lambda: self.close_bar())  # noqa: PLW0108 - drops "checked"
        self.hide()

    def open(self, name: str, uses: int) -> None:
        """Asks about an element."""
        self.name = name
        self._says.setText(f"'{name}' is used in {counted(uses, 'place')}, which will not work without it.")
        self.show()
        self.delete_button.setFocus()

    @property
    def question(self) -> str:
        """What the bar says."""
        return self._says.text()

    def close_bar(self) -> None:
        """Keeps the element."""
        self.name = ""
        self.hide()

    def _confirm(self) -> None:
        name = self.name
        self.close_bar()
        self.confirmed.emit(name)


def _adder(panel: OutlinePanel, kind: int) -> Callable[[], None]:
    return lambda: panel.add(kind)


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
