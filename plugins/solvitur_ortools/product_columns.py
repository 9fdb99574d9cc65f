"""Gives every product of two whole columns a column of its own, for CP-SAT's multiplication."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solvitur.api import INTEGER, Block, MatrixInstance, SparseRows
from solvitur_ortools.whole_rows import LARGEST_BOUND, NotWhole


@dataclass(frozen=True, eq=False)
class Multiplied:
    """An instance without products, whose last columns are the products of the columns ``first`` and ``second``."""

    instance: MatrixInstance
    first: np.ndarray
    second: np.ndarray


def multiplied(instance: MatrixInstance) -> Multiplied:
    """Writes quadratic rows and objectives with product columns.

    Raises
    ------
    NotWhole
        If a product may be too large.
    """
    nothing = np.zeros(0, np.int64)
    if instance.hessian is None and not instance.quadratic_rows:
        return Multiplied(instance, nothing, nothing)
    row, a, b, value = _products(instance)
    low, high = np.minimum(a, b), np.maximum(a, b)
    pair, where = np.unique(low * instance.columns + high, return_inverse=True)
    first, second = np.divmod(pair, instance.columns)
    least, most = _ends(instance, first, second)
    column = instance.columns + where
    inside = row >= 0
    cost = np.concatenate([instance.cost, np.zeros(len(pair))])
    np.add.at(cost, column[~inside], value[~inside])
    count = len(pair)
    found = replace(
        instance,
        cost=cost,
        matrix=_with(instance.matrix, row[inside], column[inside], value[inside], count),
        column_lower=np.concatenate([instance.column_lower, least]),
        column_upper=np.concatenate([instance.column_upper, most]),
        integrality=np.concatenate([instance.integrality, np.full(count, INTEGER, np.uint8)]),
        variables=(*instance.variables, Block("product", instance.columns, count, (tuple(range(count)),), ("",))),
        hessian=None,
        quadratic_rows=(),
        convex=True,
    )
    return Multiplied(found, first, second)


def _products(instance: MatrixInstance) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Lists all products: row (-1: the objective), the two columns, and the coefficient."""
    parts = [
        (np.full(len(q.value), q.row), q.first.astype(np.int64), q.second.astype(np.int64), q.value)
        for q in instance.quadratic_rows
    ]
    hessian = instance.hessian
    if hessian is not None:
        row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
        parts.append((np.full(len(row), -1), row, hessian.column.astype(np.int64), hessian.value / 2))
    row, first, second, value = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return row, first, second, value


def _ends(instance: MatrixInstance, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.ceil(instance.column_lower - 1e-9), np.floor(instance.column_upper + 1e-9)
    with np.errstate(invalid="ignore"):
        corners = np.array([p[first] * q[second] for p in (low, high) for q in (low, high)])
    least, most = corners.min(axis=0), corners.max(axis=0)
    wrong = np.flatnonzero(~(np.maximum(np.abs(least), np.abs(most)) <= LARGEST_BOUND))
    if wrong.size:
        names = [instance.variable_of(int(column[wrong[0]])) for column in (first, second)]
        raise NotWhole(f"the product of '{names[0]}' and '{names[1]}' may be too large for it")
    return np.where(first == second, np.maximum(least, 0.0), least), most


def _with(matrix: SparseRows, row: np.ndarray, column: np.ndarray, value: np.ndarray, fresh: int) -> SparseRows:
    """Adds entries in new columns to rows that are there."""
    old = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    rows = np.concatenate([old, row])
    order = np.argsort(rows, kind="stable")
    start = np.zeros(matrix.rows + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=matrix.rows), out=start[1:])
    columns = np.concatenate([matrix.column.astype(np.int64), column])[order]
    values = np.concatenate([matrix.value, value])[order]
    return SparseRows(matrix.rows, matrix.columns + fresh, start, columns, values)
