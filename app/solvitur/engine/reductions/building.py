"""Adds columns and rows to a matrix instance, as every reduction does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from solvitur.problem.instance import Block, MatrixInstance, QuadraticRow, SparseRows


@dataclass(eq=False)
class Additions:
    """Columns and rows that are put behind those of an instance."""

    instance: MatrixInstance
    _lower: list[np.ndarray] = field(default_factory=list)
    _upper: list[np.ndarray] = field(default_factory=list)
    _codes: list[np.ndarray] = field(default_factory=list)
    _rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)
    _sides: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    _names: list[tuple[str, int]] = field(default_factory=list)
    products: list[QuadraticRow] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def __post_init__(self) -> None:
        """Starts counting behind what there is."""
        self.columns, self.rows = self.instance.columns, self.instance.rows

    def add_columns(self, lower: np.ndarray, upper: np.ndarray, code: int) -> np.ndarray:
        """Adds columns; returns their numbers."""
        count = len(lower)
        self._lower.append(np.asarray(lower, np.float64))
        self._upper.append(np.asarray(upper, np.float64))
        self._codes.append(np.full(count, code, np.uint8))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(
        self,
        entries: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray | float]],
        lower: np.ndarray | float,
        upper: np.ndarray | float,
        count: int,
        *,
        of: str = "",
    ) -> np.ndarray:
        """Adds rows; returns their numbers. ``entries`` are (row from 0 to count - 1, column, value) arrays.

        ``of`` names the constraint that the rows are part of; without it they only say what new columns stand for.
        """
        row = np.concatenate([np.asarray(r, np.int64) for r, _, _ in entries])
        column = np.concatenate([np.asarray(c, np.int64) for _, c, _ in entries])
        value = np.concatenate([np.broadcast_to(np.asarray(v, np.float64), np.shape(r)) for r, _, v in entries])
        self._rows.append((row + self.rows, column, value))
        sides = [np.broadcast_to(np.asarray(side, np.float64), (count,)) for side in (lower, upper)]
        self._sides.append((sides[0], sides[1]))
        self.rows += count
        self._names.append((of, count))
        return np.arange(self.rows - count, self.rows)

    def amend(self, row: np.ndarray, column: np.ndarray, value: np.ndarray) -> None:
        """Adds entries to rows that are there already."""
        self._rows.append((np.asarray(row, np.int64), np.asarray(column, np.int64), np.asarray(value, np.float64)))

    def built(self, name: str) -> MatrixInstance:
        """Returns the instance with everything added; its first columns and rows are those it had."""
        old = self.instance
        fresh = self.columns - old.columns
        variables, constraints = old.variables, old.constraints
        if fresh:
            variables = (*variables, _block(f"{name}.columns", old.columns, fresh))
        at = old.rows
        for number, (of, count) in enumerate(self._names, 1):
            own = f"{of}:{name.replace(' ', '_')}{number}" if of else f"{name}.rows{number}"
            constraints = (*constraints, _block(own, at, count))
            at += count
        hessian = old.hessian
        if hessian is not None and fresh:
            start = np.concatenate([hessian.start, np.full(fresh, hessian.start[-1], hessian.start.dtype)])
            hessian = SparseRows(self.columns, self.columns, start, hessian.column, hessian.value)
        return replace(
            old,
            cost=np.concatenate([old.cost, np.zeros(fresh)]),
            matrix=self._matrix(),
            row_lower=np.concatenate([old.row_lower, *(low for low, _ in self._sides)]),
            row_upper=np.concatenate([old.row_upper, *(high for _, high in self._sides)]),
            column_lower=np.concatenate([old.column_lower, *self._lower]),
            column_upper=np.concatenate([old.column_upper, *self._upper]),
            integrality=np.concatenate([old.integrality, *self._codes]),
            variables=variables,
            constraints=constraints,
            hessian=hessian,
            quadratic_rows=(*old.quadratic_rows, *self.products),
        )

    def _matrix(self) -> SparseRows:
        old = self.instance.matrix
        row = np.concatenate([np.repeat(np.arange(old.rows), np.diff(old.start)), *(r for r, _, _ in self._rows)])
        column = np.concatenate([old.column.astype(np.int64), *(c for _, c, _ in self._rows)])
        value = np.concatenate([old.value, *(v for _, _, v in self._rows)])
        return rows_of(row, column, value, self.rows, self.columns)


def rows_of(row: np.ndarray, column: np.ndarray, value: np.ndarray, rows: int, columns: int) -> SparseRows:
    """Builds a matrix from entries in any order, adding up those at the same place."""
    key = row.astype(np.int64) * max(columns, 1) + column
    order = np.argsort(key, kind="stable")
    ascending = key[order]
    fresh = np.ones(len(key), bool)
    fresh[1:] = ascending[1:] != ascending[:-1]
    heads = np.flatnonzero(fresh)
    sums = np.add.reduceat(value[order], heads) if len(heads) else np.zeros(0)
    kept = sums != 0
    row, column = np.divmod(ascending[heads][kept], max(columns, 1))
    start = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=start[1:])
    return SparseRows(rows, columns, start.astype(np.int32), column.astype(np.int32), sums[kept])


def _block(name: str, start: int, count: int) -> Block:
    return Block(name, start, count, (tuple(range(1, count + 1)),), ("",), auxiliary=True)
