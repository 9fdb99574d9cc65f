"""Presses a native solver's own stop button when the job's Stop button is pressed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from solvitur.api import Job

_EVERY_S = 0.05


@contextmanager
def watched(job: Job, interrupt: Callable[[], None]) -> Iterator[None]:
    """Watches the job from a thread of its own while the body runs, and calls ``interrupt`` once on Stop."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_S):
            if job.cancelled:
                interrupt()
                return

    watcher = threading.Thread(target=watch, name="stop-watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
