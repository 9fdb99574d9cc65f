"""The tables pane: a sheet with the tables as tabs below it, the import page, and what stands there before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.empty import EmptyState
from solvitur.gui.understand.reading import Reader
from solvitur.gui.understand.tables.blank import blank_table
from solvitur.gui.understand.tables.files import TableFiles
from solvitur.gui.understand.tables.import_page import ImportPage
from solvitur.gui.understand.tables.known import known_of
from solvitur.gui.understand.tables.sheet import Sheet
from solvitur.problem.edits import Edit, SetTable
from solvitur.problem.tables import Column, Table

EMPTY, GRID, IMPORT = range(3)
_NEW_ROWS = 3


class TablesPane(QWidget):
    """Shows the tables of the problem; every change is a named edit of the session."""

    def __init__(
        self, context: Context, reader: Reader, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("tables-pane")
        self._context = context
        self._reader = reader
        self._background = background
        self.sheet = Sheet(context, reader, background, self)
        self.files = TableFiles(context, background, self)
        self.import_page = ImportPage(context, background, self)
        self.tabs = QTabBar(self)
        self._size = QLabel(self)
        self.finder = QLineEdit(self)
        self._quiet = False
        self._add_actions()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._grid_page())
        self._stack.addWidget(self.import_page)
        self.files.read.connect(self.preview)
        self.import_page.decided.connect(self._import_decided)
        self.sheet.renamed.connect(self.show_table)
        self.sheet.not_found.connect(self._tell_found)
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.refresh()

    @property
    def state(self) -> int:
        """``EMPTY``, ``GRID`` or ``IMPORT``."""
        return self._stack.currentIndex()

    def refresh(self) -> None:
        """Follows the problem's tables."""
        names = [table.name for table in self._context.session.problem.tables]
        name = self.sheet.name
        if name not in names:
            at = min(max(self.tabs.currentIndex(), 0), len(names) - 1)
            name = names[at] if names else ""
        self._fill_tabs(names, name)
        if self.state != IMPORT:
            self._stack.setCurrentIndex(GRID if names else EMPTY)
        self.sheet.show_table(name)
        table = self.sheet.table
        if table is not None:
            self._size.setText(f"{counted(table.row_count, 'row')}, {counted(len(table.columns), 'column')}")
        self._context.actions.refresh()

    def show_table(self, name: str) -> None:
        """Brings a table to the front."""
        self.sheet.name = name
        if self._context.session.problem.table(name) is not None:
            self._stack.setCurrentIndex(GRID)
        self.refresh()

    def new_table(self) -> None:
        """Adds an empty table and asks for its name."""
        taken = {table.name for table in self._context.session.problem.tables}
        name = next(n for n in ("table", *(f"table {k}" for k in range(2, len(taken) + 3))) if n not in taken)
        columns = tuple(Column(head, np.full(_NEW_ROWS, None, dtype=object)) for head in ("name", "value"))
        self._add(SetTable(f"New table '{name}'", name, Table(name, columns)), name)
        self.sheet.rename_table()

    def create_for(self, name: str) -> None:
        """Makes the table of a set or parameter, ready to fill."""
        reading, problem = self._reader.current, self._context.session.problem
        taken = frozenset(table.name for table in problem.tables)

        def show(table: Table) -> None:
            self._add(SetTable(f"Create table for '{name}'", table.name, table), table.name)
            self.sheet.grid.go_to(0, len(table.columns) - 1)
            self.sheet.grid.setFocus()

        self._background.ask("blank", lambda: blank_table(known_of(reading, problem), name, taken), show)

    def remove_table(self) -> None:
        """Removes the table in front."""
        table = self.sheet.table
        if table is not None:
            self._context.session.apply(SetTable(f"Delete table '{table.name}'", table.name, None), source=self)
            self.refresh()

    def import_file(self, path: Path) -> None:
        """Reads a file and shows the import page, or tells why it cannot be read."""
        self.files.load(path)

    def preview(self, tables: tuple[Table, ...], source: str) -> None:
        """Shows the import page for tables that were read."""
        self._stack.setCurrentIndex(IMPORT)
        self.import_page.open(tables, source)
        self._context.actions.refresh()

    def export_table(self) -> None:
        """Asks where to write the table in front."""
        if self.sheet.table is not None:
            self.files.choose_export(self.sheet.table)

    def _add(self, edit: Edit, name: str) -> None:
        self._context.session.apply(edit, source=self)
        self._stack.setCurrentIndex(GRID)
        self.show_table(name)

    def _import_decided(self, edit: Edit | None) -> None:
        before = {table.name for table in self._context.session.problem.tables}
        self._stack.setCurrentIndex(GRID)
        if edit is not None:
            self._context.session.apply(edit, source=self)
        new = [t.name for t in self._context.session.problem.tables if t.name not in before]
        replaced = edit.name if isinstance(edit, SetTable) else self.sheet.name
        self.show_table(new[0] if new else replaced)

    # building

    def _empty(self) -> QWidget:
        return EmptyState(
            self._context.theme,
            "table",
            "No data tables yet",
            "Tables hold the data of the model: the members of its sets and the values of its parameters. "
            "Import a CSV, Excel or JSON file, paste from a spreadsheet, or type.",
            (
                ("tables-import", "Import a file", self.files.choose_import),
                ("tables-new", "New table", self.new_table),
            ),
            self,
        )

    def _grid_page(self) -> QWidget:
        page = QWidget(self)
        tokens = self._context.theme.tokens
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tool_row(page))
        column.addWidget(self.sheet, 1)
        below = QHBoxLayout()
        below.setContentsMargins(tokens.gap, 0, tokens.gap, 0)
        self.tabs.setObjectName("tables-tabs")
        self.tabs.setAccessibleName("Tables")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tabs.customContextMenuRequested.connect(lambda where: self._menu("rename", "delete", at=where))
        self._size.setProperty("role", "small-soft")
        below.addWidget(self.tabs, 1)
        below.addWidget(self._size)
        column.addLayout(below)
        return page

    def _tool_row(self, page: QWidget) -> QWidget:
        made = QWidget(page)
        tokens = self._context.theme.tokens
        row = QHBoxLayout(made)
        row.setContentsMargins(tokens.gap, tokens.gap_small, tokens.gap, tokens.gap_small)
        row.setSpacing(tokens.gap_small)
        for name in (
            "new",
            "import",
            "export",
            "",
            "insert-rows",
            "delete-rows",
            "insert-column",
            "fill-down",
            "sort",
        ):
            if name:
                row.addWidget(self._tool(name, made))
            else:
                row.addSpacing(2 * tokens.gap)
        row.addStretch(1)
        self.finder.setObjectName("table-find")
        self.finder.setAccessibleName("Find in the table")
        self.finder.setPlaceholderText("Find in this table")
        self.finder.setClearButtonEnabled(True)
        self.finder.setMaximumWidth(30 * tokens.gap)
        self.finder.returnPressed.connect(lambda: self.sheet.find_next(self.finder.text().strip()))
        row.addWidget(self.finder)
        return made

    def _tool(self, name: str, parent: QWidget) -> QToolButton:
        button, action = QToolButton(parent), self._context.actions.qaction(f"table.{name}")
        button.setDefaultAction(action)
        button.setObjectName(f"tool-{name}")
        button.setAccessibleName(action.text())
        if name in ("new", "import", "export"):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            action.setIconText(name.capitalize())
        return button

    def _menu(self, *names: str, at: object) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names:
            menu.addAction(self._context.actions.qaction(f"table.{name}"))
        menu.popup(self.tabs.mapToGlobal(at))  # type: ignore[call-overload]

    def _fill_tabs(self, names: list[str], current: str) -> None:
        self._quiet = True
        bar = self.tabs
        while bar.count() > len(names):
            bar.removeTab(bar.count() - 1)
        for at, name in enumerate(names):
            if at < bar.count():
                bar.setTabText(at, name)
            else:
                bar.addTab(name)
        if current in names:
            bar.setCurrentIndex(names.index(current))
        self._quiet = False

    def _tab_chosen(self, at: int) -> None:
        tables = self._context.session.problem.tables
        if not self._quiet and 0 <= at < len(tables):
            self.show_table(tables[at].name)

    def _tell_found(self, missing: str) -> None:
        self.finder.setProperty("state", "bad" if missing else "")
        self.finder.style().polish(self.finder)
        self.finder.setToolTip(f"'{missing}' is not in this table" if missing else "")

    # actions

    def _add_actions(self) -> None:
        sheet = self.sheet
        rows: tuple[tuple[str, str, Callable[[], object], str, str], ...] = (
            ("insert-rows", "Insert rows above", sheet.insert_rows, "Ctrl+I", "row-add"),
            ("delete-rows", "Delete rows", sheet.remove_rows, "Ctrl+Shift+Delete", "delete"),
            ("insert-column", "Insert column", sheet.insert_column, "", "column-add"),
            ("delete-column", "Delete column", sheet.remove_column, "", ""),
            ("rename-column", "Rename column", sheet.rename_column, "", ""),
            ("fill-down", "Fill down", sheet.fill_down, "Ctrl+D", "fill-down"),
            ("sort", "Sort by this column", lambda: sheet.sort(descending=False), "", "sort"),
            ("sort-descending", "Sort by this column, largest first", lambda: sheet.sort(descending=True), "", ""),
            ("find", "Find in the table", self._focus_find, "Ctrl+F", "search"),
            ("rename", "Rename table", sheet.rename_table, "", ""),
            ("delete", "Delete table", self.remove_table, "", ""),
            ("export", "Export table", self.export_table, "", "export"),
        )
        for name, title, callback, shortcut, icon in rows:
            self._context.actions.add(
                Action(f"table.{name}", title, callback, "Edit", shortcut, icon, self._editing, group="table")
            )
        self._context.actions.add(
            Action("table.new", "New table", self.new_table, "Problem", icon="add", group="table")
        )
        self._context.actions.add(
            Action("table.import", "Import data", self.files.choose_import, "Problem", icon="import", group="table")
        )
        menu = ("insert-rows", "delete-rows", "insert-column", "delete-column", "rename-column", "fill-down", "sort")
        sheet.grid.addActions([self._context.actions.qaction(f"table.{n}") for n in (*menu, "sort-descending")])
        sheet.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _editing(self) -> bool:
        return self.isVisible() and self.sheet.table is not None and self.state == GRID

    def _focus_find(self) -> None:
        self.finder.setFocus()
        self.finder.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        """Lets the actions know that the pane is in view."""
        super().showEvent(event)
        self._context.actions.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lets the actions know that the pane left the view."""
        super().hideEvent(event)
        self._context.actions.refresh()
