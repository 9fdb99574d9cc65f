"""Work on large graphs in a process of its own, so that the window and the work do not wait for each other.

The two talk in frames of eight bytes of length and one ``.npz`` file: arrays go in, arrays come out.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Mapping
from typing import IO

import numpy as np

from solvitur.gui.graphs.work import Course

FROM_NODES = 5_000
"""Work on smaller graphs stays in a thread: it is done before a process has begun."""


def apart(task: str, given: Mapping[str, np.ndarray], course: Course) -> dict[str, np.ndarray]:
    """Has a task of `apart_tasks` done in another process, and returns what it returns.

    Raises
    ------
    GivenUpError
        If it was given up; the process is ended then.
    """
    course.check()
    command = [sys.executable, "-P", "-m", "solvitur.gui.graphs.apart_tasks", task]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            course.when_given_up(child.kill)
            assert child.stdin is not None
            assert child.stdout is not None
            write(child.stdin, given)
            return _answered(child.stdout, course)
    except BrokenPipeError:
        course.check()
        raise


def _answered(pipe: IO[bytes], course: Course) -> dict[str, np.ndarray]:
    """Passes on how far the work is, and returns what it came to."""
    while True:
        frame = read(pipe)
        course.check()
        if frame is None:
            raise RuntimeError("the process that works on a graph has ended by itself")
        share = frame.pop("share", None)
        if share is None:
            return frame
        course.tell(float(share), frame.get("so_far"))


def write(pipe: IO[bytes], arrays: Mapping[str, np.ndarray]) -> None:
    """Writes one frame."""
    held = io.BytesIO()
    np.savez(held, **arrays)  # type: ignore[arg-type]
    data = held.getvalue()
    pipe.write(len(data).to_bytes(8, "little"))
    pipe.write(data)
    pipe.flush()


def read(pipe: IO[bytes]) -> dict[str, np.ndarray] | None:
    """Reads one frame; None when the other side has ended."""
    head = pipe.read(8)
    if len(head) < 8:
        return None
    data = pipe.read(int.from_bytes(head, "little"))
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
