"""Communities: groups of nodes with many links among themselves and few to others. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from solvitur.gui.graphs.apart import FROM_NODES, apart
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
    made = partition if len(network) < FROM_NODES else partial(apart, "communities")
    count = np.array(len(network))
    given = {"source": network.source, "target": network.target, "weight": network.weight, "count": count}
    return _named(network, made(given, course)["codes"])


def partition(given: Mapping[str, np.ndarray], course: Course) -> dict[str, np.ndarray]:
    """Does the work of `communities` on arrays alone, so that it can be done in another process.

    Parameters
    ----------
    given
        ``source``, ``target`` and ``weight`` of the links, and the ``count`` of the nodes.

    Returns
    -------
    dict
        ``codes``, the community of every node, in any order.
    """
    import networkx  # noqa: PLC0415 - takes half a second, and only this needs it

    graph = networkx.Graph()
    graph.add_nodes_from(range(int(given["count"])))
    weights = np.abs(np.nan_to_num(given["weight"]))
    weights = weights if float(weights.max(initial=0.0)) > 0 else np.ones(len(weights))
    ends = zip(given["source"].tolist(), given["target"].tolist(), weights.tolist(), strict=True)
    for source, target, weight in ends:
        if source != target and weight > 0:
            before = graph.get_edge_data(source, target)
            graph.add_edge(source, target, weight=weight + (before["weight"] if before else 0.0))
    codes = np.arange(int(given["count"]))
    for level, found in enumerate(networkx.community.louvain_partitions(graph, seed=_SEED)):
        course.tell(1 - 0.5 ** (level + 1))
        course.check()
        for number, nodes in enumerate(found):
            codes[list(nodes)] = number
    return {"codes": codes}


def _named(network: Network, found: np.ndarray) -> Communities:
    """Orders communities by size, then by their first node, and names each by its busiest node."""
    _, first, number, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    codes = place[number]
    busiest = np.lexsort((np.arange(len(network)), -network.degree, codes))
    names = [
        f"{letters(code)}: {network.names[busiest[at]]}"
        for code, at in enumerate((np.cumsum(sizes[order]) - sizes[order]).tolist())
    ]
    same = codes[network.source] == codes[network.target]
    inside = float(same.mean()) if len(same) else 1.0
    return Communities(codes, tuple(names), sizes[order], inside)


def letters(number: int) -> str:
    """Names a community: A to Z, then AA, AB and so on."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
