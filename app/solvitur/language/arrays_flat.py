"""Forms written out cell by cell: what logic needs, which takes cells apart, repeats and regroups them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

import numpy as np

from solvitur.language.arrays_forms import Form, Term, matches
from solvitur.language.arrays_frames import Frame

_NOBODY = -1
"""Stands for the variable of a term whose columns may belong to several."""
_LARGEST_DENOMINATOR = 10**6


class Ranges(Protocol):
    """What is known of the values of columns: arrays over all columns."""

    @property
    def low(self) -> np.ndarray: ...
    @property
    def high(self) -> np.ndarray: ...
    @property
    def whole(self) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class Products:
    """Products of two columns: entry k adds ``value[k] * x[first[k]] * x[second[k]]`` to cell ``point[k]``."""

    point: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    first: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    second: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    value: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, eq=False)
class Flat:
    """A form over numbered cells: entry k adds ``value[k] * x[column[k]]`` to cell ``point[k]`` (never falling)."""

    constant: np.ndarray
    point: np.ndarray
    column: np.ndarray
    value: np.ndarray
    products: Products = field(default_factory=Products)

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.constant)

    @classmethod
    def of(cls, form: Form, frame: Frame) -> Flat:
        """Writes a form out."""
        constant = np.broadcast_to(np.asarray(form.constant, np.float64), frame.shape).reshape(-1)
        linear = [term.listed(frame) for term in form.linear]
        point, column, value = _joined_terms(linear, 0)
        quadratic = [term.listed(frame) for term in form.quadratic]
        if not quadratic:
            return cls(constant, point, column, value)
        at, first, factor = _joined_terms(quadratic, 0)
        return cls(constant, point, column, value, Products(at, first, _joined_terms(quadratic, 1)[1], factor))

    @classmethod
    def numbers(cls, values: np.ndarray) -> Flat:
        """Builds cells without columns."""
        return cls(np.asarray(values, np.float64), np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0))

    @classmethod
    def columns(cls, column: np.ndarray, factor: float = 1.0) -> Flat:
        """Builds cells of one column each."""
        count = len(column)
        return cls(np.zeros(count), np.arange(count), column.astype(np.int32), np.full(count, factor))

    def form(self, frame: Frame) -> Form:
        """Returns the cells as a form over a frame with as many."""
        linear = (Term((self.column,), self.value, (_NOBODY,), (), self.point),) if len(self.point) else ()
        p = self.products
        quadratic = (Term((p.first, p.second), p.value, (_NOBODY, _NOBODY), (), p.point),) if len(p.point) else ()
        return Form(self.constant.reshape(frame.shape), linear, quadratic)

    def times(self, factor: np.ndarray | float) -> Flat:
        """Multiplies by a number, or by one per cell."""
        by = np.broadcast_to(np.asarray(factor, np.float64), (self.count,))
        p = self.products
        products = replace(p, value=p.value * by[p.point]) if len(p.point) else p
        return Flat(self.constant * by, self.point, self.column, self.value * by[self.point], products)

    def plus(self, other: Flat) -> Flat:
        """Adds cell by cell."""
        point = np.concatenate([self.point, other.point])
        order = np.argsort(point, kind="stable")
        column = np.concatenate([self.column, other.column])[order]
        value = np.concatenate([self.value, other.value])[order]
        products = self.products
        if len(other.products.point):
            a, b = self.products, other.products
            at = np.concatenate([a.point, b.point])
            by = np.argsort(at, kind="stable")
            first = np.concatenate([a.first, b.first])[by]
            second = np.concatenate([a.second, b.second])[by]
            products = Products(at[by], first, second, np.concatenate([a.value, b.value])[by])
        return Flat(self.constant + other.constant, point[order], column, value, products)

    def minus(self, other: Flat) -> Flat:
        """Subtracts cell by cell."""
        return self.plus(other.times(-1.0))

    def taken(self, cells: np.ndarray) -> Flat:
        """Picks and repeats cells, in any order."""
        first, last = np.searchsorted(self.point, cells, "left"), np.searchsorted(self.point, cells, "right")
        owner, at = matches(first, last)
        p = self.products
        products = p
        if len(p.point):
            begin, end = np.searchsorted(p.point, cells, "left"), np.searchsorted(p.point, cells, "right")
            whose, where = matches(begin, end)
            products = Products(whose, p.first[where], p.second[where], p.value[where])
        return Flat(self.constant[cells], owner, self.column[at], self.value[at], products)

    def summed(self, owner: np.ndarray, count: int) -> Flat:
        """Adds cells up: cell k belongs to cell ``owner[k]`` (never falling) of ``count``."""
        constant = np.bincount(owner, weights=self.constant, minlength=count)
        p = self.products
        products = replace(p, point=owner[p.point]) if len(p.point) else p
        return Flat(constant, owner[self.point], self.column, self.value, products)

    def merged(self) -> Flat:
        """Adds entries of the same column in a cell up and drops zeros."""
        if not len(self.point):
            return self
        width = int(self.column.max()) + 1
        key = self.point.astype(np.int64) * width + self.column
        keys, where = np.unique(key, return_inverse=True)
        sums = np.bincount(where, weights=self.value)
        kept = sums != 0
        point, column = np.divmod(keys[kept], width)
        return Flat(self.constant, point, column.astype(np.int32), sums[kept], self.products)

    def range(self, ranges: Ranges) -> tuple[np.ndarray, np.ndarray]:
        """Returns the least and greatest value of each cell by interval arithmetic."""
        low, high = _ends(self.value, ranges.low[self.column], ranges.high[self.column])
        least = self.constant + np.bincount(self.point, weights=low, minlength=self.count)
        most = self.constant + np.bincount(self.point, weights=high, minlength=self.count)
        p = self.products
        if len(p.point):
            a, b = _product_ends(p, ranges)
            least += np.bincount(p.point, weights=a, minlength=self.count)
            most += np.bincount(p.point, weights=b, minlength=self.count)
        return least, most

    def grain(self, ranges: Ranges) -> float:
        """Returns a number that every value of every cell is a whole multiple of; 0 when there is none."""
        p = self.products
        if not (ranges.whole[self.column].all() and ranges.whole[p.first].all() and ranges.whole[p.second].all()):
            return 0.0
        return common_grain(np.concatenate([self.constant, self.value, p.value]))


def common_grain(values: np.ndarray) -> float:
    """Returns the greatest number that all values are whole multiples of; 0 when they have no short fractions."""
    step = Fraction(0)
    for value in np.unique(np.abs(values)).tolist():
        if value == 0:
            continue
        if not math.isfinite(value):
            return 0.0
        fraction = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
        if float(fraction) != value:
            return 0.0
        step = (
            fraction
            if not step
            else Fraction(
                math.gcd(step.numerator * fraction.denominator, fraction.numerator * step.denominator),
                step.denominator * fraction.denominator,
            )
        )
        if step.denominator > _LARGEST_DENOMINATOR:
            return 0.0
    return float(step) if step else 1.0


def concatenated(parts: Sequence[Flat]) -> Flat:
    """Puts cells one after the other."""
    starts = np.cumsum([0, *(part.count for part in parts)])
    pairs = list(zip(parts, starts.tolist(), strict=False))
    products = Products(
        np.concatenate([part.products.point + start for part, start in pairs]),
        np.concatenate([part.products.first for part in parts]),
        np.concatenate([part.products.second for part in parts]),
        np.concatenate([part.products.value for part in parts]),
    )
    return Flat(
        np.concatenate([part.constant for part in parts]),
        np.concatenate([part.point + start for part, start in pairs]),
        np.concatenate([part.column for part in parts]),
        np.concatenate([part.value for part in parts]),
        products,
    )


def _joined_terms(terms: Sequence[Term], which: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not terms:
        return np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0)
    point = np.concatenate([np.asarray(term.point, np.int64) for term in terms])
    column = np.concatenate([term.columns[which] for term in terms])
    value = np.concatenate([np.broadcast_to(term.factor, term.columns[which].shape) for term in terms])
    order = np.argsort(point, kind="stable")
    return point[order], column[order], value[order]


def _ends(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Multiplies intervals by numbers; zero times infinity is zero."""
    with np.errstate(invalid="ignore"):
        a, b = np.where(value == 0, 0.0, value * low), np.where(value == 0, 0.0, value * high)
    return np.minimum(a, b), np.maximum(a, b)


def _product_ends(p: Products, ranges: Ranges) -> tuple[np.ndarray, np.ndarray]:
    low_a, high_a = ranges.low[p.first], ranges.high[p.first]
    low_b, high_b = ranges.low[p.second], ranges.high[p.second]
    with np.errstate(invalid="ignore"):
        corners = np.array([low_a * low_b, low_a * high_b, high_a * low_b, high_a * high_b])
    corners = np.where(np.isnan(corners), 0.0, corners)
    least, most = corners.min(axis=0), corners.max(axis=0)
    same = p.first == p.second
    least = np.where(same & (low_a <= 0) & (high_a >= 0), 0.0, np.where(same, np.minimum(low_a**2, high_a**2), least))
    return _ends(p.value, least, most)
