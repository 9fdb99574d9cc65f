"""Facts about the labels of a variable: columns of the problem's tables, and other variables, matched by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from solvitur.api import Label, Solved, Table
from solvitur_pictures.answers import Values, variables

START = ("start", "starts", "start_time", "begin", "begins", "first", "first_use", "born", "alloc")
END = ("end", "ends", "end_time", "finish", "finishes", "completion", "last", "last_use", "dies", "free")
LENGTH = ("duration", "durations", "length", "processing", "processing_time", "time", "hours", "minutes", "days")
ADDRESS = ("address", "addr", "offset", "position", "base")
SIZE = ("size", "bytes", "kb", "mb", "kib", "mib", "height", "memory")
LANE = ("machine", "resource", "device", "worker", "room", "lane", "line", "vehicle", "crew")
X = ("x", "lon", "lng", "long", "longitude", "east", "x_km")
Y = ("y", "lat", "latitude", "north", "y_km")


def matches(name: str, wanted: Iterable[str]) -> bool:
    """Tells whether a name is one of the wanted words, plural or with blanks for underscores too."""
    plain = name.strip().casefold().replace(" ", "_")
    return plain in wanted or (plain.endswith("s") and plain[:-1] in wanted)


def column_fact(
    solved: Solved, sets: Sequence[tuple[Label, ...]], codes: Sequence[np.ndarray], wanted: Iterable[str]
) -> np.ndarray | None:
    """Finds a table column of a wanted name, keyed by the labels, and returns one cell per element.

    Parameters
    ----------
    codes : arrays of shape (n,), positions in each of the ``sets``

    Returns
    -------
    array of shape (n,), or None when no table tells it for every element.
    """
    words = tuple(wanted)
    for table in solved.problem.tables:
        named = [column for column in table.columns if matches(column.name, words)]
        if not named:
            continue
        keys = _key_columns(table, sets)
        if keys is None:
            continue
        rows = {key: row for row, key in enumerate(zip(*keys, strict=True))}
        wanted_keys = zip(
            *([str(labels[c]) for c in code.tolist()] for labels, code in zip(sets, codes, strict=True)), strict=True
        )
        found = [rows.get(key, -1) for key in wanted_keys]
        if found and min(found) >= 0:
            cells: np.ndarray = named[0].values[np.array(found)]
            return cells
    return None


def number_fact(solved: Solved, about: Values, wanted: Iterable[str]) -> np.ndarray | None:
    """Finds numbers, shape (count,), about every element of a variable: another variable's values, or a column."""
    words = tuple(wanted)
    for other in variables(solved):
        alike = other.block.sets == about.block.sets and len(other.values) == len(about.values)
        if alike and other.name != about.name and matches(other.name, words):
            return other.values
    return as_numbers(column_fact(solved, about.block.sets, about.codes, words))


def coordinates(solved: Solved, labels: tuple[Label, ...]) -> np.ndarray | None:
    """Finds positions, shape (labels, 2), of labels in a table that has x and y, or longitude and latitude."""
    codes = (np.arange(len(labels)),)
    x = as_numbers(column_fact(solved, (labels,), codes, X))
    y = as_numbers(column_fact(solved, (labels,), codes, Y))
    if x is None or y is None:
        return None
    return np.column_stack((x, y))


def as_numbers(cells: np.ndarray | None) -> np.ndarray | None:
    """Reads cells as finite float64 numbers, or returns None."""
    if cells is None:
        return None
    try:
        numbers = cells.astype(np.float64)
    except (TypeError, ValueError):
        return None
    return numbers if bool(np.isfinite(numbers).all()) else None


def _key_columns(table: Table, sets: Sequence[tuple[Label, ...]]) -> list[list[str]] | None:
    taken: list[int] = []
    keys = []
    for labels in sets:
        wanted = {str(label) for label in labels}
        for at, column in enumerate(table.columns):
            if at in taken:
                continue
            cells = [str(cell) for cell in column.values.tolist()]
            if wanted <= set(cells):
                taken.append(at)
                keys.append(cells)
                break
        else:
            return None
    return keys
