"""Writes values of functions of variables as columns: maxima, piecewise linear functions, quotients, roots, tables.

A value is needed from above (``side`` 1: what is minimised, or stands on the small side of ``<=``), from below (-1),
or as it is (0). Where one side is enough and the function bends the right way, no binary column is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solvitur.language.arrays_flat import Flat, Products, concatenated
from solvitur.language.logic_conditions import Atom, Condition, Joined, Over
from solvitur.language.logic_writing import Writer

_ROUNDING = 1e-9
MOST_VALUES = 1000
"""Of a whole number with up to so many values, any function can be listed value by value."""


def interleaved(flats: list[Flat]) -> tuple[Flat, np.ndarray]:
    """Lists forms over the same cells cell by cell; returns them and the cell that each belongs to."""
    count, size = flats[0].count, len(flats)
    order = (np.arange(size)[None, :] * count + np.arange(count)[:, None]).reshape(-1)
    return concatenated(flats).taken(order), np.repeat(np.arange(count), size)


@dataclass(eq=False)
class Functions:
    """Writes function values for one element of the model."""

    writer: Writer

    def _columns(self, least: np.ndarray, most: np.ndarray, grain: float) -> Flat:
        step = grain or 1.0
        column = self.writer.columns.add_parts(self.writer.element, least / step, most / step, whole=grain > 0)
        return Flat.columns(column, step)

    # Largest and smallest ------------------------------------------------------------------------------------

    def largest(self, flat: Flat, owner: np.ndarray, count: int, side: int) -> Flat:
        """Returns the largest member of each of ``count`` groups, none of them empty."""
        ranges = self.writer.columns
        least, most = flat.range(ranges)
        starts = np.searchsorted(owner, np.arange(count))
        low = np.maximum.reduceat(least, starts)
        kept = np.flatnonzero((most > low[owner]) | (least == low[owner]))
        if len(kept) < flat.count:
            flat, owner, most = flat.taken(kept), owner[kept], most[kept]
        sizes = np.bincount(owner, minlength=count)
        if (sizes == 1).all():
            return flat
        starts = np.searchsorted(owner, np.arange(count))
        value = self._columns(low, np.maximum.reduceat(most, starts), flat.grain(ranges))
        rest = flat.minus(value.taken(owner))
        if side >= 0:
            self.writer.add(rest, -np.inf, 0.0)
        if side <= 0:
            self.writer.require(_one_of(Atom(rest.times(-1.0), "<="), owner, sizes))
        return value

    def absolute(self, flat: Flat, side: int) -> Flat:
        """Returns the distances of forms from zero."""
        least, most = flat.range(self.writer.columns)
        if (least >= 0).all():
            return flat
        if (most <= 0).all():
            return flat.times(-1.0)
        both, owner = interleaved([flat, flat.times(-1.0)])
        return self.largest(both, owner, flat.count, side)

    # Listed points -------------------------------------------------------------------------------------------

    def piecewise(self, x: Flat, breaks: np.ndarray, values: np.ndarray, side: int) -> Flat:
        """Returns piecewise linear functions; the first and the last piece go on beyond the points.

        Parameters
        ----------
        breaks, values : float64 arrays, shape (points, cells)
            The points; breaks ascend.
        """
        slopes = np.diff(values, axis=0) / np.diff(breaks, axis=0)
        starts = values[:-1] - slopes * breaks[:-1]
        bends = np.diff(slopes, axis=0)
        lines = [x.times(m).plus(Flat.numbers(c)) for m, c in zip(slopes, starts, strict=True)]
        tiny = 1e-12 * np.abs(slopes).max(initial=1.0)
        if (np.abs(bends) <= tiny).all():
            return lines[0]
        if side > 0 and (bends >= -tiny).all():
            return self.largest(*interleaved(lines), x.count, 1)
        if side < 0 and (bends <= tiny).all():
            turned = [line.times(-1.0) for line in lines]
            return self.largest(*interleaved(turned), x.count, 1).times(-1.0)
        return self._pieces(x, breaks[1:-1], slopes, starts)

    def _pieces(self, x: Flat, inner: np.ndarray, slopes: np.ndarray, starts: np.ndarray) -> Flat:
        """Splits x into one part per piece, all but one of them zero (the multiple choice model)."""
        ranges, writer = self.writer.columns, self.writer
        least, most = x.range(ranges)
        grain = x.grain(ranges)
        ends = np.vstack([np.minimum(least, inner[0] if len(inner) else least), inner])
        tops = np.vstack([inner, np.maximum(most, inner[-1] if len(inner) else most)])
        total, used, value = x.times(-1.0), Flat.numbers(np.zeros(x.count)), Flat.numbers(np.zeros(x.count))
        for bottom, top, slope, start in zip(ends, tops, slopes, starts, strict=True):
            chosen = Flat.columns(writer.columns.add_binaries(writer.element, x.count))
            part = self._columns(np.minimum(bottom, 0.0), np.maximum(top, 0.0), grain)
            for end, sign in ((bottom, 1.0), (top, -1.0)):
                self._gated(part, chosen, end, sign)
            total, used = total.plus(part), used.plus(chosen)
            value = value.plus(part.times(slope)).plus(chosen.times(start))
        writer.add(total, 0.0, 0.0)
        writer.add(used, 1.0, 1.0)
        return value

    def _gated(self, part: Flat, chosen: Flat, end: np.ndarray, sign: float) -> None:
        """Writes ``sign * part >= sign * end`` where the piece is chosen, and ``>= 0`` where not."""
        known = np.flatnonzero(np.isfinite(end))
        if len(known):
            gap = part.minus(chosen.times(np.where(np.isfinite(end), end, 0.0))).taken(known)
            self.writer.add(gap.times(sign), 0.0, np.inf)
        endless = np.flatnonzero(~np.isfinite(end))
        if len(endless):
            off = Atom(chosen.taken(endless), "<=")
            zero = Atom(part.taken(endless).times(-sign), "<=")
            self.writer.require(Joined("or", (_opposite(off), zero), len(endless)))

    def listed(self, x: Flat, function: Callable[[np.ndarray], np.ndarray]) -> Flat | None:
        """Returns any function of whole numbers that have few values; None when they have too many.

        Values where the function is not defined are excluded.
        """
        ranges, writer = self.writer.columns, self.writer
        grain = x.grain(ranges)
        least, most = x.range(ranges)
        if not x.count:
            return x
        if not grain or not np.isfinite(least).all() or not np.isfinite(most).all():
            return None
        first, last = np.ceil(least.min() / grain - _ROUNDING), np.floor(most.max() / grain + _ROUNDING)
        if last - first >= MOST_VALUES:
            return None
        points = grain * np.arange(first, last + 1)
        with np.errstate(all="ignore"):
            values = np.asarray(function(points), np.float64)
        total, used, value = x.times(-1.0), Flat.numbers(np.zeros(x.count)), Flat.numbers(np.zeros(x.count))
        for point, result in zip(points.tolist(), values.tolist(), strict=True):
            cells = np.flatnonzero((least <= point + _ROUNDING) & (most >= point - _ROUNDING))
            if not np.isfinite(result) or not len(cells):
                continue
            column = writer.columns.add_binaries(writer.element, len(cells))
            chosen = Flat.columns(column).summed(cells, x.count)
            total, used = total.plus(chosen.times(point)), used.plus(chosen)
            value = value.plus(chosen.times(result))
        writer.add(total, 0.0, 0.0)
        writer.add(used, 1.0, 1.0)
        return value

    def divided(self, x: Flat, divisor: np.ndarray) -> tuple[Flat, Flat]:
        """Returns quotients rounded down and remainders of whole numbers by whole divisors of at least 1."""
        least, most = x.range(self.writer.columns)
        quotient = self._columns(np.floor(least / divisor), np.floor(most / divisor), 1.0)
        remainder = self._columns(np.zeros(x.count), divisor - 1.0, 1.0)
        self.writer.add(x.minus(quotient.times(divisor)).minus(remainder), 0.0, 0.0)
        return quotient, remainder

    # Quotients and roots -------------------------------------------------------------------------------------

    def quotient(self, top: Flat, bottom: Flat) -> Flat:
        """Returns columns y with ``y * bottom == top``; the bottom is known not to be zero."""
        ranges = self.writer.columns
        a, b = top.range(ranges), bottom.range(ranges)
        with np.errstate(all="ignore"):
            corners = np.array([p / q for p in a for q in b])
        corners = np.where(np.isnan(corners), np.array([-np.inf, np.inf, -np.inf, np.inf])[:, None], corners)
        value = self._columns(corners.min(axis=0), corners.max(axis=0), 0.0)
        self.writer.add(product(value, self.writer.linear(bottom)).minus(top), 0.0, 0.0)
        return value

    def root(self, x: Flat, side: int) -> Flat:
        """Returns columns y >= 0 with ``y * y == x``, or the side of it that is needed."""
        least, most = x.range(self.writer.columns)
        value = self._columns(np.sqrt(np.maximum(least, 0.0)), np.sqrt(np.maximum(most, 0.0)), 0.0)
        if (least < 0).any():
            self.writer.add(x, 0.0, np.inf)
        gap = product(value, value).minus(x)
        self.writer.add(gap, 0.0 if side >= 0 else -np.inf, 0.0 if side <= 0 else np.inf)
        return value

    def product_of(self, left: Flat, right: Flat) -> Flat:
        """Multiplies forms; what is of higher degree than linear becomes a column first."""
        return product(self.writer.linear(left), self.writer.linear(right))


def product(left: Flat, right: Flat) -> Flat:
    """Multiplies linear forms cell by cell."""
    whole = Flat(left.constant * right.constant, left.point[:0], left.column[:0], left.value[:0])
    for one, other in ((left, right), (right, left)):
        whole = whole.plus(Flat(np.zeros(one.count), one.point, one.column, one.value * other.constant[one.point]))
    first = np.searchsorted(right.point, left.point, "left")
    last = np.searchsorted(right.point, left.point, "right")
    sizes = last - first
    a = np.repeat(np.arange(len(left.point)), sizes)
    b = np.arange(len(a)) - np.repeat(np.cumsum(sizes) - sizes - first, sizes)
    products = Products(left.point[a], left.column[a], right.column[b], left.value[a] * right.value[b])
    return Flat(whole.constant, whole.point, whole.column, whole.value, products)


def _one_of(atom: Atom, owner: np.ndarray, sizes: np.ndarray) -> Condition:
    count = len(sizes)
    if (sizes == 2).all():
        pair = (
            Atom(atom.form.taken(np.arange(0, 2 * count, 2)), "<="),
            Atom(atom.form.taken(np.arange(1, 2 * count, 2)), "<="),
        )
        return Joined("or", pair, count)
    return Over("or", owner, atom, count)


def _opposite(atom: Atom) -> Atom:
    return Atom(atom.form.times(-1.0), "<")
