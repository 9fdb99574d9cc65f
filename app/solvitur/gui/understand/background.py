"""Work off the window's thread, where only the latest question of each kind is answered."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class _Answer:
    key: str
    stamp: int
    future: Future[Any]
    done: Callable[[Any], None]


class Background(QObject):
    """One thread for work that would hold the window up; answers arrive on the window's thread.

    ``thinking`` is held while it works: see `Session.thinking`.
    """

    _arrived = Signal(object)

    def __init__(self, thinking: threading.Lock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thinking = thinking
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="understand")
        self._stamps = itertools.count(1)
        self._latest: dict[str, int] = {}
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(self, key: str, work: Callable[[], _T], done: Callable[[_T], None]) -> None:
        """Runs ``work`` in the background and hands its result to ``done``, unless ``key`` is asked again first."""
        if self._closed:
            return
        stamp = self._latest[key] = next(self._stamps)
        future: Future[Any] = self._pool.submit(self._work, key, stamp, work)
        future.add_done_callback(lambda made: self._finished(_Answer(key, stamp, made, done)))

    def forget(self, key: str) -> None:
        """Drops the open question of a key."""
        self._latest.pop(key, None)

    def close(self) -> None:
        """Ends the thread after the work in hand; what waits is dropped."""
        self._closed = True
        self._latest.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, key: str, stamp: int, work: Callable[[], Any]) -> Any:
        with self._thinking:
            return work() if self._latest.get(key) == stamp else None

    def _finished(self, answer: _Answer) -> None:
        if not self._closed:
            self._arrived.emit(answer)

    def _deliver(self, answer: _Answer) -> None:
        if self._closed or self._latest.get(answer.key) != answer.stamp:
            return
        del self._latest[answer.key]
        try:
            result = answer.future.result()
        except CancelledError:
            return
        answer.done(result)
