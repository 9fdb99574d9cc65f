"""Small expressions over named values, read through Python's grammar against a list of what is allowed."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from solvitur.api import InputError, expression_tree

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "round": round,
    "sqrt": math.sqrt,
    "len": len,
    "lower": str.lower,
    "number": float,
    "text": str,
}
Evaluate = Callable[[Mapping[str, Any]], Any]
_LONGEST = 2000


def compiled(text: str, names: tuple[str, ...]) -> Evaluate:
    """Turns an expression into a function of named values.

    Raises
    ------
    InputError
        If it cannot be read, or uses a name or form that is not there; a failing evaluation raises it too.
    """
    try:
        tree = expression_tree(text.strip()) if len(text) <= _LONGEST else None
    except (SyntaxError, ValueError, RecursionError) as error:
        said = getattr(error, "msg", None) or str(error)
        raise InputError.at(f"'{text}' cannot be read: {said}") from None
    if tree is None:
        raise InputError.at("this expression is too long")
    inner = _built(tree, frozenset(names), text)

    def evaluate(values: Mapping[str, Any]) -> Any:
        try:
            return inner(values)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError, KeyError) as error:
            raise InputError.at(f"'{text}' has no value here: {error}") from None

    return evaluate


def _built(node: ast.expr, names: frozenset[str], text: str) -> Evaluate:
    def part(inner: ast.expr) -> Evaluate:
        return _built(inner, names, text)

    match node:
        case ast.Constant(value=value) if isinstance(value, bool | int | float | str):
            return lambda values: value
        case ast.Name(id=name) if name in names:
            return lambda values: values[name]
        case ast.Name(id=name):
            raise InputError.at(f"'{text}' uses '{name}', which is not there; there are: {', '.join(sorted(names))}")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            first, second, deed = part(left), part(right), _BINARY[type(op)]
            return lambda values: deed(first(values), second(values))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            first = part(operand)
            return lambda values: -first(values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            first = part(operand)
            return lambda values: not first(values)
        case ast.BoolOp(op=op, values=listed):
            parts = [part(each) for each in listed]
            test = all if isinstance(op, ast.And) else any
            return lambda values: test(bool(each(values)) for each in parts)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _BINARY:
            first, second, deed = part(left), part(right), _BINARY[type(op)]
            return lambda values: deed(first(values), second(values))
        case ast.IfExp(test=test_node, body=body, orelse=orelse):
            condition, yes, no = part(test_node), part(body), part(orelse)
            return lambda values: yes(values) if condition(values) else no(values)
        case ast.Tuple(elts=listed) | ast.List(elts=listed):
            parts = [part(each) for each in listed]
            return lambda values: [each(values) for each in parts]
        case ast.Call(func=ast.Name(id=name), args=listed, keywords=[]) if name in _FUNCTIONS:
            parts, call = [part(each) for each in listed], _FUNCTIONS[name]
            return lambda values: call(*(each(values) for each in parts))
        case _:
            raise InputError.at(f"'{text}' holds what is not allowed here: {ast.unparse(node)}")
