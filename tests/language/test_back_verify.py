"""Answers are judged against the text of the model: right ones pass, spoilt ones do not, in plain words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from back_tables import TRANSPORT, bound, compiled

from solvitur.language.parsing import parse
from solvitur.language.verify import verify
from solvitur.problem.findings import Severity
from solvitur.problem.verification import Verification

DATA = (
    "\ndata\n  Plants = S, D\n  Markets = N, C\n  supply = {S: 350, D: 600}\n  demand = {N: 325, C: 300}\n"
    "  cost = {S: {N: 2.5, C: 1.7}, D: {N: 2.5, C: 1.8}}"
)
BEST = {("S", "N"): 50.0, ("S", "C"): 300.0, ("D", "N"): 275.0, ("D", "C"): 0.0}


def checked(text: str, values: dict[str, Any], **kwargs: Any) -> Verification:
    """Verifies values of a model; a number stands for a variable without index."""
    indexed = {name: value if isinstance(value, dict) else {(): value} for name, value in values.items()}
    return verify(parse(text).model, bound(text), indexed, **kwargs)


def told(found: Verification) -> list[str]:
    """Returns the findings' texts."""
    return [finding.text for finding in found.findings]


def test_a_right_answer_passes() -> None:
    """All rows hold, the objective is what the solver says, and every constraint is counted by state."""
    found = checked(TRANSPORT + DATA, {"ship": BEST}, claimed=1322.5)
    assert (found.passed, found.max_violation, found.objective, told(found)) == (True, 0.0, 1322.5, [])
    states = {check.name: (check.count, check.satisfied, check.tight, check.violated) for check in found.checks}
    assert states == {"ship": (4, 3, 1, 0), "within_supply": (2, 1, 1, 0), "meet_demand": (2, 0, 2, 0)}
    first = found.rows[0]
    assert (first.element, first.activity, first.upper, first.slack, first.state) == (
        "within_supply[S]",
        350.0,
        350.0,
        0.0,
        "tight",
    )


def test_a_broken_row_is_named_with_its_numbers() -> None:
    """Who is short, by how much, and both sides."""
    found = checked(TRANSPORT + DATA, {"ship": BEST | {("S", "C"): 270.0}}, claimed=1271.5)
    assert not found.passed
    assert found.max_violation == 30
    assert told(found) == ["'meet_demand[C]' is violated by 30: 270 >= 300."]
    assert found.rows[2].element == "meet_demand[C]"
    assert (found.rows[2].state, found.rows[2].slack) == ("violated", -30)


@pytest.mark.parametrize(
    ("values", "claimed", "expected"),
    [
        (BEST, 1300.0, "The objective 'freight' is 1322.5 at this answer, but the solver says 1300."),
        (BEST, math.nan, "The solver gave no number for the objective."),
        (BEST | {("D", "C"): -1.0}, None, "'ship[D, C]' is violated by 1: -1 >= 0."),
        (BEST | {("D", "C"): math.nan}, None, "'ship[D, C]' is violated by nan"),
        (BEST | {("D", "C"): math.inf}, None, "'ship[D, C]' is violated by"),
        ({("S", "N"): 50.0}, None, "The answer has no value for 'ship[S, C]'."),
        (BEST | {("X", "C"): 1.0}, None, "The answer has 1 values of 'ship' that the model does not have."),
        ({}, None, "The answer has no value for 'ship[S, N]'."),
    ],
)
def test_spoilt_answers_do_not_pass(values: dict[Any, float], claimed: float | None, expected: str) -> None:
    """A wrong claim, a broken bound, no number, values missing or too many."""
    found = checked(TRANSPORT + DATA, {"ship": values}, claimed=claimed)
    assert not found.passed
    assert any(text.startswith(expected) for text in told(found)), told(found)


@pytest.mark.parametrize("spoilt", list(BEST))
@pytest.mark.parametrize("by", [-0.01, 0.01, 1.0])
def test_every_spoilt_value_is_noticed(spoilt: tuple[str, str], by: float) -> None:
    """Any change to an optimal answer breaks a row or the claimed objective."""
    values = BEST | {spoilt: BEST[spoilt] + by}
    assert not checked(TRANSPORT + DATA, {"ship": values}, claimed=1322.5).passed


@pytest.mark.parametrize(
    ("domain", "value", "passed"),
    [
        ("integer", 2.0, True),
        ("integer", 2.000009, True),
        ("integer", 2.0001, False),
        ("integer in 0..2", 3.0, False),
        ("binary", 1.0, True),
        ("binary", 0.5, False),
        ("binary", 2.0, False),
        ("semicontinuous in 2..5", 0.0, True),
        ("semicontinuous in 2..5", 1.0, False),
        ("semicontinuous in 2..5", 3.5, True),
        ("semicontinuous in 2..5", 6.0, False),
        (">= 1e9", 1e9 - 900.0, True),
        (">= 1e9", 1e9 - 1100.0, False),
        ("in 0..1e9", -0.01, False),
        ("free", -1e12, True),
    ],
)
def test_domains_and_tolerances_of_variables(domain: str, value: float, passed: bool) -> None:
    """Whole within 1e-5, bounds within 1e-6 of their own size, semi-continuous values zero or in between."""
    assert checked(f"var x {domain}", {"x": value}).passed is passed


@pytest.mark.parametrize(
    ("constraint", "x", "passed"),
    [
        ("x <= 1", 1 + 0.9e-6, True),
        ("x <= 1", 1 + 1.1e-6, False),
        ("1000 * x <= 1000", 1 + 0.9e-6, True),
        ("1000 * x <= 1000", 1 + 1.1e-6, False),
        ("x == 1", 1 - 1.1e-6, False),
        ("0 <= x <= 1", -1.1e-6, False),
        ("0 <= x <= 1", 0.5, True),
        ("x >= 1 and x <= 0", 0.5, False),
        ("x * x <= 4", 2.0, True),
        ("x * x <= 4", -2.1, False),
        ("abs(x) <= 1", -2, False),
        ("max(x, 0) <= 1", 0.5, True),
        ("x >= 1 or x <= 0", 0.5, False),
        ("x >= 1 or x <= 0", -0.5, True),
        ("x / (x - 1) >= 0", 1.0, False),
    ],
)
def test_tolerances_and_kinds_of_constraints(constraint: str, x: float, passed: bool) -> None:
    """Relative to the largest term; ranges, both of two, squares, functions, alternatives, undefined values."""
    assert checked(f"var x\nsubject to c: {constraint}", {"x": x}).passed is passed


def test_verdicts_at_the_edge_are_settled_exactly() -> None:
    """A violation of exactly the tolerance passes, the next number above it does not, whatever rounding says."""
    text = "var x\nsubject to c: x <= 0"
    assert checked(text, {"x": 1e-6}).passed is (1e-6 <= 1 / 1_000_000)
    assert not checked(text, {"x": math.nextafter(1e-6, 1)}).passed
    assert checked(text, {"x": math.nextafter(1e-6, 0)}).passed


def test_sums_are_compensated() -> None:
    """A thousand tiny terms beside two huge ones that cancel are not lost."""
    text = "set S = 1..1000\nvar x[S]\nvar h\nminimize z: h + sum(x[i] for i in S) - h"
    found = checked(text, {"x": {(i,): 1e-3 for i in range(1, 1001)}, "h": 1e16})
    assert found.objective == pytest.approx(1.0, abs=1e-12)


def test_soft_constraints_are_told_but_do_not_fail() -> None:
    """A missed wish is an information, and its penalty counts in the objective."""
    text = "var x >= 0\nminimize z: x\nsubject to wish: x >= 3 soft(5)\nsubject to c: x <= 9"
    found = checked(text, {"x": 1.0}, claimed=11.0)
    assert (found.passed, found.objective, found.max_violation) == (True, 11.0, 0.0)
    assert [(f.severity, f.text) for f in found.findings] == [(Severity.INFO, "'wish' is missed by 2: 1 >= 3.")]
    assert not checked(text, {"x": 1.0}, claimed=10.0).passed
    # A solver that stops early may not have pressed its penalties down; it may only not claim too much.
    assert checked(text, {"x": 1.0}, claimed=12.0).passed


def test_penalties_lower_what_is_maximised() -> None:
    """With a maximised objective, violations subtract; an equality is missed on either side."""
    text = "var x\nmaximize z: x\nsubject to wish[i in 1..2]: x == 3 * i soft(i)"
    assert checked(text, {"x": 4.0}, claimed=4.0 - 1.0 - 2 * 2.0).passed
    assert not checked(text, {"x": 4.0}, claimed=4.0).passed


def test_computed_parameters_are_computed_anew() -> None:
    """A wrong value of a computed parameter in the bound data does not mislead the check."""
    text = "set S = 1..2\nlet k[i in S] = 10 * i\nvar x\nsubject to c[i in S]: x <= k[i]"
    data = bound(text)
    wrong = replace(data, params={"k": replace(data.params["k"], values=np.full(2, 1e6))})
    found = verify(parse(text).model, wrong, {"x": {(): 15.0}})
    assert told(found) == ["'c[1]' is violated by 5: 15 <= 10."]


def test_only_the_most_telling_rows_are_kept() -> None:
    """Of a thousand rows fifty are kept: violated ones first, then tight ones, then those with least slack."""
    text = "set S = 1..1000\nvar x[S]\nsubject to c[i in S]: x[i] <= 500"
    found = checked(text, {"x": {(i,): float(i) for i in range(1, 1001)}})
    assert len(found.rows) == 50
    assert found.rows[0].element == "c[1000]"
    assert all(row.state == "violated" for row in found.rows)
    assert found.checks[-1].violated == 500
    assert (found.checks[-1].worst, found.checks[-1].max_violation) == ("c[1000]", 500.0)
    assert told(found)[-1] == "495 more of 'c' are violated."
    loose = checked(text, {"x": {(i,): min(float(i), 500.0) for i in range(1, 1001)}})
    assert [row.state for row in loose.rows] == ["tight"] * 50


def test_rows_read_as_the_user_wrote_them() -> None:
    """Sides that are numbers stay sides; with variables on both sides the difference is told."""
    text = "var x\nvar y\nparam k = 3\nsubject to a: k >= x\nsubject to b: x - 1 <= y\nsubject to c: k - 5 <= x <= k"
    found = checked(text, {"x": 1.0, "y": 4.0})
    sides = {row.element: (row.activity, row.lower, row.upper, row.slack) for row in found.rows}
    assert sides == {"a": (1, -math.inf, 3, 2), "b": (-4, -math.inf, 0, 4), "c": (1, -2, 3, 2)}


def test_names_bound_to_tuples_and_groups_of_arcs() -> None:
    """Single names for tuples, arcs by their node, sets that depend on an index: walked as they are compiled."""
    text = """
    set N = {p, q, r}
    set Arcs within N * N = {(p, q), (q, r), (r, p), (p, r)}
    var f[Arcs]
    var x[N]
    subject to one[a in Arcs]: f[a] <= 1
    subject to two[i in N]: sum(f[a, b] for (a, b) in Arcs if i == a and b != "q") + x[i] >= 0
    subject to three[i in N]: sum(x[j] for j in {k for k in N if k != i}) == 0
    subject to four[i in N]: sum(f[i, j] * x[j] for j in N if (i, j) in Arcs) <= 9
    subject to five: sum(x[i] for (i, j) in N * N if (i, j) not in Arcs) >= len({a for a in Arcs if a in Arcs})
    """
    instance = compiled(text)
    values = [1.0, 2.0, -3.0, 0.5, 4.0, -1.0, 2.5]
    activity = instance.row_activity(np.array(values))
    answer = {
        block.name: dict(zip(block.labels(), values[block.start : block.start + block.count], strict=True))
        for block in instance.variables
    }
    found = verify(parse(text).model, bound(text), answer)
    rows = {row.element: row.activity for row in found.rows if "[" in row.element or row.element == "five"}
    for k in range(instance.rows):
        assert rows[instance.constraint_of(k)] == pytest.approx(activity[k])
