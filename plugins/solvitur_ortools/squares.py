"""Rewrites a convex quadratic objective as a sum of squares, which SCIP sees to be convex.

With ``Q = V diag(w) V'`` (eigenvalue decomposition), ``x'Qx = sum(w[k] * y[k]**2)`` where ``y = V'x``: one
new free column and one new row per eigenvalue that is not zero. As given, this SCIP branches over products.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvitur.api import MatrixInstance, SparseRows

_MOST_COLUMNS = 1500
"""Eigenvalues of larger matrices would take longer than they save."""


def as_squares(instance: MatrixInstance) -> MatrixInstance:
    """Returns an equal instance whose hessian is diagonal; its first columns and rows are those of the original.

    Instances without a convex quadratic objective, with one that is diagonal already, or with too many columns in
    it are returned as they are.
    """
    hessian = instance.hessian
    if hessian is None or not instance.convex:
        return instance
    row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
    used = np.unique(row[hessian.value != 0])
    if len(used) > _MOST_COLUMNS or (row == hessian.column).all():
        return instance
    place = np.full(instance.columns, -1)
    place[used] = np.arange(len(used))
    dense = np.zeros((len(used), len(used)))
    kept = hessian.value != 0
    dense[place[row[kept]], place[hessian.column[kept]]] = hessian.value[kept]
    weights, vectors = np.linalg.eigh((dense + dense.T) / 2)
    telling = np.abs(weights) > 1e-12 * np.abs(weights).max()
    return _with_columns(instance, used, weights[telling], vectors[:, telling])


def _with_columns(
    instance: MatrixInstance, used: np.ndarray, weights: np.ndarray, vectors: np.ndarray
) -> MatrixInstance:
    """Adds a column and a row ``V'x - y = 0`` per eigenvalue; ``vectors`` has shape (used columns, eigenvalues)."""
    count, columns = len(weights), instance.columns
    new = columns + np.arange(count)
    column = np.column_stack([np.broadcast_to(used, (count, len(used))), new]).ravel()
    value = np.column_stack([vectors.T, np.full(count, -1.0)]).ravel()
    matrix = instance.matrix
    rows = SparseRows(
        matrix.rows + count,
        columns + count,
        np.concatenate([matrix.start, matrix.start[-1] + (len(used) + 1) * np.arange(1, count + 1)]),
        np.concatenate([matrix.column, column]),
        np.concatenate([matrix.value, value]),
    )
    start = np.concatenate([np.zeros(columns + 1, np.int64), np.arange(1, count + 1)])
    free, zeros = np.full(count, np.inf), np.zeros(count)
    return replace(
        instance,
        cost=np.concatenate([instance.cost, zeros]),
        matrix=rows,
        row_lower=np.concatenate([instance.row_lower, zeros]),
        row_upper=np.concatenate([instance.row_upper, zeros]),
        column_lower=np.concatenate([instance.column_lower, -free]),
        column_upper=np.concatenate([instance.column_upper, free]),
        integrality=np.concatenate([instance.integrality, np.zeros(count, instance.integrality.dtype)]),
        hessian=SparseRows(columns + count, columns + count, start, new, weights),
    )
