"""Short ways to write models, tables and problems in tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from solvitur.language.compile import compile_model
from solvitur.language.data import Bound, bind
from solvitur.language.parsing import parse
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding
from solvitur.problem.instance import MatrixInstance
from solvitur.problem.tables import Table

TRANSPORT = """
set Plants
set Markets
param supply[Plants] >= 0
param demand[Markets] >= 0
param cost[p in Plants, m in Markets] >= 0
var ship[p in Plants, m in Markets] >= 0
minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)
subject to within_supply[p in Plants]: sum(ship[p, m] for m in Markets) <= supply[p]
subject to meet_demand[m in Markets]: sum(ship[p, m] for p in Plants) >= demand[m]
"""


def table(name: str, header: str, *rows: Sequence[Any], source: str = "") -> Table:
    """Makes a table; the header is written with commas."""
    return Table.from_rows(name, [part.strip() for part in header.split(",")], rows, source)


def problem(text: str, *tables: Table) -> Problem:
    """Makes a problem of a model and tables."""
    return Problem(formulation=Formulation(text=text, source="model.slv"), tables=tables)


def bound(text: str, *tables: Table) -> Bound:
    """Binds a model that must parse."""
    parsed = parse(text, "model.slv")
    assert not parsed.findings, [str(finding) for finding in parsed.findings]
    return bind(parsed.model, problem(text, *tables))


def compiled(text: str, *tables: Table, objective: str = "") -> MatrixInstance:
    """Binds and compiles a model."""
    return compile_model(parse(text, "model.slv").model, bound(text, *tables), objective)


def refused(text: str, *tables: Table) -> tuple[Finding, ...]:
    """Returns the findings with which a model is refused."""
    try:
        compiled(text, *tables)
    except InputError as error:
        assert error.findings
        assert all(finding.text.strip() for finding in error.findings)
        return error.findings
    raise AssertionError("it was accepted")


def values(found: Bound, name: str) -> dict[tuple[Any, ...], float]:
    """Returns a parameter's values by index."""
    quantity = found.params[name]
    return dict(zip(quantity.space.labels, quantity.values.tolist(), strict=True))
