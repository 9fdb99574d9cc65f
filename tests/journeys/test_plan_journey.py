"""From an empty plan to a swept, saved and reopened one, through the real window."""

from __future__ import annotations

from pathlib import Path

from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableWidget, QToolButton

from solvitur.gui.pictures.view import PictureView
from solvitur.gui.plan.place import PlanPlace

KEY = Qt.Key


def place_of(person: Person) -> PlanPlace:
    """Returns the Plan place of the person's window."""
    place = person.window.stage.turn_to("plan")
    assert isinstance(place, PlanPlace)
    return place


def runs(person: Person, place: PlanPlace) -> dict[str, bool]:
    """Runs the plan and tells which steps were known already."""
    person.does("plan.run")
    person.until(lambda: not place.running.active, "the run ended", 90)
    states = {path: course.state for path, course in place.running.courses.top()}
    assert {str(state.state) for state in states.values() if state} == {"done"}, place.report.words
    return {path: state.from_cache for path, state in states.items() if state}


def test_a_plan_is_made_edited_run_swept_saved_and_reopened(person: Person, tmp_path: Path) -> None:
    """One sitting with a ready plan: keys, outputs, one option, a sweep, a point, undo, a file."""
    person.does("file.new")
    place = place_of(person)
    person.until(lambda: not place.workflow.steps, "the plan is empty")
    person.clicks("pattern.solver_comparison")
    person.until(lambda: len(place.board.figure.nodes) == 6, "the pattern is drawn")
    pattern = place.workflow

    # By keyboard alone: to the last step, a new one beside it, and a link from the table into it.
    view = place.board.view
    view.setFocus()
    for _ in range(3):
        QTest.keyClick(view, KEY.Key_Right)
    assert view.look.current == "table"
    QTest.keyClick(view, KEY.Key_Tab)
    QTest.keyClicks(place.board.chooser.field, "export")
    QTest.keyClick(place.board.chooser.field, KEY.Key_Escape)
    QTest.keyClick(view, KEY.Key_Tab)
    QTest.keyClicks(place.board.chooser.field, "curve")
    QTest.keyClick(place.board.chooser.field, KEY.Key_Return)
    person.until(lambda: view.look.current == "curve", "the new step is there")
    QTest.keyClick(view, KEY.Key_Up, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: "curve" in place.board.figure.index, "it is drawn")
    view.pick(frozenset({"table"}), current="table")
    QTest.keyClick(view, KEY.Key_L)
    for _ in range(4):
        chosen = view._link[2] if view._link is not None else None
        if chosen is not None and chosen.node == "curve":
            break
        QTest.keyClick(view, KEY.Key_Down)
    QTest.keyClick(view, KEY.Key_Return)
    assert any((link.source, link.target) == ("table", "curve") for link in place.workflow.links)
    QTest.keyClick(view, KEY.Key_Delete)
    person.does("edit.undo")
    person.until(lambda: place.workflow.step("table") is not None, "undo brings the step back")
    view.pick(frozenset({"curve"}), current="curve")
    QTest.keyClick(view, KEY.Key_Return)
    field = person.find(QLineEdit, "option.x")
    field.setText("")
    QTest.keyClicks(field, "bound")
    field = person.find(QLineEdit, "option.y")
    field.setText("")
    QTest.keyClicks(field, "objective")

    # Run, and look at what came out: the table of three answers, and the pictures.
    assert not any(runs(person, place).values())
    place.go_to("table")
    person.until(lambda: person.find(QTableWidget, "stepTable").rowCount() == 3, "the table shows three answers")
    place.go_to("curve")
    person.until(lambda: place.details.findChild(PictureView) is not None, "the curve is shown")

    # One option of one step: it and what needs it run again, nothing else.
    place.go_to("third")
    field = person.find(QLineEdit, "option.time_limit_s")
    field.setText("")
    QTest.keyClicks(field, "30")
    known = runs(person, place)
    # The loader looks at its source each time; what follows it only runs when that changed.
    assert (known["first"], known["second"], known["third"]) == (True, True, False)

    # A sweep of that option, and the point that is chosen.
    place.go_to("first")
    QTest.mouseClick(place.details.findChild(QToolButton, "range.time_limit_s"), Qt.MouseButton.LeftButton)
    line = person.find(QLineEdit, "range.first.time_limit_s")
    line.setText("5, 10, 20")
    QTest.keyClick(line, KEY.Key_Return)
    quality = person.find(QComboBox, "sweepQuality")
    quality.setCurrentIndex(quality.findData("first.solved"))
    person.clicks("sweepRun")
    person.until(lambda: len(place.sweeping.points) == 3 and not place.sweeping.active, "the sweep ended", 90)
    assert [point.state for point in place.sweeping.points] == ["done"] * 3
    before = place.workflow
    place.sweep.pick(place.sweeping.points[1].number)
    person.clicks("sweepUse")
    step = place.workflow.step("first")
    assert step is not None
    assert step.options["time_limit_s"] == 10.0
    person.does("edit.undo")
    assert place.workflow == before
    person.does("edit.redo")

    # Saved and opened by another window, the plan is the same, and all that was done is known.
    runs(person, place)
    swept, path = place.workflow, tmp_path / "plan.solvitur"
    assert swept != pattern
    person.saves_as(path)
    person.until(lambda: place.running._path == path, "the results went along")
    person.starts_anew()
    person.opens(path)
    place = place_of(person)
    person.until(lambda: len(place.board.figure.nodes) == 7, "the plan is drawn")
    assert place.workflow == swept
    assert place.report.words == ""
    known = runs(person, place)
    assert all(kept for name, kept in known.items() if name != "problem")
