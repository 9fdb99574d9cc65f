"""Verifies an answer against the model's own text, expression by expression.

Nothing here is shared with compilation: index combinations are enumerated anew, every expression is walked in plain
Python numbers, sums are compensated (`math.fsum`), and a verdict that hangs on rounding is settled in fractions.

Tolerances: a row holds when it is violated by at most ``1e-6 * max(1, |largest term|, |side|)``, a bound when by at
most ``1e-6 * max(1, |bound|)``; an integer variable must be within 1e-5 of a whole number, and the objective within
``1e-6 * max(1, |objective|)`` of the solver's. Inside logic, sides that differ by no more than a row may are equal;
sides of whole variables alone are compared as the whole numbers they are. Violations are reported as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from solvitur.language.arrays_spaces import name_of
from solvitur.language.data import Bound
from solvitur.language.elements import (
    Aggregate,
    Binary,
    Call,
    Compare,
    ConstraintElement,
    Domain,
    Expr,
    Logic,
    Model,
    ObjectiveElement,
    VarElement,
)
from solvitur.language.names_used import expressions_in, names_used
from solvitur.language.verify_lookups import Answer
from solvitur.language.verify_loops import Env, Names
from solvitur.language.verify_rows import TOLERANCE, WHOLE, Family, Judged, plain
from solvitur.language.verify_walk import Emission, Walker
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.verification import Verification

_FAULTS = (ArithmeticError, LookupError, TypeError, ValueError)
"""What evaluation raises when an answer lacks a value, divides by zero or leaves the numbers."""
_HOLDS = Judged(1.0, -math.inf, math.inf, False, 0.0)
_FAILS = Judged(0.0, 1.0, 1.0, True, 1.0)
"""A claim, such as an implication, that holds, and one that does not."""
_UNKNOWN = Judged(math.nan, -math.inf, math.inf, True, math.inf)
_ROUNDING = 1e-12


def verify(
    model: Model, bound: Bound, values: Answer, *, objective: str = "", claimed: float | None = None
) -> Verification:
    """Checks an answer.

    Parameters
    ----------
    values
        By variable name and index tuple; the index of a variable without indices is ().
    objective : str
        The objective that was solved for; empty for the first.
    claimed : float, optional
        What the solver says the objective is, penalties of soft constraints included.
    """
    return _Verifier(model, bound, values).verify(objective, claimed)


@dataclass
class _Penalty:
    """What soft constraints cost so far."""

    terms: list[float] = field(default_factory=list)


class _Verifier:
    """Checks one answer."""

    def __init__(self, model: Model, bound: Bound, values: Answer) -> None:
        self._model = model
        self._bound = bound
        self._values = values
        self._walker = Walker(model, bound, values)
        self._exact: Walker | None = None
        self._penalty = _Penalty()

    def verify(self, objective: str, claimed: float | None) -> Verification:
        """Checks variables, constraints and the objective."""
        families = [self._variable(element) for element in self._model.variables]
        families += [self._constraint(element) for element in self._model.constraints]
        findings = [finding for family in families for finding in family.told()]
        ours, trouble = self._objective(objective, claimed)
        findings += trouble
        hard = [family for family in families if not family.soft]
        return Verification(
            not any(finding.severity is Severity.ERROR for finding in findings)
            and not any(family.counts["violated"] for family in hard),
            max((family.max_violation for family in hard), default=0.0),
            ours,
            tuple(family.check() for family in families if family.counts != _NOTHING),
            tuple(row for family in families for row in family.rows()),
            tuple(findings),
            TOLERANCE,
        )

    # Variables -----------------------------------------------------------------------------------------------

    def _variable(self, element: VarElement) -> Family:
        family = Family(element.name, element.description, show_satisfied=False)
        names, loop = self._walker.loops.loop(element.binders, element.condition, Names())
        bounds = self._bounds(element, names)
        table = self._values.get(element.name, {})
        count, width = 0, names.used
        env = self._walker.loops.room()
        judge = _judge_of(element.domain)
        whole = element.domain in (Domain.INTEGER, Domain.BINARY)
        semi = element.domain is Domain.SEMI_CONTINUOUS
        for _ in loop(env):
            count += 1
            label = tuple(env[:width])
            try:
                value = float(table[label])
                lower, upper = bounds(env)
            except _FAULTS:
                text = f"The answer has no value for '{name_of(element.name, label)}'."
                family.findings += [Finding(Severity.ERROR, text, element.name)] * (not family.findings)
                family.add(label, _UNKNOWN)
                continue
            slack = min(value - lower, upper - value)
            sound = math.isfinite(value) and not semi and (not whole or value.is_integer())
            if sound and slack >= 0.0:
                family.holds(label, slack, value)
            else:
                family.add(label, judge(value, lower, upper))
        if len(table) > count:
            text = f"The answer has {len(table) - count:,} values of '{element.name}' that the model does not have."
            family.findings.append(Finding(Severity.ERROR, text, element.name))
        return family

    def _bounds(self, element: VarElement, names: Names) -> Callable[[Env], tuple[float, float]]:
        """Returns the evaluation of a variable's bounds, once for all where they do not depend on an index."""
        least, most = (0.0, 1.0) if element.domain is Domain.BINARY else (-math.inf, math.inf)
        low = self._walker.value(element.lower, names) if element.lower is not None else lambda env: least
        high = self._walker.value(element.upper, names) if element.upper is not None else lambda env: most

        def both(env: Env) -> tuple[float, float]:
            return max(least, float(low(env))), min(most, float(high(env)))

        given = [bound for bound in (element.lower, element.upper) if bound is not None]
        if all(names_used(bound).isdisjoint(names.slots) for bound in given):
            try:
                fixed = both(self._walker.loops.room())
            except _FAULTS:
                return both
            return lambda env: fixed
        return both

    # Constraints ---------------------------------------------------------------------------------------------

    def _constraint(self, element: ConstraintElement) -> Family:
        family = Family(element.name, element.description, soft=element.soft is not None)
        names, loop = self._walker.loops.loop(element.binders, element.condition, Names())
        rows = [_Row(self, part, names) for part in _parts(element.body)]
        family.claims = all(row.is_claim for row in rows)
        weight = self._walker.value(element.soft, names) if element.soft is not None else None
        env = self._walker.loops.room()
        for _ in loop(env):
            for row in rows:
                try:
                    judged = row.judge(env)
                    if weight is not None and judged.excess > 0:
                        self._penalty.terms.append(float(weight(env)) * judged.excess)
                except _FAULTS:
                    judged = _UNKNOWN
                family.add(tuple(env[: names.used]), judged)
        return family

    def exact(self) -> Walker:
        """Returns the walker in exact arithmetic."""
        if self._exact is None:
            self._exact = Walker(self._model, self._bound, self._values, exact=True)
        return self._exact

    @property
    def walker(self) -> Walker:
        """The walker in compensated arithmetic."""
        return self._walker

    # Objective -----------------------------------------------------------------------------------------------

    def _objective(self, name: str, claimed: float | None) -> tuple[float | None, list[Finding]]:
        objectives = self._model.objectives
        chosen = next((each for each in objectives if not name or each.name == name), None)
        if chosen is None and not self._penalty.terms:
            return (0.0, []) if claimed is not None else (None, [])
        try:
            terms = self._objective_terms(chosen)
            ours = math.fsum(terms)
        except _FAULTS:
            text = f"The objective '{chosen.name if chosen else ''}' has no value at this answer."
            return None, [Finding(Severity.ERROR, text, chosen.name if chosen else "")]
        if claimed is None:
            return ours, []
        if not math.isfinite(claimed):
            return ours, [Finding(Severity.ERROR, "The solver gave no number for the objective.")]
        rounding = _ROUNDING * math.fsum(map(abs, terms))
        off = ours - claimed
        better = off if chosen is None or chosen.sense == "min" else -off
        loose = chosen is not None and _is_loose(chosen.body)
        allowed = (10 if loose else 1) * TOLERANCE * max(1.0, abs(ours)) + rounding
        # A solver that stops early may leave a penalty or the column of a maximum higher than need be; it may never
        # claim better than is true.
        if abs(off) <= allowed or ((loose or self._has_soft()) and better < 0):
            return ours, []
        title = f"'{chosen.name}'" if chosen is not None else "of penalties"
        text = f"The objective {title} is {plain(ours)} at this answer, but the solver says {plain(claimed)}."
        return ours, [Finding(Severity.ERROR, text, chosen.name if chosen is not None else "")]

    def _objective_terms(self, chosen: ObjectiveElement | None) -> list[float]:
        sign = -1.0 if chosen is not None and chosen.sense == "max" else 1.0
        terms = [sign * term for term in self._penalty.terms]
        if chosen is not None:
            emit = self._walker.terms(chosen.body, Names())
            emit(self._walker.loops.room(), terms)
        return terms

    def _has_soft(self) -> bool:
        return any(element.soft is not None for element in self._model.constraints)


_NOTHING = {"satisfied": 0, "tight": 0, "violated": 0}


def _is_loose(body: Expr) -> bool:
    """Tells whether an objective has functions of variables, whose values solvers know only to their tolerances."""
    for part in expressions_in(body):
        if isinstance(part, Call | Compare | Logic) or (isinstance(part, Aggregate) and part.function != "sum"):
            return True
        if isinstance(part, Binary) and part.op in ("/", "**"):
            return True
    return False


def _parts(body: Expr) -> Iterator[Expr]:
    """Yields the comparisons that a constraint joins by ``and``."""
    if isinstance(body, Logic) and body.op == "and":
        for operand in body.operands:
            yield from _parts(operand)
    else:
        yield body


class _Row:
    """One comparison, to be judged at each index."""

    def __init__(self, verifier: _Verifier, body: Expr, names: Names) -> None:
        self._verifier = verifier
        self._body = body
        self._names = names
        walker = verifier.walker
        comparison = body if isinstance(body, Compare) and set(body.ops) <= {"<=", ">=", "=="} else None
        self._ops = comparison.ops if comparison is not None else ()
        operands = comparison.operands if comparison is not None else ()
        self._sides = [walker.terms(operand, names) for operand in operands]
        self._varies = [walker.has_variable(operand) for operand in operands]
        self._truth = walker.truth(body, names) if comparison is None else None
        self._exact_sides: list[Emission] | None = None

    @property
    def is_claim(self) -> bool:
        """Whether it is true or false, and no comparison of two sides."""
        return self._truth is not None

    def judge(self, env: Env) -> Judged:
        """Judges the row at the labels bound now."""
        if self._truth is not None:
            holds = bool(self._truth(env))
            return _HOLDS if holds else _FAILS
        lists: list[list[float]] = []
        for side in self._sides:
            out: list[float] = []
            side(env, out)
            lists.append(out)
        scale = max((abs(term) for out in lists for term in out if math.isfinite(term)), default=0.0)
        scale = max(1.0, scale)
        allowed = TOLERANCE * scale
        worst = 0.0
        violated = False
        for number, op in enumerate(self._ops):
            off = math.fsum([*lists[number], *[-term for term in lists[number + 1]]])
            excess = abs(off) if op == "==" else off if op == "<=" else -off
            terms = len(lists[number]) + len(lists[number + 1])
            if abs(excess - allowed) <= _ROUNDING * scale * (terms + 1):
                excess, over = self._exactly(number, op, env)
            else:
                over = not excess <= allowed
            violated |= over
            worst = max(worst, excess)
        activity, lower, upper = self._told(lists)
        return Judged(activity, lower, upper, violated, worst)

    def _exactly(self, number: int, op: str, env: Env) -> tuple[float, bool]:
        """Settles in fractions whether a row is violated by more than it may be."""
        walker = self._verifier.exact()
        if self._exact_sides is None:
            assert isinstance(self._body, Compare)
            self._exact_sides = [walker.terms(operand, self._names) for operand in self._body.operands]
        room = [*env, *walker.loops.room()]
        left: list[float] = []
        right: list[float] = []
        self._exact_sides[number](room, left)
        self._exact_sides[number + 1](room, right)
        off = sum(left) - sum(right)
        excess = abs(off) if op == "==" else off if op == "<=" else -off
        scale = max(1, max((abs(term) for term in (*left, *right)), default=0))
        return float(excess), excess * 1_000_000 > scale

    def _told(self, lists: list[list[float]]) -> tuple[float, float, float]:
        """Returns the row as its user reads it: the side with variables between the sides that are numbers."""
        sums = [math.fsum(out) for out in lists]
        lower, upper = -math.inf, math.inf
        middle = 1 if len(sums) == 3 else 0 if self._varies[0] or not self._varies[1] else 1
        fixed = all(not varies for at, varies in enumerate(self._varies) if at != middle)
        activity = sums[middle] if fixed or len(sums) > 2 else sums[0] - sums[1]
        for number, op in enumerate(self._ops):
            for at, other, sense in ((number, number + 1, op), (number + 1, number, _TURNED[op])):
                if at != middle:
                    continue
                side = sums[other] if fixed or len(sums) > 2 else 0.0
                if sense in ("<=", "=="):
                    upper = min(upper, side)
                if sense in (">=", "=="):
                    lower = max(lower, side)
        return activity, lower, upper


_TURNED = {"<=": ">=", ">=": "<=", "==": "=="}


def _judge_of(domain: Domain) -> Callable[[float, float, float], Judged]:
    """Returns what judges a value against its bounds and its domain."""
    whole = domain in (Domain.INTEGER, Domain.BINARY)
    semi = domain is Domain.SEMI_CONTINUOUS

    def judge(value: float, lower: float, upper: float) -> Judged:
        if not math.isfinite(value):
            return Judged(value, lower, upper, True, math.inf)
        if semi and abs(value) <= TOLERANCE:
            return Judged(0.0, 0.0, 0.0, False, abs(value))
        excess = max(0.0, lower - value, value - upper)
        violated = excess > 0.0 and excess > TOLERANCE * max(1.0, abs(lower if value < lower else upper))
        if whole:
            fraction = abs(value - round(value))
            if fraction > WHOLE:
                near = float(round(value))
                return Judged(value, near, near, True, max(excess, fraction))
            excess = max(excess, fraction)
        return Judged(value, lower, upper, violated, excess)

    return judge
