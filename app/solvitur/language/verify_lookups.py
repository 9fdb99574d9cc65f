"""Looks names up at an answer, one index at a time: bound indices, parameters, variables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, Protocol

from solvitur.language.arrays_spaces import Quantity
from solvitur.language.data import Bound
from solvitur.language.elements import Expr, Model, ParamElement, Ref
from solvitur.language.verify_loops import Env, Evaluation, Loops, Names
from solvitur.language.verify_rows import WHOLE
from solvitur.problem.instance import Label

Answer = Mapping[str, Mapping[tuple[Label, ...], float]]
"""Values of the variables by name and index; the index of a scalar is ()."""


class Walks(Protocol):
    """What looking up needs of the walker of expressions."""

    loops: Loops

    def value(self, expr: Expr, names: Names) -> Evaluation: ...


class Lookups:
    """Looks the names of one model up."""

    def __init__(self, walker: Walks, model: Model, bound: Bound, answer: Answer, *, exact: bool) -> None:
        self._walker = walker
        self._bound = bound
        self._answer = answer
        self._exact = exact
        self._variables = {element.name for element in model.variables}
        self._computed = {element.name: element for element in model.params if element.keyword == "let"}
        self._tables: dict[str, Any] = {}
        self._rounding = False
        self._rounded: dict[str, dict[tuple[Label, ...], float]] = {}

    def reference(self, ref: Ref, names: Names) -> Evaluation:
        """Returns the evaluation of a name."""
        slots = names.slots.get(ref.name)
        if slots is not None and not ref.args:
            if len(slots) == 1:
                slot = slots[0]
                return lambda env: env[slot]
            first, last = slots[0], slots[-1] + 1
            return lambda env: tuple(env[first:last])
        if ref.name in self._variables:
            return self._variable(ref, names)
        if ref.name in self._computed:
            return self._let(self._computed[ref.name], ref, names)
        if ref.name in self._bound.params:
            return self._parameter(ref, names)
        return lambda env: _raise_unknown(ref.name)

    @contextmanager
    def rounding(self, wanted: bool) -> Iterator[None]:
        """Lets what is built meanwhile see values that are whole but for a solver's rounding as whole."""
        before, self._rounding = self._rounding, wanted
        try:
            yield
        finally:
            self._rounding = before

    def values_of(self, name: str) -> Mapping[tuple[Label, ...], float]:
        """Returns the values of a variable by index."""
        table = self._answer.get(name, {})
        if not self._rounding:
            return table
        if name not in self._rounded:
            self._rounded[name] = {label: _rounded(value) for label, value in table.items()}
        return self._rounded[name]

    def _variable(self, ref: Ref, names: Names) -> Evaluation:
        table = self.values_of(ref.name)
        if not ref.args:
            return (lambda env: Fraction(table[()])) if self._exact else lambda env: table[()]
        plain = self._slots(ref.args, names)
        if plain is not None and len(plain) == 1 and not self._exact:
            only = plain[0]
            return lambda env: table[(env[only],)]
        if plain is not None and len(plain) == 2 and not self._exact:
            first, second = plain
            return lambda env: table[env[first], env[second]]
        index = self.label_tuple(ref.args, names)
        return (lambda env: Fraction(table[index(env)])) if self._exact else lambda env: table[index(env)]

    def _slots(self, args: Sequence[Expr], names: Names) -> list[int] | None:
        """Returns the slots of arguments that are all plain bound names, or None."""
        found: list[int] = []
        for arg in args:
            slots = names.slots.get(arg.name) if isinstance(arg, Ref) and not arg.args else None
            if slots is None:
                return None
            found.extend(slots)
        return found

    def label_tuple(self, args: Sequence[Expr], names: Names) -> Evaluation:
        """Returns the evaluation of indices to a tuple of labels, tuples among them spread out."""
        plain = self._slots(args, names)
        if plain is not None:
            return lambda env: tuple([env[slot] for slot in plain])
        parts = [self._walker.value(arg, names) for arg in args]

        def labels(env: Env) -> tuple[Any, ...]:
            found: list[Any] = []
            for part in parts:
                label = part(env)
                if isinstance(label, tuple):
                    found.extend(label)
                else:
                    found.append(label)
            return tuple(found)

        return labels

    def _parameter(self, ref: Ref, names: Names) -> Evaluation:
        quantity = self._bound.params[ref.name]
        if not quantity.space.arity:
            number = float(quantity.values[0])
            constant = exactly(number) if self._exact else number
            return lambda env: constant
        table = self._table(ref.name, quantity)
        plain = self._slots(ref.args, names)
        dense = quantity.space.codes is None
        if plain is not None and dense and len(plain) == 1 and not self._exact:
            only, codes = plain[0], quantity.space.universes[0].index
            return lambda env: table[codes[env[only]]]
        if plain is not None and dense and len(plain) == 2 and not self._exact:
            first, second = plain
            rows, columns = (universe.index for universe in quantity.space.universes)
            return lambda env: table[rows[env[first]]][columns[env[second]]]
        index = self.label_tuple(ref.args, names)
        if not dense:
            return (lambda env: exactly(table[index(env)])) if self._exact else lambda env: table[index(env)]
        indices = [universe.index for universe in quantity.space.universes]
        convert = exactly if self._exact else _as_it_is

        def look_up(env: Env) -> Any:
            found = table
            for codes, label in zip(indices, index(env), strict=True):
                found = found[codes[label]]
            return convert(found)

        return look_up

    def _table(self, name: str, quantity: Quantity) -> Any:
        """Returns a parameter's values as nested lists, or by index where it has only some of the product."""
        if name not in self._tables:
            space = quantity.space
            if space.codes is None:
                self._tables[name] = quantity.values.reshape(space.shape).tolist()
            else:
                self._tables[name] = dict(zip(space.labels, quantity.values.tolist(), strict=True))
        return self._tables[name]

    def _let(self, element: ParamElement, ref: Ref, names: Names) -> Evaluation:
        """Evaluates a computed parameter anew, each index once."""
        assert element.value is not None
        inner, slots = Names(), 0
        for binder in element.binders:
            inner, _ = inner.plus(binder, self._walker.loops.width(binder.over))
        slots = inner.used
        body = self._walker.value(element.value, inner)
        known = self._tables.setdefault(f"let {element.name}", {})
        index = self.label_tuple(ref.args, names)

        def look_up(env: Env) -> Any:
            label = index(env)
            if label not in known:
                if len(label) != slots or label not in self._domain(element):
                    raise KeyError(label)
                known[label] = body([*label, *self._walker.loops.room()])
            return known[label]

        return look_up

    def _domain(self, element: ParamElement) -> set[tuple[Label, ...]]:
        """Returns the indices of a computed parameter."""
        key = f"domain {element.name}"
        if key not in self._tables:
            names, loop = self._walker.loops.loop(element.binders, element.condition, Names())
            env = self._walker.loops.room()
            self._tables[key] = {tuple(env[: names.used]) for _ in loop(env)}
        found: set[tuple[Label, ...]] = self._tables[key]
        return found


def _raise_unknown(name: str) -> Any:
    """Fails when a name without value is really looked at; a branch that is never taken may hold one."""
    raise LookupError(name)


def exactly(value: Any) -> Any:
    """Returns a number as a fraction; labels, truths and infinities as they are."""
    if isinstance(value, float) and math.isfinite(value):
        return Fraction(value)
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _rounded(value: float) -> float:
    nearest = round(value) if math.isfinite(value) else value
    return float(nearest) if abs(nearest - value) <= WHOLE else value


def _as_it_is(value: Any) -> Any:
    return value
