"""A graph as arrays: what the solution-graph view shows, whatever picture or run it came from. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np


def _codes() -> np.ndarray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and links by position; arrays of nodes have shape (n,), those of links (m,)."""

    title: str
    names: tuple[str, ...] = ()
    source: np.ndarray = field(default_factory=_codes)
    target: np.ndarray = field(default_factory=_codes)
    weight: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """The value of every link."""
    unit: str = ""
    directed: bool = True
    group_names: tuple[str, ...] = ()
    group: np.ndarray = field(default_factory=_codes)
    """The group of every node by position in ``group_names``, -1 for none; empty when there are no groups."""
    link_group: np.ndarray = field(default_factory=_codes)
    """The same for links, such as the route that a link belongs to."""
    values: np.ndarray | None = None
    """A number for every node; without, the number of its links stands for it."""
    value_word: str = "value"
    positions: np.ndarray | None = None
    """Where the data says that nodes are, shape (n, 2), y upwards."""
    layered: bool = False
    """Whether it flows, so that layers show it best."""
    node_elements: tuple[str, ...] = ()
    link_elements: tuple[str, ...] = ()
    """The model elements that nodes and links show; may be empty."""
    notes: tuple[str, ...] = ()
    """One more line to tell of every node; may be empty."""

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def degree(self) -> np.ndarray:
        """How many links every node has."""
        ends = np.concatenate((self.source, self.target)).astype(np.int64)
        return np.bincount(ends, minlength=len(self.names))

    @cached_property
    def node_values(self) -> np.ndarray:
        """The number that stands for every node."""
        return self.degree.astype(np.float64) if self.values is None else np.asarray(self.values, np.float64)

    @property
    def node_word(self) -> str:
        """What that number is."""
        return "links" if self.values is None else self.value_word

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The names and groups of the nodes, folded for searching."""
        if not len(self.group):
            return tuple(name.casefold() for name in self.names)
        groups = [name.casefold() for name in self.group_names]
        pairs = zip(self.names, self.group.tolist(), strict=True)
        return tuple(name.casefold() + ("\n" + groups[code] if code >= 0 else "") for name, code in pairs)

    @cached_property
    def neighbours(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Links read both ways in compressed form: starts (n + 1,), the other ends, and the links, (2m,) each."""
        ends = np.concatenate((self.source, self.target)).astype(np.int64)
        others = np.concatenate((self.target, self.source)).astype(np.int64)
        order = np.argsort(ends, kind="stable")
        starts = np.concatenate(([0], np.cumsum(self.degree)))
        links = np.concatenate((np.arange(len(self.source)), np.arange(len(self.source))))
        return starts, others[order], links[order]

    @cached_property
    def links_of_element(self) -> dict[str, int]:
        """The first link that shows each element."""
        pairs = zip(reversed(self.link_elements), range(len(self.link_elements) - 1, -1, -1), strict=True)
        return {element: at for element, at in pairs if element}

    @cached_property
    def nodes_of_element(self) -> dict[str, int]:
        """The first node that shows each element."""
        pairs = zip(reversed(self.node_elements), range(len(self.node_elements) - 1, -1, -1), strict=True)
        return {element: at for element, at in pairs if element}

    def group_word(self, node: int) -> str:
        """Returns the name of a node's group; empty when it has none."""
        code = int(self.group[node]) if node < len(self.group) else -1
        return self.group_names[code] if code >= 0 else ""


def coded(names: Sequence[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """Turns names into distinct ones and their codes; the empty name is -1."""
    place: dict[str, int] = {}
    codes = [place.setdefault(name, len(place)) if name else -1 for name in names]
    return tuple(place), np.array(codes, dtype=np.int64)
