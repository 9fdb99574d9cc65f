"""Shortest tours of a few cities by dynamic programming over sets (Bellman; Held and Karp, 1962)."""

from __future__ import annotations

import numpy as np

FEW = 11


def shortest(matrix: np.ndarray) -> np.ndarray:
    """Returns the shortest tour that begins at city 0, shape (n,), for at most `FEW` cities; (n, n) distances."""
    n = len(matrix)
    if n <= 2:
        return np.arange(n)
    others = n - 1
    cost = np.full((1 << others, others), np.inf)
    came = np.zeros((1 << others, others), np.int64)
    ways = matrix[1:, 1:]
    for k in range(others):
        cost[1 << k, k] = matrix[0, k + 1]
    for visited in range(1, 1 << others):
        here = cost[visited]
        for k in range(others):
            if visited >> k & 1 or not np.isfinite(here).any():
                continue
            reach = here + ways[:, k]
            last = int(np.argmin(reach))
            grown = visited | 1 << k
            if reach[last] < cost[grown, k]:
                cost[grown, k], came[grown, k] = reach[last], last
    visited = (1 << others) - 1
    last = int(np.argmin(cost[visited] + matrix[1:, 0]))
    tour = []
    while visited:
        tour.append(last + 1)
        visited, last = visited ^ 1 << last, int(came[visited, last])
    return np.array([0, *reversed(tour)])
