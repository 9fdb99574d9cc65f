"""Linear and quadratic forms over a frame, as arrays of column numbers and coefficients."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from solvitur.language.arrays_frames import Frame, Growth
from solvitur.language.arrays_spaces import MOST_ELEMENTS

ZERO = np.zeros(())


@dataclass(frozen=True, eq=False)
class Term:
    """Coefficients times columns (one: linear; two: quadratic), added up.

    Without ``point`` the arrays broadcast over the frame's shape followed by ``extra``, the axes already summed over;
    they have all those dimensions or none. With ``point`` they are flat, the k-th entry belonging to the flat
    position ``point[k]`` of the frame (never falling). All columns of one factor belong to the variable ``of``.
    """

    columns: tuple[np.ndarray, ...]
    factor: np.ndarray
    of: tuple[int, ...]
    extra: tuple[int, ...] = ()
    point: np.ndarray | None = None

    def times(self, data: np.ndarray, frame: Frame) -> Term:
        """Multiplies by numbers over the frame."""
        if data.ndim and self.point is not None:
            data = gathered(data, frame, self.point)
        elif data.ndim:
            data = data.reshape(data.shape + (1,) * len(self.extra))
        return replace(self, factor=self.factor * data)

    def listed(self, frame: Frame) -> Term:
        """Returns the same term with ``point``."""
        if self.point is not None:
            return self
        shape = frame.shape + self.extra
        point = np.repeat(np.arange(frame.size), math.prod(self.extra))
        columns = tuple(np.broadcast_to(c, shape).reshape(-1) for c in self.columns)
        factor = np.broadcast_to(self.factor, shape).reshape(-1) if self.factor.ndim else self.factor
        return Term(columns, factor, self.of, (), point)

    def lifted(self, growth: Growth) -> Term:
        """Turns a term over a grown frame into one over its base: the sum over what was added."""
        if self.point is not None:
            point = self.point // math.prod(growth.tail)
            return replace(self, point=point if growth.point is None else growth.point[point])
        if growth.point is not None:
            term = self.listed(growth.frame)
            assert term.point is not None
            return replace(term, point=growth.point[term.point // math.prod(growth.tail)])
        return self._summed(growth)

    def _summed(self, growth: Growth) -> Term:
        """Sums over added axes: they become extra, but for those on which no column depends: they are added up."""
        columns, factor = list(self.columns), self.factor
        extra: list[int] = []
        for axis in range(growth.frame.ndim - 1, growth.head - 1, -1):
            size = growth.frame.shape[axis]
            if all(not c.ndim or c.shape[axis] == 1 for c in columns):
                if not factor.ndim or factor.shape[axis] == 1:
                    factor = factor * float(size)
                    factor = factor.squeeze(axis) if factor.ndim else factor
                else:
                    factor = factor.sum(axis=axis)
                columns = [c.squeeze(axis) if c.ndim else c for c in columns]
            else:
                extra.insert(0, size)
        return Term(tuple(columns), factor, self.of, (*extra, *self.extra))


@dataclass(frozen=True, eq=False)
class Form:
    """A constant over the frame plus linear and quadratic terms."""

    constant: np.ndarray = field(default_factory=lambda: ZERO)
    linear: tuple[Term, ...] = ()
    quadratic: tuple[Term, ...] = ()

    def plus(self, other: Form) -> Form:
        """Adds two forms over the same frame."""
        constant = other.constant if is_zero(self.constant) else self.constant + other.constant
        return Form(constant, self.linear + other.linear, self.quadratic + other.quadratic)

    def times(self, data: np.ndarray, frame: Frame) -> Form:
        """Multiplies by numbers over the frame."""
        return Form(
            self.constant * data,
            tuple(term.times(data, frame) for term in self.linear),
            tuple(term.times(data, frame) for term in self.quadratic),
        )

    def lifted(self, growth: Growth) -> Form:
        """Sums a form over a grown frame up to one over its base."""
        constant = self.constant if is_zero(self.constant) else growth.total(self.constant)
        return Form(
            constant,
            tuple(term.lifted(growth) for term in self.linear),
            tuple(term.lifted(growth) for term in self.quadratic),
        )


@dataclass(frozen=True, eq=False)
class Claim:
    """What is true or false depending on the variables; what it says is for those who write logic."""

    condition: Any


def is_zero(data: np.ndarray) -> bool:
    """Tells whether numbers are the plain 0 that stands for nothing."""
    return not data.ndim and not data


def added(forms: Iterable[Form]) -> Form:
    """Adds forms over the same frame."""
    total = Form()
    for form in forms:
        total = total.plus(form)
    return total


def multiplied(left: Form, right: Form, frame: Frame) -> Form | None:
    """Multiplies two forms; None when the product is neither linear nor quadratic, or too large to write out."""
    if (left.quadratic and (right.linear or right.quadratic)) or (right.quadratic and left.linear):
        return None
    parts = [Form(left.constant * right.constant)]
    if not is_zero(right.constant):
        parts.append(Form(ZERO, left.linear, left.quadratic).times(right.constant, frame))
    if not is_zero(left.constant):
        parts.append(Form(ZERO, right.linear, right.quadratic).times(left.constant, frame))
    for a in left.linear:
        for b in right.linear:
            term = _product(a, b, frame)
            if term is None:
                return None
            parts.append(Form(quadratic=(term,)))
    return added(parts)


def _product(a: Term, b: Term, frame: Frame) -> Term | None:
    of = a.of + b.of
    if a.point is None and b.point is None:
        if frame.size * math.prod(a.extra + b.extra) > MOST_ELEMENTS:
            return None
        deep, wide = (1,) * len(b.extra), (1,) * len(a.extra)

        def left(array: np.ndarray) -> np.ndarray:
            return array.reshape(array.shape + deep) if array.ndim else array

        def right(array: np.ndarray) -> np.ndarray:
            return (
                array.reshape(array.shape[: frame.ndim] + wide + array.shape[frame.ndim :]) if array.ndim else array
            )

        columns = (left(a.columns[0]), right(b.columns[0]))
        return Term(columns, left(a.factor) * right(b.factor), of, a.extra + b.extra)
    a, b = a.listed(frame), b.listed(frame)
    assert a.point is not None and b.point is not None
    first, last = np.searchsorted(b.point, a.point, "left"), np.searchsorted(b.point, a.point, "right")
    if int((last - first).sum()) > MOST_ELEMENTS:
        return None
    at_a, at_b = matches(first, last)
    factor = _taken(a.factor, at_a) * _taken(b.factor, at_b)
    return Term((_taken(a.columns[0], at_a), _taken(b.columns[0], at_b)), factor, of, (), a.point[at_a])


def matches(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Writes out ranges ``first[k]..last[k] - 1``: for every number in them its k, and the number itself."""
    counts = last - first
    owner = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return owner, np.arange(len(owner)) - np.repeat(ends - counts - first, counts)


def gathered(data: np.ndarray, frame: Frame, point: np.ndarray) -> np.ndarray:
    """Picks numbers over a frame at flat positions."""
    if data.shape == frame.shape:
        return np.asarray(data.reshape(-1)[point])
    where = np.unravel_index(point, frame.shape)
    at = tuple(w if size != 1 else np.zeros((), np.intp) for w, size in zip(where, data.shape, strict=True))
    return np.asarray(np.broadcast_to(data[at], point.shape))


def _taken(data: np.ndarray, at: np.ndarray) -> np.ndarray:
    return data[at] if data.ndim else data
