"""Long work beside the window that can be given up at any time: its thread is not waited for."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

_T = TypeVar("_T")
_TELL_EVERY_S = 0.08


class GivenUpError(Exception):
    """The work is not wanted any more."""


class Course:
    """What the work is given: it says how far it is and hears whether it is still wanted."""

    def __init__(self, tell: Callable[[float, Any], None]) -> None:
        self._tell = tell
        self._ended = threading.Event()
        self._endings: list[Callable[[], object]] = []
        self._last = 0.0

    @property
    def given_up(self) -> bool:
        """Whether the work is not wanted any more."""
        return self._ended.is_set()

    def give_up(self) -> None:
        """Asks the work to end; nothing of it arrives any more."""
        self._ended.set()
        for ending in self._endings:
            ending()

    def when_given_up(self, ending: Callable[[], object]) -> None:
        """Has something done, such as ending a process, as soon as the work is given up."""
        self._endings.append(ending)
        if self.given_up:
            ending()

    def check(self) -> None:
        """Ends the work if it is not wanted any more.

        Raises
        ------
        GivenUpError
            If it was given up.
        """
        if self._ended.is_set():
            raise GivenUpError

    def tell(self, share: float, so_far: Any = None) -> None:
        """Tells how far the work is, from 0 to 1, and what there is so far; not more often than people can see."""
        self.check()
        now = time.monotonic()
        if now - self._last >= _TELL_EVERY_S:
            self._last = now
            self._tell(share, so_far)


class Work(QObject):
    """One piece of work at a time; beginning another gives up the one before."""

    progress = Signal(float, object)
    _arrived = Signal(int, str, object, object)
    _numbers = itertools.count(1)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._course: Course | None = None
        self._number = 0
        self._done: Callable[[Any], None] = lambda _result: None
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def active(self) -> bool:
        """Whether something is being worked out."""
        return self._course is not None

    def begin(self, work: Callable[[Course], _T], done: Callable[[_T], None]) -> None:
        """Works in a thread of its own; ``done`` is called on the window's thread."""
        self.give_up()
        number = self._number = next(self._numbers)
        self._done = done
        course = Course(lambda share, so_far: self._send(course, number, "told", share, so_far))
        self._course = course

        def run() -> None:
            try:
                result = work(course)
            except GivenUpError:
                return
            except Exception as error:  # noqa: BLE001 - it is raised again on the window's thread
                self._send(course, number, "failed", error)
            else:
                self._send(course, number, "done", result)

        threading.Thread(target=run, name="graph-work", daemon=True).start()

    def give_up(self) -> None:
        """Drops the work in hand."""
        course, self._course = self._course, None
        if course is not None:
            course.give_up()

    def _send(self, course: Course, number: int, what: str, result: object, so_far: object = None) -> None:
        if course.given_up:
            return
        try:
            self._arrived.emit(number, what, result, so_far)
        except RuntimeError:  # the window is gone, and this object with it
            course.give_up()

    def _deliver(self, number: int, what: str, result: Any, so_far: object) -> None:
        if number != self._number or self._course is None:
            return
        if what == "told":
            self.progress.emit(result, so_far)
            return
        self._course = None
        if what == "failed":
            raise result
        self._done(result)
