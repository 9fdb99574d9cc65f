"""Evaluates expressions with logic and with functions of variables: claims become literals, values become columns.

Every part is evaluated for the side on which it is needed (see `logic_functions`): in ``a <= b`` the left from above
and the right from below, the other way round under ``not`` and before the arrow of ``implies``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator, Scope
from solvitur.language.arrays_flat import Flat
from solvitur.language.arrays_forms import Claim, Form, multiplied
from solvitur.language.arrays_frames import Frame, Growth
from solvitur.language.arrays_labels import Value
from solvitur.language.arrays_lookup import indices_at
from solvitur.language.elements import (
    Aggregate,
    Binary,
    Call,
    Choose,
    Compare,
    Expr,
    LabelTuple,
    Logic,
    Ref,
    Unary,
)
from solvitur.language.logic_conditions import Atom, Condition, Different, Literals, Over, Same, joined, negated
from solvitur.language.logic_functions import MOST_VALUES, Functions, interleaved
from solvitur.language.logic_writing import Writer
from solvitur.language.names_used import names_used

_NUMPY = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos}
_CLAIMS = frozenset(("implies", "iff", "all_different", "all", "any"))
_MOST_POWER = 16


class LogicEvaluator(Evaluator):
    """Evaluates the objective or a constraint; what cannot be said by forms goes to the writer."""

    def __init__(self, scope: Scope, element: str, writer: Writer, variables: frozenset[str]) -> None:
        super().__init__(scope, element)
        self.writer = writer
        self._functions = Functions(writer)
        self._variables = variables
        self._side = 0
        self._used: dict[int, tuple[Expr, frozenset[str]]] = {}

    # What is asked for ---------------------------------------------------------------------------------------

    def number(self, expr: Expr, frame: Frame, side: int) -> Form:
        """Evaluates an expression to a form that is right from above (1), from below (-1) or both (0)."""
        if self.varies(expr, frame) and _is_claim(expr):
            return self._counted(self.condition(expr, frame, -side), side).form(frame)
        value = self._at(expr, frame, side)
        if isinstance(value, Claim):
            return self._counted(value.condition, side).form(frame)
        return value if isinstance(value, Form) else Form(self._as_numbers(value, expr, frame))

    def form(self, expr: Expr, frame: Frame) -> Form:
        """Evaluates an expression to a form for the side at hand."""
        return self.number(expr, frame, self._side)

    def condition(self, expr: Expr, frame: Frame, side: int) -> Condition:
        """Evaluates an expression to a condition that is to be required (1), refuted (-1) or both (0)."""
        value = self._at(expr, frame, side)
        if isinstance(value, Claim):
            found: Condition = value.condition
            return found
        if isinstance(value, Form):
            return self._truth_of(value, expr, frame)
        if not isinstance(value, np.ndarray):
            raise self.fail("A condition is expected here, such as i != j.", expr.span)
        return Literals.known(np.broadcast_to(value.astype(bool, copy=False), frame.shape).reshape(-1))

    def varies(self, expr: Expr, frame: Frame) -> bool:
        """Tells whether an expression depends on variables."""
        kept = self._used.get(id(expr))
        if kept is None:
            kept = self._used[id(expr)] = (expr, names_used(expr) & self._variables)
        return bool(kept[1]) and not kept[1] <= frame.names.keys()

    def _at(self, expr: Expr, frame: Frame, side: int) -> Value:
        before, self._side = self._side, side
        try:
            return self.value(expr, frame)
        finally:
            self._side = before

    def _counted(self, condition: Condition, side: int) -> Flat:
        """Returns 1 where a condition holds and 0 elsewhere, right for the side."""
        if side < 0:
            return self.writer.literals(condition).number()
        if side > 0:
            return self.writer.literals(negated(condition)).opposite().number()
        return self.writer.both(condition).number()

    def _truth_of(self, form: Form, expr: Expr, frame: Frame) -> Condition:
        flat = Flat.of(form, frame).merged()
        columns = self.writer.columns
        single = flat.count == len(flat.point) and bool((flat.point == np.arange(flat.count)).all())
        low, high = columns.low[flat.column], columns.high[flat.column]
        binary = single and bool((columns.whole[flat.column] & (low >= 0) & (high <= 1)).all())
        if not binary or flat.constant.any() or (flat.value != 1).any() or len(flat.products.point):
            raise self.fail("This is a number and no condition: compare it, as in x >= 1.", expr.span)
        return Literals.of(flat.column)

    # Expressions ---------------------------------------------------------------------------------------------

    def _value(self, expr: Expr, frame: Frame) -> Value:
        if not self.varies(expr, frame):
            return super()._value(expr, frame)
        match expr:
            case Compare():
                return self._comparison(expr, frame)
            case Logic():
                return self._joined(expr.op, expr.operands, frame)
            case Unary(op="not"):
                return Claim(negated(self.condition(expr.operand, frame, -self._side)))
            case Unary():
                if expr.op == "-":
                    return self.number(expr.operand, frame, -self._side).times(np.array(-1.0), frame)
                return self.number(expr.operand, frame, self._side)
            case Binary():
                return self._calculated(expr, frame)
            case Choose():
                return self._chosen(expr, frame)
            case Aggregate():
                return self._aggregated(expr, frame)
            case Call():
                return self._called(expr, frame)
            case _:
                return super()._value(expr, frame)

    def _calculated(self, expr: Binary, frame: Frame) -> Value:
        side = self._side
        if expr.op in ("+", "-"):
            left = self.number(expr.left, frame, side)
            right = self.number(expr.right, frame, side if expr.op == "+" else -side)
            return self._binary_forms(expr, left, right, frame)
        if expr.op == "*":
            for data, other in ((expr.left, expr.right), (expr.right, expr.left)):
                if not self.varies(data, frame):
                    factor = self.numbers(data, frame)
                    return self.number(other, frame, side * _sign(factor)).times(factor, frame)
            return self._product(self.number(expr.left, frame, 0), self.number(expr.right, frame, 0), frame)
        if expr.op == "/":
            return self._quotient(expr, frame)
        if expr.op == "**" and not self.varies(expr.right, frame):
            return self._power(expr, frame)
        raise self.fail(
            f"'{expr.op}' of variables cannot be solved; rewrite this with sums, products and comparisons.", expr.span
        )

    def _product(self, left: Form, right: Form, frame: Frame) -> Form:
        product = multiplied(left, right, frame)
        if product is None:
            product = self._functions.product_of(Flat.of(left, frame), Flat.of(right, frame)).form(frame)
        return product

    def _quotient(self, expr: Binary, frame: Frame) -> Form:
        if not self.varies(expr.right, frame):
            divisor = self.numbers(expr.right, frame)
            self._require_divisor(divisor, expr, frame)
            return self.number(expr.left, frame, self._side * _sign(divisor)).times(1.0 / divisor, frame)
        bottom = Flat.of(self.number(expr.right, frame, 0), frame)
        if not self.sign_of(bottom):
            raise self.fail(
                "This divides by an expression that may be zero as far as its bounds tell; give its variables bounds "
                "that keep it above zero, such as >= 1.",
                expr.right.span,
            )
        top = Flat.of(self.number(expr.left, frame, 0), frame)
        return self._functions.quotient(top, bottom).form(frame)

    def sign_of(self, flat: Flat) -> int:
        """Returns 1 or -1 when all cells of a form are surely above or below zero, else 0."""
        least, most = flat.range(self.writer.columns)
        return 1 if (least > 0).all() else -1 if (most < 0).all() else 0

    def _power(self, expr: Binary, frame: Frame) -> Form:
        exponents = np.unique(self.numbers(expr.right, frame))
        exponent = float(exponents[0]) if len(exponents) == 1 else math.nan
        side = self._side if exponent == 1 else 0
        base = self.number(expr.left, frame, side)
        if exponent == 0:
            return Form(np.array(1.0))
        if exponent in (1.0, 2.0):
            return base if exponent == 1 else self._product(base, base, frame)
        flat = Flat.of(base, frame)
        if len(exponents) == 1:
            listed = self._functions.listed(flat, lambda points: np.power(points, exponent))
            if listed is not None:
                return listed.form(frame)
        if exponent == 0.5:
            return self._functions.root(flat, self._side).form(frame)
        if exponent in range(3, _MOST_POWER + 1):
            power = base
            for _ in range(int(exponent) - 1):
                power = self._product(power, base, frame)
            return power
        raise self._unsolved("A power with such an exponent", expr)

    def _unsolved(self, what: str, expr: Expr) -> Exception:
        return self.fail(
            f"{what} of a variable cannot be solved exactly: it can for whole numbers with at most {MOST_VALUES:,} "
            "values; else draw it with piecewise(x, (b0, v0), (b1, v1), ...).",
            expr.span,
        )

    # Conditions ----------------------------------------------------------------------------------------------

    def _comparison(self, expr: Compare, frame: Frame) -> Claim:
        pairs = zip(expr.operands, expr.ops, expr.operands[1:], strict=False)
        return Claim(joined("and", [self._compared(left, op, right, expr, frame) for left, op, right in pairs]))

    def _compared(self, left: Expr, op: str, right: Expr, expr: Compare, frame: Frame) -> Condition:
        if op in ("in", "not in") or not (self.varies(left, frame) or self.varies(right, frame)):
            truth = self._pair(left, op, right, expr, frame)
            return Literals.known(np.broadcast_to(truth, frame.shape).reshape(-1))
        if op in (">", ">="):
            left, right, op = right, left, op.replace(">", "<")
        left, op, right = self.without_quotient(left, op, right, frame)
        side = 0 if op in ("==", "!=") else self._side
        smaller = Flat.of(self.number(left, frame, side), frame)
        return Atom(smaller.minus(Flat.of(self.number(right, frame, -side), frame)), op)

    def without_quotient(self, left: Expr, op: str, right: Expr, frame: Frame) -> tuple[Expr, str, Expr]:
        """Multiplies a comparison (``<= < == !=``) by the divisor of one of its sides, if its sign is known."""
        for one, other, first in ((left, right, True), (right, left, False)):
            if not (isinstance(one, Binary) and one.op == "/" and self.varies(one.right, frame)):
                continue
            bottom = self.number(one.right, frame, 0)
            if bottom.quadratic or not (sign := self.sign_of(Flat.of(bottom, frame))):
                continue
            scaled = Binary("*", other, one.right, other.span)
            return (one.left, op, scaled) if first == (sign > 0) else (scaled, op, one.left)
        return left, op, right

    def _joined(self, op: str, operands: Sequence[Expr], frame: Frame) -> Value:
        """Joins by ``and`` or ``or``; as in Python, what follows data is looked at only where data leaves it open."""
        first, rest = operands[0], operands[1:]
        if not rest:
            return self._truth(first, frame)
        if self.varies(first, frame):
            head = self.condition(first, frame, self._side)
            return Claim(joined(op, [head, self._as_condition(self._joined(op, rest, frame), first, frame)]))
        return self._guarded(op, self.truths(first, frame), rest, frame)

    def _guarded(self, op: str, known: np.ndarray, rest: Sequence[Expr], frame: Frame) -> Value:
        growth = self.kept(Growth.start(frame), known if op == "and" else ~known)
        if growth is None:
            return self._joined(op, rest, frame)
        assert growth.point is not None
        body = self._as_condition(self._joined(op, rest, growth.frame), rest[0], growth.frame)
        return Claim(Over("or" if op == "and" else "and", growth.point, body, frame.size))

    def _truth(self, expr: Expr, frame: Frame) -> Value:
        if not self.varies(expr, frame):
            return self.truths(expr, frame)
        return Claim(self.condition(expr, frame, self._side))

    def _as_condition(self, value: Value, expr: Expr, frame: Frame) -> Condition:
        if isinstance(value, Claim):
            found: Condition = value.condition
            return found
        assert isinstance(value, np.ndarray)
        return Literals.known(np.broadcast_to(value, frame.shape).reshape(-1))

    def _chosen(self, expr: Choose, frame: Frame) -> Value:
        mask = self.truths(expr.condition, frame)
        if mask.all() or not mask.any():
            return self.value(expr.then if mask.all() else expr.otherwise, frame)
        claims = _is_claim(expr.then) or _is_claim(expr.otherwise)
        parts: list[Condition] = []
        forms: list[Form] = []
        for branch, cells in ((expr.then, mask), (expr.otherwise, ~mask)):
            growth = self.kept(Growth.start(frame), cells)
            assert growth is not None and growth.point is not None
            if claims:
                body = self.condition(branch, growth.frame, self._side)
                parts.append(Over("and", growth.point, body, frame.size))
            else:
                forms.append(self.number(branch, growth.frame, self._side).lifted(growth))
        return Claim(joined("and", parts)) if claims else forms[0].plus(forms[1])

    # Functions -----------------------------------------------------------------------------------------------

    def _aggregated(self, expr: Aggregate, frame: Frame) -> Value:
        growth = self.grower.growth(frame, expr.binders, expr.condition)
        inside, side, function = growth.frame, self._side, expr.function
        if function == "sum":
            return self.number(expr.body, inside, side).lifted(growth)
        owner = _owners(growth)
        if function == "count":
            condition = self.condition(expr.body, inside, -side)
            return self._counted(condition, side).summed(owner, frame.size).form(frame)
        if function in ("all", "any"):
            condition = self.condition(expr.body, inside, side)
            return Claim(Over("and" if function == "all" else "or", owner, condition, frame.size))
        if function == "all_different":
            return Claim(Different(Flat.of(self.number(expr.body, inside, 0), inside), owner, frame.size))
        if function in ("min", "max"):
            empty = np.flatnonzero(np.bincount(owner, minlength=frame.size) == 0)
            if len(empty):
                where = indices_at(frame, int(empty[0]))
                raise self.fail(f"'{function}' has nothing to choose from{where}.", expr.span)
            sign = 1.0 if function == "max" else -1.0
            flat = Flat.of(self.number(expr.body, inside, side), inside).times(sign)
            largest = self._functions.largest(flat, owner, frame.size, int(side * sign))
            return largest.times(sign).form(frame)
        raise self.fail(f"'{function}' of variables cannot be solved; write the product out.", expr.span)

    def _called(self, expr: Call, frame: Frame) -> Value:
        side, function, args = self._side, expr.function, expr.args
        match function:
            case "implies":
                if not self.varies(args[0], frame):
                    return self._guarded("or", ~self.truths(args[0], frame), args[1:], frame)
                head = negated(self.condition(args[0], frame, -side))
                return Claim(joined("or", [head, self.condition(args[1], frame, side)]))
            case "iff":
                return Claim(Same(self.condition(args[0], frame, 0), self.condition(args[1], frame, 0)))
            case "all_different":
                flats = [flat for arg in args for flat in self._listed_forms(arg, frame)]
                flat, owner = interleaved(flats)
                return Claim(Different(flat, owner, frame.size))
            case "piecewise":
                return self._piecewise(expr, frame)
            case "abs":
                flat = Flat.of(self.number(args[0], frame, 0), frame)
                return self._functions.absolute(flat, side).form(frame)
            case "min" | "max":
                sign = 1.0 if function == "max" else -1.0
                flats = [Flat.of(self.number(arg, frame, side), frame).times(sign) for arg in args]
                flat, owner = interleaved(flats)
                return self._functions.largest(flat, owner, frame.size, int(side * sign)).times(sign).form(frame)
        return self._applied(expr, frame)

    def _applied(self, expr: Call, frame: Frame) -> Form:
        flat = Flat.of(self.number(expr.args[0], frame, 0), frame)
        listed = self._functions.listed(flat, _NUMPY[expr.function])
        if listed is not None:
            return listed.form(frame)
        if expr.function == "sqrt":
            return self._functions.root(flat, self._side).form(frame)
        raise self._unsolved(f"'{expr.function}'", expr)

    def _listed_forms(self, expr: Expr, frame: Frame) -> list[Flat]:
        """Returns the forms of an argument of ``all_different``; a variable's bare name is all its elements."""
        variable = self.scope.variable(expr.name) if isinstance(expr, Ref) and not expr.args else None
        if variable is None or not variable.space.arity:
            return [Flat.of(self.number(expr, frame, 0), frame)]
        columns = range(variable.start, variable.start + variable.space.count)
        return [Flat.columns(np.full(frame.size, column, np.int32)) for column in columns]

    def _piecewise(self, expr: Call, frame: Frame) -> Form:
        points = [point.items for point in expr.args[1:] if isinstance(point, LabelTuple)]
        breaks = np.array([self.spread(b, frame) for b, _ in points])
        values = np.array([self.spread(v, frame) for _, v in points])
        if not (np.isfinite(breaks).all() and np.isfinite(values).all()):
            raise self.fail("A point of this piecewise function is not a finite number.", expr.span)
        wrong = np.flatnonzero((np.diff(breaks, axis=0) <= 0).any(axis=0))
        if len(wrong):
            where = indices_at(frame, int(wrong[0]))
            raise self.fail(f"The breakpoints of 'piecewise' must rise from point to point{where}.", expr.span)
        flat = Flat.of(self.number(expr.args[0], frame, 0), frame)
        return self._functions.piecewise(flat, breaks, values, self._side).form(frame)


def _is_claim(expr: Expr) -> bool:
    """Tells whether an expression says something true or false."""
    match expr:
        case Compare() | Logic() | Unary(op="not"):
            return True
        case Call(function=function) | Aggregate(function=function):
            return function in _CLAIMS
        case Choose():
            return _is_claim(expr.then) or _is_claim(expr.otherwise)
    return False


def _sign(data: np.ndarray) -> int:
    """Returns 1 or -1 when no number is of the other sign, else 0."""
    return 1 if (data >= 0).all() else -1 if (data <= 0).all() else 0


def _owners(growth: Growth) -> np.ndarray:
    """Returns for every cell of a grown frame the cell of its base that it belongs to."""
    heads = growth.point if growth.point is not None else np.arange(growth.base.size)
    return np.repeat(heads, math.prod(growth.tail))
