"""Links seen from afar: those between the same two small squares are one line, thicker the more they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.gui.graphs.scenery import Scenery

CELL_PX = 9.0
"""How large a square is on the screen, at least; ends within one cannot be told apart by much."""


@dataclass(frozen=True, eq=False)
class Bundles:
    """Lines between squares of one size, those of the most links first."""

    level: int
    lines: np.ndarray
    """x and y of both ends, shape (k, 4)."""
    counts: np.ndarray
    """How many links each line stands for, shape (k,)."""
    within: int
    """How many links begin and end in the same square; they are not drawn."""


def level_for(zoom: float) -> int:
    """Returns the size of the squares that suits a zoom, as a power of two."""
    return int(np.ceil(np.log2(CELL_PX / zoom)))


def bundled(scenery: Scenery, level: int) -> Bundles:
    """Bundles the links that are shown."""
    network, size = scenery.network, 2.0**level
    cells = np.floor(scenery.places / size).astype(np.int64)
    cells -= cells.min(axis=0)
    across = int(cells[:, 1].max(initial=0)) + 1
    _, square = np.unique(cells[:, 0] * across + cells[:, 1], return_inverse=True)
    count = int(square.max(initial=-1)) + 1
    held = np.maximum(np.bincount(square, minlength=count), 1)
    middle = np.column_stack(
        [np.bincount(square, weights=scenery.places[:, axis], minlength=count) / held for axis in (0, 1)]
    )
    one, other = square[network.source[scenery.links]], square[network.target[scenery.links]]
    one, other = np.minimum(one, other), np.maximum(one, other)
    apart = one != other
    keys, counts = np.unique(one[apart] * count + other[apart], return_counts=True)
    most = np.argsort(-counts, kind="stable")
    keys, counts = keys[most], counts[most]
    lines = np.column_stack((middle[keys // max(count, 1)], middle[keys % max(count, 1)]))
    return Bundles(level, lines, counts, int((~apart).sum()))
