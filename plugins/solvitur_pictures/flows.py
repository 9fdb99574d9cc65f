"""Flows and assignments: the nonzero values of a two-index variable as links between its labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Graph, Label, Picture, Solved
from solvitur_pictures.answers import Values, largest, ordered_whole, shown, variables
from solvitur_pictures.facts import coordinates

_MOST_LINKS = 20_000
_FAMILIES = 2
_READABLE = 120


class Flows:
    """Links between labels, in layers from left to right when the index sets differ."""

    name, title = "flows", "Flows"

    def suits(self, solved: Solved) -> float:
        """Ranks sparse answers: few links per label."""
        best = 0.0
        for variable in _unmapped(solved):
            links, labels = len(variable.nonzero), len(variable.block.sets[0]) + len(variable.block.sets[1])
            sparse = links <= 3 * labels
            best = max(best, (0.8 if links <= _READABLE else 0.6) if sparse else 0.35)
        return best

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one graph per two-index variable."""
        return [graph_of(variable) for variable in _unmapped(solved)[:_FAMILIES]]


def _unmapped(solved: Solved) -> list[Values]:
    """Leaves out the networks that are shown better on a map."""
    kept = []
    for variable in pairs(solved):
        labels, same = nodes_of(variable)
        if not same or coordinates(solved, labels) is None:
            kept.append(variable)
    return kept


def pairs(solved: Solved) -> list[Values]:
    """Lists the variables with two indices, neither of them a period, and something to show."""
    found = [_as_pair(v) for v in variables(solved) if v.dimensions in (2, 3) and len(v.nonzero)]
    return [v for v in found if v is not None and not any(ordered_whole(labels) for labels in v.block.sets)]


def _as_pair(variable: Values) -> Values | None:
    """Takes a third index away by summing, when the two others run over the same set, as commodities on arcs do."""
    if variable.dimensions == 2:
        return variable
    names = [variable.set_name(d) for d in range(3)]
    alike = [(a, b) for a, b in ((0, 1), (1, 2), (0, 2)) if names[a] and names[a] == names[b]]
    return variable.over(*alike[0]) if len(alike) == 1 else None


def graph_of(variable: Values, positions: np.ndarray | None = None) -> Graph:
    """Makes the graph of one two-index variable, its largest links if there are very many.

    Parameters
    ----------
    positions : array of shape (nodes, 2), optional
        Coordinates of `nodes_of` the variable, for a map.
    """
    over = f"Summed over {variable.summed}." if variable.summed else ""
    picked = variable.nonzero[largest(variable.values[variable.nonzero], _MOST_LINKS)]
    first, second = variable.block.sets
    source, target = (codes[picked] for codes in variable.codes)
    labels, same = nodes_of(variable)
    if same:
        place = {label: at for at, label in enumerate(labels)}
        source = np.array([place[first[code]] for code in source.tolist()], dtype=np.int64)
        target = np.array([place[second[code]] for code in target.tolist()], dtype=np.int64)
        groups = ("",) * len(labels)
    else:
        target = target + len(first)
        groups = (variable.set_name(0) or "from",) * len(first) + (variable.set_name(1) or "to",) * len(second)
    return Graph(
        title=variable.title,
        caption=f"{over} {shown(len(picked), len(variable.nonzero), 'largest links')}".strip(),
        nodes=tuple(str(label) for label in labels),
        groups=groups,
        source=source.astype(np.int64),
        target=target.astype(np.int64),
        weight=variable.values[picked],
        unit=variable.block.unit,
        positions=positions,
        directed=not (same and variable.binary),
        elements=variable.elements(picked),
        layered=not same and positions is None,
    )


def nodes_of(variable: Values) -> tuple[tuple[Label, ...], bool]:
    """Returns the labels that are nodes, and whether both indices run over the same ones."""
    first, second = variable.block.sets
    names = (variable.set_name(0), variable.set_name(1))
    if first == second or (set(first) & set(second) and (names[0] == names[1] or "" in names)):
        return tuple(dict.fromkeys((*first, *second))), True
    return (*first, *second), False
