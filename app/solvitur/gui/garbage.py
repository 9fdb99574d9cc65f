"""Garbage: cycles of Python objects are freed on the window's thread alone.

Python looks for cycles on whatever thread happens to allocate. A cycle that holds a Qt object would then be deleted
on a background thread, which Qt does not allow and which ends the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

_EVERY_MS = 500
_OLDEST, _OLDEST_EVERY_MS = 2, 300_000
"""The generation that takes long to search, 0.2 s with a large model, and how often at most it is."""
_BURST = 30_000
"""So many new objects at once are no cycles of widgets, but data."""


class Garbage(QObject):
    """Takes the search for cycles over from Python until closed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def settle(self) -> None:
        """Leaves out of every later search what is there now, such as modules; called once the window stands."""
        gc.collect()
        gc.freeze()

    def look(self) -> None:
        """Searches the generations grown past Python's own thresholds, the oldest one seldom.

        Bursts of new objects are set aside instead, with the few cycles among them.
        """
        counts, thresholds = gc.get_count(), gc.get_threshold()
        if counts[0] > _BURST:
            # A long model was read: trees without cycles, which are freed without any search. Searching the half a
            # million objects of one of 2,000 lines takes 0.3 s of the window's time; setting them aside takes none.
            gc.freeze()
            return
        due = [age for age in range(_OLDEST + 1) if counts[age] > thresholds[age]]
        if _OLDEST in due and not self._since.hasExpired(_OLDEST_EVERY_MS):
            due.remove(_OLDEST)
        if due:
            gc.collect(max(due))
        if _OLDEST in due:
            self._since.restart()

    def close(self) -> None:
        """Gives the search back to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
