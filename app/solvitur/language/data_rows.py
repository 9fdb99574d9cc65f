"""Raw data of one set or parameter, wherever it came from: labels per index, values, and where each row stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np

from solvitur.language.arrays_spaces import ABSENT, Labels
from solvitur.language.words import nearest
from solvitur.problem.findings import Finding, Place, Severity
from solvitur.problem.instance import Label
from solvitur.problem.tables import Table

SHOWN = 5
"""Most findings of one sort about one element; the rest is counted."""

_AT_ONCE = 50_000


@dataclass(frozen=True, eq=False)
class Origin:
    """Where data stands: rows of a table, or an entry of the model's data section (then without rows)."""

    words: str
    place: Place
    first_row: int = 0
    """The number of the first row as its file counts; 0 when there are no rows to speak of."""

    def at(self, row: int) -> str:
        """Returns the words for a row, such as ``freight.csv row 4``."""
        return f"{self.words} row {row + self.first_row}" if self.first_row else self.words

    def place_of(self, row: int) -> Place:
        """Returns the place of a row."""
        if not self.first_row:
            return self.place
        return Place(self.place.file, row + self.first_row)


def table_origin(table: Table) -> Origin:
    """Tells where a table's rows stand; the rows of a file are counted with its header, as editors count them."""
    file = PurePath(table.source).name if table.source else ""
    suffix = PurePath(table.source).suffix.casefold()
    if suffix == ".json":
        return Origin(f"'{table.name}' in {file}", Place(table.source))
    words = file or f"table '{table.name}'"
    return Origin(words, Place(table.source or table.name), 2 if file else 1)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of labels and values, not yet checked.

    Column d has the labels ``labels[d]``, or, where ``take[d]`` is given, ``labels[d][take[d][k]]`` in row k. Where
    ``by_position[d]``, the labels are positions in the set, from 0. ``values`` are numbers, texts or None. Row k
    stands in row ``row_of[k]`` of the origin.
    """

    origin: Origin
    count: int
    labels: tuple[Sequence[Label | None], ...]
    take: tuple[np.ndarray | None, ...]
    by_position: tuple[bool, ...]
    values: np.ndarray | None = None
    row_of: np.ndarray | None = None
    shared: bool = False
    """Whether the table also holds other things, so that equal values may stand in several rows."""

    @property
    def arity(self) -> int:
        """Number of index columns."""
        return len(self.labels)

    def row(self, k: int) -> int:
        """Returns the origin's row of the k-th row."""
        return k if self.row_of is None else int(self.row_of[k])

    def label(self, d: int, k: int) -> Label | None:
        """Returns the label in column d of the k-th row."""
        take = self.take[d]
        return self.labels[d][k if take is None else int(take[k])]

    def codes(self, d: int, universe: Labels) -> np.ndarray:
        """Returns the codes of column d: int32, shape (count,), `ABSENT` for labels that the universe lacks."""
        if self.by_position[d]:
            given = np.array(self.labels[d], dtype=np.int64)
            found = np.where((given >= 0) & (given < len(universe)), given, ABSENT).astype(np.int32)
        else:
            found = codes_of_labels(self.labels[d], universe)
        take = self.take[d]
        return found if take is None else found[take]

    def distinct(self, d: int) -> list[Label]:
        """Returns the labels of column d, each once, in first-seen order."""
        labels = self.labels[d]
        seen: dict[Label | None, None] = {}
        for at in range(0, len(labels), _AT_ONCE):
            seen.update(dict.fromkeys(labels[at : at + _AT_ONCE]))
        return [clean_label(label) for label in seen if label is not None and not is_blank(label)]

    def tuples(self) -> list[tuple[Label, ...]]:
        """Returns the rows' labels as tuples, each once, in first-seen order; rows with a blank are left out."""
        columns = []
        for labels, take in zip(self.labels, self.take, strict=True):
            cleaned = [_cleaned(label) for label in labels]
            columns.append(cleaned if take is None else [cleaned[at] for at in take.tolist()])
        rows = dict.fromkeys(zip(*columns, strict=True))
        return [row for row in rows if None not in row]

    def numbers(self) -> tuple[np.ndarray, list[int]]:
        """Returns the values as float64 (NaN: none) and which rows hold something that is no number."""
        values = self.values
        if values is None:
            return np.full(self.count, np.nan), []
        if values.dtype != object:
            return values.astype(np.float64, copy=False), []
        numbers, bad = np.empty(self.count), []
        for k, value in enumerate(values.tolist()):
            number = _number(value)
            if number is None:
                bad.append(k)
                number = math.nan
            numbers[k] = number
        return numbers, bad


def codes_of_labels(labels: Sequence[Label | None], universe: Labels) -> np.ndarray:
    """Looks labels up; those written a little differently (7 for "7", spaces around) are found too."""
    index = universe.index
    try:
        return _looked_up(index, labels)
    except KeyError:
        pass
    known: dict[Label | None, int] = {}
    for label in dict.fromkeys(labels):
        known[label] = ABSENT if is_blank(label) else _nearly(label, index)  # type: ignore[arg-type]
    return _looked_up(known, labels)


def _looked_up(positions: Mapping[Any, int], labels: Sequence[Label | None]) -> np.ndarray:
    """Looks labels up a part at a time: one call for a million would keep the window's thread waiting."""
    found = np.empty(len(labels), np.int32)
    for at in range(0, len(labels), _AT_ONCE):
        part = labels[at : at + _AT_ONCE]
        found[at : at + len(part)] = np.fromiter(map(positions.__getitem__, part), np.int32, len(part))
    return found


def _nearly(label: Label, index: dict[Label, int]) -> int:
    for variant in (label, clean_label(label), *_variants(label)):
        if variant in index:
            return index[variant]
    return ABSENT


def _variants(label: Label) -> list[Label]:
    if not isinstance(label, str):
        return [f"{label:g}" if isinstance(label, float) else str(label)]
    number = _number(label)
    return [] if number is None or math.isnan(number) else [number]


def clean_label(label: Label) -> Label:
    """Returns a label as it is kept: texts without spaces around, whole floats as integers."""
    if isinstance(label, str):
        return label.strip()
    if isinstance(label, float) and label.is_integer():
        return int(label)
    return label


def _cleaned(label: Label | None) -> Label | None:
    return None if label is None or is_blank(label) else clean_label(label)


def is_blank(value: object) -> bool:
    """Tells whether a cell is empty."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, float) and math.isnan(value))


def _number(value: object) -> float | None:
    """Returns a cell as a number: NaN when it is empty, None when it is no number."""
    if is_blank(value):
        return math.nan
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e308 or isinstance(value, float) else None
    if not isinstance(value, str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def column_labels(values: np.ndarray) -> list[Label | None]:
    """Returns a table's column as Python labels."""
    if values.dtype.kind == "f":
        return [None if math.isnan(v) else (int(v) if v.is_integer() else v) for v in values.tolist()]
    found: list[Label | None] = values.tolist()
    return found


def limited(findings: list[Finding], element: str) -> list[Finding]:
    """Keeps the first findings of a sort and counts the rest in one more."""
    if len(findings) <= SHOWN:
        return findings
    rest = len(findings) - SHOWN
    text = f"'{element}' has {rest:,} more such entries."
    return [*findings[:SHOWN], Finding(findings[-1].severity, text, element, findings[SHOWN].place)]


def unknown_label(label: Label, origin: Origin, row: int, element: str, universe: Labels) -> Finding:
    """Builds the finding about a label that is not in the set it should be in, with the nearest one."""
    close = nearest(str(label), [str(known) for known in universe.labels[:20_000]])
    hint = f"; did you mean '{close}'?" if close else "; add it there, or correct it."
    text = f"'{label}' in {origin.at(row)} is not in set '{universe.name}'{hint}"
    return Finding(Severity.ERROR, text, element, origin.place_of(row))
