"""Evaluates expressions with logic and with functions of variables: claims become literals, values become columns."""

from __future__ import annotations

import math

import numpy as np

from solvitur.language.arrays_evaluate import Scope
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
from solvitur.language.logic_claims import ClaimEvaluator, is_claim
from solvitur.language.logic_conditions import Condition, Different, Over, Same, joined, negated
from solvitur.language.logic_functions import MOST_VALUES, Functions, interleaved
from solvitur.language.logic_writing import Writer

_NUMPY = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos}
_MOST_POWER = 16


class LogicEvaluator(ClaimEvaluator):
    """Evaluates the objective or a constraint; what cannot be said by forms goes to the writer."""

    def __init__(self, scope: Scope, element: str, writer: Writer, variables: frozenset[str]) -> None:
        super().__init__(scope, element, writer, variables)
        self._functions = Functions(writer)

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
        if expr.op == "**" and not self.varies(expr.left, frame):
            return self._exponential(expr, frame)
        if expr.op in ("//", "%") and not self.varies(expr.right, frame):
            return self._divided(expr, frame)
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

    def _exponential(self, expr: Binary, frame: Frame) -> Form:
        base = np.unique(self.numbers(expr.left, frame))
        flat = Flat.of(self.number(expr.right, frame, 0), frame)
        if len(base) == 1 and (listed := self._functions.listed(flat, lambda points: np.power(base[0], points))):
            return listed.form(frame)
        raise self._unsolved("A power with a variable exponent", expr)

    def _divided(self, expr: Binary, frame: Frame) -> Form:
        """Divides whole numbers, and gives the whole quotient or the remainder."""
        divisor = self.spread(expr.right, frame)
        flat = Flat.of(self.number(expr.left, frame, 0), frame)
        if (divisor < 1).any() or (np.rint(divisor) != divisor).any() or flat.grain(self.writer.columns) % 1:
            raise self._unsolved(f"'{expr.op}'", expr)
        if not flat.grain(self.writer.columns):
            raise self._unsolved(f"'{expr.op}'", expr)
        quotient, remainder = self._functions.divided(flat, divisor)
        return (quotient if expr.op == "//" else remainder).form(frame)

    def _unsolved(self, what: str, expr: Expr) -> Exception:
        return self.fail(
            f"{what} of a variable cannot be solved exactly: it can for whole numbers with at most {MOST_VALUES:,} "
            "values; else draw it with piecewise(x, (b0, v0), (b1, v1), ...).",
            expr.span,
        )

    def _chosen(self, expr: Choose, frame: Frame) -> Value:
        mask = self.truths(expr.condition, frame)
        if mask.all() or not mask.any():
            return self.value(expr.then if mask.all() else expr.otherwise, frame)
        claims = is_claim(expr.then) or is_claim(expr.otherwise)
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


def _sign(data: np.ndarray) -> int:
    """Returns 1 or -1 when no number is of the other sign, else 0."""
    return 1 if (data >= 0).all() else -1 if (data <= 0).all() else 0


def _owners(growth: Growth) -> np.ndarray:
    """Returns for every cell of a grown frame the cell of its base that it belongs to."""
    heads = growth.point if growth.point is not None else np.arange(growth.base.size)
    return np.repeat(heads, math.prod(growth.tail))
