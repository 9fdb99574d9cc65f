"""Collects the rows of all constraints into one matrix, written straight to their place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solvitur.language.arrays_spaces import Labels, Space
from solvitur.language.compile_quadratic import quadratic_rows
from solvitur.language.compile_rows import RowPart, most_entries, rows_of
from solvitur.problem.errors import InputError
from solvitur.problem.instance import Block, ConditionalRows, QuadraticRow, SparseRows

if TYPE_CHECKING:
    from solvitur.language.compile_constraints import Comparison

_MOST = 2**31 - 1
_CERTAIN = 1e-9
"""A row without variables counts as kept when it fails by no more than this, relative to its side."""


class MatrixRows:
    """The rows of a model with a known number of columns."""

    def __init__(self, comparisons: Sequence[Comparison], columns: int) -> None:
        sizes = [most_entries(each.form.linear, each.frame) for each in comparisons]
        if sum(sizes) > _MOST:
            raise InputError.at(f"The model has {sum(sizes):,} coefficients; at most {_MOST:,} fit.")
        self.blocks: list[Block] = []
        self.quadratic: list[QuadraticRow] = []
        self._columns = columns
        # The system gives memory only as it is written to, so room for entries that go costs nothing.
        self._column, self._value = np.empty(sum(sizes), np.int32), np.empty(sum(sizes))
        self._used = 0
        self._starts: list[np.ndarray] = []
        self._sides: list[tuple[np.ndarray, np.ndarray]] = []
        self._conditions: list[np.ndarray] = []
        self.count = 0
        for comparison, size in zip(comparisons, sizes, strict=True):
            self._add(comparison, size)

    @property
    def lower(self) -> np.ndarray:
        """The lower sides, float64, shape (count,)."""
        return joined([lower for lower, _ in self._sides])

    @property
    def upper(self) -> np.ndarray:
        """The upper sides, float64, shape (count,)."""
        return joined([upper for _, upper in self._sides])

    def conditional(self) -> ConditionalRows | None:
        """Returns which rows hold under a condition only; None when all always do."""
        if not self._conditions:
            return None
        column, value, row = np.concatenate(self._conditions, axis=1)
        return ConditionalRows(column.astype(np.int32), value.astype(np.int32), row.astype(np.int32))

    def matrix(self) -> SparseRows:
        """Returns the linear part of all rows."""
        start = np.zeros(self.count + 1, np.int32)
        row = 0
        for each in self._starts:
            start[row + 1 : row + len(each)] = each[1:]
            row += len(each) - 1
        column, value = self._column[: self._used], self._value[: self._used]
        if 2 * self._used < len(self._column):
            column, value = column.copy(), value.copy()  # lets go of the room that was written to in vain
        return SparseRows(self.count, self._columns, start, column, value)

    def _add(self, comparison: Comparison, size: int) -> None:
        frame, form = comparison.frame, comparison.form
        room = slice(self._used, self._used + size)
        part = rows_of(form.linear, frame, self._column[room], self._value[room])
        products = quadratic_rows(form.quadratic, frame, self._columns) if form.quadratic else []
        _require_finite(comparison, part, products)
        space, lower, upper = comparison.space or frame.space(), comparison.lower, comparison.upper
        when = comparison.when
        kept = _kept(part, products, lower, upper)
        if kept is not None:
            when = when.taken(np.flatnonzero(kept)) if when is not None else None
            numbers = np.cumsum(kept) - 1
            products = [QuadraticRow(int(numbers[q.row]), q.first, q.second, q.value) for q in products]
            part, lower, upper, space = _selected(part, lower, upper, space, np.flatnonzero(kept))
        entries = len(part.value)
        if part.value.base is not self._value and entries:
            self._column[self._used : self._used + entries] = part.column
            self._value[self._used : self._used + entries] = part.value
        element = comparison.element
        name, unit, description = comparison.name, element.unit, element.description
        self.blocks.append(block_of(name, self.count, space, unit, description, auxiliary=comparison.auxiliary))
        self.quadratic += [QuadraticRow(self.count + q.row, q.first, q.second, q.value) for q in products]
        if when is not None and when.count:
            rows = self.count + np.arange(when.count)
            self._conditions.append(np.array([when.column, when.sign > 0, rows]))
        self._starts.append(part.start + self._used)
        self._sides.append((lower, upper))
        self._used += entries
        self.count += space.count


def block_of(name: str, start: int, space: Space, unit: str, description: str, *, auxiliary: bool = False) -> Block:
    """Names consecutive columns or rows."""
    labels = tuple(universe.labels for universe in space.universes)
    names = tuple(universe.name for universe in space.universes)
    return Block(name, start, space.count, labels, names, space.codes, unit, description, auxiliary)


def joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Joins float64 arrays; a single one is not copied."""
    if len(arrays) == 1:
        return np.ascontiguousarray(arrays[0])
    return np.concatenate(arrays) if arrays else np.zeros(0)


def _kept(part: RowPart, products: Sequence[QuadraticRow], lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
    """Tells which rows stay: all but those without variables that hold anyway; None when all do."""
    constant = np.diff(part.start) == 0
    constant[np.array([row.row for row in products], np.intp)] = False
    if not constant.any():
        return None
    slack = _CERTAIN * np.maximum(1.0, np.minimum(np.abs(lower), np.abs(upper)))
    kept = ~(constant & (lower <= slack) & (upper >= -slack))
    return None if kept.all() else kept


def _selected(
    part: RowPart, lower: np.ndarray, upper: np.ndarray, space: Space, rows: np.ndarray
) -> tuple[RowPart, np.ndarray, np.ndarray, Space]:
    """Keeps some rows; those that go have no entries."""
    start = np.append(part.start[rows], part.start[-1])
    codes = tuple(space.component(d)[rows] for d in range(space.arity))
    kept = Space(space.universes, space.names, codes) if space.arity else space
    if not space.arity and not len(rows):
        kept = Space((Labels("", ()),), ("",))
    return RowPart(start, part.column, part.value), lower[rows], upper[rows], kept


def _require_finite(comparison: Comparison, part: RowPart, products: Sequence[QuadraticRow]) -> None:
    """Refuses coefficients and sides that are not numbers, by the name of their row."""
    what, row = "A coefficient", -1
    # The sum of the factors is not finite if one of them is not; it needs no temporary array of truths.
    if not all(math.isfinite(float(term.factor.sum())) for term in comparison.form.linear):
        bad = np.flatnonzero(~np.isfinite(part.value))
        row = int(np.searchsorted(part.start, bad[0], "right")) - 1 if len(bad) else -1
    for product in products:
        if row < 0 and not np.isfinite(product.value).all():
            row = product.row
    if row < 0:
        wrong = np.flatnonzero(~((comparison.lower < math.inf) & (comparison.upper > -math.inf)))
        if not len(wrong):
            return
        what, row = "A side", int(wrong[0])
    evaluator = comparison.evaluator
    raise evaluator.fail(
        f"{what} of '{evaluator.where(comparison.frame, row)}' is not a finite number; check the data.",
        comparison.element.body.span,
    )
