"""A claim is only told as an answer when our own check agrees."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from solvitur.engine.judging import Judged, judge
from solvitur.engine.supervising import Outcome
from solvitur.problem.errors import PluginError
from solvitur.problem.findings import Severity
from solvitur.problem.result import Result, Status
from solvitur.problem.verification import ElementCheck, Verification

ANSWER = np.array([1.0])
CHECK = ElementCheck("room", 5, 4, 0, 1, 0.25, "room[Gary]")


def judged(result: Result, *, passed: bool = True, objective: float | None = 10.0, sense: str = "min") -> Judged:
    """Judges a result whose verification comes out as given."""
    found = Verification(passed, 0.0 if passed else 0.25, objective, () if passed else (CHECK,))
    return judge(lambda _: found, Outcome(result, 1.0), sense)


def test_an_answer_that_does_not_verify_is_failed_and_says_where() -> None:
    """Status, reason and findings name what is broken, whatever the solver claimed."""
    for status in (Status.OPTIMAL, Status.FEASIBLE, Status.CANCELLED):
        said = judged(Result(status, ANSWER, 10.0), passed=False)
        assert said.result.status is Status.FAILED
        assert "did not pass our check (largest violation 0.25)" in said.result.reason
        assert any("'room[Gary]' by 0.25" in finding.text for finding in said.findings)


def test_the_objective_is_our_own_where_we_agree() -> None:
    """A verified answer is told with the value that we computed."""
    assert judged(Result(Status.OPTIMAL, ANSWER, 10.0000001), objective=10.0).objective == 10.0


@pytest.mark.parametrize("status", [Status.OPTIMAL, Status.FEASIBLE])
def test_a_claim_without_answer_is_failed(status: Status) -> None:
    """Optimal or feasible without values cannot be checked, so it is no answer."""
    said = judged(Result(status, None, 10.0))
    assert said.result.status is Status.FAILED
    assert "gave no answer" in said.result.reason


def test_unknown_with_a_good_answer_is_feasible_and_with_a_bad_one_stays_unknown() -> None:
    """Values that pass are an answer even if the solver dared not say so; values that fail are dropped."""
    assert judged(Result(Status.UNKNOWN, ANSWER, 10.0)).result.status is Status.FEASIBLE
    bad = judged(Result(Status.UNKNOWN, ANSWER, 10.0), passed=False)
    assert (bad.result.status, bad.result.answer, bad.verification) == (Status.UNKNOWN, None, None)


@pytest.mark.parametrize("status", [Status.INFEASIBLE, Status.UNBOUNDED])
def test_what_has_no_answer_is_not_verified(status: Status) -> None:
    """Infeasible and unbounded keep their status; values that come along are dropped."""
    said = judged(Result(status, ANSWER, 10.0))
    assert (said.result.status, said.result.answer, said.objective) == (status, None, None)


def test_a_check_that_breaks_makes_the_answer_failed() -> None:
    """Without a check there is no answer, and the cause is said."""

    def broken(result: Result) -> Verification:
        raise PluginError("plugin 'models' failed: division by zero")

    said = judge(broken, Outcome(Result(Status.OPTIMAL, ANSWER, 1.0), 1.0), "min")
    assert said.result.status is Status.FAILED
    assert "could not be checked: plugin 'models' failed" in said.result.reason


@pytest.mark.parametrize(
    ("sense", "bound", "status", "warned"),
    [
        ("min", 10.0, Status.OPTIMAL, False),
        ("min", 9.99999, Status.OPTIMAL, False),
        ("min", 9.5, Status.FEASIBLE, True),
        ("max", 10.5, Status.FEASIBLE, True),
        ("min", 10.5, Status.OPTIMAL, True),
        ("min", None, Status.OPTIMAL, False),
        ("min", -math.inf, Status.OPTIMAL, False),
    ],
)
def test_optimal_must_agree_with_the_bound(sense: str, bound: float | None, status: Status, warned: bool) -> None:
    """A bound that leaves a gap takes 'optimal' back; one beyond the objective is warned of."""
    said = judged(Result(Status.OPTIMAL, ANSWER, 10.0, bound), sense=sense)
    assert said.result.status is status
    assert bool([finding for finding in said.findings if finding.severity is Severity.WARNING]) is warned
    assert said.bound is not None


def test_numbers_that_are_none_become_unknown() -> None:
    """NaN and infinity never reach a report."""
    said = judged(Result(Status.FEASIBLE, ANSWER, math.nan, math.inf), objective=None)
    assert said.objective is None
    assert said.bound is None


def test_findings_of_a_late_solver_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the supervisor noticed is told with the run."""
    verify: Callable[[Result], Verification] = lambda _: Verification(True, 0.0, 1.0)  # noqa: E731
    said = judge(verify, Outcome(Result(Status.FEASIBLE, ANSWER, 1.0), 1.0, ("it went on",)), "min")
    assert any("it went on" in finding.text for finding in said.findings)
