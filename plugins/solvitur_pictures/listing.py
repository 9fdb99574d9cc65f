"""The plainest picture: a table of the values that are not zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Picture, Solved, TablePicture
from solvitur_pictures.answers import Values, counted, largest, variables

_MOST = 5_000
_FAMILIES = 3


class ValueList:
    """Every variable's values as a table, zeros left out."""

    name, title = "list", "List of values"

    def suits(self, solved: Solved) -> float:
        """Suits every answer a little."""
        return 0.2 if variables(solved) else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one table of scalars, then one table per indexed variable."""
        found = variables(solved)
        scalars = [v for v in found if not v.dimensions and v.block.count == 1]
        indexed = [v for v in found if v.dimensions]
        pictures: list[Picture] = []
        if scalars:
            pictures.append(
                TablePicture(
                    title="Single values",
                    header=("variable", "value"),
                    columns=(_objects([v.name for v in scalars]), np.array([v.values[0] for v in scalars])),
                    units=("", ""),
                    elements=tuple(v.block.name for v in scalars),
                )
            )
        return pictures + [_table_of(v) for v in indexed[:_FAMILIES]]


def _table_of(variable: Values) -> TablePicture:
    nonzero = variable.nonzero
    picked = nonzero[largest(variable.values[nonzero], _MOST)]
    caption = f"{counted(len(nonzero))} of {counted(variable.block.count)} values are not zero."
    if len(picked) < len(nonzero):
        caption += f" Showing the {counted(len(picked))} largest."
    keys = []
    for d in range(variable.dimensions):
        names = variable.names(d)
        keys.append(_objects([names[code] for code in variable.codes[d][picked].tolist()]))
    header = tuple(variable.set_name(d) or f"index {d + 1}" for d in range(variable.dimensions))
    return TablePicture(
        title=variable.title,
        caption=caption,
        header=(*header, variable.name),
        columns=(*keys, variable.values[picked]),
        units=("",) * variable.dimensions + (variable.block.unit,),
        elements=variable.elements(picked),
    )


def _objects(cells: list[str]) -> np.ndarray:
    made = np.empty(len(cells), dtype=object)
    made[:] = cells
    return made
