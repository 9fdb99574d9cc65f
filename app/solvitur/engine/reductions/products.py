"""Writes products of columns, one of them with few whole values, as rows and columns (McCormick 1976).

For a binary x and l <= y <= u, w = x y is told by ``l x <= w <= u x`` and ``y - u (1 - x) <= w <= y - l (1 - x)``. A
whole column with few values is written in binary digits first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from solvitur.engine.reductions.building import Additions
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.engine.reductions.reach import Reach, reach_of
from solvitur.problem.features import Feature
from solvitur.problem.instance import CONTINUOUS, INTEGER, MatrixInstance

_MOST_DIGITS = 10
_LARGEST = 1e7


@dataclass(frozen=True)
class ProductsToRows:
    """Rewrites quadratic rows and objectives in which every product has a column of few whole values."""

    given_only: bool = False
    """Whether only the bounds of columns count, not what rows imply."""
    title: ClassVar[str] = "products as rows"
    removes: ClassVar[frozenset[Feature]] = frozenset({Feature.QUADRATIC, Feature.NONCONVEX, Feature.QUADRATIC_ROWS})

    def accepts(self, instance: MatrixInstance) -> bool:
        """Tells whether there are products, and columns with few whole values among them."""
        return (instance.hessian is not None or bool(instance.quadratic_rows)) and bool(
            (instance.integrality == INTEGER).any()
        )

    def apply(self, instance: MatrixInstance) -> tuple[MatrixInstance, Callable[[np.ndarray], np.ndarray]]:
        """Adds a column per product of a binary digit and a column.

        Raises
        ------
        CannotReduce
            If a product has no column with few whole values, or no finite bounds.
        """
        parts = _all_products(instance)
        pair, where = np.unique(parts.first * instance.columns + parts.second, return_inverse=True)
        first, second = np.divmod(pair, max(instance.columns, 1))
        additions = Additions(instance)
        rewriting = _Rewriting(additions, reach_of(instance, given_only=self.given_only))
        owner, column, factor = rewriting.products(first, second)
        # Each product is a sum of columns; put it where the product stood.
        order = np.argsort(owner, kind="stable")
        owner, column, factor = owner[order], column[order], factor[order]
        begin, end = np.searchsorted(owner, where, "left"), np.searchsorted(owner, where, "right")
        sizes = end - begin
        entry = np.repeat(np.arange(len(where)), sizes)
        at = np.arange(len(entry)) - np.repeat(np.cumsum(sizes) - sizes - begin, sizes)
        row, value = parts.row[entry], parts.value[entry] * factor[at]
        inside = row >= 0
        additions.amend(row[inside], column[at][inside], value[inside])
        built = additions.built("products")
        cost = built.cost.copy()
        np.add.at(cost, column[at][~inside], value[~inside])
        found = replace(built, cost=cost, hessian=None, quadratic_rows=(), convex=True)
        return found, lambda answer: answer[: instance.columns]


class _Products:
    """All products of an instance: in row ``row[k]``, or in the objective where that is -1."""

    def __init__(self, row: np.ndarray, first: np.ndarray, second: np.ndarray, value: np.ndarray) -> None:
        self.row, self.value = row, value
        self.first, self.second = np.minimum(first, second), np.maximum(first, second)


def _all_products(instance: MatrixInstance) -> _Products:
    lists: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    for part in instance.quadratic_rows:
        size = len(part.value)
        lists.append((np.full(size, part.row), part.first.astype(np.int64), part.second.astype(np.int64), part.value))
    hessian = instance.hessian
    if hessian is not None:
        row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
        lists.append((np.full(len(row), -1), row, hessian.column.astype(np.int64), hessian.value / 2))
    return _Products(*(np.concatenate(arrays) for arrays in zip(*lists, strict=True)))


class _Rewriting:
    """Adds digits and products to an instance."""

    def __init__(self, additions: Additions, reach: Reach) -> None:
        self._additions = additions
        self._reach = reach
        instance = additions.instance
        self._whole = instance.integrality == INTEGER
        spread = reach.high - reach.low
        self._few = self._whole & np.isfinite(spread) & (spread < 2**_MOST_DIGITS)
        self._binary = self._whole & (reach.low >= 0) & (reach.high <= 1)
        self._digits: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def products(self, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns each product as a sum of columns: (product, column, factor) entries."""
        few = self._few
        none = np.flatnonzero(~few[first] & ~few[second])
        if len(none):
            self._refuse(int(first[none[0]]), int(second[none[0]]))
        # The factor with the fewest values is the one that is taken apart; of two binaries, either.
        spread = np.where(few, self._reach.high - self._reach.low, np.inf)
        swap = spread[second] < spread[first]
        x, y = np.where(swap, second, first), np.where(swap, first, second)
        square = (x == y) & self._binary[x]
        owner, column, factor = [np.flatnonzero(square)], [x[square]], [np.ones(int(square.sum()))]
        plain = np.flatnonzero(self._binary[x] & ~square)
        owner.append(plain)
        column.append(self._gated(x[plain], y[plain]))
        factor.append(np.ones(len(plain)))
        for k in np.flatnonzero(~self._binary[x]).tolist():
            digits, weights = self._digits_of(int(x[k]))
            owner += [np.full(len(digits), k), np.array([k])]
            column += [self._gated(digits, np.full(len(digits), y[k])), y[k : k + 1]]
            factor += [weights, self._reach.low[x[k] : x[k] + 1]]
        return np.concatenate(owner), np.concatenate(column), np.concatenate(factor)

    def _digits_of(self, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Writes ``x - low`` in binary digits; returns their columns and weights."""
        if column not in self._digits:
            low, high = float(self._reach.low[column]), float(self._reach.high[column])
            weights = 2.0 ** np.arange(max(1, int(high - low).bit_length()))
            digits = self._additions.add_columns(np.zeros(len(weights)), np.ones(len(weights)), INTEGER)
            nought = np.zeros(len(weights), np.int64)
            self._additions.add_rows(
                [(nought, digits, weights), (np.zeros(1, np.int64), np.array([column]), -1.0)], -low, -low, 1
            )
            self._digits[column] = digits, weights
        return self._digits[column]

    def _gated(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Adds columns ``w = x y`` for binary columns x."""
        count = len(x)
        low, high = self._reach.low[y], self._reach.high[y]
        for end, side in ((low, "a lower"), (high, "an upper")):
            wrong = np.flatnonzero(~(np.abs(end) <= _LARGEST))
            if len(wrong):
                name = self._additions.instance.variable_of(int(y[wrong[0]]))
                raise CannotReduce(f"it needs {side} bound on '{name}', because of a product with it")
        each = np.arange(count)
        whole = self._whole[y]
        product = np.empty(count, np.int64)
        for code, some in ((INTEGER, np.flatnonzero(whole)), (CONTINUOUS, np.flatnonzero(~whole))):
            if len(some):
                ends = np.minimum(low[some], 0.0), np.maximum(high[some], 0.0)
                product[some] = self._additions.add_columns(*ends, code)
        rows = self._additions.add_rows
        rows([(each, product, 1.0), (each, x, -low)], 0.0, np.inf, count)
        rows([(each, product, 1.0), (each, x, -high)], -np.inf, 0.0, count)
        rows([(each, product, 1.0), (each, y, -1.0), (each, x, -high)], -high, np.inf, count)
        rows([(each, product, 1.0), (each, y, -1.0), (each, x, -low)], -np.inf, -low, count)
        return product

    def _refuse(self, first: int, second: int) -> None:
        name = self._additions.instance.variable_of
        if first == second:
            what = f"the square of '{name(first)}'"
        else:
            what = f"the product of '{name(first)}' and '{name(second)}'"
        raise CannotReduce(f"it does not handle {what}, neither of them whole with a small range")
