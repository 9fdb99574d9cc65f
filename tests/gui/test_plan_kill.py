"""After `kill -9` of the window in the middle of a run, the next window goes on where it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from solvitur.engine.workflow.events import State
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.problem.document import Problem
from solvitur.workflow.model import Step, Workflow

WINDOW = """\
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from solvitur.gui.app import make_window
from solvitur.problem.document import Problem
from solvitur.workflow.model import Link, Step, Workflow

project, flag, out = map(Path, sys.argv[1:])
waits = f'''import os, time
def step(value):
    while not os.path.exists({str(flag)!r}):
        time.sleep(0.02)
    return value + 1
'''
counts = f'''def step(value):
    with open({str(out)!r}, "a") as file:
        file.write("x")
    return value * 2
'''
steps = (
    Step("n", "value", {"value": 3}),
    Step("a", "python", {"code": counts}, position=(272.0, 0.0)),
    Step("b", "python", {"code": waits}, position=(544.0, 0.0)),
)
links = (Link("n", "value", "a", "value"), Link("a", "out", "b", "value"))
app = QApplication([])
window = make_window(app)
window.show()
session = window.context.session
session.new(Problem("cut", workflow=Workflow("", steps, links)), discard=True)
session.save(project)
place = window.stage.turn_to("plan")
app.processEvents()
place.running.approve(place.workflow, ["a", "b"])
window.context.actions.trigger("plan.run")
end = time.monotonic() + 60
told = False
while time.monotonic() < end:
    app.processEvents()
    course = place.running.courses.get("a")
    if not told and course is not None and course.word == "done":
        note = place.running.noted
        if note is not None and note.done == 2:
            told = True
            print("a is done", flush=True)
    time.sleep(0.005)
"""


def test_a_killed_window_is_resumed_at_the_last_finished_step(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    """Opening the project again offers to resume; what was done is taken as it is, and only the rest runs."""
    project, flag, out = tmp_path / "cut.solvitur", tmp_path / "flag", tmp_path / "out.txt"
    script = tmp_path / "window.py"
    script.write_text(WINDOW, "utf-8")
    child = subprocess.Popen(
        [sys.executable, str(script), str(project), str(flag), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        text=True,
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline().strip() == "a is done"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert out.read_text() == "x"
    time.sleep(0.2)
    place = window.stage.turn_to("plan")
    assert isinstance(place, PlanPlace)
    window.context.session.open(project)
    qtbot.waitUntil(lambda: "cut short" in place.report.words)
    assert "2 of 3 steps" in place.report.words
    flag.write_text("go on", "utf-8")
    qtbot.mouseClick(place.report.findChild(QPushButton, "resumeRun"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(place.report.findChild(QPushButton, "approveAndRun"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not place.running.active and len(place.running.courses) == 3, timeout=60_000)
    states = {name: course.state for name, course in place.running.courses.items()}
    assert {name: state.state for name, state in states.items() if state} == dict.fromkeys("nab", State.DONE)
    assert {name: state.from_cache for name, state in states.items() if state} == {"n": True, "a": True, "b": False}
    assert place.running.outputs("b")["out"] == 7
    assert out.read_text() == "x"
    assert place.running.cut_short() is None


def test_a_run_that_ended_is_not_offered_again(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    """A project whose last run came to its end opens without a question, and its results are known still."""
    session = window.context.session
    session.new(Problem("whole", workflow=Workflow("", (Step("n", "value", {"value": 3}),))))
    place = window.stage.turn_to("plan")
    assert isinstance(place, PlanPlace)
    qtbot.wait(50)
    assert len(place.board.figure.nodes) == 1
    window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: not place.running.active)
    path = session.save(tmp_path / "whole.solvitur")
    qtbot.wait(50)
    session.new()
    session.open(path)
    qtbot.wait(50)
    assert place.report.words == ""
    window.context.actions.trigger("plan.run")
    qtbot.waitUntil(lambda: not place.running.active and "n" in place.running.courses)
    state = place.running.courses["n"].state
    assert state is not None
    assert state.from_cache
