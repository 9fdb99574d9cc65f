"""Index spaces: ordered labels, and the tuples of labels over which sets, parameters and variables range."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from solvitur.problem.instance import Label

MOST_ELEMENTS = 50_000_000
"""More combinations than this are refused rather than letting them eat the memory."""

ABSENT = -1
"""The code, or position, of what is not there."""


@dataclass(frozen=True, eq=False)
class Labels:
    """Distinct labels in order; compared by identity, so that equal codes mean equal labels."""

    name: str
    labels: tuple[Label, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def index(self) -> dict[Label, int]:
        """The code of each label."""
        return {label: code for code, label in enumerate(self.labels)}

    @cached_property
    def numbers(self) -> np.ndarray | None:
        """The labels as float64 numbers; None when one of them is a text."""
        if any(isinstance(label, str) for label in self.labels):
            return None
        return np.array(self.labels, dtype=np.float64)

    @cached_property
    def ranks(self) -> np.ndarray | None:
        """The place of each text label in dictionary order; None when one of them is a number."""
        if any(not isinstance(label, str) for label in self.labels):
            return None
        ranks = np.empty(len(self.labels), np.int64)
        ranks[sorted(range(len(self.labels)), key=lambda code: str(self.labels[code]))] = np.arange(len(self.labels))
        return ranks

    @cached_property
    def _known(self) -> dict[Labels, np.ndarray]:
        return {}

    def codes_of(self, other: Labels) -> np.ndarray:
        """Maps other labels' codes to ours: an int32 array of shape (len(other),), `ABSENT` for those we lack."""
        found = self._known.get(other)
        if found is None:
            codes = (self.index.get(label, ABSENT) for label in other.labels)
            found = np.fromiter(codes, np.int32, len(other.labels))
            self._known[other] = found
        return found

    @cached_property
    def _sorted_numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """The labels that are numbers, ascending, and their codes."""
        pairs = sorted((float(n), code) for code, n in enumerate(self.labels) if not isinstance(n, str))
        return np.array([n for n, _ in pairs]), np.array([code for _, code in pairs], np.int32)

    def codes_of_numbers(self, numbers: np.ndarray) -> np.ndarray:
        """Maps numbers to the codes of equal labels: an int32 array of the same shape, `ABSENT` for no label."""
        ascending, codes = self._sorted_numbers
        if not len(ascending):
            return np.full(numbers.shape, ABSENT, np.int32)
        at = np.minimum(np.searchsorted(ascending, numbers), len(ascending) - 1)
        return np.where(ascending[at] == numbers, codes[at], np.int32(ABSENT))


@dataclass(frozen=True, eq=False)
class Space:
    """Tuples of labels: the full product of ``universes`` in C order, or the tuples that ``codes`` list.

    ``codes[d][k]`` is the position in ``universes[d]`` of the k-th tuple (int32 arrays of equal length). ``names``
    are the words for the positions in messages: an index's name, else its set's. No universes: one empty tuple.
    """

    universes: tuple[Labels, ...]
    names: tuple[str, ...] = ()
    codes: tuple[np.ndarray, ...] | None = None

    @property
    def arity(self) -> int:
        """Number of labels in each tuple."""
        return len(self.universes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the universes."""
        return tuple(len(universe) for universe in self.universes)

    @property
    def count(self) -> int:
        """Number of tuples."""
        return len(self.codes[0]) if self.codes is not None else math.prod(self.shape)

    @cached_property
    def labels(self) -> tuple[tuple[Label, ...], ...]:
        """All tuples in order."""
        if self.codes is None:
            return tuple(itertools.product(*(u.labels for u in self.universes)))
        columns = ([u.labels[c] for c in code.tolist()] for u, code in zip(self.universes, self.codes, strict=True))
        return tuple(zip(*columns, strict=True))

    @cached_property
    def members(self) -> tuple[Label | tuple[Label, ...], ...]:
        """The elements as a set's user sees them: plain labels, or tuples when there are several."""
        if self.arity != 1:
            return self.labels
        return self.universes[0].labels if self.codes is None else tuple(label for (label,) in self.labels)

    def label(self, position: int) -> tuple[Label, ...]:
        """Returns the tuple at a position."""
        if self.codes is not None:
            return tuple(u.labels[int(c[position])] for u, c in zip(self.universes, self.codes, strict=True))
        where = np.unravel_index(position, self.shape) if self.universes else ()
        return tuple(u.labels[int(at)] for u, at in zip(self.universes, where, strict=True))

    def component(self, position: int) -> np.ndarray:
        """Returns the codes of one position of all tuples, in order."""
        if self.codes is not None:
            return self.codes[position]
        inner = math.prod(self.shape[position + 1 :])
        outer = math.prod(self.shape[:position])
        return np.tile(np.repeat(np.arange(self.shape[position], dtype=np.int32), inner), outer)

    def locate(self, codes: Sequence[np.ndarray]) -> np.ndarray:
        """Finds the positions of tuples given by codes (arrays that broadcast together).

        Returns
        -------
        int32 or int64 array of the broadcast shape
            `ABSENT` where a code is `ABSENT` or the tuple is not in the space.
        """
        if math.prod(self.shape) >= 2**62:
            return self._look_up(codes)
        flat, absent = self._keys(codes)
        if self.codes is None:
            return np.where(absent, np.asarray(ABSENT, flat.dtype), flat) if absent is not None else flat
        if absent is not None:
            flat = np.where(absent, 0, flat)
        table = self._table
        if table is not None:
            found = table[flat]
        else:
            keys, order = self._sorted_keys
            at = np.minimum(np.searchsorted(keys, flat), max(len(keys) - 1, 0))
            found = np.where(keys[at] == flat, order[at], ABSENT) if len(keys) else np.full(flat.shape, ABSENT)
        return np.where(absent, np.asarray(ABSENT, found.dtype), found) if absent is not None else found

    def _keys(self, codes: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray | None]:
        kind = np.int32 if math.prod(self.shape) < 2**31 else np.int64
        flat: Any = None
        absent: np.ndarray | None = None
        for size, code in zip(self.shape, codes, strict=True):
            lacking = code < 0
            if lacking.any():
                absent = lacking if absent is None else absent | lacking
            part = code.astype(kind, copy=False)
            flat = part if flat is None else flat * kind(size) + part
        return np.asarray(0 if flat is None else flat), absent

    def _look_up(self, codes: Sequence[np.ndarray]) -> np.ndarray:
        """Finds tuples one by one, where their keys would not fit into 64 bits."""
        wanted = np.broadcast_arrays(*codes)
        rows = zip(*(part.ravel().tolist() for part in wanted), strict=True)
        found = np.fromiter((self._positions.get(row, ABSENT) for row in rows), np.int64, wanted[0].size)
        return found.reshape(wanted[0].shape)

    @cached_property
    def _positions(self) -> dict[tuple[int, ...], int]:
        rows = zip(*(code.tolist() for code in self.codes or ()), strict=True)
        return {row: position for position, row in enumerate(rows)}

    @cached_property
    def _table(self) -> np.ndarray | None:
        """Positions by flat key, when the product is small enough to write it out."""
        total = math.prod(self.shape)
        if self.codes is None or total > max(1_000_000, 16 * self.count):
            return None
        table = np.full(max(total, 1), ABSENT, np.int32)
        table[self._keys(self.codes)[0]] = np.arange(self.count, dtype=np.int32)
        return table

    @cached_property
    def _sorted_keys(self) -> tuple[np.ndarray, np.ndarray]:
        keys = self._keys(self.codes or ())[0].astype(np.int64)
        order = np.argsort(keys, kind="stable")
        return keys[order], order.astype(np.int32)

    def element(self, name: str, position: int) -> str:
        """Returns what the user calls the element at a position, such as ``cost[Seattle, Chicago]``."""
        return name_of(name, self.label(position))


def name_of(name: str, label: Iterable[Label]) -> str:
    """Returns a name with its index as the user writes it."""
    listed = ", ".join(map(str, label))
    return f"{name}[{listed}]" if listed else name


def space_of_tuples(name: str, tuples: Sequence[tuple[Label, ...]], arity: int) -> Space:
    """Builds the space of listed tuples; each position's universe holds its labels in first-seen order."""
    if arity == 1:
        return Space((Labels(name, tuple(label for (label,) in tuples)),), (name,))
    universes, codes = [], []
    for column in zip(*tuples, strict=True) if tuples else [()] * arity:
        universe = Labels(name, tuple(dict.fromkeys(column)))
        universes.append(universe)
        codes.append(np.fromiter((universe.index[label] for label in column), np.int32, len(column)))
    return Space(tuple(universes), (name,) * arity, tuple(codes))


@dataclass(frozen=True, eq=False)
class Quantity:
    """A parameter's values over its space: a float64 array of shape (space.count,), NaN where one is missing."""

    space: Space
    values: np.ndarray
