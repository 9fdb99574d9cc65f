"""Judgement of what a solver said: our own check decides whether it may be shown as an answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from solvitur.engine.supervising import Outcome
from solvitur.problem.errors import SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.result import Result, Status, relative_gap
from solvitur.problem.verification import Verification

_ROUNDING = 1e-5
"""Relative difference of objective and bound that a solver's own tolerances may leave at a proven optimum."""
_WITHOUT_ANSWER = frozenset({Status.INFEASIBLE, Status.UNBOUNDED})


Verify = Callable[[Result], Verification]
"""Checks a result; raises a `SolviturError` if that cannot be done."""


@dataclass(frozen=True, eq=False)
class Judged:
    """The result as it may be told, our verification of it, and what is to be said about both."""

    result: Result
    verification: Verification | None
    objective: float | None
    bound: float | None
    findings: tuple[Finding, ...]


def judge(verify: Verify, outcome: Outcome, sense: str) -> Judged:
    """Has a result verified and settles its status.

    A claimed answer that is missing, or does not pass, makes it failed; an unknown one that passes is feasible.
    """
    result = _finite(outcome.result)
    findings = [Finding(Severity.WARNING, f"the solver's report: {warning}") for warning in outcome.warnings]
    if result.status in _WITHOUT_ANSWER:
        return Judged(replace(result, answer=None), None, None, result.bound, tuple(findings))
    if result.answer is None:
        if result.status in (Status.OPTIMAL, Status.FEASIBLE):
            said = f"the solver said '{result.status.value}' but gave no answer"
            findings.append(Finding(Severity.ERROR, said))
            result = replace(result, status=Status.FAILED, reason=said)
        elif result.status is Status.FAILED:
            findings.append(Finding(Severity.ERROR, result.reason or "the solver failed without saying why"))
        return Judged(result, None, None, result.bound, tuple(findings))
    trouble: list[Finding] = []
    verification: Verification | None = None
    try:
        verification = verify(result)
    except SolviturError as error:
        trouble = [Finding(Severity.ERROR, f"the answer could not be checked: {error}")]
    passed = verification is not None and verification.passed
    if result.status is Status.FAILED:
        findings.append(Finding(Severity.ERROR, result.reason or "the solver failed without saying why"))
    elif result.status is Status.UNKNOWN and not passed:
        result, verification = replace(result, answer=None, objective=None), None
        return Judged(result, None, None, result.bound, tuple(findings))
    elif not passed:
        findings += trouble or _failures(verification)
        result = replace(result, status=Status.FAILED, reason=_refusal(result, verification, trouble))
    elif result.status is Status.UNKNOWN:
        result = replace(result, status=Status.FEASIBLE)
    if verification is not None:
        findings += [each for each in verification.findings if each not in findings]
    objective = verification.objective if passed and verification is not None else result.objective
    result, doubts = _settle_bound(result, objective, sense)
    return Judged(result, verification, objective, result.bound, (*findings, *doubts))


def _failures(verification: Verification | None) -> list[Finding]:
    """Tells which constraints an answer breaks, unless the verification said so itself."""
    if verification is None or any(each.severity is Severity.ERROR for each in verification.findings):
        return []
    broken = [check for check in verification.checks if check.violated]
    return [
        Finding(
            Severity.ERROR,
            f"the answer breaks '{check.worst or check.name}' by {check.max_violation:.3g}"
            + (f" ({check.violated} of {check.count} rows of '{check.name}')" if check.count > 1 else ""),
            element=check.worst or check.name,
        )
        for check in broken
    ]


def _refusal(result: Result, verification: Verification | None, trouble: list[Finding]) -> str:
    if trouble:
        return trouble[0].text
    worst = f" (largest violation {verification.max_violation:.3g})" if verification is not None else ""
    return f"the solver said '{result.status.value}', but its answer did not pass our check{worst}"


def _finite(result: Result) -> Result:
    """Turns objectives and bounds that are no numbers into unknown ones."""

    def known(value: float | None) -> float | None:
        return float(value) if value is not None and math.isfinite(value) else None

    return replace(result, objective=known(result.objective), bound=known(result.bound))


def _settle_bound(result: Result, objective: float | None, sense: str) -> tuple[Result, list[Finding]]:
    """Keeps 'optimal' only where the solver's own bound proves it."""
    if objective is None or (result.bound is None and result.status is not Status.OPTIMAL):
        return result, []
    if result.bound is None:
        return replace(result, bound=objective), []
    room = objective - result.bound if sense == "min" else result.bound - objective
    slack = _ROUNDING * max(1.0, abs(objective))
    if room < -10 * slack:
        said = f"the solver's bound {result.bound:.9g} contradicts the objective {objective:.9g} of its own answer"
        return result, [Finding(Severity.WARNING, said)]
    if result.status is Status.OPTIMAL and room > slack:
        gap = relative_gap(objective, result.bound) or 0.0
        said = f"the solver said 'optimal', but its own bound leaves a gap of {gap:.3%}"
        return replace(result, status=Status.FEASIBLE), [Finding(Severity.WARNING, said)]
    return result, []
