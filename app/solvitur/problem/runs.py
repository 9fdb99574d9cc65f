"""Runs: the stored record of a job, enough to reopen, repeat and compare it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from solvitur.problem.document import Choice
from solvitur.problem.findings import Finding
from solvitur.problem.records import Record
from solvitur.problem.result import Result, Status, TimelinePoint
from solvitur.problem.verification import Verification


@dataclass(frozen=True, eq=False)
class Run(Record, tag="run"):
    """One job, finished.

    ``problem_hash`` is the fingerprint of statement, formulation, tables and objective; ``seconds`` has
    the keys load, compile, solve and verify; ``choice`` is what was asked, ``solver`` what ran.
    """

    number: int
    title: str
    started: str
    problem_hash: str
    choice: Choice
    solver: str
    plugin: str
    version: str
    status: Status
    objective: float | None
    bound: float | None
    sense: str
    seconds: dict[str, float] = field(default_factory=dict)
    timeline: tuple[TimelinePoint, ...] = ()
    result: Result | None = None
    verification: Verification | None = None
    findings: tuple[Finding, ...] = ()
    log: str = ""
    machine: dict[str, Any] = field(default_factory=dict)
    reason: str = ""

    @property
    def verified(self) -> bool:
        """Whether our own check passed."""
        return self.verification is not None and self.verification.passed
