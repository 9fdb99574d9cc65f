"""The sweep panel: what ranges, how combinations are chosen, their table, and quality against cost."""

from __future__ import annotations

from importlib.util import find_spec

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine.workflow.sweep import SweepDone, SweepPlan, SweepPoint, choose
from solvitur.gui.context import Context
from solvitur.gui.numbers import counted, duration
from solvitur.gui.plan.editing import Editing
from solvitur.gui.plan.sweep.chart import FrontChart
from solvitur.gui.plan.sweep.ranges import Ranges
from solvitur.gui.plan.sweep.sweeping import Sweeping
from solvitur.gui.plan.sweep.table import PointsModel
from solvitur.gui.plan.sweep.wording import TIME, measures, title_of
from solvitur.problem.errors import SolviturError
from solvitur.workflow.model import Workflow

_METHODS = (("Grid", "grid"), ("Random", "random"), ("Bayesian", "bayes"))
_WIDTHS = [344, 420, 320]
_RUNS_WIDTH = 96


class SweepPanel(QWidget):
    """Settings, table, chart. ``wanted`` carries the plan of a sweep to start."""

    wanted = Signal(object)
    failed = Signal(str)

    def __init__(self, context: Context, editing: Editing, sweeping: Sweeping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sweepPanel")
        self.setProperty("helpPage", "plan")
        self._context, self._editing, self._sweeping = context, editing, sweeping
        self._measures: tuple[str, ...] = ()
        self.picked: SweepPoint | None = None
        self._lay_out()
        sweeping.changed.connect(self._show)
        sweeping.ended.connect(self._ended)

    @property
    def plan(self) -> SweepPlan:
        """What the fields ask for."""
        return SweepPlan(
            self._editing.workflow.ranges,
            str(self._quality.currentData() or ""),
            str(self._cost.currentData() or TIME),
            method=str(self._method.currentData()),
            runs=self._runs.value(),
        )

    def ask(self, *, runs: int, quality: str) -> None:
        """Fills in how many runs there may be, and which output is judged."""
        self._runs.setValue(runs)
        self._quality.setCurrentIndex(max(self._quality.findData(quality), 0))

    def refresh(self) -> None:
        """Shows the ranges and outputs of the workflow as it is now."""
        workflow = self._editing.workflow
        self.ranges.show_ranges(workflow)
        found = measures(workflow, self._editing.catalogue)
        if found != self._measures:
            self._measures = found
            self._fill(self._quality, workflow, found, ())
            self._fill(self._cost, workflow, found, ((TIME, "Time of the steps"),))
        self._offer()

    def forget(self) -> None:
        """Drops what is shown, for another project."""
        self.picked = None
        self._measures = ()
        self._say("")

    def run(self) -> None:
        """Starts the sweep."""
        self.picked = None
        self.wanted.emit(self.plan)

    def take(self) -> None:
        """Gives the plan the options of the picked point, as one edit."""
        point = self.picked
        if point is None:
            return
        try:
            self._editing.apply(choose(self._editing.workflow, self._sweeping.plan, point))
        except SolviturError as error:
            self.failed.emit(str(error))
            return
        self._say(f"The plan has the options of run {point.number} now. Undo takes it back.")

    def pick(self, number: int) -> None:
        """Picks a point in table and chart."""
        self.picked = next((point for point in self._sweeping.points if point.number == number), None)
        self.chart.pick(number)
        row = self.model.row_of(number)
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.selectRow(row)
        self._offer()

    # showing

    def _show(self) -> None:
        sweeping, workflow = self._sweeping, self._editing.workflow
        options = [each.option for each in sweeping.plan.ranges]
        names = tuple(
            each.option if options.count(each.option) == 1 else title_of(each, workflow)
            for each in sweeping.plan.ranges
        )
        self.model.show_points(names, sweeping.points)
        plan = sweeping.plan
        self.chart.show_points(sweeping.points, "time (s)" if plan.cost == TIME else plan.cost, plan.quality)
        self._axis.setText(f"Quality: {self._quality.currentText()}" if sweeping.points else "Quality against cost")
        if sweeping.active:
            done = sum(point.state in ("done", "failed", "skipped") for point in sweeping.points)
            self._say(f"Running: {done} of {sweeping.total}")
        if self.picked is not None:
            self.pick(self.picked.number)
        self._offer()

    def _ended(self, event: SweepDone) -> None:
        failed = sum(point.state == "failed" for point in event.points)
        front = sum(point.on_front for point in event.points)
        said = "Stopped" if event.cancelled else "Ended"
        words = f"{said} after {duration(event.seconds)}: {counted(front, 'point')} on the front"
        self._say(words + (f", {failed} failed." if failed else "."))
        self.table.resizeColumnsToContents()

    def _offer(self) -> None:
        active = self._sweeping.active
        self.start.setEnabled(not active and bool(self._editing.workflow.ranges and self._quality.count()))
        self.halt.setEnabled(active)
        self.use.setEnabled(self.picked is not None and self.picked.state == "done" and not active)

    def _say(self, words: str) -> None:
        self.words.setText(words)

    def _fill(
        self, box: QComboBox, workflow: Workflow, found: tuple[str, ...], first: tuple[tuple[str, str], ...]
    ) -> None:
        before = box.currentData()
        box.clear()
        for value, title in first:
            box.addItem(title, value)
        for name in found:
            step_id, _, port = name.partition(".")
            step = workflow.step(step_id)
            box.addItem(f"{(step.title if step is not None else '') or step_id} \u00b7 {port}", name)
        box.setCurrentIndex(max(box.findData(before), 0))

    # building

    def _lay_out(self) -> None:
        gap = self._context.theme.tokens.gap
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.setChildrenCollapsible(False)
        across.addWidget(self._settings(across))
        across.addWidget(self._results(across))
        across.addWidget(self._plot(across))
        across.setSizes(_WIDTHS)
        across.setStretchFactor(1, 1)
        across.setStretchFactor(2, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(gap, gap // 2, gap, gap)
        rows.addWidget(across)
        self.refresh()

    def _plot(self, parent: QWidget) -> QWidget:
        body = QWidget(parent)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(self._context.theme.tokens.gap, 0, 0, 0)
        rows.setSpacing(self._context.theme.tokens.gap_small)
        self._axis = QLabel(body)
        self._axis.setProperty("role", "small-soft")
        self.chart = FrontChart(self._context.theme, self.pick, body)
        rows.addWidget(self._axis)
        rows.addWidget(self.chart, 1)
        return body

    def _settings(self, parent: QWidget) -> QWidget:
        """Builds what scrolls, ranges and fields, over the buttons that are always there."""
        gap = self._context.theme.tokens.gap
        whole = QWidget(parent)
        whole.setMinimumWidth(_WIDTHS[0])
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, gap, 0)
        column.setSpacing(gap)
        column.addWidget(self._fields(whole), 1)
        buttons = QHBoxLayout()
        self.start = self._button("sweepRun", "Run sweep", "primary", whole)
        self.start.clicked.connect(self.run)
        self.halt = self._button("sweepStop", "Stop", "", whole)
        self.halt.clicked.connect(self._sweeping.stop)
        buttons.addWidget(self.start)
        buttons.addWidget(self.halt)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return whole

    def _fields(self, parent: QWidget) -> QWidget:
        gap = self._context.theme.tokens.gap
        room = QScrollArea(parent)
        room.setWidgetResizable(True)
        room.setFrameShape(QScrollArea.Shape.NoFrame)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget(room)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, gap, 0)
        rows.setSpacing(gap)
        self.ranges = Ranges(self._context, self._editing, body)
        self.ranges.failed.connect(self.failed)
        rows.addWidget(self.ranges)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(gap // 2)
        self._method = self._box("sweepMethod", "Method", body)
        for title, value in _METHODS:
            self._method.addItem(title, value)
        self._tell_absent()
        self._runs = QSpinBox(body)
        self._runs.setObjectName("sweepRuns")
        self._runs.setAccessibleName("Most runs")
        self._runs.setRange(1, 10_000)
        self._runs.setSuffix(" runs")
        self._runs.setValue(20)
        self._runs.setFixedWidth(_RUNS_WIDTH)
        self._quality = self._box("sweepQuality", "Quality", body)
        self._cost = self._box("sweepCost", "Cost", body)
        for title, widget, row, column, across in (
            ("Method", self._method, 0, 0, 1),
            ("at most", self._runs, 0, 2, 1),
            ("Quality", self._quality, 1, 0, 3),
            ("Cost", self._cost, 2, 0, 3),
        ):
            label = QLabel(title, body)
            label.setBuddy(widget)
            grid.addWidget(label, row, column)
            grid.addWidget(widget, row, column + 1, 1, across)
        grid.setColumnStretch(1, 1)
        rows.addLayout(grid)
        rows.addStretch(1)
        room.setWidget(body)
        return room

    def _results(self, parent: QWidget) -> QWidget:
        gap = self._context.theme.tokens.gap
        body = QWidget(parent)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(gap, 0, gap, 0)
        rows.setSpacing(gap // 2)
        self.model = PointsModel(self._context.theme)
        self.table = QTableView(body)
        self.table.setObjectName("sweepTable")
        self.table.setAccessibleName("Runs of the sweep")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self._context.theme.tokens.target_px)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.table.selectionModel().currentRowChanged.connect(self._row_picked)
        self.table.doubleClicked.connect(lambda _at: self.take())
        rows.addWidget(self.table, 1)
        foot = QHBoxLayout()
        self.words = QLabel(body)
        self.words.setObjectName("sweepWords")
        self.words.setProperty("role", "small-soft")
        self.words.setWordWrap(True)
        self.use = self._button("sweepUse", "Use these options", "", body)
        self.use.setToolTip("Gives the plan the options of the picked run; one Undo takes it back")
        self.use.clicked.connect(self.take)
        foot.addWidget(self.words, 1)
        foot.addWidget(self.use)
        rows.addLayout(foot)
        return body

    def _row_picked(self, at: QModelIndex, _before: QModelIndex) -> None:
        if at.isValid() and at.row() < len(self.model.points):
            number = self.model.points[at.row()].number
            if self.picked is None or self.picked.number != number:
                self.pick(number)

    def _tell_absent(self) -> None:
        """Bars the Bayesian method, with the reason, where its library is absent."""
        model = self._method.model()
        if find_spec("optuna") is None and isinstance(model, QStandardItemModel):
            at = len(_METHODS) - 1
            item = model.item(at)
            item.setEnabled(False)
            item.setText("Bayesian (install solvitur[sweep])")
            item.setToolTip("Needs the package 'optuna', which is absent; install 'solvitur[sweep]'")

    def _box(self, name: str, title: str, parent: QWidget) -> QComboBox:
        box = QComboBox(parent)
        box.setObjectName(name)
        box.setAccessibleName(title)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(5)
        return box

    def _button(self, name: str, title: str, kind: str, parent: QWidget) -> QPushButton:
        button = QPushButton(title, parent)
        button.setObjectName(name)
        button.setAccessibleName(title)
        if kind:
            button.setProperty("kind", kind)
        return button
