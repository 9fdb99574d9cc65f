"""Compiles the tour improver's code once per machine, into numba's cache; also ``python -m solvitur_tours.warming``.

Compiling takes some ten seconds of processor time. A solver that finds the cache cold lets a process of its own do
it, which goes on even if the solver's time is up, and answers by other means meanwhile.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np

from solvitur_tours.bounding import raised
from solvitur_tours.candidates import greedy_tour, near_by_grid
from solvitur_tours.distances import code_of
from solvitur_tours.flips import new_board
from solvitur_tours.improving import kick_and_settle, settle_all

_COMPILED = ("bounding", "candidates", "distances", "flips", "improving", "stepping")
LEVELS = (5, 3, 1, 1, 1, 1)
"""How many steps are tried at each level of the search."""


def stamp() -> Path:
    """Returns the file that is there once this very code is compiled for this machine."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version} {platform.node()} {platform.processor()}".encode())
    for name in _COMPILED:
        source = Path(__file__).with_name(f"{name}.py")
        digest.update(f"{source} {source.stat().st_mtime_ns}".encode())
    return Path(str(kick_and_settle.stats.cache_path)) / f"tours-{digest.hexdigest()[:16]}.warm"


def is_warm() -> bool:
    """Tells whether the code is compiled."""
    return stamp().exists()


def warm() -> None:
    """Compiles everything by improving a small tour, and leaves the stamp."""
    count = 40
    xy, matrix, code = np.random.default_rng(1).random((count, 2)), np.zeros((1, 1)), code_of("euclidean", "none")
    near = near_by_grid(xy, matrix, code, 6)
    apart = np.ascontiguousarray(np.sqrt(((xy[:, None] - xy[near]) ** 2).sum(-1)))
    ground, breadth = (near, apart, xy, matrix, code), np.array(LEVELS, np.int64)
    board = new_board(greedy_tour(near, xy, matrix, code).astype(np.int32), 1000, len(LEVELS))
    settle_all(board, ground, breadth, 1e-9)
    seed, partner = np.array([12345], np.uint64), np.full(count, -1, np.int32)
    kick_and_settle(10, board, ground, breadth, 1e-9, seed, partner, 0.0)
    raised(1, 1.0, np.zeros(count), 1.0, xy, matrix, code)
    place = stamp()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()


def warm_apart() -> subprocess.Popen[bytes]:
    """Starts compiling in a process of its own, which outlives this one."""
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "solvitur_tours.warming"]
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


if __name__ == "__main__":
    warm()
