"""Forces that spread a graph of any size: links pull, everything else pushes, and the push is felt through a mesh.

The push of all nodes on one is worked out as in particle-mesh simulations: the nodes are shared out over the points
of a mesh, the field of the mesh comes from convolutions (by Fourier transforms), and every node reads it where it is.
That costs as much per round as sorting the nodes, however many there are. Small graphs are pushed pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

SPACING = 60.0
"""How far apart neighbours end up, in units of the canvas."""
_EXACT_UP_TO = 600
_PIVOTS = 24
_ROUNDS, _ROUNDS_LARGE = 180, 90
_LARGE = 20_000
_MESHES, _POINTS = (64, 96, 128, 192, 256, 384, 512), 2.5
"""Sides of meshes (sizes that Fourier transforms are quick with), and how many points there are to a node's room."""
_SEED = 1

Told = Callable[[float, np.ndarray], None]
"""Called now and then with the share that is done and the places so far, shape (n, 2); may raise to stop."""


def spread(count: int, source: np.ndarray, target: np.ndarray, told: Told) -> np.ndarray:
    """Returns places for the nodes of one connected graph, shape (n, 2), always the same for the same graph."""
    if count == 1:
        return np.zeros((1, 2))
    places = begin(count, source, target)
    told(0.05, places)
    rounds = _ROUNDS_LARGE if count > _LARGE else _ROUNDS
    hottest = max(SPACING * np.sqrt(count) * (0.1 if count <= _EXACT_UP_TO else 0.03), SPACING)
    push = _pushed_exactly if count <= _EXACT_UP_TO else _Mesh(count).push
    for turn in range(rounds):
        moves = push(places) + _pulled(places, source, target)
        length = np.hypot(moves[:, 0], moves[:, 1])
        heat = SPACING * 0.05 + (hottest - SPACING * 0.05) * (1 - turn / rounds) ** 2
        places = places + moves * (np.minimum(length, heat) / np.maximum(length, 1e-9))[:, None]
        if turn % 4 == 3:
            told(0.05 + 0.95 * turn / rounds, places)
    centred: np.ndarray = places - places.mean(axis=0)
    return centred


def begin(count: int, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns first places from the distances to a few far-apart nodes (pivot scaling)."""
    starts, others = _neighbours(count, source, target)
    pivots = min(_PIVOTS, count)
    distances = np.zeros((count, pivots))
    nearest = np.full(count, np.inf)
    pivot = int(np.argmax(np.diff(starts)))
    for at in range(pivots):
        distances[:, at] = _steps_from(pivot, starts, others)
        nearest = np.minimum(nearest, distances[:, at])
        pivot = int(np.argmax(nearest))
    squares = distances**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, -2:][:, ::-1] if pivots > 1 else np.ones((1, 2))
    places: np.ndarray = centred @ axes
    places /= np.maximum(places.std(axis=0), 1e-9)
    dice = np.random.default_rng(_SEED)
    places += dice.normal(0, 0.05, places.shape)
    places *= SPACING * np.sqrt(count) / 3
    return places


def _neighbours(count: int, source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ends, others = np.concatenate((source, target)), np.concatenate((target, source))
    order = np.argsort(ends, kind="stable")
    return np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=count)))), others[order]


def _steps_from(start: int, starts: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Returns how many links every node is away from one."""
    steps = np.full(len(starts) - 1, -1, dtype=np.int64)
    steps[start] = 0
    front = np.array([start])
    depth = 0
    while len(front):
        depth += 1
        reached = others[spans(starts, front)]
        front = np.unique(reached[steps[reached] < 0])
        steps[front] = depth
    return np.where(steps < 0, depth, steps)


def spans(starts: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """Returns the positions in a compressed list of all that belongs to some nodes."""
    sizes = starts[nodes + 1] - starts[nodes]
    first = np.cumsum(sizes) - sizes
    places: np.ndarray = np.arange(int(sizes.sum())) - np.repeat(first, sizes) + np.repeat(starts[nodes], sizes)
    return places


def _pulled(places: np.ndarray, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Links pull by the square of their length."""
    way = places[target] - places[source]
    pull = way * (np.hypot(way[:, 0], way[:, 1]) / SPACING)[:, None]
    count = len(places)
    return np.column_stack(
        [
            np.bincount(source, weights=pull[:, axis], minlength=count)
            - np.bincount(target, weights=pull[:, axis], minlength=count)
            for axis in (0, 1)
        ]
    )


def _pushed_exactly(places: np.ndarray) -> np.ndarray:
    """Every node pushes every other, by the inverse of the distance."""
    way = places[:, None, :] - places[None, :, :]
    square = np.maximum((way**2).sum(axis=2), (0.01 * SPACING) ** 2)
    pushed: np.ndarray = (way * (SPACING**2 / square)[:, :, None]).sum(axis=1)
    return pushed


class _Mesh:
    """The same push through a square mesh of points; within a cell it fades."""

    def __init__(self, count: int) -> None:
        self.side = next((side for side in _MESHES if side >= _POINTS * np.sqrt(count)), _MESHES[-1])
        steps = np.arange(2 * self.side)
        steps = np.where(steps < self.side, steps, steps - 2 * self.side).astype(np.float64)
        across, down = np.meshgrid(steps, steps, indexing="ij")
        strength = 1 / np.maximum(across**2 + down**2, 0.5)
        self._kernels = [np.fft.rfft2(way * strength) for way in (across, down)]

    def push(self, places: np.ndarray) -> np.ndarray:
        """Returns the push of all nodes on each, shape (n, 2)."""
        low = places.min(axis=0)
        size = float((places.max(axis=0) - low).max()) * 1.02 + 1e-6
        cell = size / (self.side - 2)
        at = (places - low) / cell + 0.5
        corner = np.floor(at).astype(np.int64)
        part = at - corner
        shares = []
        for right in (0, 1):
            for down in (0, 1):
                share = np.abs(1 - right - part[:, 0]) * np.abs(1 - down - part[:, 1])
                shares.append(((corner[:, 0] + right) * self.side + corner[:, 1] + down, share))
        points = self.side * self.side
        masses = sum(np.bincount(spot, weights=share, minlength=points) for spot, share in shares)
        around = (2 * self.side, 2 * self.side)
        spectrum = np.fft.rfft2(np.asarray(masses).reshape(self.side, self.side), s=around)
        pushed = np.zeros(places.shape)
        for axis, kernel in enumerate(self._kernels):
            field = np.fft.irfft2(spectrum * kernel, s=around)[: self.side, : self.side].reshape(-1)
            pushed[:, axis] = sum(field[spot] * share for spot, share in shares) * (SPACING**2 / cell)
        return pushed
