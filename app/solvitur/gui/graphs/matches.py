"""Pattern search: every place of a network where a small drawn pattern fits. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from solvitur.gui.graphs.apart import FROM_NODES, apart
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
    made = fits if len(network) < FROM_NODES else partial(apart, "matches")
    given = {
        "source": network.source,
        "target": network.target,
        "directed": np.array(network.directed),
        "fitting": np.array(candidates(network, pattern, colours)),
        "links": np.array(pattern.links, dtype=np.int64).reshape(-1, 2),
        "limit": np.array(limit),
    }
    found = made(given, course)
    links = _links_at(network, found["nodes"][:, given["links"]])
    pairs = zip(found["nodes"].tolist(), links.tolist(), strict=True)
    return Matches(tuple(Match(tuple(nodes), frozenset(used)) for nodes, used in pairs), bool(found["complete"]))


def fits(given: Mapping[str, np.ndarray], course: Course) -> dict[str, np.ndarray]:
    """Does the work of `find` on arrays alone, so that it can be done in another process.

    Parameters
    ----------
    given
        ``source`` and ``target`` of the links, ``directed``, which nodes are ``fitting`` each node of the pattern,
        shape (k, n), the pattern's ``links``, shape (l, 2), and the ``limit``.

    Returns
    -------
    dict
        ``nodes``, one row for each place, shape (places, k), and whether they are ``complete``.
    """
    links, directed = given["links"].tolist(), bool(given["directed"])
    found: dict[frozenset[object], tuple[int, ...]] = {}
    complete = True
    for nodes in _fitting_nodes(given, links, directed, course):
        used = [(nodes[a], nodes[b]) for a, b in links]
        ends = frozenset(used if directed else map(frozenset, used))
        if found.setdefault(frozenset((frozenset(nodes), ends)), nodes) is nodes and len(found) >= int(
            given["limit"]
        ):
            complete = False
            break
    rows = np.array(list(found.values()), dtype=np.int64).reshape(-1, len(given["fitting"]))
    return {"nodes": rows, "complete": np.array(complete)}


def _links_at(network: Network, ends: np.ndarray) -> np.ndarray:
    """Returns the first link between each pair of ends, either way where links have no direction."""
    count = len(network)
    source, target = network.source, network.target
    if not network.directed:
        source, target, ends = np.minimum(source, target), np.maximum(source, target), np.sort(ends, axis=-1)
    keys = source * count + target
    order = np.argsort(keys, kind="stable")
    found: np.ndarray = order[np.searchsorted(keys[order], ends[..., 0] * count + ends[..., 1])]
    return found


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


def _fitting_nodes(
    given: Mapping[str, np.ndarray], links: list[list[int]], directed: bool, course: Course
) -> Iterator[tuple[int, ...]]:
    """Yields the nodes of every fit; VF2 searches the part of the network that can take part at all."""
    import networkx  # noqa: PLC0415 - takes half a second, and only this needs it

    kind = networkx.DiGraph if directed else networkx.Graph
    matchers = networkx.isomorphism
    base: Any = matchers.DiGraphMatcher if directed else matchers.GraphMatcher
    source, target, fitting = given["source"], given["target"], given["fitting"]
    able = np.asarray(fitting.any(axis=0))
    large = kind()
    large.add_nodes_from(np.flatnonzero(able).tolist())
    kept = able[source] & able[target]
    large.add_edges_from(zip(source[kept].tolist(), target[kept].tolist(), strict=True))
    small = kind()
    # VF2 begins with the node that was added first: the rarest leaves the fewest places to try.
    small.add_nodes_from(sorted(range(len(fitting)), key=lambda at: int(fitting[at].sum())))
    small.add_edges_from(links)
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
        yield tuple(back[at] for at in range(len(fitting)))
