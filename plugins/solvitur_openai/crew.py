"""Threads that are used again; they end with the program, whatever they still wait for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

_IDLE_S = 5.0


class Crew:
    """Runs jobs at once, each on a thread of its own; idle ones are used again and leave after a while."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._idle = 0

    def run(self, job: Callable[[], None]) -> None:
        """Runs a job; it must not raise."""
        with self._lock:
            starting = self._idle == 0
            if not starting:
                self._idle -= 1
        self._jobs.put(job)
        if starting:
            threading.Thread(target=self._work, name="chat", daemon=True).start()

    def _work(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=_IDLE_S)
            except queue.Empty:
                with self._lock:
                    if self._idle > 0:
                        self._idle -= 1
                        return
                continue  # a job is on its way to this thread
            job()
            with self._lock:
                self._idle += 1
