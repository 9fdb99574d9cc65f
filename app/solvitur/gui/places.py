"""The places and docks of the window, imported by name and only when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from solvitur.gui.context import Context


@dataclass(frozen=True)
class Part:
    """A place or dock: where its widget class is, how it is called, and the help page it opens."""

    id: str
    title: str
    icon: str
    module: str
    class_name: str
    help: str

    @property
    def present(self) -> bool:
        """Whether this installation has it."""
        try:
            return find_spec(self.module) is not None
        except ModuleNotFoundError:
            return False

    def build(self, context: Context) -> QWidget:
        """Imports and makes the widget."""
        made = cast(QWidget, getattr(import_module(self.module), self.class_name)(context))
        made.setProperty("helpPage", self.help)
        if not made.objectName():
            made.setObjectName(self.id)
        if not made.accessibleName():
            made.setAccessibleName(self.title)
        return made


@dataclass(frozen=True)
class DockPart(Part):
    """A dock and where it first stands."""

    area: Qt.DockWidgetArea = Qt.DockWidgetArea.RightDockWidgetArea


_GUI = "solvitur.gui"

PLACES = (
    Part("understand", "Understand", "understand", f"{_GUI}.understand.place", "UnderstandPlace", "understand"),
    Part("plan", "Plan", "plan", f"{_GUI}.plan.place", "PlanPlace", "plan"),
    Part("solve", "Solve", "solve", f"{_GUI}.solve.place", "SolvePlace", "solve"),
    Part("lookback", "Look back", "lookback", f"{_GUI}.lookback.place", "LookBackPlace", "look-back"),
)

DOCKS = (
    DockPart(
        "solver",
        "Solver",
        "solve",
        f"{_GUI}.solve.panel",
        "SolverPanel",
        "solver-panel",
        area=Qt.DockWidgetArea.BottomDockWidgetArea,
    ),
    DockPart("inspector", "Inspector", "inspect", f"{_GUI}.inspector", "Inspector", "inspector"),
)
