"""Grows frames by binders and conditions, and evaluates set expressions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from solvitur.language.arrays_forms import matches
from solvitur.language.arrays_frames import Frame, Growth, Index
from solvitur.language.arrays_joins import Pairing, equal_pairing, member_pairing
from solvitur.language.arrays_labels import Value
from solvitur.language.arrays_spaces import MOST_ELEMENTS, Labels, Space, space_of_tuples
from solvitur.language.elements import (
    Binary,
    Binder,
    Comprehension,
    Expr,
    LabelTuple,
    Listing,
    Logic,
    Range,
    Ref,
    Span,
)
from solvitur.language.names_used import names_used
from solvitur.problem.errors import InputError
from solvitur.problem.instance import Label

_WHOLE = 2**53
"""Beyond this, float64 cannot tell whole numbers apart."""


class Evaluates(Protocol):
    """What growing needs to know about evaluation."""

    def value(self, expr: Expr, frame: Frame) -> Value: ...
    def numbers(self, expr: Expr, frame: Frame) -> np.ndarray: ...
    def truths(self, expr: Expr, frame: Frame) -> np.ndarray: ...
    def kept(self, growth: Growth, mask: np.ndarray) -> Growth | None: ...
    def set_named(self, ref: Ref) -> Space: ...
    def range_labels(self, low: int, high: int) -> Labels: ...
    def fail(self, text: str, span: Span) -> InputError: ...


def tuple_items(expr: Expr) -> tuple[Expr, ...]:
    """Returns what is looked up in a set: the items of ``(i, j)``, or the one expression."""
    return expr.items if isinstance(expr, LabelTuple) else (expr,)


def conjuncts(condition: Expr | None) -> list[Expr]:
    """Splits a condition into the parts joined by ``and``."""
    if condition is None:
        return []
    if isinstance(condition, Logic) and condition.op == "and":
        return [part for operand in condition.operands for part in conjuncts(operand)]
    return [condition]


class Grower:
    """Grows the frames of one element, and reads its set expressions."""

    def __init__(self, evaluator: Evaluates) -> None:
        self._evaluator = evaluator

    # Binders -------------------------------------------------------------------------------------------------

    def growth(self, frame: Frame, binders: Sequence[Binder], condition: Expr | None) -> Growth:
        """Adds the combinations of binders for which the condition holds.

        Conditions are applied as early as their names allow, in their order, so that one may guard the next.
        """
        growth = Growth.start(frame.alone())
        waiting = conjuncts(condition)
        later = [name for binder in binders for name in binder.names]
        for binder in binders:
            later = later[len(binder.names) :]
            growth, waiting = self._bind(growth, binder, waiting)
            while waiting and not names_used(waiting[0]) & set(later):
                mask = self._evaluator.truths(waiting.pop(0), growth.frame)
                growth = self._evaluator.kept(growth, mask) or growth
        for part in waiting:
            growth = self._evaluator.kept(growth, self._evaluator.truths(part, growth.frame)) or growth
        return growth

    def _bind(self, growth: Growth, binder: Binder, waiting: list[Expr]) -> tuple[Growth, list[Expr]]:
        over = binder.over
        if isinstance(over, Binary) and over.op == "*":
            return self._bind_product(growth, binder, over), waiting
        if names_used(over) & set(growth.frame.names):
            return self._bind_dependent(growth, binder), waiting
        space = self.space(over, growth.frame)
        if len(binder.names) > 1 and len(binder.names) != space.arity:
            raise self._names_mismatch(binder, space.arity)
        pairing, waiting = self._pairing(growth.frame, binder, space, waiting)
        if pairing is None:
            self._guard(growth.frame, space.count, binder)
            return growth.plus(space, binder.names, _word(over)), waiting
        owner, members = self._written(pairing, growth.frame, binder)
        indices = [
            Index(universe, space.component(d)[members].astype(np.int32, copy=False))
            for d, universe in enumerate(space.universes)
        ]
        return growth.joined(owner, indices, binder.names, _word(over)), waiting

    def _bind_product(self, growth: Growth, binder: Binder, over: Binary) -> Growth:
        factors = [self.space(factor, growth.frame) for factor in _factors(over)]
        arity = sum(factor.arity for factor in factors)
        if len(binder.names) not in (0, 1, arity):
            raise self._names_mismatch(binder, arity)
        if len(binder.names) == 1 and arity > 1:
            space = self.space(over, growth.frame)
            self._guard(growth.frame, space.count, binder)
            return growth.plus(space, binder.names, _word(over))
        names = list(binder.names)
        for factor, expr in zip(factors, _factors(over), strict=True):
            self._guard(growth.frame, factor.count, binder)
            growth = growth.plus(factor, names[: factor.arity], _word(expr))
            names = names[factor.arity :]
        return growth

    def _pairing(
        self, frame: Frame, binder: Binder, space: Space, waiting: list[Expr]
    ) -> tuple[Pairing | None, list[Expr]]:
        """Finds conditions such as ``a == i`` or ``(i, j) in Arcs`` that pair the frame with few members each."""
        used, pairing = equal_pairing(self._evaluator, frame, binder, space, waiting)
        if pairing is None:
            used, pairing = member_pairing(self._evaluator, self.space, frame, binder, space, waiting)
        return pairing, [part for part in waiting if part not in used] if used else waiting

    def _written(self, pairing: Pairing, frame: Frame, binder: Binder) -> tuple[np.ndarray, np.ndarray]:
        self._guard_total(int((pairing.last - pairing.first).sum()), binder)
        owner, at = matches(pairing.first, pairing.last)
        return owner, pairing.members[at]

    def _bind_dependent(self, growth: Growth, binder: Binder) -> Growth:
        over = binder.over
        if isinstance(over, Range):
            return self._bind_range(growth, binder, over)
        if isinstance(over, Comprehension):
            return self._bind_comprehension(growth, binder, over)
        raise self._evaluator.fail(
            "This set depends on an index in a way that cannot be used here; put the dependence behind 'if'.",
            over.span,
        )

    def _bind_range(self, growth: Growth, binder: Binder, over: Range) -> Growth:
        frame = growth.frame
        low = np.broadcast_to(self._whole(over.low, frame), frame.shape).reshape(-1)
        high = np.broadcast_to(self._whole(over.high, frame), frame.shape).reshape(-1)
        if not len(low):
            low = high = np.zeros(0, np.int64)
        last = np.maximum(high + 1, low)
        self._guard_total(int((last - low).sum()), binder)
        owner, numbers = matches(low, last)
        labels = self._evaluator.range_labels(int(low.min()), int(high.max())) if len(numbers) else Labels("", ())
        codes = (numbers - int(low.min()) if len(numbers) else numbers).astype(np.int32)
        return growth.joined(owner, [Index(labels, codes)], binder.names, _word(over))

    def _bind_comprehension(self, growth: Growth, binder: Binder, over: Comprehension) -> Growth:
        inner = {name for part in over.binders for name in part.names}
        plain = [item.name for item in over.member if isinstance(item, Ref) and not item.args]
        if len(plain) != len(over.member) or set(plain) != inner:
            raise self._evaluator.fail(
                "A set that depends on an index must list all of its own indices, as in {j for j in S if j != i}.",
                over.span,
            )
        grown = self.growth(growth.frame, over.binders, over.condition)
        point = grown.point if grown.point is not None else np.arange(growth.frame.size)
        frame = grown.frame
        flat = np.arange(frame.size)
        owner = point[flat // math.prod(grown.tail)] if frame.size else flat
        picked = frame.picked(flat)
        indices = [index for name in plain for index in picked.names[name]]
        if len(binder.names) > 1 and len(binder.names) != len(indices):
            raise self._names_mismatch(binder, len(indices))
        return growth.joined(owner, indices, binder.names)

    # Sets ----------------------------------------------------------------------------------------------------

    def space(self, expr: Expr, frame: Frame) -> Space:
        """Evaluates a set that does not depend on the indices of the frame."""
        match expr:
            case Ref():
                return self._evaluator.set_named(expr)
            case Range():
                return self._range(expr)
            case Listing():
                return self._listing(expr)
            case Comprehension():
                return self._comprehension(expr)
            case Binary(op="*"):
                return self._product([self.space(factor, frame) for factor in _factors(expr)], expr)
            case Binary(op="|" | "&" | "-"):
                return self._combined(expr.op, self.space(expr.left, frame), self.space(expr.right, frame), expr)
            case _:
                raise self._evaluator.fail("A set is expected here.", expr.span)

    def _range(self, expr: Range) -> Space:
        low, high = int(self._whole(expr.low, Frame())), int(self._whole(expr.high, Frame()))
        if high - low >= MOST_ELEMENTS:
            raise self._evaluator.fail(f"This range has {high - low + 1:,} members; that is too many.", expr.span)
        return Space((self._evaluator.range_labels(low, high),))

    def _whole(self, expr: Expr, frame: Frame) -> np.ndarray:
        numbers = self._evaluator.numbers(expr, frame)
        nearest = np.rint(numbers)
        if not (np.abs(nearest) < _WHOLE).all() or (np.abs(nearest - numbers) > 1e-9).any():
            shown = numbers.reshape(-1)[np.flatnonzero(~(np.abs(nearest - numbers) <= 1e-9).reshape(-1))[:1]]
            text = f"{shown[0]:g}" if len(shown) else "something else"
            raise self._evaluator.fail(f"The end of a range must be a whole number, but it is {text}.", expr.span)
        return np.asarray(nearest.astype(np.int64))

    def _listing(self, expr: Listing) -> Space:
        tuples = [member if isinstance(member, tuple) else (member,) for member in expr.members]
        arity = len(tuples[0]) if tuples else 1
        if any(len(member) != arity for member in tuples):
            raise self._evaluator.fail("All members of a set have the same number of labels.", expr.span)
        return space_of_tuples("", list(dict.fromkeys(tuples)), arity)

    def _comprehension(self, expr: Comprehension) -> Space:
        growth = self.growth(Frame(), expr.binders, expr.condition)
        columns: list[list[Label]] = []
        for item in expr.member:
            value = self._evaluator.value(item, growth.frame)
            for part in value if isinstance(value, tuple) else (value,):
                columns.append(self._labels(part, growth.frame, item))
        tuples = list(dict.fromkeys(zip(*columns, strict=True)))
        return space_of_tuples("", tuples, len(columns))

    def _labels(self, value: Value, frame: Frame, expr: Expr) -> list[Label]:
        if isinstance(value, Index):
            codes = np.broadcast_to(value.over(frame.ndim), frame.shape).reshape(-1)
            return [value.labels.labels[code] for code in codes.tolist()]
        if isinstance(value, str):
            return [value] * frame.size
        if isinstance(value, np.ndarray):
            flat = np.broadcast_to(value, frame.shape).reshape(-1).tolist()
            return [int(number) if float(number).is_integer() else float(number) for number in flat]
        raise self._evaluator.fail("A set can only be built from labels and data.", expr.span)

    def _product(self, factors: Sequence[Space], expr: Expr) -> Space:
        universes = tuple(u for factor in factors for u in factor.universes)
        names = tuple(name for factor in factors for name in factor.names)
        if all(factor.codes is None for factor in factors):
            return Space(universes, names)  # not written out, so its size does no harm here
        count = math.prod(factor.count for factor in factors)
        if count > MOST_ELEMENTS:
            raise self._too_many([factor.count for factor in factors], expr.span)
        codes: list[np.ndarray] = []
        outer, inner = 1, count
        for factor in factors:
            inner = inner // factor.count if factor.count else 0
            for d in range(factor.arity):
                codes.append(np.tile(np.repeat(factor.component(d), inner), outer))
            outer *= factor.count
        return Space(universes, names, tuple(codes))

    def _combined(self, op: str, left: Space, right: Space, expr: Expr) -> Space:
        if left.arity != right.arity and left.count and right.count:
            raise self._evaluator.fail(
                f"The two sets differ: one has {left.arity} labels per member, the other {right.arity}.", expr.span
            )
        theirs = set(right.labels)
        if op == "|":
            tuples = list(dict.fromkeys((*left.labels, *right.labels)))
        else:
            tuples = [label for label in left.labels if (label in theirs) == (op == "&")]
        return space_of_tuples("", tuples, left.arity)

    # Faults --------------------------------------------------------------------------------------------------

    def _names_mismatch(self, binder: Binder, arity: int) -> InputError:
        one = "one label" if arity == 1 else f"{arity} labels"
        return self._evaluator.fail(
            f"The set has {one} per member, but {len(binder.names)} names stand here.", binder.span
        )

    def _guard(self, frame: Frame, count: int, binder: Binder) -> None:
        if frame.size * count > MOST_ELEMENTS:
            raise self._too_many([*frame.shape, count], binder.span)

    def _guard_total(self, count: int, binder: Binder) -> None:
        if count > MOST_ELEMENTS:
            raise self._too_many([count], binder.span)

    def _too_many(self, sizes: Sequence[int], span: Span) -> InputError:
        product = " x ".join(f"{size:,}" for size in sizes)
        equals = f" = {math.prod(sizes):,}" if len(sizes) > 1 else ""
        return self._evaluator.fail(
            f"This has {product}{equals} combinations; at most {MOST_ELEMENTS:,} fit. List only the needed ones in a "
            "set of tuples, or narrow them down with 'if'.",
            span,
        )


def _factors(expr: Expr) -> list[Expr]:
    if isinstance(expr, Binary) and expr.op == "*":
        return _factors(expr.left) + _factors(expr.right)
    return [expr]


def _word(over: Expr) -> str:
    return over.name if isinstance(over, Ref) else ""
