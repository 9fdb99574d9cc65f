"""The comparison on screen: figures, courses on one chart, and the values that differ."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.curves import course_of, together
from solvitur.gui.lookback.answer_view import AnswerView
from solvitur.gui.lookback.comparing import Comparison
from solvitur.gui.preload import Preload
from solvitur.gui.selection import Selection
from solvitur.gui.tasks import Tasks
from solvitur.gui.theme import Theme

_FIGURE_PX, _WORD_PX, _WIDEST_PX = 88, 100, 400
_WORDS_AS_TEXT = frozenset({"state", "verified", "solver", "problem"})


class CompareView(QWidget):
    """Shows one comparison."""

    def __init__(self, theme: Theme, selection: Selection, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareView")
        self.setAccessibleName("Comparison of runs")
        self._theme = theme
        self._preload = Preload("solvitur.gui.pictures.trajectory", self)
        self._comparison: Comparison | None = None
        gap = theme.tokens.gap
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.summary = QLabel(self)
        self.summary.setObjectName("compareSummary")
        self.summary.setProperty("role", "soft")
        self.figures = QTableWidget(self)
        self.figures.setObjectName("compareFigures")
        self.figures.setAccessibleName("Figures of the runs")
        self.figures.setFont(theme.font("table"))
        self.figures.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.figures.setShowGrid(False)
        self.figures.verticalHeader().hide()
        self.figures.verticalHeader().setDefaultSectionSize(theme.tokens.target_px)
        self.figures.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.values = AnswerView(theme, selection, tasks, self)
        self._chart: QWidget | None = None
        self._chart_room = QWidget(self)
        self._chart_rows = QVBoxLayout(self._chart_room)
        self._chart_rows.setContentsMargins(gap, gap, gap, 0)
        upper = QSplitter(self)
        upper.addWidget(self.figures)
        upper.addWidget(self._chart_room)
        upper.setSizes([330, 600])
        down = QSplitter(Qt.Orientation.Vertical, self)
        down.addWidget(upper)
        down.addWidget(self.values)
        down.setSizes([380, 300])
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * gap, 2 * gap, 2 * gap, gap)
        rows.setSpacing(gap)
        rows.addWidget(self.title)
        rows.addWidget(self.summary)
        rows.addWidget(down, 1)

    def show_comparison(self, comparison: Comparison) -> None:
        """Shows the runs side by side."""
        self._comparison = comparison
        numbers = [str(run.number) for run in comparison.runs]
        self.title.setText(f"Runs {', '.join(numbers[:-1])} and {numbers[-1]}")
        self.summary.setText(comparison.summary)
        self._fill_figures(comparison)
        self.values.show_tables(comparison.tables)
        self.values.setVisible(bool(comparison.tables))
        self._preload.when_ready(self._draw)

    def _fill_figures(self, comparison: Comparison) -> None:
        self.figures.setRowCount(len(comparison.figures))
        self.figures.setColumnCount(1 + len(comparison.runs))
        self.figures.setHorizontalHeaderLabels(["", *(f"run {run.number}" for run in comparison.runs)])
        for row, (word, texts) in enumerate(comparison.figures):
            differs = len(set(texts)) > 1
            name = QTableWidgetItem(word)
            name.setForeground(self._theme.color("text_soft"))
            self.figures.setItem(row, 0, name)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                side = Qt.AlignmentFlag.AlignLeft if word in _WORDS_AS_TEXT else Qt.AlignmentFlag.AlignRight
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                if not differs:
                    item.setForeground(self._theme.color("text_soft"))
                item.setToolTip(text)
                self.figures.setItem(row, column + 1, item)
        for column in range(1 + len(comparison.runs)):
            self.figures.setColumnWidth(column, _FIGURE_PX if column else _WORD_PX)
        self.figures.setMinimumWidth(min(_WORD_PX + _FIGURE_PX * len(comparison.runs) + 8, _WIDEST_PX))

    def _draw(self) -> None:
        from solvitur.gui.pictures.trajectory import TrajectoryChart  # noqa: PLC0415 - loads pyqtgraph

        if self._comparison is None:
            return
        if self._chart is None:
            self._chart = TrajectoryChart(self._theme, self._chart_room)
            self._chart_rows.addWidget(self._chart)
        courses = [
            course_of(run, category=at, name=f"run {run.number}") for at, run in enumerate(self._comparison.runs)
        ]
        if isinstance(self._chart, TrajectoryChart):
            self._chart.show_course(together(courses))
