"""Whether a quadratic objective is convex for its sense: exact on small connected parts, searched on large ones."""

from __future__ import annotations

import numpy as np

from solvitur.problem.instance import SparseRows

_DENSE = 800
"""Connected parts of up to this many columns have their eigenvalues computed; beyond, a descent looks for
a direction of negative curvature."""
_STEPS = 300


def is_convex(hessian: SparseRows, sense: str) -> bool:
    """Tells whether ``x'Qx`` is convex (for ``min``) or concave (for ``max``), to rounding accuracy.

    For connected parts above 800 columns a negative curvature that `_STEPS` steps of a power
    iteration do not find is taken as absent.
    """
    sign = -1.0 if sense == "max" else 1.0
    row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
    column, value = np.asarray(hessian.column, dtype=np.int64), sign * hessian.value
    used = value != 0
    row, column, value = row[used], column[used], value[used]
    diagonal = np.zeros(hessian.rows)
    np.add.at(diagonal, row[row == column], value[row == column])
    scale = float(np.abs(value).max(initial=0.0))
    if (diagonal < -1e-12 * scale).any():
        return False
    part = _parts(hessian.rows, row, column)
    order = np.argsort(part[row], kind="stable")
    row, column, value, key = row[order], column[order], value[order], part[row][order]
    edges = np.flatnonzero(np.diff(key)) + 1
    groups = zip(*(np.split(array, edges) for array in (row, column, value)), strict=True)
    return all(_curves_up(*group) for group in groups if group[0].size and (group[0] != group[1]).any())


def _parts(size: int, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Labels each column with the smallest column it is connected to."""
    part = np.arange(size)
    while True:
        smaller = part.copy()
        np.minimum.at(smaller, row, part[column])
        np.minimum.at(smaller, column, part[row])
        smaller = smaller[smaller]
        if np.array_equal(smaller, part):
            return part
        part = smaller


def _curves_up(row: np.ndarray, column: np.ndarray, value: np.ndarray) -> bool:
    names, places = np.unique(np.concatenate([row, column]), return_inverse=True)
    i, j = places[: len(row)], places[len(row) :]
    size = len(names)
    if size <= _DENSE:
        dense = np.zeros((size, size))
        np.add.at(dense, (i, j), value)
        values = np.linalg.eigvalsh((dense + dense.T) / 2)
        return bool(values[0] >= -1e-9 * max(abs(values[0]), abs(values[-1])))
    return _least_curvature(i, j, value, size) >= -1e-9 * float(np.abs(value).max())


def _least_curvature(i: np.ndarray, j: np.ndarray, value: np.ndarray, size: int) -> float:
    """Estimates the smallest eigenvalue from above, by a power iteration shifted past the largest."""
    shift = float(np.bincount(i, weights=np.abs(value), minlength=size).max())
    point = np.random.default_rng(0).standard_normal(size)
    least = np.inf
    for _ in range(_STEPS):
        point /= np.linalg.norm(point)
        image = np.bincount(i, weights=value * point[j], minlength=size)
        least = min(least, float(point @ image))
        point = shift * point - image
    return least
