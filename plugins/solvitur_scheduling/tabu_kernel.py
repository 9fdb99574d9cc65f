"""Tabu search for the job shop, compiled.

Moves within the blocks of a critical path (neighbourhood N7: Zhang, Li, Guan and Rao, 2007, which extends N6 of Balas
and Vazacopoulos, 1998), judged by Balas and Vazacopoulos' estimate of the new makespan; tabu are the orders of pairs
that a move turned round. Walks between two schedules follow the path relinking of Peng, Lu and Cheng (2015).
"""

from __future__ import annotations

import numpy as np
from numba import njit

_FAR = 1 << 60


@njit(cache=True)
def times(
    p: np.ndarray, jp: np.ndarray, js: np.ndarray, mp: np.ndarray, ms: np.ndarray, r: np.ndarray, q: np.ndarray
) -> int:
    """Fills heads r and tails q (without the operation's own time); returns the makespan, -1 for a cycle."""
    n = len(p)
    waits = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    first = last = 0
    for x in range(n):
        waits[x] = (1 if jp[x] >= 0 else 0) + (1 if mp[x] >= 0 else 0)
        if waits[x] == 0:
            order[last] = x
            last += 1
    longest = 0
    while first < last:
        x = order[first]
        first += 1
        head = 0
        if jp[x] >= 0:
            head = r[jp[x]] + p[jp[x]]
        if mp[x] >= 0 and r[mp[x]] + p[mp[x]] > head:
            head = r[mp[x]] + p[mp[x]]
        r[x] = head
        longest = max(longest, head + p[x])
        for y in (js[x], ms[x]):
            if y >= 0:
                waits[y] -= 1
                if waits[y] == 0:
                    order[last] = y
                    last += 1
    if last < n:
        return -1
    for k in range(n - 1, -1, -1):
        x = order[k]
        tail = 0
        if js[x] >= 0:
            tail = q[js[x]] + p[js[x]]
        if ms[x] >= 0 and q[ms[x]] + p[ms[x]] > tail:
            tail = q[ms[x]] + p[ms[x]]
        q[x] = tail
    return int(longest)


@njit(cache=True)
def link(seq: np.ndarray, bounds: np.ndarray, pos: np.ndarray, mp: np.ndarray, ms: np.ndarray) -> None:
    """Fills positions and neighbours on machines from the machines' orders."""
    for m in range(len(bounds) - 1):
        for k in range(bounds[m], bounds[m + 1]):
            x = seq[k]
            pos[x] = k
            mp[x] = seq[k - 1] if k > bounds[m] else -1
            ms[x] = seq[k + 1] if k + 1 < bounds[m + 1] else -1


@njit(cache=True)
def _critical_path(
    p: np.ndarray, jp: np.ndarray, mp: np.ndarray, r: np.ndarray, q: np.ndarray, longest: int, path: np.ndarray
) -> int:
    """Writes one critical path, from its end to its start, chosen at random; returns its length."""
    count, chosen = 0, -1
    for x in range(len(p)):
        if r[x] + p[x] == longest:
            count += 1
            if np.random.randint(count) == 0:
                chosen = x
    length = 0
    while chosen >= 0:
        path[length] = chosen
        length += 1
        a, b = jp[chosen], mp[chosen]
        by_job = a >= 0 and r[a] + p[a] == r[chosen]
        by_machine = b >= 0 and r[b] + p[b] == r[chosen]
        if by_job and by_machine:
            chosen = a if np.random.randint(2) == 0 else b
        elif by_job:
            chosen = a
        elif by_machine:
            chosen = b
        else:
            chosen = -1
    return length


@njit(cache=True)
def _estimate(
    i: int,
    j: int,
    forward: bool,
    seq: np.ndarray,
    p: np.ndarray,
    jp: np.ndarray,
    js: np.ndarray,
    mp: np.ndarray,
    ms: np.ndarray,
    r: np.ndarray,
    q: np.ndarray,
    heads: np.ndarray,
    line: np.ndarray,
) -> int:
    """Estimates the makespan after the operation at i moves behind j (forward), or that at j before i."""
    size = j - i + 1
    if forward:
        for k in range(size - 1):
            line[k] = seq[i + 1 + k]
        line[size - 1] = seq[i]
    else:
        line[0] = seq[j]
        for k in range(1, size):
            line[k] = seq[i + k - 1]
    before = mp[seq[i]]
    head = 0 if before < 0 else r[before] + p[before]
    for k in range(size):
        x = line[k]
        if jp[x] >= 0 and r[jp[x]] + p[jp[x]] > head:
            head = r[jp[x]] + p[jp[x]]
        heads[k] = head
        head += p[x]
    after = ms[seq[j]]
    tail = 0 if after < 0 else q[after] + p[after]
    worst = 0
    for k in range(size - 1, -1, -1):
        x = line[k]
        if js[x] >= 0 and q[js[x]] + p[js[x]] > tail:
            tail = q[js[x]] + p[js[x]]
        if heads[k] + p[x] + tail > worst:
            worst = heads[k] + p[x] + tail
        tail += p[x]
    return int(worst)


@njit(cache=True)
def _is_tabu(
    i: int, j: int, forward: bool, seq: np.ndarray, at: np.ndarray, width: np.ndarray, tabu: np.ndarray, now: int
) -> bool:
    """Tells whether a move brings back an order of two operations that is tabu."""
    if forward:
        for k in range(i + 1, j + 1):  # noqa: SIM110  a generator does not compile
            if tabu[at[seq[k]] + width[seq[i]]] > now:
                return True
        return False
    for k in range(i, j):  # noqa: SIM110  a generator does not compile
        if tabu[at[seq[j]] + width[seq[k]]] > now:
            return True
    return False


@njit(cache=True)
def shift(i: int, j: int, forward: bool, seq: np.ndarray) -> None:
    """Moves the operation at i to j (forward), or that at j to i."""
    if forward:
        x = seq[i]
        for k in range(i, j):
            seq[k] = seq[k + 1]
        seq[j] = x
    else:
        x = seq[j]
        for k in range(j, i, -1):
            seq[k] = seq[k - 1]
        seq[i] = x


@njit(cache=True)
def _relink(
    i: int, j: int, seq: np.ndarray, bounds: np.ndarray, m: int, pos: np.ndarray, mp: np.ndarray, ms: np.ndarray
) -> None:
    """Mends positions and neighbours between i and j of one machine."""
    for k in range(max(i - 1, bounds[m]), min(j + 2, bounds[m + 1])):
        x = seq[k]
        pos[x] = k
        mp[x] = seq[k - 1] if k > bounds[m] else -1
        ms[x] = seq[k + 1] if k + 1 < bounds[m + 1] else -1


@njit(cache=True)
def _block(path: np.ndarray, end: int, machine: np.ndarray, ms: np.ndarray) -> int:
    """Returns where on the path the block that ends the path's part up to ``end`` has its last operation."""
    start = end
    while start > 0 and machine[path[start - 1]] == machine[path[end]] and ms[path[start]] == path[start - 1]:
        start -= 1
    return start


@njit(cache=True)
def _ends(which: int, forward: bool, k: int, lo: int, hi: int, is_first: bool, is_last: bool) -> tuple[int, int]:
    """Returns from where to where the k-th move of a kind goes; (0, 0) for none.

    Kinds: an operation moves behind the last or before the first of its block; the first or the last moves inside.
    """
    if which == 0:
        i, j = (k, hi) if forward else (lo, k)
        useless = (forward and is_last) or (not forward and is_first)
    else:
        i, j = (lo, k) if forward else (k, hi)
        useless = (forward and (is_first or k == hi)) or (not forward and (is_last or k == lo))
    if useless or i >= j or (not forward and j == i + 1):
        return 0, 0
    return i, j


@njit(cache=True)
def _allowed(
    u: int, v: int, forward: bool, p: np.ndarray, jp: np.ndarray, js: np.ndarray, r: np.ndarray, q: np.ndarray
) -> bool:
    """Tells whether moving u behind v, or v before u, can make no cycle."""
    if forward:
        return bool(js[u] < 0 or p[v] + q[v] >= p[js[u]] + q[js[u]])
    return bool(jp[v] < 0 or r[u] + p[u] >= r[jp[v]] + p[jp[v]])


@njit(cache=True)
def _choose(
    length: int,
    path: np.ndarray,
    machine: np.ndarray,
    seq: np.ndarray,
    pos: np.ndarray,
    p: np.ndarray,
    jp: np.ndarray,
    js: np.ndarray,
    mp: np.ndarray,
    ms: np.ndarray,
    r: np.ndarray,
    q: np.ndarray,
    at: np.ndarray,
    width: np.ndarray,
    tabu: np.ndarray,
    now: int,
    record: int,
    heads: np.ndarray,
    line: np.ndarray,
) -> tuple[int, int, bool]:
    """Returns the best move that is not tabu, or would be a record; any move if all are tabu; (-1, -1) for none."""
    least, count, count_any = _FAR, 0, 0
    chosen, any_move = (-1, -1, True), (-1, -1, True)
    end = length - 1
    while end >= 0:
        start = _block(path, end, machine, ms)
        lo, hi = pos[path[end]], pos[path[start]]
        is_first, is_last = end == length - 1, start == 0
        end = start - 1
        if hi == lo:
            continue
        for forward in (True, False):
            for which in range(2):
                for k in range(lo, hi + 1):
                    i, j = _ends(which, forward, k, lo, hi, is_first, is_last)
                    if i == j or not _allowed(seq[i], seq[j], forward, p, jp, js, r, q):
                        continue
                    value = _estimate(i, j, forward, seq, p, jp, js, mp, ms, r, q, heads, line)
                    count_any += 1
                    if np.random.randint(count_any) == 0:
                        any_move = (i, j, forward)
                    if value >= record and _is_tabu(i, j, forward, seq, at, width, tabu, now):
                        continue
                    if value < least:
                        least, count = value, 0
                    if value == least:
                        count += 1
                        if np.random.randint(count) == 0:
                            chosen = (i, j, forward)
    return chosen if chosen[0] >= 0 else any_move


@njit(cache=True)
def search(
    p: np.ndarray,
    jp: np.ndarray,
    js: np.ndarray,
    machine: np.ndarray,
    bounds: np.ndarray,
    seq: np.ndarray,
    at: np.ndarray,
    width: np.ndarray,
    tabu: np.ndarray,
    clock: np.ndarray,
    steps: int,
    tenure: int,
    target: int,
    best: np.ndarray,
) -> int:
    """Goes some steps; ``seq`` and ``tabu`` are where it stands, ``best`` the best order of machines so far.

    ``clock`` holds the step, the step of the last improvement, and the best makespan; returns the last.
    """
    n = len(p)
    pos, mp, ms = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    r, q = np.zeros(n, np.int64), np.zeros(n, np.int64)
    heads, line, path = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    link(seq, bounds, pos, mp, ms)
    longest = times(p, jp, js, mp, ms, r, q)
    for step in range(steps + 1):
        if 0 <= longest < clock[2]:
            clock[2], clock[1] = longest, clock[0]
            best[:] = seq
        if step == steps or longest <= target:
            break
        clock[0] += 1
        length = _critical_path(p, jp, mp, r, q, longest, path)
        i, j, forward = _choose(
            length, path, machine, seq, pos, p, jp, js, mp, ms, r, q, at, width, tabu, clock[0], clock[2], heads, line
        )
        if i < 0:
            break
        until = clock[0] + tenure + np.random.randint(tenure)
        if forward:
            for k in range(i + 1, j + 1):
                tabu[at[seq[i]] + width[seq[k]]] = until
        else:
            for k in range(i, j):
                tabu[at[seq[k]] + width[seq[j]]] = until
        m = machine[seq[i]]
        shift(i, j, forward, seq)
        _relink(i, j, seq, bounds, m, pos, mp, ms)
        longest = times(p, jp, js, mp, ms, r, q)
    return int(clock[2])


@njit(cache=True)
def walk(
    p: np.ndarray,
    jp: np.ndarray,
    js: np.ndarray,
    machine: np.ndarray,
    bounds: np.ndarray,
    seq: np.ndarray,
    goal: np.ndarray,
    swaps: int,
) -> int:
    """Swaps neighbours on machines towards the orders of ``goal``; returns how many swaps were done.

    A swap of neighbours a, b is done only where no other way leads from a to b, so that no cycle can come.
    """
    n = len(p)
    pos, mp, ms = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    r, q = np.zeros(n, np.int64), np.zeros(n, np.int64)
    wanted = np.empty(n, np.int64)
    for k in range(n):
        wanted[goal[k]] = k
    link(seq, bounds, pos, mp, ms)
    times(p, jp, js, mp, ms, r, q)
    done = 0
    while done < swaps:
        chosen, count = -1, 0
        for k in range(n - 1):
            a, b = seq[k], seq[k + 1]
            if machine[a] == machine[b] and wanted[a] > wanted[b]:
                if js[a] >= 0 and r[js[a]] + p[js[a]] <= r[b] and js[a] != b:
                    continue
                if js[a] == b:
                    continue
                count += 1
                if np.random.randint(count) == 0:
                    chosen = k
        if chosen < 0:
            break
        seq[chosen], seq[chosen + 1] = seq[chosen + 1], seq[chosen]
        _relink(chosen, chosen + 1, seq, bounds, machine[seq[chosen]], pos, mp, ms)
        if times(p, jp, js, mp, ms, r, q) < 0:
            seq[chosen], seq[chosen + 1] = seq[chosen + 1], seq[chosen]
            break
        done += 1
    return done


@njit(cache=True)
def seed(value: int) -> None:
    """Seeds the random numbers of the compiled functions."""
    np.random.seed(value)
