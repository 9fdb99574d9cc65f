"""Every ready workflow runs to its end in the real window, questions answered as a person would."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from solvitur.engine.workflow.events import State
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.gallery import PatternCard
from solvitur.gui.plan.place import PlanPlace
from solvitur.hooks.contracts import Solved

PATTERNS = {
    "best_of_n_with_consensus": "check",
    "divide_conquer_reunite": "check",
    "fix_and_optimise": "check",
    "generate_verify_repair": "again",
    "human_approval": "plan",
    "recursive_decomposition": "check",
    "rolling_horizon": "check",
    "scenario_sweep": "table",
    "sensitivity_study": "rates",
    "solver_comparison": "table",
}
"""The ten patterns, each with the step to look at in the end."""


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_runs_to_its_end(name: str, plan: PlanPlace, window: MainWindow, qtbot: QtBot) -> None:
    """A click on its card, Run, Approve where it asks: every step is done, and its answer is verified."""
    card = plan.beginning.findChild(PatternCard, f"pattern.{name}")
    assert card is not None
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert plan.workflow.steps
    assert window.context.actions.trigger("plan.run"), plan.report.words

    def ended() -> bool:
        approve = plan.report.findChild(QPushButton, "approveReview")
        if approve is not None and approve.isVisible():
            qtbot.mouseClick(approve, Qt.MouseButton.LeftButton)
        return not plan.running.active

    qtbot.waitUntil(ended, timeout=120_000)
    qtbot.wait(20)
    words = {step: course.word for step, course in plan.running.courses.top()}
    assert words == {step.id: State.DONE for step in plan.workflow.steps}, plan.report.words
    assert plan.report.words == ""
    looked_at = PATTERNS[name]
    plan.go_to(looked_at)
    for made in plan.running.outputs(looked_at).values():
        if isinstance(made, Solved):
            assert made.result.answer is not None
            assert made.verification is not None
            assert made.verification.passed
    marks = plan.board.view.look.marks
    assert all(marks[step.id].icon == "good" for step in plan.workflow.steps)
    plan.grab()
