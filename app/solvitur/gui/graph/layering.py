"""Layers of a directed acyclic graph, with dummy nodes on links that cross more than one layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_TIGHTENINGS = 8


@dataclass(frozen=True, eq=False)
class Layers:
    """The proper layered graph: real nodes first, then dummies; every edge joins neighbouring layers."""

    layer: np.ndarray
    """The layer of every node and dummy, shape (n + dummies,)."""
    source: np.ndarray
    target: np.ndarray
    real: int


def layers_of(count: int, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns the layer of every node: longest paths, then each node moved to where its links are shortest.

    Links that would close a cycle do not count.
    """
    out, order = _ordered(count, source, target)
    layer = np.zeros(count, dtype=np.int64)
    for node in order:
        for other in out[node]:
            layer[other] = max(layer[other], layer[node] + 1)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    into: list[list[int]] = [[] for _ in range(count)]
    for node in order:
        out[node] = [other for other in out[node] if place[other] > place[node]]
        for other in out[node]:
            into[other].append(node)
    levels = layer.tolist()
    for turn in range(_TIGHTENINGS):
        if not _tighten(levels, order if turn % 2 else order[::-1], into, out):
            break
    tight: np.ndarray = np.array(levels, dtype=np.int64)
    tight -= tight.min(initial=0)
    return tight


def _ordered(count: int, source: np.ndarray, target: np.ndarray) -> tuple[list[list[int]], list[int]]:
    """Returns the links out of every node, and an order of the nodes along them (Kahn); cycles are cut anywhere."""
    out: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for tail, head in zip(source.tolist(), target.tolist(), strict=True):
        if tail != head:
            out[tail].append(head)
            waiting[head] += 1
    order = [node for node in range(count) if not waiting[node]]
    at = 0
    placed = [not needs for needs in waiting]
    rest = iter(range(count))
    while len(order) < count or at < len(order):
        if at == len(order):
            stuck = next(node for node in rest if not placed[node])
            placed[stuck] = True
            order.append(stuck)
        for other in out[order[at]]:
            waiting[other] -= 1
            if waiting[other] == 0 and not placed[other]:
                placed[other] = True
                order.append(other)
        at += 1
    place = {node: position for position, node in enumerate(order)}
    return [[other for other in out[node] if place[other] > place[node]] for node in range(count)], order


def _tighten(levels: list[int], order: list[int], into: list[list[int]], out: list[list[int]]) -> bool:
    """Moves nodes within their free room to the side with more links; tells whether any moved."""
    moved = False
    for node in order:
        pulls = len(out[node]) - len(into[node])
        if pulls == 0 or not (out[node] or into[node]):
            continue
        if pulls > 0:
            wanted = min(levels[other] for other in out[node]) - 1
        else:
            wanted = max(levels[other] for other in into[node]) + 1
        if wanted != levels[node]:
            levels[node] = wanted
            moved = True
    return moved


def with_dummies(layer: np.ndarray, source: np.ndarray, target: np.ndarray) -> Layers:
    """Cuts long links into pieces between neighbouring layers."""
    real = len(layer)
    tails, heads = np.where(layer[source] <= layer[target], (source, target), (target, source))
    flat = layer[tails] != layer[heads]
    tails, heads = tails[flat], heads[flat]
    span = layer[heads] - layer[tails]
    pieces = np.repeat(np.arange(len(span)), span)
    first = np.cumsum(span) - span
    step = np.arange(len(pieces)) - np.repeat(first, span)
    dummies = np.repeat(np.arange(len(span)), span - 1)
    dummy_first = real + np.cumsum(span - 1) - (span - 1)
    from_node = np.where(step == 0, tails[pieces], dummy_first[pieces] + step - 1)
    to_node = np.where(step == span[pieces] - 1, heads[pieces], dummy_first[pieces] + step)
    within = np.arange(len(dummies)) - np.repeat(np.cumsum(span - 1) - (span - 1), span - 1)
    levels = np.concatenate((layer, layer[tails[dummies]] + 1 + within))
    return Layers(levels.astype(np.int64), from_node, to_node, real)
