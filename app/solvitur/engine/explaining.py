"""Explanation of an answer: what binds it, how much room is left, what a unit more would be worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvitur.engine.reductions.chain import as_rows
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.engine.solving import Finished
from solvitur.engine.supervising import ask_worker
from solvitur.engine.workers import Workers
from solvitur.hooks.contracts import Solved
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.instance import MatrixInstance
from solvitur.problem.result import Status
from solvitur.problem.verification import ElementCheck, RowCheck

_MOST_DUALS = 1000
_NO_DUAL = 1e-9
_ROUNDING = 1e-9


@dataclass(frozen=True)
class ExplainedRow:
    """One constraint at one index: its slack, and its dual value where the solver gave one.

    ``dual`` is the change of the objective per unit of the right side; None when it is not known.
    """

    element: str
    activity: float | None
    lower: float | None
    upper: float | None
    slack: float | None
    state: str
    dual: float | None


@dataclass(frozen=True)
class Explanation:
    """What is known about why an answer, or its absence, came out so; ``rows`` the most telling first."""

    findings: tuple[Finding, ...]
    checks: tuple[ElementCheck, ...] = ()
    rows: tuple[ExplainedRow, ...] = ()


def explain_answer(plugins: Plugins, finished: Finished, workers: Workers) -> Explanation:
    """Gathers what the verification, the solver's duals and the explainers of plugins say about an answer."""
    run, solved = finished.run, finished.solved
    findings = list(_told(run.status, run.reason))
    if solved is not None:
        findings += explained_by_plugins(plugins, solved, workers)
    if run.verification is None or solved is None:
        return Explanation(tuple(findings))
    duals = row_duals(solved)
    rows = [
        ExplainedRow(
            row.element, row.activity, row.lower, row.upper, _slack(row), row.state, duals.pop(row.element, None)
        )
        for row in run.verification.rows
    ]
    rows += [ExplainedRow(name, None, None, None, 0.0, "tight", dual) for name, dual in duals.items()]
    rows.sort(key=lambda row: (row.state != "violated", row.state != "tight", -abs(row.dual or 0.0)))
    return Explanation(tuple(findings), run.verification.checks, tuple(rows))


def row_duals(solved: Solved) -> dict[str, float]:
    """Returns the dual values that are not zero, by the user's name of the row, the largest first."""
    duals = solved.result.row_duals
    if duals is None or not isinstance(solved.instance, MatrixInstance):
        return {}
    size = np.abs(duals)
    order = np.argsort(-size, kind="stable")[:_MOST_DUALS]
    return {solved.instance.constraint_of(int(row)): float(duals[row]) for row in order if size[row] > _NO_DUAL}


def _slack(row: RowCheck) -> float:
    """Returns the slack without the rounding of a tight row."""
    return 0.0 if abs(row.slack) < _ROUNDING else row.slack


def _told(status: Status, reason: str) -> list[Finding]:
    because = f" ({reason})" if reason else ""
    if status is Status.INFEASIBLE:
        said = f"no answer can meet all constraints at once{because}; relax or remove one that may be too strict"
    elif status is Status.UNBOUNDED:
        said = f"the objective can be improved without end{because}; a bound or a constraint is missing"
    elif status is Status.UNKNOWN:
        said = f"no answer was found within the limits{because}; allow more time or try another solver"
    elif status is Status.FAILED:
        said = reason or "the solver failed"
    else:
        return []
    return [Finding(Severity.INFO, said)]


def explained_by_plugins(plugins: Plugins, solved: Solved, workers: Workers) -> list[Finding]:
    """Asks the explainers; those that may take long (``in_worker``) in a worker process."""
    findings: list[Finding] = []
    if not plugins.explainers():
        return findings
    solved = replace(solved, instance=_in_rows(solved.instance))
    kind = plugins.find("kinds", solved.problem.formulation.kind)  # it may declare records that the instance holds
    for part in plugins.explainers():
        try:
            if getattr(part.part, "in_worker", False):
                request = {"do": "explain", "explainer": part.name, "solved": solved}
                names = tuple(dict.fromkeys((kind.plugin, part.plugin)))
                told = ask_worker(workers, names, plugins.overlay, request)["findings"]
            else:
                told = part.part.explain(solved)
            findings += [each for each in told if isinstance(each, Finding)]
        except Exception as error:  # noqa: BLE001 - a plugin is called
            findings.append(Finding(Severity.WARNING, f"explainer '{part.name}' failed: {sentence_of(error)}"))
    return findings


def _in_rows(instance: Any) -> Any:
    """Writes logic as rows where that can be, for explainers that know rows only."""
    if not isinstance(instance, MatrixInstance):
        return instance
    try:
        return as_rows(instance)
    except CannotReduce:
        return instance
