"""Reads constraints as comparisons: variables in the middle, numbers on the two sides."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from solvitur.language.arrays_evaluate import whole
from solvitur.language.arrays_forms import ZERO, Form
from solvitur.language.arrays_frames import Frame
from solvitur.language.arrays_spaces import Labels, Space
from solvitur.language.elements import (
    Aggregate,
    Binary,
    Call,
    Compare,
    ConstraintElement,
    Expr,
    Logic,
    ObjectiveElement,
    Unary,
)
from solvitur.language.logic_conditions import Literals
from solvitur.language.logic_evaluate import LogicEvaluator
from solvitur.language.logic_writing import FlatRow
from solvitur.language.names_used import expressions_in, names_used

_RELATIONS = frozenset(("<=", ">=", "=="))


@dataclass(frozen=True, eq=False)
class Comparison:
    """A form between two sides, over all combinations of a constraint's frame.

    ``lower`` and ``upper`` are flat float64 arrays, shape (frame.size,). With ``when``, literals of which none is
    fixed, a row holds only where its literal does.
    """

    name: str
    element: ConstraintElement | ObjectiveElement
    evaluator: LogicEvaluator
    frame: Frame
    form: Form
    lower: np.ndarray
    upper: np.ndarray
    when: Literals | None = None
    space: Space | None = None
    """The names of the rows where they are not those of the frame."""
    auxiliary: bool = False
    """Whether these are no rows of the model's own, but what logic was written as."""


def is_plain(body: Expr, variables: frozenset[str]) -> bool:
    """Tells whether an expression of variables has neither logic nor functions of variables in it."""
    for part in expressions_in(body):
        match part:
            case Compare() | Logic() | Call() | Unary(op="not"):
                odd = True
            case Aggregate():
                odd = part.function != "sum"
            case Binary(op="**"):
                odd = getattr(part.right, "value", None) not in (1, 2)
            case Binary(op="/"):
                odd = not names_used(part.right).isdisjoint(variables)
            case Binary(op="*"):
                odd = False
            case _:
                continue
        if odd and not names_used(part).isdisjoint(variables):
            return False
    return True


def relations_of(body: Expr) -> list[Compare] | None:
    """Returns the comparisons that a constraint joins by ``and``; None when it is anything else."""
    if isinstance(body, Logic) and body.op == "and":
        parts = [relations_of(operand) for operand in body.operands]
        return None if None in parts else [each for part in parts for each in part or ()]
    return [body] if isinstance(body, Compare) and _RELATIONS.issuperset(body.ops) else None


def is_plain_constraint(element: ConstraintElement, variables: frozenset[str]) -> bool:
    """Tells whether a constraint is comparisons of forms alone."""
    relations = relations_of(element.body)
    return relations is not None and all(is_plain(side, variables) for each in relations for side in each.operands)


def comparisons_of(element: ConstraintElement, evaluator: LogicEvaluator, frame: Frame) -> list[Comparison]:
    """Evaluates the comparisons of a constraint; the second and further parts are named ``name:2`` and so on.

    Raises
    ------
    InputError
        If it has no form that can be solved.
    """
    found: list[Comparison] = []
    for relation in relations_of(element.body) or ():
        for low, middle, high in _sides(relation, evaluator, frame):
            for form, lower, upper in _bounded(evaluator, low, middle, high, frame):
                name = f"{element.name}:{len(found) + 1}" if found else element.name
                found.append(Comparison(name, element, evaluator, frame, form, lower, upper))
    return found


def written_rows(
    element: ConstraintElement | ObjectiveElement, evaluator: LogicEvaluator, taken: int
) -> list[Comparison]:
    """Turns the rows that an evaluation left with the writer into comparisons; ``taken`` names are in use already."""
    found: list[Comparison] = []
    for row in evaluator.writer.rows:
        number = taken + len(found) + 1
        name = f"{element.name}:{number}" if number > 1 else element.name
        found.append(_comparison(name, element, evaluator, row))
    evaluator.writer.rows.clear()
    return found


def _comparison(
    name: str, element: ConstraintElement | ObjectiveElement, evaluator: LogicEvaluator, row: FlatRow
) -> Comparison:
    count = row.form.count
    space = row.space
    if space is None:
        space = Space((Labels("", tuple(range(1, count + 1))),), ("",)) if count != 1 else Space(())
    frame = Frame((count,))
    form = replace(row.form.form(frame), constant=ZERO)
    return Comparison(name, element, evaluator, frame, form, row.lower, row.upper, row.when, space, row.space is None)


def _sides(body: Compare, evaluator: LogicEvaluator, frame: Frame) -> list[tuple[Expr | None, Expr, Expr | None]]:
    """Splits a constraint into triples ``low <= middle <= high``; equality has the same expression on both sides."""
    if len(body.ops) == 2 and body.ops in (("<=", "<="), (">=", ">=")):
        first, middle, last = body.operands
        if not (isinstance(middle, Binary) and middle.op == "/" and evaluator.varies(middle.right, frame)):
            return [(first, middle, last) if body.ops[0] == "<=" else (last, middle, first)]
    triples: list[tuple[Expr | None, Expr, Expr | None]] = []
    for left, op, right in zip(body.operands, body.ops, body.operands[1:], strict=False):
        if op == ">=":
            # Turned round for a moment: a divisor is moved over in one way only.
            small, kept, large = evaluator.without_quotient(right, "<=", left, frame)
            triples.append((small, large, None))
            continue
        small, kept, large = evaluator.without_quotient(left, op, right, frame)
        triples.append((large, small, large) if kept == "==" else (None, small, large))
    return triples


def _bounded(
    evaluator: LogicEvaluator, low: Expr | None, middle: Expr, high: Expr | None, frame: Frame
) -> list[tuple[Form, np.ndarray, np.ndarray]]:
    """Moves variables to the middle and numbers to the sides; two parts when both ends of a chain have variables."""
    side = 0 if low is not None and high is not None else -1 if low is not None else 1
    form = evaluator.number(middle, frame, side)
    first = evaluator.number(low, frame, 0 if high is low else 1) if low is not None else None
    last = first if high is low else evaluator.number(high, frame, -1) if high is not None else None
    if first is not None and last is not None and last is not first and not (whole(first) and whole(last)):
        return [_moved(form, first, None, frame), _moved(form, None, last, frame)]
    return [_moved(form, first, last, frame)]


def _moved(form: Form, first: Form | None, last: Form | None, frame: Frame) -> tuple[Form, np.ndarray, np.ndarray]:
    side = first or last or Form()
    if not whole(side):
        form = form.plus(side.times(np.array(-1.0), frame))
        ends = [None if end is None else -form.constant for end in (first, last)]
    else:
        ends = [None if end is None else end.constant - form.constant for end in (first, last)]
    lower, upper = (
        np.full(frame.size, missing)
        if end is None
        else np.broadcast_to(np.asarray(end, np.float64), frame.shape).reshape(-1)
        for end, missing in zip(ends, (-math.inf, math.inf), strict=True)
    )
    return Form(ZERO, form.linear, form.quadratic), lower, upper
