"""Conditions on variables over numbered cells: comparisons with zero, literals, and what joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.language.arrays_flat import Flat

_OPPOSITE = {"<=": "<", "<": "<=", "==": "!=", "!=": "=="}


@dataclass(frozen=True, eq=False)
class Literals:
    """Per cell: a binary column (``sign`` 1), its opposite (-1), or a fixed truth (0, told by ``fixed``)."""

    column: np.ndarray
    sign: np.ndarray
    fixed: np.ndarray

    @classmethod
    def of(cls, column: np.ndarray) -> Literals:
        """Builds literals that hold where a column is 1."""
        return cls(column.astype(np.int32), np.ones(len(column), np.int8), np.zeros(len(column), bool))

    @classmethod
    def known(cls, truth: np.ndarray) -> Literals:
        """Builds literals that are true or false whatever the variables are."""
        return cls(np.zeros(len(truth), np.int32), np.zeros(len(truth), np.int8), truth.astype(bool))

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.column)

    def opposite(self) -> Literals:
        """Returns literals that hold where these do not."""
        return Literals(self.column, -self.sign, ~self.fixed)

    def taken(self, cells: np.ndarray) -> Literals:
        """Picks and repeats cells."""
        return Literals(self.column[cells], self.sign[cells], self.fixed[cells])

    def number(self) -> Flat:
        """Returns 1 where a literal holds, and 0 elsewhere, as a form."""
        constant = np.where(self.sign == 0, self.fixed, self.sign < 0).astype(np.float64)
        open_cells = np.flatnonzero(self.sign)
        return Flat(constant, open_cells, self.column[open_cells], self.sign[open_cells].astype(np.float64))


@dataclass(frozen=True, eq=False)
class Atom:
    """A form compared with zero: ``<= < == !=``."""

    form: Flat
    op: str

    @property
    def count(self) -> int:
        """Number of cells."""
        return self.form.count


@dataclass(frozen=True, eq=False)
class Joined:
    """``and`` or ``or`` of conditions over the same cells."""

    op: str
    parts: tuple[Condition, ...]
    count: int


@dataclass(frozen=True, eq=False)
class Over:
    """``and`` or ``or`` over groups: cell k of the body belongs to cell ``owner[k]`` (never falling) of ``count``.

    A group without members is true for ``and`` and false for ``or``.
    """

    op: str
    owner: np.ndarray
    body: Condition
    count: int


@dataclass(frozen=True, eq=False)
class Same:
    """Both conditions hold, or neither; or, when not ``positive``, just one of them."""

    left: Condition
    right: Condition
    positive: bool = True

    @property
    def count(self) -> int:
        """Number of cells."""
        return self.left.count


@dataclass(frozen=True, eq=False)
class Different:
    """No two forms of a group are equal: cell k of ``form`` belongs to cell ``owner[k]`` of ``count``."""

    form: Flat
    owner: np.ndarray
    count: int

    def pairs(self) -> Over:
        """Writes the comparison of all pairs out."""
        starts = np.searchsorted(self.owner, np.arange(self.count), "left")
        ends = np.searchsorted(self.owner, np.arange(self.count), "right")
        first, second, owner = [], [], []
        for cell, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            a, b = np.triu_indices(end - start, 1)
            first.append(a + start)
            second.append(b + start)
            owner.append(np.full(len(a), cell))
        nothing = np.zeros(0, np.int64)
        one, other = np.concatenate([nothing, *first]), np.concatenate([nothing, *second])
        atom = Atom(self.form.taken(one).minus(self.form.taken(other)), "!=")
        return Over("and", np.concatenate([nothing, *owner]), atom, self.count)


Condition = Literals | Atom | Joined | Over | Same | Different


def joined(op: str, parts: Sequence[Condition]) -> Condition:
    """Joins conditions, leaving out what does not matter."""
    neutral = op == "and"
    kept: list[Condition] = []
    for part in parts:
        if isinstance(part, Literals) and not part.sign.any():
            if (part.fixed == neutral).all():
                continue
            if (part.fixed != neutral).all():
                return part
        kept.extend(part.parts if isinstance(part, Joined) and part.op == op else [part])
    if not kept:
        return Literals.known(np.full(parts[0].count, neutral))
    return kept[0] if len(kept) == 1 else Joined(op, tuple(kept), parts[0].count)


def negated(condition: Condition) -> Condition:
    """Returns the opposite condition, with every ``not`` moved down to the comparisons."""
    match condition:
        case Literals():
            return condition.opposite()
        case Atom(form=form, op=op):
            return Atom(form if op in ("==", "!=") else form.times(-1.0), _OPPOSITE[op])
        case Joined(op=op, parts=parts, count=count):
            return Joined(_turned(op), tuple(negated(part) for part in parts), count)
        case Over(op=op, owner=owner, body=body, count=count):
            return Over(_turned(op), owner, negated(body), count)
        case Same():
            return Same(condition.left, condition.right, not condition.positive)
        case Different():
            return negated(condition.pairs())


def taken(condition: Condition, cells: np.ndarray) -> Condition:
    """Picks and repeats cells of a condition."""
    match condition:
        case Literals():
            return condition.taken(cells)
        case Atom(form=form, op=op):
            return Atom(form.taken(cells), op)
        case Joined(op=op, parts=parts):
            return Joined(op, tuple(taken(part, cells) for part in parts), len(cells))
        case Over(op=op, owner=owner, body=body):
            again, members = regrouped(owner, cells)
            return Over(op, again, taken(body, members), len(cells))
        case Same(left=left, right=right, positive=positive):
            return Same(taken(left, cells), taken(right, cells), positive)
        case Different(form=form, owner=owner):
            again, members = regrouped(owner, cells)
            return Different(form.taken(members), again, len(cells))


def regrouped(owner: np.ndarray, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lists the members of picked groups: for each its new group, and its old number."""
    first, last = np.searchsorted(owner, cells, "left"), np.searchsorted(owner, cells, "right")
    sizes = last - first
    again = np.repeat(np.arange(len(cells)), sizes)
    starts = np.cumsum(sizes) - sizes
    return again, np.arange(len(again)) - np.repeat(starts - first, sizes)


def _turned(op: str) -> str:
    return "or" if op == "and" else "and"
