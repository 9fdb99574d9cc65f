"""Prints the longest gap of the window's event loop while it is busy: solving, typing, opening a large answer.

A timer ticks every 2 ms on the window's thread; the gap is the longest time between two ticks (goal: under 50 ms).
``--trace`` prints what every thread was doing in gaps near the goal. Processor time of other programs
counts as a gap too: the line "idle" tells how much of that there is on this machine.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

GOAL_MS = 50.0
TICK_MS = 2

LARGE = """\
set I = 1..1000
set J = 1..1000
param cost[i in I, j in J] = 1 + (i * 7 + j * 13) % 11
var x[I, J] >= 0
minimize total: sum(cost[i, j] * x[i, j] for i in I for j in J)
subject to enough[i in I]: sum(x[i, j] for j in J) >= i
"""


def long_model(lines: int) -> str:
    """Writes a model of that many lines."""
    parts = ["set Days = 1..7"]
    for number in range((lines - 2) // 2):
        parts.append(f'var make{number}[Days] >= 0  unit "piece"  "pieces of kind {number}"')
        parts.append(f"subject to most{number}[d in Days]: make{number}[d] <= {100 + number}")
    parts.append("minimize total: sum(make0[d] for d in Days)")
    return "\n".join(parts) + "\n"


class Watch:
    """Measures gaps of the event loop, and where the thread was in the long ones."""

    def __init__(self, trace: bool) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._last = time.perf_counter()
        self.longest_ms = 0.0
        self._closed = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        if trace:
            threading.Thread(target=self._look, daemon=True).start()

    def begin(self) -> None:
        """Forgets what was."""
        self.longest_ms, self._last = 0.0, time.perf_counter()

    def close(self) -> None:
        """Ends the measuring."""
        self._closed.set()
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000)
        self._last = now

    def _look(self) -> None:
        told = 0.0
        while not self._closed.wait(0.01):
            gap = (time.perf_counter() - self._last) * 1000
            if gap > GOAL_MS and told != self._last:
                told = self._last
                print(f"  a gap of more than {gap:.0f} ms, the window's thread last:", file=sys.stderr, flush=True)
                faulthandler.dump_traceback(sys.stderr)


class Bench:
    """Drives one window through the scenes."""

    def __init__(self, trace: bool) -> None:
        from PySide6.QtWidgets import QApplication

        from solvitur.gui.app import make_window

        self.app = QApplication(sys.argv[:1])
        self.window = make_window(self.app)
        self.session = self.window.context.session
        self.seen: list[object] = []
        self.window.context.bridge.happened.connect(self.seen.append)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.start()
        self.run(2.0)
        for page in self.window.stage.pages:
            self.window.stage.turn_to(page)
            self.run(0.5)
        self.watch = Watch(trace)

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Lets the event loop run for some time, or until something holds."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        end = time.perf_counter() + seconds
        timer = QTimer()
        timer.setInterval(10)
        timer.timeout.connect(lambda: loop.quit() if until() or time.perf_counter() > end else None)
        timer.start()
        loop.exec()

    def scene(self, title: str, play: Callable[[], None]) -> float:
        """Plays a scene and prints its longest gap."""
        self.watch.begin()
        play()
        print(f"{title:44s} {self.watch.longest_ms:7.1f} ms")
        return self.watch.longest_ms

    def open_text(self, text: str) -> None:
        """Opens a model as a new problem, checked."""
        from solvitur.engine import events
        from solvitur.problem.document import Formulation, Problem

        self.seen.clear()
        self.session.new(Problem("bench", formulation=Formulation(text=text)), discard=True)
        self.run(60, lambda: any(isinstance(event, events.Checked) for event in self.seen))

    def solve(self, seconds: float) -> None:
        """Solves the open problem, and waits for the end."""
        from solvitur.engine import events
        from solvitur.problem.document import Choice
        from solvitur.problem.result import Limits

        self.seen.clear()
        self.session.solve(Choice(limits=Limits(time_limit_s=seconds)))
        self.run(seconds + 60, lambda: any(isinstance(event, events.Done) for event in self.seen))

    def solving(self) -> None:
        """Watches a run with its live chart."""
        self.window.stage.turn_to("solve")
        self.solve(8.0)

    def typing(self) -> None:
        """Types into the model, thirty letters a second."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QPlainTextEdit

        place = self.window.stage.turn_to("understand")
        editor = max(place.findChildren(QPlainTextEdit), key=lambda field: field.document().blockCount())
        cursor = editor.textCursor()
        cursor.setPosition(editor.document().findBlockByNumber(1000).position())
        editor.setTextCursor(cursor)
        editor.setFocus()
        for letter in "# a remark that is typed in the middle of the model, letter by letter\n" * 2:
            QTest.keyClicks(editor, letter) if letter != "\n" else QTest.keyClick(editor, "\r")
            self.run(0.033)
        self.run(2.0)

    def open_answer(self) -> None:
        """Looks back at an answer of a million values, page by page."""
        place = self.window.stage.turn_to("lookback")
        self.run(6.0)
        for tabs in _tab_bars(place):
            for at in range(tabs.count()):
                tabs.setCurrentIndex(at)
                self.run(1.5)


def _tab_bars(place: object) -> list:  # type: ignore[type-arg]
    from PySide6.QtWidgets import QTabBar, QWidget

    assert isinstance(place, QWidget)
    return [bar for bar in place.findChildren(QTabBar) if bar.isVisible()]


def main() -> int:
    """Plays every scene; with ``--check`` the exit code is 1 when a gap is above the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trace", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", choices=("solve", "type", "open"))
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("CONFIG", "DATA", "STATE"):
            os.environ[f"SOLVITUR_{name}_DIR"] = str(Path(home) / name.lower())
        bench = Bench(given.trace)
        gaps = []
        print("longest gap of the event loop", f"(goal: under {GOAL_MS:.0f} ms)")
        bench.scene("idle", lambda: bench.run(3.0))
        if given.only in (None, "solve"):
            example = next(p.part for p in bench.session.plugins.examples() if p.part.name == "lot_sizing")
            bench.seen.clear()
            bench.window.documents.open_example(example)
            bench.run(10, lambda: bench.session.instance() is not None)
            gaps.append(bench.scene("while solving, with the live chart", bench.solving))
        if given.only in (None, "type"):
            bench.open_text(long_model(2000))
            gaps.append(bench.scene("while typing in a model of 2,000 lines", bench.typing))
        if given.only in (None, "open"):
            bench.open_text(LARGE)
            bench.window.stage.turn_to("solve")
            gaps.append(bench.scene("while solving for 1,000,000 values", lambda: bench.solve(60)))
            gaps.append(bench.scene("while opening an answer of 1,000,000 values", bench.open_answer))
        bench.watch.close()
        bench.window.leave_now()
    return int(given.check and max(gaps) > GOAL_MS)


if __name__ == "__main__":
    raise SystemExit(main())
