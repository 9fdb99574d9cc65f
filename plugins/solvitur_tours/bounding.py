"""How short a tour can be at best: the 1-tree bound of Held and Karp (1970, 1971), raised by penalties; compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from solvitur_tours.distances import way


@njit(cache=True, nogil=True)
def one_tree(penalty: np.ndarray, degree: np.ndarray, xy: np.ndarray, matrix: np.ndarray, code: int) -> float:
    """Returns the weight of the least 1-tree under penalties, less twice their sum; fills ``degree``."""
    n = len(penalty)
    best, parent = np.full(n, np.inf), np.zeros(n, np.int64)
    inside = np.zeros(n, np.bool_)
    degree[:] = 0
    weight, now = 0.0, 1
    inside[0] = inside[1] = True
    for _ in range(n - 2):
        nearest, least = -1, np.inf
        for other in range(1, n):
            if inside[other]:
                continue
            length = way(now, other, xy, matrix, code) + penalty[now] + penalty[other]
            if length < best[other]:
                best[other], parent[other] = length, now
            if best[other] < least:
                nearest, least = other, best[other]
        inside[nearest] = True
        weight += least
        degree[nearest] += 1
        degree[parent[nearest]] += 1
        now = nearest
    first, second, a, b = np.inf, np.inf, -1, -1
    for other in range(1, n):
        length = way(0, other, xy, matrix, code) + penalty[0] + penalty[other]
        if length < first:
            first, second, b, a = length, first, a, other
        elif length < second:
            second, b = length, other
    degree[0] = 2
    degree[a] += 1
    degree[b] += 1
    return float(weight + first + second - 2.0 * penalty.sum())


@njit(cache=True, nogil=True)
def raised(
    rounds: int,
    target: float,
    penalty: np.ndarray,
    step: float,
    xy: np.ndarray,
    matrix: np.ndarray,
    code: int,
) -> tuple[float, float]:
    """Raises the bound for some rounds towards a tour's length; returns the best bound and the next step size."""
    n = len(penalty)
    degree, before = np.zeros(n, np.int64), np.zeros(n)
    best, stale = -np.inf, 0
    for _ in range(rounds):
        bound = one_tree(penalty, degree, xy, matrix, code)
        if bound > best + 1e-9:
            best, stale = bound, 0
        else:
            stale += 1
            if stale >= 6:
                step *= 0.6
                stale = 0
        norm = 0.0
        for city in range(n):
            norm += (degree[city] - 2.0) ** 2
        if norm == 0.0:
            return bound, 0.0
        size = step * max(target - bound, 1e-6 * abs(target)) / norm
        for city in range(n):
            move = 0.7 * (degree[city] - 2.0) + 0.3 * before[city]
            penalty[city] += size * move
            before[city] = degree[city] - 2.0
    return best, step
