"""The import page: what a file holds, what its columns become, what would be wrong: before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.reading import read
from solvitur.gui.understand.tables.cells import is_missing, show_cell
from solvitur.gui.understand.tables.header import UnitHeader
from solvitur.gui.understand.tables.known import Known, known_of
from solvitur.gui.understand.tables.matching import ColumnRole, matched, problems, propose, roles
from solvitur.gui.understand.tables.model import TableModel
from solvitur.problem.document import Problem
from solvitur.problem.edits import Edit, SetTable, Together
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.tables import Table

_REST_MS = 120
_SAMPLES = 3
_MOST_PROBLEMS = 6
_MOST_COLUMNS_SHOWN = 8
_LIST_WIDTH = 20
"""In units of the grid."""
_LEAST_LETTERS = 16
_ICONS = {Severity.ERROR: ("error", "bad"), Severity.WARNING: ("warning", "warn"), Severity.INFO: ("info", "accent")}


@dataclass
class _Source:
    """A table of the file, with the choices made for it."""

    table: Table
    roles: list[ColumnRole]
    name: str
    wanted: bool = True


class ImportPage(QWidget):
    """Shows the tables of a file; `decided` carries the edit, or None when the import was cancelled."""

    decided = Signal(object)

    def __init__(self, context: Context, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import-page")
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._background = background
        self._known = Known()
        self._sources: list[_Source] = []
        self._at = 0
        self._combos: list[QComboBox] = []
        self.findings: tuple[Finding, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._judge)
        self._problems = QWidget(self)
        self._build()

    # content

    def open(self, tables: tuple[Table, ...], source: str) -> None:
        """Shows tables read from a file; the model's sets are looked up in the background first."""
        self._title.setText(f"Import '{PurePath(source).name or 'tables'}'")
        self._sources, self._at = [], 0
        self._show_problems(())
        problem = self._context.session.problem
        self._background.ask("import", lambda: _known_and_proposed(problem, tables), self._take)

    @property
    def choices(self) -> list[ColumnRole]:
        """What the columns of the table in front become."""
        return list(self._sources[self._at].roles) if self._sources else []

    def choose(self, column: int, role: ColumnRole) -> None:
        """Changes what a column becomes."""
        combo = self._combos[column]
        combo.setCurrentIndex(combo.findData(role))

    def accept(self) -> None:
        """Offers the import as one edit."""
        wanted = [source for source in self._sources if source.wanted]
        edits: list[Edit] = []
        for source in wanted:
            table = matched(source.table, source.roles, self._known, source.name)
            edits.append(SetTable(f"Import table '{table.name}'", table.name, table))
        if len(edits) == 1:
            self.decided.emit(edits[0])
        elif edits:
            self.decided.emit(Together(f"Import {counted(len(edits), 'table')}", tuple(edits)))

    def cancel(self) -> None:
        """Leaves everything as it is."""
        self._background.forget("import")
        self._background.forget("import-problems")
        self.decided.emit(None)

    def _take(self, found: tuple[Known, list[tuple[ColumnRole, ...]], tuple[Table, ...]]) -> None:
        self._known, proposed, tables = found
        self._sources = [
            _Source(table, list(chosen), table.name) for table, chosen in zip(tables, proposed, strict=True)
        ]
        self._list.setVisible(len(self._sources) > 1)
        self._list.clear()
        for source in self._sources:
            item = QListWidgetItem(f"{source.table.name}   {counted(source.table.row_count, 'row')}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self._list.addItem(item)
        if self._sources:
            self._list.setCurrentRow(0)
            self._show_source(0)
        self._import.setFocus()

    def _show_source(self, at: int) -> None:
        if not 0 <= at < len(self._sources):
            return
        self._at = at
        source = self._sources[at]
        self._name.setText(source.name)
        size = f"{counted(source.table.row_count, 'row')}, {counted(len(source.table.columns), 'column')}"
        self._size.setText(size)
        self._fill_columns(source)
        self._changed()

    def _fill_columns(self, source: _Source) -> None:
        page = QWidget(self._scroll)
        page.setProperty("page", "true")
        grid = QGridLayout(page)
        tokens = self._context.theme.tokens
        grid.setContentsMargins(0, 0, tokens.gap, 0)
        grid.setHorizontalSpacing(2 * tokens.gap)
        grid.setVerticalSpacing(tokens.gap_small)
        grid.setColumnStretch(1, 1)
        self._combos = []
        offered = roles(self._known)
        for number, column in enumerate(source.table.columns):
            name = QLabel(column.name or f"column {number + 1}", page)
            name.setProperty("role", "strong")
            samples = [show_cell(v, plain=True) for v in column.values[:_SAMPLES].tolist() if not is_missing(v)]
            sample = QLabel(", ".join(samples) + (" ..." if source.table.row_count > _SAMPLES else ""), page)
            sample.setProperty("role", "small-soft")
            sample.setMinimumWidth(1)
            combo = self._combo(number, column.name, offered, source.roles[number], page)
            grid.addWidget(name, number, 0)
            grid.addWidget(sample, number, 1)
            grid.addWidget(combo, number, 2)
            self._combos.append(combo)
        grid.setRowStretch(len(source.table.columns), 1)
        self._scroll.setWidget(page)
        each = tokens.target_px + tokens.gap + tokens.gap_small
        lines = len(source.table.columns) if len(self._sources) == 1 else _MOST_COLUMNS_SHOWN // 2
        height = each * min(lines, _MOST_COLUMNS_SHOWN)
        self._scroll.setFixedHeight(height)
        self._list.setFixedHeight(height)

    def _combo(
        self, number: int, column: str, offered: tuple[ColumnRole, ...], chosen: ColumnRole, page: QWidget
    ) -> QComboBox:
        combo = QComboBox(page)
        combo.setObjectName(f"import-column-{number}")
        combo.setAccessibleName(f"What column {column} becomes")
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(_LEAST_LETTERS)
        icons = {"labels": "set", "values": "param", "keep": "table", "skip": "skip"}
        for role in offered:
            combo.addItem(self._context.theme.icon(icons[role.what]), role.title, role)
        combo.setCurrentIndex(next(k for k, role in enumerate(offered) if role == chosen))
        combo.currentIndexChanged.connect(lambda at: self._chosen(number, offered[at]))
        return combo

    def _chosen(self, number: int, role: ColumnRole) -> None:
        self._sources[self._at].roles[number] = role
        self._changed()

    def _renamed(self, name: str) -> None:
        if self._sources:
            self._sources[self._at].name = name.strip()
            self._changed()

    def _ticked(self, item: QListWidgetItem) -> None:
        at = self._list.row(item)
        if at < len(self._sources):
            self._sources[at].wanted = item.checkState() == Qt.CheckState.Checked
            self._changed()

    def _changed(self) -> None:
        source = self._sources[self._at]
        table = matched(source.table, source.roles, self._known, source.name)
        labels = frozenset(k for k, c in enumerate(table.columns) if any(c.name == e.name for e in self._known.sets))
        self._preview.set_table(table, labels)
        self._timer.start()
        wanted = [each for each in self._sources if each.wanted]
        named = all(each.name for each in wanted) and len({each.name for each in wanted}) == len(wanted)
        self._import.setEnabled(bool(wanted) and named)
        self._import.setText(f"Import {counted(len(wanted), 'table')}" if len(wanted) > 1 else "Import")

    def _judge(self) -> None:
        source, known, problem = self._sources[self._at], self._known, self._context.session.problem
        chosen, table = tuple(source.roles), matched(source.table, source.roles, known, source.name)
        replaced = problem.table(source.name) is not None
        self._background.ask(
            "import-problems",
            lambda: problems(table, chosen, known, problem),
            lambda found: self._show_problems((*found, *_replacing(source.name, replaced=replaced))),
        )

    def _show_problems(self, found: tuple[Finding, ...]) -> None:
        self.findings = found
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._context.theme.tokens.gap_small)
        for finding in found[:_MOST_PROBLEMS]:
            column.addWidget(self._line(finding, page))
        if len(found) > _MOST_PROBLEMS:
            more = QLabel(f"and {counted(len(found) - _MOST_PROBLEMS, 'more')}", page)
            more.setProperty("role", "small-soft")
            column.addWidget(more)
        if not found and self._sources:
            column.addWidget(self._line(Finding(Severity.INFO, "Everything fits the model."), page, good=True))
        self._column.replaceWidget(self._problems, page)
        self._problems.setParent(None)
        self._problems.deleteLater()
        self._problems = page

    def _line(self, finding: Finding, page: QWidget, *, good: bool = False) -> QWidget:
        made = QWidget(page)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._context.theme.tokens.gap)
        icon = QLabel(made)
        name, token = ("good", "good") if good else _ICONS[finding.severity]
        icon.setPixmap(self._context.theme.pixmap(name, token))
        text = QLabel(finding.text, made)
        text.setWordWrap(True)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        return made

    # building

    def _build(self) -> None:
        tokens = self._context.theme.tokens
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3 * tokens.gap, 2 * tokens.gap, 3 * tokens.gap, 2 * tokens.gap)
        self._column.setSpacing(tokens.gap + tokens.gap_small)
        self._title, self._size = QLabel(self), QLabel(self)
        self._title.setProperty("role", "heading")
        self._size.setProperty("role", "soft")
        self._column.addWidget(self._title)
        self._column.addLayout(self._name_row())
        self._column.addLayout(self._middle())
        self._column.addWidget(self._problems)
        self._column.addWidget(self._preview_view(), 1)
        self._column.addLayout(self._buttons())

    def _name_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._context.theme.tokens.gap)
        self._name = QLineEdit(self)
        self._name.setObjectName("import-name")
        self._name.setAccessibleName("Name of the table")
        self._name.textEdited.connect(self._renamed)
        label = QLabel("Table", self)
        label.setProperty("role", "soft")
        label.setBuddy(self._name)
        row.addWidget(label)
        row.addWidget(self._name, 1)
        row.addWidget(self._size, 2)
        return row

    def _middle(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * self._context.theme.tokens.gap)
        self._list = QListWidget(self)
        self._list.setObjectName("import-tables")
        self._list.setAccessibleName("Tables in the file")
        self._list.currentRowChanged.connect(self._show_source)
        self._list.itemChanged.connect(self._ticked)
        self._list.hide()
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("import-columns")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFixedWidth(_LIST_WIDTH * self._context.theme.tokens.gap)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row.addWidget(self._list, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._scroll, 1, Qt.AlignmentFlag.AlignTop)
        return row

    def _preview_view(self) -> QTableView:
        view = QTableView(self)
        view.setObjectName("import-preview")
        view.setAccessibleName("First rows as they will be")
        self._preview = TableModel(self._context.theme, view)
        self._preview.grows = False
        view.setHorizontalHeader(UnitHeader(self._context.theme, view))
        view.setModel(self._preview)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows = view.verticalHeader()
        rows.setDefaultSectionSize(self._context.theme.tokens.target_px)
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        view.setFont(self._context.theme.font("table"))
        return view

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._context.theme.tokens.gap)
        self._import = QPushButton("Import", self)
        self._import.setObjectName("import-accept")
        self._import.setAccessibleName("Import")
        self._import.setProperty("kind", "primary")
        self._import.clicked.connect(lambda: self.accept())  # noqa: PLW0108 - drops "checked"
        cancel = QPushButton("Cancel", self)
        cancel.setObjectName("import-cancel")
        cancel.setAccessibleName("Cancel the import")
        cancel.clicked.connect(lambda: self.cancel())  # noqa: PLW0108 - drops "checked"
        row.addWidget(self._import)
        row.addWidget(cancel)
        row.addStretch(1)
        return row


def _known_and_proposed(
    problem: Problem, tables: tuple[Table, ...]
) -> tuple[Known, list[tuple[ColumnRole, ...]], tuple[Table, ...]]:
    algebraic = problem.formulation.kind == "algebraic"
    known = known_of(read(problem.formulation.text, problem.formulation.source), problem) if algebraic else Known()
    return known, [propose(table, known) for table in tables], tables


def _replacing(name: str, *, replaced: bool) -> tuple[Finding, ...]:
    text = f"A table '{name}' is there already; it will be replaced. Undo brings it back."
    return (Finding(Severity.INFO, text),) if replaced else ()
