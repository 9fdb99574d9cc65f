"""Proposals: what a draft or a wish would change of the open problem, to be accepted item by item as one edit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from solvitur.engine.proposing.splicing import Splices
from solvitur.language.elements import (
    ConstraintElement,
    DataEntry,
    Element,
    Model,
    ObjectiveElement,
    ParamElement,
    SetElement,
    VarElement,
)
from solvitur.language.parsing import parse
from solvitur.language.printing import entry_text, statement_text
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.drafts import Origins
from solvitur.problem.edits import Edit, ReplaceText, SetFields, SetTable, Together
from solvitur.problem.findings import Severity
from solvitur.problem.tables import Table


class Kind(StrEnum):
    """What accepting an item does."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


ROLES: dict[type, str] = {
    SetElement: "set",
    ParamElement: "parameter",
    VarElement: "variable",
    ObjectiveElement: "objective",
    ConstraintElement: "constraint",
}
"""What an element is called, in the order of the five elements."""


_MOST_ROWS = 4
"""So many rows of a table are shown."""


@dataclass(frozen=True)
class Item:
    """One change: an element with its data, a table, or the whole model text.

    ``role`` is set, parameter, variable, objective, constraint, data, table or model; ``wanted`` tells whether it is
    taken unless the user says otherwise.
    """

    name: str
    kind: Kind
    role: str
    before: str = ""
    after: str = ""
    wanted: bool = True

    @property
    def key(self) -> str:
        """Tells this item from all others of its proposal."""
        return f"{self.role} {self.name}" if self.role in ("table", "model") else self.name


@dataclass(frozen=True, eq=False)
class Proposal:
    """Items, and all that is needed to make the edit of those that are accepted; ``title`` is what Undo shows."""

    title: str
    items: tuple[Item, ...]
    text: str
    tables: tuple[Table, ...] = ()
    origins: Origins | None = None
    """What the problem's origins become once anything is accepted; None leaves them."""
    kind: str = "algebraic"

    @property
    def wanted(self) -> frozenset[str]:
        """The keys of the items that are taken unless the user says otherwise."""
        return frozenset(item.key for item in self.items if item.wanted)


def propose(
    title: str,
    problem: Problem,
    text: str,
    *,
    tables: Iterable[Table] = (),
    origins: Origins | None = None,
    owned: Collection[str] | None = None,
    kind: str = "algebraic",
) -> Proposal:
    """Compares a model text and tables with what the problem has.

    Parameters
    ----------
    tables : iterable of tables
        Those to be added, or to replace the ones of their names; all others stay.
    owned : collection of str, optional
        The elements that may go if ``text`` does not have them; others are kept unless the user asks. None: all.
    """
    added = tuple(tables)
    items = [*_model_items(problem, text, kind, owned), *_table_items(problem, added)]
    return Proposal(title, tuple(items), text, added, origins, kind)


def accept(problem: Problem, proposal: Proposal, keys: Collection[str]) -> Edit | None:
    """Builds the one edit that makes the accepted items true; None when it would change nothing."""
    edits: list[Edit] = []
    chosen = [item for item in proposal.items if item.key in keys]
    whole = next((item for item in chosen if item.role == "model"), None)
    if whole is not None:
        formulation = Formulation(proposal.kind, proposal.text, None, problem.formulation.source)
        edits.append(SetFields(proposal.title, {"formulation": formulation}))
    else:
        edits += _text_edit(proposal.title, problem, proposal, [item for item in chosen if item.role != "table"])
    named = {table.name: table for table in proposal.tables}
    edits += [SetTable(proposal.title, item.name, named[item.name]) for item in chosen if item.role == "table"]
    if chosen and proposal.origins is not None:
        edits.append(SetFields(proposal.title, {"origins": proposal.origins}))
    if not edits:
        return None
    return edits[0] if len(edits) == 1 else Together(proposal.title, tuple(edits))


def _model_items(problem: Problem, text: str, kind: str, owned: Collection[str] | None) -> list[Item]:
    formulation = problem.formulation
    if formulation.kind == kind and formulation.text == text:
        return []
    here, there = parse(formulation.text), parse(text)
    unreadable = any(f.severity is Severity.ERROR for f in (*here.findings, *there.findings))
    if kind != "algebraic" or formulation.kind != kind or unreadable:
        change = Kind.CHANGE if formulation.text.strip() else Kind.ADD
        return [Item("", change, "model", formulation.text, text)]
    items = []
    for name in _names(here.model, there.model):
        before, after = described(here.model, name), described(there.model, name)
        if before == after:
            continue
        change = Kind.ADD if not before else Kind.CHANGE if after else Kind.REMOVE
        wanted = bool(after) or owned is None or name in owned
        items.append(Item(name, change, _role(there.model, name) or _role(here.model, name), before, after, wanted))
    order = (*ROLES.values(), "data")
    return sorted(items, key=lambda item: (item.kind is Kind.REMOVE and not item.wanted, order.index(item.role)))


def described(model: Model, name: str) -> str:
    """Writes what a model says of a name: its declaration, and its entry in the data section."""
    element, entry = model.element(name), _entry(model, name)
    lines = [] if element is None else [statement_text(element)]
    return "\n".join([*lines, *([] if entry is None else [entry_text(replace(entry, remark="")).strip()])])


def _names(here: Model, there: Model) -> list[str]:
    parts: list[Element | DataEntry] = [*there.elements, *there.data, *here.elements, *here.data]
    return list(dict.fromkeys(part.name for part in parts))


def _role(model: Model, name: str) -> str:
    element = model.element(name)
    if element is not None:
        return ROLES[type(element)]
    return "data" if _entry(model, name) is not None else ""


def _entry(model: Model, name: str) -> DataEntry | None:
    return next((entry for entry in model.data if entry.name == name), None)


def _table_items(problem: Problem, tables: Iterable[Table]) -> list[Item]:
    items = []
    for table in tables:
        old = problem.table(table.name)
        if old is None:
            items.append(Item(table.name, Kind.ADD, "table", "", _summary(table)))
        elif not same_table(old, table):
            items.append(Item(table.name, Kind.CHANGE, "table", *_difference(old, table)))
    return items


def same_table(one: Table, other: Table) -> bool:
    """Tells whether two tables hold the same columns and values."""
    if one.header != other.header or one.row_count != other.row_count:
        return False
    pairs = zip(one.columns, other.columns, strict=True)
    return all(a.unit == b.unit and np.array_equal(a.values.astype(str), b.values.astype(str)) for a, b in pairs)


def _summary(table: Table, rows: Collection[int] | None = None) -> str:
    """Writes the header and the first rows, or the first of the given ones."""
    chosen = list(range(table.row_count)) if rows is None else list(rows)
    lines = [" | ".join(table.header)]
    lines += [" | ".join(str(column.values[row]) for column in table.columns) for row in chosen[:_MOST_ROWS]]
    if len(chosen) > _MOST_ROWS:
        lines.append(f"and {len(chosen) - _MOST_ROWS} more rows")
    return "\n".join(lines)


def _difference(old: Table, new: Table) -> tuple[str, str]:
    """Writes both tables, only the rows that differ where they have the same shape."""
    if old.header != new.header or old.row_count != new.row_count:
        return _summary(old), _summary(new)
    differs = np.zeros(old.row_count, dtype=bool)
    for one, other in zip(old.columns, new.columns, strict=True):
        differs |= np.array([a != b for a, b in zip(one.values.tolist(), other.values.tolist(), strict=True)], bool)
    rows = np.flatnonzero(differs).tolist()
    return _summary(old, rows), _summary(new, rows)


def _text_edit(title: str, problem: Problem, proposal: Proposal, items: list[Item]) -> list[Edit]:
    text = problem.formulation.text
    if not items:
        return []
    names = {item.name for item in items}
    here, there = parse(text).model, parse(proposal.text).model
    if not text.strip() and names >= {part.name for part in (*there.elements, *there.data)}:
        return [ReplaceText(title, 0, text, proposal.text)]
    splices = Splices(text, here)
    last = ""
    for element in there.elements:
        if element.name in names:
            splices.put(element, last)
        if here.element(element.name) is not None:
            last = element.name
    for entry in there.data:
        if entry.name in names:
            splices.put_entry(entry)
    for name in names:
        if there.element(name) is None:
            splices.drop(name)
        if _entry(there, name) is None:
            splices.drop_entry(name)
    return _replacing(title, text, splices.text())


def _replacing(title: str, before: str, after: str) -> list[Edit]:
    """Replaces only the stretch that differs, so that cursors before and after it stay."""
    if before == after:
        return []
    head = 0
    shorter = min(len(before), len(after))
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return [ReplaceText(title, head, before[head : len(before) - tail], after[head : len(after) - tail])]
