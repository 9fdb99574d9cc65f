"""Solving in the real window with the real engine: the panel, the place, Stop, the queue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from solvitur.engine import events
from solvitur.gui.main_window import MainWindow
from solvitur.gui.solve.jobs import JobBook
from solvitur.gui.solve.panel import SolverPanel
from solvitur.gui.solve.place import SolvePlace
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.edits import SetFields
from solvitur.problem.result import Status

MODEL = """\
set Goods = {oil, flour, sugar}
var make[g in Goods] in 0..10
maximize profit: sum(make[g] for g in Goods)
subject to time: sum(make[g] for g in Goods) <= 12
"""
HARD = """\
set N = 1..60
param w[n in N] = (n * 7919) % 97 + 20
var x[n in N, k in 1..12] binary
var top >= 0
minimize peak: top
subject to once[n in N]: sum(x[n, k] for k in 1..12) == 1
subject to load[k in 1..12]: sum(w[n] * x[n, k] for n in N) <= top
"""


@pytest.fixture
def done() -> list[events.Done]:
    return []


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot, done: list[events.Done]) -> SolverPanel:
    """The panel over a small model that has been checked."""
    window.resize(1280, 800)
    window.context.bridge.happened.connect(
        lambda event: done.append(event) if isinstance(event, events.Done) else None
    )
    window.stage.turn_to("solve")
    show_model(window, qtbot, MODEL)
    found = window.docks.fill("solver")
    assert isinstance(found, SolverPanel)
    return found


def show_model(window: MainWindow, qtbot: QtBot, text: str) -> None:
    session = window.context.session
    session.new(Problem("mix", formulation=Formulation("algebraic", text)), discard=True)
    session.check_soon()
    qtbot.waitUntil(lambda: bool(session.choices()), timeout=20_000)
    qtbot.wait(20)


def button(panel: SolverPanel, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def choose(window: MainWindow, qtbot: QtBot, panel: SolverPanel, name: str) -> None:
    panel.open_chooser()
    panel.chooser.pick(name)
    qtbot.waitUntil(lambda: window.context.session.problem.choice.solver == name)
    qtbot.wait(20)


def test_auto_says_whom_it_takes_and_why(panel: SolverPanel) -> None:
    assert "Auto: " in button(panel, "chooseSolver").text()
    assert "variables" in button(panel, "chooseSolver").text()


def test_every_solver_is_listed_and_the_unable_say_because(panel: SolverPanel) -> None:
    panel.open_chooser()
    rows = {name: (reason, able) for name, reason, able in panel.chooser.rows()}
    panel.chooser.hide()
    assert rows["auto"][1]
    assert rows["highs"][1]
    unable = {name: reason for name, (reason, able) in rows.items() if not able}
    assert all(reason.startswith("because ") for reason in unable.values())


def test_choosing_a_solver_is_an_edit_that_can_be_undone(
    window: MainWindow, qtbot: QtBot, panel: SolverPanel
) -> None:
    choose(window, qtbot, panel, "highs")
    assert "HiGHS" in button(panel, "chooseSolver").text()
    window.context.session.undo()
    qtbot.waitUntil(lambda: "Auto" in button(panel, "chooseSolver").text())


def test_limits_are_kept_with_the_problem(window: MainWindow, qtbot: QtBot, panel: SolverPanel) -> None:
    panel.limits.time.setValue(5.5)
    panel.limits.gap.setValue(1.0)
    panel.limits.seed.setValue(42)
    limits = window.context.session.problem.choice.limits
    assert (limits.time_limit_s, limits.relative_gap, limits.seed) == (5.5, pytest.approx(0.01), 42)
    window.context.session.undo()
    qtbot.waitUntil(lambda: panel.limits.seed.value() == 0)


def test_the_form_is_made_from_the_options_dataclass(window: MainWindow, qtbot: QtBot, panel: SolverPanel) -> None:
    assert panel.options.forms == []
    choose(window, qtbot, panel, "highs")
    method = panel.options.findChild(QComboBox, "option.method")
    assert isinstance(method, QComboBox)
    assert [method.itemData(n) for n in range(method.count())] == ["choose", "simplex", "ipm", "pdlp"]
    symmetry = panel.options.findChild(QCheckBox, "option.symmetry")
    assert isinstance(symmetry, QCheckBox)
    panel.toggle_options()
    assert not symmetry.isVisible(), "advanced options are folded away"
    button(panel, "moreOptions").click()
    assert symmetry.isVisible()


def test_the_form_refuses_values_out_of_range_and_says_what_is_expected(
    window: MainWindow, qtbot: QtBot, panel: SolverPanel
) -> None:
    choose(window, qtbot, panel, "highs")
    field = panel.options.findChild(QLineEdit, "option.feasibility_tolerance")
    assert isinstance(field, QLineEdit)
    for text in ("5", "abc"):
        field.clear()
        qtbot.keyClicks(field, text)
        assert field.property("state") == "bad"
    assert window.context.session.problem.choice.options == {}
    field.clear()
    qtbot.keyClicks(field, "1e-9")
    assert field.property("state") == ""
    assert window.context.session.problem.choice.options["feasibility_tolerance"] == 1e-9


def test_f5_solves_and_the_line_tells_the_answer(
    window: MainWindow, qtbot: QtBot, panel: SolverPanel, done: list[events.Done]
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    assert done[0].run.status is Status.OPTIMAL
    assert done[0].run.verified
    qtbot.waitUntil(lambda: panel.figures.text("incumbent") == "12")
    assert panel.figures.text("gap").replace("\u2009", "") == "0%"
    place = window.stage.built("solve")
    assert isinstance(place, SolvePlace)
    assert place.queue.list.count() == 1
    qtbot.waitUntil(lambda: "optimal" in place.queue.list.item(0).text())
    qtbot.waitUntil(lambda: bool(place.log.text.toPlainText()))


def test_several_runs_wait_in_a_queue_and_stop_takes_one_out(
    window: MainWindow, qtbot: QtBot, panel: SolverPanel, done: list[events.Done]
) -> None:
    show_model(window, qtbot, HARD)
    for _ in range(3):
        panel.solve()
    book = JobBook.of(window.context.bridge)
    qtbot.waitUntil(lambda: sum(job.running for job in book.jobs.values()) == 1, timeout=20_000)
    assert sum(job.waiting for job in book.jobs.values()) == 2
    assert button(panel, "stopButton").isEnabled()
    panel.stop_all()
    qtbot.waitUntil(lambda: len(done) == 3, timeout=30_000)
    assert all(each.run.status in (Status.CANCELLED, Status.FEASIBLE) for each in done)


def test_stop_keeps_the_best_answer_so_far(
    window: MainWindow, qtbot: QtBot, panel: SolverPanel, done: list[events.Done]
) -> None:
    show_model(window, qtbot, HARD)
    choice = window.context.session.problem.choice
    limits = replace(choice.limits, relative_gap=0.0, time_limit_s=60.0)
    window.context.session.apply(SetFields("x", {"choice": replace(choice, limits=limits)}))
    qtbot.keyClick(window, Qt.Key.Key_F5)
    book = JobBook.of(window.context.bridge)
    qtbot.waitUntil(lambda: bool(book.latest and book.latest.incumbents), timeout=30_000)
    place = window.stage.built("solve")
    assert isinstance(place, SolvePlace)
    qtbot.waitUntil(lambda: place.chart is not None and place.chart.isVisible(), timeout=10_000)
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=10_000)
    run = done[0].run
    assert run.objective is not None
    assert run.verified
    assert run.result is not None
    assert run.result.answer is not None
    qtbot.waitUntil(lambda: not button(panel, "stopButton").isEnabled())


def test_a_model_that_cannot_be_solved_is_told_in_words(
    window: MainWindow, qtbot: QtBot, panel: SolverPanel, done: list[events.Done], tmp_path: Path
) -> None:
    broken = Problem("broken", formulation=Formulation("algebraic", "minimize cost: demnd"))
    window.context.session.new(broken, discard=True)
    panel.solve()
    qtbot.waitUntil(lambda: len(done) == 1, timeout=20_000)
    place = window.stage.built("solve")
    assert isinstance(place, SolvePlace)
    qtbot.waitUntil(lambda: "Mend the model" in place.words, timeout=5_000)
    assert "demnd" in place.words


def test_an_empty_place_offers_to_solve(window: MainWindow, qtbot: QtBot, panel: SolverPanel) -> None:
    place = window.stage.built("solve")
    assert isinstance(place, SolvePlace)
    offer = place.findChild(QPushButton, "blank.solve.run")
    assert isinstance(offer, QPushButton)
    assert offer.isVisible()
    assert offer.isEnabled()
