"""Solves models with logic by a solver of ours, in this process, and verifies the answer."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from back_tables import problem

from solvitur.engine.choosing import as_taken
from solvitur.hooks.loading import Plugins
from solvitur.language.checking import check
from solvitur.language.compile import compile_model
from solvitur.language.data import Bound, bind
from solvitur.language.elements import Model
from solvitur.language.parsing import parse
from solvitur.language.verify import verify
from solvitur.problem.findings import Severity
from solvitur.problem.instance import MatrixInstance
from solvitur.problem.options import read_options
from solvitur.problem.verification import Verification

sys.path.append(str(Path(__file__).parents[1] / "plugins"))
from standins import RecordedJob


@dataclass(frozen=True)
class Read:
    """A model that was read, checked, bound and compiled."""

    model: Model
    bound: Bound
    instance: MatrixInstance

    def verified(self, point: dict[str, Any], claimed: float | None = None) -> Verification:
        """Verifies an assignment of plain numbers, or of numbers by index."""
        values = {
            name: {(i,): float(x) for i, x in value.items()} if isinstance(value, dict) else {(): float(value)}
            for name, value in point.items()
        }
        return verify(self.model, self.bound, values, claimed=claimed)


def read(text: str) -> Read:
    """Reads a model that must be free of errors."""
    parsed = parse(text)
    assert not parsed.findings, [str(finding) for finding in parsed.findings]
    errors = [f for f in check(parsed.model, text).findings if f.severity is Severity.ERROR]
    assert not errors, [str(finding) for finding in errors]
    bound = bind(parsed.model, problem(text))
    return Read(parsed.model, bound, compile_model(parsed.model, bound))


@dataclass(frozen=True)
class Answered:
    """What a solver said, and our check of it."""

    status: str
    objective: float | None
    values: dict[str, Any]
    verification: Verification | None


def solved(plugins: Plugins, name: str, found: Read) -> Answered:
    """Solves a model, raising `CannotReduce` when the solver cannot take it."""
    solver = plugins.solver(name)
    reduced = as_taken(solver, found.instance)
    result = solver.solve(reduced.instance, read_options(solver.options, {}), RecordedJob())
    result = reduced.result(result, found.instance)
    if result.answer is None:
        return Answered(result.status.value, result.objective, {}, None)
    values: dict[str, Any] = {}
    for block in found.instance.own_variables:
        listed = result.answer[block.start : block.start + block.count].tolist()
        values[block.name] = dict(zip(block.labels(), listed, strict=True))
    checked = verify(found.model, found.bound, values, claimed=result.objective)
    return Answered(result.status.value, result.objective, values, checked)
