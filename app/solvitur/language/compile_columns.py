"""The columns of a matrix as they are collected: those of variables, of penalties, and of parts of expressions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.language.arrays_spaces import Labels, Space
from solvitur.language.compile_matrix import block_of, joined
from solvitur.problem.errors import InputError
from solvitur.problem.instance import CONTINUOUS, INTEGER, Block

_MOST_COLUMNS = 2**31 - 1
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class ColumnBlock:
    """Columns of one variable, with flat float64 bounds, their code, and what they cost if that is known already."""

    block: Block
    lower: np.ndarray
    upper: np.ndarray
    code: int
    cost: np.ndarray | None = None


class Columns:
    """The columns so far. ``low`` and ``high`` are what is known of their values: bounds, or tighter."""

    def __init__(self) -> None:
        self.blocks: list[ColumnBlock] = []
        self.count = 0
        self._low = self._high = np.zeros(0)
        self._whole = self._binary = np.zeros(0, bool)
        self._numbers: dict[str, int] = {}

    def add(
        self,
        name: str,
        space: Space,
        lower: np.ndarray,
        upper: np.ndarray,
        code: int,
        *,
        unit: str = "",
        description: str = "",
        cost: np.ndarray | None = None,
        auxiliary: bool = False,
    ) -> int:
        """Adds a block of columns and returns the first one's number."""
        start = self.count
        self.count += space.count
        if self.count > _MOST_COLUMNS:
            raise InputError.at(f"The model has {self.count:,} variables; that is too many.", element=name)
        block = block_of(name, start, space, unit, description, auxiliary=auxiliary)
        self.blocks.append(ColumnBlock(block, lower, upper, code, cost))
        semi = code not in (CONTINUOUS, INTEGER)
        self._low = np.concatenate([self._low, np.minimum(lower, 0.0) if semi else lower])
        self._high = np.concatenate([self._high, np.maximum(upper, 0.0) if semi else upper])
        self._whole = np.concatenate([self._whole, np.full(space.count, code == INTEGER)])
        self._binary = np.concatenate([self._binary, (lower >= 0) & (upper <= 1) & (code == INTEGER)])
        return start

    def add_parts(self, element: str, lower: np.ndarray, upper: np.ndarray, *, whole: bool) -> np.ndarray:
        """Adds columns that stand for parts of an element's expressions; returns their numbers, int32."""
        number = self._numbers[element] = self._numbers.get(element, 0) + 1
        count = len(lower)
        space = Space((Labels("", tuple(range(1, count + 1))),), ("",)) if count != 1 else Space(())
        code = INTEGER if whole else CONTINUOUS
        if whole:
            lower, upper = np.ceil(lower - _ROUNDING) + 0.0, np.floor(upper + _ROUNDING)
        start = self.add(f"{element}.{number}", space, lower, upper, code, auxiliary=True)
        return np.arange(start, start + count, dtype=np.int32)

    def add_binaries(self, element: str, count: int) -> np.ndarray:
        """Adds columns that are 0 or 1."""
        return self.add_parts(element, np.zeros(count), np.ones(count), whole=True)

    @property
    def low(self) -> np.ndarray:
        """The least value that each column may have, float64, shape (count,)."""
        return self._low

    @property
    def high(self) -> np.ndarray:
        """The greatest value that each column may have."""
        return self._high

    @property
    def whole(self) -> np.ndarray:
        """Whether each column is an integer."""
        return self._whole

    @property
    def binary(self) -> np.ndarray:
        """Whether each column is an integer that its own bounds keep to 0 and 1."""
        return self._binary

    def learn(self, low: np.ndarray, high: np.ndarray) -> None:
        """Takes in limits that follow from rows where there are no bounds; bounds stay the limits that were given.

        What is written down by limits from other constraints no longer means the same without those: less is better.
        """
        self._low = np.where(np.isfinite(self._low), self._low, low)
        self._high = np.where(np.isfinite(self._high), self._high, high)

    def name_of(self, column: int) -> str:
        """Returns the user's name of a column."""
        for each in self.blocks:
            if each.block.start <= column < each.block.start + each.block.count:
                return each.block.element(column - each.block.start)
        raise IndexError(column)

    def is_own(self, column: int) -> bool:
        """Tells whether a column is a variable of the model."""
        return not any(
            each.block.auxiliary and each.block.start <= column < each.block.start + each.block.count
            for each in self.blocks
        )

    # For the instance ----------------------------------------------------------------------------------------

    @property
    def lower(self) -> np.ndarray:
        """The lower bounds of all columns."""
        return joined([each.lower for each in self.blocks])

    @property
    def upper(self) -> np.ndarray:
        """The upper bounds of all columns."""
        return joined([each.upper for each in self.blocks])

    def integrality(self) -> np.ndarray:
        """Returns the codes of all columns, uint8."""
        codes = np.empty(self.count, np.uint8)
        for each in self.blocks:
            codes[each.block.start : each.block.start + each.block.count] = each.code
        return codes

    def costs(self) -> np.ndarray:
        """Returns what columns cost by themselves."""
        cost = np.zeros(self.count)
        for each in self.blocks:
            if each.cost is not None:
                cost[each.block.start : each.block.start + each.block.count] += each.cost
        return cost

    def own_name(self, column: int) -> str:
        """Returns where a column belongs, in words: its name, or the element whose expression it is a part of."""
        name = self.name_of(column)
        return name if self.is_own(column) else name.split(".")[0]
