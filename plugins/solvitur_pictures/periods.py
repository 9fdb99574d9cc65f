"""Lines over periods: variables indexed by an ordered set of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Label, Lines, Picture, Solved
from solvitur_pictures.answers import Values, counted, ordered_whole, variables

_MOST_SERIES = 12
_MOST_POINTS = 5_000
_FAMILIES = 3
_NOT_PERIODS = {"rows", "columns", "cells", "digits", "values", "row", "column"}


class PeriodLines:
    """One line per series, time from left to right."""

    name, title = "periods", "Over the periods"

    def suits(self, solved: Solved) -> float:
        """Ranks variables over a run of whole numbers; binary ones alone say little as lines."""
        found = _timed(solved)
        if not found:
            return 0.0
        return 0.8 if any(not variable.binary for variable, _ in found) else 0.3

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws single-index variables of the same periods and unit together, others one by one."""
        together: dict[tuple[tuple[Label, ...], str], list[Values]] = {}
        pictures: list[Picture] = []
        for variable, axis in _timed(solved):
            if variable.dimensions == 1 and not variable.binary:
                together.setdefault((variable.block.sets[0], variable.block.unit), []).append(variable)
            elif variable.dimensions == 2 and not variable.binary:
                pictures.append(_by_label(variable, axis))
        joint: list[Picture] = [_side_by_side(group) for group in together.values()]
        return (joint + pictures)[:_FAMILIES]


def _timed(solved: Solved) -> list[tuple[Values, int]]:
    found = []
    for variable in variables(solved):
        if variable.dimensions not in (1, 2) or not len(variable.nonzero):
            continue
        axes = [
            d
            for d in range(variable.dimensions)
            if ordered_whole(variable.block.sets[d]) and variable.set_name(d).casefold() not in _NOT_PERIODS
        ]
        if len(axes) == 1:
            found.append((variable, axes[0]))
    return found


def _side_by_side(group: list[Values]) -> Lines:
    first = group[0]
    kept = group[:_MOST_SERIES]
    return Lines(
        title=first.title if len(group) == 1 else ", ".join(v.name for v in kept),
        caption=_fewer(len(kept), len(group)),
        series=tuple(v.name for v in kept),
        x=tuple(_numbers(v.block.sets[0])[v.codes[0]] for v in kept),
        y=tuple(v.values for v in kept),
        x_axis=first.set_name(0),
        y_axis=first.block.unit,
        steps=all(v.whole for v in kept),
        elements=tuple(v.elements(np.arange(v.block.count)) for v in kept)
        if first.block.count <= _MOST_POINTS
        else (),
    )


def _by_label(variable: Values, axis: int) -> Lines:
    other = 1 - axis
    codes = variable.codes[other]
    totals = np.bincount(codes, weights=np.abs(variable.values), minlength=len(variable.block.sets[other]))
    kept = np.argsort(-totals, kind="stable")[: min(_MOST_SERIES, int((totals > 0).sum()))]
    when = _numbers(variable.block.sets[axis])
    offsets = [np.flatnonzero(codes == code) for code in kept.tolist()]
    names = variable.names(other)
    return Lines(
        title=variable.title,
        caption=_fewer(len(kept), int((totals > 0).sum())),
        series=tuple(names[code] for code in kept.tolist()),
        x=tuple(when[variable.codes[axis][part]] for part in offsets),
        y=tuple(variable.values[part] for part in offsets),
        x_axis=variable.set_name(axis),
        y_axis=variable.block.unit,
        steps=variable.whole,
        elements=tuple(variable.elements(part) for part in offsets) if len(when) <= _MOST_POINTS else (),
    )


def _numbers(labels: tuple[Label, ...]) -> np.ndarray:
    return np.array(labels, dtype=np.float64)


def _fewer(some: int, of: int) -> str:
    return "" if some >= of else f"Showing the {counted(some)} largest of {counted(of)} series."
