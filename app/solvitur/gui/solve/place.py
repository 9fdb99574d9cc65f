"""The Solve place: the run as it goes, its answers, its log, and the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine import events
from solvitur.gui.blank import Blank
from solvitur.gui.context import Context
from solvitur.gui.curves import Course, course, course_of
from solvitur.gui.outcomes import outcome
from solvitur.gui.preload import Preload
from solvitur.gui.solve.figures import Figures
from solvitur.gui.solve.incumbents import IncumbentTable
from solvitur.gui.solve.jobs import JobBook, JobState
from solvitur.gui.solve.log import LogView
from solvitur.gui.solve.queue import JobQueue
from solvitur.gui.solve.state_icon import StateIcon

if TYPE_CHECKING:
    from solvitur.gui.pictures.trajectory import TrajectoryChart

_CLOCK_MS = 500


class SolvePlace(QWidget):
    """Shows one job at a time; the newest unless the user picked another from the queue."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("solvePlace")
        self.setAccessibleName("Solve")
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._book = JobBook.of(context.bridge)
        self._picked: int | None = None
        self._shown: tuple[int, int, int, bool] | None = None
        self._preload = Preload("solvitur.gui.pictures.trajectory", self)
        self._pages = QStackedWidget(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        blank_text = "The chart of the best answer and its bound, the log and the queue of runs appear here."
        self._pages.addWidget(
            Blank(
                context.theme,
                "chart",
                "No run yet",
                blank_text,
                actions=context.actions,
                action="solve.run",
                button="Solve  F5",
            )
        )
        self._pages.addWidget(self._make_page())
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._show_job)
        self._book.ticked.connect(self._tick)
        context.bridge.happened.connect(self._take)
        context.theme.changed.connect(self._repaint)
        self._tick(frozenset())
        self._preload.when_ready(self._make_chart)  # while nobody waits for it

    @property
    def job(self) -> JobState | None:
        """The job on show."""
        picked = self._book.jobs.get(self._picked) if self._picked is not None else None
        return picked or self._book.latest

    @property
    def words(self) -> str:
        """What the place says about the job on show."""
        return self._advice.text()

    def pick(self, job: int) -> None:
        """Shows a job of the queue."""
        self._picked = job
        self._shown = None
        self._tick(frozenset((job,)))

    def activated(self) -> None:
        """Brings everything up to date when the place comes to the front."""
        self._tick(frozenset())

    def showEvent(self, event: QShowEvent) -> None:
        """Draws what happened while the place was hidden."""
        super().showEvent(event)
        self._show_job()

    # Building --------------------------------------------------------------------------------------------------

    def _make_page(self) -> QWidget:
        tokens = self._context.theme.tokens
        page = QWidget(self)
        across = QSplitter(page)
        self.queue = JobQueue(self._context.theme, page)
        self.queue.picked.connect(self.pick)
        self.queue.stop_wanted.connect(self._stop)
        across.addWidget(self.queue)
        main = QWidget(page)
        rows = QVBoxLayout(main)
        rows.setContentsMargins(2 * tokens.gap, 2 * tokens.gap, 2 * tokens.gap, tokens.gap)
        rows.setSpacing(tokens.gap)
        rows.addLayout(self._make_head(main))
        self.figures = Figures(self._context.theme, large=True, parent=main)
        rows.addWidget(self.figures)
        self._advice = QLabel(main)
        self._advice.setProperty("role", "soft")
        self._advice.setWordWrap(True)
        rows.addWidget(self._advice)
        down = QSplitter(main)
        down.setOrientation(Qt.Orientation.Vertical)
        self._chart_room = QWidget(down)
        self._chart_rows = QVBoxLayout(self._chart_room)
        self._chart_rows.setContentsMargins(0, 0, 0, 0)
        self._chart_words = QLabel(self._chart_room)
        self._chart_words.setProperty("role", "soft")
        self._chart_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._chart_rows.addWidget(self._chart_words, 1)
        self.chart: TrajectoryChart | None = None
        self.tabs = QTabWidget(down)
        self.tabs.setDocumentMode(True)
        self.log = LogView(self._context.theme, self.tabs)
        self.incumbents = IncumbentTable(self._context.theme, self.tabs)
        self.tabs.addTab(self.log, "Log")
        self.tabs.addTab(self.incumbents, "Incumbents")
        down.addWidget(self._chart_room)
        down.addWidget(self.tabs)
        down.setSizes([420, 220])
        rows.addWidget(down, 1)
        across.addWidget(main)
        across.setStretchFactor(1, 1)
        across.setSizes([220, 900])
        column = QHBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(across)
        return page

    def _make_head(self, parent: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._context.theme.tokens.gap)
        self._icon, self._title = StateIcon(self._context.theme, parent), QLabel(parent)
        self._title.setProperty("role", "heading")
        self._title.setObjectName("solveTitle")
        self._look_back = QPushButton("Look back at the answer", parent)
        self._look_back.setObjectName("lookBackButton")
        self._look_back.setAccessibleName("Look back at the answer")
        self._look_back.clicked.connect(self._go_back)
        row.addWidget(self._icon)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._look_back)
        return row

    # Showing ---------------------------------------------------------------------------------------------------

    def _take(self, event: object) -> None:
        if isinstance(event, events.JobStarted):
            self._picked = None
        elif isinstance(event, events.ProjectOpened):
            self._picked = self._shown = None

    def _tick(self, jobs: frozenset[int]) -> None:
        self._pages.setCurrentIndex(1 if self._book.jobs else 0)
        self.queue.show_jobs(list(self._book.jobs.values()), self.job)
        if not jobs or self.job is None or self.job.job in jobs:
            self._show_job()
        running = self.job is not None and self.job.running
        if running != self._clock.isActive():
            self._clock.start() if running else self._clock.stop()

    def _show_job(self) -> None:
        job = self.job
        if job is None or not self.isVisible():
            return
        self.figures.show_job(job)
        self._show_words(job)
        self.log.show_log(job.job, job.log)
        self.incumbents.show_points(job.job, job.incumbents, job.sense)
        self._show_chart(job)

    def _show_words(self, job: JobState) -> None:
        self._icon.show_outcome(job.outcome)
        if job.run is not None:
            self._title.setText(f"{job.name} \u00b7 {job.outcome.word}")
            told = outcome(job.run)
            self._advice.setText(f"{told.sentence} {told.advice}".strip())
        elif job.running:
            self._title.setText(f"{job.solver} is solving \u2018{job.title}\u2019")
            self._advice.setText(job.doing)
        else:
            self._title.setText(f"\u2018{job.title}\u2019 waits for its turn")
            self._advice.setText("It starts as soon as the run before it has ended.")
        self._advice.setVisible(bool(self._advice.text()))
        self._look_back.setVisible(job.run is not None)

    def _show_chart(self, job: JobState) -> None:
        state = (job.job, job.improvements, len(job.bounds), job.running)
        if state == self._shown and not job.running:
            return
        shown = self._course(job)
        has_points = any(len(np.unique(curve.seconds)) > 1 for curve in shown.values)
        still = "No answer yet." if job.running else f"{job.solver} told nothing on its way to the end."
        self._chart_words.setText("" if job.waiting else still)
        if has_points and self.chart is None:
            if not self._preload.ready:
                self._preload.when_ready(self._show_job)
                return
            self._make_chart()
        self._shown = state
        self._chart_words.setVisible(not has_points)
        if self.chart is not None:
            self.chart.setVisible(has_points)
            self.chart.show_course(shown)

    def _course(self, job: JobState) -> Course:
        """Returns the curves of a job, from its stored run when it told nothing on its way."""
        if job.run is not None and not job.incumbents and not job.bounds:
            return course_of(job.run)
        return course(job.incumbents, job.bounds, job.seconds)

    def _make_chart(self) -> None:
        if self.chart is not None:
            return
        from solvitur.gui.pictures.trajectory import TrajectoryChart  # noqa: PLC0415 - loads pyqtgraph

        made = TrajectoryChart(self._context.theme, self._chart_room)
        made.hide()
        self._chart_rows.addWidget(made, 1)
        self.chart = made

    def _repaint(self) -> None:
        self._shown = None
        self._show_job()

    def _stop(self, job: int) -> None:
        state = self._book.jobs.get(job)
        if state is not None:
            state.stopping = True
        self._context.session.stop(job)

    def _go_back(self) -> None:
        if _has(self._context, "place.lookback"):
            self._context.actions.trigger("place.lookback")


def _has(context: Context, action: str) -> bool:
    return any(entry.id == action for entry in context.actions.all())
