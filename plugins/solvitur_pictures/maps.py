"""Maps: labels at their coordinates, sized by a one-index variable, joined by a two-index one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Graph, Picture, Scatter, Solved
from solvitur_pictures.answers import Values, counted, largest, variables
from solvitur_pictures.facts import coordinates
from solvitur_pictures.flows import graph_of, nodes_of, pairs

_MOST = 5_000
_FAMILIES = 2


class PlaceMap:
    """Places at the coordinates that a table gives, with what was decided for them."""

    name, title = "map", "Map"

    def suits(self, solved: Solved) -> float:
        """Ranks high whenever the labels of a variable have coordinates."""
        if not solved.problem.tables:
            return 0.0
        placed = any(coordinates(solved, v.block.sets[0]) is not None for v in _single(solved))
        joined = any(coordinates(solved, nodes_of(v)[0]) is not None for v in pairs(solved))
        return 0.9 if joined else 0.85 if placed else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws two-index variables as links between places, one-index variables as sizes."""
        links = [picture for v in pairs(solved)[:_FAMILIES] if (picture := _joined(solved, v)) is not None]
        if links:
            return links
        return [placed for v in _single(solved)[:_FAMILIES] if (placed := _placed(solved, v)) is not None]


def _single(solved: Solved) -> list[Values]:
    return [v for v in variables(solved) if v.dimensions == 1 and len(v.nonzero)]


def _placed(solved: Solved, variable: Values) -> Scatter | None:
    where = coordinates(solved, variable.block.sets[0])
    if where is None:
        return None
    picked = largest(variable.values, _MOST)
    codes = variable.codes[0][picked]
    names, values = variable.names(0), variable.values[picked]
    chosen = np.isin(picked, variable.nonzero)
    return Scatter(
        title=variable.title,
        caption="" if len(picked) == len(where) else f"Showing {counted(len(picked))} of {counted(len(where))}.",
        x=where[codes, 0],
        y=where[codes, 1],
        labels=tuple(names[code] for code in codes.tolist()),
        groups=tuple(variable.name if on else f"{variable.name} = 0" for on in chosen.tolist()),
        size=None if variable.binary else np.abs(values),
        elements=variable.elements(picked),
        x_axis="x",
        y_axis="y",
    )


def _joined(solved: Solved, variable: Values) -> Graph | None:
    labels, _ = nodes_of(variable)
    where = coordinates(solved, labels)
    return None if where is None else graph_of(variable, where)
