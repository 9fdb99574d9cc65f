"""Small plugins, problems and sessions for the tests of the project."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from solvitur.engine.events import Event
from solvitur.hooks.contracts import Job
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.features import Feature
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.records import Record
from solvitur.problem.result import Limits, Result, Status
from solvitur.problem.runs import Run
from solvitur.problem.tables import Column, Table
from solvitur.problem.verification import Verification


@dataclass(frozen=True)
class Sum(Record, tag="test-sum"):
    """The instance of a model that is a sum of numbers, one per line."""

    numbers: tuple[float, ...]

    kind = "sum"
    features = frozenset({Feature.LINEAR})

    @property
    def sizes(self) -> dict[str, int]:
        return {"variables": len(self.numbers)}


class SumKind:
    """A kind of formulation: numbers to be added, one per line."""

    name, title = "sum", "Sums"

    def __init__(self) -> None:
        self.binds = 0

    def check(self, problem: Problem) -> Sequence[Finding]:
        wrong = [line for line in problem.formulation.text.split() if not line.isdigit()]
        return [Finding(Severity.ERROR, f"'{word}' is no number", word) for word in wrong]

    def bind(self, problem: Problem) -> Sum:
        self.binds += 1
        return Sum(tuple(float(word) for word in problem.formulation.text.split()))

    def verify(self, problem: Problem, instance: Sum, result: Result) -> Verification:
        return Verification(True, 0.0, result.objective)

    def values(self, instance: Sum, answer: Any) -> Mapping[str, Any]:
        return {"total": float(answer[0])}


class Adder:
    """Adds; or waits until it is stopped, when the model says so by its first number."""

    name, title, options = "adder", "Adder", None
    handles = frozenset({Feature.LINEAR})
    in_thread = True

    def solve(self, instance: Sum, options: Any, job: Job) -> Result:
        while instance.numbers[:1] == (999.0,) and not job.cancelled:
            time.sleep(0.01)
        total = sum(instance.numbers) + job.seed
        return Result(Status.OPTIMAL, np.array([total]), total, total)


def plugins() -> Plugins:
    """Returns plugins with the kind of sums and its solver."""
    return Plugins((), {"kinds": (Part("test", SumKind()),), "solvers": (Part("test", Adder()),)})


@dataclass
class Heard:
    """Gathers events, and waits for them."""

    events: list[Event] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, event: Event) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def of(self, kind: type) -> list[Any]:
        """Returns the events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def await_one(self, kind: type, count: int = 1) -> Any:
        """Waits until so many events of a kind came, and returns the last of these."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.of(kind)) >= count, timeout=20), f"no {kind.__name__} came"
        return self.of(kind)[count - 1]


def sum_problem(text: str = "1\n2\n3") -> Problem:
    """Builds a problem of the kind of sums."""
    return Problem("Sums", formulation=Formulation("sum", text), choice=Choice("adder", limits=Limits(seed=0)))


def rich_problem() -> Problem:
    """Builds a problem with something unusual in every field."""
    odd = np.empty(6, dtype=object)
    odd[:] = ["", None, 7, 2.5, 'quote " and, comma\nline', "é \ud800 \r\x00"]
    gaps = np.empty(6, dtype=object)
    gaps[:] = ["a", None, "b", None, "c", "d"]
    numbers = np.array([0.1, np.nan, -0.0, np.inf, 1e308, -np.nan])
    columns = (
        Column("any thing", odd),
        Column("gaps", gaps, "kg"),
        Column("numbers", numbers),
        Column("whole", np.arange(6) - 2**62),
        Column("odd,\r\nname", np.array([True, False] * 3)),
    )
    tables = (
        Table("Plants & Märkte", columns, "/data/plänts.csv"),
        Table("plants___märkte", ()),
        Table("empty", (Column("a", np.zeros(0)), Column("b", np.zeros(0, dtype=object)))),
        Table("one", (Column("text", np.array(["", "x", ""], dtype=object)),)),
    )
    content = {"matrix": np.array([[1.5, -np.inf], [0.1, 3]]), ("a", 1): (1, 2.0, float("nan"))}
    return Problem(
        "Öl & Gas",
        "Words\r\nwith lines,\n\nand  spaces ",
        Formulation("algebraic", "set P\n# comment\n", content, "/models/öl.slv"),
        tables,
        Choice("auto", {"passes": 3, "name": "x"}, Limits(12.5, 0.0, 3, 42), "cost"),
        {"steps": [1, 2, {"$map": 3}]},
        {"positions": {"a": (1.0, 2.0)}, "zoom": 1.25},
    )


def a_run(number: int = 1, problem: Problem | None = None) -> Run:
    """Builds a run of a problem."""
    choice = (problem or sum_problem()).choice
    result = Result(Status.OPTIMAL, np.array([6.0, np.nan]), 6.0, 6.0, statistics={"nodes": 3})
    run = Run(number, f"run {number}", "2026-01-01T10:00:00+00:00", "hash", choice, "adder", "test", "1.0",
              Status.OPTIMAL, 6.0, 6.0, "min", {"load": 0.25, "solve": 1.0})  # fmt: skip
    return replace(run, result=result, verification=Verification(True, 0.0, 6.0))
