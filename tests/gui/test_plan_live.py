"""A run in the real window while it goes on: states, time line, what unfolds, pause, stop, review."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.patterns import pattern
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.problem.document import Formulation
from solvitur.problem.edits import ReplaceText
from solvitur.workflow.edits import AddSteps
from solvitur.workflow.model import Link, Step

SLOW = "import time\ndef step(value):\n    time.sleep(0.6)\n    return value\n"
FAULTY = "def step(value):\n    raise ValueError('the road is closed')\n"


def draw(plan: PlanPlace, *steps: Step, links: tuple[Link, ...] = ()) -> None:
    """Adds steps side by side and approves those that run code."""
    placed = tuple(Step(s.id, s.type, s.options, position=(272.0 * at, 0.0)) for at, s in enumerate(steps))
    plan.editing.apply(AddSteps("add", placed, links))
    plan.board.refresh()
    plan.running.approve(plan.workflow, [step.id for step in steps])


def chain(*names: str) -> tuple[Link, ...]:
    """Links Python steps one after the other."""
    return tuple(
        Link(one, "value" if at == 0 else "out", other, "value") for at, (one, other) in enumerate(pairwise(names))
    )


def word(plan: PlanPlace, step: str) -> State | None:
    """Returns the state of a step."""
    course = plan.running.courses.get(step)
    return course.word if course is not None else None


def run(plan: PlanPlace, window: MainWindow, qtbot: QtBot, action: str = "plan.run") -> None:
    """Uses an action that runs, and waits for the end."""
    window.context.actions.refresh()
    assert window.context.actions.trigger(action), plan.report.words
    qtbot.waitUntil(lambda: not plan.running.active, timeout=60_000)


@pytest.fixture
def slow(plan: PlanPlace) -> PlanPlace:
    """Draws a number and two slow steps after it."""
    steps = (
        Step("n", "value", {"value": 3}),
        Step("a", "python", {"code": SLOW}),
        Step("b", "python", {"code": SLOW}),
    )
    draw(plan, *steps, links=chain("n", "a", "b"))
    return plan


def test_the_time_line_grows_while_the_run_goes_on(slow: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The bar of a running step is longer each time it is looked at; at the end it has its length."""
    window.context.actions.trigger("plan.run")
    assert slow.is_shown(0)
    line = slow.time_line
    qtbot.waitUntil(
        lambda: any(lane.path == "a" for lane in line.lanes) and word(slow, "a") is State.RUNNING, timeout=30_000
    )
    first = line.span("a")
    qtbot.wait(250)
    second = line.span("a")
    assert first is not None
    assert second is not None
    assert second[1] > first[1]
    qtbot.waitUntil(lambda: not slow.running.active, timeout=30_000)
    qtbot.waitUntil(lambda: len(line.lanes) == 3)
    ended = line.span("a")
    assert ended == slow.running.courses.span("a", 1e9)
    assert [lane.path for lane in line.lanes] == ["n", "a", "b"]
    line.grab()
    line.picked.emit("b")
    assert slow.board.view.picked == {"b"}


def test_pausing_starts_no_more_steps_and_resuming_does(slow: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """While paused the step that ran ends and the next one does not begin."""
    actions = window.context.actions
    actions.trigger("plan.run")
    qtbot.waitUntil(lambda: word(slow, "a") is State.RUNNING, timeout=30_000)
    actions.refresh()
    assert actions.trigger("plan.pause")
    assert slow.running.paused
    qtbot.waitUntil(lambda: word(slow, "a") is State.DONE, timeout=30_000)
    qtbot.wait(200)
    assert word(slow, "b") is None
    assert slow.running.active
    actions.refresh()
    assert actions.qaction("plan.pause").isChecked()
    actions.trigger("plan.pause")
    qtbot.waitUntil(lambda: not slow.running.active, timeout=30_000)
    assert word(slow, "b") is State.DONE


def test_stopping_skips_what_has_not_begun(slow: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """Stop ends the run soon; the rest is skipped, with icon and word, and the next run goes on from there."""
    actions = window.context.actions
    actions.trigger("plan.run")
    qtbot.waitUntil(lambda: word(slow, "a") is State.RUNNING, timeout=30_000)
    actions.refresh()
    assert actions.trigger("plan.stop")
    qtbot.waitUntil(lambda: not slow.running.active, timeout=30_000)
    mark = slow.board.view.look.marks["b"]
    assert (mark.icon, mark.word.split(":")[0]) == ("skip", "skipped")
    assert "Stopped" in slow.toolbar.findChild(QLabel, "planWords").text()
    run(slow, window, qtbot)
    state = slow.running.courses["n"].state
    assert state is not None
    assert state.from_cache
    assert word(slow, "b") is State.DONE


def test_run_to_here_and_from_here(slow: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """To here runs what it needs and no more; from here runs it and what follows again."""
    slow.board.view.pick(frozenset({"a"}), current="a")
    run(slow, window, qtbot, "plan.run_to")
    assert (word(slow, "n"), word(slow, "a"), word(slow, "b")) == (State.DONE, State.DONE, None)
    slow.board.view.pick(frozenset({"a"}), current="a")
    run(slow, window, qtbot, "plan.run_from")
    states = {name: slow.running.courses[name].state for name in "nab"}
    assert {name: state.from_cache for name, state in states.items() if state} == {"n": True, "a": False, "b": False}


def test_failed_skipped_and_stale_are_said_by_icon_and_word(
    plan: PlanPlace, window: MainWindow, qtbot: QtBot
) -> None:
    """A failure stops only what depends on it and says why; an edit marks what it may change."""
    draw(
        plan,
        Step("n", "value", {"value": 3}),
        Step("bad", "python", {"code": FAULTY}),
        Step("after", "python", {"code": SLOW}),
        Step("aside", "value", {"value": 4}),
        links=chain("n", "bad", "after"),
    )
    run(plan, window, qtbot)
    marks = plan.board.view.look.marks
    assert (marks["bad"].icon, marks["bad"].token) == ("error", "bad")
    assert "the road is closed" in marks["bad"].word
    assert marks["after"].icon == "skip"
    assert marks["aside"].word.startswith("done")
    assert "1 step failed" in plan.report.words
    line = plan.report.findChild(QPushButton, "failed.bad")
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert plan.board.view.picked == {"bad"}
    assert "the road is closed" in plan.details.findChild(QLabel, "stepState").text()
    plan.editing.change("set", "aside", options={"value": 5})
    qtbot.waitUntil(lambda: plan.board.view.look.marks["aside"].icon == "repeat")
    assert plan.board.view.look.marks["aside"].word == "stale"


def test_retries_and_the_time_limit_are_in_the_form(slow: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """Both are edits of the step; a limit that is too short fails it."""
    slow.board.view.pick(frozenset({"a"}), current="a")
    tries, limit = (
        slow.details.findChild(QSpinBox, "stepRetries"),
        slow.details.findChild(QDoubleSpinBox, "stepTimeout"),
    )
    assert tries is not None
    assert limit is not None
    tries.setValue(1)
    limit.setValue(0.2)
    step = slow.workflow.step("a")
    assert step is not None
    assert (step.retries, step.timeout_s) == (1, 0.2)
    run(slow, window, qtbot)
    assert word(slow, "a") is State.FAILED
    assert window.context.session.undo()
    step = slow.workflow.step("a")
    assert step is not None
    assert step.timeout_s is None


def test_what_a_step_unfolds_into_is_drawn_and_can_be_closed(
    plan: PlanPlace, window: MainWindow, qtbot: QtBot
) -> None:
    """Its parts stand below it in a frame with their states; they are looked at, not changed; closing hides them."""
    draw(
        plan,
        Step("n", "numbers", {"low": 1.0, "high": 3.0, "count": 3}),
        Step("m", "map", {"each": 'out = value(value="x")'}),
        Step("end", "collect"),
        links=(Link("n", "values", "m", "parts"), Link("m", "results", "end", "values")),
    )
    run(plan, window, qtbot)
    qtbot.waitUntil(lambda: "m/part_1" in plan.board.figure.index)
    figure = plan.board.figure
    frame = next(frame for frame in figure.frames if frame.id == "m/")
    inside = [name for name in figure.index if name.startswith("m/")]
    assert {"m/part_1", "m/part_2", "m/part_3", "m/results"} <= set(inside)
    assert all(figure.frame_box(frame).contains(figure.nodes[figure.index[name]].box) for name in inside)
    outside = [node for node in figure.nodes if node.id in ("n", "end")]
    assert not any(figure.frame_box(frame).intersects(node.box) for node in outside)
    assert plan.board.view.look.marks["m/part_1"].word.startswith("done")
    before = plan.workflow
    plan.board.view.pick(frozenset({"m/part_1"}), current="m/part_1")
    assert "unfolded" in " ".join(label.text() for label in plan.details.findChildren(QLabel))
    plan.board.remove()
    plan.board.view.moved.emit({"m/part_1": (0.0, 0.0)})
    assert plan.workflow is before
    plan.board.view.moved.emit({"end": figure.nodes[figure.index["end"]].position})
    assert plan.workflow.step("end") == before.step("end")
    plan.board.view.pick(frozenset({"m"}), current="m")
    plan.board.collapse()
    assert not [name for name in plan.board.figure.index if "/" in name]
    plan.board.collapse()
    assert "m/part_1" in plan.board.figure.index


def test_recursion_is_drawn_nested(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """A decomposition that unfolds again and again has frames within frames, none of which overlap."""
    plan.begin_from_pattern(pattern("recursive_decomposition"))
    run(plan, window, qtbot)
    qtbot.waitUntil(lambda: len(plan.board.figure.frames) > 2)
    figure = plan.board.figure
    boxes = {frame.id: figure.frame_box(frame) for frame in figure.frames}
    deep = [name for name in boxes if name.count("/") > 1]
    assert deep
    for name in deep:
        parent = name.rstrip("/").rpartition("/")[0] + "/"
        assert boxes[parent].contains(boxes[name])
    for one in boxes:
        for other in boxes:
            apart = not other.startswith(one) and not one.startswith(other)
            assert not (apart and boxes[one].intersects(boxes[other]))


def test_a_person_changes_the_value_where_the_step_says_so(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The review bar has a field for the value; what is typed there flows on, and a slip is said."""
    draw(
        plan,
        Step("n", "value", {"value": 3}),
        Step("ask", "review", {"question": "Enough?", "edit": True}),
        links=(Link("n", "value", "ask", "value"),),
    )
    window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: "Enough?" in plan.report.words, timeout=10_000)
    field = plan.report.findChild(QLineEdit, "reviewValue")
    assert field is not None
    assert field.text() == "3"
    field.setText("seven")
    qtbot.mouseClick(plan.report.findChild(QPushButton, "approveReview"), Qt.MouseButton.LeftButton)
    assert "no number" in plan.report.findChild(QLabel, "reviewFault").text()
    field.setText("7")
    qtbot.mouseClick(plan.report.findChild(QPushButton, "approveReview"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not plan.running.active, timeout=10_000)
    made = plan.running.outputs("ask")
    assert (made["value"], made["approved"]) == (7, True)


def test_two_reviews_are_answered_one_after_the_other(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The second question comes once the first is answered; answers in own words are handed on."""
    draw(
        plan,
        Step("n", "value", {"value": 3}),
        Step("one", "review", {"question": "First?"}),
        Step("two", "review", {"question": "Second?"}),
        links=(Link("n", "value", "one", "value"), Link("n", "value", "two", "value")),
    )
    window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: len(plan.asking._waiting) == 2, timeout=10_000)
    assert plan.report.findChild(QLineEdit, "reviewValue") is None
    for _ in range(2):
        answer = plan.report.findChild(QLineEdit, "reviewAnswer")
        assert answer is not None
        answer.setText("later")
        qtbot.mouseClick(plan.report.findChild(QPushButton, "refuseReview"), Qt.MouseButton.LeftButton)
        qtbot.wait(20)
    qtbot.waitUntil(lambda: not plan.running.active, timeout=10_000)
    assert [plan.running.outputs(name)["answer"] for name in ("one", "two")] == ["later", "later"]


def test_unsaved_edits_of_the_project_are_what_runs(plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """The plan of the open model runs its text as it is now; an edit of it makes the plan stale."""
    plan.begin_from_model()
    run(plan, window, qtbot)
    assert plan.running.outputs("solve")["solved"].result.objective == pytest.approx(12)
    session = window.context.session
    text = session.problem.formulation.text
    session.apply(ReplaceText("type", text.index("3 *"), "3", "5", "model"))
    assert isinstance(session.problem.formulation, Formulation)
    qtbot.waitUntil(lambda: plan.board.view.look.marks["solve"].word == "stale")
    run(plan, window, qtbot)
    assert plan.running.outputs("solve")["solved"].result.objective == pytest.approx(20)


def test_the_executor_of_the_settings_is_asked_for(slow: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """With an executor that nobody offers, heavy steps say so and the light ones run; local again, all do."""
    preferences = window.context.preferences
    assert preferences is not None
    preferences.change(lambda s: replace(s, workflow_executor="nowhere", workflow_address="tcp://127.0.0.1:9"))
    run(slow, window, qtbot)
    assert (word(slow, "n"), word(slow, "a")) == (State.DONE, State.FAILED)
    assert "nowhere" in slow.report.findChild(QPushButton, "failed.a").text()
    preferences.change(lambda s: replace(s, workflow_executor="local", workflow_address=""))
    run(slow, window, qtbot)
    assert word(slow, "b") is State.DONE
