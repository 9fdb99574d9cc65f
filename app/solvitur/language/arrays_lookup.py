"""Looks indexed names up: where in a space the arguments of ``x[i, j]`` point, for all combinations at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from solvitur.language.arrays_frames import Frame, Index
from solvitur.language.arrays_labels import Value, codes_in
from solvitur.language.arrays_spaces import Quantity, Space
from solvitur.language.elements import Ref, Span
from solvitur.problem.errors import InputError

Fail = Callable[[str, Span], InputError]
"""Builds the error at a span of the model's text."""


def values_at(fail: Fail, ref: Ref, args: Sequence[Value], quantity: Quantity, frame: Frame) -> np.ndarray:
    """Returns the values of a parameter over a frame: a view where the indices are just the frame's axes."""
    space = quantity.space
    if not space.arity and not args:
        return quantity.values.reshape(())
    axes = [
        arg.axis
        for arg, universe in zip(args, space.universes, strict=False)
        if isinstance(arg, Index) and arg.axis >= 0 and arg.labels is universe
    ]
    if space.codes is None and len(axes) == len(args) == space.arity and len(set(axes)) == len(axes):
        order = sorted(range(len(axes)), key=axes.__getitem__)
        shape = tuple(size if axis in axes else 1 for axis, size in enumerate(frame.shape))
        return quantity.values.reshape(space.shape).transpose(order).reshape(shape)
    at = positions(fail, ref, args, space, frame)
    return np.asarray(quantity.values[at]) if frame.size else np.zeros((1,) * frame.ndim)


def positions(fail: Fail, ref: Ref, args: Sequence[Value], space: Space, frame: Frame) -> np.ndarray:
    """Returns the positions in a space that the arguments of an indexed name point to.

    Raises
    ------
    InputError
        If their number is wrong, or the space has no such index, naming it.
    """
    if len(args) != space.arity:
        wanted = "no index" if not space.arity else f"{space.arity} ind{'ex' if space.arity == 1 else 'ices'}"
        raise fail(f"'{ref.name}' takes {wanted}, but {len(args) or 'none'} stand here.", ref.span)
    codes = []
    for arg, universe in zip(args, space.universes, strict=True):
        found = codes_in(universe, arg, frame.ndim)
        if found is None:
            raise fail(f"An index of '{ref.name}' depends on a variable; that is not possible.", ref.span)
        codes.append(found)
    located = space.locate(codes)
    if located.size and located.min() < 0 and frame.size:
        _raise_absent(fail, ref, args, located, frame)
    return located


def _raise_absent(fail: Fail, ref: Ref, args: Sequence[Value], located: np.ndarray, frame: Frame) -> None:
    cell = int(np.flatnonzero(np.broadcast_to(located, frame.shape) < 0)[0])
    where = np.unravel_index(cell, frame.shape) if frame.shape else ()
    labels: list[object] = []
    for arg in args:
        if isinstance(arg, Index):
            labels.append(arg.labels.labels[int(np.broadcast_to(arg.over(frame.ndim), frame.shape)[where])])
        elif isinstance(arg, np.ndarray):
            labels.append(f"{float(np.broadcast_to(arg, frame.shape)[where]):g}")
        else:
            labels.append(arg)
    used = f"{ref.name}[{', '.join(map(str, labels))}]"
    raise fail(f"'{used}' is used{indices_at(frame, cell)}, but '{ref.name}' has no such index.", ref.span)


def indices_at(frame: Frame, cell: int) -> str:
    """Returns the words that tell for which indices something happens, such as `` for p = Seattle``."""
    seen = []
    where = np.unravel_index(cell, frame.shape) if frame.shape else ()
    for name, group in frame.names.items():
        codes = [np.broadcast_to(i.over(frame.ndim), frame.shape)[where] for i in group]
        label = [str(i.labels.labels[int(code)]) for i, code in zip(group, codes, strict=True)]
        seen.append(f"{name} = {label[0] if len(label) == 1 else '(' + ', '.join(label) + ')'}")
    return " for " + ", ".join(seen) if seen else ""
