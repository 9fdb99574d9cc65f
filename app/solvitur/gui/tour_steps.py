"""The steps of the tour, for the places and docks that this window has."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMainWindow, QWidget

from solvitur.gui.docks import Docks
from solvitur.gui.stage import WELCOME, Stage
from solvitur.gui.tour import TourStep

_PLACES = (
    (
        "understand",
        "Understand",
        "State the problem here: in words, as a model, and with its data. The views show one and the same model.",
    ),
    ("plan", "Plan", "Split a large problem into steps and wire them on a graph."),
    ("solve", "Solve", "Watch a run: the best answer so far closes in on what is proven to be possible."),
    (
        "lookback",
        "Look back",
        "See the answer as pictures and tables, whether our check of it passed, and how it compares with others.",
    ),
)


def tour_steps(window: QMainWindow, stage: Stage, docks: Docks) -> tuple[TourStep, ...]:
    """Lists the steps; a place or dock that is not there is left out."""
    found = partial(_find, window)
    steps = [
        TourStep(
            "Three ways to start",
            "Describe the problem in words, write a model, or open a file. The examples below are ready to solve.",
            partial(found, "welcome.starts"),
            partial(stage.turn_to, WELCOME),
        )
    ]
    for name, title, text in _PLACES:
        if name in stage.pages:
            steps.append(TourStep(title, text, partial(found, f"rail.{name}"), partial(stage.turn_to, name)))
    if docks.has("solver"):
        steps.append(
            TourStep(
                "The solver panel",
                "Solvitur picks the solver and says why. Press Solve, or F5; Stop keeps the best answer so far.",
                partial(found, "dock.solver"),
                partial(docks.open, "solver"),
            )
        )
    if docks.has("inspector"):
        steps.append(
            TourStep(
                "The inspector",
                "Select anything, in any view: here is what it is, and its values in the last run.",
                partial(found, "dock.inspector"),
                partial(docks.open, "inspector"),
            )
        )
    steps.append(
        TourStep(
            "Every action by name",
            "Press Ctrl+K and type a few letters. F1 explains whatever has the focus.",
            partial(found, "searchActions"),
        )
    )
    return tuple(steps)


def _find(window: QMainWindow, name: str) -> QWidget | None:
    return window.findChild(QWidget, name)
