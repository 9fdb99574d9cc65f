"""A tour as an array of cities and their positions, changed by turning stretches; compiled.

The *board* is a tuple of arrays: ``tour`` and ``pos`` (n,), ``state`` (mirrored, flips logged, cities touched),
``log`` (flips made, to take them back) and ``touched`` (cities whose edges changed last).
"""

from __future__ import annotations

import numpy as np
from numba import njit

Board = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
TURNED, OTHER_SIDE, NOTHING = 0, 1, 3


def new_board(tour: np.ndarray, flips: int, levels: int) -> Board:
    """Builds the board of a tour (n,), which it takes over; the log holds so many flips."""
    pos = np.empty(len(tour), np.int32)
    pos[tour] = np.arange(len(tour), dtype=np.int32)
    log = np.empty((flips, 3), np.int32)
    return tour, pos, np.zeros(3, np.int64), log, np.empty(2 * levels + 8, np.int64)


@njit(cache=True)
def after(city: int, tour: np.ndarray, pos: np.ndarray, mirrored: int) -> int:
    """Returns the next city, or the one before if the tour is mirrored."""
    at = pos[city] + (-1 if mirrored else 1)
    if at == len(tour):
        at = 0
    elif at < 0:
        at = len(tour) - 1
    return int(tour[at])


@njit(cache=True)
def city_at(rank: int, origin: int, mirrored: int, tour: np.ndarray) -> int:
    """Returns the city that is ``rank`` steps behind the position ``origin``."""
    n = len(tour)
    at = origin - rank if mirrored else origin + rank
    if at >= n:
        at -= n
    elif at < 0:
        at += n
    return int(tour[at])


@njit(cache=True)
def rank_of(city: int, origin: int, mirrored: int, pos: np.ndarray) -> int:
    """Returns how many steps behind the position ``origin`` a city is."""
    rank = origin - pos[city] if mirrored else pos[city] - origin
    return int(rank + len(pos)) if rank < 0 else int(rank)


@njit(cache=True)
def _turn(tour: np.ndarray, pos: np.ndarray, i: int, j: int) -> None:
    """Reverses the stretch from position i forward to position j."""
    n = len(tour)
    length = j - i
    if length < 0:
        length += n
    for _ in range((length + 1) // 2):
        a, b = tour[i], tour[j]
        tour[i], tour[j] = b, a
        pos[b], pos[a] = i, j
        i += 1
        if i == n:
            i = 0
        j -= 1
        if j < 0:
            j = n - 1


@njit(cache=True)
def flip(a: int, b: int, board: Board) -> None:
    """Reverses the path from a on to b by turning its shorter side, and logs it.

    When the other side is turned, the tour is the same but runs the other way: it is then mirrored.
    """
    tour, pos, state, log, _ = board
    n = len(tour)
    i, j = (pos[b], pos[a]) if state[0] else (pos[a], pos[b])
    length = j - i + 1
    if length <= 0:
        length += n
    side = TURNED
    if length == n:
        side = NOTHING
    elif 2 * length > n:
        i, j = j + 1, i - 1
        if i == n:
            i = 0
        if j < 0:
            j = n - 1
        side = OTHER_SIDE
    if side != NOTHING:
        _turn(tour, pos, i, j)
    state[0] ^= 1 if side else 0
    log[state[1], 0], log[state[1], 1], log[state[1], 2] = i, j, side
    state[1] += 1


@njit(cache=True)
def unflip(board: Board) -> None:
    """Takes the last logged flip back."""
    tour, pos, state, log, _ = board
    state[1] -= 1
    i, j, side = log[state[1], 0], log[state[1], 1], log[state[1], 2]
    if side != NOTHING:
        _turn(tour, pos, i, j)
    state[0] ^= 1 if side else 0


@njit(cache=True)
def rearrange(parts: np.ndarray, size: int, origin: int, mirrored: int, board: Board) -> None:
    """Brings the tour into the listed order of stretches by flips, one stretch after the other.

    ``parts`` (size, 2) are ranks behind ``origin``, first and last as the tour shall run. The last stretch, which
    ends at the city the search began from, is where it should be from the beginning.
    """
    tour, _, state, _, touched = board
    city, who, ahead = np.empty((size, 2), np.int64), np.empty(size, np.int64), np.empty(size, np.bool_)
    for k in range(size):
        low = min(parts[k, 0], parts[k, 1])
        at = k
        while at > 0 and min(parts[who[at - 1], 0], parts[who[at - 1], 1]) > low:
            who[at] = who[at - 1]
            at -= 1
        who[at] = k
        for side in range(2):
            city[k, side] = city_at(parts[k, side], origin, mirrored, tour)
            touched[2 * k + side] = city[k, side]
    state[2] = 2 * size
    for k in range(size):
        ahead[k] = parts[who[k], 0] <= parts[who[k], 1]
    for k in range(size - 1):
        i = k
        while who[i] != k:
            i += 1
        if i == k and (ahead[k] or city[k, 0] == city[k, 1]):
            continue
        if i > k and ahead[i]:
            flip(city[who[i], 0], city[who[i], 1], board)
            ahead[i] = False
        flip(city[who[k], 0 if ahead[k] else 1], city[who[i], 0], board)
        _swapped(who, ahead, k, i)
        for other in range(k, i + 1):
            if city[who[other], 0] == city[who[other], 1]:
                ahead[other] = True


@njit(cache=True)
def _swapped(who: np.ndarray, ahead: np.ndarray, low: int, high: int) -> None:
    """Reverses the list of stretches from low to high, each of which then runs the other way."""
    while low <= high:
        who[low], who[high] = who[high], who[low]
        ahead[low], ahead[high] = not ahead[high], not ahead[low]
        low += 1
        high -= 1
