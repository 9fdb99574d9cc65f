"""Entries of the data section as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solvitur.language.data_rows import Origin, Rows
from solvitur.language.elements import DataEntry, Number, Range
from solvitur.problem.instance import Label


class _At(int):
    """A position in a list, as opposed to a label."""


def set_rows(entry: DataEntry, origin: Origin, arity: int) -> Rows | str:
    """Reads the members of a set; a sentence when the entry is no list of them."""
    literal = entry.literal
    if isinstance(literal, Range):
        ends = (literal.low, literal.high)
        if not all(isinstance(end, Number) and float(end.value).is_integer() for end in ends):
            return f"The range of '{entry.name}' needs two whole numbers."
        low, high = (int(end.value) for end in ends if isinstance(end, Number))
        if high - low > 10_000_000:
            return f"The range of '{entry.name}' has {high - low + 1:,} members; that is too many."
        members: list[object] = list(range(low, high + 1))
    elif isinstance(literal, list):
        members = literal
    elif isinstance(literal, dict):
        members = list(literal)
    else:
        members = [literal]
    tuples = [tuple(m) if isinstance(m, list | tuple) else (m,) for m in members]
    for member in tuples:
        if len(member) != arity or not all(isinstance(part, str | int | float) for part in member):
            shown = ", ".join(map(str, member))
            wanted = "one label" if arity == 1 else f"{arity} labels in round brackets"
            return f"'{entry.name}' has the member ({shown}), but each of its members is {wanted}."
    columns = tuple(list(column) for column in zip(*tuples, strict=True)) or ([],) * arity
    return Rows(origin, len(tuples), columns, (None,) * arity, (False,) * arity)


def param_rows(entry: DataEntry, origin: Origin, arity: int) -> Rows | str:
    """Reads the values of a parameter; a sentence when the entry has another shape."""
    paths: list[tuple[object, ...]] = []
    values: list[object] = []
    for path, value in _leaves(entry.literal, ()):
        if len(path) != arity:
            return f"'{entry.name}' takes {_indices(arity)}, but its data has {_indices(len(path))}."
        paths.append(path)
        values.append(value)
    columns = [list(column) for column in zip(*paths, strict=True)] if paths else [[] for _ in range(arity)]
    by_position = tuple(bool(column) and isinstance(column[0], _At) for column in columns)
    for column, positional in zip(columns, by_position, strict=True):
        if any(isinstance(part, _At) != positional for part in column):
            return f"The data of '{entry.name}' mixes lists and labels at the same index."
    filled = np.empty(len(values), dtype=object)
    filled[:] = values
    return Rows(origin, len(values), tuple(_labels(c) for c in columns), (None,) * arity, by_position, filled)


def _indices(count: int) -> str:
    return "no index" if not count else "1 index" if count == 1 else f"{count} indices"


def _labels(column: list[object]) -> list[Label | None]:
    return [part if isinstance(part, str | int | float) else None for part in column]


def _leaves(literal: object, path: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], object]]:
    if isinstance(literal, dict):
        for key, value in literal.items():
            yield from _leaves(value, path + (tuple(key) if isinstance(key, tuple) else (key,)))
    elif isinstance(literal, list):
        for position, value in enumerate(literal):
            yield from _leaves(value, (*path, _At(position)))
    else:
        yield path, literal
