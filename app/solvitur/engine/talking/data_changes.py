"""Changes of a parameter's numbers where they stand: in the declaration, in the data section, or in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvitur.engine.proposing.splicing import Splices
from solvitur.engine.talking.amounts import Shift
from solvitur.engine.talking.lexicon import Lexicon
from solvitur.language.data_match import is_named
from solvitur.language.elements import DataEntry, Number, ParamElement, Unary
from solvitur.problem.document import Problem
from solvitur.problem.instance import Label
from solvitur.problem.tables import Column, Table, column_values

Places = Sequence[Label | None]
"""A label for each index; None where all labels are meant."""


@dataclass(frozen=True, eq=False)
class Changed:
    """The text and the tables afterwards, and how many numbers changed; ``because`` says why none could be."""

    text: str = ""
    tables: tuple[Table, ...] = ()
    count: int = 0
    because: str = ""


def change_parameter(
    problem: Problem, lexicon: Lexicon, element: ParamElement, places: Places, shift: Shift
) -> Changed:
    """Changes a parameter's numbers at the given places."""
    text, model = problem.formulation.text, lexicon.model
    splices = Splices(text, model)
    if element.value is not None:
        value = _literal(element.value)
        if value is None:
            return Changed(because=f"'{element.name}' is computed from others; change those instead")
        splices.put(replace(element, value=_number(shift.of(value))))
        return Changed(splices.text(), (), 1)
    entry = next((each for each in model.data if each.name == element.name), None)
    tables = _tables_of(problem, element, entry)
    for table in tables:
        changed, count = _in_table(table, lexicon, element, places, shift)
        if count:
            return Changed(text, (changed,), count)
    if entry is not None and entry.literal is not None:
        literal, count = _in_literal(entry.literal, lexicon, element, places, shift)
        if count:
            splices.put_entry(replace(entry, literal=literal))
            return Changed(splices.text(), (), count)
    where = ", ".join(str(label) for label in places if label is not None)
    return Changed(because=f"no number of '{element.name}' {f'for {where} ' if where else ''}was found in the data")


def _literal(value: object) -> float | None:
    if isinstance(value, Number):
        return float(value.value)
    if isinstance(value, Unary) and value.op == "-" and isinstance(value.operand, Number):
        return -float(value.operand.value)
    return None


def _number(value: float) -> Number | Unary:
    size = abs(value)
    whole = Number(int(size) if size == int(size) else size)
    return whole if value >= 0 else Unary("-", whole)


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) and abs(value) < 1e15 else value


# Literals ----------------------------------------------------------------------------------------------------


def _in_literal(
    literal: Any, lexicon: Lexicon, element: ParamElement, places: Places, shift: Shift
) -> tuple[Any, int]:
    sets = lexicon.sets_of(element)
    counted = [0]

    def change(value: Any, path: tuple[Label, ...]) -> Any:
        if isinstance(value, dict):
            return {
                key: change(inner, (*path, *(key if isinstance(key, tuple) else (key,))))
                for key, inner in value.items()
            }
        if isinstance(value, list | tuple) and len(path) < len(sets):
            labels = lexicon.members.get(sets[len(path)], ())
            if len(labels) != len(value):
                return value
            made = [change(inner, (*path, label)) for inner, label in zip(value, labels, strict=True)]  # type: ignore[arg-type]
            return type(value)(made)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _meant(path, places):
            return value
        counted[0] += 1
        return _plain(shift.of(float(value)))

    return change(literal, ()), counted[0]


def _meant(path: Sequence[Label], places: Places) -> bool:
    wanted = [label for label in places if label is not None]
    if len(path) != len(places):
        return not wanted
    return all(label is None or _same(label, part) for label, part in zip(places, path, strict=True))


def _same(one: Any, other: Any) -> bool:
    return one == other or str(one).strip() == str(other).strip()


# Tables ------------------------------------------------------------------------------------------------------


def _tables_of(problem: Problem, element: ParamElement, entry: DataEntry | None) -> list[Table]:
    named = [table for table in problem.tables if entry is not None and entry.file and is_named(table, entry.file)]
    named += [table for table in problem.tables if is_named(table, element.name)]
    named += [table for table in problem.tables if table.column(element.name) is not None]
    return list({table.name: table for table in named}.values())


def _in_table(
    table: Table, lexicon: Lexicon, element: ParamElement, places: Places, shift: Shift
) -> tuple[Table, int]:
    value = table.column(element.name)
    if value is None and len(table.columns) == len(places) + 1:
        value = table.columns[-1]
    if value is not None and _is_number(value):
        chosen = _rows(table, value, lexicon, element, places)
        return _with_shift(table, table.columns.index(value), chosen, shift)
    if value is None and len(places) == 2 and is_named(table, element.name):
        return _in_wide(table, places, shift)
    return table, 0


def _rows(table: Table, value: Column, lexicon: Lexicon, element: ParamElement, places: Places) -> np.ndarray:
    chosen = np.ones(table.row_count, dtype=bool)
    others = [column for column in table.columns if column is not value]
    for position, label in enumerate(places):
        if label is None:
            continue
        known = {str(each) for each in lexicon.labels_at(element, position)}
        fits = [c for c in others if table.row_count and {str(v).strip() for v in c.values.tolist()} <= known]
        column = fits[0] if fits else others[min(position, len(others) - 1)] if others else None
        if column is None:
            continue
        if places.count(label) == 1 and len(fits) > 1 and position < len(fits):
            column = fits[min(position, len(fits) - 1)]
        chosen &= np.array([_same(label, cell) for cell in column.values.tolist()], dtype=bool)
    return np.flatnonzero(chosen)


def _with_shift(table: Table, position: int, rows: np.ndarray, shift: Shift) -> tuple[Table, int]:
    column = table.columns[position]
    cells: list[Any] = column.values.tolist()
    change: Callable[[Any], Any] = lambda cell: _plain(shift.of(float(cell)))  # noqa: E731 - used twice below
    count = 0
    for row in rows.tolist():
        if isinstance(cells[row], int | float) and not isinstance(cells[row], bool) and cells[row] == cells[row]:
            cells[row] = change(cells[row])
            count += 1
    if column.values.dtype.kind == "f":
        cells = [float(cell) for cell in cells]
    return table.with_column(position, column_values(cells)), count


def _in_wide(table: Table, places: Places, shift: Shift) -> tuple[Table, int]:
    rows = np.arange(table.row_count)
    if places[0] is not None:
        rows = np.flatnonzero([_same(places[0], cell) for cell in table.columns[0].values.tolist()])
    total = 0
    for position, column in enumerate(table.columns[1:], start=1):
        if places[1] is None or _same(places[1], column.name):
            table, count = _with_shift(table, position, rows, shift)
            total += count
    return table, total


def _is_number(column: Column) -> bool:
    return column.values.dtype.kind in "if" or any(
        isinstance(cell, int | float) and not isinstance(cell, bool) for cell in column.values.tolist()
    )
