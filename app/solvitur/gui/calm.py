"""Keeps the interpreter's own work from holding the window up."""

from __future__ import annotations

import gc
import sys

_TURN_S = 0.0005
"""A background thread gives way to the window after this long; Python's own 5 ms add up at every event."""
_THRESHOLDS = (5_000, 10, 1_000)
"""Young objects are looked through as they come; looking through all objects takes 0.2 s and happens seldom."""


def calm_interpreter() -> None:
    """Makes turns of threads short, and leaves what is loaded by now out of every search for garbage."""
    sys.setswitchinterval(_TURN_S)
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
