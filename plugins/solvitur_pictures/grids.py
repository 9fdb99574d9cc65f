"""Grids: heatmaps of two-index variables, and cells that hold one choice each (sudoku, rosters)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Heatmap, Picture, Solved
from solvitur_pictures.answers import Values, counted, variables

_MOST_CELLS = 250_000
_SIDE = 500
_FAMILIES = 2
_SMALL_GRID = 60
_DISCRETE = 30


class VariableHeatmap:
    """The values of a variable over its first two index sets."""

    name, title = "heatmap", "Heatmap"

    def suits(self, solved: Solved) -> float:
        """Ranks two-index variables above those that must be summed first."""
        found = _wide(solved)
        if not found:
            return 0.0
        if any(v.dimensions == 2 and not v.binary for v in found):
            return 0.65
        if any(not v.binary for v in found):
            return 0.6
        return 0.5 if any(v.dimensions == 2 for v in found) else 0.4

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one heatmap per variable, those that need no summing first."""
        found = sorted(_wide(solved), key=lambda v: (v.dimensions, v.binary))
        return [_heatmap_of(v) for v in found[:_FAMILIES]]


def _wide(solved: Solved) -> list[Values]:
    return [v for v in variables(solved) if v.dimensions >= 2 and len(v.nonzero)]


def _heatmap_of(variable: Values) -> Heatmap:
    shape = (len(variable.block.sets[0]), len(variable.block.sets[1]))
    rows, columns = variable.names(0), variable.names(1)
    caption = []
    if variable.dimensions > 2:
        others = ", ".join(variable.set_name(d) or f"index {d + 1}" for d in range(2, variable.dimensions))
        caption.append(f"Summed over {others}.")
    whole_picture = shape[0] * shape[1] <= _MOST_CELLS
    step = (1, 1) if whole_picture else (-(-shape[0] // _SIDE), -(-shape[1] // _SIDE))
    grid = (-(-shape[0] // step[0]), -(-shape[1] // step[1]))
    at = (variable.codes[0] // step[0]) * grid[1] + variable.codes[1] // step[1]
    sums = np.bincount(at, weights=variable.values, minlength=grid[0] * grid[1])
    values = np.where(np.bincount(at, minlength=len(sums)) > 0, sums, np.nan).reshape(grid)
    if not whole_picture:
        caption.append(
            f"Showing {counted(grid[0] * grid[1])} cells for {counted(shape[0] * shape[1])}: "
            f"each sums {step[0]} x {step[1]} values."
        )
        rows = tuple(rows[i] for i in range(0, shape[0], step[0]))
        columns = tuple(columns[j] for j in range(0, shape[1], step[1]))
    plain = variable.dimensions == 2 and whole_picture
    return Heatmap(
        title=variable.title,
        caption=" ".join(caption),
        rows=rows,
        columns=columns,
        values=values,
        unit=variable.block.unit,
        row_axis=variable.set_name(0),
        column_axis=variable.set_name(1),
        element=variable.block.name if plain else "",
        discrete=variable.whole and not variable.binary and max(shape) <= _DISCRETE,
    )


class CellGrid:
    """Rows and columns where each cell holds one choice: value k where ``x[i, j, k]`` is 1."""

    name, title = "grid", "Grid of choices"

    def suits(self, solved: Solved) -> float:
        """Ranks binary three-index variables that choose at most one value per cell."""
        found = self._grids(solved)
        if not found:
            return 0.0
        filled = max(len(v.nonzero) / (len(v.block.sets[0]) * len(v.block.sets[1])) for v in found)
        return 0.95 if filled > 0.95 else 0.6

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one grid per variable."""
        pictures = []
        for variable in self._grids(solved)[:_FAMILIES]:
            shape = (len(variable.block.sets[0]), len(variable.block.sets[1]))
            values = np.full(shape, np.nan)
            row, column, value = (codes[variable.nonzero] for codes in variable.codes)
            values[row, column] = value
            pictures.append(
                Heatmap(
                    title=variable.title,
                    rows=variable.names(0),
                    columns=variable.names(1),
                    values=values,
                    row_axis=variable.set_name(0),
                    column_axis=variable.set_name(1),
                    element=variable.block.name,
                    discrete=True,
                    value_names=variable.names(2),
                )
            )
        return pictures

    def _grids(self, solved: Solved) -> list[Values]:
        found = []
        for variable in variables(solved):
            if variable.dimensions != 3 or not variable.binary or not len(variable.nonzero):
                continue
            rows, columns = len(variable.block.sets[0]), len(variable.block.sets[1])
            if max(rows, columns) > _SMALL_GRID:
                continue
            cells = variable.codes[0][variable.nonzero] * columns + variable.codes[1][variable.nonzero]
            if len(np.unique(cells)) == len(cells):
                found.append(variable)
        return found
