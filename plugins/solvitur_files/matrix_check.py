"""Our own check of an answer: plain Python over the formulation's rows, one by one, in compensated sums.

A row is violated when it misses its side by more than ``1e-6 * max(1, |largest term|, |side|)``: what
cancelled in the row cannot be asked to be exact beyond the size of its terms. A bound is violated when
missed by more than ``1e-6 * max(1, |bound|)``; a whole variable when farther than 1e-6 from whole.
The objective must be the claimed one to ``1e-6 * max(1, |objective|, 1e-3 * |largest term|)``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from solvitur.api import (
    INTEGER,
    SEMI_CONTINUOUS,
    SEMI_INTEGER,
    ElementCheck,
    Finding,
    MatrixInstance,
    Result,
    RowCheck,
    Severity,
    Verification,
)

TOLERANCE = 1e-6
MOST_ROWS = 2000
"""How many rows a report lists; violated ones come first, then tight ones."""


class _Outcome(NamedTuple):
    """One row, bound or whole variable: by how much it is missed (negative: the slack), and whether that counts."""

    position: int
    missed: float
    violated: bool
    tight: bool
    activity: float
    lower: float
    upper: float


def verify(instance: MatrixInstance, result: Result) -> Verification:
    """Checks a result's answer and objective against an instance."""
    if result.answer is None:
        finding = Finding(Severity.ERROR, "there is no answer to check")
        return Verification(passed=False, max_violation=0.0, objective=None, findings=(finding,), tolerance=TOLERANCE)
    values = [float(value) for value in np.asarray(result.answer).tolist()]
    unfit = _unfit(instance, values)
    if unfit:
        finding = Finding(Severity.ERROR, unfit)
        return Verification(
            passed=False, max_violation=math.inf, objective=None, findings=(finding,), tolerance=TOLERANCE
        )
    groups = {
        "constraints": (_rows(instance, values), instance.constraint_of),
        "bounds": (_bounds(instance, values), instance.variable_of),
        "whole variables": (_whole(instance, values), instance.variable_of),
    }
    checks: list[ElementCheck] = []
    findings: list[Finding] = []
    worst = 0.0
    for name, (outcomes, name_of) in groups.items():
        if not outcomes:
            continue
        check, failed = _summary(name, outcomes, name_of)
        checks.append(check)
        findings += [failed] if failed else []
        worst = max(worst, check.max_violation)
    objective, mistaken = _objective(instance, values, result.objective)
    findings += [mistaken] if mistaken else []
    rows = _telling(groups["constraints"][0], instance)
    return Verification(not findings, worst, objective, tuple(checks), rows, tuple(findings), TOLERANCE)


def _unfit(instance: MatrixInstance, values: list[float]) -> str:
    if len(values) != instance.columns:
        return f"the answer has {len(values)} values for {instance.columns} variables"
    for column, value in enumerate(values):
        if not math.isfinite(value):
            return f"the answer gives '{instance.variable_of(column)}' no finite value"
    return ""


def _rows(instance: MatrixInstance, values: list[float]) -> list[_Outcome]:
    matrix = instance.matrix
    start, column, value = matrix.start.tolist(), matrix.column.tolist(), matrix.value.tolist()
    lower, upper = instance.row_lower.tolist(), instance.row_upper.tolist()
    quadratic: dict[int, list[float]] = {}
    for part in instance.quadratic_rows:
        triples = zip(part.first.tolist(), part.second.tolist(), part.value.tolist(), strict=True)
        quadratic.setdefault(part.row, []).extend(q * values[i] * values[j] for i, j, q in triples)
    found = []
    for row in range(instance.rows):
        terms = [value[k] * values[column[k]] for k in range(start[row], start[row + 1])]
        terms += quadratic.get(row, ())
        largest = max(map(abs, terms), default=0.0)
        found.append(_side(row, math.fsum(terms), lower[row], upper[row], largest))
    return found


def _side(position: int, activity: float, lower: float, upper: float, largest: float) -> _Outcome:
    below, above = lower - activity, activity - upper
    missed, side = (below, lower) if below >= above else (above, upper)
    allowed = TOLERANCE * max(1.0, largest, abs(side) if math.isfinite(side) else 0.0)
    return _Outcome(position, missed, missed > allowed, -allowed <= missed <= allowed, activity, lower, upper)


def _bounds(instance: MatrixInstance, values: list[float]) -> list[_Outcome]:
    codes = instance.integrality.tolist()
    lower, upper = instance.column_lower.tolist(), instance.column_upper.tolist()
    found = []
    for column, value in enumerate(values):
        if lower[column] == -math.inf and upper[column] == math.inf:
            continue
        if codes[column] in (SEMI_CONTINUOUS, SEMI_INTEGER) and abs(value) <= TOLERANCE:
            found.append(_Outcome(column, -0.0, False, True, value, 0.0, upper[column]))
        else:
            found.append(_side(column, value, lower[column], upper[column], 0.0))
    return found


def _whole(instance: MatrixInstance, values: list[float]) -> list[_Outcome]:
    found = []
    for column, code in enumerate(instance.integrality.tolist()):
        if code in (INTEGER, SEMI_INTEGER):
            value = values[column]
            missed = abs(value - round(value))
            found.append(_Outcome(column, missed, missed > TOLERANCE, False, value, round(value), round(value)))
    return found


def _summary(name: str, outcomes: list[_Outcome], name_of: object) -> tuple[ElementCheck, Finding | None]:
    assert callable(name_of)
    violated = [outcome for outcome in outcomes if outcome.violated]
    tight = sum(outcome.tight for outcome in outcomes)
    worst = max(violated or outcomes, key=lambda outcome: outcome.missed)
    largest = max(outcome.missed for outcome in outcomes)
    worst_name = name_of(worst.position)
    check = ElementCheck(
        name, len(outcomes), len(outcomes) - len(violated), tight, len(violated), max(0.0, largest), worst_name
    )
    if not violated:
        return check, None
    text = (
        f"{len(violated)} of {len(outcomes)} {name} are violated, '{worst_name}' most: "
        f"{worst.activity:.9g} is {worst.missed:.3g} outside {_range(worst.lower, worst.upper)}"
    )
    return check, Finding(Severity.ERROR, text, worst_name)


def _range(lower: float, upper: float) -> str:
    if lower == upper:
        return f"{lower:.9g}"
    if lower == -math.inf:
        return f"at most {upper:.9g}"
    if upper == math.inf:
        return f"at least {lower:.9g}"
    return f"{lower:.9g} to {upper:.9g}"


def _objective(instance: MatrixInstance, values: list[float], claimed: float | None) -> tuple[float, Finding | None]:
    terms = [cost * value for cost, value in zip(instance.cost.tolist(), values, strict=True) if cost]
    if instance.hessian is not None:
        hessian = instance.hessian
        start, column, entry = hessian.start.tolist(), hessian.column.tolist(), hessian.value.tolist()
        for row in range(hessian.rows):
            terms += [values[row] * entry[k] * values[column[k]] / 2 for k in range(start[row], start[row + 1])]
    terms.append(instance.offset)
    ours = math.fsum(terms)
    allowed = TOLERANCE * max(1.0, abs(ours), 1e-3 * max(map(abs, terms)))
    if claimed is None or abs(ours - claimed) <= allowed:
        return ours, None
    text = f"the objective is {ours:.12g}, but the solver said {claimed:.12g}"
    return ours, Finding(Severity.ERROR, text, instance.objective_name)


def _telling(outcomes: list[_Outcome], instance: MatrixInstance) -> tuple[RowCheck, ...]:
    ranked = sorted(outcomes, key=lambda outcome: (not outcome.violated, not outcome.tight, -outcome.missed))
    rows = []
    for outcome in ranked[:MOST_ROWS]:
        state = "violated" if outcome.violated else "tight" if outcome.tight else "satisfied"
        name = instance.constraint_of(outcome.position)
        rows.append(RowCheck(name, outcome.activity, outcome.lower, outcome.upper, -outcome.missed, state))
    return tuple(rows)
