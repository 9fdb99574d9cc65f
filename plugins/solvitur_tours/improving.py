"""Chained Lin-Kernighan: steps around cities that are worth another look, and local kicks; compiled.

A kick lets two neighbouring stretches of the tour change places; what follows is repaired nearby, and undone if the
tour did not get shorter. Where to kick is guided by a heat map of edge likelihood that needs no training: how far an
edge is from the distances to the nearest neighbours (after Xia et al., "Position: Rethinking Post-Hoc Search-Based
Neural Approaches for Solving Large-Scale Traveling Salesman Problems", ICML 2024).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solvitur_tours.distances import way
from solvitur_tours.flips import Board, unflip
from solvitur_tours.stepping import Ground, improve_at, new_notes

_STRETCH = 50
_SPARE = 64
"""Flips that one step may log at most, with room to spare."""


@njit(cache=True)
def _settle(
    queue: np.ndarray,
    size: int,
    waiting: np.ndarray,
    board: Board,
    ground: Ground,
    breadth: np.ndarray,
    eps: float,
    keep: bool,
) -> float:
    """Improves around the first cities of the queue until none of them helps; returns by how much.

    With ``keep`` the flips stay logged, so that they can be taken back.
    """
    _, _, state, log, touched = board
    n, total, head = len(queue), 0.0, 0
    notes = new_notes(len(breadth))
    while size > 0:
        city = queue[head]
        head += 1
        if head == n:
            head = 0
        size -= 1
        waiting[city] = False
        while True:
            if not keep:
                state[1] = 0
            elif state[1] > len(log) - _SPARE:
                break
            gain = improve_at(city, board, ground, breadth, eps, notes)
            if gain <= 0.0:
                break
            total += gain
            for k in range(state[2]):
                other = touched[k]
                if not waiting[other] and other != city:
                    waiting[other] = True
                    at = head + size
                    if at >= n:
                        at -= n
                    queue[at] = other
                    size += 1
    return total


@njit(cache=True, nogil=True)
def settle_all(board: Board, ground: Ground, breadth: np.ndarray, eps: float) -> float:
    """Improves around every city in the order of the tour; returns by how much."""
    queue = board[0].copy()
    waiting = np.ones(len(queue), np.bool_)
    return _settle(queue, len(queue), waiting, board, ground, breadth, eps, False)


@njit(cache=True)
def _place(seed: np.uint64, board: Board, ground: Ground) -> int:
    """Chooses where to kick: often, of two places, the one whose edge is the less likely by the heat map."""
    tour = board[0]
    _, apart, xy, matrix, code = ground
    n = len(tour)
    p = int((seed >> np.uint64(20)) % np.uint64(n))
    if (seed >> np.uint64(60)) >= np.uint64(6):
        return p
    q = int((seed >> np.uint64(5)) % np.uint64(n))
    a, b = tour[p], tour[q]
    far_p = way(a, tour[p + 1 if p + 1 < n else 0], xy, matrix, code) - apart[a, 0]
    far_q = way(b, tour[q + 1 if q + 1 < n else 0], xy, matrix, code) - apart[b, 0]
    usual = min(4, apart.shape[1] - 1)
    return q if far_q * apart[a, usual] > far_p * apart[b, usual] else p


@njit(cache=True)
def _swap(cut: np.ndarray, kept: np.ndarray, ends: np.ndarray, board: Board, ground: Ground) -> float:
    """Lets the two stretches between three cuts change places; returns by how much the tour got longer.

    ``kept`` gets the cities as they were, ``ends`` those whose edges changed.
    """
    tour, pos, _, _, _ = board
    _, _, xy, matrix, code = ground
    n, base, window, split = len(tour), cut[0] + 1, cut[2] - cut[0], cut[1] - cut[0]
    for k in range(window):
        kept[k] = tour[(base + k) % n]
    left, right = tour[cut[0] % n], tour[(cut[2] + 1) % n]
    a, b, c, d = kept[0], kept[split - 1], kept[split], kept[window - 1]
    for k in range(window):
        city = kept[(split + k) % window]
        at = (base + k) % n
        tour[at] = city
        pos[city] = at
    ends[0], ends[1], ends[2], ends[3], ends[4], ends[5] = left, a, b, c, d, right
    added = way(left, c, xy, matrix, code) + way(d, a, xy, matrix, code) + way(b, right, xy, matrix, code)
    return float(
        added - way(left, a, xy, matrix, code) - way(b, c, xy, matrix, code) - way(d, right, xy, matrix, code)
    )


@njit(cache=True, nogil=True)
def kick_and_settle(
    kicks: int,
    board: Board,
    ground: Ground,
    breadth: np.ndarray,
    eps: float,
    random: np.ndarray,
    partner: np.ndarray,
    worse: float,
) -> float:
    """Makes local kicks, keeps those that lengthen the tour little or not at all; returns by how much it got shorter.

    A tour may get longer by up to ``worse``, mostly by much less: 0 lets none get longer.
    ``random`` is the generator's state (one uint64). ``partner[c]`` is the city that c is tied to, -1 for none: kicks
    do not part the two.
    """
    tour, pos, state, _, _ = board
    n, total, seed = len(tour), 0.0, random[0]
    queue, waiting = np.empty(n, np.int32), np.zeros(n, np.bool_)
    kept, ends, cut = np.empty(2 * _STRETCH + 6, np.int32), np.empty(6, np.int32), np.empty(3, np.int64)
    most = np.uint64(max(1, min(_STRETCH, (n - 2) // 3)))
    for _ in range(kicks):
        seed ^= seed << np.uint64(13)
        seed ^= seed >> np.uint64(7)
        seed ^= seed << np.uint64(17)
        cut[0] = _place(seed, board, ground)
        cut[1] = cut[0] + 1 + int((seed >> np.uint64(33)) % most)
        cut[2] = cut[1] + 1 + int((seed >> np.uint64(45)) % most)
        for k in range(3):
            if partner[tour[cut[k] % n]] == tour[(cut[k] + 1) % n]:
                for later in range(k, 3):
                    cut[later] += 1
        if cut[2] - cut[0] > min(len(kept), n - 2):
            continue
        change = _swap(cut, kept, ends, board, ground)
        state[1] = 0
        size = 0
        for city in ends:
            if not waiting[city]:
                waiting[city] = True
                queue[size] = city
                size += 1
        change -= _settle(queue, size, waiting, board, ground, breadth, eps, True)
        luck = float((seed >> np.uint64(11)) % np.uint64(1024)) / 1024.0
        if change < eps + worse * luck * luck * luck:
            total -= change
            continue
        while state[1] > 0:
            unflip(board)
        for k in range(cut[2] - cut[0]):
            at = (cut[0] + 1 + k) % n
            tour[at] = kept[k]
            pos[kept[k]] = at
    random[0] = seed
    return total
