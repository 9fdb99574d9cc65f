"""Work off the window's thread, such as reading a file, with its answer or failure brought back to it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from solvitur.problem.errors import SolviturError

_T = TypeVar("_T")


class Tasks(QObject):
    """One thread that does one thing after the other; ``busy`` tells what it does now (empty: nothing)."""

    busy = Signal(str)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="window-task")
        self._waiting = 0
        self._closed = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Whether nothing is being done or waiting."""
        return self._waiting == 0

    def run(
        self,
        title: str,
        work: Callable[[], _T],
        done: Callable[[_T], None],
        failed: Callable[[SolviturError], None],
    ) -> None:
        """Runs ``work`` in the background; ``done`` or ``failed`` is called on the window's thread."""
        if self._closed:
            return
        self._waiting += 1
        self.busy.emit(title)
        future: Future[Any] = self._pool.submit(work)
        future.add_done_callback(lambda made: self._arrive((made, done, failed)))

    def close(self) -> None:
        """Drops what waits and ends the thread after the work in hand; nothing is delivered any more."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _arrive(self, ended: tuple[Future[Any], Callable[[Any], None], Callable[[SolviturError], None]]) -> None:
        if not self._closed:
            self._ended.emit(ended)

    def _deliver(self, ended: tuple[Future[Any], Callable[[Any], None], Callable[[SolviturError], None]]) -> None:
        future, done, failed = ended
        self._waiting -= 1
        if self.idle:
            self.busy.emit("")
        if self._closed or future.cancelled():
            return
        error = future.exception()
        if isinstance(error, SolviturError):
            failed(error)
        elif isinstance(error, OSError):
            failed(SolviturError(sentence_of(error)))
        elif error is not None:
            raise error
        else:
            done(future.result())


def sentence_of(error: OSError) -> str:
    """Says what the system refused, with the file and without the exception's name."""
    why = (error.strerror or str(error)).rstrip(".")
    named = f"'{error.filename}': " if error.filename else ""
    return f"{named}{why[:1].lower()}{why[1:]}"
