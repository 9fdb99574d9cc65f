"""Gathers what an LP file says and turns it into an instance."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from solvitur.api import (
    CONTINUOUS,
    INTEGER,
    SEMI_CONTINUOUS,
    SEMI_INTEGER,
    Block,
    MatrixInstance,
    QuadraticRow,
    SparseRows,
    is_convex,
)


@dataclass
class Sum:
    """A constant, linear terms (repeated variables are added up) and products of two variables."""

    constant: float = 0.0
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    products: list[tuple[int, int, float]] = field(default_factory=list)

    @property
    def used(self) -> bool:
        """Whether there is a linear term."""
        return bool(self.columns)

    def add(self, column: int, factor: float) -> None:
        """Adds a linear term."""
        self.columns.append(column)
        self.factors.append(factor)


@dataclass
class Row:
    """One constraint; an empty name is filled in later."""

    name: str
    total: Sum
    low: float
    high: float


class Terms:
    """The variables met so far, their bounds and types."""

    def __init__(self) -> None:
        self.columns: dict[str, int] = {}
        self.low: dict[int, float] = {}
        self.high: dict[int, float] = {}
        self.whole: set[int] = set()
        self.binary: set[int] = set()
        self.semi: set[int] = set()

    def variable(self, name: str, line: int) -> int:
        """Returns the column of a name, new or known."""
        return self.columns.setdefault(name, len(self.columns))

    def bound(self, column: int, relation: str, value: float) -> None:
        """Takes one bound; ``free`` takes both away."""
        if relation in (">=", "=", "free"):
            self.low[column] = -math.inf if relation == "free" else value
        if relation in ("<=", "=", "free"):
            self.high[column] = math.inf if relation == "free" else value


def built(sense: str, name: str, objective: Sum, rows: list[Row], terms: Terms) -> MatrixInstance:
    """Builds the instance."""
    size = len(terms.columns)
    cost = np.zeros(size)
    np.add.at(cost, np.array(objective.columns, dtype=np.int64), objective.factors)
    hessian = _hessian(objective.products, size) if objective.products else None
    low, high = np.zeros(size), np.full(size, np.inf)
    for column in terms.binary:
        high[column] = 1.0
    for column, value in terms.low.items():
        low[column] = value
    for column, value in terms.high.items():
        high[column] = value
    return MatrixInstance(
        sense,
        cost,
        objective.constant,
        _matrix(rows, size),
        np.array([row.low for row in rows], dtype=np.float64),
        np.array([row.high for row in rows], dtype=np.float64),
        low,
        high,
        _integrality(terms, size),
        (Block("", 0, size, (tuple(terms.columns),), ("variable",)),),
        (Block("", 0, len(rows), (_row_names(rows),), ("constraint",)),),
        hessian,
        _quadratic_rows(rows),
        objective_name=name,
        convex=hessian is None or is_convex(hessian, sense),
    )


def _integrality(terms: Terms, size: int) -> np.ndarray:
    codes = np.full(size, CONTINUOUS, np.uint8)
    codes[list(terms.whole | terms.binary)] = INTEGER
    semi = list(terms.semi)
    codes[semi] = np.where(codes[semi] == INTEGER, SEMI_INTEGER, SEMI_CONTINUOUS)
    return codes


def _row_names(rows: list[Row]) -> tuple[str, ...]:
    taken = {row.name for row in rows}
    names = []
    for number, row in enumerate(rows, 1):
        name = row.name or f"c{number}"
        while not row.name and name in taken:
            name += "_"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _matrix(rows: list[Row], size: int) -> SparseRows:
    lengths = [len(row.total.columns) for row in rows]
    row = np.repeat(np.arange(len(rows)), lengths)
    column = np.array([c for r in rows for c in r.total.columns], dtype=np.int64)
    value = np.array([f for r in rows for f in r.total.factors], dtype=np.float64)
    return _summed(row, column, value, len(rows), size)


def _hessian(products: list[tuple[int, int, float]], size: int) -> SparseRows:
    first = np.array([p[0] for p in products], dtype=np.int64)
    second = np.array([p[1] for p in products], dtype=np.int64)
    value = np.array([p[2] for p in products])
    # The objective is x'Qx / 2, and a product of two variables stands in both halves of Q.
    return _summed(
        np.concatenate([first, second]), np.concatenate([second, first]), np.concatenate([value, value]), size, size
    )


def _summed(row: np.ndarray, column: np.ndarray, value: np.ndarray, rows: int, columns: int) -> SparseRows:
    """Builds rows with one entry per position, sums of those given; entries that cancel to 0 are dropped."""
    keys, where = np.unique(row * max(1, columns) + column, return_inverse=True)
    sums = np.bincount(where, weights=value, minlength=len(keys)) if len(keys) else np.zeros(0)
    keys, sums = keys[sums != 0], sums[sums != 0]
    start = np.concatenate([[0], np.cumsum(np.bincount(keys // max(1, columns), minlength=rows))])
    return SparseRows(rows, columns, start.astype(np.int32), (keys % max(1, columns)).astype(np.int32), sums)


def _quadratic_rows(rows: list[Row]) -> tuple[QuadraticRow, ...]:
    found = []
    for number, row in enumerate(rows):
        if row.total.products:
            first, second, value = zip(*row.total.products, strict=True)
            arrays = np.array(first, np.int32), np.array(second, np.int32), np.array(value, np.float64)
            found.append(QuadraticRow(number, *arrays))
    return tuple(found)
