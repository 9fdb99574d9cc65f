"""Sweeps in the real window: a range beside an option, the runs, the front, and a point that is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSpinBox, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.gui.plan.sweep import panel as panel_module
from solvitur.gui.plan.sweep.chart import FrontChart
from solvitur.gui.plan.sweep.wording import read_range, shown_range, usual_range
from solvitur.problem.errors import InputError
from solvitur.problem.options import OptionSpec
from solvitur.workflow.edits import AddSteps
from solvitur.workflow.model import Link, OptionRange, Step, Workflow

SWEPT = Workflow(
    "",
    (
        Step("problem", "load_example", {"name": "knapsack"}),
        Step("budget", "value", {"value": 4000.0, "type": "number"}, position=(0.0, 160.0)),
        Step("changed", "change", {"name": "budget"}, position=(272.0, 0.0)),
        Step("answer", "solve", position=(544.0, 0.0)),
    ),
    (
        Link("problem", "problem", "changed", "problem"),
        Link("budget", "value", "changed", "value"),
        Link("changed", "problem", "answer", "problem"),
    ),
)


@pytest.fixture
def swept(plan: PlanPlace, qtbot: QtBot) -> PlanPlace:
    """Draws a plan in which the budget of a knapsack is an option."""
    plan.editing.apply(AddSteps("add", SWEPT.steps, SWEPT.links))
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 4)
    return plan


def pick_range(plan: PlanPlace, step: str, option: str, qtbot: QtBot) -> QLineEdit:
    """Presses the range button beside an option and returns the range's line in the panel."""
    plan.board.view.pick(frozenset({step}), current=step)
    button = plan.details.findChild(QToolButton, f"range.{option}")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    line = plan.sweep.findChild(QLineEdit, f"range.{step}.{option}")
    assert line is not None
    return line


def test_a_range_leaves_the_step_as_it_is(swept: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The option keeps its value; the range is one undo step, and the same button takes it away."""
    line = pick_range(swept, "answer", "time_limit_s", qtbot)
    assert swept.is_shown(1)
    assert swept.workflow.step("answer") == SWEPT.steps[3]
    line.setText("1 to 100, log")
    line.editingFinished.emit()
    assert swept.workflow.ranges == (OptionRange("answer", "time_limit_s", (), 1.0, 100.0, "log"),)
    qtbot.waitUntil(lambda: swept.sweep.findChild(QPushButton, "sweepRun").isEnabled())
    button = swept.details.findChild(QToolButton, "range.time_limit_s")
    assert button is not None
    assert button.isChecked()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert swept.workflow.ranges == ()
    for _ in range(3):
        assert window.context.session.undo()
    assert swept.workflow.ranges == ()
    assert swept.workflow.steps == SWEPT.steps


def test_a_sweep_runs_shows_its_front_and_a_point_is_chosen(
    swept: PlanPlace, window: MainWindow, qtbot: QtBot
) -> None:
    """Three budgets are tried; the table fills, the front is found, a point sets the option in one edit."""
    line = pick_range(swept, "budget", "value", qtbot)
    line.setText("2000, 4000, 6000")
    line.editingFinished.emit()
    qtbot.waitUntil(lambda: swept.sweep.findChild(QPushButton, "sweepRun").isEnabled())
    quality = swept.sweep.findChild(QComboBox, "sweepQuality")
    assert quality is not None
    assert quality.currentData() == "answer.solved"
    qtbot.mouseClick(swept.sweep.findChild(QPushButton, "sweepRun"), Qt.MouseButton.LeftButton)
    assert swept.report.words == ""
    assert swept.sweeping.active
    qtbot.waitUntil(lambda: not swept.sweeping.active, timeout=60_000)
    points = swept.sweeping.points
    assert [float(point.values[0]) for point in points] == [2000, 4000, 6000]
    qualities = [point.quality for point in points]
    assert qualities == sorted(q for q in qualities if q is not None)
    assert any(point.on_front for point in points)
    table = swept.sweep.findChild(QTableView, "sweepTable")
    assert table is not None
    assert table.model().rowCount() == 3
    table.selectRow(2)
    assert swept.sweep.picked is not None
    assert swept.sweep.picked.number == points[2].number
    before = swept.workflow
    qtbot.mouseClick(swept.sweep.findChild(QPushButton, "sweepUse"), Qt.MouseButton.LeftButton)
    step = swept.workflow.step("budget")
    assert step is not None
    assert float(step.options["value"]) == 6000
    assert swept.workflow.ranges == before.ranges
    assert window.context.session.undo()
    assert swept.workflow == before


def test_a_click_on_the_chart_picks_the_point_of_the_table(swept: PlanPlace, qtbot: QtBot) -> None:
    """Chart and table pick the same run."""
    line = pick_range(swept, "budget", "value", qtbot)
    line.setText("2000, 6000")
    line.editingFinished.emit()
    swept.sweep.run()
    qtbot.waitUntil(lambda: not swept.sweeping.active and len(swept.sweeping.points) == 2, timeout=60_000)
    chart = swept.sweep.findChild(FrontChart, "sweepChart")
    assert chart is not None
    assert chart.frame is not None
    chart.frame.picked.emit(1)
    assert swept.sweep.table.currentIndex().row() == 1
    drawing = chart.frame.drawing
    assert drawing is not None
    assert drawing.selected == {1}
    assert "quality" in drawing.tip(0) or "answer" in drawing.tip(0)


def test_what_is_wrong_with_a_sweep_is_said(swept: PlanPlace, qtbot: QtBot) -> None:
    """A range that is none is marked, and a grid that is too large says so before anything runs."""
    line = pick_range(swept, "budget", "value", qtbot)
    line.setText("1, 2, 3, 4, 5, 6")
    line.editingFinished.emit()
    runs = swept.sweep.findChild(QSpinBox, "sweepRuns")
    assert runs is not None
    runs.setValue(3)
    swept.sweep.run()
    assert not swept.sweeping.active
    assert "6 combinations" in swept.report.words


def test_stopping_a_sweep_keeps_what_is_done(swept: PlanPlace, qtbot: QtBot) -> None:
    """Stop ends it; points that were done stay in the table."""
    line = pick_range(swept, "budget", "value", qtbot)
    line.setText(", ".join(str(1000 + 100 * n) for n in range(60)))
    line.editingFinished.emit()
    swept.sweep.findChild(QSpinBox, "sweepRuns").setValue(60)
    swept.sweep.run()
    qtbot.waitUntil(lambda: any(p.state == "done" for p in swept.sweeping.points), timeout=60_000)
    swept.sweeping.stop()
    qtbot.waitUntil(lambda: not swept.sweeping.active, timeout=60_000)
    states = {point.state for point in swept.sweeping.points}
    assert "done" in states
    assert sum(point.state == "done" for point in swept.sweeping.points) < 60
    assert "Stopped" in swept.sweep.words.text()


def test_the_bayesian_method_says_what_is_missing(
    plan: PlanPlace, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its library the method cannot be chosen, and says which extra brings it."""
    monkeypatch.setattr(panel_module, "find_spec", lambda name: None)
    made = panel_module.SweepPanel(window.context, plan.editing, plan.sweeping, plan)
    box = made.findChild(QComboBox, "sweepMethod")
    assert box is not None
    at = box.findData("bayes")
    assert "install" in box.itemText(at)
    assert not box.model().index(at, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    made.deleteLater()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1 to 10", OptionRange("answer", "time_limit_s", (), 1.0, 10.0)),
        ("1..10", OptionRange("answer", "time_limit_s", (), 1.0, 10.0)),
        ("1 to 10, log", OptionRange("answer", "time_limit_s", (), 1.0, 10.0, "log")),
        ("1, 2.5, 4", OptionRange("answer", "time_limit_s", (1.0, 2.5, 4.0))),
    ],
)
def test_ranges_are_read_as_they_are_shown(plan: PlanPlace, typed: str, wanted: OptionRange) -> None:
    """What is shown can be typed back."""
    types = plan.editing.catalogue.types
    found = read_range(typed, "answer", "time_limit_s", SWEPT, types)
    assert found == wanted
    assert read_range(shown_range(found), "answer", "time_limit_s", SWEPT, types) == wanted
    with pytest.raises(InputError):
        read_range(typed, "nobody", "time_limit_s", SWEPT, types)


def test_an_option_starts_with_a_range_around_its_value() -> None:
    """Numbers are halved and doubled within their limits; choices are all tried; yes and no too."""
    step = Step("s", "t", {"n": 3})
    assert usual_range(step, OptionSpec("n", "N", int, 1, minimum=2)) == OptionRange("s", "n", (), 2.0, 6.0)
    assert usual_range(step, OptionSpec("w", "W", str, "a", choices=("a", "b"))).values == ("a", "b")
    assert usual_range(step, OptionSpec("b", "B", bool, True)).values == (False, True)
    assert usual_range(step, OptionSpec("z", "Z", float, 0.0)).high == 1.0
