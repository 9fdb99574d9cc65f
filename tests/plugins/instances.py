"""Small models for the tests of solvers and formats, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solvitur.api import Block, MatrixInstance, QuadraticRow, SparseRows, is_convex

INF = float("inf")


def sparse(rows: Sequence[Sequence[float]], columns: int) -> SparseRows:
    """Turns dense rows into compressed ones."""
    dense = np.array(rows, dtype=np.float64).reshape(len(rows), columns)
    row, column = np.nonzero(dense)
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(rows)))])
    return SparseRows(len(rows), columns, start.astype(np.int32), column.astype(np.int32), dense[row, column])


def model(
    cost: Sequence[float],
    rows: Sequence[tuple[Sequence[float], float, float]] = (),
    *,
    sense: str = "min",
    lower: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    whole: Sequence[int] | None = None,
    offset: float = 0.0,
    hessian: Sequence[Sequence[float]] | None = None,
    quadratic_rows: tuple[QuadraticRow, ...] = (),
    names: Sequence[str] | None = None,
) -> MatrixInstance:
    """Builds an instance: rows are (coefficients, lower, upper); bounds default to 0 and infinity."""
    size = len(cost)
    q = sparse(hessian, size) if hessian is not None else None
    row_names = tuple(f"r{k + 1}" for k in range(len(rows)))
    return MatrixInstance(
        sense,
        np.array(cost, dtype=np.float64),
        offset,
        sparse([row[0] for row in rows], size),
        np.array([row[1] for row in rows], dtype=np.float64),
        np.array([row[2] for row in rows], dtype=np.float64),
        np.array(lower if lower is not None else [0.0] * size, dtype=np.float64),
        np.array(upper if upper is not None else [INF] * size, dtype=np.float64),
        np.array(whole if whole is not None else [0] * size, dtype=np.uint8),
        (Block("", 0, size, (tuple(names or (f"x{k + 1}" for k in range(size))),), ("variable",)),),
        (Block("", 0, len(rows), (row_names,), ("constraint",)),),
        q,
        quadratic_rows,
        objective_name="obj",
        convex=q is None or is_convex(q, sense),
    )


def product_mix() -> MatrixInstance:
    """The linear model max 3x + 5y of the textbooks; optimum 36 at (2, 6), duals 0, 1.5, 1."""
    rows = [([1.0, 0.0], -INF, 4.0), ([0.0, 2.0], -INF, 12.0), ([3.0, 2.0], -INF, 18.0)]
    return model([3.0, 5.0], rows, sense="max")


def knapsack() -> MatrixInstance:
    """A 0-1 knapsack with optimum 21 (items 2, 3 and 4)."""
    row = [5.0, 7.0, 4.0, 3.0]
    return model([8.0, 11.0, 6.0, 4.0], [(row, -INF, 14.0)], sense="max", upper=[1.0] * 4, whole=[1] * 4)


def hard_mixed(seed: int = 0, *, size: int = 50) -> MatrixInstance:
    """A market split model that no solver finishes in seconds, with answers that are easily found."""
    random = np.random.default_rng(seed)
    weights = random.integers(0, 100, size=(6, size)).astype(float)
    rows = []
    for number, row in enumerate(weights):
        slack = np.zeros(12)
        slack[2 * number], slack[2 * number + 1] = 1.0, -1.0
        half = float(np.floor(row.sum() / 2))
        rows.append((np.concatenate([row, slack]).tolist(), half, half))
    cost = [0.0] * size + [1.0] * 12
    whole = [1] * size + [1] * 12
    return model(cost, rows, upper=[1.0] * size + [1e6] * 12, whole=whole)


def same(first: MatrixInstance, second: MatrixInstance) -> list[str]:
    """Lists the parts in which two instances differ, bit by bit."""
    fields = ("cost", "row_lower", "row_upper", "column_lower", "column_upper", "integrality")
    differ = [name for name in fields if not np.array_equal(getattr(first, name), getattr(second, name))]
    for name in ("matrix", "hessian"):
        if _entries(getattr(first, name)) != _entries(getattr(second, name)):
            differ.append(name)
    quadratics = [[_quadratic(part) for part in each.quadratic_rows] for each in (first, second)]
    if quadratics[0] != quadratics[1]:
        differ.append("quadratic rows")
    for name in ("sense", "offset"):
        if getattr(first, name) != getattr(second, name):
            differ.append(name)
    if _names(first) != _names(second):
        differ.append("names")
    return differ


def _entries(matrix: SparseRows | None) -> Any:
    if matrix is None:
        return None
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start)).tolist()
    return sorted(zip(row, matrix.column.tolist(), matrix.value.tolist(), strict=True))


def _quadratic(part: QuadraticRow) -> Any:
    pairs: dict[tuple[int, int], float] = {}
    for i, j, value in zip(part.first.tolist(), part.second.tolist(), part.value.tolist(), strict=True):
        pairs[min(i, j), max(i, j)] = pairs.get((min(i, j), max(i, j)), 0.0) + value
    return part.row, pairs


def _names(instance: MatrixInstance) -> list[str]:
    columns = [instance.variable_of(k) for k in range(instance.columns)]
    return columns + [instance.constraint_of(k) for k in range(instance.rows)]
