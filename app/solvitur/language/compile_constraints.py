"""Reads constraints as comparisons: variables in the middle, numbers on the two sides."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator, whole
from solvitur.language.arrays_forms import ZERO, Form
from solvitur.language.arrays_frames import Frame
from solvitur.language.elements import Compare, ConstraintElement, Expr, Logic


@dataclass(frozen=True, eq=False)
class Comparison:
    """A form between two sides, over all combinations of a constraint's frame.

    ``lower`` and ``upper`` are flat float64 arrays, shape (frame.size,).
    """

    name: str
    element: ConstraintElement
    evaluator: Evaluator
    frame: Frame
    form: Form
    lower: np.ndarray
    upper: np.ndarray


def comparisons_of(element: ConstraintElement, evaluator: Evaluator) -> list[Comparison]:
    """Evaluates a constraint; the second and further parts of a chain are named ``name:2`` and so on.

    Raises
    ------
    InputError
        If the constraint is no comparison, or not linear or quadratic.
    """
    frame = evaluator.grower.growth(Frame(), element.binders, element.condition).frame
    found: list[Comparison] = []
    for low, middle, high in _sides(element.body, evaluator):
        for form, lower, upper in _bounded(evaluator, low, middle, high, frame):
            name = f"{element.name}:{len(found) + 1}" if found else element.name
            found.append(Comparison(name, element, evaluator, frame, form, lower, upper))
    return found


def _sides(body: Expr, evaluator: Evaluator) -> list[tuple[Expr | None, Expr, Expr | None]]:
    """Splits a constraint into triples ``low <= middle <= high``; equality has the same expression on both sides."""
    if isinstance(body, Logic) and body.op == "and":
        return [side for operand in body.operands for side in _sides(operand, evaluator)]
    if not isinstance(body, Compare):
        raise evaluator.fail(
            "A constraint compares two sides with <=, >= or ==; logic of variables cannot be solved yet.", body.span
        )
    for op in body.ops:
        if op not in ("<=", ">=", "=="):
            hint = f"; write '{op}='" if op in ("<", ">") else ""
            raise evaluator.fail(f"'{op}' cannot be used between the sides of a constraint{hint}.", body.span)
    if len(body.ops) == 2 and body.ops in (("<=", "<="), (">=", ">=")):
        first, middle, last = body.operands
        return [(first, middle, last) if body.ops[0] == "<=" else (last, middle, first)]
    triples: list[tuple[Expr | None, Expr, Expr | None]] = []
    for left, op, right in zip(body.operands, body.ops, body.operands[1:], strict=False):
        low, high = {"<=": (None, right), ">=": (right, None), "==": (right, right)}[op]
        triples.append((low, left, high))
    return triples


def _bounded(
    evaluator: Evaluator, low: Expr | None, middle: Expr, high: Expr | None, frame: Frame
) -> list[tuple[Form, np.ndarray, np.ndarray]]:
    """Moves variables to the middle and numbers to the sides; two parts when both ends of a chain have variables."""
    form = evaluator.form(middle, frame)
    first = evaluator.form(low, frame) if low is not None else None
    last = first if high is low else evaluator.form(high, frame) if high is not None else None
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
