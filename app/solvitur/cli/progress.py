"""The progress line of a solve, on a terminal only."""

from __future__ import annotations

import time
from typing import TextIO

from solvitur.engine.events import Bound, Event, Incumbent, JobStarted, Progress
from solvitur.problem.result import relative_gap

_INTERVAL_S = 0.2
_WIDTH = 100


class ProgressLine:
    """Rewrites one line with solver, time, best answer, bound and gap; writes nothing where there is no terminal."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._shown = err.isatty()
        self._since = time.monotonic()
        self._due = 0.0
        self._solver = ""
        self._what = ""
        self._objective: float | None = None
        self._bound: float | None = None
        self._length = 0

    def hear(self, event: Event) -> None:
        """Takes an event in and redraws the line when it is time to."""
        if isinstance(event, JobStarted):
            self._solver, self._since = event.solver, time.monotonic()
        elif isinstance(event, Incumbent):
            self._objective = event.objective
        elif isinstance(event, Bound):
            self._bound = event.value
        elif isinstance(event, Progress):
            share = "" if event.fraction is None else f"{event.fraction:.0%} "
            self._what = share + event.text
        else:
            return
        if self._shown and time.monotonic() >= self._due:
            self._due = time.monotonic() + _INTERVAL_S
            self._draw()

    def clear(self) -> None:
        """Takes the line away."""
        if self._length:
            self._err.write("\r" + " " * self._length + "\r")
            self._err.flush()
            self._length = 0

    def _draw(self) -> None:
        parts = [f"{self._solver}  {time.monotonic() - self._since:.1f} s"]
        if self._objective is not None:
            parts.append(f"best {self._objective:.6g}")
        if self._bound is not None:
            parts.append(f"bound {self._bound:.6g}")
        gap = relative_gap(self._objective, self._bound)
        if gap is not None:
            parts.append(f"gap {gap:.2%}")
        line = "  ".join([*parts, self._what])[:_WIDTH]
        self._err.write("\r" + line.ljust(self._length))
        self._err.flush()
        self._length = len(line)
