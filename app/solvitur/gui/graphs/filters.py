"""Which nodes and links of a network are shown. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.gui.graphs.forces import spans
from solvitur.gui.graphs.network import Network

_ALL = (-np.inf, np.inf)


@dataclass(frozen=True)
class Filter:
    """What a node or link must be to be shown; as it stands, everything is."""

    text: str = ""
    """Part of a node's name or group, in any case."""
    node_range: tuple[float, float] = _ALL
    link_range: tuple[float, float] = _ALL
    hide_isolated: bool = False
    """Hides nodes that no shown link touches."""
    around: frozenset[int] = frozenset()
    """Only what these nodes reach ..."""
    hops: int = 1
    """... over so many links; 0: the nodes alone."""
    hidden_groups: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Shown:
    """The outcome: masks of nodes and links, shapes (n,) and (m,)."""

    nodes: np.ndarray
    links: np.ndarray

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return bool(self.nodes.all()) and bool(self.links.all())


def everything(network: Network) -> Shown:
    """Shows all of a network."""
    return Shown(np.ones(len(network), bool), np.ones(len(network.source), bool))


def filtered(network: Network, chosen: Filter) -> Shown:
    """Returns what a filter leaves of a network."""
    nodes = np.ones(len(network), bool)
    if chosen.text.strip():
        nodes &= matching(network, chosen.text)
    nodes &= _within(network.node_values, chosen.node_range)
    if chosen.hidden_groups and len(network.group):
        nodes &= ~np.isin(network.group, list(chosen.hidden_groups))
    links = _within(network.weight, chosen.link_range)
    links &= nodes[network.source] & nodes[network.target]
    if chosen.around:
        near = neighbourhood(network, chosen.around, chosen.hops, links)
        nodes &= near
        links &= near[network.source] & near[network.target]
    if chosen.hide_isolated:
        touched = np.zeros(len(network), bool)
        touched[network.source[links]] = touched[network.target[links]] = True
        nodes &= touched
    return Shown(nodes, links)


def matching(network: Network, text: str) -> np.ndarray:
    """Returns which nodes have a text in their name or group, in any case."""
    wanted = text.strip().casefold()
    found = (wanted in name for name in network.folded)
    return np.fromiter(found, bool, len(network))


def neighbourhood(network: Network, nodes: frozenset[int], hops: int, links: np.ndarray) -> np.ndarray:
    """Returns which nodes some nodes reach over so many of the given links, either way; themselves included."""
    starts, others, by_link = network.neighbours
    reached = np.zeros(len(network), bool)
    front = np.array(sorted(nodes), dtype=np.int64)
    reached[front] = True
    for _ in range(hops):
        at = spans(starts, front)
        ends = others[at[links[by_link[at]]]]
        front = np.unique(ends[~reached[ends]])
        reached[front] = True
        if not len(front):
            break
    return reached


def _within(values: np.ndarray, allowed: tuple[float, float]) -> np.ndarray:
    if allowed == _ALL:
        return np.ones(len(values), bool)
    kept: np.ndarray = (values >= allowed[0]) & (values <= allowed[1])
    return kept
