"""Instances: a formulation bound to data, as arrays ready for a solver."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np

from solvitur.problem.features import Feature
from solvitur.problem.records import Record

Label = str | int | float
"""An element of an index set."""

CONTINUOUS, INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER = 0, 1, 2, 3
"""Codes of `MatrixInstance.integrality` (the same as HiGHS's)."""


@runtime_checkable
class Instance(Protocol):
    """What every kind of instance tells: its kind, and the features a solver must handle."""

    @property
    def kind(self) -> str: ...
    @property
    def features(self) -> frozenset[Feature]: ...


@dataclass(frozen=True, eq=False)
class SparseRows(Record, tag="sparse-rows"):
    """A matrix by compressed rows: entries ``start[i]:start[i + 1]`` of column and value make row i."""

    rows: int
    columns: int
    start: np.ndarray
    column: np.ndarray
    value: np.ndarray

    @property
    def nonzeros(self) -> int:
        """Number of stored entries."""
        return len(self.value)

    @classmethod
    def empty(cls, rows: int, columns: int) -> SparseRows:
        """Builds a matrix without entries."""
        return cls(rows, columns, np.zeros(rows + 1, np.int32), np.zeros(0, np.int32), np.zeros(0))


@dataclass(frozen=True, eq=False)
class Block(Record, tag="block"):
    """Consecutive columns (or rows) that belong to one named variable (or constraint) of the model.

    With ``codes`` None the block is the full product of ``sets`` in C order; otherwise ``codes[d][k]``
    is the position in ``sets[d]`` of the k-th element. No sets: a scalar.
    """

    name: str
    start: int
    count: int
    sets: tuple[tuple[Label, ...], ...] = ()
    set_names: tuple[str, ...] = ()
    codes: tuple[np.ndarray, ...] | None = None
    unit: str = ""
    description: str = ""
    auxiliary: bool = False
    """Whether the columns stand for parts of expressions, such as a truth or a maximum, and are no variables."""

    def label(self, offset: int) -> tuple[Label, ...]:
        """Returns the index of the element at an offset within the block."""
        if self.codes is not None:
            return tuple(s[int(c[offset])] for s, c in zip(self.sets, self.codes, strict=True))
        found = []
        for s in reversed(self.sets):
            offset, at = divmod(offset, len(s))
            found.append(s[at])
        return tuple(reversed(found))

    def labels(self) -> list[tuple[Label, ...]]:
        """Returns the indices of all elements in order."""
        if self.codes is not None:
            if not self.sets:
                return [()] * self.count
            picked = ([s[c] for c in code.tolist()] for s, code in zip(self.sets, self.codes, strict=True))
            return list(zip(*picked, strict=True))
        return list(itertools.product(*self.sets))

    def element(self, offset: int) -> str:
        """Returns the element's name as the user writes it, such as ``ship[Seattle, Chicago]``."""
        label = self.label(offset)
        listed = ", ".join(map(str, label))
        # A block without a name is a plain list of names, as files of kind matrix have: x1, not [x1].
        return (f"{self.name}[{listed}]" if self.name else listed) if label else self.name


@dataclass(frozen=True, eq=False)
class QuadraticRow(Record, tag="quadratic-row"):
    """The quadratic part of one row: the sum of ``value[k] * x[first[k]] * x[second[k]]``."""

    row: int
    first: np.ndarray
    second: np.ndarray
    value: np.ndarray


@dataclass(frozen=True, eq=False)
class ConditionalRows(Record, tag="conditional-rows"):
    """Rows that need to hold only where a binary column has a value: ``column[k] == value[k]`` implies ``row[k]``.

    Three int32 arrays of equal length; each row occurs at most once and has no quadratic part.
    """

    column: np.ndarray
    value: np.ndarray
    row: np.ndarray


@dataclass(frozen=True, eq=False)
class Denominator(Record, tag="denominator"):
    """What the linear objective is divided by: ``offset + cost'x``, which is positive wherever the rows hold."""

    cost: np.ndarray
    offset: float


@dataclass(frozen=True, eq=False)
class MatrixInstance(Record, tag="matrix-instance"):
    """Minimise or maximise ``offset + cost'x + x'Qx / 2`` with ``row_lower <= Ax (+ quadratic) <= row_upper``.

    ``sense`` is ``min`` or ``max``. Bounds are float64 arrays with infinities; ``hessian`` is the full
    symmetric Q or None; ``integrality`` is a uint8 array of the codes above. A semi-continuous column is 0
    or within its bounds. With a ``denominator`` the objective is divided by it.
    """

    sense: str
    cost: np.ndarray
    offset: float
    matrix: SparseRows
    row_lower: np.ndarray
    row_upper: np.ndarray
    column_lower: np.ndarray
    column_upper: np.ndarray
    integrality: np.ndarray
    variables: tuple[Block, ...]
    constraints: tuple[Block, ...]
    hessian: SparseRows | None = None
    quadratic_rows: tuple[QuadraticRow, ...] = ()
    objective_name: str = ""
    convex: bool = True
    """Whether the quadratic objective is convex for its sense; True when there is none."""
    conditional: ConditionalRows | None = None
    """Rows that hold under a condition only; all others always hold."""
    all_different: tuple[np.ndarray, ...] = ()
    """Groups of integer columns, each an int32 array, no two of which may be equal."""
    denominator: Denominator | None = None
    different_names: tuple[str, ...] = ()
    """The constraint that each of the groups in ``all_different`` is part of, where that is known."""

    kind = "matrix"

    @property
    def columns(self) -> int:
        """Number of variables."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of constraint rows."""
        return len(self.row_lower)

    @cached_property
    def features(self) -> frozenset[Feature]:
        """What a solver must handle to take this instance."""
        found = {Feature.LINEAR}
        whole = np.isin(self.integrality, (INTEGER, SEMI_INTEGER))
        binary = whole & (self.column_lower >= 0) & (self.column_upper <= 1)
        if binary.any():
            found.add(Feature.BINARY)
        if (whole & ~binary).any():
            found.add(Feature.INTEGER)
            if not (np.isfinite(self.column_lower[whole]).all() and np.isfinite(self.column_upper[whole]).all()):
                found.add(Feature.UNBOUNDED_INTEGERS)
        if not whole.all():
            found.add(Feature.CONTINUOUS)
        if (self.integrality >= SEMI_CONTINUOUS).any():
            found.add(Feature.SEMI_CONTINUOUS)
        if self.hessian is not None:
            found.add(Feature.QUADRATIC if self.convex else Feature.NONCONVEX)
        if self.quadratic_rows:
            found.add(Feature.QUADRATIC_ROWS)
        if not _all_whole(self.matrix.value) or not _all_whole(self.cost):
            found.add(Feature.FRACTIONAL_ROWS)
        if self.rows == 1:
            found.add(Feature.ONE_ROW)
        if self.conditional is not None:
            found.add(Feature.LOGIC)
        if self.all_different:
            found.add(Feature.ALL_DIFFERENT)
        if self.denominator is not None:
            found.add(Feature.RATIO)
        return frozenset(found)

    def objective_at(self, values: np.ndarray) -> float:
        """Evaluates the objective at values of the columns, shape (columns,)."""
        total = self.offset + float(self.cost @ values)
        if self.hessian is not None:
            total += float(values @ _times(self.hessian, values)) / 2
        if self.denominator is not None:
            total /= self.denominator.offset + float(self.denominator.cost @ values)
        return total

    def row_activity(self, values: np.ndarray) -> np.ndarray:
        """Evaluates the left-hand side of every row, shape (rows,), at values of the columns."""
        activity = _times(self.matrix, values)
        for part in self.quadratic_rows:
            activity[part.row] += float(np.sum(part.value * values[part.first] * values[part.second]))
        return activity

    @property
    def own_variables(self) -> tuple[Block, ...]:
        """The columns of the model's variables and penalties, without auxiliary ones."""
        return tuple(block for block in self.variables if not block.auxiliary)

    @property
    def own_constraints(self) -> tuple[Block, ...]:
        """The rows that stand for comparisons of the model, without those that logic was written as."""
        return tuple(block for block in self.constraints if not block.auxiliary)

    def variable_of(self, column: int) -> str:
        """Returns the name of a column as the user writes it."""
        return element_at(self.variables, column)

    def constraint_of(self, row: int) -> str:
        """Returns the name of a row as the user writes it."""
        return element_at(self.constraints, row)


def element_at(blocks: tuple[Block, ...], position: int) -> str:
    """Returns the user's name for a position among consecutive blocks."""
    low, high = 0, len(blocks) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if blocks[middle].start <= position else (low, middle - 1)
    block = blocks[low]
    return block.element(position - block.start)


def _times(matrix: SparseRows, values: np.ndarray) -> np.ndarray:
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    return np.bincount(row, weights=matrix.value * values[matrix.column], minlength=matrix.rows)


def _all_whole(values: np.ndarray) -> bool:
    return bool((values == np.rint(values)).all())
