"""Maps: labels at their coordinates, sized by a one-index variable, joined by a two-index one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Picture, Scatter, Solved
from solvitur_pictures.answers import Values, counted, largest, variables
from solvitur_pictures.facts import coordinates
from solvitur_pictures.flows import pairs

_MOST = 5_000
_MOST_LINKS = 20_000


class PlaceMap:
    """Places at the coordinates that a table gives, with what was decided for them."""

    name, title = "map", "Map"

    def suits(self, solved: Solved) -> float:
        """Ranks high whenever the labels of a variable have coordinates."""
        if not solved.problem.tables:
            return 0.0
        placed = any(coordinates(solved, v.block.sets[0]) is not None for v in _single(solved))
        joined = any(_ends(solved, v) is not None for v in pairs(solved))
        return 0.9 if joined else 0.85 if placed else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws two-index variables as links between places, one-index variables as sizes."""
        links = [picture for v in pairs(solved) if (picture := _joined(solved, v)) is not None]
        return links or [picture for v in _single(solved) if (picture := _placed(solved, v)) is not None]


def _single(solved: Solved) -> list[Values]:
    return [v for v in variables(solved) if v.dimensions == 1 and len(v.nonzero)]


def _ends(solved: Solved, variable: Values) -> tuple[np.ndarray, np.ndarray] | None:
    first, second = (coordinates(solved, labels) for labels in variable.block.sets)
    return None if first is None or second is None else (first, second)


def _placed(solved: Solved, variable: Values) -> Scatter | None:
    where = coordinates(solved, variable.block.sets[0])
    if where is None:
        return None
    picked = largest(variable.values, _MOST)
    codes = variable.codes[0][picked]
    names, values = variable.names(0), variable.values[picked]
    chosen = np.isin(picked, variable.nonzero)
    return Scatter(
        title=variable.block.description or variable.name,
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


def _joined(solved: Solved, variable: Values) -> Scatter | None:
    ends = _ends(solved, variable)
    if ends is None:
        return None
    first, second = variable.block.sets
    same = first == second
    where = ends[0] if same else np.vstack(ends)
    if len(where) > _MOST:
        return None
    picked = variable.nonzero[largest(variable.values[variable.nonzero], _MOST_LINKS)]
    shift = 0 if same else len(first)
    links = np.column_stack((variable.codes[0][picked], variable.codes[1][picked] + shift))
    amounts = np.abs(variable.values[picked])
    size = np.bincount(links[:, 0], weights=amounts, minlength=len(where))
    if not same:
        size = size + np.bincount(links[:, 1], weights=amounts, minlength=len(where))
    groups = (
        ("",) * len(where)
        if same
        else ((variable.set_name(0) or "from",) * len(first) + (variable.set_name(1) or "to",) * len(second))
    )
    labels = tuple(str(label) for label in (first if same else (*first, *second)))
    return Scatter(
        title=variable.block.description or variable.name,
        x=where[:, 0],
        y=where[:, 1],
        labels=labels,
        groups=groups,
        size=size,
        elements=_opened(solved, labels),
        links=links,
        x_axis="x",
        y_axis="y",
    )


def _opened(solved: Solved, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Names, place by place, the one-index variable that decides about it (may be empty)."""
    decided: dict[str, str] = {}
    for variable in _single(solved):
        for label in variable.names(0):
            decided.setdefault(label, f"{variable.block.name}[{label}]")
    return tuple(decided.get(label, "") for label in labels)
