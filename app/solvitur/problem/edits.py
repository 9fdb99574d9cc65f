"""Edits: undoable changes to the open problem; applying one gives the next problem and the inverse edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.records import Record
from solvitur.problem.table_edits import (
    Cells,
    InsertColumn,
    InsertRows,
    RemoveColumn,
    RemoveRows,
    ReorderRows,
    SetCells,
    SetHeader,
)
from solvitur.problem.tables import Table

__all__ = [
    "Cells",
    "Edit",
    "InsertColumn",
    "InsertRows",
    "RemoveColumn",
    "RemoveRows",
    "ReorderRows",
    "ReplaceText",
    "SetCells",
    "SetFields",
    "SetHeader",
    "SetTable",
    "Together",
    "set_choice",
    "set_formulation",
]


class Edit(Protocol):
    """One undoable change; ``title`` is what Undo shows, in the user's words."""

    @property
    def title(self) -> str: ...

    def apply(self, problem: Problem) -> tuple[Problem, Edit]:
        """Returns the changed problem and the edit that takes it back."""
        ...


@dataclass(frozen=True, eq=False)
class SetFields(Record, tag="edit-fields"):
    """Replaces fields of the problem, by name: statement, formulation, tables, choice, layout, origins ..."""

    title: str
    values: dict[str, Any]

    def apply(self, problem: Problem) -> tuple[Problem, SetFields]:
        """Returns the changed problem and the edit that takes it back."""
        before = {name: getattr(problem, name) for name in self.values}
        return replace(problem, **self.values), SetFields(self.title, before)


@dataclass(frozen=True, eq=False)
class ReplaceText(Record, tag="edit-text"):
    """Replaces ``removed`` by ``inserted`` at an offset of the model's text (or of the statement)."""

    title: str
    offset: int
    removed: str
    inserted: str
    field: str = "model"
    """``model`` or ``statement``."""

    def apply(self, problem: Problem) -> tuple[Problem, ReplaceText]:
        """Returns the changed problem and the edit that takes it back."""
        text = problem.formulation.text if self.field == "model" else problem.statement
        end = self.offset + len(self.removed)
        if text[self.offset : end] != self.removed:
            raise ValueError("the text to replace is not there")
        changed = text[: self.offset] + self.inserted + text[end:]
        inverse = ReplaceText(self.title, self.offset, self.inserted, self.removed, self.field)
        if self.field == "model":
            return replace(problem, formulation=replace(problem.formulation, text=changed)), inverse
        return replace(problem, statement=changed), inverse


@dataclass(frozen=True, eq=False)
class SetTable(Record, tag="edit-table"):
    """Adds, replaces, renames or (with ``table`` None) removes the table ``name``, kept at its position."""

    title: str
    name: str
    table: Table | None
    position: int = -1
    """Where a new table goes; -1 at the end."""

    def apply(self, problem: Problem) -> tuple[Problem, SetTable]:
        """Returns the changed problem and the edit that takes it back."""
        names = [table.name for table in problem.tables]
        at = names.index(self.name) if self.name in names else -1
        before = problem.tables[at] if at >= 0 else None
        tables = list(problem.tables)
        if before is not None:
            tables[at : at + 1] = [] if self.table is None else [self.table]
        elif self.table is not None:
            at = self.position if self.position >= 0 else len(tables)
            tables.insert(at, self.table)
        inverse_name = self.table.name if self.table is not None else self.name
        return replace(problem, tables=tuple(tables)), SetTable(self.title, inverse_name, before, at)


@dataclass(frozen=True, eq=False)
class Together(Record, tag="edit-together"):
    """Several edits, one after the other, as one undoable step."""

    title: str
    edits: tuple[Any, ...]

    def apply(self, problem: Problem) -> tuple[Problem, Together]:
        """Returns the changed problem and the edit that takes it back."""
        inverses: list[Edit] = []
        for edit in self.edits:
            problem, inverse = edit.apply(problem)
            inverses.append(inverse)
        return problem, Together(self.title, tuple(reversed(inverses)))


def set_formulation(title: str, formulation: Formulation) -> SetFields:
    """Builds the edit that replaces the whole formulation."""
    return SetFields(title, {"formulation": formulation})


def set_choice(title: str, choice: Choice) -> SetFields:
    """Builds the edit that replaces how the problem is solved."""
    return SetFields(title, {"choice": choice})
