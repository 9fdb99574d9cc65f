"""Arranging a plan: align, distribute, snap, colour, notes, groups, heat."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QComboBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from solvitur.engine.workflow.events import State, StepState
from solvitur.gui.graph.figure import GRID, WIDTH
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.courses import Courses
from solvitur.gui.plan.place import PlanPlace
from solvitur.workflow.edits import AddSteps
from solvitur.workflow.model import Link, Step

PLACES = {"a": (0.0, 0.0), "b": (304.0, 88.0), "c": (400.0, 240.0)}


@pytest.fixture
def three(plan: PlanPlace, qtbot: QtBot) -> PlanPlace:
    """Draws three steps that stand anyhow, all of them picked."""
    steps = tuple(Step(name, "filter", position=place) for name, place in PLACES.items())
    plan.editing.apply(AddSteps("add", steps))
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 3)
    plan.board.view.pick(frozenset(PLACES))
    plan._context.actions.refresh()
    return plan


def places(plan: PlanPlace) -> dict[str, tuple[float, float]]:
    """Returns where the steps are."""
    return {step.id: step.position for step in plan.workflow.steps}


@pytest.mark.parametrize(
    ("edge", "axis", "value"),
    [("left", 0, 0.0), ("right", 0, 400.0), ("center", 0, 200.0), ("top", 1, 0.0), ("bottom", 1, 240.0)],
)
def test_aligning_puts_edges_in_line(three: PlanPlace, edge: str, axis: int, value: float) -> None:
    """All three share the coordinate, the other one stays; one undo puts them back."""
    assert three._context.actions.trigger(f"plan.align_{edge}")
    found = places(three)
    assert {place[axis] for place in found.values()} == {value}
    assert [place[1 - axis] for place in found.values()] == [place[1 - axis] for place in PLACES.values()]
    assert three._context.session.undo()
    assert places(three) == PLACES


def test_distributing_leaves_equal_gaps(three: PlanPlace) -> None:
    """The outermost stay, the one between stands in the middle, within the grid."""
    assert three._context.actions.trigger("plan.distribute_across")
    xs = sorted(place[0] for place in places(three).values())
    assert (xs[0], xs[2]) == (0.0, 400.0)
    assert abs((xs[1] - xs[0]) - (xs[2] - xs[1])) <= GRID
    assert three._context.actions.trigger("plan.distribute_down")
    ys = sorted(place[1] for place in places(three).values())
    assert abs((ys[1] - ys[0]) - (ys[2] - ys[1])) <= GRID


def test_dragged_steps_snap_to_the_grid(three: PlanPlace, qtbot: QtBot) -> None:
    """A drag by an odd number of pixels ends on a line of the grid, as one edit."""
    view = three.board.view
    view.fit()
    start = view.mapFromScene(QPointF(WIDTH / 2, 20))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in (QPoint(20, 11), QPoint(51, 37)):
        qtbot.mouseMove(view.viewport(), start + step)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(51, 37))
    moved = places(three)
    assert moved["a"] != PLACES["a"]
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in moved.values())
    shift = (moved["a"][0] - PLACES["a"][0], moved["a"][1] - PLACES["a"][1])
    assert moved["c"] == (PLACES["c"][0] + shift[0], PLACES["c"][1] + shift[1])
    assert three._context.session.undo()
    assert places(three) == PLACES


def test_ctrl_arrows_move_by_the_grid(three: PlanPlace, qtbot: QtBot) -> None:
    """The keyboard moves what is picked by one line of the grid."""
    three.board.view.setFocus()
    qtbot.keyClick(three.board.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert places(three)["b"] == (PLACES["b"][0] + GRID, PLACES["b"][1])


def test_a_note_is_written_coloured_steps_stay_coloured(three: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """N adds a note whose text is typed beside; a colour survives saving as text."""
    three.board.recolour("3")
    assert {step.colour for step in three.workflow.steps} == {"3"}
    three.board.view.setFocus()
    qtbot.keyClick(three.board.view, Qt.Key.Key_N)
    note = three.details.findChild(QPlainTextEdit, "noteText")
    assert note is not None
    qtbot.waitUntil(note.hasFocus)
    qtbot.keyClicks(note, "why so")
    three.board.view.setFocus()
    qtbot.waitUntil(lambda: bool(three.workflow.notes and three.workflow.notes[0].text == "why so"))
    qtbot.waitUntil(lambda: three.board.figure.notes[0].text == "why so")
    three.board.view.pick(frozenset({"a"}))
    three.board.recolour("")
    step = three.workflow.step("a")
    assert step is not None
    assert step.colour == ""


def test_heat_colours_by_time_and_by_size(three: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The slowest step is the hottest; by size it is the largest; by kind nothing is."""
    courses = Courses(three.workflow)
    for name, seconds, size in (("a", 1.0, 500), ("b", 4.0, 100), ("c", 2.0, 1000)):
        courses.take(StepState(1, name, State.DONE, seconds=seconds, memory_bytes=size), seconds)
    three.running.courses = courses
    heat = three.toolbar.findChild(QComboBox, "planHeat")
    assert heat is not None
    for position, hottest in ((1, "b"), (2, "c")):
        heat.setCurrentIndex(position)
        heats = {name: mark.heat or 0.0 for name, mark in three.board.view.look.marks.items()}
        assert max(heats, key=lambda name: heats[name]) == hottest
        assert heats[hottest] == 1.0
    heat.setCurrentIndex(0)
    assert all(mark.heat is None for mark in three.board.view.look.marks.values())


def test_the_critical_path_is_the_longest_chain(three: PlanPlace) -> None:
    """Of two ways to the end, the slower one is lit."""
    links = (Link("a", "table", "c", "table"),)
    ran = three.workflow.with_step(three.workflow.steps[0])
    courses = Courses(type(ran)("", ran.steps, links))
    for name, seconds in (("a", 1.0), ("b", 2.5), ("c", 2.0)):
        courses.take(StepState(1, name, State.DONE, seconds=seconds), seconds)
    assert courses.critical() == {"a", "c"}


def test_a_group_is_made_named_collapsed_and_opened_by_keys(three: PlanPlace, qtbot: QtBot) -> None:
    """Ctrl+G groups; Enter on the collapsed box opens it again."""
    three.board.view.setFocus()
    qtbot.keyClick(three.board.view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert three.workflow.groups[0].members == ("a", "b", "c")
    three.board.collapse()
    qtbot.waitUntil(lambda: three.board.figure.nodes[0].is_group)
    three.board.view.pick(frozenset({"group"}), current="group")
    qtbot.keyClick(three.board.view, Qt.Key.Key_Return)
    assert not three.workflow.groups[0].collapsed
