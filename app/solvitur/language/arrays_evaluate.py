"""Evaluates expressions of the model over whole frames at once: numbers, labels, and forms of the variables."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from solvitur.language.arrays_forms import Claim, Form, Term, multiplied
from solvitur.language.arrays_frames import Frame, Growth
from solvitur.language.arrays_growth import Grower, tuple_items
from solvitur.language.arrays_labels import Value, codes_in, equal, flattened, numbers_of, ordered
from solvitur.language.arrays_lookup import indices_at, positions, values_at
from solvitur.language.arrays_spaces import Labels, Quantity, Space, name_of
from solvitur.language.elements import (
    Aggregate,
    Binary,
    Call,
    Choose,
    Compare,
    Expr,
    Logic,
    Number,
    Ref,
    Span,
    Text,
    Unary,
)
from solvitur.language.faults import Places
from solvitur.problem.errors import InputError


@dataclass(frozen=True, eq=False)
class Variable:
    """A variable's columns: its number among the variables, its space and its first column."""

    name: str
    number: int
    space: Space
    start: int


class Scope(Protocol):
    """What the names of the model stand for; raises InputError when the thing asked for cannot be bound."""

    @property
    def places(self) -> Places: ...
    def space(self, name: str) -> Space | None: ...
    def quantity(self, name: str) -> Quantity | None: ...
    def variable(self, name: str) -> Variable | None: ...
    def range_labels(self, low: int, high: int) -> Labels: ...


_FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
}


class Evaluator:
    """Evaluates the expressions of one element of the model.

    Numbers and truths come as arrays with as many dimensions as the frame (sizes may be 1) or none.
    """

    def __init__(self, scope: Scope, element: str) -> None:
        self.scope = scope
        self.element = element
        self.grower = Grower(self)

    def fail(self, text: str, span: Span) -> InputError:
        """Builds the error at a span of the model's text."""
        return InputError.at(text, place=self.scope.places.of(span), element=self.element)

    def value(self, expr: Expr, frame: Frame) -> Value:
        """Evaluates an expression.

        Raises
        ------
        InputError
            Naming the place and the index, when it has no value.
        """
        value = self._value(expr, frame)
        # numpy gives scalars, not arrays, for operations on arrays without dimensions.
        return np.asarray(value) if isinstance(value, np.generic) else value

    def _value(self, expr: Expr, frame: Frame) -> Value:
        match expr:
            case Number():
                return np.array(float(expr.value))
            case Text():
                return expr.value
            case Ref():
                return self._reference(expr, frame)
            case Unary():
                return self._unary(expr, frame)
            case Binary():
                return self._binary(expr, frame)
            case Compare():
                return self._compare(expr, frame)
            case Logic():
                return self._logic(expr, frame)
            case Choose():
                return self._choose(expr, frame)
            case Aggregate():
                return self._aggregate(expr, frame)
            case Call():
                return self._call(expr, frame)
            case _:
                raise self.fail("A set stands here where a number is expected.", expr.span)

    def set_named(self, ref: Ref) -> Space:
        """Returns the set of that name."""
        space = None if ref.args else self.scope.space(ref.name)
        if space is None:
            raise self.fail(f"A set is expected here, but '{ref.name}' is none.", ref.span)
        return space

    def range_labels(self, low: int, high: int) -> Labels:
        """Returns the whole numbers of a range; the same ones every time, so that their codes can be compared."""
        return self.scope.range_labels(low, high)

    def numbers(self, expr: Expr, frame: Frame) -> np.ndarray:
        """Evaluates an expression of data alone to float64 numbers."""
        value = self.value(expr, frame)
        if isinstance(value, Form | Claim):
            raise self.fail("This must be known from the data, but it depends on a variable.", expr.span)
        return self._as_numbers(value, expr, frame)

    def spread(self, expr: Expr, frame: Frame) -> np.ndarray:
        """Evaluates data to a flat float64 array, one number per combination."""
        values = np.broadcast_to(self.numbers(expr, frame), frame.shape).reshape(-1)
        return values.astype(np.float64, copy=False)

    def truths(self, expr: Expr, frame: Frame) -> np.ndarray:
        """Evaluates a condition on data to booleans."""
        value = self.value(expr, frame)
        if isinstance(value, Form | Claim):
            raise self.fail("A condition can only use data, but this depends on a variable.", expr.span)
        if isinstance(value, np.ndarray):
            return value.astype(bool, copy=False)
        raise self.fail("A condition is expected here, such as i != j.", expr.span)

    def form(self, expr: Expr, frame: Frame) -> Form:
        """Evaluates an expression to a form of the variables."""
        value = self.value(expr, frame)
        return value if isinstance(value, Form) else Form(self._as_numbers(value, expr, frame))

    def _as_numbers(self, value: Value, expr: Expr, frame: Frame) -> np.ndarray:
        numbers = None if isinstance(value, Form | Claim) else numbers_of(value, frame.ndim)
        if numbers is None:
            raise self.fail("A number is expected here, but this is a label.", expr.span)
        return numbers.astype(np.float64) if numbers.dtype == bool else numbers

    # Names ---------------------------------------------------------------------------------------------------

    def _reference(self, ref: Ref, frame: Frame) -> Value:
        bound = frame.names.get(ref.name)
        if bound is not None and not ref.args:
            return bound[0] if len(bound) == 1 else bound
        quantity = self.scope.quantity(ref.name)
        if quantity is not None:
            return values_at(self.fail, ref, self._args(ref, frame), quantity, frame)
        variable = self.scope.variable(ref.name)
        if variable is not None:
            at = positions(self.fail, ref, self._args(ref, frame), variable.space, frame)
            columns = (at + np.int32(variable.start)).astype(np.int32, copy=False)
            return Form(linear=(Term((columns,), np.ones(()), (variable.number,)),))
        if self.scope.space(ref.name) is not None:
            raise self.fail(f"'{ref.name}' is a set, but a number is expected here.", ref.span)
        raise self.fail(f"'{ref.name}' is not known here.", ref.span)

    def _args(self, ref: Ref, frame: Frame) -> list[Value]:
        return flattened([self.value(arg, frame) for arg in ref.args])

    def where(self, frame: Frame, cell: int) -> str:
        """Returns the element's name with its index at a flat position of the frame."""
        return name_of(self.element, frame.label(cell))

    # Operators -----------------------------------------------------------------------------------------------

    def _unary(self, expr: Unary, frame: Frame) -> Value:
        if expr.op == "not":
            return ~self.truths(expr.operand, frame)
        value = self.value(expr.operand, frame)
        if isinstance(value, Form):
            return value.times(np.array(-1.0), frame) if expr.op == "-" else value
        numbers = self._as_numbers(value, expr.operand, frame)
        return np.negative(numbers) if expr.op == "-" else numbers

    def _binary(self, expr: Binary, frame: Frame) -> Value:
        left, right = self.value(expr.left, frame), self.value(expr.right, frame)
        if isinstance(left, Form) or isinstance(right, Form):
            return self._binary_forms(
                expr,
                left if isinstance(left, Form) else Form(self._as_numbers(left, expr.left, frame)),
                right if isinstance(right, Form) else Form(self._as_numbers(right, expr.right, frame)),
                frame,
            )
        a, b = self._as_numbers(left, expr.left, frame), self._as_numbers(right, expr.right, frame)
        match expr.op:
            case "+":
                return np.asarray(a + b)
            case "-":
                return np.asarray(a - b)
            case "*":
                return np.asarray(a * b)
            case "**":
                return self._finite(np.asarray(np.power(a, b)), expr, frame)
        self._require_divisor(b, expr, frame)
        match expr.op:
            case "/":
                return np.asarray(a / b)
            case "//":
                return np.asarray(np.floor_divide(a, b))
            case "%":
                return np.asarray(np.mod(a, b))
        raise self.fail(f"'{expr.op}' works between sets, not between numbers.", expr.span)

    def _binary_forms(self, expr: Binary, left: Form, right: Form, frame: Frame) -> Form:
        fixed = not right.linear and not right.quadratic
        if expr.op == "+":
            return left.plus(right)
        if expr.op == "-":
            return left.plus(right.times(np.array(-1.0), frame))
        if expr.op == "*":
            product = multiplied(left, right, frame)
        elif expr.op == "/" and fixed:
            self._require_divisor(right.constant, expr, frame)
            product = left.times(1.0 / right.constant, frame)
        elif expr.op == "**" and fixed and (right.constant == 2).all():
            product = multiplied(left, left, frame)
        elif expr.op == "**" and fixed and (right.constant == 1).all():
            product = left
        else:
            raise self.fail(
                f"'{expr.op}' makes this nonlinear in the variables; only sums, multiples, products of two "
                "variables and squares can be solved for now.",
                expr.span,
            )
        if product is None:
            raise self.fail("This product of variables is of a higher degree than two, or too large.", expr.span)
        return product

    def _require_divisor(self, divisor: np.ndarray, expr: Binary, frame: Frame) -> None:
        zero = divisor == 0
        if zero.any() and frame.size:
            cell = int(np.flatnonzero(np.broadcast_to(zero, frame.shape))[0])
            raise self.fail(f"This divides by zero{indices_at(frame, cell)}.", expr.span)

    def _finite(self, numbers: np.ndarray, expr: Expr, frame: Frame) -> np.ndarray:
        bad = np.isnan(numbers)
        if bad.any() and frame.size:
            cell = int(np.flatnonzero(np.broadcast_to(bad, frame.shape))[0])
            raise self.fail(f"This has no value as a real number{indices_at(frame, cell)}.", expr.span)
        return numbers

    # Conditions ----------------------------------------------------------------------------------------------

    def _compare(self, expr: Compare, frame: Frame) -> np.ndarray:
        result: np.ndarray = np.array(True)
        for left, op, right in zip(expr.operands, expr.ops, expr.operands[1:], strict=False):
            result = result & self._pair(left, op, right, expr, frame)
        return result

    def _pair(self, left: Expr, op: str, right: Expr, expr: Compare, frame: Frame) -> np.ndarray:
        if op in ("in", "not in"):
            space = self.grower.space(right, frame)
            args = flattened([self.value(item, frame) for item in tuple_items(left)])
            codes = [codes_in(u, arg, frame.ndim) for u, arg in zip(space.universes, args, strict=False)]
            known = [code for code in codes if code is not None]
            if len(known) != space.arity or len(args) != space.arity:
                raise self.fail(
                    f"The set has {space.arity} labels per element, but {len(args)} stand here.", expr.span
                )
            inside = np.asarray(space.locate(known) >= 0)
            return inside if op == "in" else ~inside
        a, b = self.value(left, frame), self.value(right, frame)
        if isinstance(a, Form) or isinstance(b, Form):
            raise self.fail(
                "A comparison of variables inside an expression is logic; it cannot be solved yet. "
                "Write it as a constraint of its own.",
                expr.span,
            )
        if op in ("==", "!="):
            found = equal(a, b, frame.ndim)
            found = found if op == "==" or found is None else ~found
        else:
            found = ordered(op, a, b, frame.ndim)
        if found is None:
            raise self.fail("These two cannot be compared: one is a number, the other a label.", expr.span)
        return found

    def _logic(self, expr: Logic, frame: Frame) -> np.ndarray:
        result = self.truths(expr.operands[0], frame)
        for operand in expr.operands[1:]:
            # As in Python, the right side is only looked at where the left side has not decided yet.
            open_cells = result if expr.op == "and" else ~result
            growth = self.kept(Growth.start(frame), open_cells)
            if growth is None:
                result = self.truths(operand, frame)
                continue
            decided = np.full(frame.size, expr.op == "or")
            assert growth.point is not None
            decided[growth.point] = np.broadcast_to(self.truths(operand, growth.frame), growth.frame.shape)
            result = decided.reshape(frame.shape)
        return result

    def kept(self, growth: Growth, mask: np.ndarray) -> Growth | None:
        """Keeps the combinations for which a condition holds; None when it holds for all."""
        if mask.all():
            return None
        if not mask.ndim:
            return growth.picked(np.zeros(0, np.intp))
        return growth.picked(np.flatnonzero(np.broadcast_to(mask, growth.frame.shape)))

    def _choose(self, expr: Choose, frame: Frame) -> Value:
        mask = self.truths(expr.condition, frame)
        if mask.all():
            return self.value(expr.then, frame)
        if not mask.any():
            return self.value(expr.otherwise, frame)
        parts = []
        for branch, cells in ((expr.then, mask), (expr.otherwise, ~mask)):
            growth = self.kept(Growth.start(frame), cells)
            assert growth is not None
            parts.append(self.form(branch, growth.frame).lifted(growth))
        whole = parts[0].plus(parts[1])
        return whole if whole.linear or whole.quadratic else whole.constant

    # Functions -----------------------------------------------------------------------------------------------

    def _aggregate(self, expr: Aggregate, frame: Frame) -> Value:
        growth = self.grower.growth(frame, expr.binders, expr.condition)
        if expr.function == "sum":
            body = self.value(expr.body, growth.frame)
            if isinstance(body, Form):
                return body.lifted(growth)
            return growth.total(self._as_numbers(body, expr.body, growth.frame))
        if expr.function == "count":
            return growth.total(self.truths(expr.body, growth.frame).astype(np.float64))
        if expr.function in ("all", "any"):
            truths = self.truths(expr.body, growth.frame)
            operation = np.logical_and if expr.function == "all" else np.logical_or
            return growth.reduced(operation, truths, expr.function == "all")
        numbers = self._data_of(expr.function, expr.body, growth.frame)
        if expr.function == "prod":
            return growth.reduced(np.multiply, numbers, 1.0)
        if expr.function in ("min", "max"):
            reduced = growth.reduced(np.minimum if expr.function == "min" else np.maximum, numbers, math.nan)
            if np.isnan(reduced).any():
                cell = int(np.flatnonzero(np.isnan(reduced))[0])
                raise self.fail(f"'{expr.function}' has nothing to choose from{indices_at(frame, cell)}.", expr.span)
            return reduced
        raise self.fail(f"'{expr.function}' cannot be solved yet.", expr.span)

    def _data_of(self, function: str, expr: Expr, frame: Frame) -> np.ndarray:
        value = self.value(expr, frame)
        if isinstance(value, Form):
            raise self.fail(
                f"'{function}' of a variable cannot be solved yet; only sums, multiples and products of two "
                "variables can.",
                expr.span,
            )
        return self._as_numbers(value, expr, frame)

    def _call(self, expr: Call, frame: Frame) -> Value:
        if expr.function in ("len", "card"):
            return np.array(float(self.grower.space(expr.args[0], frame).count))
        if expr.function in ("implies", "iff"):
            left = self.truths(expr.args[0], frame)
            right = self.truths(expr.args[1], frame)
            return np.asarray(~left | right if expr.function == "implies" else left == right)
        if expr.function in ("min", "max"):
            numbers = [self._data_of(expr.function, arg, frame) for arg in expr.args]
            operation = np.minimum if expr.function == "min" else np.maximum
            result = numbers[0]
            for other in numbers[1:]:
                result = np.asarray(operation(result, other))
            return result
        function = _FUNCTIONS.get(expr.function)
        if function is None:
            raise self.fail(f"'{expr.function}' cannot be solved yet.", expr.span)
        data = self._data_of(expr.function, expr.args[0], frame)
        return self._finite(np.asarray(function(data)), expr, frame)


def whole(form: Form) -> bool:
    """Tells whether a form has no variables in it."""
    return not form.linear and not form.quadratic
