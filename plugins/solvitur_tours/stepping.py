"""Lin and Kernighan's steps, searched on a list of stretches: nothing is turned before a gain is found; compiled.

With a little backtracking at the first levels (Johnson and McGeoch, 1997; Applegate, Cook and Rohe, 2003), and at the
first level also the steps that leave a ring for a moment. The *ground* is a tuple: ``near`` (n, k) candidate
neighbours, nearest first, ``apart`` (n, k) their distances, and what `solvitur_tours.distances.way` needs. The
*notes* are arrays that one search writes into: stretches by level, their number, choices, worths, counts, the best.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solvitur_tours.distances import way
from solvitur_tours.flips import Board, after, city_at, rank_of, rearrange

Ground = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]
Notes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
_WIDEST = 16


@njit(cache=True)
def new_notes(depth: int) -> Notes:
    """Builds the arrays of a search of so many levels."""
    parts, sizes = np.empty((depth + 2, depth + 4, 2), np.int64), np.empty(depth + 2, np.int64)
    choice, value = np.empty((depth + 1, _WIDEST, 4), np.int64), np.empty((depth + 1, _WIDEST))
    return parts, sizes, choice, value, np.empty((depth + 2, 2), np.int64), np.empty((depth + 4, 2), np.int64)


@njit(cache=True)
def _part_with(rank: int, level: int, parts: np.ndarray, sizes: np.ndarray) -> int:
    """Returns the stretch that holds a rank."""
    part = 0
    while part < sizes[level]:
        low, high = parts[level, part, 0], parts[level, part, 1]
        if (low <= rank and rank <= high) or (high <= rank and rank <= low):
            break
        part += 1
    return part


@njit(cache=True)
def _list_choice(
    level: int, found: int, most: int, worth: float, what: tuple[int, int, int, int], notes: Notes
) -> int:
    """Puts a choice among the best of its level; returns how many there are."""
    _, _, choice, value, _, _ = notes
    if found < most:
        found += 1
    elif worth <= value[level, most - 1]:
        return found
    at = found - 1
    while at > 0 and value[level, at - 1] < worth:
        value[level, at] = value[level, at - 1]
        for field in range(4):
            choice[level, at, field] = choice[level, at - 1, field]
        at -= 1
    value[level, at] = worth
    for field in range(4):
        choice[level, at, field] = what[field]
    return found


@njit(cache=True)
def _expand(
    level: int,
    t1: int,
    origin: int,
    mirrored: int,
    gain: float,
    city: int,
    most: int,
    board: Board,
    ground: Ground,
    eps: float,
    notes: Notes,
) -> int:
    """Lists the best next steps from the loose end ``city``; returns their number.

    The tour from behind t1 on to t1 is the list ``parts[level]`` of stretches, by ranks; a step reverses the list up
    to ahead of the chosen neighbour. A choice: rank of the neighbour, of the new loose end, stretch, kind of step.
    """
    tour, pos, _, _, _ = board
    near, apart, xy, matrix, code = ground
    parts, sizes, _, _, _, _ = notes
    found = 0
    for k in range(near.shape[1]):
        rest = gain - apart[city, k]
        if rest <= eps:
            break
        other = near[city, k]
        if other == t1:
            continue
        r = rank_of(other, origin, mirrored, pos)
        part = _part_with(r, level, parts, sizes)
        for kind in range(2 if level == 0 else 1):
            before = r + 1
            if kind == 0:
                if r == parts[level, part, 0]:
                    continue
                before = r - 1 if parts[level, part, 0] < parts[level, part, 1] else r + 1
            worth = rest + way(city_at(before, origin, mirrored, tour), other, xy, matrix, code)
            found = _list_choice(level, found, most, worth, (r, before, part, kind), notes)
    return found


@njit(cache=True)
def _cut(level: int, part: int, r: int, before: int, parts: np.ndarray, sizes: np.ndarray) -> None:
    """Writes the list of the next level: all up to ahead of rank r reversed, the rest as it was."""
    k = 0
    parts[level + 1, 0, 0], parts[level + 1, 0, 1] = before, parts[level, part, 0]
    for back in range(part - 1, -1, -1):
        k += 1
        parts[level + 1, k, 0], parts[level + 1, k, 1] = parts[level, back, 1], parts[level, back, 0]
    k += 1
    parts[level + 1, k, 0], parts[level + 1, k, 1] = r, parts[level, part, 1]
    for on in range(part + 1, sizes[level]):
        k += 1
        parts[level + 1, k, 0], parts[level + 1, k, 1] = parts[level, on, 0], parts[level, on, 1]
    sizes[level + 1] = k + 1


@njit(cache=True)
def _detour(
    c: int, gain: float, origin: int, mirrored: int, board: Board, ground: Ground, eps: float, notes: Notes
) -> float:
    """Closes the ring that a step of the second kind leaves, in the best way; returns what is gained so far.

    Ranks 0..c make a ring, the loose end is rank c + 1. The ring opens where a neighbour of the loose end is; the
    best of both directions goes into the list of level 1. 0: there is no way.
    """
    tour, pos, _, _, _ = board
    near, apart, xy, matrix, code = ground
    parts, sizes, _, _, _, _ = notes
    best = 0.0
    loose = city_at(c + 1, origin, mirrored, tour)
    for k in range(near.shape[1]):
        rest = gain - apart[loose, k]
        if rest <= eps:
            break
        e = rank_of(near[loose, k], origin, mirrored, pos)
        if e > c:
            continue
        for f in (e + 1, e - 1):
            if f < 0 or f > c:
                continue
            worth = rest + way(near[loose, k], city_at(f, origin, mirrored, tour), xy, matrix, code)
            if worth > best:
                best = worth
                if f > e:
                    parts[1, 0, 0], parts[1, 0, 1], parts[1, 1, 0], parts[1, 1, 1] = f, c, 0, e
                else:
                    parts[1, 0, 0], parts[1, 0, 1], parts[1, 1, 0], parts[1, 1, 1] = f, 0, c, e
                parts[1, 2, 0], parts[1, 2, 1] = c + 1, len(tour) - 1
                sizes[1] = 3
    return best


@njit(cache=True)
def improve_at(t1: int, board: Board, ground: Ground, breadth: np.ndarray, eps: float, notes: Notes) -> float:
    """Searches from a city for a chain of steps that shortens the tour, and makes it; returns by how much."""
    tour, pos, state, _, _ = board
    _, _, xy, matrix, code = ground
    parts, sizes, choice, value, count, best_parts = notes
    for mirrored in range(2):
        state[0] = mirrored
        t2 = after(t1, tour, pos, mirrored)
        origin = pos[t2]
        parts[0, 0, 0], parts[0, 0, 1], sizes[0] = 0, len(tour) - 1, 1
        best, best_size, level = eps, 0, 0
        gain = way(t1, t2, xy, matrix, code)
        count[0, 0] = _expand(0, t1, origin, mirrored, gain, t2, breadth[0], board, ground, eps, notes)
        count[0, 1] = 0
        while level >= 0:
            if count[level, 1] >= count[level, 0]:
                if best_size > 0:
                    break
                level -= 1
                continue
            k = count[level, 1]
            count[level, 1] += 1
            worth = value[level, k]
            if choice[level, k, 3] == 0:
                _cut(level, choice[level, k, 2], choice[level, k, 0], choice[level, k, 1], parts, sizes)
            else:
                worth = _detour(choice[level, k, 0], worth, origin, mirrored, board, ground, eps, notes)
                if worth <= 0.0:
                    continue
            level += 1
            end = city_at(parts[level, 0, 0], origin, mirrored, tour)
            closed = worth - way(end, t1, xy, matrix, code)
            if closed > best:
                best, best_size = closed, sizes[level]
                best_parts[:best_size] = parts[level, :best_size]
            count[level, 0] = count[level, 1] = 0
            if level < len(breadth):
                most = breadth[level]
                count[level, 0] = _expand(level, t1, origin, mirrored, worth, end, most, board, ground, eps, notes)
        if best_size > 0:
            rearrange(best_parts, best_size, origin, mirrored, board)
            return float(best)
    return 0.0
