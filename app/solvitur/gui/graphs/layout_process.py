"""Layouts of large graphs in a process of their own, so that the window and the layout do not wait for each other.

The two talk in frames of eight bytes of length and one ``.npz`` file: the graph goes in, places come out.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from typing import IO

import numpy as np

from solvitur.gui.graphs.layouts import arranged
from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.work import Course

FROM_NODES = 5_000
"""Smaller graphs are laid out in a thread: that is done before a process has begun."""
_TELL_EVERY_S = 0.5
_NICE = 10
"""The window goes first where there is not a processor for each."""


def arranged_apart(network: Network, layout: str, course: Course) -> np.ndarray:
    """Returns what `layouts.arranged` does, worked out in another process.

    Raises
    ------
    GivenUpError
        If it was given up; the process is ended then.
    """
    parts = {"source": network.source, "target": network.target, "group": network.group}
    if network.positions is not None:
        parts["positions"] = network.positions
    flags = {"count": len(network), "directed": network.directed, "layered": network.layered}
    command = [sys.executable, "-m", "solvitur.gui.graphs.layout_process", layout]
    course.check()
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            course.when_given_up(child.kill)
            assert child.stdin is not None
            assert child.stdout is not None
            _write(child.stdin, {**parts, **{name: np.array(value) for name, value in flags.items()}})
            return _answered(child.stdout, course)
    except BrokenPipeError:
        course.check()
        raise


def _answered(pipe: IO[bytes], course: Course) -> np.ndarray:
    """Passes on how far the layout is, and returns it in the end."""
    while True:
        frame = _read(pipe)
        course.check()
        if frame is None:
            raise RuntimeError("the process that arranges a graph has ended by itself")
        if "done" in frame:
            return np.asarray(frame["done"], np.float64)
        course.tell(float(frame["share"]), np.asarray(frame["places"], np.float64))


def main(layout: str, given: IO[bytes], answer: IO[bytes]) -> None:
    """Reads a graph, and writes places now and then and at the end."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    frame = _read(given)
    if frame is None:
        return
    count = int(frame["count"])
    network = Network(
        "",
        tuple(map(str, range(count))),
        frame["source"],
        frame["target"],
        np.ones(len(frame["source"])),
        directed=bool(frame["directed"]),
        group=frame["group"],
        positions=frame.get("positions"),
        layered=bool(frame["layered"]),
    )
    last = time.monotonic()

    def told(share: float, places: np.ndarray) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _TELL_EVERY_S:
            last = now
            _write(answer, {"share": np.array(share), "places": places.astype(np.float32)})

    _write(answer, {"done": arranged(network, layout, told)})


def _write(pipe: IO[bytes], arrays: dict[str, np.ndarray]) -> None:
    held = io.BytesIO()
    np.savez(held, **arrays)  # type: ignore[arg-type]
    data = held.getvalue()
    pipe.write(len(data).to_bytes(8, "little"))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> dict[str, np.ndarray] | None:
    """Reads one frame; None when the other side has ended."""
    head = pipe.read(8)
    if len(head) < 8:
        return None
    data = pipe.read(int.from_bytes(head, "little"))
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
