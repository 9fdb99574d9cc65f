"""Evaluates conditions on variables, each for the side on which it is needed.

What is needed to hold (``side`` 1) is written one way, what is needed to fail (-1) the other, and what is counted or
compared with another truth (0) both ways. Numbers have sides too (see `logic_functions`): in ``a <= b`` the left is
needed from above and the right from below, the other way round under ``not`` and before the arrow of ``implies``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator, Scope
from solvitur.language.arrays_flat import Flat
from solvitur.language.arrays_forms import Claim, Form
from solvitur.language.arrays_frames import Frame, Growth
from solvitur.language.arrays_labels import Value
from solvitur.language.elements import Aggregate, Binary, Call, Choose, Compare, Expr, Logic, Unary
from solvitur.language.logic_conditions import Atom, Condition, Literals, Over, joined, negated
from solvitur.language.logic_writing import Writer
from solvitur.language.names_used import names_used

_CLAIMS = frozenset(("implies", "iff", "all_different", "all", "any"))


class ClaimEvaluator(Evaluator):
    """Evaluates what is true or false depending on variables."""

    def __init__(self, scope: Scope, element: str, writer: Writer, variables: frozenset[str]) -> None:
        super().__init__(scope, element)
        self.writer = writer
        self._variables = variables
        self._side = 0
        self._used: dict[int, tuple[Expr, frozenset[str]]] = {}

    # What is asked for ---------------------------------------------------------------------------------------

    def number(self, expr: Expr, frame: Frame, side: int) -> Form:
        """Evaluates an expression to a form that is right from above (1), from below (-1) or both (0)."""
        if self.varies(expr, frame) and is_claim(expr):
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
        binary = single and bool(columns.binary[flat.column].all())
        if not binary or flat.constant.any() or (flat.value != 1).any() or len(flat.products.point):
            raise self.fail("This is a number and no condition: compare it, as in x >= 1.", expr.span)
        return Literals.of(flat.column)

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

    def sign_of(self, flat: Flat) -> int:
        """Returns 1 or -1 when all cells of a form are surely above or below zero, else 0."""
        least, most = flat.range(self.writer.columns)
        return 1 if (least > 0).all() else -1 if (most < 0).all() else 0


def is_claim(expr: Expr) -> bool:
    """Tells whether an expression says something true or false."""
    match expr:
        case Compare() | Logic() | Unary(op="not"):
            return True
        case Call(function=function) | Aggregate(function=function):
            return function in _CLAIMS
        case Choose():
            return is_claim(expr.then) or is_claim(expr.otherwise)
    return False
