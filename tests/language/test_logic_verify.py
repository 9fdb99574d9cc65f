"""The check of answers with logic: exact for whole numbers, and with a solver's rounding for others."""

from __future__ import annotations

from typing import Any

import pytest
from logic_solving import read

TEXT = """
set S = 1..2
var x in 0..100
var y in 0..100
var b binary
var c binary
var n integer in 0..100
var v[S] integer in 0..9
minimize z: 3 * count(v[i] >= 4 for i in S) + piecewise(x, (0, 0), (10, 5), (20, 30)) + max(x, y)
subject to r: """
AT: dict[str, Any] = {"x": 4.0, "y": 2.0, "b": 1, "c": 0, "n": 3, "v": {1: 2, 2: 5}}


@pytest.mark.parametrize(
    ("rule", "change", "holds"),
    [
        ("implies(b, x >= 4)", {}, True),
        ("implies(b, x >= 4)", {"x": 4 - 1e-7}, True),
        ("implies(b, x >= 4)", {"x": 3.9999}, False),
        ("implies(b, x >= 4)", {"x": 3.9999, "b": 1e-7}, True),
        ("implies(b, x >= 4)", {"x": 3.9999, "b": 1 - 1e-7}, False),
        ("implies(x > 4, c)", {"x": 4 + 1e-7}, True),
        ("implies(x > 4, c)", {"x": 4.0001}, False),
        ("x != 4 or c", {"x": 4 + 1e-7}, False),
        ("iff(b, not c)", {}, True),
        ("iff(b, c)", {}, False),
        ("n != 3 or c", {"n": 3 - 1e-7}, False),
        ("not (1000000 * n <= 2999999)", {}, True),
        ("1000000 * n <= 2999999 or c", {}, False),
        ("1000000 * n <= 3000000 or c", {"n": 3 + 1e-6}, True),
        ("0.1 * n == 0.3 and b", {}, True),
        ("count(v[i] >= 4 for i in S) == 1", {}, True),
        ("count(v[i] >= 4 for i in S) == 1", {"v": {1: 4, 2: 5}}, False),
        ("any(v[i] == n - 1 for i in S)", {}, True),
        ("all(v[i] == n - 1 for i in S)", {}, False),
        ("all_different(v)", {}, True),
        ("all_different(v)", {"v": {1: 5, 2: 5}}, False),
        ("all_different(v, n)", {}, True),
        ("all_different(v[i] + i for i in S)", {"v": {1: 6, 2: 5}}, False),
        ("max(x, y) - min(x, y) <= 2", {}, True),
        ("abs(y - x) <= 1.5", {}, False),
        ("piecewise(x, (0, 0), (2, 6), (4, 1)) <= 1", {}, True),
        ("piecewise(x, (0, 0), (2, 6), (3, 5)) >= 4", {}, True),
        ("n ** 3 // 4 == 6", {}, True),
        ("x ** 0.5 + sqrt(x) == x", {}, True),
        ("x / (y + 2) <= 1", {}, True),
    ],
)
def test_a_claim_holds_or_does_not(rule: str, change: dict[str, Any], holds: bool) -> None:
    """At an answer, and at one slightly off."""
    found = read(TEXT + rule).verified({**AT, **change})
    assert found.passed is holds
    if not holds and "<=" not in rule.split("(")[0]:
        assert any(finding.element == "r" for finding in found.findings)


def test_the_objective_is_that_of_the_variables_alone() -> None:
    """A claim that is better than true is refused; a solver that was stopped may claim worse."""
    found = read(TEXT + "b or c")
    assert found.verified(AT).objective == 3 + 2 + 4
    assert found.verified(AT, claimed=9.0).passed
    assert found.verified(AT, claimed=11.0).passed
    worse = found.verified(AT, claimed=8.0)
    assert not worse.passed and "is 9 at this answer, but the solver says 8" in worse.findings[0].text


def test_a_claim_that_fails_says_so_in_words() -> None:
    """Not as numbers that compare to nothing the user wrote."""
    found = read(TEXT + "implies(b, c)").verified(AT)
    assert [finding.text for finding in found.findings] == ["'r' does not hold."]
    assert found.max_violation == 1


def test_what_has_no_value_does_not_pass() -> None:
    """A root of a negative number; one negative by rounding only is zero."""
    found = read(TEXT.replace("var x in 0..100", "var x in -5..100") + "sqrt(x) <= 9")
    assert found.verified({**AT, "x": -1e-9}).passed
    assert not found.verified({**AT, "x": -1.0}).passed


def test_claims_that_hold_have_no_row_to_show() -> None:
    """They are counted; only comparisons have an activity and a slack."""
    found = read(TEXT + "implies(b, x >= 4) and x + y <= 10").verified(AT)
    assert found.passed and {check.name: check.count for check in found.checks}["r"] == 2
    assert [(row.element, row.activity, row.slack) for row in found.rows if row.element == "r"] == [("r", 6, 4)]
