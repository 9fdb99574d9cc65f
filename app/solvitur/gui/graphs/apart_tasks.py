"""The other process of `apart`: layouts, communities and pattern search of large graphs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import IO, Any

import numpy as np

from solvitur.gui.graphs.apart import read, write
from solvitur.gui.graphs.communities import partition
from solvitur.gui.graphs.layouts import placed
from solvitur.gui.graphs.matches import fits
from solvitur.gui.graphs.work import Course

TASKS: dict[str, Callable[[Mapping[str, np.ndarray], Course], dict[str, np.ndarray]]] = {
    "layout": placed,
    "communities": partition,
    "matches": fits,
}
"""What can be done here, by name."""
_TELL_EVERY_S = 0.5
_NICE = 10
"""The window goes first where there is not a processor for each."""


def main(task: str, given: IO[bytes], answer: IO[bytes]) -> None:
    """Reads the arrays of a task, and writes now and then how far it is, and in the end what it came to."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    arrays = read(given)
    if arrays is None:
        return
    last = time.monotonic()

    def tell(share: float, so_far: Any) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _TELL_EVERY_S:
            last = now
            places = {} if so_far is None else {"so_far": so_far.astype(np.float32)}
            write(answer, {"share": np.array(share), **places})

    write(answer, TASKS[task](arrays, Course(tell)))


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(1)  # whoever asked is gone, and nobody is left to be told
