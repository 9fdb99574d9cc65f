"""Tables ready to fill: one row for every index, where the indices are known."""

from __future__ import annotations

import itertools
from math import prod

import numpy as np

from solvitur.gui.understand.tables.cells import column_of
from solvitur.gui.understand.tables.known import Known
from solvitur.problem.tables import Column, Table

_MOST_ROWS = 200_000
_EMPTY_ROWS = 3


def blank_table(known: Known, name: str, taken: frozenset[str] = frozenset()) -> Table:
    """Makes the table of a set or parameter, with its labels filled in as far as they are known."""
    heads = known.headers(name)
    if known.param(name) is None:
        return Table(_free(name, taken), tuple(_empty(head) for head in heads or (name,)))
    param = known.param(name)
    unit = param.unit if param is not None else ""
    sets = known.index_sets(name)
    labels = [known.members.get(each) for each in sets]
    value = Column(name, np.full(1, np.nan), unit)
    if not sets:
        return Table(_free(name, taken), (value,))
    if any(each is None for each in labels) or prod(len(each or ()) for each in labels) > _MOST_ROWS:
        columns = (*(_empty(head) for head in heads), Column(name, np.full(_EMPTY_ROWS, np.nan), unit))
        return Table(_free(name, taken), columns)
    rows = list(itertools.product(*([member[0] for member in each or ()] for each in labels)))
    filled = [column_of(cells) for cells in zip(*rows, strict=True)] or [column_of([]) for _ in heads]
    columns = tuple(Column(head, values) for head, values in zip(heads, filled, strict=True))
    return Table(_free(name, taken), (*columns, Column(name, np.full(len(rows), np.nan), unit)))


def _empty(head: str) -> Column:
    return Column(head, np.full(_EMPTY_ROWS, None, dtype=object))


def _free(name: str, taken: frozenset[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name} {n}" for n in itertools.count(2) if f"{name} {n}" not in taken)
