"""A layered layout: flow from left to right, few crossings, links as straight as room allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.gui.graph.layering import Layers, layers_of, with_dummies
from solvitur.gui.graph.ordering import crossings, order_layers

_STRAIGHTENINGS = 6
_DUMMY_HEIGHT = 8.0
_MOST_PIECES = 60_000
"""Links that would be cut into more pieces than this take no part in the layout, the longest first."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the nodes go: centres, shape (n, 2), and how many links cross between layers."""

    centers: np.ndarray
    crossings: int


def layered(
    sizes: np.ndarray,
    source: np.ndarray,
    target: np.ndarray,
    *,
    gap_x: float = 72.0,
    gap_y: float = 24.0,
    seconds: float = 2.0,
) -> Layout:
    """Lays a directed graph out in layers from left to right; each connected part by itself, one below another.

    Parameters
    ----------
    sizes
        Width and height of every node, shape (n, 2).
    source, target
        Indices of the ends of every link; links that close a cycle are drawn backwards.
    seconds
        How long the search for fewer crossings may go on after the first good order.

    Notes
    -----
    Sugiyama's method: layers by longest paths and tightening, barycentre sweeps, sifting with kicks, and
    coordinates by isotonic regression towards the mean of a node's neighbours.
    """
    count = len(sizes)
    if not count:
        return Layout(np.zeros((0, 2)), 0)
    part = parts(count, source, target)
    centers, total = np.zeros((count, 2)), 0
    bottom = 0.0
    shelf_x = shelf_height = 0.0
    numbers = np.argsort(-np.bincount(part), kind="stable").tolist()
    widest = 0.0
    for number in numbers:
        members = np.flatnonzero(part == number)
        inner = np.zeros(count, dtype=np.int64)
        inner[members] = np.arange(len(members))
        inside = part[source] == number
        placed, crossed = _connected(
            sizes[members], inner[source[inside]], inner[target[inside]], gap_x, gap_y, seconds * len(members) / count
        )
        total += crossed
        size = sizes[members]
        low, high = (placed - size / 2).min(axis=0), (placed + size / 2).max(axis=0)
        width, height = (high - low).tolist()
        # The large parts stand one below another; smaller ones fill rows as wide as the largest.
        widest = max(widest, width)
        if shelf_x and shelf_x + width > widest:
            bottom, shelf_x, shelf_height = bottom + shelf_height + 2 * gap_y, 0.0, 0.0
        centers[members] = placed - low + (shelf_x, bottom)
        shelf_x, shelf_height = shelf_x + width + gap_x, max(shelf_height, height)
    return Layout(centers, total)


def parts(count: int, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns the number of the connected part of every node."""
    root = list(range(count))

    def found(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for tail, head in zip(source.tolist(), target.tolist(), strict=True):
        a, b = found(tail), found(head)
        if a != b:
            root[max(a, b)] = min(a, b)
    _, number = np.unique([found(node) for node in range(count)], return_inverse=True)
    return np.asarray(number, dtype=np.int64)


def _connected(
    sizes: np.ndarray, source: np.ndarray, target: np.ndarray, gap_x: float, gap_y: float, seconds: float
) -> tuple[np.ndarray, int]:
    count = len(sizes)
    if count == 1:
        return np.zeros((1, 2)), 0
    level = layers_of(count, source, target)
    span = np.abs(level[target] - level[source])
    counted = span <= _longest_cut(span)
    graph = with_dummies(level, source[counted], target[counted])
    order = order_layers(graph, seconds)
    rank = np.zeros(len(graph.layer), dtype=np.int64)
    for nodes in order:
        rank[nodes] = np.arange(len(nodes))
    heights = np.concatenate((sizes[:, 1], np.full(len(graph.layer) - count, _DUMMY_HEIGHT)))
    across = _straightened(graph, order, heights, gap_y)
    widths = np.zeros(len(order))
    np.maximum.at(widths, graph.layer[:count], sizes[:, 0])
    starts = np.concatenate(([0.0], np.cumsum(widths + gap_x)[:-1]))
    along = (starts + widths / 2)[graph.layer[:count]]
    return np.column_stack((along, across[:count])), crossings(graph, rank)


def _longest_cut(span: np.ndarray) -> int:
    """Returns how long links may be to be laid out: all, unless they would be cut into too many pieces."""
    pieces = np.cumsum(np.sort(span))
    room = int(np.searchsorted(pieces, _MOST_PIECES, side="right"))
    return int(span.max(initial=0)) if room == len(span) else max(int(np.sort(span)[room]) - 1, 1)


def _straightened(graph: Layers, order: list[np.ndarray], heights: np.ndarray, gap: float) -> np.ndarray:
    """Returns the coordinate within the layer of every node and dummy."""
    count = len(graph.layer)
    across = np.zeros(count)
    offsets = []
    for nodes in order:
        tall = heights[nodes]
        offset = np.concatenate(([0.0], np.cumsum((tall[:-1] + tall[1:]) / 2 + gap)))
        offsets.append(offset)
        across[nodes] = offset - offset[-1] / 2
    # Pieces of long links pull hardest, so that these run straight.
    weight = np.where((graph.source >= graph.real) & (graph.target >= graph.real), 8.0, 1.0)
    ends = (np.concatenate((graph.source, graph.target)), np.concatenate((graph.target, graph.source)))
    both = np.concatenate((weight, weight))
    towards = np.concatenate((np.zeros(len(weight), bool), np.ones(len(weight), bool)))
    for turn in range(_STRAIGHTENINGS):
        down = turn % 2 == 0
        used = towards if down else ~towards
        if turn == _STRAIGHTENINGS - 1:
            used = np.ones(len(both), bool)
        at, other, pull = ends[0][used], ends[1][used], both[used]
        by_layer = np.argsort(graph.layer[at], kind="stable")
        at, other, pull = at[by_layer], other[by_layer], pull[by_layer]
        cuts = np.searchsorted(graph.layer[at], np.arange(len(order) + 1))
        for level in range(len(order)) if down else range(len(order) - 1, -1, -1):
            piece = slice(int(cuts[level]), int(cuts[level + 1]))
            _settle(across, order[level], offsets[level], at[piece], other[piece], pull[piece])
    return across


def _settle(
    across: np.ndarray, nodes: np.ndarray, offset: np.ndarray, at: np.ndarray, other: np.ndarray, pull: np.ndarray
) -> None:
    """Moves a layer's nodes as near to their neighbours as their order and gaps allow."""
    if not len(at):
        return
    place = np.zeros(int(nodes.max()) + 1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    weights = np.bincount(place[at], weights=pull, minlength=len(nodes))
    sums = np.bincount(place[at], weights=pull * across[other], minlength=len(nodes))
    wanted = np.where(weights > 0, sums / np.maximum(weights, 1e-9), across[nodes])
    weights = np.where(weights > 0, weights, 0.05)
    across[nodes] = _isotonic(wanted - offset, weights) + offset


def _isotonic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Returns the nearest rising values (pool adjacent violators)."""
    levels: list[float] = []
    masses: list[float] = []
    lengths: list[int] = []
    for value, mass in zip(values.tolist(), weights.tolist(), strict=True):
        level, length = value, 1
        while levels and levels[-1] > level:
            last, heavy = levels.pop(), masses.pop()
            level = (last * heavy + level * mass) / (heavy + mass)
            mass += heavy
            length += lengths.pop()
        levels.append(level)
        masses.append(mass)
        lengths.append(length)
    return np.repeat(levels, lengths)
