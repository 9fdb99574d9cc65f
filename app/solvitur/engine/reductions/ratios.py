"""Writes a ratio of linear forms as objective in a form that solvers take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import numpy as np

from solvitur.engine.reductions.building import Additions, rows_of
from solvitur.engine.reductions.reach import reach_of
from solvitur.problem.features import Feature
from solvitur.problem.instance import CONTINUOUS, Block, MatrixInstance, QuadraticRow


class RatioToLinear:
    """Scales a linear system so that the denominator is 1 (Charnes and Cooper 1962).

    With ``t = 1 / d(x)`` and ``y = t x`` every row ``l <= a'x <= u`` becomes ``l t <= a'y <= u t``, and so do the
    bounds; the ratio becomes ``c'y + c0 t``. Back, ``x = y / t``.
    """

    title = "ratio scaled to a linear objective"
    removes: ClassVar[frozenset[Feature]] = frozenset({Feature.RATIO})

    def accepts(self, instance: MatrixInstance) -> bool:
        """Tells whether the objective is a ratio and all columns are continuous, in rows without further features."""
        return (
            instance.denominator is not None
            and instance.hessian is None
            and instance.conditional is None
            and not (instance.integrality.any() or instance.quadratic_rows or instance.all_different)
        )

    def apply(self, instance: MatrixInstance) -> tuple[MatrixInstance, Callable[[np.ndarray], np.ndarray]]:
        """Adds the column t and scales everything by it."""
        denominator = instance.denominator
        assert denominator is not None
        columns, t = instance.columns, instance.columns
        matrix = instance.matrix
        base = np.repeat(np.arange(matrix.rows), np.diff(matrix.start)), matrix.column.astype(np.int64), matrix.value
        own = np.arange(columns)
        systems = (
            (base, matrix.rows, instance.row_lower, instance.row_upper),
            ((own, own, np.ones(columns)), columns, instance.column_lower, instance.column_upper),
        )
        rows, cols, values = [], [], []
        count = 0
        for (row, column, value), size, low, high in systems:
            for side, sign in ((low, 1.0), (high, -1.0)):
                kept = np.flatnonzero(np.isfinite(side))
                place = np.full(size, -1)
                place[kept] = count + np.arange(len(kept))
                used = place[row] >= 0
                rows += [place[row[used]], place[kept]]
                cols += [column[used], np.full(len(kept), t)]
                values += [sign * value[used], -sign * side[kept]]
                count += len(kept)
        rows += [np.full(columns, count), np.array([count])]
        cols += [own, np.array([t])]
        values += [denominator.cost, np.array([denominator.offset])]
        scaled = rows_of(np.concatenate(rows), np.concatenate(cols), np.concatenate(values), count + 1, columns + 1)
        found = replace(
            instance,
            cost=np.append(instance.cost, instance.offset),
            offset=0.0,
            matrix=scaled,
            row_lower=np.append(np.zeros(count), 1.0),
            row_upper=np.append(np.full(count, np.inf), 1.0),
            column_lower=np.append(np.full(columns, -np.inf), 0.0),
            column_upper=np.full(columns + 1, np.inf),
            integrality=np.zeros(columns + 1, np.uint8),
            variables=(*instance.variables, Block("scale", columns, 1, auxiliary=True)),
            constraints=(Block("scaled", 0, count + 1, (tuple(range(1, count + 2)),), ("",), auxiliary=True),),
            denominator=None,
        )
        return found, _unscaled


def _unscaled(answer: np.ndarray) -> np.ndarray:
    return np.asarray(answer[:-1] / answer[-1]) + 0.0


class RatioToProduct:
    """Makes the ratio a column q with ``q * d(x) == n(x)``, for models with whole columns."""

    title = "ratio as a product"
    removes: ClassVar[frozenset[Feature]] = frozenset({Feature.RATIO})

    def accepts(self, instance: MatrixInstance) -> bool:
        """Tells whether the objective is a ratio."""
        return instance.denominator is not None

    def apply(self, instance: MatrixInstance) -> tuple[MatrixInstance, Callable[[np.ndarray], np.ndarray]]:
        """Adds the column and a quadratic row."""
        denominator = instance.denominator
        assert denominator is not None
        additions = Additions(instance)
        low, high = _ends(instance)
        (q,) = additions.add_columns(np.array([low]), np.array([high]), CONTINUOUS)
        top = np.flatnonzero(instance.cost)
        column = np.append(top, q)
        value = np.append(-instance.cost[top], denominator.offset)
        entries = [(np.zeros(len(column), np.int64), column, value)]
        (row,) = additions.add_rows(entries, instance.offset, instance.offset, 1)
        used = np.flatnonzero(denominator.cost)
        product = QuadraticRow(
            int(row), np.full(len(used), q, np.int32), used.astype(np.int32), denominator.cost[used]
        )
        additions.products.append(product)
        built = additions.built("ratio")
        cost = np.zeros(built.columns)
        cost[q] = 1.0
        return replace(built, cost=cost, offset=0.0, denominator=None), lambda answer: answer[: instance.columns]


def _ends(instance: MatrixInstance) -> tuple[float, float]:
    """Returns the least and greatest value of the ratio by interval arithmetic."""
    assert instance.denominator is not None
    reach = reach_of(instance)
    tops, bottoms = (
        [
            offset + np.minimum(cost * reach.low, cost * reach.high)[cost != 0].sum(),
            offset + np.maximum(cost * reach.low, cost * reach.high)[cost != 0].sum(),
        ]
        for cost, offset in (
            (instance.cost, instance.offset),
            (instance.denominator.cost, instance.denominator.offset),
        )
    )
    with np.errstate(all="ignore"):
        corners = [top / bottom for top in tops for bottom in bottoms]
    if np.isnan(corners).any() or bottoms[0] <= 0:
        return -np.inf, np.inf
    return float(min(corners)), float(max(corners))
