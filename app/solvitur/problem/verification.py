"""Verification: our own check of an answer against the formulation."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur.problem.findings import Finding
from solvitur.problem.records import Record


@dataclass(frozen=True)
class ElementCheck(Record, tag="element-check"):
    """One constraint (or bound, or integrality) of the model over all its indices."""

    name: str
    count: int
    satisfied: int
    tight: int
    violated: int
    max_violation: float
    worst: str = ""
    """The element with the largest violation, or with the least slack when all are satisfied."""
    description: str = ""


@dataclass(frozen=True)
class RowCheck(Record, tag="row-check"):
    """One constraint at one index: left side, bounds, and slack (negative: violated)."""

    element: str
    activity: float
    lower: float
    upper: float
    slack: float
    state: str
    """``satisfied``, ``tight`` or ``violated``."""


@dataclass(frozen=True)
class Verification(Record, tag="verification"):
    """The verdict: feasible, and the objective is what the solver said.

    ``max_violation`` is the largest absolute violation over bounds, integrality and constraints;
    ``objective`` is our own evaluation. ``rows`` holds at most the most telling rows of each constraint.
    """

    passed: bool
    max_violation: float
    objective: float | None
    checks: tuple[ElementCheck, ...] = ()
    rows: tuple[RowCheck, ...] = ()
    findings: tuple[Finding, ...] = ()
    tolerance: float = 1e-6
