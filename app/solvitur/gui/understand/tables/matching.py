"""Importing: what each column of a file becomes in the model, proposed by name and content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from solvitur.gui.numbers import counted
from solvitur.gui.understand.tables.cells import is_missing, is_number
from solvitur.gui.understand.tables.known import Known
from solvitur.language.data import faults
from solvitur.problem.document import Problem
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.tables import Column, Table

_UNIT = re.compile(r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\])]+)[\])]\s*$")
_SAMPLE = 2000
_ENOUGH_KNOWN = 0.8
"""So large a part of a column's labels must be members of a set to take it for that set by content."""


@dataclass(frozen=True)
class ColumnRole:
    """What a column becomes: ``labels`` of a set, ``values`` of a parameter, ``keep`` as it is, or ``skip``."""

    what: str
    name: str = ""

    @property
    def title(self) -> str:
        """How the role is offered."""
        return {
            "labels": f"members of {self.name}",
            "values": f"values of {self.name}",
            "keep": "kept as it is",
            "skip": "left out",
        }[self.what]


KEEP, SKIP = ColumnRole("keep"), ColumnRole("skip")


def roles(known: Known) -> tuple[ColumnRole, ...]:
    """Lists all that a column can become."""
    sets = [ColumnRole("labels", e.name) for e in known.sets if known.reading.symbols[e.name].arity in (1, None)]
    params = [ColumnRole("values", e.name) for e in known.params]
    return (*sets, *params, KEEP, SKIP)


def propose(table: Table, known: Known) -> tuple[ColumnRole, ...]:
    """Proposes what the columns become: by their names first, then by what is in them."""
    offered = roles(known)
    named = {_folded(role.name): role for role in offered if role.name}
    chosen: list[ColumnRole | None] = [_by_name(column.name, named, known) for column in table.columns]
    values = Counter(role for role in chosen if role is not None and role.what == "values")
    chosen = [None if role is not None and values[role] > 1 else role for role in chosen]
    _by_param(table, known, chosen)
    for position, column in enumerate(table.columns):
        if chosen[position] is None:
            chosen[position] = _by_content(column, known, offered)
    return tuple(role or KEEP for role in chosen)


def matched(table: Table, chosen: Sequence[ColumnRole], known: Known, name: str) -> Table:
    """Returns the table as it will be: columns renamed for the model, units taken from the heads, others left out."""
    counts = Counter(role for role in chosen)
    columns = []
    for column, role in zip(table.columns, chosen, strict=True):
        if role == SKIP:
            continue
        head, unit = split_unit(column.name)
        if role.what == "values":
            param = known.param(role.name)
            columns.append(replace(column, name=role.name, unit=column.unit or unit or (param.unit if param else "")))
        elif role.what == "labels" and counts[role] == 1:
            columns.append(replace(column, name=role.name))
        else:
            columns.append(replace(column, name=head, unit=column.unit or unit))
    return replace(table, name=name, columns=tuple(columns))


def problems(table: Table, chosen: Sequence[ColumnRole], known: Known, problem: Problem) -> tuple[Finding, ...]:
    """Finds what is wrong with an import before it is made; ``table`` as `matched` returns it."""
    found: list[Finding] = []
    if not any(role.name for role in chosen) and (known.sets or known.params):
        text = "The model uses none of these columns as they are; choose what they become, or keep them."
        found.append(Finding(Severity.INFO, text))
    for role, count in Counter(chosen).items():
        if role.what == "values" and count > 1:
            text = f"{counted(count, 'column')} are to become values of '{role.name}'; choose one."
            found.append(Finding(Severity.ERROR, text, role.name))
    found.extend(_lacking_index(chosen, known))
    for column in table.columns:
        if known.param(column.name) is not None:
            found.extend(_no_numbers(column))
    if not any(finding.severity is Severity.ERROR for finding in found):
        found.extend(_bound_faults(table, chosen, known, problem))
    return tuple(dict.fromkeys(found))


def split_unit(head: str) -> tuple[str, str]:
    """Splits ``supply [t]`` or ``supply (t)`` into name and unit."""
    found = _UNIT.match(head)
    return (found["name"], found["unit"].strip()) if found and found["name"] else (head, "")


def _by_name(head: str, named: Mapping[str, ColumnRole], known: Known) -> ColumnRole | None:
    name = split_unit(head)[0]
    for candidate in (name, head):
        role = named.get(_folded(candidate))
        if role is not None:
            return role
    symbol = known.reading.symbols.get(name)
    if symbol is not None and symbol.role == "index" and len(symbol.factors) == 1:
        return named.get(_folded(symbol.factors[0]))
    return None


def _by_param(table: Table, known: Known, chosen: list[ColumnRole | None]) -> None:
    """Takes a table that is called like a parameter for its values: the last free column of numbers."""
    param = next((p for p in known.params if _folded(p.name) == _folded(table.name)), None)
    if param is None or ColumnRole("values", param.name) in chosen:
        return
    sets = known.index_sets(param.name)
    free = [k for k, role in enumerate(chosen) if role is None]
    numbers = [k for k in free if _is_numeric(table.columns[k])]
    if len(table.columns) == len(sets) + 1 and numbers:
        chosen[numbers[-1]] = ColumnRole("values", param.name)
        taken = [role.name for role in chosen if role is not None and role.what == "labels"]
        rest = [name for name in sets if name not in taken]
        for k, name in zip([k for k in free if chosen[k] is None], rest, strict=False):
            chosen[k] = ColumnRole("labels", name)


def _by_content(column: Column, known: Known, offered: Sequence[ColumnRole]) -> ColumnRole | None:
    """Takes a column for a set whose members it holds."""
    labels = {str(v).strip() for v in column.values[:_SAMPLE].tolist() if not is_missing(v)}
    if not labels or _is_numeric(column):
        return None
    for role in offered:
        members = (
            {str(m[0]) for m in known.members.get(role.name, ()) if len(m) == 1} if role.what == "labels" else ()
        )
        if members and len(labels & set(members)) >= _ENOUGH_KNOWN * len(labels):
            return role
    return None


def _lacking_index(chosen: Sequence[ColumnRole], known: Known) -> list[Finding]:
    found = []
    labels = Counter(role.name for role in chosen if role.what == "labels")
    spare = sum(role == KEEP for role in chosen)
    for role in dict.fromkeys(chosen):
        if role.what != "values":
            continue
        wanted = Counter(name for name in known.index_sets(role.name) if name)
        lacking = list((wanted - labels).elements())
        if len(lacking) > spare:
            sets = " and ".join(f"'{name}'" for name in lacking)
            text = f"'{role.name}' is given for each of {sets}, but no column holds the members of {sets}."
            found.append(Finding(Severity.ERROR, text, role.name))
    return found


def _no_numbers(column: Column) -> list[Finding]:
    """Names the first cells of a value column that are no numbers."""
    if column.values.dtype != object:
        return []
    bad = [(k, v) for k, v in enumerate(column.values.tolist()) if not is_missing(v) and not is_number(v)]
    if not bad:
        return []
    row, value = bad[0]
    more = f", and so are {counted(len(bad) - 1, 'other cell')}" if len(bad) > 1 else ""
    text = f"'{column.name}', row {row + 1}: '{value}' is no number{more}."
    return [Finding(Severity.ERROR, text, column.name)]


def _bound_faults(table: Table, chosen: Sequence[ColumnRole], known: Known, problem: Problem) -> list[Finding]:
    """Binds the model with the new table and keeps what is said about it."""
    others = tuple(each for each in problem.tables if each.name != table.name)
    trial = replace(problem, tables=(*others, table))
    about = {role.name for role in chosen if role.name}
    said = faults(known.reading.model, trial)
    files = {table.source, table.name} - {""}
    return [f for f in said if f.place.file in files or f.element.partition("[")[0] in about]


def _is_numeric(column: Column) -> bool:
    if column.values.dtype != object:
        return True
    cells = [v for v in column.values[:_SAMPLE].tolist() if not is_missing(v)]
    return bool(cells) and all(is_number(v) for v in cells)


def _folded(name: str) -> str:
    """Returns a name for comparing: without case, blanks and punctuation, and without the s of a plural."""
    bare = re.sub(r"[\W_]+", "", name.casefold())
    return bare[:-1] if len(bare) > 3 and bare.endswith("s") else bare
