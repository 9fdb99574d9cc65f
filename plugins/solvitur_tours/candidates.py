"""Candidate neighbours of each city, and a greedy first tour over them; compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from solvitur_tours.distances import way


@njit(cache=True)
def _cells(xy: np.ndarray) -> tuple[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Sorts cities into the cells of a grid: its side, each city's cell, where cells begin, the cities by cell."""
    n = len(xy)
    low0, low1 = xy[:, 0].min(), xy[:, 1].min()
    span = max(xy[:, 0].max() - low0, xy[:, 1].max() - low1, 1e-12)
    side = max(1, int(np.sqrt(n / 3.0)))
    cell = span / side * 1.0000001
    cx, cy = np.empty(n, np.int32), np.empty(n, np.int32)
    start = np.zeros(side * side + 1, np.int32)
    for i in range(n):
        cx[i], cy[i] = int((xy[i, 0] - low0) / cell), int((xy[i, 1] - low1) / cell)
        start[cx[i] * side + cy[i] + 1] += 1
    for k in range(side * side):
        start[k + 1] += start[k]
    fill = start[:-1].copy()
    inside = np.empty(n, np.int32)
    for i in range(n):
        k = cx[i] * side + cy[i]
        inside[fill[k]] = i
        fill[k] += 1
    return side, cx, cy, start, inside


@njit(cache=True, nogil=True)
def near_by_grid(xy: np.ndarray, matrix: np.ndarray, code: int, wanted: int) -> np.ndarray:
    """Finds neighbours of cities on the plane, shape (n, wanted): the nearest two of each quadrant, then the nearest.

    Cities lie in the cells of a grid; rings of cells are searched until no nearer city can follow.
    """
    n = len(xy)
    side, cx, cy, start, inside = _cells(xy)
    found = np.empty((n, wanted), np.int32)
    gather = 3 * wanted
    for i in range(n):
        ids = np.empty(n if n < 4096 else 4096, np.int32)
        far = np.empty(len(ids))
        count, ring, last = 0, 0, -1
        while ring < side and (last < 0 or ring <= last):
            for a in range(max(0, cx[i] - ring), min(side, cx[i] + ring + 1)):
                edge = a in (cx[i] - ring, cx[i] + ring)
                step = 1 if edge or ring == 0 else 2 * ring
                for b in range(cy[i] - ring, cy[i] + ring + 1, step):
                    if b < 0 or b >= side:
                        continue
                    for at in range(start[a * side + b], start[a * side + b + 1]):
                        j = inside[at]
                        if j != i and count < len(ids):
                            ids[count] = j
                            far[count] = (xy[i, 0] - xy[j, 0]) ** 2 + (xy[i, 1] - xy[j, 1]) ** 2
                            count += 1
            if last < 0 and count >= gather:
                last = ring + 1
            ring += 1
        order = np.argsort(far[:count])
        taken = np.zeros(count, np.bool_)
        room = np.full(4, 2)
        kept = 0
        for at in range(count):
            j = ids[order[at]]
            quadrant = (2 if xy[j, 0] > xy[i, 0] else 0) + (1 if xy[j, 1] > xy[i, 1] else 0)
            if room[quadrant] > 0 and kept < wanted - 2:
                room[quadrant] -= 1
                taken[at] = True
                kept += 1
        for at in range(count):
            if kept < wanted and not taken[at]:
                taken[at] = True
                kept += 1
        k = 0
        for at in range(count):
            if taken[at]:
                found[i, k] = ids[order[at]]
                k += 1
    return found


def near_by_matrix(matrix: np.ndarray, wanted: int) -> np.ndarray:
    """Finds the nearest cities of each row of a matrix, shape (n, wanted)."""
    n = len(matrix)
    far = matrix.copy()
    np.fill_diagonal(far, np.inf)
    near = np.argpartition(far, min(wanted, n - 2), axis=1)[:, :wanted]
    order = np.argsort(np.take_along_axis(far, near, axis=1), axis=1, kind="stable")
    found: np.ndarray = np.take_along_axis(near, order, axis=1).astype(np.int32)
    return found


@njit(cache=True, nogil=True)
def greedy_tour(near: np.ndarray, xy: np.ndarray, matrix: np.ndarray, code: int) -> np.ndarray:
    """Builds a tour from the shortest candidate edges that close no cycle; loose ends join their nearest ones."""
    n, wanted = near.shape
    length = np.empty(n * wanted)
    for i in range(n):
        for k in range(wanted):
            length[i * wanted + k] = way(i, near[i, k], xy, matrix, code)
    order = np.argsort(length)
    first, second = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    root = np.arange(n)
    for edge in order:
        i = edge // wanted
        j = near[i, edge % wanted]
        if second[i] >= 0 or second[j] >= 0:
            continue
        a, b = i, j
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        if a == b:
            continue
        root[a] = b
        if first[i] < 0:
            first[i] = j
        else:
            second[i] = j
        if first[j] < 0:
            first[j] = i
        else:
            second[j] = i
    return _joined(first, second, xy, matrix, code)


@njit(cache=True, nogil=True)
def _joined(first: np.ndarray, second: np.ndarray, xy: np.ndarray, matrix: np.ndarray, code: int) -> np.ndarray:
    """Walks the paths one after the other, from each end to the nearest end of a path not yet walked."""
    n = len(first)
    tour = np.empty(n, np.int32)
    ends = np.empty(n, np.int32)
    open_ends = 0
    for i in range(n):
        if second[i] < 0:
            ends[open_ends] = i
            open_ends += 1
    where = np.full(n, -1, np.int64)
    for k in range(open_ends):
        where[ends[k]] = k
    now = ends[0] if open_ends else 0
    filled = 0
    while True:
        before = -1
        start = now
        while True:  # along one path to its other end
            tour[filled] = now
            filled += 1
            after = first[now] if first[now] != before else second[now]
            if before < 0:
                after = first[now]
            if after < 0 or filled == n:
                break
            before = now
            now = after
        for gone in (start, now):
            k = where[gone]
            if k >= 0:
                open_ends -= 1
                ends[k] = ends[open_ends]
                where[ends[k]] = k
                where[gone] = -1
        if filled >= n:
            return tour
        best, nearest = np.inf, 0
        for k in range(open_ends):
            apart = way(now, ends[k], xy, matrix, code)
            if apart < best:
                best, nearest = apart, ends[k]
        now = nearest
