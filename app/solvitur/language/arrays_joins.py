"""Pairs the combinations of a frame with the members of a set that a condition leaves, without trying all pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from solvitur.language.arrays_frames import Frame
from solvitur.language.arrays_labels import Value, codes_in
from solvitur.language.arrays_spaces import ABSENT, Labels, Space
from solvitur.language.elements import Binary, Binder, Compare, Expr, LabelTuple, Number, Ref, Text


class Values(Protocol):
    """What pairing needs of evaluation."""

    def value(self, expr: Expr, frame: Frame) -> Value: ...


@dataclass(frozen=True, eq=False)
class Pairing:
    """For every combination (flat) the range ``first..last - 1`` of places in ``members``, positions in the set."""

    first: np.ndarray
    last: np.ndarray
    members: np.ndarray


def equal_pairing(
    evaluator: Values, frame: Frame, binder: Binder, space: Space, conditions: Sequence[Expr]
) -> tuple[list[Expr], Pairing | None]:
    """Uses conditions ``a == i`` between names of the binder and what is known before it."""
    if len(binder.names) != space.arity or not frame.names:
        return [], None
    used: list[Expr] = []
    components: list[int] = []
    known: list[np.ndarray] = []
    for part in conditions:
        match part:
            case Compare(operands=(left, right), ops=("==",)):
                for own, other in ((left, right), (right, left)):
                    at = _component(own, binder)
                    if at >= 0 and at not in components and _is_safe(other, frame, binder):
                        codes = codes_in(space.universes[at], evaluator.value(other, frame), frame.ndim)
                        if codes is not None:
                            used.append(part)
                            components.append(at)
                            known.append(codes)
                        break
    if not used:
        return [], None
    keys = Space(tuple(space.universes[at] for at in components))
    if not _fits(keys):
        return [], None
    return used, _paired(keys, known, [space.component(at) for at in components], frame, np.arange(space.count))


def member_pairing(
    evaluator: Values,
    read_space: Callable[[Expr, Frame], Space],
    frame: Frame,
    binder: Binder,
    space: Space,
    conditions: Sequence[Expr],
) -> tuple[list[Expr], Pairing | None]:
    """Uses a condition ``(i, j) in Arcs`` whose only new name is that of the binder."""
    if len(binder.names) != 1 or space.arity != 1 or not frame.names:
        return [], None
    for part in conditions:
        match part:
            case Compare(operands=(LabelTuple(items=items), Ref(args=()) as over), ops=("in",)):
                own = [d for d, item in enumerate(items) if _component(item, binder) >= 0]
                rest = [d for d in range(len(items)) if d not in own]
                if len(own) != 1 or not all(_is_safe(items[d], frame, binder) for d in rest):
                    continue
                arcs = read_space(over, frame)
                if arcs.arity != len(items):
                    continue
                pairing = _members(evaluator, frame, space, arcs, items, own[0], rest)
                if pairing is not None:
                    return [part], pairing
    return [], None


def _members(
    evaluator: Values, frame: Frame, space: Space, arcs: Space, items: Sequence[Expr], own: int, rest: Sequence[int]
) -> Pairing | None:
    keys = Space(tuple(arcs.universes[d] for d in rest))
    known = [codes_in(arcs.universes[d], evaluator.value(items[d], frame), frame.ndim) for d in rest]
    sure = [codes for codes in known if codes is not None]
    if len(sure) != len(rest) or not _fits(keys):
        return None
    universe = space.universes[0]
    found = arcs.component(own)
    labels = arcs.universes[own]
    codes = found if labels is universe else universe.codes_of(labels)[found]
    members = codes if space.codes is None else space.locate([codes])
    inside = np.flatnonzero(members >= 0)
    inside = inside[np.argsort(members[inside], kind="stable")]
    columns = [arcs.component(d)[inside] for d in rest]
    return _paired(keys, sure, columns, frame, members[inside])


def _paired(
    keys: Space, known: Sequence[np.ndarray], columns: Sequence[np.ndarray], frame: Frame, members: np.ndarray
) -> Pairing:
    theirs = keys.locate(columns)
    order = np.argsort(theirs, kind="stable")
    ascending = theirs[order]
    ours = np.broadcast_to(keys.locate(known), frame.shape).reshape(-1)
    first = np.searchsorted(ascending, ours, "left")
    last = np.where(ours == ABSENT, first, np.searchsorted(ascending, ours, "right"))
    return Pairing(first, last, members[order])


def _component(expr: Expr, binder: Binder) -> int:
    plain = isinstance(expr, Ref) and not expr.args
    return binder.names.index(expr.name) if plain and expr.name in binder.names else ABSENT  # type: ignore[union-attr]


def _is_safe(expr: Expr, frame: Frame, binder: Binder) -> bool:
    """Tells whether an expression is known before the binder and cannot fail, whatever conditions come first."""
    match expr:
        case Number() | Text():
            return True
        case Ref(args=()):
            return expr.name in frame.names and expr.name not in binder.names and _is_plain(frame, expr.name)
        case Binary(op="+" | "-" | "*"):
            return all(_is_safe(side, frame, binder) and _is_number(side, frame) for side in (expr.left, expr.right))
        case _:
            return False


def _is_plain(frame: Frame, name: str) -> bool:
    return len(frame.names[name]) == 1


def _is_number(expr: Expr, frame: Frame) -> bool:
    if isinstance(expr, Ref):
        labels: Labels = frame.names[expr.name][0].labels
        return labels.numbers is not None
    return not isinstance(expr, Text)


def _fits(keys: Space) -> bool:
    total = 1
    for size in keys.shape:
        total *= max(size, 1)
    return total < 2**62
