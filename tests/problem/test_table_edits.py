"""Edits of tables: each gives the change it names and an inverse that takes it back, types included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvitur.problem.document import Problem
from solvitur.problem.edits import (
    Cells,
    Edit,
    InsertColumn,
    InsertRows,
    RemoveColumn,
    RemoveRows,
    ReorderRows,
    SetCells,
    SetHeader,
)
from solvitur.problem.records import from_bytes, to_bytes
from solvitur.problem.tables import Column, Table, column_values


def _problem() -> Problem:
    columns = (
        Column("Plants", column_values(["Seattle", "Gary", "Austin"])),
        Column("supply", np.array([350, 600, 200])),
        Column("cost", np.array([1.5, np.nan, 2.5]), "$"),
    )
    return Problem(tables=(Table("plants", columns), Table("other", ())))


def _cells(problem: Problem) -> list[tuple[str, str, str, list[Any]]]:
    return [
        (c.name, c.unit, c.values.dtype.str, [repr(v) for v in c.values.tolist()]) for c in problem.tables[0].columns
    ]


def _text(*values: object) -> np.ndarray:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


_EDITS: list[Edit] = [
    SetCells("Type", "plants", (Cells(1, np.array([1]), np.array([700])),)),
    SetCells("Type", "plants", (Cells(1, np.array([1]), np.array([7.5])),)),
    SetCells(
        "Clear",
        "plants",
        (Cells(1, np.array([0, 2]), np.array([np.nan, np.nan])), Cells(2, np.array([0]), _text("?"))),
    ),
    SetCells("Twice", "plants", (Cells(1, np.array([0]), _text("a")), Cells(1, np.array([0]), np.array([5])))),
    InsertRows("Insert", "plants", np.array([0, 4]), (_text("x", None), _text(None, 4), np.array([np.nan, 1.0]))),
    RemoveRows("Remove", "plants", np.array([2, 0])),
    ReorderRows("Sort", "plants", np.array([2, 0, 1])),
    SetHeader("Rename", "plants", "works", (("P", ""), ("s", "t"), ("cost", ""))),
    InsertColumn("Insert", "plants", 1, Column("new", np.zeros(3))),
    RemoveColumn("Remove", "plants", 1),
]


@pytest.mark.parametrize("edit", _EDITS, ids=lambda edit: type(edit).__name__)
def test_an_edit_and_its_inverse_leave_the_table_as_it_was(edit: Edit) -> None:
    before = _problem()
    changed, inverse = edit.apply(before)
    assert _cells(changed) != _cells(before) or changed.tables[0].name != before.tables[0].name
    restored, again = inverse.apply(changed)
    assert _cells(restored) == _cells(before)
    assert restored.tables[0].name == "plants"
    assert _cells(again.apply(restored)[0]) == _cells(changed)


@pytest.mark.parametrize("edit", _EDITS, ids=lambda edit: type(edit).__name__)
def test_an_edit_survives_storage(edit: Edit) -> None:
    stored = from_bytes(to_bytes(edit))
    assert _cells(stored.apply(_problem())[0]) == _cells(edit.apply(_problem())[0])


def test_whole_numbers_beyond_float_stay_exact_when_a_fraction_comes_in() -> None:
    table = Table("t", (Column("n", np.array([2**60 + 1, 2])),))
    changed, inverse = SetCells("Type", "t", (Cells(0, np.array([1]), np.array([0.5])),)).apply(
        Problem(tables=(table,))
    )
    assert changed.tables[0].columns[0].values.tolist() == [2**60 + 1, 0.5]
    assert inverse.apply(changed)[0].tables[0].columns[0].values.dtype == np.int64


def test_the_table_before_an_edit_is_not_touched() -> None:
    problem = _problem()
    before = _cells(problem)
    for edit in _EDITS:
        edit.apply(problem)
    assert _cells(problem) == before


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30), st.data())
def test_removed_rows_come_back_where_they_were(values: list[int], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(values) - 1), unique=True, max_size=len(values)))
    problem = Problem(tables=(Table("t", (Column("n", np.array(values)),)),))
    changed, inverse = RemoveRows("Remove", "t", np.array(rows, dtype=np.int64)).apply(problem)
    assert changed.tables[0].row_count == len(values) - len(rows)
    assert inverse.apply(changed)[0].tables[0].columns[0].values.tolist() == values
