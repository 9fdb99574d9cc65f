"""Fewer crossings than sweeps alone find: each node put where it crosses least, and kicks that are kept if good.

A layer is one small linear ordering problem: how many crossings two nodes cost in either order does not depend on the
others, so a matrix of these costs tells the gain of every move of a node at once.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from solvitur.gui.graph.layering import Layers

_WIDEST = 700
"""Wider layers are left as the sweeps made them: their matrices would take too long."""
_KICKED_LAYERS, _KICK = 4, 0.1
_NARROW, _TURNS = 128, 4
_SEED = 1


class Sifter:
    """Improves the order within layers; ``order`` holds the nodes of each layer."""

    def __init__(self, graph: Layers, order: list[np.ndarray]) -> None:
        self.order = [nodes.copy() for nodes in order]
        self._rank = np.zeros(len(graph.layer), dtype=np.int64)
        for nodes in order:
            self._rank[nodes] = np.arange(len(nodes))
        level = graph.layer[graph.source]
        by_level = np.argsort(level, kind="stable")
        source, target = graph.source[by_level], graph.target[by_level]
        cuts = np.searchsorted(level[by_level], np.arange(len(order) + 1)).tolist()
        self._gaps = [(source[a:b], target[a:b]) for a, b in pairwise(cuts)]
        """The edges between each layer and the next."""

    def settle(self, levels: Iterable[int], until: float) -> None:
        """Moves nodes of layers, and of those beside them, until no single move removes a crossing."""
        waiting = set(levels)
        while waiting:
            for level in sorted(waiting):
                waiting.discard(level)
                if time.monotonic() > until:
                    return
                if self._improve(level):
                    waiting.update(near for near in (level - 1, level + 1) if 0 <= near < len(self.order))

    def kick(self, kicks: int, until: float) -> None:
        """Shuffles a few layers a little, settles them, and takes that back when it has made crossings."""
        dice = np.random.default_rng(_SEED)
        depth = len(self.order)
        for _ in range(kicks):
            if time.monotonic() > until:
                return
            first = int(dice.integers(0, depth))
            kicked = range(first, min(depth, first + int(dice.integers(1, _KICKED_LAYERS + 1))))
            before = list(self.order)
            for level in kicked:
                nodes = self.order[level]
                places = np.arange(len(nodes)) + dice.normal(0.0, _KICK * len(nodes), len(nodes))
                self._take(level, nodes[np.argsort(places, kind="stable")])
            self.settle(range(max(first - 1, 0), min(kicked.stop + 1, depth)), until)
            changed = [level for level in range(depth) if self.order[level] is not before[level]]
            gaps = sorted({gap for level in changed for gap in (level - 1, level) if 0 <= gap < depth - 1})
            after = sum(self._crossings(gap) for gap in gaps)
            kept = [(level, self.order[level]) for level in changed]
            for level in changed:
                self._take(level, before[level])
            if after <= sum(self._crossings(gap) for gap in gaps):
                for level, nodes in kept:
                    self._take(level, nodes)

    def _take(self, level: int, nodes: np.ndarray) -> None:
        self.order[level] = nodes
        self._rank[nodes] = np.arange(len(nodes))

    def _improve(self, level: int) -> bool:
        nodes = self.order[level]
        if not 1 < len(nodes) <= _WIDEST:
            return False
        costs = np.zeros((len(nodes), len(nodes)), dtype=np.float32)
        for gap in (level, level - 1):
            if 0 <= gap < len(self.order) - 1:
                source, target = self._gaps[gap]
                ours, theirs = (source, target) if gap == level else (target, source)
                width = len(self.order[gap + 1 if gap == level else gap])
                costs += _costs(self._rank[ours], self._rank[theirs], len(nodes), width)
        found = _sifted(costs - costs.T)
        if found is None:
            return False
        self._take(level, nodes[found])
        return True

    def _crossings(self, gap: int) -> int:
        source, target = self._gaps[gap]
        shape = (len(self.order[gap]), len(self.order[gap + 1]))
        ends = np.zeros(shape, dtype=np.float64)
        np.add.at(ends, (self._rank[source], self._rank[target]), 1.0)
        # An edge is crossed by those that begin above it and end below it.
        above = np.cumsum(ends, axis=0) - ends
        below = np.cumsum(above[:, ::-1], axis=1)[:, ::-1] - above
        return round(float((ends * below).sum()))


def _costs(ours: np.ndarray, theirs: np.ndarray, count: int, width: int) -> np.ndarray:
    """Returns the crossings of each two nodes' edges when the first stands first, shape (count, count)."""
    ends = np.zeros((count, width), dtype=np.float32)
    np.add.at(ends, (ours, theirs), 1.0)
    before = np.cumsum(ends, axis=1) - ends
    costs: np.ndarray = ends @ before.T
    return costs


def _sifted(costs: np.ndarray) -> np.ndarray | None:
    """Returns the order after moves that gain; None when no move does.

    ``costs[u, v]`` is what u before v costs more than v before u, so moving u to behind all from its place to q gains
    the sum of its row between the two.
    """
    order = _best_first(costs) if len(costs) <= _NARROW else _one_by_one(costs)
    return None if (order == np.arange(len(costs))).all() else order


def _best_first(costs: np.ndarray) -> np.ndarray:
    """Makes the best of all moves, again and again."""
    count = len(costs)
    at = np.arange(count)
    order = at.copy()
    later, earlier = at[None, :] > at[:, None], at[None, :] < at[:, None]
    for _ in range(4 * count):
        sums = np.cumsum(costs, axis=1)
        here = sums[at, at][:, None]
        gains = np.where(later, sums - here, 0.0)
        gains[:, 1:] -= np.where(earlier[:, 1:], here - sums[:, :-1], 0.0)
        gains[:, 0] -= np.where(earlier[:, 0], here[:, 0], 0.0)
        best = int(gains.argmax())
        place, goal = divmod(best, count)
        if gains[place, goal] <= 0:
            break
        moved = np.insert(np.delete(at, place), goal, place)
        costs = costs[np.ix_(moved, moved)]
        order = order[moved]
    return order


def _one_by_one(costs: np.ndarray) -> np.ndarray:
    """Makes the best move of each node in turn, which is quicker for wide layers."""
    order = np.arange(len(costs))
    for _ in range(_TURNS):
        moves = 0
        for node in range(len(costs)):
            place = int(np.flatnonzero(order == node)[0])
            others = np.delete(order, place)
            sums = np.concatenate(([0.0], np.cumsum(costs[node, others])))
            goal = int(sums.argmax())
            if sums[goal] > sums[place]:
                order = np.insert(others, goal, node)
                moves += 1
        if not moves:
            break
    return order
