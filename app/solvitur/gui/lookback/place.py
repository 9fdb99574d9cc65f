"""The Look back place: the runs on the left, what one of them found on the right, or several compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine import events
from solvitur.gui.actions import Action
from solvitur.gui.blank import Blank
from solvitur.gui.context import Context
from solvitur.gui.lookback.answer_pages import AnswerPages
from solvitur.gui.lookback.compare_view import CompareView
from solvitur.gui.lookback.comparing import MOST_RUNS, Comparison, compare
from solvitur.gui.lookback.opened import Opened, open_run, opened
from solvitur.gui.lookback.run_export import write_run
from solvitur.gui.lookback.run_list import RunList
from solvitur.gui.talking.bar import TalkBar
from solvitur.gui.tasks import Tasks
from solvitur.problem.errors import InputError, SolviturError

_EXPORTS = "All of the run (*.json);;Values (*.csv);;Report in words (*.md)"
_REMEMBERED, _LEAST_PX = 4, 520


class LookBackPlace(QWidget):
    """Opens runs off the window's thread; the newest answer opens by itself."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("lookBackPlace")
        self.setAccessibleName("Look back")
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_LEAST_PX)
        self._context = context
        self._tasks = Tasks(self)
        self._known: dict[int, Opened] = {}
        self._wanted: tuple[int, ...] = ()
        self._add_actions()
        self.runs = RunList(
            context, ("results.repeat", "results.compare", "results.rename", "results.export", "results.delete"), self
        )
        self.runs.picked.connect(self._picked)
        self.pages = AnswerPages(context, self._tasks, self)
        self.comparison = CompareView(context.theme, context.selection, self._tasks, self)
        for part in (self.pages, self.comparison.values):
            part.failed.connect(self._tell)
        self._blank = self._make_blank()
        self._hint = Blank(context.theme, "lookback", "No run is open", "Pick a run from the list, or several.")
        self._right = QStackedWidget(self)
        for page in (self._hint, self.pages, self.comparison):
            self._right.addWidget(page)
        across = QSplitter(self)
        across.addWidget(self.runs)
        across.addWidget(self._right)
        across.setStretchFactor(1, 1)
        across.setSizes([340, 940])
        self._whole = QStackedWidget(self)
        self._whole.addWidget(self._blank)
        self._whole.addWidget(across)
        self.talk = TalkBar(context, "talk-back", self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._whole, 1)
        rows.addWidget(self.talk)
        context.bridge.happened.connect(self._take)
        self.destroyed.connect(self._tasks.close)
        self.destroyed.connect(self.talk.desk.tasks.close)
        self._refresh()

    def activated(self) -> None:
        """Opens the newest run when the place comes to the front with none open."""
        self._refresh()
        if not self._wanted and self.runs.model.rows:
            self.open((self.runs.model.rows[0].number,))

    def open(self, numbers: tuple[int, ...]) -> None:
        """Opens one run, or compares several."""
        self.runs.select(numbers)

    @property
    def tasks(self) -> Tasks:
        """The background thread of this place."""
        return self._tasks

    # Actions ---------------------------------------------------------------------------------------------------

    def repeat(self) -> None:
        """Solves the open run's problem again, exactly as it was."""
        for number in self._wanted[:1]:
            try:
                self._context.session.repeat(number)
            except InputError as error:
                self._tell(error)

    def rename(self) -> None:
        """Asks for another title of the open run."""
        row = next((row for row in self.runs.model.rows if row.number in self._wanted), None)
        if row is None:
            return
        title, agreed = QInputDialog.getText(self, "Rename the run", f"Title of run {row.number}", text=row.title)
        if agreed and title.strip():
            self._context.session.runs.rename(row.number, title.strip())

    def delete(self) -> None:
        """Asks, then deletes the selected runs."""
        numbers = self._wanted
        if not numbers:
            return
        named = ", ".join(str(number) for number in numbers)
        what = f"run {named}" if len(numbers) == 1 else f"runs {named}"
        box = QMessageBox(self)
        box.setObjectName("deleteRuns")
        box.setText(f"Delete {what}?")
        box.setInformativeText("Their answers, pictures and logs are gone then; the problem stays as it is.")
        yes = box.addButton(f"Delete {what}", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
        yes.clicked.connect(lambda: self.delete_now(numbers))
        box.open()

    def delete_now(self, numbers: tuple[int, ...]) -> None:
        """Deletes runs without asking."""
        for number in numbers:
            self._known.pop(number, None)
            try:
                self._context.session.runs.delete(number)
            except InputError as error:
                self._tell(error)
        self._wanted = ()
        self._right.setCurrentWidget(self._hint)

    def compare(self) -> None:
        """Compares the open run with the one before it, or all that are selected."""
        numbers = self._wanted
        if len(numbers) == 1:
            earlier = [
                row.number for row in self.runs.model.rows if row.number < numbers[0] and row.objective is not None
            ]
            later = [row.number for row in self.runs.model.rows if row.number > numbers[0]]
            other = earlier[:1] or later[-1:]
            numbers = tuple(sorted((*numbers, *other)))
        self.open(numbers)

    def export(self) -> None:
        """Asks for a file, and writes the run there."""
        found = self.pages.opened
        if found is None:
            return
        path, chosen = QFileDialog.getSaveFileName(self, "Export the run", f"run-{found.run.number}.json", _EXPORTS)
        if path:
            target = Path(path)
            ending = ".csv" if "csv" in chosen else ".md" if "md" in chosen else ".json"
            self.export_to(target if target.suffix else target.with_suffix(ending))

    def export_to(self, path: Path) -> None:
        """Writes the open run to a file, in the background."""
        found, session = self.pages.opened, self._context.session
        if found is not None:
            done = f"Run {found.run.number} was written to {path.name}"
            self._tasks.run(
                "Writing the run",
                lambda: write_run(session, found, path),
                lambda _path: session.events.emit(events.Notice(done)),
                self._tell,
            )

    def export_pictures(self) -> None:
        """Asks for a folder, and writes every picture there as PNG and SVG."""
        folder = QFileDialog.getExistingDirectory(self, "Folder for the pictures")
        if folder:
            self._write_next(self.pages.gallery.export_all(Path(folder), (".png", ".svg")), 0, folder)

    def _write_next(self, files: Iterator[Path], written: int, folder: str) -> None:
        """Writes one picture, then lets the window breathe."""
        try:
            file = next(files, None)
        except InputError as error:
            self._tell(error)
            return
        if file is None:
            self._context.session.events.emit(events.Notice(f"{written} files were written to {folder}"))
        else:
            QTimer.singleShot(0, self, lambda: self._write_next(files, written + 1, folder))

    def open_graph(self) -> None:
        """Opens the picture on show, or the first that is a graph, in a window of its own."""
        self.pages.gallery.open_as_graph()

    def _add_actions(self) -> None:
        add = self._context.actions.add
        again = "Solves the run's problem again with the same solver, options and seed"
        add(Action("results.repeat", "Repeat run", self.repeat, "Results", "Ctrl+R", "repeat", self._one, help=again))
        beside = "Puts runs side by side: figures, courses, and the values that differ"
        add(Action("results.compare", "Compare runs", self.compare, "Results", "", "compare", self._two, help=beside))
        add(
            Action("results.rename", "Rename run\u2026", self.rename, "Results", "", "rename", self._one, group="run")
        )
        written = "Writes the run as JSON, its values as CSV, or a report in words as Markdown"
        add(
            Action(
                "results.export", "Export run\u2026", self.export, "Results", "", "export", self._one, help=written
            )
        )
        shown = self._has_pictures
        asked = "Opens the answer as a graph: layouts, filters, communities, pattern search"
        keys, graph = "Ctrl+Shift+G", self.open_graph
        add(Action("results.graph", "Open as graph", graph, "Results", keys, "graph", self._has_graph, help=asked))
        add(Action("results.pictures", "Export all pictures\u2026", self.export_pictures, "Results", enabled=shown))
        add(
            Action("results.delete", "Delete run\u2026", self.delete, "Results", "", "delete", self._any, group="del")
        )

    def _one(self) -> bool:
        return len(self._wanted) == 1

    def _any(self) -> bool:
        return bool(self._wanted)

    def _two(self) -> bool:
        return bool(self._wanted) and len(self.runs.model.rows) > 1

    def _has_graph(self) -> bool:
        return self._has_pictures() and self.pages.gallery.graph_picture is not None

    def _has_pictures(self) -> bool:
        return self.pages.opened is not None and bool(self.pages.opened.pictures)

    # Listening and showing -------------------------------------------------------------------------------------

    def _take(self, event: object) -> None:
        if isinstance(event, events.Done):
            self._take_done(event)
        elif isinstance(event, events.RunsChanged):
            self._refresh()
        elif isinstance(event, events.ProjectOpened):
            self._known.clear()
            self._wanted = ()
            self.pages.opened = None
            self._right.setCurrentWidget(self._hint)
            self._refresh()
            if self.isVisible():
                self.activated()

    def _take_done(self, done: events.Done) -> None:
        """Opens a run that has just ended, from what is at hand."""
        session = self._context.session
        self._refresh()
        if len(self._wanted) > 1:
            return
        self._wanted = (done.run.number,)
        self.runs.select(self._wanted, tell=False)
        self._tasks.run(
            "Opening the answer",
            lambda: opened(session, done.run, done.solved, done.pictures),
            self._show,
            self._tell,
        )

    def _refresh(self) -> None:
        rows = self._context.session.runs.list()
        self.runs.take(rows)
        self._whole.setCurrentIndex(1 if rows else 0)
        self.talk.setVisible(bool(rows))

    def _picked(self, numbers: tuple[int, ...]) -> None:
        if not numbers or numbers == self._wanted:
            return
        self._wanted = numbers
        self._context.actions.refresh()
        session = self._context.session
        if len(numbers) == 1:
            if numbers[0] in self._known:
                self._show(self._known[numbers[0]])
                return
            number = numbers[0]
            self._tasks.run("Opening the run", lambda: open_run(session, number), self._show, self._tell)
            return
        chosen, known = numbers[-MOST_RUNS:], dict(self._known)

        def both() -> Comparison:
            return compare([known.get(number) or open_run(session, number) for number in chosen])

        self._tasks.run("Comparing runs", both, self._show_comparison, self._tell)

    def _show(self, found: Opened) -> None:
        self._known[found.run.number] = found
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        if self._wanted != (found.run.number,):
            return
        self.pages.show_run(found)
        self._right.setCurrentWidget(self.pages)
        self._context.actions.refresh()

    def _show_comparison(self, found: Comparison) -> None:
        if {run.number for run in found.runs} <= set(self._wanted):
            self.comparison.show_comparison(found)
            self._right.setCurrentWidget(self.comparison)

    def _tell(self, error: SolviturError) -> None:
        self._context.session.events.emit(events.Notice(str(error), "error"))

    def _make_blank(self) -> Blank:
        text = "The answer, its pictures, and whether it passed our check appear here after the first run."
        title = "Nothing to look back at yet"
        shared = self._context
        return Blank(
            shared.theme, "lookback", title, text, actions=shared.actions, action="solve.run", button="Solve  F5"
        )
