"""Flows and assignments: the nonzero values of a two-index variable as links between its labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Graph, Picture, Solved
from solvitur_pictures.answers import Values, largest, shown, variables
from solvitur_pictures.facts import coordinates

_MOST_LINKS = 20_000
_FAMILIES = 2
_READABLE = 120


class Flows:
    """Links between labels: layered when the index sets differ, by coordinates when the tables have them."""

    name, title = "flows", "Flows"

    def suits(self, solved: Solved) -> float:
        """Ranks sparse answers: few links per label."""
        best = 0.0
        for variable in pairs(solved):
            links, labels = len(variable.nonzero), len(variable.block.sets[0]) + len(variable.block.sets[1])
            sparse = links <= 3 * labels
            best = max(best, (0.8 if links <= _READABLE else 0.6) if sparse else 0.35)
        return best

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one graph per two-index variable."""
        return [graph_of(solved, variable) for variable in pairs(solved)[:_FAMILIES]]


def pairs(solved: Solved) -> list[Values]:
    """Lists the variables with two indices and something to show."""
    return [v for v in variables(solved) if v.dimensions == 2 and len(v.nonzero)]


def graph_of(solved: Solved, variable: Values) -> Graph:
    """Makes the graph of one two-index variable, its largest links if there are very many."""
    picked = variable.nonzero[largest(variable.values[variable.nonzero], _MOST_LINKS)]
    first, second = variable.block.sets
    source, target = (codes[picked] for codes in variable.codes)
    same = bool(set(first) & set(second))
    if same:
        labels = tuple(dict.fromkeys((*first, *second)))
        place = {label: at for at, label in enumerate(labels)}
        source = np.array([place[first[code]] for code in source.tolist()], dtype=np.int64)
        target = np.array([place[second[code]] for code in target.tolist()], dtype=np.int64)
        groups = ("",) * len(labels)
        positions = coordinates(solved, labels)
    else:
        labels = (*first, *second)
        target = target + len(first)
        groups = (variable.set_name(0) or "from",) * len(first) + (variable.set_name(1) or "to",) * len(second)
        ends = coordinates(solved, first), coordinates(solved, second)
        positions = None if ends[0] is None or ends[1] is None else np.vstack((ends[0], ends[1]))
    return Graph(
        title=variable.block.description or variable.name,
        caption=shown(len(picked), len(variable.nonzero), "largest links"),
        nodes=tuple(str(label) for label in labels),
        groups=groups,
        source=source.astype(np.int64),
        target=target.astype(np.int64),
        weight=variable.values[picked],
        unit=variable.block.unit,
        positions=positions,
        elements=variable.elements(picked),
        layered=not same,
    )
