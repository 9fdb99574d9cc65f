"""Distances between cities inside compiled code: from coordinates by metric and rounding, or from a matrix."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from solvitur_routing.metrics import METRICS, ROUNDINGS, between

MATRIX_CODE = 0
_COMPILED = ("euclidean", "manhattan", "maximum", "pseudo-euclidean")


def code_of(metric: str, rounding: str) -> int:
    """Returns the number by which compiled code knows a metric with its rounding; 0 for a matrix."""
    if metric not in _COMPILED:
        return MATRIX_CODE
    return 1 + _COMPILED.index(metric) * len(ROUNDINGS) + ROUNDINGS.index(rounding)


def table_of(positions: np.ndarray, metric: str, rounding: str) -> np.ndarray:
    """Tables the distances of a metric that compiled code does not know, shape (n, n)."""
    assert metric in METRICS
    found = np.empty((len(positions), len(positions)))
    step = max(1, 1_000_000 // len(positions))
    for at in range(0, len(positions), step):
        found[at : at + step] = between(positions[at : at + step, None], positions[None], metric, rounding)
    return found


@njit(cache=True)
def way(a: int, b: int, xy: np.ndarray, matrix: np.ndarray, code: int) -> float:
    """Returns the distance from city a to city b."""
    if code == 0:
        return float(matrix[a, b])
    dx = abs(xy[a, 0] - xy[b, 0])
    dy = abs(xy[a, 1] - xy[b, 1])
    metric = (code - 1) // 6
    rounding = (code - 1) % 6
    if metric == 0:
        plain = math.sqrt(dx * dx + dy * dy)
    elif metric == 1:
        plain = dx + dy
    elif metric == 2:
        plain = max(dx, dy)
    else:
        plain = math.sqrt((dx * dx + dy * dy) / 10.0)
        near = math.floor(plain + 0.5)
        return near + 1.0 if near < plain else near
    if rounding == 0:
        return plain
    if rounding == 1:
        return math.floor(plain + 0.5)
    if rounding == 2:
        return math.floor(plain)
    if rounding == 3:
        return math.ceil(plain)
    if rounding == 4:
        return math.floor(plain * 10.0) / 10.0
    return float(np.rint(plain * 1000.0)) / 1000.0
