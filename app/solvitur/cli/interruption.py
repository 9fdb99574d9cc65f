"""Ctrl+C and SIGTERM: the first asks the solver to stop and keeps its best answer, the second gives up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from solvitur.engine.solving import Task


@contextmanager
def stopping(task: Task, solving: threading.Event) -> Iterator[None]:
    """Lets signals stop a task; before it is ``solving``, and the second time, they interrupt the program."""

    def stop(number: int, frame: FrameType | None) -> None:
        if task.cancel.is_set() or not solving.is_set():
            raise KeyboardInterrupt
        task.cancel.set()

    if threading.current_thread() is not threading.main_thread():  # only there can signals be handled
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
