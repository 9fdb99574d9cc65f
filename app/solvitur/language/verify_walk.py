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
    Domain,
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
from solvitur.language.verify_functions import exact_power, piecewise, power, root
from solvitur.language.verify_lookups import Answer, Lookups, exactly
from solvitur.language.verify_loops import Env, Evaluation, Loops, Names
from solvitur.language.verify_rows import TOLERANCE

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
}
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": root,
    "sin": math.sin,
    "cos": math.cos,
}
_HALF = 0.5
_ROUNDING = 1e-9
"""Whole numbers compare as equal within this share of the largest term: the rounding of fractional coefficients."""


class Walker:
    """Turns the expressions of one model into evaluations at one answer."""

    def __init__(self, model: Model, bound: Bound, answer: Answer, *, exact: bool = False) -> None:
        self._exact = exact
        self._number: Callable[[Any], Any] = Fraction if exact else float
        self._variables = {element.name: element for element in model.variables}
        whole = (Domain.INTEGER, Domain.BINARY)
        self._whole = {name for name, element in self._variables.items() if element.domain in whole}
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
                if expr.op == "not":
                    truth = self.truth(expr.operand, names)
                    return lambda env: not truth(env)
                operand = self.value(expr.operand, names)
                return (lambda env: -operand(env)) if expr.op == "-" else operand
            case Binary():
                return self._binary(expr, names)
            case Compare():
                return self._compare(expr, names)
            case Logic():
                parts = [self.truth(operand, names) for operand in expr.operands]
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
                return lambda env: exact_power(left(env), right(env))
            return lambda env: operate(exactly(left(env)), exactly(right(env)))
        match expr.op:
            case "**":
                return lambda env: power(left(env), right(env))
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
        if self.has_variable(left) or self.has_variable(right):
            return self._compared(left, op, right, names)
        a, b, compare = self.value(left, names), self.value(right, names), _COMPARE[op]
        return lambda env: compare(a(env), b(env))

    def _compared(self, left: Expr, op: str, right: Expr, names: Names) -> Evaluation:
        """Compares sides with variables: whole numbers as such, others to within the tolerance of rows."""
        used = (names_used(left) | names_used(right)) & self._variables.keys()
        whole = used <= self._whole
        with self._lookups.rounding(whole):
            sides = self.terms(left, names), self.terms(right, names)
        share, compare, total = (_ROUNDING if whole else TOLERANCE), _COMPARE[op], self.total

        def compared(env: Env) -> bool:
            lists: list[list[Any]] = []
            for side in sides:
                out: list[Any] = []
                side(env, out)
                lists.append(out)
            off = total([*lists[0], *[-term for term in lists[1]]])
            scale = max((abs(term) for out in lists for term in out if math.isfinite(term)), default=0)
            # What is equal up to rounding counts as equal, so <= holds there and < does not.
            return compare(0 if abs(off) <= share * max(1, scale) else off, 0)

        return compared

    def truth(self, expr: Expr, names: Names) -> Evaluation:
        """Returns the evaluation of a condition; a binary variable holds when it is nearer to 1 than to 0."""
        value = self.value(expr, names)
        if isinstance(expr, Ref) and expr.name in self._variables and expr.name not in names.slots:
            return lambda env: value(env) > _HALF
        return value

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
        if expr.function == "all_different":
            with self._lookups.rounding(True):
                each = self.value(expr.body, inner)
            return lambda env: _all_different([each(env) for _ in loop(env)])
        asks = expr.function in ("count", "all", "any")
        body = self.truth(expr.body, inner) if asks else self.value(expr.body, inner)
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
        return lambda env: math.prod(body(env) for _ in loop(env))

    def _call(self, expr: Call, names: Names) -> Evaluation:
        if expr.function in ("len", "card"):
            members = self.loops.members(expr.args[0], names)
            return lambda env: sum(1 for _ in members(env))
        if expr.function in ("implies", "iff"):
            first, second = (self.truth(arg, names) for arg in expr.args)
            if expr.function == "implies":
                return lambda env: not first(env) or bool(second(env))
            return lambda env: bool(first(env)) == bool(second(env))
        if expr.function == "all_different":
            with self._lookups.rounding(True):
                lists = [self._listed(arg, names) for arg in expr.args]
            return lambda env: _all_different([value for listed in lists for value in listed(env)])
        if expr.function == "piecewise":
            return piecewise(self.value(expr.args[0], names), self._points(expr, names))
        args = [self.value(arg, names) for arg in expr.args]
        match expr.function:
            case "abs":
                return lambda env: abs(args[0](env))
            case "min":
                return lambda env: min(arg(env) for arg in args)
            case "max":
                return lambda env: max(arg(env) for arg in args)
        function, number = _FUNCTIONS[expr.function], self._number
        return lambda env: number(function(float(args[0](env))))

    def _listed(self, expr: Expr, names: Names) -> Callable[[Env], list[Any]]:
        """Returns the values of an argument of ``all_different``; a variable's bare name is all its elements."""
        if isinstance(expr, Ref) and not expr.args and expr.name in self._variables and expr.name not in names.slots:
            values = list(self._lookups.values_of(expr.name).values())
            return lambda env: values
        value = self.value(expr, names)
        return lambda env: [value(env)]

    def _points(self, expr: Call, names: Names) -> list[tuple[Evaluation, Evaluation]]:
        pairs = [point.items for point in expr.args[1:] if isinstance(point, LabelTuple)]
        return [(self.value(at, names), self.value(value, names)) for at, value in pairs]

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


def _all_different(values: list[Any]) -> bool:
    return len({round(float(value), 6) for value in values}) == len(values)
