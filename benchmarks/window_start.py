"""Prints the time from process start to the first painted window, against a bare PySide6 + pyqtgraph window.

Both run in processes of their own, in turn, in one run; the ratio of the medians is what counts (at most 1.5).
The processor time is printed too: it tells more on a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7
GOAL = 1.5

_PAINTED = """
import sys, time
def report(app, window):
    window.show()
    while window.windowHandle() is None or not window.windowHandle().isExposed():
        app.processEvents()
    app.processEvents()  # the exposed window is painted now
    print(time.time() - float(sys.argv[1]), time.process_time())
"""

BARE = (
    _PAINTED
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
app = QApplication(sys.argv[:1])
window = QMainWindow()
window.resize(1280, 800)
window.setCentralWidget(pyqtgraph.PlotWidget())
report(app, window)
"""
)

OURS = (
    _PAINTED
    + """
from PySide6.QtWidgets import QApplication
from solvitur.gui.app import make_window
from solvitur.hooks.loading import Plugins
app = QApplication(sys.argv[:1])
window = make_window(app, Plugins())  # as run_window does: plugins are loaded once the window is painted
window.restore_layout()
report(app, window)
window.leave_now()
"""
)


def seconds_to_paint(script: str, environment: dict[str, str]) -> tuple[float, float]:
    """Starts a process; returns the seconds on the clock, and of the processor, until its window was painted."""
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", script, repr(started)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    wall, processor = done.stdout.strip().splitlines()[-1].split()
    return float(wall), float(processor)


def main() -> int:
    """Measures and prints; exit code 1 when the ratio is above the goal and ``--check`` was given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--check", action="store_true", help="fail above the goal")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment |= {
            f"SOLVITUR_{name}_DIR": str(Path(home) / name.lower()) for name in ("CONFIG", "DATA", "STATE")
        }
        for script in (BARE, OURS):
            seconds_to_paint(script, environment)
        times: dict[str, list[tuple[float, float]]] = {BARE: [], OURS: []}
        for _ in range(given.rounds):
            for script, found in times.items():
                found.append(seconds_to_paint(script, environment))
    medians = [[statistics.median(column) for column in zip(*found, strict=True)] for found in times.values()]
    (bare, bare_processor), (ours, ours_processor) = medians
    print(f"bare PySide6 + pyqtgraph window  {bare:6.3f} s   processor {bare_processor:6.3f} s")
    print(f"Solvitur's window                {ours:6.3f} s   processor {ours_processor:6.3f} s")
    print(f"ratio                            {ours / bare:6.2f}     processor {ours_processor / bare_processor:6.2f}")
    print(f"goal                             {GOAL:6.2f}")
    return int(given.check and ours / bare > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
