"""Quadratic parts: the Hessian of the objective, and the products in quadratic rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.language.arrays_forms import Term
from solvitur.language.arrays_frames import Frame
from solvitur.problem.instance import QuadraticRow, SparseRows


def hessian_of(terms: Sequence[Term], columns: int) -> SparseRows | None:
    """Builds the full symmetric Q of ``x'Qx / 2`` from products of columns; None when all cancel."""
    listed = [term.listed(Frame()) for term in terms]
    if not listed:
        return None
    first = np.concatenate([term.columns[0] for term in listed]).astype(np.int64)
    second = np.concatenate([term.columns[1] for term in listed]).astype(np.int64)
    value = np.concatenate([np.broadcast_to(term.factor, term.columns[0].shape) for term in listed])
    keys, sums = merged(
        np.concatenate([first * columns + second, second * columns + first]), np.concatenate([value, value])
    )
    if not len(keys):
        return None
    row, column = np.divmod(keys, columns)
    start = np.zeros(columns + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=columns), out=start[1:])
    return SparseRows(columns, columns, start.astype(np.int32), column.astype(np.int32), sums)


def merged(keys: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Adds values of equal keys up; ascending keys, without zeros."""
    order = np.argsort(keys, kind="stable")
    ascending = keys[order]
    heads = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]])) if len(keys) else order
    sums = np.add.reduceat(values[order], heads) if len(heads) else np.zeros(0)
    kept = sums != 0
    return ascending[heads][kept], sums[kept]


def quadratic_rows(terms: Sequence[Term], frame: Frame, columns: int) -> list[QuadraticRow]:
    """Collects the products of columns in each row of a constraint; rows without any are left out."""
    listed = [term.listed(frame) for term in terms]
    points = [term.point for term in listed if term.point is not None]
    row = np.concatenate([np.asarray(point, np.int64) for point in points])
    a = np.concatenate([term.columns[0] for term in listed]).astype(np.int64)
    b = np.concatenate([term.columns[1] for term in listed]).astype(np.int64)
    value = np.concatenate([np.broadcast_to(term.factor, term.columns[0].shape) for term in listed])
    low, high = np.minimum(a, b), np.maximum(a, b)
    pair, which = np.unique(low * columns + high, return_inverse=True)
    keys, sums = merged(row * len(pair) + which, value)
    at, product = np.divmod(keys, max(len(pair), 1))
    rows, starts = np.unique(at, return_index=True)
    ends = np.append(starts, len(at))[1:]
    found = []
    for number, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        first, second = np.divmod(pair[product[start:end]], columns)
        found.append(QuadraticRow(number, first.astype(np.int32), second.astype(np.int32), sums[start:end].copy()))
    return found
