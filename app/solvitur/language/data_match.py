"""Finds, by headers, which columns of a table hold a parameter or a set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from solvitur.language.arrays_spaces import ABSENT, Labels
from solvitur.language.data_rows import Rows, codes_of_labels, column_labels, table_origin
from solvitur.problem.instance import Label
from solvitur.problem.tables import Column, Table


@dataclass(frozen=True)
class Shape:
    """What a parameter's data looks like: its name, and the words its index columns may be headed by."""

    name: str
    words: tuple[tuple[str, ...], ...]
    """Per index, words that mean this index and no other, folded; an index may have none."""

    @property
    def arity(self) -> int:
        """Number of indices."""
        return len(self.words)


def folded(name: str) -> str:
    """Returns a name as headers are compared."""
    return name.strip().casefold()


def is_named(table: Table, name: str) -> bool:
    """Tells whether a table is called so: by its name or by its file's, with or without suffix."""
    wanted = {folded(name), folded(PurePath(name).name)}
    known = {folded(table.name), folded(PurePath(table.name).stem)}
    if table.source:
        known |= {folded(PurePath(table.source).name)}
    return bool(wanted & known)


def param_rows(shape: Shape, table: Table, second: Callable[[], Labels | None], *, meant: bool) -> Rows | str:
    """Reads a parameter from a table.

    Parameters
    ----------
    second : callable
        Gives the labels of the second index as far as they are known, to tell wide tables from long ones.
    meant : bool
        Whether the table is known to hold the parameter, by its name or by the model; then columns may also be
        told by their position.

    Returns
    -------
    Rows, or a sentence that tells why the table does not hold the parameter; empty when it plainly does not.
    """
    columns = [column for column in table.columns if column.name or meant]
    value = _value_column(shape, columns)
    if not shape.arity:
        return _scalar(shape, table, columns, value, meant)
    if value is not None:
        index = _index_columns(shape, columns, value, meant)
        if index is not None:
            return _long(table, index, value)
    if not meant:
        return ""
    if value is None and shape.arity == 2 and _is_wide(columns, second):
        return _wide(table, columns)
    if value is None and len(columns) == shape.arity + 1:
        return _long(table, columns[:-1], columns[-1])
    if len(columns) == 1 and shape.arity == 1:
        return _listed(table, columns[0])
    found = ", ".join(f"'{column.name}'" for column in columns)
    return (
        f"'{shape.name}' needs {shape.arity} index column{'s' * (shape.arity > 1)} and a column '{shape.name}', but "
        f"{table_origin(table).words} has {found or 'no columns'}."
    )


def _value_column(shape: Shape, columns: Sequence[Column]) -> Column | None:
    exact = [column for column in columns if column.name == shape.name]
    return next(iter(exact or [c for c in columns if folded(c.name) == folded(shape.name)]), None)


def _scalar(shape: Shape, table: Table, columns: Sequence[Column], value: Column | None, meant: bool) -> Rows | str:
    if value is None and meant and len(columns) == 1:
        value = columns[0]
    if value is None or table.row_count != 1:
        return f"'{shape.name}' is one number, but {table_origin(table).words} holds more." if meant else ""
    return Rows(table_origin(table), 1, (), (), (), value.values)


def _index_columns(shape: Shape, columns: Sequence[Column], value: Column, meant: bool) -> list[Column] | None:
    """Picks the index columns: by their headers, the rest by their order."""
    others = [column for column in columns if column is not value]
    picked: list[Column | None] = []
    for words in shape.words:
        found = next((c for c in others if folded(c.name) in words), None)
        picked.append(found)
        if found is not None:
            others.remove(found)
    lacking = picked.count(None)
    if lacking and (meant or lacking < len(picked) or _all_before(others, columns, value, lacking)):
        before = [c for c in others if columns.index(c) < columns.index(value)]
        if len(before) < lacking or (len(before) > lacking and not meant):
            before = others
        if len(before) != lacking and not (meant and len(before) > lacking):
            return None
        rest = iter(before)
        picked = [next(rest) if column is None else column for column in picked]
    sure = [column for column in picked if column is not None]
    return sure if len(sure) == len(picked) else None


def _all_before(others: Sequence[Column], columns: Sequence[Column], value: Column, lacking: int) -> bool:
    """Tells whether the columns that are left are just as many as are wanted and stand before the values."""
    return len(others) == lacking and all(columns.index(c) < columns.index(value) for c in others)


def _is_wide(columns: Sequence[Column], second: Callable[[], Labels | None]) -> bool:
    if len(columns) < 2 or any(column.name.startswith("#") or not column.name for column in columns[1:]):
        return False
    if len(columns) != 3:
        return True
    if columns[1].values.dtype == object and any(isinstance(v, str) for v in columns[1].values.tolist()):
        return False
    known = second()
    return known is None or bool((codes_of_labels([c.name for c in columns[1:]], known) != ABSENT).all())


def _long(table: Table, index: Sequence[Column], value: Column) -> Rows:
    labels = tuple(column_labels(column.values) for column in index)
    by_position = tuple(_is_position(column) for column in index)
    return Rows(
        table_origin(table),
        table.row_count,
        labels,
        (None,) * len(labels),
        by_position,
        value.values,
        shared=len(table.columns) > len(index) + 1,
    )


def _is_position(column: Column) -> bool:
    """Tells whether a column counts positions in a set, as nested lists of numbers are read."""
    return column.name.startswith("#") and column.values.dtype.kind == "i"


def _listed(table: Table, value: Column) -> Rows:
    positions: list[Label | None] = list(range(table.row_count))
    return Rows(table_origin(table), table.row_count, (positions,), (None,), (True,), value.values)


def _wide(table: Table, columns: Sequence[Column]) -> Rows:
    head, rest = columns[0], columns[1:]
    rows, width = table.row_count, len(rest)
    take = (np.repeat(np.arange(rows), width), np.tile(np.arange(width), rows))
    if any(column.values.dtype == object for column in rest):
        values = np.empty((rows, width), dtype=object)
        for d, column in enumerate(rest):
            values[:, d] = column.values
    else:
        values = np.column_stack([column.values.astype(np.float64) for column in rest])
    names: list[Label | None] = [column.name.strip() for column in rest]
    labels = (column_labels(head.values), names)
    positional = (_is_position(head), False)
    return Rows(table_origin(table), rows * width, labels, take, positional, values.reshape(-1), take[0])


def set_rows(name: str, arity: int, table: Table) -> Rows | str:
    """Reads the members of a set from a table that is known to hold them."""
    columns = list(table.columns)
    headed = [column for column in columns if folded(column.name) == folded(name)]
    if arity > 1 and len(columns) == 3 and _is_position(columns[0]) and _is_position(columns[1]):
        return _pivoted(table, arity)
    if arity == 1 and headed:
        columns = headed
    if len(columns) < arity:
        words = table_origin(table).words
        return f"The members of '{name}' have {arity} labels, but {words} has {len(columns)} columns."
    labels = tuple(column_labels(column.values) for column in columns[:arity])
    return Rows(table_origin(table), table.row_count, labels, (None,) * arity, (False,) * arity)


def _pivoted(table: Table, arity: int) -> Rows | str:
    """Reads tuples that a file lists label by label, with positions for the tuple and for the label in it."""
    tuples: dict[int, dict[int, Label | None]] = {}
    first, second = (column.values.tolist() for column in table.columns[:2])
    for member, d, label in zip(first, second, column_labels(table.columns[2].values), strict=True):
        tuples.setdefault(int(member), {})[int(d)] = label
    if any(sorted(labels) != list(range(arity)) for labels in tuples.values()):
        return f"Each member of '{table.name}' needs {arity} labels."
    columns = tuple([labels[d] for labels in tuples.values()] for d in range(arity))
    return Rows(table_origin(table), len(tuples), columns, (None,) * arity, (False,) * arity)
