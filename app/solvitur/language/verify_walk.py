"""Walks expressions one by one, for verification: plain Python numbers, no arrays, nothing shared with compilation.

An expression becomes, once, a nest of Python closures over a list of the labels bound at the moment; calling it
evaluates it. In exact arithmetic all numbers are fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from solvitur.language.arrays_spaces import Quantity
from solvitur.language.data import Bound
from solvitur.language.elements import (
    Aggregate,
    Binary,
    Call,
    Choose,
    Compare,
    Expr,
    LabelTuple,
    Logic,
    Model,
    Number,
    ParamElement,
    Ref,
    Text,
    Unary,
)
from solvitur.language.names_used import names_used
from solvitur.language.verify_loops import Env, Evaluation, Loops, Names
from solvitur.problem.instance import Label

Emission = Callable[[Env, list[Any]], None]
"""Adds the terms of a sum to a list."""
Answer = Mapping[str, Mapping[tuple[Label, ...], float]]
"""Values of the variables by name and index; the index of a scalar is ()."""

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
}
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
}


class Walker:
    """Turns the expressions of one model into evaluations at one answer."""

    def __init__(self, model: Model, bound: Bound, answer: Answer, *, exact: bool = False) -> None:
        self._bound = bound
        self._answer = answer
        self._exact = exact
        self._number: Callable[[Any], Any] = Fraction if exact else float
        self._variables = {element.name: element for element in model.variables}
        self._computed = {element.name: element for element in model.params if element.keyword == "let"}
        self._tables: dict[str, Any] = {}
        self.loops = Loops(self, bound)
        self.total: Callable[[Iterable[Any]], Any] = sum if exact else math.fsum

    def has_variable(self, expr: Expr) -> bool:
        """Tells whether an expression depends on the answer."""
        return not names_used(expr).isdisjoint(self._variables)

    # Numbers, labels and truths ------------------------------------------------------------------------------

    def value(self, expr: Expr, names: Names) -> Evaluation:
        """Returns the evaluation of an expression."""
        match expr:
            case Number():
                constant = Fraction(expr.value) if self._exact and math.isfinite(expr.value) else expr.value
                return lambda env: constant
            case Text():
                text = expr.value
                return lambda env: text
            case Ref():
                return self._reference(expr, names)
            case Unary():
                operand = self.value(expr.operand, names)
                if expr.op == "not":
                    return lambda env: not operand(env)
                return (lambda env: -operand(env)) if expr.op == "-" else operand
            case Binary():
                return self._binary(expr, names)
            case Compare():
                return self._compare(expr, names)
            case Logic():
                parts = [self.value(operand, names) for operand in expr.operands]
                if expr.op == "and":
                    return lambda env: all(part(env) for part in parts)
                return lambda env: any(part(env) for part in parts)
            case Choose():
                condition = self.value(expr.condition, names)
                then, otherwise = self.value(expr.then, names), self.value(expr.otherwise, names)
                return lambda env: then(env) if condition(env) else otherwise(env)
            case Aggregate():
                return self._aggregate(expr, names)
            case Call():
                return self._call(expr, names)
            case LabelTuple():
                return self.label_tuple(expr.items, names)
            case _:
                raise ValueError("a set stands where a number is expected")

    def _reference(self, ref: Ref, names: Names) -> Evaluation:
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
        return self._parameter(ref, names)

    def _variable(self, ref: Ref, names: Names) -> Evaluation:
        table = self._answer.get(ref.name, {})
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
        parts = [self.value(arg, names) for arg in args]

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
            constant = _exactly(number) if self._exact else number
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
            return (lambda env: _exactly(table[index(env)])) if self._exact else lambda env: table[index(env)]
        indices = [universe.index for universe in quantity.space.universes]
        convert = _exactly if self._exact else _as_it_is

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
            inner, _ = inner.plus(binder, self.loops.width(binder.over))
        slots = inner.used
        body = self.value(element.value, inner)
        known = self._tables.setdefault(f"let {element.name}", {})
        index = self.label_tuple(ref.args, names)

        def look_up(env: Env) -> Any:
            label = index(env)
            if label not in known:
                if len(label) != slots or label not in self._domain(element):
                    raise KeyError(label)
                known[label] = body([*label, *self.loops.room()])
            return known[label]

        return look_up

    def _domain(self, element: ParamElement) -> set[tuple[Label, ...]]:
        """Returns the indices of a computed parameter."""
        key = f"domain {element.name}"
        if key not in self._tables:
            names, loop = self.loops.loop(element.binders, element.condition, Names())
            env = self.loops.room()
            self._tables[key] = {tuple(env[: names.used]) for _ in loop(env)}
        found: set[tuple[Label, ...]] = self._tables[key]
        return found

    def _binary(self, expr: Binary, names: Names) -> Evaluation:
        left, right = self.value(expr.left, names), self.value(expr.right, names)
        if self._exact:
            operate = _ARITHMETIC[expr.op]
            if expr.op == "**":
                return lambda env: _power(left(env), right(env))
            return lambda env: operate(_exactly(left(env)), _exactly(right(env)))
        match expr.op:
            case "*":
                return lambda env: left(env) * right(env)
            case "+":
                return lambda env: left(env) + right(env)
            case "-":
                return lambda env: left(env) - right(env)
        operate = _ARITHMETIC[expr.op]
        return lambda env: operate(left(env), right(env))

    def _compare(self, expr: Compare, names: Names) -> Evaluation:
        pairs = [
            self._pair(left, op, right, names)
            for left, op, right in zip(expr.operands, expr.ops, expr.operands[1:], strict=False)
        ]
        if len(pairs) == 1:
            return pairs[0]
        return lambda env: all(pair(env) for pair in pairs)

    def _pair(self, left: Expr, op: str, right: Expr, names: Names) -> Evaluation:
        if op in ("in", "not in"):
            inside = self._inside(left, right, names)
            return inside if op == "in" else lambda env: not inside(env)
        a, b, compare = self.value(left, names), self.value(right, names), _COMPARE[op]
        return lambda env: compare(a(env), b(env))

    def _inside(self, left: Expr, right: Expr, names: Names) -> Evaluation:
        item = self.label_tuple(left.items if isinstance(left, LabelTuple) else (left,), names)
        members = self.loops.members(right, names)
        wide = self.loops.width(right) > 1
        if names_used(right).isdisjoint(names.slots):
            known: list[frozenset[Any]] = []

            def among(env: Env) -> bool:
                if not known:
                    known.append(frozenset(members(env)))
                label = item(env)
                return (label if wide else label[0]) in known[0]

            return among
        return lambda env: (item(env) if wide else item(env)[0]) in set(members(env))

    # Functions -----------------------------------------------------------------------------------------------

    def _aggregate(self, expr: Aggregate, names: Names) -> Evaluation:
        if expr.function == "sum":
            emit, total = self.terms(expr, names), self.total

            def added(env: Env) -> Any:
                out: list[Any] = []
                emit(env, out)
                return total(out)

            return added
        inner, loop = self.loops.loop(expr.binders, expr.condition, names)
        body = self.value(expr.body, inner)
        match expr.function:
            case "count":
                return lambda env: sum(1 for _ in loop(env) if body(env))
            case "all":
                return lambda env: all(body(env) for _ in loop(env))
            case "any":
                return lambda env: any(body(env) for _ in loop(env))
            case "min":
                return lambda env: min(body(env) for _ in loop(env))
            case "max":
                return lambda env: max(body(env) for _ in loop(env))
            case "prod":
                return lambda env: math.prod(body(env) for _ in loop(env))
        return lambda env: _all_different([body(env) for _ in loop(env)])

    def _call(self, expr: Call, names: Names) -> Evaluation:
        if expr.function in ("len", "card"):
            members = self.loops.members(expr.args[0], names)
            return lambda env: sum(1 for _ in members(env))
        args = [self.value(arg, names) for arg in expr.args]
        match expr.function:
            case "abs":
                return lambda env: abs(args[0](env))
            case "min":
                return lambda env: min(arg(env) for arg in args)
            case "max":
                return lambda env: max(arg(env) for arg in args)
            case "implies":
                return lambda env: not args[0](env) or bool(args[1](env))
            case "iff":
                return lambda env: bool(args[0](env)) == bool(args[1](env))
            case "all_different":
                return lambda env: _all_different([arg(env) for arg in args])
        function, number = _FUNCTIONS[expr.function], self._number
        return lambda env: number(function(float(args[0](env))))

    # Sums ----------------------------------------------------------------------------------------------------

    def terms(self, expr: Expr, names: Names, sign: int = 1) -> Emission:
        """Returns what lists the terms that an expression adds up, those inside sums too."""
        match expr:
            case Binary(op="+" | "-"):
                left = self.terms(expr.left, names, sign)
                right = self.terms(expr.right, names, sign if expr.op == "+" else -sign)

                def both(env: Env, out: list[Any]) -> None:
                    left(env, out)
                    right(env, out)

                return both
            case Unary(op="-"):
                return self.terms(expr.operand, names, -sign)
            case Unary(op="+"):
                return self.terms(expr.operand, names, sign)
            case Choose():
                condition = self.value(expr.condition, names)
                then, otherwise = self.terms(expr.then, names, sign), self.terms(expr.otherwise, names, sign)
                return lambda env, out: then(env, out) if condition(env) else otherwise(env, out)
            case Aggregate(function="sum"):
                return self._sum_terms(expr, names, sign)
        value = self.value(expr, names)
        if sign == 1:
            return lambda env, out: out.append(value(env))
        return lambda env, out: out.append(-value(env))

    def _sum_terms(self, expr: Aggregate, names: Names, sign: int) -> Emission:
        inner, loop = self.loops.loop(expr.binders, expr.condition, names)
        if not isinstance(expr.body, Binary | Unary | Choose | Aggregate) or (
            isinstance(expr.body, Binary) and expr.body.op not in "+-"
        ):
            value = self.value(expr.body, inner)
            if sign == 1:
                return lambda env, out: out.extend([value(env) for _ in loop(env)])
            return lambda env, out: out.extend([-value(env) for _ in loop(env)])
        emit = self.terms(expr.body, inner, sign)

        def all_terms(env: Env, out: list[Any]) -> None:
            for _ in loop(env):
                emit(env, out)

        return all_terms


def _exactly(value: Any) -> Any:
    """Returns a number as a fraction; labels, truths and infinities as they are."""
    if isinstance(value, float) and math.isfinite(value):
        return Fraction(value)
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_it_is(value: Any) -> Any:
    return value


def _power(base: Any, exponent: Any) -> Any:
    """Raises to a power: exactly where the exponent is whole and small, else in floating point."""
    if float(exponent).is_integer() and abs(exponent) <= 64:
        return _exactly(base) ** int(exponent)
    return Fraction(float(base) ** float(exponent))


def _all_different(values: list[Any]) -> bool:
    return len({round(float(value), 6) for value in values}) == len(values)
