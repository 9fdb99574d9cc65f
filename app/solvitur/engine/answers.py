"""Answers as JSON: the one form in which scripts, files and the command line tell a run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from solvitur.problem.findings import Finding
from solvitur.problem.result import relative_gap
from solvitur.problem.runs import Run


def answer_json(run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    """Builds the JSON object of ``solve --json``."""
    verification = run.verification
    return {
        "status": run.status.value,
        "objective": run.objective,
        "bound": run.bound,
        "gap": relative_gap(run.objective, run.bound),
        "sense": run.sense,
        "verified": run.verified,
        "max_violation": verification.max_violation if verification is not None else None,
        "solver": run.solver,
        "seed": run.choice.limits.seed,
        "seconds": {key: run.seconds.get(key, 0.0) for key in ("load", "compile", "solve", "verify")},
        "values": values,
        "timeline": [[point.seconds, point.objective, point.bound] for point in run.timeline],
        "findings": [finding_json(finding) for finding in run.findings],
    }


def jsonable(value: Any) -> Any:
    """Returns a value with everything in it as JSON knows it; infinities and NaN become None."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return jsonable(value.tolist())
    return str(value)


def finding_json(finding: Finding) -> dict[str, Any]:
    """Returns a finding as scripts read it; places that are unknown are null."""
    place = finding.place
    return {
        "severity": finding.severity.value,
        "text": finding.text,
        "element": finding.element or None,
        "file": place.file or None,
        "line": place.line or None,
        "column": place.column or None,
    }
