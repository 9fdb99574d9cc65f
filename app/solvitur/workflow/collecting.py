"""Preparing of large workflows."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Holds the collector of reference cycles off while a large graph is built.

    It would go through the growing graph again and again, find nothing to free, and take more time than the building.
    Memory is freed as ever meanwhile, but for cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
