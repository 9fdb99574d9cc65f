"""Documents: new, open, save, close and export, so that nothing the user did can get lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from solvitur.engine.exporting import exporter_for
from solvitur.engine.recovery import Recovery
from solvitur.gui.context import Context
from solvitur.gui.messages import Message, MessageBar
from solvitur.gui.preferences import Preferences
from solvitur.gui.tasks import Tasks, sentence_of
from solvitur.hooks.contracts import Example, Imported
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, SolviturError

PROJECT_SUFFIX = ".solvitur"
"""Suffix of our own project files."""


class Documents(QObject):
    """The window's side of opening and saving."""

    shown = Signal(str)
    """Asks for the problem to be brought to the front, with the view named (``words``, ``model``; empty: any)."""
    closed = Signal()
    data_offered = Signal(object)
    """Asks for the import page to be shown for the path of a data file."""

    def __init__(
        self, context: Context, preferences: Preferences, messages: MessageBar, tasks: Tasks, window: QWidget
    ) -> None:
        super().__init__(window)
        self._preferences = preferences
        self._context, self._messages, self._tasks, self._window = context, messages, tasks, window
        self._session = context.session
        self._asking: QMessageBox | None = None
        self._dialog: QFileDialog | None = None

    def new(self, view: str = "") -> None:
        """Starts an empty problem and shows it in a view."""
        self.when_safe(lambda: self._start(Problem(), view))

    def open_dialog(self) -> None:
        """Asks for a file to open."""
        self._ask_file("Open", QFileDialog.AcceptMode.AcceptOpen, self._open_filters(), self.open_path)

    def open_path(self, path: Path, *, remember: bool = True) -> None:
        """Opens a project, a model or a standard file, or offers the data of a file for the open problem.

        ``remember`` puts the file at the top of the recent ones.
        """
        path = path.absolute()
        if path.suffix.lower() == PROJECT_SUFFIX:
            self.when_safe(lambda: self._open_project(path))
            return
        self._tasks.run(
            f"Reading '{path.name}'",
            lambda: self._session.import_file(path),
            lambda imported: self._take(path if remember else None, imported),
            lambda error: self._messages.show_error(error, f"'{path.name}' could not be opened"),
        )

    def open_example(self, example: Example) -> None:
        """Opens a bundled example as a problem of its own."""
        self.open_path(Path(example.folder) / example.model, remember=False)

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Saves where the project lives, or asks where; ``then`` runs once it is saved."""
        if self._session.path is None:
            self.save_as(then)
        else:
            self._save_to(None, then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Asks where to save."""

        def chosen(path: Path) -> None:
            self._save_to(path if path.suffix else path.with_suffix(PROJECT_SUFFIX), then)

        name = f"{self._session.problem.name or 'Untitled'}{PROJECT_SUFFIX}"
        filters = [f"Solvitur project (*{PROJECT_SUFFIX})"]
        self._ask_file("Save as", QFileDialog.AcceptMode.AcceptSave, filters, chosen, name)

    def close_project(self) -> None:
        """Closes the project; the welcome page and an empty problem take its place."""
        self.when_safe(self._close)

    def export_dialog(self, thing: object | None = None) -> None:
        """Asks where to export the problem (or the given thing); the suffix picks the format."""
        exported = self._session.problem if thing is None else thing
        filters = []
        for part in self._session.plugins.exporters():
            probe = Path(f"it{part.part.suffixes[0]}")
            if exporter_for(self._session.plugins, exported, probe) is not None:
                filters.append(f"{part.part.title} ({' '.join('*' + s for s in part.part.suffixes)})")
        if not filters:
            self._messages.show_message(Message("No installed plugin can export this problem.", "warning"))
            return
        self._ask_file(
            "Export",
            QFileDialog.AcceptMode.AcceptSave,
            filters,
            partial(self._export, exported),
            self._session.problem.name,
        )

    def when_safe(self, then: Callable[[], object]) -> None:
        """Runs ``then`` at once, or, with unsaved changes, after the user chose Save or Discard."""
        if not self._session.modified:
            then()
            return
        if self._asking is not None:
            self._asking.close()
        box = QMessageBox(self._window)
        box.setObjectName("askToSave")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Unsaved changes")
        box.setText(f"Save the changes to '{self._session.problem.name}'?")
        box.setInformativeText("What you do not save now is lost.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        box.setEscapeButton(buttons.Cancel)
        box.setWindowModality(Qt.WindowModality.NonModal)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._asking = box

        def answered(button: int) -> None:
            self._asking = None
            if button == buttons.Save:
                self.save(then)
            elif button == buttons.Discard:
                then()

        box.finished.connect(answered)
        box.show()
        box.raise_()

    def _start(self, problem: Problem, view: str) -> None:
        self._session.new(problem, discard=True)
        self.shown.emit(view)

    def _close(self) -> None:
        self._session.new(Problem(), discard=True)
        self.closed.emit()

    def _open_project(self, path: Path) -> None:
        try:
            self._session.open(path, discard=True)
        except SolviturError as error:
            self._messages.show_error(error, f"'{path.name}' could not be opened")
        except OSError as error:
            self._messages.show_error(SolviturError(sentence_of(error)), "The project could not be opened")
        else:
            self._remember(path)
            self.shown.emit("")

    def _take(self, path: Path | None, imported: Imported) -> None:
        problem = imported.problem
        if problem is not None:
            self.when_safe(lambda: self._take_problem(path, problem, imported))
            return
        if path is not None:
            self.data_offered.emit(path)

    def _take_problem(self, path: Path | None, problem: Problem, imported: Imported) -> None:
        self._session.new(problem, discard=True)
        self._tell(imported)
        self._remember(path)
        self.shown.emit("")

    def _tell(self, imported: Imported) -> None:
        if imported.findings:
            self._messages.show_error(InputError(imported.findings[:4]))

    def _save_to(self, path: Path | None, then: Callable[[], object] | None, *, overwrite: bool = False) -> None:
        try:
            self._session.save(path, overwrite=overwrite)
        except SolviturError as error:
            ways: list[tuple[str, Callable[[], object]]] = [("Save as…", partial(self.save_as, then))]
            if path is None and not overwrite:
                ways.append(("Overwrite", partial(self._save_to, None, then, overwrite=True)))
            self._messages.show_error(error, "The project was not saved", ways)
            return
        except OSError as error:
            self._messages.show_error(SolviturError(sentence_of(error)), "The project was not saved")
            return
        if self._session.path is not None:
            self._remember(self._session.path)
        if then is not None:
            then()

    def _export(self, thing: object, path: Path) -> None:
        self._tasks.run(
            f"Writing '{path.name}'",
            lambda: self._session.export(thing, path),
            lambda _done: self._messages.show_message(Message(f"Exported to '{path.name}'.", key="export")),
            lambda error: self._messages.show_error(error, f"'{path.name}' was not written"),
        )

    def _open_filters(self) -> list[str]:
        importers = [part.part for part in self._session.plugins.importers()]
        every = [f"*{PROJECT_SUFFIX}", *(f"*{s}" for part in importers for s in part.suffixes)]
        named = [f"{part.title} ({' '.join('*' + s for s in part.suffixes)})" for part in importers]
        return [
            f"Everything Solvitur opens ({' '.join(dict.fromkeys(every))})",
            f"Solvitur project (*{PROJECT_SUFFIX})",
            *named,
            "All files (*)",
        ]

    def _ask_file(
        self,
        title: str,
        mode: QFileDialog.AcceptMode,
        filters: Sequence[str],
        chosen: Callable[[Path], object],
        name: str = "",
    ) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("fileDialog")
        dialog.setAcceptMode(mode)
        opening = mode == QFileDialog.AcceptMode.AcceptOpen
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile if opening else QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters(list(filters))
        if name:
            dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: chosen(Path(text)))
        self._dialog = dialog
        dialog.open()

    def fill_recent(self, menu: QMenu) -> None:
        """Fills the menu of recent files."""
        paths = [Path(name) for name in self._preferences.value.recent_files]
        for path in paths:
            entry = menu.addAction(path.name)
            entry.setToolTip(str(path))
            entry.triggered.connect(lambda _checked=False, path=path: self.open_path(path))
        menu.setToolTipsVisible(True)
        menu.menuAction().setEnabled(bool(paths))

    def forget_recent(self, path: Path) -> None:
        """Takes a path out of the recent files."""
        self._preferences.change(lambda s: s.without_recent(path))

    def offer_recovery(self) -> None:
        """Offers the unsaved changes that a crash left behind, each with its time."""
        for found in self._session.recoverable()[:3]:
            self.offer(found)

    def offer(self, found: Recovery) -> None:
        """Offers unsaved changes."""
        when = found.edited.replace("T", " ")[:16]
        text = f"'{found.name}' has changes that were not saved when Solvitur last ended ({when})."
        answers = (
            ("Recover", partial(self._recover, found)),
            ("Discard", partial(self._session.discard, found)),
        )
        self._messages.show_message(Message(text, "warning", answers, key=str(found.folder)))

    def _recover(self, found: Recovery) -> None:
        self.when_safe(lambda: self._recover_now(found))

    def _recover_now(self, found: Recovery) -> None:
        try:
            self._session.recover(found, discard=True)
        except SolviturError as error:
            self._messages.show_error(error, f"'{found.name}' could not be recovered")
        else:
            self.shown.emit("")

    def _remember(self, path: Path | None) -> None:
        if path is not None:
            self._preferences.change(lambda s: s.with_recent(path))
