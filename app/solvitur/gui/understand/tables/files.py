"""Data files: read for the import page, written from a table; both in the background, both without a modal window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from solvitur.engine.events import Notice
from solvitur.gui.context import Context
from solvitur.gui.understand.background import Background
from solvitur.problem.errors import SolviturError
from solvitur.problem.tables import Table

_FILES = "Data (*.csv *.tsv *.txt *.xlsx *.json);;All files (*)"


class TableFiles(QObject):
    """Reads and writes tables; trouble is told in the status bar."""

    read = Signal(object, str)
    """The tables of a file, and its path."""

    def __init__(self, context: Context, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._background = background
        self._window = parent

    def choose_import(self) -> None:
        """Asks for a data file."""
        dialog = self._dialog("import-dialog", "Import data", _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.load(Path(path)))
        dialog.open()

    def choose_export(self, table: Table) -> None:
        """Asks where to write a table."""
        dialog = self._dialog("export-dialog", f"Export table '{table.name}'", "CSV (*.csv);;Excel (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{table.name}.csv")
        dialog.fileSelected.connect(lambda path: self.write(table, Path(path)))
        dialog.open()

    def load(self, path: Path) -> None:
        """Reads a file's tables."""
        session = self._context.session

        def work() -> tuple[tuple[Table, ...], str]:
            tables = session.import_file(path).tables
            return tables, "" if tables else f"'{path.name}' holds a model, no tables; open it from the File menu."

        self._run("import-file", work, lambda tables: self.read.emit(tables, str(path)))

    def write(self, table: Table, path: Path) -> None:
        """Writes a table."""
        session = self._context.session

        def work() -> tuple[None, str]:
            session.export(table, path)
            return None, ""

        self._run("export-file", work, lambda _none: self._tell(f"Exported to '{path.name}'.", "info"))

    def _run(self, key: str, work: Callable[[], tuple[object, str]], done: Callable[[object], object]) -> None:
        def guarded() -> tuple[object, str]:
            try:
                return work()
            except (SolviturError, OSError) as error:
                return None, str(error)

        def tell(outcome: tuple[object, str]) -> None:
            result, trouble = outcome
            if trouble:
                self._tell(trouble, "error")
            else:
                done(result)

        self._background.ask(key, guarded, tell)

    def _tell(self, text: str, severity: str) -> None:
        self._context.session.events.emit(Notice(text, severity))

    def _dialog(self, name: str, title: str, filters: str) -> QFileDialog:
        source, path = self._context.session.problem.formulation.source, self._context.session.path
        folder = path.parent if path is not None else Path(source).parent if source else Path.home()
        dialog = QFileDialog(self._window, title, str(folder), filters)
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog
