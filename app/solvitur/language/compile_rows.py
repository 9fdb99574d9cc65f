"""Turns linear forms over a frame into compressed rows, by their structure and without sorting where it permits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.language.arrays_forms import Term
from solvitur.language.arrays_frames import Frame


@dataclass(frozen=True, eq=False)
class RowPart:
    """Compressed rows of one constraint: entries ``start[i]:start[i + 1]`` make row i."""

    start: np.ndarray
    column: np.ndarray
    value: np.ndarray

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.start) - 1

    def row_of(self) -> np.ndarray:
        """Returns the row of every entry."""
        return np.repeat(np.arange(self.rows), np.diff(self.start))

    def kept(self, entries: np.ndarray) -> RowPart:
        """Returns the rows with only some of their entries, given as booleans."""
        return RowPart(_starts(entries)[self.start], self.column[entries], self.value[entries])


def most_entries(terms: Sequence[Term], frame: Frame) -> int:
    """Returns how many entries the rows of a sum of linear terms have at most."""
    return sum(frame.size * math.prod(t.extra) if t.point is None else len(t.point) for t in terms)


def rows_of(terms: Sequence[Term], frame: Frame, column: np.ndarray, value: np.ndarray) -> RowPart:
    """Builds the rows of a sum of linear terms: one per combination of the frame, without doubles and zeros.

    Parameters
    ----------
    column, value : int32 and float64 arrays, shape (most_entries(terms, frame),)
        Where to write the entries; the rows use them unless some entries go.
    """
    if not terms:
        return RowPart(np.zeros(frame.size + 1, np.int64), column, value)
    if all(term.point is None for term in terms):
        part, width = _regular(terms, frame, column, value)
    else:
        part, width = _ragged(terms, frame, column, value), 0
    if not all(term.factor.all() for term in terms):
        part, width = part.kept(part.value != 0), 0
    return _without_doubles(part, terms, width)


def _regular(terms: Sequence[Term], frame: Frame, column: np.ndarray, value: np.ndarray) -> tuple[RowPart, int]:
    """Builds rows of equal length."""
    rows = frame.size
    widths = [math.prod(term.extra) for term in terms]
    width = sum(widths)
    columns, values = column.reshape(rows, width), value.reshape(rows, width)
    at = 0
    for term, wide in zip(terms, widths, strict=True):
        shape = frame.shape + term.extra
        if wide == width:
            # Copying into a view with the term's own axes spreads it in place, without a temporary array.
            np.copyto(column.reshape(shape), term.columns[0])
            np.copyto(value.reshape(shape), term.factor)
        else:
            columns[:, at : at + wide] = np.broadcast_to(term.columns[0], shape).reshape(rows, wide)
            values[:, at : at + wide] = np.broadcast_to(term.factor, shape).reshape(rows, wide)
        at += wide
    return RowPart(np.arange(rows + 1, dtype=np.int64) * width, column, value), width


def _ragged(terms: Sequence[Term], frame: Frame, column: np.ndarray, value: np.ndarray) -> RowPart:
    """Builds rows of any length: each term's entries of a row follow those of the terms before it."""
    listed = [term.listed(frame) for term in terms]
    counts = [np.bincount(_point(term), minlength=frame.size) for term in listed]
    start = _starts(np.sum(counts, axis=0))
    filled = start[:-1].copy()
    for term, count in zip(listed, counts, strict=True):
        point = _point(term)
        first = np.cumsum(count) - count
        at = np.arange(len(point)) + (filled - first)[point]
        column[at] = term.columns[0]
        value[at] = term.factor
        filled += count
    return RowPart(start, column, value)


def _point(term: Term) -> np.ndarray:
    assert term.point is not None
    return term.point


def _starts(counts: np.ndarray) -> np.ndarray:
    start = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=start[1:])
    return start


def _without_doubles(part: RowPart, terms: Sequence[Term], width: int) -> RowPart:
    """Adds entries up that stand in the same row and column."""
    if len(part.column) < 2 or not _may_double(part, terms, width):
        return part
    row = part.row_of()
    key = row * (int(part.column.max()) + 1) + part.column
    order = np.argsort(key, kind="stable")
    ascending = key[order]
    fresh = np.ones(len(key), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=fresh[1:])
    if fresh.all():
        return part
    heads = np.flatnonzero(fresh)
    value = np.add.reduceat(part.value[order], heads)
    merged = RowPart(_starts(np.bincount(row[order[heads]], minlength=part.rows)), part.column[order[heads]], value)
    return merged if value.all() else merged.kept(value != 0)


def _may_double(part: RowPart, terms: Sequence[Term], width: int) -> bool:
    """Tells, cheaply, whether a column may stand twice in a row: not when columns rise along each row."""
    if len(terms) > 1 and all(math.prod(t.extra) == 1 and t.point is None for t in terms):
        if len({term.of for term in terms}) == len(terms):
            return False
        if width:
            ordered = np.sort(part.column.reshape(-1, width), axis=1)
            return bool((ordered[:, 1:] == ordered[:, :-1]).any())
    if width == 1:
        return False
    rising = part.column[1:] > part.column[:-1]
    if width:
        return not rising[np.arange(len(rising)) % width != width - 1].all() if width < 8 else _falls(rising, width)
    rising[part.start[1:-1][(part.start[1:-1] > 0) & (part.start[1:-1] < len(part.column))] - 1] = True
    return not rising.all()


def _falls(rising: np.ndarray, width: int) -> bool:
    rising[width - 1 :: width] = True
    return not rising.all()
