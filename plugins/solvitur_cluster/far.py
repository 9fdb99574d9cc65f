"""What a Dask worker runs: the entry that the engine names, with ways to tell and to be told."""

from __future__ import annotations

import importlib

from distributed import get_worker
from distributed.worker import thread_state


def begin(entry: str, task: bytes, topic: str) -> bytes:
    """Runs one task in a Dask worker; what it tells goes to ``topic``, with the task's key."""
    worker = get_worker()
    key = str(thread_state.key)

    def tell(said: bytes) -> None:
        worker.log_event(topic, {"key": key, "said": said})

    def cancelled() -> bool:
        task_state = worker.state.tasks.get(key)
        return task_state is None or task_state.state == "cancelled"

    module, _, function = entry.partition(":")
    made: bytes = getattr(importlib.import_module(module), function)(task, tell, cancelled)
    return made
