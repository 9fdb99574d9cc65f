"""Loops over index combinations and the members of sets, one by one, for verification."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from solvitur.language.data import Bound
from solvitur.language.elements import (
    Binary,
    Binder,
    Compare,
    Comprehension,
    Expr,
    Listing,
    Logic,
    Range,
    Ref,
)
from solvitur.language.names_used import names_used

Env = list[Any]
"""The labels bound at the moment, by slot."""
Evaluation = Callable[[Env], Any]
Walk = Callable[[Env], Iterator[None]]
"""Steps through combinations; at each step their labels stand in the slots."""


class Names:
    """Which slots the bound names have; a name bound to tuples has several."""

    def __init__(self, slots: Mapping[str, tuple[int, ...]] | None = None, used: int = 0) -> None:
        self.slots = dict(slots or {})
        self.used = used

    def plus(self, binder: Binder, width: int) -> tuple[Names, tuple[int, ...]]:
        """Adds a binder over tuples of that many labels."""
        taken = tuple(range(self.used, self.used + width))
        slots = dict(self.slots)
        if len(binder.names) == 1:
            slots[binder.names[0]] = taken
        else:
            slots.update({name: (slot,) for name, slot in zip(binder.names, taken, strict=False)})
        return Names(slots, self.used + width), taken


class Walks(Protocol):
    """What loops need of the walker of expressions."""

    def value(self, expr: Expr, names: Names) -> Evaluation: ...
    def label_tuple(self, args: Sequence[Expr], names: Names) -> Evaluation: ...


class Loops:
    """Builds the loops of one model's binders."""

    def __init__(self, walker: Walks, bound: Bound) -> None:
        self._walker = walker
        self._bound = bound
        self._members: dict[str, list[Any]] = {}
        self._groups: dict[tuple[str, int], dict[Any, list[Any]]] = {}
        self._deepest = 0

    def room(self) -> Env:
        """Returns empty slots for everything that was built so far."""
        return [None] * (self._deepest + 1)

    def loop(self, binders: Sequence[Binder], condition: Expr | None, names: Names) -> tuple[Names, Walk]:
        """Returns what walks over all combinations of binders for which a condition holds, binding the slots."""
        waiting = _conjuncts(condition)
        later = [name for binder in binders for name in binder.names]
        levels: list[tuple[Callable[[Env], Iterable[Any]], tuple[int, ...], list[Evaluation]]] = []
        for binder in binders:
            later = later[len(binder.names) :]
            before = names
            names, slots = names.plus(binder, self.width(binder.over))
            members = self._grouped(binder, before, waiting, later) or self.members(binder.over, before)
            tests = []
            while waiting and names_used(waiting[0]).isdisjoint(later):
                tests.append(self._walker.value(waiting.pop(0), names))
            self._deepest = max(self._deepest, names.used)
            levels.append((members, slots, tests))
        walk: Walk | None = None
        for members, slots, tests in reversed(levels):
            walk = _level(members, slots, tests, walk)
        if walk is None:
            tests = [self._walker.value(part, names) for part in waiting]
            return names, lambda env: iter([None] if all(test(env) for test in tests) else [])
        return names, walk

    def _grouped(
        self, binder: Binder, before: Names, waiting: list[Expr], later: Sequence[str]
    ) -> Callable[[Env], Iterable[Any]] | None:
        """Uses a condition ``a == i`` on a member of a set of tuples to walk only over the members that fulfil it."""
        over = binder.over
        if not isinstance(over, Ref) or len(binder.names) < 2 or len(binder.names) != self.width(over):
            return None
        for part in waiting:
            if not isinstance(part, Compare) or part.ops != ("==",):
                continue
            for own, other in (part.operands, part.operands[::-1]):
                plain = isinstance(own, Ref) and not own.args and own.name in binder.names
                known = isinstance(other, Ref) and not other.args and len(before.slots.get(other.name, ())) == 1
                if plain and known and other.name not in (*binder.names, *later):  # type: ignore[union-attr]
                    waiting.remove(part)
                    slot = before.slots[other.name][0]  # type: ignore[union-attr]
                    groups = self._by_label(over.name, binder.names.index(own.name))  # type: ignore[union-attr]
                    return lambda env: groups.get(env[slot], ())
        return None

    def _by_label(self, name: str, position: int) -> dict[Any, list[Any]]:
        key = (name, position)
        if key not in self._groups:
            groups: dict[Any, list[Any]] = {}
            for member in self._bound.sets[name].members:
                groups.setdefault(member[position], []).append(member)  # type: ignore[index]
            self._groups[key] = groups
        return self._groups[key]

    def width(self, expr: Expr) -> int:
        """Returns how many labels each member of a set has."""
        match expr:
            case Ref():
                return self._bound.sets[expr.name].arity
            case Listing(members=(tuple() as first, *_)):
                return len(first)
            case Binary(op="*"):
                return self.width(expr.left) + self.width(expr.right)
            case Binary():
                return self.width(expr.left)
            case Comprehension():
                names = Names()
                for binder in expr.binders:
                    names, _ = names.plus(binder, self.width(binder.over))
                return sum(
                    len(names.slots.get(item.name, (0,))) if isinstance(item, Ref) and not item.args else 1
                    for item in expr.member
                )
            case _:
                return 1

    def members(self, expr: Expr, names: Names) -> Callable[[Env], Iterable[Any]]:
        """Returns the evaluation of a set to its members: labels, or tuples of them."""
        match expr:
            case Ref():
                if expr.name not in self._members:
                    self._members[expr.name] = list(self._bound.sets[expr.name].members)
                listed = self._members[expr.name]
                return lambda env: listed
            case Range():
                low, high = self._walker.value(expr.low, names), self._walker.value(expr.high, names)
                return lambda env: range(round(low(env)), round(high(env)) + 1)
            case Listing():
                distinct = list(dict.fromkeys(expr.members))
                return lambda env: distinct
            case Comprehension():
                inner, loop = self.loop(expr.binders, expr.condition, names)
                label = self._walker.label_tuple(expr.member, inner)
                wide = self.width(expr) > 1
                return lambda env: dict.fromkeys([label(env) if wide else label(env)[0] for _ in loop(env)])
            case Binary(op="*"):
                return self._product(expr, names)
            case Binary():
                return self._combined(expr, names)
            case _:
                raise ValueError("a set is expected")

    def _product(self, expr: Binary, names: Names) -> Callable[[Env], Iterable[Any]]:
        left, right = self.members(expr.left, names), self.members(expr.right, names)
        wide_left, wide_right = self.width(expr.left) > 1, self.width(expr.right) > 1
        return lambda env: (
            (a if wide_left else (a,)) + (b if wide_right else (b,))
            for a, b in itertools.product(left(env), right(env))
        )

    def _combined(self, expr: Binary, names: Names) -> Callable[[Env], Iterable[Any]]:
        left, right = self.members(expr.left, names), self.members(expr.right, names)
        if expr.op == "|":
            return lambda env: dict.fromkeys([*left(env), *right(env)])
        keep = expr.op == "&"

        def chosen(env: Env) -> list[Any]:
            theirs = set(right(env))
            return [member for member in left(env) if (member in theirs) == keep]

        return chosen


def _conjuncts(condition: Expr | None) -> list[Expr]:
    if condition is None:
        return []
    if isinstance(condition, Logic) and condition.op == "and":
        return [part for operand in condition.operands for part in _conjuncts(operand)]
    return [condition]


def _level(
    members: Callable[[Env], Iterable[Any]], slots: Sequence[int], tests: Sequence[Evaluation], inner: Walk | None
) -> Walk:
    """Builds the walk over one set, with what lies inside it."""
    if len(slots) == 1:
        return _level_of_labels(members, slots[0], tests, inner)
    first, last = slots[0], slots[-1] + 1

    def walk(env: Env) -> Iterator[None]:
        for member in members(env):
            env[first:last] = member
            if all(test(env) for test in tests):
                if inner is None:
                    yield
                else:
                    yield from inner(env)

    return walk


def _level_of_labels(
    members: Callable[[Env], Iterable[Any]], slot: int, tests: Sequence[Evaluation], inner: Walk | None
) -> Walk:
    def plain(env: Env) -> Iterator[None]:
        for label in members(env):
            env[slot] = label
            yield

    def tested(env: Env) -> Iterator[None]:
        for label in members(env):
            env[slot] = label
            if all(test(env) for test in tests):
                if inner is None:
                    yield
                else:
                    yield from inner(env)

    return plain if inner is None and not tests else tested
