"""Scales rows and objective of pure integer models to whole numbers, exactly or not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from solvitur.api import MatrixInstance

LARGEST_SCALE = 10**9
"""The largest factor a row or the objective is multiplied by."""
LARGEST_BOUND = 2.0**40
"""The largest bound of a variable; CP-SAT reasons in 64 bits."""
_LARGEST_SUM = 2.0**61
_NOISE = 1e-9
"""How far, relative to its size, a scaled side may be from whole and still count as that whole number."""


class NotWhole(Exception):
    """The model has no exact form in whole numbers; the text says why, for the user."""


@dataclass(frozen=True)
class WholeModel:
    """An integer model in whole numbers: int64 arrays by rows, sides cut to 64 bits, and the objective's scale.

    The objective is ``offset + cost'x / cost_scale``.
    """

    lower: np.ndarray
    upper: np.ndarray
    start: np.ndarray
    column: np.ndarray
    value: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    cost: np.ndarray
    cost_scale: int


def whole_model(instance: MatrixInstance) -> WholeModel:
    """Writes an instance in whole numbers.

    Raises
    ------
    NotWhole
        If a bound or sum is too large, or a coefficient is no fraction with a denominator up to 1e9.
    """
    lower, upper = _bounds(instance)
    matrix = instance.matrix
    row = np.repeat(np.arange(instance.rows), np.diff(matrix.start))
    scale = _row_scales(instance, row)
    value = np.rint(matrix.value * scale[row])
    reach = np.maximum(np.abs(lower), np.abs(upper)).astype(np.float64)
    sums = np.bincount(row, weights=np.abs(value) * reach[matrix.column], minlength=instance.rows)
    if sums.size and sums.max() > _LARGEST_SUM:
        name = instance.constraint_of(int(sums.argmax()))
        raise NotWhole(f"the terms of '{name}' are too large for 64-bit whole numbers")
    cost_scale = _scale(_denominators(instance.cost, "the objective"), "the objective")
    cost = np.rint(instance.cost * cost_scale)
    if float(np.abs(cost) @ reach) > _LARGEST_SUM:
        raise NotWhole("the objective's terms are too large for 64-bit whole numbers")
    sides = np.array([instance.row_lower, instance.row_upper]) * scale
    slack = _NOISE * np.maximum(1.0, np.abs(sides))
    limit = 2.0**62
    low = np.clip(np.ceil(sides[0] - np.where(np.isfinite(sides[0]), slack[0], 0.0)), -limit, limit)
    high = np.clip(np.floor(sides[1] + np.where(np.isfinite(sides[1]), slack[1], 0.0)), -limit, limit)
    return WholeModel(
        lower,
        upper,
        np.asarray(matrix.start, dtype=np.int64),
        np.asarray(matrix.column, dtype=np.int64),
        value.astype(np.int64),
        low.astype(np.int64),
        high.astype(np.int64),
        cost.astype(np.int64),
        cost_scale,
    )


def _bounds(instance: MatrixInstance) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.ceil(instance.column_lower - _NOISE), np.floor(instance.column_upper + _NOISE)
    wide = np.flatnonzero(~(np.maximum(np.abs(low), np.abs(high)) <= LARGEST_BOUND))
    if wide.size:
        name = instance.variable_of(int(wide[0]))
        raise NotWhole(f"it needs whole variables bounded within 1e12, and '{name}' is not")
    return low.astype(np.int64), high.astype(np.int64)


def _row_scales(instance: MatrixInstance, row: np.ndarray) -> np.ndarray:
    """Returns the factor of each row that makes its coefficients whole."""
    matrix = instance.matrix
    if not matrix.nonzeros:
        return np.ones(instance.rows)
    denominators = _denominators(matrix.value, "a constraint")
    scale = np.ones(instance.rows)
    fractional = np.unique(row[denominators > 1])
    for number in fractional.tolist():
        part = denominators[matrix.start[number] : matrix.start[number + 1]]
        scale[number] = _scale(part, f"'{instance.constraint_of(number)}'")
    return scale


def _scale(denominators: np.ndarray, what: str) -> int:
    scale = math.lcm(*map(int, set(denominators.tolist()))) if denominators.size else 1
    if scale > LARGEST_SCALE:
        raise NotWhole(f"the coefficients of {what} cannot be scaled to whole numbers")
    return scale


def _denominators(values: np.ndarray, what: str) -> np.ndarray:
    """Returns the least denominator of each value, decimal ones first, then any up to `LARGEST_SCALE`."""
    distinct, where = np.unique(np.abs(values), return_inverse=True)
    found = np.zeros(len(distinct), dtype=np.int64)
    for power in range(10):
        scale = 10.0**power
        fits = (found == 0) & (np.rint(distinct * scale) / scale == distinct)
        found[fits] = 10**power
    for position in np.flatnonzero(found == 0).tolist():
        value = float(distinct[position])
        fraction = Fraction(value).limit_denominator(10**6)
        if float(fraction) != value:
            raise NotWhole(f"{what} has the coefficient {value:.17g}, which is no fraction of whole numbers")
        found[position] = fraction.denominator
    return found[where]
