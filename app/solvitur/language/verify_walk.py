"""Walks expressions one by one, for verification: plain Python numbers, no arrays, nothing shared with compilation.

An expression becomes, once, a nest of Python closures over a list of the labels bound at the moment; calling it
evaluates it. In exact arithmetic all numbers are fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

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
    Ref,
    Text,
    Unary,
)
from solvitur.language.names_used import names_used
from solvitur.language.verify_lookups import Answer, Lookups, exactly
from solvitur.language.verify_loops import Env, Evaluation, Loops, Names

Emission = Callable[[Env, list[Any]], None]
"""Adds the terms of a sum to a list."""
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
        self._exact = exact
        self._number: Callable[[Any], Any] = Fraction if exact else float
        self._variables = {element.name: element for element in model.variables}
        self.loops = Loops(self, bound)
        self._lookups = Lookups(self, model, bound, answer, exact=exact)
        self.total: Callable[[Iterable[Any]], Any] = sum if exact else math.fsum

    def has_variable(self, expr: Expr) -> bool:
        """Tells whether an expression depends on the answer."""
        return not names_used(expr).isdisjoint(self._variables)

    def label_tuple(self, args: Sequence[Expr], names: Names) -> Evaluation:
        """Returns the evaluation of indices to a tuple of labels, tuples among them spread out."""
        return self._lookups.label_tuple(args, names)

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
                return self._lookups.reference(expr, names)
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

    def _binary(self, expr: Binary, names: Names) -> Evaluation:
        left, right = self.value(expr.left, names), self.value(expr.right, names)
        if self._exact:
            operate = _ARITHMETIC[expr.op]
            if expr.op == "**":
                return lambda env: _power(left(env), right(env))
            return lambda env: operate(exactly(left(env)), exactly(right(env)))
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


def _power(base: Any, exponent: Any) -> Any:
    """Raises to a power: exactly where the exponent is whole and small, else in floating point."""
    if float(exponent).is_integer() and abs(exponent) <= 64:
        return exactly(base) ** int(exponent)
    return Fraction(float(base) ** float(exponent))


def _all_different(values: list[Any]) -> bool:
    return len({round(float(value), 6) for value in values}) == len(values)
