"""The order of nodes within layers, with few crossings: means to and fro, then each node where it crosses least."""

from __future__ import annotations

import time
from bisect import bisect_left, insort
from itertools import pairwise

import numpy as np

from solvitur.gui.graph.layering import Layers
from solvitur.gui.graph.sifting import Sifter

_SWEEPS = 24
_WITHOUT_GAIN = 6
_SIFTING, _KICKING = 0.65, 0.35
"""Shares of the time that sifting and kicking may take at most; what they gain last is little."""
_KICKS_PER_LAYER, _MOST_KICKS = 6, 400


def order_layers(graph: Layers, seconds: float = 2.0) -> list[np.ndarray]:
    """Returns the nodes of each layer in the order in which few links cross.

    Parameters
    ----------
    seconds
        How long moving nodes one by one may take, after the sweeps; most graphs need less.
    """
    depth = int(graph.layer.max(initial=0)) + 1
    into = _Neighbours(graph.target, graph.source, len(graph.layer))
    out = _Neighbours(graph.source, graph.target, len(graph.layer))
    order = _split(graph.layer, _walked(graph, out), depth)
    rank = _ranks(order, len(graph.layer))
    best, fewest, idle = order, crossings(graph, rank), 0
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        span = range(1, depth) if down else range(depth - 2, -1, -1)
        sides = into if down else out
        order = list(order)
        for level in span:
            nodes = order[level]
            order[level] = nodes[np.argsort(sides.means(nodes, rank), kind="stable")]
            rank[order[level]] = np.arange(len(nodes))
        found = crossings(graph, rank)
        idle = 0 if found < fewest else idle + 1
        if found < fewest:
            best, fewest = order, found
        if idle >= _WITHOUT_GAIN or fewest == 0:
            break
    if not fewest:
        return best
    sifter = Sifter(graph, best)
    sifter.settle(range(depth), time.monotonic() + _SIFTING * seconds)
    sifter.kick(min(_KICKS_PER_LAYER * depth, _MOST_KICKS), time.monotonic() + _KICKING * seconds)
    return sifter.order


def crossings(graph: Layers, rank: np.ndarray) -> int:
    """Counts the crossings between neighbouring layers for given ranks within the layers."""
    level = graph.layer[graph.source]
    order = np.lexsort((rank[graph.target], rank[graph.source], level))
    total = 0
    levels, heads = level[order], rank[graph.target][order]
    for part in np.split(heads, np.flatnonzero(np.diff(levels)) + 1):
        total += _inversions(part)
    return total


def _inversions(values: np.ndarray) -> int:
    """Counts pairs that stand the wrong way round, all at once for short lists and by insertion for long ones."""
    if len(values) <= 400:
        return int(np.count_nonzero(np.triu(values[:, None] > values[None, :])))
    seen: list[int] = []
    total = 0
    for value in values.tolist():
        total += len(seen) - bisect_left(seen, value + 1)
        insort(seen, value)
    return total


class _Neighbours:
    """The neighbours of every node on one side, in compressed form."""

    def __init__(self, ends: np.ndarray, others: np.ndarray, count: int) -> None:
        order = np.argsort(ends, kind="stable")
        self._others = others[order]
        self._degree = np.bincount(ends, minlength=count)
        self._starts = np.concatenate(([0], np.cumsum(self._degree)))
        self._lists: list[list[int]] | None = None

    def lists(self) -> list[list[int]]:
        """Returns all neighbours as plain lists."""
        if self._lists is None:
            flat, starts = self._others.tolist(), self._starts.tolist()
            self._lists = [flat[a:b] for a, b in pairwise(starts)]
        return self._lists

    def means(self, nodes: np.ndarray, rank: np.ndarray) -> np.ndarray:
        """Returns the mean rank of each node's neighbours; nodes without any keep their own place."""
        degree = self._degree[nodes]
        owner = np.repeat(np.arange(len(nodes)), degree)
        first = np.cumsum(degree) - degree
        at = np.arange(len(owner)) - np.repeat(first, degree) + np.repeat(self._starts[nodes], degree)
        sums = np.bincount(owner, weights=rank[self._others[at]], minlength=len(nodes))
        means: np.ndarray = np.where(degree > 0, sums / np.maximum(degree, 1), np.nan)
        return _filled(means) if np.isnan(means).any() else means


def _filled(means: np.ndarray) -> np.ndarray:
    """Gives nodes without neighbours the value of the node before them."""
    known = ~np.isnan(means)
    if not known.any():
        return np.arange(len(means), dtype=np.float64)
    last = np.maximum.accumulate(np.where(known, np.arange(len(means)), -1))
    filled: np.ndarray = np.where(last >= 0, means[np.maximum(last, 0)], means[known][0])
    return filled


def _walked(graph: Layers, out: _Neighbours) -> np.ndarray:
    """Returns all nodes in the order of a walk in depth, so that what hangs together stays together."""
    count = len(graph.layer)
    lists = out.lists()
    seen = bytearray(count)
    order: list[int] = []
    starts = np.argsort(graph.layer, kind="stable").tolist()
    for start in starts:
        if seen[start]:
            continue
        stack = [start]
        while stack:
            node = stack.pop()
            if seen[node]:
                continue
            seen[node] = 1
            order.append(node)
            stack.extend(reversed(lists[node]))
    return np.array(order, dtype=np.int64)


def _split(layer: np.ndarray, walked: np.ndarray, depth: int) -> list[np.ndarray]:
    levels = layer[walked]
    return [walked[levels == level] for level in range(depth)]


def _ranks(order: list[np.ndarray], count: int) -> np.ndarray:
    rank = np.zeros(count, dtype=np.int64)
    for nodes in order:
        rank[nodes] = np.arange(len(nodes))
    return rank
