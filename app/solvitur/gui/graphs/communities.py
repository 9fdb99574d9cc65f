"""Communities: groups of nodes with many links among themselves and few to others. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.work import Course

_SEED = 1


@dataclass(frozen=True, eq=False)
class Communities:
    """The community of every node, largest first."""

    codes: np.ndarray
    """Shape (n,), counted from 0; every node is in one."""
    names: tuple[str, ...]
    """A letter or two, and the node with the most links."""
    sizes: np.ndarray
    inside: float
    """The share of the links that stay within a community."""


def communities(network: Network, course: Course) -> Communities:
    """Finds communities by Louvain's method, links weighing as much as their values.

    Raises
    ------
    GivenUpError
        If it was given up.
    """
    import networkx  # noqa: PLC0415 - takes half a second, and only this needs it

    graph = networkx.Graph()
    graph.add_nodes_from(range(len(network)))
    weights = np.abs(np.nan_to_num(network.weight))
    weights = weights if len(weights) and float(weights.max()) > 0 else np.ones(len(network.source))
    ends = zip(network.source.tolist(), network.target.tolist(), weights.tolist(), strict=True)
    for source, target, weight in ends:
        if source != target and weight > 0:
            before = graph.get_edge_data(source, target)
            graph.add_edge(source, target, weight=weight + (before["weight"] if before else 0.0))
    found: list[set[int]] = [{node} for node in graph]
    for level, partition in enumerate(networkx.community.louvain_partitions(graph, seed=_SEED)):
        course.tell(1 - 0.5 ** (level + 1))
        course.check()
        found = partition
    return _named(network, found)


def _named(network: Network, found: list[set[int]]) -> Communities:
    ordered = sorted(found, key=lambda nodes: (-len(nodes), min(nodes)))
    codes = np.zeros(len(network), dtype=np.int64)
    names = []
    for number, nodes in enumerate(ordered):
        members = np.fromiter(nodes, np.int64, len(nodes))
        codes[members] = number
        members.sort()
        busiest = int(members[np.argmax(network.degree[members])])
        names.append(f"{letters(number)}: {network.names[busiest]}")
    same = codes[network.source] == codes[network.target]
    inside = float(same.mean()) if len(same) else 1.0
    return Communities(codes, tuple(names), np.bincount(codes, minlength=len(names)), inside)


def letters(number: int) -> str:
    """Names a community: A to Z, then AA, AB and so on."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
