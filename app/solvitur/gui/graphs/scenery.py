"""What the canvas of solution graphs draws: a network at its places, what is shown of it, colours and marks."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from PySide6.QtCore import QRectF

from solvitur.gui.graphs.filters import Shown, everything
from solvitur.gui.graphs.forces import SPACING
from solvitur.gui.graphs.network import Network

_LEAST_RADIUS, _MOST_RADIUS = 5.0, 14.0
_CELL = SPACING


@dataclass
class Marks:
    """What is picked, pointed at and found, by position."""

    nodes: frozenset[int] = frozenset()
    links: frozenset[int] = frozenset()
    current: int = -1
    hovered: int = -1
    found: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    found_links: frozenset[int] = frozenset()
    """What a search, or the match on show, has lit."""
    others: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    """Nodes of the other matches."""
    picked: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    """The same as ``nodes``, for painting."""


@dataclass(frozen=True, eq=False)
class Colours:
    """The colour of every node by position in a list of ``#rrggbb``; links have their own or none."""

    nodes: np.ndarray
    palette: tuple[str, ...]
    links: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))


class Scenery:
    """A network at places; everything that frames need again and again is worked out once."""

    def __init__(self, network: Network, places: np.ndarray, shown: Shown | None = None) -> None:
        self.network, self.places = network, places
        self.shown = everything(network) if shown is None else shown
        self.radii = _radii(network)
        importance = np.abs(network.node_values) + 1e-9 * network.degree
        nodes = np.flatnonzero(self.shown.nodes)
        self.nodes = nodes[np.argsort(-importance[nodes], kind="stable")]
        """The nodes that are shown, the most important first."""
        links = np.flatnonzero(self.shown.links)
        self.links = links[np.argsort(-np.abs(network.weight[links]), kind="stable")]
        """The links that are shown, the largest first."""

    @cached_property
    def strength(self) -> np.ndarray:
        """The value of every link as a share of the largest; little for all when they are alike."""
        sizes = np.abs(np.nan_to_num(self.network.weight))
        top = float(sizes.max(initial=0.0))
        if top <= 0 or float(sizes.min(initial=0.0)) == top:
            return np.full(len(sizes), 0.1)
        share: np.ndarray = sizes / top
        return share

    @cached_property
    def _grid(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
        """The shown nodes by the cell that they are in: nodes, their cells, the corner, and how long a row is."""
        return _gridded(self.places, self.nodes)

    @cached_property
    def extent(self) -> QRectF:
        """The box around the nodes that are shown; empty when there are none."""
        return self.around(self.nodes)

    def around(self, nodes: np.ndarray) -> QRectF:
        """Returns the box around some nodes."""
        if not len(nodes):
            return QRectF()
        low, high = self.places[nodes].min(axis=0) - SPACING / 2, self.places[nodes].max(axis=0) + SPACING / 2
        return QRectF(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))

    def moved(self, places: np.ndarray) -> Scenery:
        """Returns the same at other places."""
        other = copy(self)
        for name in ("_grid", "extent"):
            other.__dict__.pop(name, None)
        other.places = places
        return other

    # what is where

    def node_at(self, x: float, y: float, reach: float) -> int:
        """Returns the nearest node whose circle, widened by ``reach``, holds a point; -1 when none does."""
        near = self.nodes_in(
            x - _MOST_RADIUS - reach, y - _MOST_RADIUS - reach, x + _MOST_RADIUS + reach, y + _MOST_RADIUS + reach
        )
        if not len(near):
            return -1
        away = np.hypot(*(self.places[near] - (x, y)).T) - self.radii[near]
        best = int(away.argmin())
        return int(near[best]) if away[best] <= reach else -1

    def nodes_in(self, left: float, top: float, right: float, bottom: float) -> np.ndarray:
        """Returns the shown nodes in a box, by the rows of a grid that the box touches."""
        order, cells, low, across = self._grid
        if not len(order):
            return order
        first = np.floor((np.array([left, top]) - low) / _CELL).astype(np.int64)
        last = np.floor((np.array([right, bottom]) - low) / _CELL).astype(np.int64)
        rows = np.arange(max(int(first[1]), 0), min(int(last[1]), int(cells[-1] // across)) + 1)
        begin = np.searchsorted(cells, rows * across + np.clip(first[0], 0, across), "left")
        end = np.searchsorted(cells, rows * across + np.clip(last[0], -1, across - 1), "right")
        spans = [order[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True) if b > a]
        near = np.concatenate(spans) if spans else order[:0]
        x, y = self.places[near].T
        found: np.ndarray = near[(x >= left) & (x <= right) & (y >= top) & (y <= bottom)]
        return found

    def link_at(self, x: float, y: float, reach: float) -> int:
        """Returns the shown link that passes nearest to a point within reach, or -1."""
        starts, ends = self.places[self.network.source[self.links]], self.places[self.network.target[self.links]]
        low, high = np.minimum(starts, ends) - reach, np.maximum(starts, ends) + reach
        near = np.flatnonzero((low[:, 0] <= x) & (x <= high[:, 0]) & (low[:, 1] <= y) & (y <= high[:, 1]))
        if not len(near):
            return -1
        way = ends[near] - starts[near]
        away = np.array((x, y)) - starts[near]
        share = np.clip((away * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12), 0, 1)
        distance = np.hypot(*(away - way * share[:, None]).T)
        best = int(distance.argmin())
        return int(self.links[near[best]]) if distance[best] <= reach else -1


def _radii(network: Network) -> np.ndarray:
    """Returns the radius of every node: areas by value, the same for all when the values are."""
    sizes = np.abs(np.nan_to_num(network.node_values))
    top = float(sizes.max(initial=0.0))
    if top <= 0 or float(sizes.min(initial=0.0)) == top:
        return np.full(len(network), (_LEAST_RADIUS + _MOST_RADIUS) / 2)
    radii: np.ndarray = _LEAST_RADIUS + (_MOST_RADIUS - _LEAST_RADIUS) * np.sqrt(sizes / top)
    return radii


def _gridded(places: np.ndarray, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Sorts nodes by the cell that they are in: nodes, their cells, the corner, and how many cells a row has."""
    if not len(nodes):
        return nodes, np.zeros(0, np.int64), np.zeros(2), 1
    low = places[nodes].min(axis=0)
    cell = np.floor((places[nodes] - low) / _CELL).astype(np.int64)
    across = int(cell[:, 0].max()) + 1
    keys = cell[:, 1] * across + cell[:, 0]
    order = np.argsort(keys, kind="stable")
    return nodes[order], keys[order], low, across
