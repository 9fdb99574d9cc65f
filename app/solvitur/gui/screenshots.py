"""Screenshots of the real window: ``python -m solvitur.gui.screenshots OUT [--dark] [--scale 2]``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from solvitur.engine import events
from solvitur.engine.workflow.events import WorkflowDone
from solvitur.engine.workflow.patterns import patterns
from solvitur.gui.app import make_window
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.gui.screenshots_graphs import GraphPictures
from solvitur.gui.screenshots_plan import PlanPictures
from solvitur.gui.screenshots_words import WordsPictures
from solvitur.gui.stage import WELCOME
from solvitur.problem.document import Choice
from solvitur.problem.result import Limits

VIEWS = (
    *("welcome", "solving", "understand", "results", "words"),
    *("plan", "panels", "sizes", "patterns", "graphs"),
    *("palette", "help", "settings"),
)
"""The pictures that can be taken, in the order in which they are; those of several in one name are in light only."""
_PATTERN = "solver_comparison"
"""The ready workflow that is run for the picture of the Plan place."""
_SIZE = (1360, 850)
_SETTLE_S = 0.6
_LONG_S = 60.0
_SOLVING_S = 2.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Walks through the window with a bundled example and writes a PNG of each view; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m solvitur.gui.screenshots", description=main.__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--dark", action="store_true", help="dark colours")
    parser.add_argument("--scale", type=float, default=1.0, help="pixels for each logical pixel")
    parser.add_argument("--example", default="transport", help="the example to solve and look at")
    parser.add_argument("--hard", default="lot_sizing", help="the example to show while it is being solved")
    parser.add_argument("--only", choices=VIEWS, help="take this picture alone")
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = f"{given.scale:g}"
    with tempfile.TemporaryDirectory(prefix="solvitur-") as home:
        for name in ("CONFIG", "DATA", "STATE"):
            os.environ[f"SOLVITUR_{name}_DIR"] = str(Path(home) / name.lower())
        qInstallMessageHandler(_tell)
        app = QApplication(sys.argv[:1])
        window = make_window(app)
        window.context.theme.set_mode("dark" if given.dark else "light")
        walk = _Walk(app, window, given.out)
        large = given.scale != 1
        left_out = ("patterns", "sizes", "graphs") if large else ("patterns",) if given.dark else ()
        views = (given.only,) if given.only else tuple(name for name in VIEWS if name not in left_out)
        walk.all(given.example, given.hard, views)
        window.leave_now()
        app.processEvents()
    for path in walk.written:
        sys.stdout.write(f"{path}\n")
    return 0


def _tell(_kind: object, _context: object, text: str) -> None:
    """Passes Qt's messages on, but not what every offscreen window says of itself."""
    if not text.startswith("This plugin does not support"):
        sys.stderr.write(f"{text}\n")


class _Walk:
    """Goes from view to view as a person would, and takes a picture of each."""

    def __init__(self, app: QApplication, window: MainWindow, out: Path) -> None:
        self._app, self._window, self._out = app, window, out
        self._session = window.context.session
        self._seen: list[object] = []
        self._views: Sequence[str] = VIEWS
        self.written: list[Path] = []
        window.context.bridge.happened.connect(self._seen.append)
        out.mkdir(parents=True, exist_ok=True)

    def all(self, example: str, hard: str, views: Sequence[str]) -> None:
        """Takes the pictures asked for."""
        self._views = views
        self._window.resize(*_SIZE)
        self._window.show()
        self._window.start()
        welcome = self._window.stage.turn_to(WELCOME)
        self.wait(lambda: bool(getattr(welcome, "complete", True)), 20)
        self.take("welcome")
        if "solving" in views:
            self.open(hard)
            self.solving()
        if {"understand", "results", "palette"} & set(views):
            self.open(example)
            self.results()
        if "words" in views:
            WordsPictures(self._window, self).all()
        if "plan" in views:
            self.plan()
        plans = PlanPictures(self._window, self)
        for name, walk in (("panels", plans.panels), ("sizes", plans.sizes), ("patterns", plans.patterns)):
            if name in views:
                walk()
        if "graphs" in views:
            GraphPictures(self._window, self).all()
        self._window.context.actions.trigger("help.palette")
        self.take("palette")
        self._window.palette_box.leave()
        self.take("help", lambda: self._window.windows.show_help("language"))
        self.take("settings", self._window.windows.show_settings)

    def open(self, name: str) -> None:
        """Opens an example and shows it in Understand."""
        found = next((part.part for part in self._session.plugins.examples() if part.part.name == name), None)
        if found is None:
            return
        self._window.stage.turn_to(WELCOME)
        self._seen.clear()
        self._window.documents.open_example(found)
        self.wait(lambda: self._saw(events.ProjectOpened))
        self.wait(lambda: self._saw(events.Checked), 10)
        self._settle()

    def solving(self) -> None:
        """Starts a solve that takes a while, looks at it, and stops it."""
        if "solve" not in self._window.stage.pages:
            return
        self._window.stage.turn_to("solve")
        job = self._session.solve(Choice(limits=Limits(time_limit_s=_LONG_S, relative_gap=0.0)))
        self.wait(lambda: self._saw(events.Done), _SOLVING_S)
        self.take("solving")
        self._session.stop(job)
        self.wait(lambda: self._saw(events.Done))

    def results(self) -> None:
        """Solves, and looks at the model and the answer."""
        variables = next(iter(self._variables()), "")
        self._window.context.selection.select(variables)
        if "understand" in self._window.stage.pages:
            self._window.stage.turn_to("understand")
            self.take("understand")
        self._session.solve(replace(self._session.problem.choice, solver="auto"))
        self.wait(lambda: self._saw(events.Done))
        if "lookback" in self._window.stage.pages:
            self._window.stage.turn_to("lookback")
            self._settle()
            self.take("results")

    def plan(self) -> None:
        """Takes a ready workflow into the project, runs it, and looks at the graph."""
        self._session.new(discard=True)
        self._settle()
        place = self._window.stage.turn_to("plan")
        pattern = next((each for each in patterns() if each.name == _PATTERN), None)
        if not isinstance(place, PlanPlace) or pattern is None:
            return
        place.begin_from_pattern(pattern)
        self._settle()
        self._window.context.actions.trigger("plan.run")
        self.wait(lambda: self._saw(WorkflowDone), _LONG_S)
        self.take("plan")

    def take(self, name: str, show: Callable[[], QWidget] | None = None) -> None:
        """Writes a picture of the whole window, or of another one that is shown for it, if it was asked for."""
        if name not in self._views:
            return
        shown = self._window if show is None else show()
        self.shoot(name, shown)
        if shown is not self._window:
            shown.hide()

    def shoot(self, name: str, shown: QWidget) -> None:
        """Writes a picture of a widget."""
        self._settle(0.2)
        path = self._out / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        shown.grab().save(str(path))
        self.written.append(path)

    def wait(self, until: Callable[[], bool], seconds: float = 90.0) -> bool:
        """Lets the window work until something holds; tells whether it does."""
        end = time.monotonic() + seconds
        while not until() and time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)
        return until()

    def _settle(self, seconds: float = _SETTLE_S) -> None:
        self.wait(lambda: False, seconds)

    def _saw(self, kind: type) -> bool:
        return any(isinstance(event, kind) for event in self._seen)

    def _variables(self) -> list[str]:
        instance = self._session.instance()
        return [block.name for block in getattr(instance, "variables", ())]


if __name__ == "__main__":
    raise SystemExit(main())
