"""Answers read by variable: the values of each named variable with its index sets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from solvitur.api import INTEGER, SEMI_INTEGER, Block, Label, MatrixInstance, Solved

_NOISE = 1e-9
THIN = "\u2009"


@dataclass(frozen=True, eq=False)
class Values:
    """The values, shape (block.count,), of one variable (or constraint) of the model."""

    block: Block
    values: np.ndarray
    whole: bool = False
    binary: bool = False
    summed: str = ""
    """The index set that was summed over; such values belong to no single element."""

    @property
    def name(self) -> str:
        """The variable's name; a file without variable names has one nameless block."""
        return self.block.name or "variables"

    @property
    def title(self) -> str:
        """The name with its description, for a picture's title."""
        return f"{self.name}: {self.block.description}" if self.block.description else self.name

    @property
    def dimensions(self) -> int:
        """Number of index sets."""
        return len(self.block.sets)

    @cached_property
    def codes(self) -> tuple[np.ndarray, ...]:
        """Positions of every element in each index set, each of shape (block.count,)."""
        if self.block.codes is not None:
            return self.block.codes
        if not self.block.sets:
            return ()
        shape = tuple(len(labels) for labels in self.block.sets)
        return np.unravel_index(np.arange(self.block.count), shape)

    @cached_property
    def nonzero(self) -> np.ndarray:
        """Offsets of the elements that are not zero."""
        if not len(self.values):
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.abs(self.values) > (0.5 if self.whole else 0.0))

    def names(self, dimension: int) -> tuple[str, ...]:
        """Writes the labels of one index set."""
        return tuple(str(label) for label in self.block.sets[dimension])

    def set_name(self, dimension: int) -> str:
        """Names an index set; empty when the model does not."""
        return self.block.set_names[dimension] if dimension < len(self.block.set_names) else ""

    def elements(self, offsets: np.ndarray) -> tuple[str, ...]:
        """Writes the user's names of some elements."""
        if self.summed:
            return ("",) * len(offsets)
        return tuple(self.block.element(int(offset)) for offset in offsets)

    def over(self, first: int, second: int) -> Values:
        """Sums over all other indices and keeps two of them."""
        sets = (self.block.sets[first], self.block.sets[second])
        key = self.codes[first].astype(np.int64) * len(sets[1]) + self.codes[second]
        pairs, place = np.unique(key, return_inverse=True)
        block = replace(
            self.block,
            start=0,
            count=len(pairs),
            sets=sets,
            set_names=(self.set_name(first), self.set_name(second)),
            codes=np.divmod(pairs, len(sets[1])),
        )
        others = [self.set_name(d) or f"index {d + 1}" for d in range(self.dimensions) if d not in (first, second)]
        totals = np.bincount(place.ravel(), weights=self.values, minlength=len(pairs))
        return Values(block, totals, self.whole, False, ", ".join(others))


def variables(solved: Solved) -> tuple[Values, ...]:
    """Reads the answer of a matrix instance by variable; empty when there is no answer of that kind."""
    instance, answer = solved.instance, solved.result.answer
    if not isinstance(instance, MatrixInstance) or not isinstance(answer, np.ndarray):
        return ()
    if answer.shape != (instance.columns,):
        return ()
    found = []
    for block in instance.own_variables:
        part = slice(block.start, block.start + block.count)
        whole = bool(np.isin(instance.integrality[part], (INTEGER, SEMI_INTEGER)).all()) and block.count > 0
        binary = whole and bool((instance.column_lower[part] >= 0).all() and (instance.column_upper[part] <= 1).all())
        found.append(Values(block, _without_noise(answer[part]), whole, binary))
    return tuple(found)


def constraints(solved: Solved) -> tuple[tuple[Values, np.ndarray, np.ndarray], ...]:
    """Reads by constraint the left sides at the answer, and the lower and upper sides."""
    instance, answer = solved.instance, solved.result.answer
    if not variables(solved):
        return ()
    activity = instance.row_activity(answer)
    found = []
    for block in instance.own_constraints:
        part = slice(block.start, block.start + block.count)
        found.append((Values(block, activity[part]), instance.row_lower[part], instance.row_upper[part]))
    return tuple(found)


def _without_noise(values: np.ndarray) -> np.ndarray:
    """Returns the values with what is only rounding noise beside the largest of them as 0."""
    noise = _NOISE * max(1.0, float(np.abs(values).max(initial=0.0)))
    clean: np.ndarray = np.where(np.abs(values) <= noise, 0.0, values)
    return clean


def ordered_whole(labels: tuple[Label, ...]) -> bool:
    """Tells whether an index set is a run of whole numbers in order, as periods are."""
    if len(labels) < 3 or not all(isinstance(label, int) for label in labels):
        return False
    steps = np.diff(np.array(labels, dtype=np.int64))
    return bool((steps == steps[0]).all() and steps[0] > 0)


def counted(count: int) -> str:
    """Writes a count with thin spaces between groups of three digits."""
    return f"{count:,}".replace(",", THIN)


def shown(some: int, of: int, what: str = "largest") -> str:
    """Says how much of the data a picture shows; empty when it shows all."""
    return "" if some >= of else f"Showing the {counted(some)} {what} of {counted(of)}."


def largest(values: np.ndarray, count: int) -> np.ndarray:
    """Returns the offsets of the largest values by size, in their own order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.sort(np.argpartition(np.abs(values), -count)[-count:])
