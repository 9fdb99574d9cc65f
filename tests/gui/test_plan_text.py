"""The plan as text beside its graph: shown, picked from both sides, changed, applied as one edit."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.gui.plan.writing.merging import merged
from solvitur.gui.plan.writing.pane import TextPane
from solvitur.gui.plan.writing.wording import read, soundness, statements, written
from solvitur.problem.errors import InputError
from solvitur.workflow.edits import AddSteps
from solvitur.workflow.model import Group, Link, Step, Workflow

PLAN = Workflow(
    "Two",
    (
        Step("load", "load_table", {"file": "a.csv"}, position=(8.0, 16.0)),
        Step("keep", "filter", {"where": "x > 1"}, position=(320.0, 16.0)),
    ),
    (Link("load", "table", "keep", "table"),),
)


@pytest.fixture
def text(plan: PlanPlace, qtbot: QtBot) -> TextPane:
    """Shows the text of a plan of two steps."""
    plan.editing.apply(AddSteps("add", PLAN.steps, PLAN.links))
    qtbot.waitUntil(lambda: len(plan.board.figure.nodes) == 2)
    plan.show_text()
    qtbot.waitUntil(lambda: "load_table" in plan.text.editor.toPlainText())
    return plan.text


def retype(text: TextPane, old: str, new: str) -> None:
    """Types over a part of the text."""
    editor = text.editor
    at = editor.toPlainText().index(old)
    cursor = editor.textCursor()
    cursor.setPosition(at)
    cursor.setPosition(at + len(old), QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    editor.insertPlainText(new)


def test_what_is_typed_and_applied_is_one_edit(
    text: TextPane, plan: PlanPlace, window: MainWindow, qtbot: QtBot
) -> None:
    """Two changes become one undo step; steps keep their places, a new one goes beside what it needs."""
    before = plan.workflow
    retype(text, 'where="x > 1"', 'where="x > 2"')
    text.editor.moveCursor(QTextCursor.MoveOperation.End)
    text.editor.insertPlainText("more = formula(table=keep.table)\n")
    qtbot.waitUntil(lambda: "Reads well" in text.words.text() or "cannot" in text.words.text().lower())
    qtbot.keyClick(text.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    keep, more = plan.workflow.step("keep"), plan.workflow.step("more")
    assert keep is not None
    assert more is not None
    assert (keep.options, keep.position) == ({"where": "x > 2"}, (320.0, 16.0))
    assert more.position[0] > 320
    assert Link("keep", "table", "more", "table") in plan.workflow.links
    assert not text.changed
    assert window.context.session.undo()
    assert plan.workflow == before
    qtbot.waitUntil(lambda: "more" not in text.editor.toPlainText())


def test_errors_are_underlined_with_their_sentence(text: TextPane, plan: PlanPlace, qtbot: QtBot) -> None:
    """What cannot be read is said with its line and keeps Apply from changing anything."""
    before = plan.workflow
    retype(text, "table=load.table", "table=lode.table")
    qtbot.waitUntil(lambda: bool(text.editor.marks))
    assert "there is no step 'lode'" in text.words.text()
    assert text.editor.marks[0].line == text.editor.toPlainText()[: text.editor.marks[0].start].count("\n")
    assert "lode" in text.editor.toPlainText().splitlines()[text.editor.marks[0].line]
    qtbot.mouseClick(text.findChild(QPushButton, "planTextApply"), Qt.MouseButton.LeftButton)
    assert plan.workflow is before
    qtbot.mouseClick(text.findChild(QPushButton, "planTextRevert"), Qt.MouseButton.LeftButton)
    assert "lode" not in text.editor.toPlainText()
    assert not text.editor.marks


def test_what_only_cannot_run_yet_is_said_and_can_be_applied(text: TextPane, plan: PlanPlace, qtbot: QtBot) -> None:
    """A step type that nobody offers is a warning: the plan may be unfinished."""
    retype(text, "filter(", "filterr(")
    qtbot.waitUntil(lambda: bool(text.editor.marks))
    assert "did you mean 'filter'" in text.words.text()
    text.apply()
    step = plan.workflow.step("keep")
    assert step is not None
    assert step.type == "filterr"


def test_the_text_and_the_graph_pick_the_same_step(text: TextPane, plan: PlanPlace, qtbot: QtBot) -> None:
    """A click on the graph lights the statement; the cursor in a statement picks its step."""
    plan.board.view.pick(frozenset({"keep"}), current="keep")
    line = text.editor.textCursor().block().text()
    assert line.startswith("keep = filter")
    text.editor.setFocus()
    qtbot.waitUntil(text.editor.hasFocus)
    text.editor.moveCursor(QTextCursor.MoveOperation.PreviousBlock)
    qtbot.waitUntil(lambda: plan.board.view.picked == {"load"})


def test_json_can_be_edited_too(text: TextPane, plan: PlanPlace, qtbot: QtBot) -> None:
    """The same plan as JSON; a slip is said with its line, and a change is applied."""
    forms = text.findChild(QComboBox, "planTextForm")
    assert forms is not None
    forms.setCurrentIndex(1)
    tree = json.loads(text.editor.toPlainText())
    assert [step["id"] for step in tree["steps"]] == ["load", "keep"]
    retype(text, '"x > 1"', '"x > 3",')
    qtbot.waitUntil(lambda: "no JSON" in text.words.text())
    retype(text, '"x > 3",', '"x > 3"')
    qtbot.waitUntil(lambda: "Reads well" in text.words.text())
    text.apply()
    step = plan.workflow.step("keep")
    assert step is not None
    assert step.options == {"where": "x > 3"}
    plan.board.view.pick(frozenset({"load"}), current="load")
    assert (
        '"id": "load"' in text.editor.document().findBlockByNumber(text.editor.textCursor().blockNumber() + 1).text()
    )


def test_what_changed_in_the_graph_meanwhile_is_kept(text: TextPane, plan: PlanPlace, qtbot: QtBot) -> None:
    """Typing in one statement and changing another step in the graph both count."""
    retype(text, 'where="x > 1"', 'where="x > 9"')
    plan.editing.change("set", "load", options={"file": "b.csv"})
    qtbot.waitUntil(lambda: "graph changed" in text.words.text())
    text.apply()
    assert [step.options for step in plan.workflow.steps] == [{"file": "b.csv"}, {"where": "x > 9"}]


def test_undo_takes_typing_back_before_edits(text: TextPane, plan: PlanPlace, qtbot: QtBot) -> None:
    """Ctrl+Z in a changed text takes the typing back; in an unchanged one it undoes the last edit of the project."""
    retype(text, 'where="x > 1"', 'where="x > 5"')
    qtbot.keyClick(text.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(text.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not text.changed or not plan.workflow.steps)
    assert len(plan.workflow.steps) in (0, 2)


def test_names_in_quoted_steps_are_no_statements() -> None:
    """Steps as text inside a step do not count as statements of the plan."""
    text = 'a = map(each="""out = solve(problem=part.value)\n""")\nb = value()\n\nnote("n", "words")\n'
    assert [(line.name, line.first, line.last) for line in statements(text, "text")] == [
        ("a", 0, 1),
        ("b", 2, 3),
        ("n", 4, 5),
    ]


def test_a_step_under_another_name_keeps_its_place() -> None:
    """Renaming in the text is no removal: the step stays where it was."""
    text = written(PLAN, "text", places=False).replace("keep", "kept")
    assert read(text, "text", PLAN, places=False).steps[1].position == (320.0, 16.0)


def test_nothing_that_the_canvas_could_not_hold_is_taken() -> None:
    """Cycles, names taken twice and groups that overlap are found before a text becomes the plan."""
    first, second = PLAN.steps
    cycle = Workflow("", PLAN.steps, (*PLAN.links, Link("keep", "table", "load", "table")))
    assert any("own output" in finding.text for finding in soundness(cycle))
    assert any("twice" in finding.text for finding in soundness(Workflow("", (first, first))))
    groups = (Group("g", "G", ("load",)), Group("h", "H", ("load",)))
    assert any("in group" in finding.text for finding in soundness(Workflow("", (first, second), groups=groups)))
    assert soundness(PLAN) == ()


def test_both_sides_of_a_merge_count() -> None:
    """A step added on one side and one removed on the other are both seen."""
    typed = Workflow("Two", (*PLAN.steps, Step("more", "value")), PLAN.links)
    drawn = Workflow("Two", PLAN.steps[1:], ())
    both = merged(PLAN, typed, drawn)
    assert [step.id for step in both.steps] == ["keep", "more"]
    assert both.links == ()


def test_a_text_that_cannot_be_read_names_its_place() -> None:
    """The finding carries line and column."""
    with pytest.raises(InputError) as raised:
        read("a = (\n", "text", Workflow(), places=True)
    assert raised.value.findings[0].place.line
