"""The Plan place of the real window: drawing, linking, undoing and running a workflow."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from solvitur.engine.workflow.events import State
from solvitur.gui.graph.gestures import Grip
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.gallery import PatternCard
from solvitur.gui.plan.place import PlanPlace
from solvitur.workflow.edits import AddSteps
from solvitur.workflow.model import Link, Step


def draw(place: PlanPlace) -> None:
    """Adds two steps that are not linked."""
    steps = (Step("load", "load_table", position=(0.0, 0.0)), Step("keep", "filter", position=(320.0, 0.0)))
    place.editing.apply(AddSteps("add", steps))


def test_one_click_makes_a_plan_of_the_model_and_it_runs(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """Load, bind, solve and verify end as done, with the answer to be seen."""
    button = plan.findChild(QPushButton, "blank.plan.begin")
    qtbot.waitUntil(lambda: bool(button and button.isEnabled()))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [step.id for step in plan.workflow.steps] == ["problem", "bind", "solve", "verify", "picture"]
    window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: not plan.running.active and "verify" in plan.running.courses, timeout=30_000)
    state = plan.running.courses["verify"].state
    assert state is not None
    assert (state.state, plan.report.words) == (State.DONE, "")
    assert plan.running.outputs("solve")["solved"].result.objective == pytest.approx(12)
    assert plan.board.view.look.marks["solve"].word.startswith("done")
    plan.editing.change("set", "solve", options={"time_limit_s": 5.0})
    qtbot.waitUntil(lambda: plan.board.view.look.marks["verify"].word == "stale")
    assert plan.board.view.look.marks["bind"].word.startswith("done")


def test_tab_types_a_step_and_undo_takes_it_back(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The step that was typed is added; undo leaves the project as it was."""
    draw(plan)
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    before = plan.workflow
    plan.board.view.setFocus()
    qtbot.keyClick(plan.board.view, Qt.Key.Key_Tab)
    qtbot.keyClicks(plan.board.chooser.field, "formula")
    qtbot.keyClick(plan.board.chooser.field, Qt.Key.Key_Return)
    assert [step.type for step in plan.workflow.steps] == ["load_table", "filter", "formula"]
    assert window.context.session.undo()
    assert plan.workflow == before


def test_a_link_is_drawn_and_an_illegal_one_says_why(plan: PlanPlace, qtbot: QtBot) -> None:
    """A table goes into a filter; the filter cannot feed what feeds it."""
    draw(plan)
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    plan.board.view.linked.emit(Grip("load", "table", output=True), Grip("keep", "table", output=False))
    assert plan.workflow.links == (Link("load", "table", "keep", "table"),)
    plan.board.view.linked.emit(Grip("keep", "table", output=True), Grip("keep", "table", output=False))
    assert "cannot feed" in plan.report.words
    assert len(plan.workflow.links) == 1


def test_a_dropped_link_offers_only_steps_that_fit(plan: PlanPlace, qtbot: QtBot) -> None:
    """A table is offered to what takes tables, not to a solver; the one taken is linked."""
    draw(plan)
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    spot = QPointF(400, 300)
    grip = Grip("load", "table", output=True)
    plan.board.view.link_dropped.emit((grip, spot, plan.board.view.mapFromScene(spot)))
    names = plan.board.chooser.names()
    assert "formula" in names
    assert "solve" not in names
    qtbot.keyClicks(plan.board.chooser.field, "formula")
    qtbot.keyClick(plan.board.chooser.field, Qt.Key.Key_Return)
    assert Link("load", "table", "formula", "table") in plan.workflow.links


def test_a_step_is_put_on_a_link(plan: PlanPlace, qtbot: QtBot) -> None:
    """The link is cut in two around the new step."""
    draw(plan)
    plan.editing.connect(Grip("load", "table", output=True), Grip("keep", "table", output=False))
    qtbot.waitUntil(lambda: len(plan.board.figure.wires) == 1)
    plan.board.view.pick(frozenset(), wires=frozenset({0}))
    plan.board.add_type("formula")
    assert plan.workflow.links == (
        Link("load", "table", "formula", "table"),
        Link("formula", "table", "keep", "table"),
    )


def test_copies_travel_as_text(plan: PlanPlace, qtbot: QtBot) -> None:
    """Both steps and their link are pasted under free names, as one step that can be undone."""
    draw(plan)
    plan.editing.connect(Grip("load", "table", output=True), Grip("keep", "table", output=False))
    qtbot.waitUntil(lambda: len(plan.board.figure.wires) == 1)
    view = plan.board.view
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "load_table" in QGuiApplication.clipboard().text()
    qtbot.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [step.id for step in plan.workflow.steps] == ["load", "keep", "load_2", "keep_2"]
    assert Link("load_2", "table", "keep_2", "table") in plan.workflow.links
    QGuiApplication.clipboard().setText("good morning (")
    qtbot.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "clipboard" in plan.report.words


def test_groups_collapse_into_one_box_and_can_be_moved(plan: PlanPlace, qtbot: QtBot) -> None:
    """A collapsed group shows its boundary; moving it moves its members."""
    draw(plan)
    plan.editing.connect(Grip("load", "table", output=True), Grip("keep", "table", output=False))
    qtbot.waitUntil(lambda: len(plan.board.figure.wires) == 1)
    plan.board.view.pick(frozenset({"keep"}), current="keep")
    plan.board.group()
    plan.board.collapse()
    qtbot.waitUntil(lambda: "group" in plan.board.figure.index)
    assert plan.board.figure.wires[0].target == "group"
    assert plan.board.figure.wires[0].input == "keep.table"
    plan.editing.move({"group": (400.0, 80.0)}, plan.board.figure)
    moved = plan.workflow.step("keep")
    assert moved is not None
    assert moved.position == (400.0, 80.0)


def test_steps_of_absent_plugins_stay_as_they_are(
    plan: PlanPlace, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    """A step that nobody provides is a placeholder with its links, and survives saving and opening."""
    steps = (Step("load", "load_table"), Step("odd", "from_elsewhere", {"depth": 3}, position=(320.0, 0.0)))
    plan.editing.apply(AddSteps("add", steps, (Link("load", "table", "odd", "thing"),)))
    before = plan.workflow
    session = window.context.session
    path = session.save(tmp_path / "absent.solvitur")
    session.new()
    session.open(path)
    assert plan.workflow == before
    qtbot.waitUntil(lambda: "odd" in plan.board.figure.index)
    node = plan.board.figure.nodes[plan.board.figure.index["odd"]]
    assert node.absent
    assert [port.name for port in node.inputs] == ["thing"]


def test_what_cannot_run_is_said_before_anything_runs(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """A missing input is named, and a click goes to the step."""
    draw(plan)
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    window.context.actions.trigger("plan.run")
    assert "cannot run yet" in plan.report.words
    line = plan.report.findChild(QPushButton, "finding.0")
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert plan.board.view.picked == {"keep"}


def test_irreversible_steps_wait_for_approval(
    plan: PlanPlace, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    """An export is listed and nothing runs until it is approved; then the file is there."""
    out = tmp_path / "out.csv"
    (tmp_path / "in.csv").write_text("a,b\n1,2\n", "utf-8")
    steps = (
        Step("load", "load_table", {"file": str(tmp_path / "in.csv")}),
        Step("write", "export", {"file": str(out)}, position=(320.0, 0.0)),
    )
    plan.editing.apply(AddSteps("add", steps, (Link("load", "table", "write", "thing"),)))
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    window.context.actions.trigger("plan.run")
    assert not plan.running.active
    assert not out.exists()
    qtbot.mouseClick(plan.report.findChild(QPushButton, "approveAndRun"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not plan.running.active and "write" in plan.running.courses, timeout=20_000)
    assert out.exists()


def test_options_are_edited_in_their_form(plan: PlanPlace, qtbot: QtBot) -> None:
    """What is typed into the form of a step is in the workflow, and its name is changed everywhere."""
    draw(plan)
    plan.editing.connect(Grip("load", "table", output=True), Grip("keep", "table", output=False))
    qtbot.waitUntil(lambda: len(plan.board.figure.wires) == 1)
    plan.board.view.pick(frozenset({"load"}), current="load")
    field = plan.details.findChild(QLineEdit, "option.file")
    assert field is not None
    qtbot.keyClicks(field, "data.csv")
    step = plan.workflow.step("load")
    assert step is not None
    assert step.options["file"] == "data.csv"
    plan.editing.rename("load", "orders")
    assert plan.workflow.links[0].source == "orders"


def test_tidying_puts_steps_in_the_order_of_their_links(plan: PlanPlace, qtbot: QtBot) -> None:
    """After tidying, every link goes to the right; undo puts the steps back."""
    steps = tuple(Step(f"s{at}", "filter", position=(0.0, 0.0)) for at in range(4))
    links = tuple(Link(f"s{at}", "table", f"s{at + 1}", "table") for at in range(3))
    plan.editing.apply(AddSteps("add", steps, links))
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 4)
    plan.board.tidy()
    qtbot.waitUntil(lambda: plan.workflow.steps[3].position[0] > 0)
    across = [step.position[0] for step in plan.workflow.steps]
    assert across == sorted(set(across))


def test_a_pattern_begins_a_plan_with_one_click(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The gallery lists the ready plans; a click puts one into the project, and undo takes it out again."""
    cards = plan.beginning.findChildren(PatternCard)
    assert len(cards) >= 10
    card = plan.beginning.findChild(PatternCard, "pattern.solver_comparison")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert plan.workflow.steps
    assert plan.pages.currentWidget() is plan.board
    assert plan.running.check(plan.workflow).can_run
    assert window.context.session.undo()
    assert plan.workflow.steps == ()


def test_a_person_is_asked_and_the_run_goes_on(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """A review pauses with its question; approving lets it go on."""
    steps = (
        Step("number", "value", {"value": "3"}),
        Step("ask", "review", {"question": "Good enough?"}, position=(320.0, 0.0)),
    )
    link = Link("number", plan.editing.catalogue.types["value"].shape.outputs[0].name, "ask", "value")
    plan.editing.apply(AddSteps("add", steps, (link,)))
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: "Good enough?" in plan.report.words, timeout=10_000)
    qtbot.mouseClick(plan.report.findChild(QPushButton, "approveReview"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not plan.running.active, timeout=10_000)
    assert plan.running.outputs("ask")["approved"] is True


def test_searching_lights_what_is_found_and_the_menu_colours_it(plan: PlanPlace, qtbot: QtBot) -> None:
    """The others are dimmed, Enter picks what was found, and a colour is kept in the workflow."""
    draw(plan)
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    qtbot.keyClicks(plan.toolbar.field, "keep")
    assert plan.board.view.look.dimmed == {"load"}
    qtbot.keyClick(plan.toolbar.field, Qt.Key.Key_Return)
    assert plan.board.view.picked == {"keep"}
    plan.board.view.menu_asked.emit(QPointF(), plan.mapToGlobal(plan.rect().center()))
    menu = next(menu for menu in plan.findChildren(QMenu) if menu.title() == "Colour")
    menu.actions()[3].trigger()
    step = plan.workflow.step("keep")
    assert step is not None
    assert step.colour == "2"


def test_two_tables_of_one_name_are_joined(plan: PlanPlace, window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    """Two branches of one table keep its name; the query knows them by their letters."""
    (tmp_path / "in.csv").write_text("x,y\n1,2\n3,4\n", "utf-8")
    file = {"file": str(tmp_path / "in.csv")}
    steps = (
        Step("load", "load_table", file),
        Step("low", "filter", {"where": "x < 2"}),
        Step("both", "query", {"sql": "SELECT a.x, b.y FROM a, b"}),
    )
    links = (
        Link("load", "table", "low", "table"),
        Link("low", "table", "both", "tables"),
        Link("load", "table", "both", "tables"),
    )
    plan.editing.apply(AddSteps("add", steps, links))
    window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: not plan.running.active, timeout=20_000)
    assert plan.running.outputs("both")["table"].row_count == 2
