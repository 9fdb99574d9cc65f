"""Prints how long the window takes to open a project with a workflow of 10,000 steps, until its graph is painted.

The peer is the same project read without a window: what the window adds is the ratio. The gap is the longest time
in which the window's event loop stood still meanwhile. ``--only`` names some of: open, edit, zoom, text.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TICK_MS = 2
PARTS = ("open", "edit", "zoom", "text")


def workflow_of(count: int) -> object:
    """Builds a random DAG of ``count`` steps in columns, with about 1.4 links per step."""
    from solvitur.workflow.model import Link, Step, Workflow

    chance = random.Random(0)
    column = 100
    steps = tuple(
        Step(
            f"s{n}",
            "filter",
            {"where": f"x > {n}"} if n % 3 else {},
            f"Step {n}",
            (272.0 * (n // column), 96.0 * (n % column)),
        )
        for n in range(count)
    )
    links = [
        Link(f"s{source}", "table", f"s{n}", "table")
        for n in range(column, count)
        for source in [n - column + chance.randint(-2, 2)]
        if 0 <= source < n
    ]
    return Workflow("Large", steps, tuple(links))


class Bench:
    """One window over one project file."""

    def __init__(self, folder: Path, count: int) -> None:
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtWidgets import QApplication

        from solvitur.gui.app import make_window
        from solvitur.problem.document import Problem

        self.app = QApplication(sys.argv[:1])
        self.window = make_window(self.app)
        self.session = self.window.context.session
        self.window.resize(1360, 850)
        self.window.show()
        self.window.start()
        self.place = self.window.stage.turn_to("plan")
        self.wait(lambda: not self.window.stage.unbuilt, 20)
        self.path = folder / "large.solvitur"
        self.session.new(Problem("large", workflow=workflow_of(count)), discard=True)
        self.session.save(self.path)
        self.session.new(discard=True)
        self.wait(lambda: False, 0.5)
        self._last, self.longest_ms = time.perf_counter(), 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000)
        self._last = now

    def wait(self, until: Callable[[], bool], seconds: float) -> None:
        """Lets the window work until something holds."""
        end = time.perf_counter() + seconds
        while not until() and time.perf_counter() < end:
            self.app.processEvents()
            time.sleep(0.0005)

    def measure(self, title: str, act: Callable[[], object], until: Callable[[], bool]) -> float:
        """Prints how long something takes until it is seen, and the longest gap of the event loop in it."""
        self._last, self.longest_ms = time.perf_counter(), 0.0
        began = time.perf_counter()
        act()
        self.wait(until, 60)
        self.place.board.view.viewport().repaint()
        seconds = time.perf_counter() - began
        self.wait(lambda: False, 0.3)
        print(f"{title:36s} {seconds:6.3f} s   longest gap {self.longest_ms:6.0f} ms")
        return seconds


def read_alone(path: Path, folder: Path) -> float:
    """Returns the seconds that reading the project takes without a window."""
    from solvitur.engine.folders import Folders
    from solvitur.engine.session import Session
    from solvitur.hooks.loading import Plugins

    session = Session(Plugins(), Folders(folder / "c", folder / "d", folder / "s"))
    began = time.perf_counter()
    session.open(path)
    seconds = time.perf_counter() - began
    session.close(discard=True)
    return seconds


def main() -> int:
    """Opens, edits and zooms a large workflow; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--only", choices=PARTS, nargs="*", default=PARTS)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("CONFIG", "DATA", "STATE"):
            os.environ[f"SOLVITUR_{name}_DIR"] = str(Path(home) / name.lower())
        bench = Bench(Path(home), given.steps)
        alone = read_alone(bench.path, Path(home) / "alone")
        place, session = bench.place, bench.session
        print(f"{given.steps} steps, read without a window        {alone:6.3f} s")
        took = bench.measure(
            "opened and painted in the window",
            lambda: session.open(bench.path),
            lambda: len(place.board.figure.nodes) == given.steps,
        )
        print(f"{'the window takes, times the reading':36s} {took / alone:6.2f}")
        if "edit" in given.only:
            workflow = place.workflow
            bench.measure(
                "one option changed",
                lambda: place.editing.change("set", "s42", options={"where": "y > 1"}),
                lambda: place.board._plain is not None and place.workflow is not workflow,
            )
            bench.measure(
                "undone", session.undo, lambda: place.workflow.step("s42").options == workflow.step("s42").options
            )
        if "zoom" in given.only:
            bench.measure(
                "zoomed in and out",
                lambda: (place.board.view.zoom_by(8.0, place.rect().center()), place.board.view.fit()),
                lambda: True,
            )
        if "text" in given.only:
            bench.measure("shown as text", place.show_text, lambda: len(place.text.editor.toPlainText()) > 1000)
        bench.window.leave_now()
        bench.app.processEvents()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
