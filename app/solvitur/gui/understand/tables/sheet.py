"""The sheet: one table of the problem in a grid, and everything that is done to its cells, rows and columns."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from solvitur.engine.events import Checked, Notice
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted
from solvitur.gui.numbers import show as number
from solvitur.gui.selection import Selected
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.reading import Reader
from solvitur.gui.understand.tables import changes
from solvitur.gui.understand.tables.cells import read_block, show_cell
from solvitur.gui.understand.tables.faults import bad_cells, find_element
from solvitur.gui.understand.tables.grid import Grid
from solvitur.gui.understand.tables.header_bar import HeaderBar
from solvitur.problem.edits import Edit
from solvitur.problem.findings import Finding
from solvitur.problem.instance import Label
from solvitur.problem.tables import Column, Table

_LARGE = 100_000
"""From so many rows on, sorting is done in the background."""


class Sheet(QWidget):
    """Edits the table called ``name``."""

    renamed = Signal(str)
    """The table has this name now."""
    not_found = Signal(str)

    def __init__(
        self, context: Context, reader: Reader, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._reader = reader
        self._background = background
        self.name = ""
        self._drawn: Table | None = None
        self._units: dict[str, str] = {}
        self._findings: tuple[Finding, ...] = ()
        self.grid = Grid(context.theme, self)
        self.header_bar = HeaderBar(context.theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.grid, 1)
        column.addWidget(self.header_bar)
        self._connect()

    @property
    def table(self) -> Table | None:
        """The table as the problem has it now."""
        return self._context.session.problem.table(self.name)

    def show_table(self, name: str) -> None:
        """Shows the table of that name as it is now; only what changed is drawn anew."""
        self.name = name
        table = self.table
        units = {e.name: e.unit for e in self._reader.current.model.params if e.unit}
        if table is None or (table is self._drawn and units == self._units):
            return
        before = self.grid.cells.table
        fresh = before.name != table.name or len(before.columns) != len(table.columns)
        columns = tuple(c if c.unit else Column(c.name, c.values, units.get(c.name, "")) for c in table.columns)
        self.grid.cells.set_table(Table(table.name, columns, table.source), self.label_columns(table))
        fresh = fresh or units != self._units
        self._drawn, self._units = table, units
        self._mark()
        if fresh:
            self.grid.fit_columns()

    def label_columns(self, table: Table) -> frozenset[int]:
        """Returns the columns that hold members of sets: those called like a set or an index of the model."""
        symbols = self._reader.current.symbols
        roles = {name: str(symbol.role) for name, symbol in symbols.items()}
        found = {k for k, c in enumerate(table.columns) if roles.get(c.name) in ("set", "index")}
        values = [k for k, c in enumerate(table.columns) if roles.get(c.name) == "param"]
        symbol = symbols.get(table.columns[values[0]].name) if values else None
        if symbol is not None and len(values) == 1 and symbol.arity == values[0]:
            found |= set(range(values[0]))
        return frozenset(found)

    # changes

    def apply(self, edit: Edit | None) -> None:
        """Sends an edit to the session, if there is one, and shows the outcome at once."""
        if edit is not None:
            self._context.session.apply(edit, source=self)
            self.show_table(self.name)

    def fill_down(self) -> None:
        """Copies the top row of the selection down."""
        box, table = self.grid.selected_range(), self.table
        if table is not None and box is not None:
            top, left, bottom, right = box
            self.apply(changes.fill_down(table, top, bottom, left, right))

    def insert_rows(self) -> None:
        """Adds as many empty rows above the selection as it has."""
        box, table = self.grid.selected_range(), self.table
        if table is not None:
            top, bottom = (box[0], box[2]) if box else (table.row_count, table.row_count)
            self.apply(changes.insert_rows(table, min(top, table.row_count), bottom - top + 1))

    def remove_rows(self) -> None:
        """Removes the selected rows."""
        selected, table = self.grid.selected_rows(), self.table
        if table is not None and selected:
            self.apply(changes.remove_rows(table, sorted({int(row) for rows in selected.values() for row in rows})))

    def insert_column(self) -> None:
        """Adds an empty column right of the current one and asks for its name."""
        table = self.table
        if table is None:
            return
        index = self.grid.currentIndex()
        at = index.column() + 1 if index.isValid() else len(table.columns)
        taken = set(table.header)
        name = next(n for n in ("column", *(f"column {k}" for k in range(2, len(taken) + 3))) if n not in taken)
        self.apply(changes.insert_column(table, at, name))
        self.rename_column(at)

    def remove_column(self) -> None:
        """Removes the current column."""
        index, table = self.grid.currentIndex(), self.table
        if table is not None and index.isValid():
            self.apply(changes.remove_column(table, index.column()))

    def rename_column(self, at: int = -1) -> None:
        """Opens the bar for name and unit of a column, by default the current one."""
        table = self.table
        at = self.grid.currentIndex().column() if at < 0 else at
        if table is not None and 0 <= at < len(table.columns):
            column = table.columns[at]
            self.header_bar.open_column(at, column.name, column.unit, frozenset(table.header))

    def rename_table(self) -> None:
        """Opens the bar for the name of the table."""
        if self.table is not None:
            taken = frozenset(table.name for table in self._context.session.problem.tables)
            self.header_bar.open_table(self.table.name, taken)

    def sort(self, *, descending: bool) -> None:
        """Sorts the rows by the current column."""
        table, column = self.table, self.grid.currentIndex().column()
        if table is None or column < 0:
            return
        if table.row_count < _LARGE:
            self.apply(changes.sort_rows(table, column, descending=descending))
            return
        self._background.ask(
            "sort",
            lambda: changes.sort_rows(table, column, descending=descending),
            lambda edit: self.apply(edit) if self.table is table else None,
        )

    def find_next(self, wanted: str) -> None:
        """Goes to the next cell that holds a text."""
        table, index = self.table, self.grid.currentIndex()
        if table is None or not wanted:
            return
        row, column = index.row(), index.column()

        def go(cell: tuple[int, int] | None) -> None:
            self.not_found.emit("" if cell else wanted)
            if cell is not None:
                self.grid.go_to(*cell)

        self._background.ask("find", lambda: changes.find_cell(table, wanted, row, column), go)

    def _typed(self, row: int, column: int, value: Label | None) -> None:
        if self.table is not None:
            self.apply(changes.set_block(self.table, row, column, [[value]], f"Type in '{self.name}'"))

    def _pasted(self, row: int, column: int, block: list[list[str]]) -> None:
        table = self.table
        if table is None or not block:
            return
        self.apply(changes.set_block(table, row, column, read_block(block), f"Paste into '{self.name}'"))
        beyond = len(block[0]) - (len(table.columns) - column)
        if beyond > 0:
            text = (
                f"{counted(beyond, 'pasted column')} did not fit right of '{table.columns[column].name}'; left out."
            )
            self._tell(text, "warning")

    def _cleared(self, title: str) -> None:
        if self.table is not None:
            self.apply(changes.clear_cells(self.table, self.grid.selected_rows(), title))

    def _header_accepted(self, at: int, name: str, unit: str) -> None:
        table = self.table
        if table is None:
            return
        if at >= 0:
            self.apply(changes.rename_column(table, at, name, unit))
            return
        edit = changes.rename_table(table, name)
        if edit is not None:
            self._context.session.apply(edit, source=self)
            self.renamed.emit(name)

    # selection and findings

    def _cell_current(self, row: int, column: int) -> None:
        table = self.table
        if table is None or not self.grid.hasFocus() or row >= table.row_count or column >= len(table.columns):
            return
        name = table.columns[column].name
        if self._reader.current.element(name) is None:
            return
        indices = sorted(self.label_columns(table))
        labels = [show_cell(table.columns[k].values[row], plain=True) for k in indices]
        whole = f"{name}[{', '.join(labels)}]" if labels and column not in indices else name
        self._context.selection.select(whole, self)

    def _selected(self, selected: Selected) -> None:
        table = self.table
        if selected.source is self or table is None or not self.isVisible():
            return
        cell = find_element(table, selected, sorted(self.label_columns(table)))
        if cell is not None:
            self.grid.go_to(*cell)

    def _model_read(self) -> None:
        if self.table is not None:
            self.show_table(self.name)

    def _checked(self, event: Checked) -> None:
        self._findings = event.findings
        self._mark()

    def _mark(self) -> None:
        if self.table is not None and self.table is self._drawn:
            self.grid.cells.set_bad(bad_cells(self.table, self._findings))

    def _tell(self, text: str, severity: str = "info") -> None:
        self._context.session.events.emit(Notice(text, severity))

    def _connect(self) -> None:
        grid, session = self.grid, self._context.session
        grid.cells.typed.connect(self._typed)
        grid.pasted.connect(self._pasted)
        grid.cleared.connect(self._cleared)
        grid.cell_current.connect(self._cell_current)
        grid.undo_wanted.connect(session.undo)
        grid.redo_wanted.connect(session.redo)
        grid.too_large.connect(
            lambda count: self._tell(f"{number(count)} cells are too many to copy; export the table.", "warning")
        )
        grid.header.rename_wanted.connect(self.rename_column)
        self.header_bar.accepted.connect(self._header_accepted)
        self.header_bar.closed.connect(grid.setFocus)
        self._reader.changed.connect(lambda _reading: self._model_read())
        self._reader.checked.connect(self._checked)
        self._context.selection.changed.connect(self._selected)
