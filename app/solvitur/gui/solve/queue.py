"""The queue: every run of this sitting with its state as icon and word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from solvitur.gui.numbers import show
from solvitur.gui.solve.jobs import JobState
from solvitur.gui.theme import Theme

_JOB = Qt.ItemDataRole.UserRole


class JobQueue(QWidget):
    """Newest first; picking one shows it, its menu stops it."""

    picked = Signal(int)
    stop_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._said: list[tuple[int, str, str]] = []
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.tokens.gap, 2 * theme.tokens.gap, 0, theme.tokens.gap)
        title = QLabel("Runs of this sitting", self)
        title.setProperty("role", "soft")
        self.list = QListWidget(self)
        self.list.setObjectName("jobQueue")
        self.list.setAccessibleName("Queue of runs")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.list.currentItemChanged.connect(self._pick)
        rows.addWidget(title)
        rows.addWidget(self.list, 1)
        theme.changed.connect(self._said.clear)

    def show_jobs(self, jobs: Sequence[JobState], current: JobState | None) -> None:
        """Shows the jobs; does nothing while nothing changed."""
        said = [(job.job, _words(job), job.outcome.icon) for job in reversed(jobs)]
        row = next((at for at, entry in enumerate(said) if current is not None and entry[0] == current.job), -1)
        blocker = QSignalBlocker(self.list)
        if said != self._said:
            self._said = said
            self.list.clear()
            for job in reversed(jobs):
                item = QListWidgetItem(self._theme.icon(job.outcome.icon, job.outcome.token), _words(job), self.list)
                item.setData(_JOB, job.job)
                item.setToolTip(job.title)
        if row != self.list.currentRow():
            self.list.setCurrentRow(row)
        blocker.unblock()

    def _pick(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.picked.emit(item.data(_JOB))

    def _open_menu(self, at: QPoint) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        job = item.data(_JOB)
        menu = QMenu(self)
        menu.addAction(self._theme.icon("stop"), "Stop this run").triggered.connect(
            lambda: self.stop_wanted.emit(job)
        )
        menu.popup(self.list.viewport().mapToGlobal(at))


def _words(job: JobState) -> str:
    words = f"{job.name} \u00b7 {job.outcome.word}"
    return f"{words}\n{show(job.objective)}" if job.run is not None and job.objective is not None else words
