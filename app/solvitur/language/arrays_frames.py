"""Frames: the index combinations over which an expression is evaluated at once, as axes of numpy arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from solvitur.language.arrays_spaces import Labels, Space
from solvitur.problem.instance import Label


@dataclass(frozen=True, eq=False)
class Index:
    """One bound index over a frame: int32 codes into ``labels``, broadcasting over the frame's leading axes.

    ``axis`` is the axis along which the codes are just 0, 1, 2, ..., or -1; it allows to reshape instead of gather.
    """

    labels: Labels
    codes: np.ndarray
    axis: int = -1

    def over(self, dimensions: int) -> np.ndarray:
        """Returns the codes with as many dimensions as the frame has, or none."""
        missing = dimensions - self.codes.ndim
        return self.codes.reshape(self.codes.shape + (1,) * missing) if self.codes.ndim and missing else self.codes


@dataclass(frozen=True, eq=False)
class Frame:
    """Combinations of bound indices, one per cell of an array of this shape.

    ``names`` gives the indices a name stands for (several when it is bound to tuples); ``parts`` lists the
    indices in order, named or not, with the words for them in messages.
    """

    shape: tuple[int, ...] = ()
    names: Mapping[str, tuple[Index, ...]] = field(default_factory=dict)
    parts: tuple[Index, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of combinations."""
        return math.prod(self.shape)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def label(self, position: int) -> tuple[Label, ...]:
        """Returns the labels of the combination at a flat position."""
        where = np.unravel_index(position, self.shape) if self.shape else ()
        found = []
        for part in self.parts:
            codes = np.broadcast_to(part.over(self.ndim), self.shape)
            found.append(part.labels.labels[int(codes[where])])
        return tuple(found)

    def plus(self, space: Space, names: Sequence[str], word: str = "") -> Frame:
        """Adds a last axis that runs over the members of a set, bound to names (none, one, or one per label)."""
        lead = (1,) * self.ndim
        plain = space.codes is None and space.arity == 1
        indices = [
            Index(universe, space.component(d).reshape((*lead, -1)), self.ndim if plain else -1)
            for d, universe in enumerate(space.universes)
        ]
        return replace(self, shape=(*self.shape, space.count)).binding(indices, names, word)

    def binding(self, indices: Sequence[Index], names: Sequence[str], word: str = "") -> Frame:
        """Adds indices over the present shape, bound to names (none, one for all, or one each)."""
        bound = dict(self.names)
        if len(names) == 1:
            bound[names[0]] = tuple(indices)
        else:
            bound.update((name, (index,)) for name, index in zip(names, indices, strict=False))
        words = tuple(names) if len(names) == len(indices) else (word,) * len(indices)
        return Frame(self.shape, bound, (*self.parts, *indices), self.words + words)

    def picked(self, positions: np.ndarray) -> Frame:
        """Keeps the combinations at flat positions, in one axis."""
        moved: dict[Index, Index] = {}
        where = np.unravel_index(positions, self.shape) if self.shape else ()
        for index in {*self.parts, *(i for group in self.names.values() for i in group)}:
            if not index.codes.ndim:
                moved[index] = index
                continue
            codes = index.over(self.ndim)
            at = tuple(w if size != 1 else np.zeros((), np.intp) for w, size in zip(where, codes.shape, strict=True))
            picked = codes[at]
            moved[index] = Index(index.labels, picked if picked.ndim else np.full(len(positions), picked))
        names = {name: tuple(moved[i] for i in group) for name, group in self.names.items()}
        return Frame((len(positions),), names, tuple(moved[i] for i in self.parts), self.words)

    def space(self) -> Space:
        """Returns the space of the frame's own combinations."""
        plain = len(self.parts) == self.ndim and all(
            part.axis == axis and len(part.labels) == self.shape[axis] for axis, part in enumerate(self.parts)
        )
        universes = tuple(part.labels for part in self.parts)
        if plain:
            return Space(universes, self.words)
        codes = [np.broadcast_to(part.over(self.ndim), self.shape) for part in self.parts]
        return Space(universes, self.words, tuple(np.ascontiguousarray(c).reshape(-1) for c in codes))

    def alone(self) -> Frame:
        """Returns the frame with no parts so far, so that only indices added from here on are listed."""
        return replace(self, parts=(), words=())


@dataclass(frozen=True, eq=False)
class Growth:
    """How a frame grew out of another: by further axes, after a selection of combinations if ``point`` is given.

    The first ``head`` axes of ``frame`` are the axes of ``base``; or, with ``point``, they are one axis whose k-th
    place stands for the flat position ``point[k]`` of the base (never falling).
    """

    base: Frame
    frame: Frame
    head: int
    point: np.ndarray | None = None

    @classmethod
    def start(cls, base: Frame) -> Growth:
        """Builds the growth that has not grown yet."""
        return cls(base, base, base.ndim)

    @property
    def tail(self) -> tuple[int, ...]:
        """The sizes of the axes that were added."""
        return self.frame.shape[self.head :]

    def plus(self, space: Space, names: Sequence[str], word: str = "") -> Growth:
        """Adds an axis over a set."""
        return replace(self, frame=self.frame.plus(space, names, word))

    def picked(self, positions: np.ndarray) -> Growth:
        """Keeps the combinations at ascending flat positions."""
        inner = math.prod(self.tail)
        head = positions // inner if inner != 1 else positions
        point = head if self.point is None else self.point[head]
        return Growth(self.base, self.frame.picked(positions), 1, point)

    def joined(self, positions: np.ndarray, indices: Sequence[Index], names: Sequence[str], word: str = "") -> Growth:
        """Repeats combinations (ascending flat positions) and binds indices given for each of the repeats."""
        grown = self.picked(positions)
        return replace(grown, frame=grown.frame.binding(indices, names, word))

    def total(self, values: np.ndarray) -> np.ndarray:
        """Adds numbers over the frame up to numbers over the base."""
        if not values.ndim and self.point is None:
            return values * float(math.prod(self.tail))
        spread = values.reshape((1,) * self.frame.ndim) if not values.ndim else values
        for axis in range(self.frame.ndim - 1, self.head - 1, -1):
            size = self.frame.shape[axis]
            spread = spread[..., 0] * size if spread.shape[-1] == 1 else spread.sum(axis=-1)
        if self.point is None:
            return spread
        filled = np.broadcast_to(spread, (len(self.point),))
        return np.bincount(self.point, weights=filled, minlength=self.base.size).reshape(self.base.shape)

    def reduced(self, operation: np.ufunc, values: np.ndarray, empty: float | bool) -> np.ndarray:
        """Reduces values over the frame by another operation than addition; ``empty`` stands where there are none."""
        heads = self.point if self.point is not None else np.arange(self.base.size)
        flat = np.broadcast_to(values, self.frame.shape).reshape(-1)
        counts = np.bincount(heads, minlength=self.base.size) * math.prod(self.tail)
        starts = np.cumsum(counts) - counts
        reduced = np.full(self.base.size, empty, dtype=flat.dtype)
        filled = counts > 0
        if filled.any():
            reduced[filled] = operation.reduceat(flat, starts[filled])
        return reduced.reshape(self.base.shape)
