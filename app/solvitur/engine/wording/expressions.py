"""Expressions of a model in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from solvitur.engine.wording.naming import NumberWriter, is_verb, listed, many_of, one_of, plain_number, spoken
from solvitur.language.elements import (
    Aggregate,
    Binary,
    Binder,
    Call,
    Choose,
    Compare,
    Comprehension,
    Domain,
    Expr,
    LabelTuple,
    Listing,
    Logic,
    Model,
    Number,
    Range,
    Ref,
    Text,
    Unary,
    VarElement,
)
from solvitur.language.printing import expression_text

_COMPARISONS = {
    "<=": "is at most",
    ">=": "is at least",
    "==": "equals",
    "<": "is less than",
    ">": "is more than",
    "!=": "is not",
    "in": "is one of",
    "not in": "is none of",
}
_OPERATORS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by", "//": "divided (whole) by", "%": "modulo"}
_SETS = {"*": "pairs of", "|": "or", "&": "that are also among", "-": "without"}
_LOOSE = frozenset({"+", "-"})


class Speaker:
    """Says the expressions of one model; ``number`` writes numbers."""

    def __init__(self, model: Model, number: NumberWriter = plain_number) -> None:
        self.model = model
        self.number = number
        self._variables = {element.name: element for element in model.variables}
        self._sets = {element.name for element in model.sets}

    def say(self, expression: Expr) -> str:
        """Says an expression; what has no words is quoted as it is written."""
        match expression:
            case Number(value=value):
                return self.number(value)
            case Text(value=value):
                return f"'{value}'"
            case Ref():
                return self._reference(expression)
            case Unary(op=op, operand=operand):
                return f"not ({self.say(operand)})" if op == "not" else self._signed(op, operand)
            case Binary():
                return self._binary(expression)
            case Compare(operands=operands, ops=ops):
                return self._compare(operands, ops)
            case Logic(op=op, operands=operands):
                said = [self.say(each) for each in operands]
                return f"{'either ' if op == 'or' else ''}{f' {op} '.join(said)}"
            case Choose(condition=condition, then=then, otherwise=otherwise):
                return f"{self.say(then)} if {self.say(condition)}, otherwise {self.say(otherwise)}"
            case Aggregate():
                return self._aggregate(expression)
            case Call(function=function, args=args):
                return self._call(function, args)
            case Range(low=low, high=high):
                return f"{self.say(low)} to {self.say(high)}"
            case LabelTuple(items=items):
                return listed([self.say(item) for item in items])
            case Listing() | Comprehension():
                return expression_text(expression)
        return expression_text(expression)

    def quantity(self, name: str, args: Sequence[str]) -> str:
        """Says a variable with its place, by its description if this speaks of the places."""
        element = self._variables.get(name)
        if element is None:
            return f"{spoken(name)}{_of(args)}"
        places = [index for binder in element.binders for index in binder.names]
        if element.description and places and len(places) == len(args) and _mentions(element.description, places):
            said = in_place(element.description, places, args)
            return said if element.domain is Domain.BINARY else f"what is {said}"
        return f"'{spoken(name)}'{_of(args)}" if is_verb(name) and args else f"{spoken(name)}{_of(args)}"

    def over(self, binders: Sequence[Binder], condition: Expr | None = None) -> str:
        """Says what a sum or a rule ranges over: ``all plants p and markets m``."""
        said = [self._range(binder) for binder in binders]
        where = f" with {self.say(condition)}" if condition is not None else ""
        return f"all {listed(said)}{where}"

    def each(self, binders: Sequence[Binder], condition: Expr | None = None) -> str:
        """Says ``each plant p and market m``."""
        said = []
        for binder in binders:
            names = " and ".join(binder.names)
            word = one_of(binder.over.name) if isinstance(binder.over, Ref) else f"member of {self.say(binder.over)}"
            said.append(f"{word} {names}".strip())
        where = f" with {self.say(condition)}" if condition is not None else ""
        return f"each {listed(said)}{where}"

    def _range(self, binder: Binder) -> str:
        names = " and ".join(binder.names)
        if isinstance(binder.over, Ref):
            return f"{many_of(binder.over.name)}{f' {names}' if names else ''}"
        return f"{names} in {self.say(binder.over)}".strip()

    def _reference(self, ref: Ref) -> str:
        args = [self._place(arg) for arg in ref.args]
        if ref.name in self._sets:
            return many_of(ref.name)
        if ref.name in self._variables:
            return self.quantity(ref.name, args)
        known = self.model.element(ref.name) is not None
        return f"{spoken(ref.name) if known else ref.name}{_of(args)}"

    def _place(self, arg: Expr) -> str:
        return str(arg.value) if isinstance(arg, Text) else self.say(arg) if not isinstance(arg, Ref) else arg.name

    def _signed(self, op: str, operand: Expr) -> str:
        said = self.say(operand)
        return said if op == "+" else f"minus {said}"

    def _binary(self, expression: Binary) -> str:
        left, right = self._part(expression.left, expression.op), self._part(expression.right, expression.op)
        if expression.op == "**":
            return f"{left} squared" if right == "2" else f"{left} to the power of {right}"
        names = self._sets
        sets = [isinstance(side, Ref) and side.name in names for side in (expression.left, expression.right)]
        if all(sets) and expression.op in _SETS:
            word = _SETS[expression.op]
            return f"{word} {left} and {right}" if expression.op == "*" else f"{left} {word} {right}"
        return f"{left} {_OPERATORS.get(expression.op, expression.op)} {right}"

    def _part(self, operand: Expr, op: str) -> str:
        said = self.say(operand)
        loose = isinstance(operand, Binary) and operand.op in _LOOSE and op not in _LOOSE
        return f"({said})" if loose else said

    def _compare(self, operands: Sequence[Expr], ops: Sequence[str]) -> str:
        if len(ops) == 2 and set(ops) <= {"<=", "<"}:
            low, middle, high = (self.say(each) for each in operands)
            return f"{middle} is between {low} and {high}"
        only = operands[0]
        if len(ops) == 1 and ops[0] in ("==", ">=") and self._is_binary(only) and operands[1] == Number(1):
            return f"{self.say(only)} is chosen"
        if len(ops) == 1 and ops[0] in ("==", "<=") and self._is_binary(only) and operands[1] == Number(0):
            return f"{self.say(only)} is not chosen"
        said = self.say(operands[0])
        for op, operand in zip(ops, operands[1:], strict=True):
            said += f" {_COMPARISONS.get(op, op)} {self.say(operand)}"
        return said

    def _is_binary(self, expression: Expr) -> bool:
        if not isinstance(expression, Ref):
            return False
        element = self._variables.get(expression.name)
        return isinstance(element, VarElement) and element.domain is Domain.BINARY

    def _aggregate(self, part: Aggregate) -> str:
        body, over = self.say(part.body), self.over(part.binders, part.condition)
        said = {
            "sum": f"the sum of {body} over {over}",
            "prod": f"the product of {body} over {over}",
            "min": f"the smallest of {body} over {over}",
            "max": f"the largest of {body} over {over}",
            "count": f"the number of {over.removeprefix('all ')} for which {body}",
            "all": f"for {over}: {body}",
            "any": f"for at least one of {over.removeprefix('all ')}: {body}",
            "all_different": f"{body} is different for {over}",
        }
        return said.get(part.function, expression_text(part))

    def _call(self, function: str, args: Sequence[Expr]) -> str:
        said = [self.say(arg) for arg in args]
        match function:
            case "implies":
                return f"if {said[0]}, then {said[1]}"
            case "iff":
                return f"{said[0]} exactly when {said[1]}"
            case "abs":
                return f"the size of {said[0]}"
            case "min" | "max":
                return f"the {'smallest' if function == 'min' else 'largest'} of {listed(said)}"
            case "len" | "card":
                return f"the number of {said[0]}"
            case "all_different":
                return f"{listed(said)} are all different"
            case "sqrt":
                return f"the square root of {said[0]}"
            case "piecewise":
                return f"the price by steps of {said[0]}"
        return f"{function} of {listed(said)}"


def _of(args: Sequence[str]) -> str:
    return f" of {listed(list(args))}" if args else ""


def _mentions(description: str, places: Sequence[str]) -> bool:
    return all(re.search(rf"\b{re.escape(place)}\b", description) for place in places)


def in_place(description: str, places: Sequence[str], args: Sequence[str]) -> str:
    """Puts labels into a description that speaks of the indices: ``shipped from p to m`` of Seattle and Chicago."""
    wanted = dict(zip(places, args, strict=True))
    pattern = re.compile(r"\b(" + "|".join(re.escape(place) for place in wanted) + r")\b")
    return pattern.sub(lambda found: wanted[found[1]], description)
