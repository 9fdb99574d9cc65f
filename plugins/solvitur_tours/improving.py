"""Chained Lin-Kernighan on an array of cities; compiled.

Lin and Kernighan's steps with a little backtracking at the first levels (Johnson and McGeoch, 1997; Applegate, Cook and
Rohe, 2003), searched on a list of stretches so that nothing is turned before a gain is found; a queue of cities that
are worth another look; and local kicks: two neighbouring stretches of the tour change places, what follows is repaired
nearby, and undone if the tour did not get shorter. Where to kick is guided by a heat map of edge likelihood that needs
no training: how far an edge is from the nearest neighbours' distances (after Xia et al., "Position: Rethinking Post-Hoc
Search-Based Neural Approaches for Solving Large-Scale Traveling Salesman Problems", ICML 2024).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solvitur_tours.distances import way

_STRETCH = 50


@njit(cache=True, inline="always")
def _after(city: int, tour: np.ndarray, pos: np.ndarray, mirrored: int, n: int) -> int:
    at = pos[city] + (-1 if mirrored else 1)
    if at == n:
        at = 0
    elif at < 0:
        at = n - 1
    return int(tour[at])


@njit(cache=True)
def _turn(tour: np.ndarray, pos: np.ndarray, i: int, j: int, n: int) -> None:
    """Reverses the stretch from position i forward to position j."""
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
def _flip(a: int, b: int, tour: np.ndarray, pos: np.ndarray, state: np.ndarray, log: np.ndarray) -> None:
    """Reverses the path from a on to b by turning its shorter side; ``state``: mirrored, flips logged.

    When the other side is turned, the tour is the same but runs the other way: it is then mirrored.
    """
    n = len(tour)
    i, j = (pos[b], pos[a]) if state[0] else (pos[a], pos[b])
    length = j - i
    if length < 0:
        length += n
    length += 1
    other = 0
    if 2 * length > n:
        i, j = j + 1, i - 1
        if i == n:
            i = 0
        if j < 0:
            j = n - 1
        other = 1
        if length == n:
            state[0] ^= 1
            log[state[1], 2] = 3
            state[1] += 1
            return
    _turn(tour, pos, i, j, n)
    state[0] ^= other
    log[state[1], 0], log[state[1], 1], log[state[1], 2] = i, j, other
    state[1] += 1


@njit(cache=True)
def _unflip(tour: np.ndarray, pos: np.ndarray, state: np.ndarray, log: np.ndarray) -> None:
    """Takes the last logged flip back."""
    state[1] -= 1
    at = state[1]
    if log[at, 2] == 3:
        state[0] ^= 1
        return
    _turn(tour, pos, log[at, 0], log[at, 1], len(tour))
    state[0] ^= log[at, 2]


@njit(cache=True, inline="always")
def _city(rank: int, origin: int, mirrored: int, tour: np.ndarray) -> int:
    """Returns the city that is ``rank`` steps behind the position ``origin``."""
    n = len(tour)
    at = origin - rank if mirrored else origin + rank
    if at >= n:
        at -= n
    elif at < 0:
        at += n
    return int(tour[at])


@njit(cache=True, inline="always")
def _rank(city: int, origin: int, mirrored: int, pos: np.ndarray) -> int:
    n = len(pos)
    rank = origin - pos[city] if mirrored else pos[city] - origin
    return int(rank + n) if rank < 0 else int(rank)


@njit(cache=True)
def _expand(
    level: int,
    t1: int,
    origin: int,
    mirrored: int,
    gain: float,
    city: int,
    most: int,
    tour: np.ndarray,
    pos: np.ndarray,
    near: np.ndarray,
    apart: np.ndarray,
    xy: np.ndarray,
    matrix: np.ndarray,
    code: int,
    eps: float,
    parts: np.ndarray,
    sizes: np.ndarray,
    choice: np.ndarray,
    value: np.ndarray,
) -> int:
    """Lists the best next steps from the loose end ``city``; returns their number.

    The tour from behind t1 on to t1 is the list ``parts[level]`` of stretches, by ranks; a step reverses the list up
    to ahead of the chosen neighbour. ``choice``: rank of the neighbour, of the new loose end, stretch, kind of step.
    """
    found = 0
    for k in range(near.shape[1]):
        rest = gain - apart[city, k]
        if rest <= eps:
            break
        other = near[city, k]
        if other == t1:
            continue
        r = _rank(other, origin, mirrored, pos)
        part = 0
        while part < sizes[level]:
            low, high = parts[level, part, 0], parts[level, part, 1]
            if (low <= r and r <= high) or (high <= r and r <= low):
                break
            part += 1
        for kind in range(2 if level == 0 else 1):
            if kind == 0:
                if r == parts[level, part, 0]:
                    continue
                before = r - 1 if parts[level, part, 0] < parts[level, part, 1] else r + 1
            else:
                before = r + 1
            end = _city(before, origin, mirrored, tour)
            worth = rest + way(end, other, xy, matrix, code)
            at = found
            if found < most:
                found += 1
            elif worth <= value[level, most - 1]:
                continue
            else:
                at = most - 1
            while at > 0 and value[level, at - 1] < worth:
                value[level, at] = value[level, at - 1]
                for field in range(4):
                    choice[level, at, field] = choice[level, at - 1, field]
                at -= 1
            value[level, at] = worth
            choice[level, at, 0], choice[level, at, 1] = r, before
            choice[level, at, 2], choice[level, at, 3] = part, kind
    return found


@njit(cache=True, inline="always")
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
    c: int,
    gain: float,
    t1: int,
    origin: int,
    mirrored: int,
    tour: np.ndarray,
    pos: np.ndarray,
    near: np.ndarray,
    apart: np.ndarray,
    xy: np.ndarray,
    matrix: np.ndarray,
    code: int,
    eps: float,
    parts: np.ndarray,
    sizes: np.ndarray,
) -> float:
    """Closes the ring that a step of the second kind leaves, in the best way; returns what is gained so far.

    Ranks 0..c make a ring, the loose end is rank c + 1. The ring opens where a neighbour of the loose end is; the
    best of both directions goes into the list of level 1. 0: there is no way.
    """
    n, best = len(tour), 0.0
    loose = _city(c + 1, origin, mirrored, tour)
    for k in range(near.shape[1]):
        rest = gain - apart[loose, k]
        if rest <= eps:
            break
        e = _rank(near[loose, k], origin, mirrored, pos)
        if e > c:
            continue
        for f in (e + 1, e - 1):
            if f < 0 or f > c:
                continue
            worth = rest + way(near[loose, k], _city(f, origin, mirrored, tour), xy, matrix, code)
            if worth > best:
                best = worth
                if f > e:
                    parts[1, 0, 0], parts[1, 0, 1], parts[1, 1, 0], parts[1, 1, 1] = f, c, 0, e
                else:
                    parts[1, 0, 0], parts[1, 0, 1], parts[1, 1, 0], parts[1, 1, 1] = f, 0, c, e
                parts[1, 2, 0], parts[1, 2, 1] = c + 1, n - 1
                sizes[1] = 3
    return best


@njit(cache=True)
def _steps(
    t1: int,
    tour: np.ndarray,
    pos: np.ndarray,
    near: np.ndarray,
    apart: np.ndarray,
    xy: np.ndarray,
    matrix: np.ndarray,
    code: int,
    state: np.ndarray,
    log: np.ndarray,
    touched: np.ndarray,
    breadth: np.ndarray,
    eps: float,
    parts: np.ndarray,
    sizes: np.ndarray,
    choice: np.ndarray,
    value: np.ndarray,
    count: np.ndarray,
    best_parts: np.ndarray,
) -> float:
    """Searches from a city for a chain of steps that shortens the tour, and makes it; returns by how much.

    Nothing is turned while searching. ``touched`` gets the cities whose edges changed, ``state[2]`` their number.
    """
    n, depth = len(tour), len(breadth)
    for mirrored in range(2):
        state[0] = mirrored
        t2 = _after(t1, tour, pos, mirrored, n)
        origin = pos[t2]
        parts[0, 0, 0], parts[0, 0, 1], sizes[0] = 0, n - 1, 1
        best, best_size, level = eps, 0, 0
        gain = way(t1, t2, xy, matrix, code)
        count[0, 0] = _expand(
            0, t1, origin, mirrored, gain, t2, breadth[0],
            tour, pos, near, apart, xy, matrix, code, eps, parts, sizes, choice, value,
        )  # fmt: skip
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
            r, before = choice[level, k, 0], choice[level, k, 1]
            if choice[level, k, 3] == 0:
                _cut(level, choice[level, k, 2], r, before, parts, sizes)
            else:
                worth = _detour(
                    r, worth, t1, origin, mirrored, tour, pos, near, apart, xy, matrix, code, eps, parts, sizes
                )
                if worth <= 0.0:
                    continue
            level += 1
            end = _city(parts[level, 0, 0], origin, mirrored, tour)
            closed = worth - way(end, t1, xy, matrix, code)
            if closed > best:
                best, best_size = closed, sizes[level]
                for part in range(best_size):
                    best_parts[part, 0], best_parts[part, 1] = parts[level, part, 0], parts[level, part, 1]
            count[level, 0] = count[level, 1] = 0
            if level < depth:
                count[level, 0] = _expand(
                    level, t1, origin, mirrored, worth, end, breadth[level],
                    tour, pos, near, apart, xy, matrix, code, eps, parts, sizes, choice, value,
                )  # fmt: skip
        if best_size > 0:
            _make(best_parts, best_size, origin, mirrored, tour, pos, state, log, touched)
            return best
    return 0.0


@njit(cache=True)
def _make(
    parts: np.ndarray,
    size: int,
    origin: int,
    mirrored: int,
    tour: np.ndarray,
    pos: np.ndarray,
    state: np.ndarray,
    log: np.ndarray,
    touched: np.ndarray,
) -> None:
    """Brings the tour into the listed order of stretches by flips, one stretch after the other.

    The last stretch, which ends at the city the search began from, is where it should be from the beginning.
    """
    city, who, ahead = np.empty((size, 2), np.int64), np.empty(size, np.int64), np.empty(size, np.bool_)
    for k in range(size):
        low = min(parts[k, 0], parts[k, 1])
        at = k
        while at > 0 and min(parts[who[at - 1], 0], parts[who[at - 1], 1]) > low:
            who[at] = who[at - 1]
            at -= 1
        who[at] = k
        for side in range(2):
            city[k, side] = _city(parts[k, side], origin, mirrored, tour)
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
            _flip(city[who[i], 0], city[who[i], 1], tour, pos, state, log)
            ahead[i] = False
        begin = city[who[k], 0 if ahead[k] else 1]
        _flip(begin, city[who[i], 0], tour, pos, state, log)
        low, high = k, i
        while low <= high:
            who[low], who[high] = who[high], who[low]
            ahead[low], ahead[high] = not ahead[high], not ahead[low]
            low += 1
            high -= 1
        for other in range(k, i + 1):
            if city[who[other], 0] == city[who[other], 1]:
                ahead[other] = True


@njit(cache=True)
def _settle(
    queue: np.ndarray,
    head: int,
    size: int,
    waiting: np.ndarray,
    tour: np.ndarray,
    pos: np.ndarray,
    near: np.ndarray,
    apart: np.ndarray,
    xy: np.ndarray,
    matrix: np.ndarray,
    code: int,
    state: np.ndarray,
    log: np.ndarray,
    touched: np.ndarray,
    breadth: np.ndarray,
    eps: float,
    keep: bool,
) -> float:
    """Improves around the cities in the queue until none of them helps; returns by how much."""
    n, total = len(tour), 0.0
    depth = len(breadth)
    parts, sizes = np.empty((depth + 2, depth + 4, 2), np.int64), np.empty(depth + 2, np.int64)
    choice, value = np.empty((depth + 1, 16, 4), np.int64), np.empty((depth + 1, 16))
    count, best_parts = np.empty((depth + 2, 2), np.int64), np.empty((depth + 4, 2), np.int64)
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
            elif state[1] > len(log) - 64:
                break
            gain = _steps(
                city,
                tour,
                pos,
                near,
                apart,
                xy,
                matrix,
                code,
                state,
                log,
                touched,
                breadth,
                eps,
                parts,
                sizes,
                choice,
                value,
                count,
                best_parts,
            )
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
def settle_all(
    tour: np.ndarray,
    pos: np.ndarray,
    near: np.ndarray,
    apart: np.ndarray,
    xy: np.ndarray,
    matrix: np.ndarray,
    code: int,
    breadth: np.ndarray,
    eps: float,
) -> float:
    """Improves around every city in the order of the tour; returns by how much."""
    n = len(tour)
    state = np.zeros(4, np.int64)
    log, touched = np.empty((4096, 3), np.int32), np.empty(2 * len(breadth) + 8, np.int64)
    queue, waiting = tour.copy(), np.ones(n, np.bool_)
    return _settle(
        queue, 0, n, waiting, tour, pos, near, apart, xy, matrix, code, state, log, touched, breadth, eps, False
    )


@njit(cache=True, nogil=True)
def kick_and_settle(
    kicks: int,
    tour: np.ndarray,
    pos: np.ndarray,
    near: np.ndarray,
    apart: np.ndarray,
    xy: np.ndarray,
    matrix: np.ndarray,
    code: int,
    breadth: np.ndarray,
    eps: float,
    random: np.ndarray,
    partner: np.ndarray,
) -> float:
    """Makes local kicks, keeps those that do not lengthen the tour; returns by how much it got shorter.

    ``random`` is the generator's state (one uint64). ``partner[c]`` is the city that c is tied to, -1 for none: kicks
    do not part the two.
    """
    n, total = len(tour), 0.0
    state = np.zeros(4, np.int64)
    log, touched = np.empty((100_000, 3), np.int32), np.empty(2 * len(breadth) + 8, np.int64)
    queue, waiting = np.empty(n, np.int32), np.zeros(n, np.bool_)
    kept = np.empty(2 * _STRETCH + 2, np.int32)
    most = max(1, min(_STRETCH, (n - 2) // 3))
    seed = random[0]
    cut = np.empty(3, np.int64)
    for _ in range(kicks):
        seed ^= seed << np.uint64(13)
        seed ^= seed >> np.uint64(7)
        seed ^= seed << np.uint64(17)
        p = int((seed >> np.uint64(20)) % np.uint64(n))
        q = int((seed >> np.uint64(5)) % np.uint64(n))
        # Often, of two places the one whose edge is the less likely by the heat map is kicked.
        a, b = tour[p], tour[q]
        far_p = way(a, tour[p + 1 if p + 1 < n else 0], xy, matrix, code) - apart[a, 0]
        far_q = way(b, tour[q + 1 if q + 1 < n else 0], xy, matrix, code) - apart[b, 0]
        if far_q * apart[a, 4 % apart.shape[1]] > far_p * apart[b, 4 % apart.shape[1]]:
            p = q if (seed >> np.uint64(60)) < np.uint64(6) else p
        cut[0] = p
        cut[1] = p + 1 + int((seed >> np.uint64(33)) % np.uint64(most))
        cut[2] = cut[1] + 1 + int((seed >> np.uint64(45)) % np.uint64(most))
        for k in range(3):
            if partner[tour[cut[k] % n]] == tour[(cut[k] + 1) % n]:
                for later in range(k, 3):
                    cut[later] += 1
        if cut[2] - cut[0] > min(len(kept), n - 1) or cut[0] == cut[1] or cut[1] == cut[2]:
            continue
        base, window = cut[0] + 1, cut[2] - cut[0]
        for k in range(window):
            kept[k] = tour[(base + k) % n]
        left, right = tour[cut[0] % n], tour[(cut[2] + 1) % n]
        split = cut[1] - cut[0]
        change = (
            way(left, kept[split], xy, matrix, code)
            + way(kept[window - 1], kept[0], xy, matrix, code)
            + way(kept[split - 1], right, xy, matrix, code)
            - way(left, kept[0], xy, matrix, code)
            - way(kept[split - 1], kept[split], xy, matrix, code)
            - way(kept[window - 1], right, xy, matrix, code)
        )
        for k in range(window):
            city = kept[(split + k) % window]
            at = (base + k) % n
            tour[at] = city
            pos[city] = at
        state[1] = 0
        size = 0
        for city in (left, kept[0], kept[split - 1], kept[split], kept[window - 1], right):
            if not waiting[city]:
                waiting[city] = True
                queue[size] = city
                size += 1
        change -= _settle(
            queue, 0, size, waiting, tour, pos, near, apart, xy, matrix, code, state, log, touched, breadth, eps, True
        )
        if change < eps:
            total -= change
            continue
        while state[1] > 0:
            _unflip(tour, pos, state, log)
        for k in range(window):
            at = (base + k) % n
            tour[at] = kept[k]
            pos[kept[k]] = at
    random[0] = seed
    return total
