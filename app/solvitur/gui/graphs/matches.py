"""Pattern search: every place of a network where a small drawn pattern fits. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvitur.gui.graphs.network import Network
from solvitur.gui.graphs.work import Course

MOST_MATCHES = 1_000


@dataclass(frozen=True)
class PatternNode:
    """A node of a pattern; an empty text fits every name, -1 every colour."""

    text: str = ""
    colour: int = -1


@dataclass(frozen=True)
class Pattern:
    """A few nodes and the links that must be there; others may be there as well."""

    nodes: tuple[PatternNode, ...] = ()
    links: tuple[tuple[int, int], ...] = ()

    @property
    def why_not(self) -> str:
        """Says what is missing before it can be searched for; empty when nothing is."""
        if not self.nodes:
            return "Draw a pattern first: double click for a node, drag from node to node for a link."
        reached, links = {0}, [*self.links, *((b, a) for a, b in self.links)]
        for _ in self.nodes:
            reached |= {b for a, b in links if a in reached}
        if len(reached) < len(self.nodes):
            return "Link all nodes of the pattern; parts of their own would fit everywhere."
        return ""


@dataclass(frozen=True)
class Match:
    """One place where a pattern fits: the node for each node of the pattern, and the links used."""

    nodes: tuple[int, ...]
    links: frozenset[int]


@dataclass(frozen=True)
class Matches:
    """What a search found; ``complete`` is False when it ended at the limit."""

    found: tuple[Match, ...]
    complete: bool = True


def find(
    network: Network, pattern: Pattern, colours: np.ndarray, course: Course, *, limit: int = MOST_MATCHES
) -> Matches:
    """Finds where a pattern fits (VF2); each set of nodes and links once, however the pattern can be turned.

    Parameters
    ----------
    colours
        The colour code of every node, shape (n,), which `PatternNode.colour` refers to.

    Raises
    ------
    GivenUpError
        If the search was given up.
    """
    links: dict[tuple[int, int], int] = {}
    for at, (source, target) in enumerate(zip(network.source.tolist(), network.target.tolist(), strict=True)):
        links.setdefault((source, target), at)
        if not network.directed:
            links.setdefault((target, source), at)
    found: dict[frozenset[object], Match] = {}
    for nodes in _fits(network, pattern, colours, course):
        used = frozenset(links[nodes[a], nodes[b]] for a, b in pattern.links)
        key: frozenset[object] = frozenset((frozenset(nodes), used))
        if key not in found:
            found[key] = Match(nodes, used)
            if len(found) >= limit:
                return Matches(tuple(found.values()), complete=False)
    return Matches(tuple(found.values()))


def candidates(network: Network, pattern: Pattern, colours: np.ndarray) -> list[np.ndarray]:
    """Returns, for every node of a pattern, which nodes of the network have its text, its colour and enough links."""
    out = np.bincount(network.source, minlength=len(network))
    into = np.bincount(network.target, minlength=len(network))
    fitting = []
    for at, node in enumerate(pattern.nodes):
        fits = np.ones(len(network), bool)
        if node.text.strip():
            wanted = node.text.strip().casefold()
            fits &= np.fromiter((wanted in name for name in network.folded), bool, len(network))
        if node.colour >= 0:
            fits &= colours == node.colour
        leaving = len({b for a, b in pattern.links if a == at and b != at})
        arriving = len({a for a, b in pattern.links if b == at and a != at})
        if network.directed:
            fits &= (out >= leaving) & (into >= arriving)
        else:
            others = {b for a, b in pattern.links if a == at} | {a for a, b in pattern.links if b == at}
            fits &= out + into >= len(others - {at})
        fitting.append(fits)
    return fitting


def _fits(network: Network, pattern: Pattern, colours: np.ndarray, course: Course) -> Iterator[tuple[int, ...]]:
    """Yields the nodes of every fit; VF2 searches the part of the network that can take part at all."""
    import networkx  # noqa: PLC0415 - takes half a second, and only this needs it

    kind = networkx.DiGraph if network.directed else networkx.Graph
    matchers = networkx.isomorphism
    base: Any = matchers.DiGraphMatcher if network.directed else matchers.GraphMatcher
    fitting = candidates(network, pattern, colours)
    able = np.any(fitting, axis=0) if fitting else np.zeros(len(network), bool)
    large = kind()
    large.add_nodes_from(np.flatnonzero(able).tolist())
    kept = able[network.source] & able[network.target]
    large.add_edges_from(zip(network.source[kept].tolist(), network.target[kept].tolist(), strict=True))
    small = kind()
    # VF2 begins with the node that was added first: the rarest leaves the fewest places to try.
    small.add_nodes_from(sorted(range(len(pattern.nodes)), key=lambda at: int(fitting[at].sum())))
    small.add_edges_from(pattern.links)
    total = max(len(large), 1)

    class Matcher(base):  # type: ignore[misc]
        """Asks for candidates as VF2 does, tells how far it is, and ends when it is given up."""

        def candidate_pairs_iter(self) -> Iterator[tuple[int, int]]:
            first = not self.core_1
            for tried, (one, other) in enumerate(super().candidate_pairs_iter()):
                if first:
                    course.tell(tried / total)
                elif not tried % 64:
                    course.check()
                if fitting[other][one]:
                    yield one, other

    for mapping in Matcher(large, small).subgraph_monomorphisms_iter():
        back = {other: one for one, other in mapping.items()}
        yield tuple(back[at] for at in range(len(pattern.nodes)))
