"""Cells as text, blocks from the clipboard, matching of columns: what is read is what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understand_world import NO_DATA, TRANSPORT, table

from solvitur.gui.understand.diffs import changes, single_change
from solvitur.gui.understand.positions import from_qt, to_qt
from solvitur.gui.understand.reading import read
from solvitur.gui.understand.tables.blank import blank_table
from solvitur.gui.understand.tables.cells import edit_text, read_block, read_cell, show_cell
from solvitur.gui.understand.tables.clipboard import parse_block, write_block
from solvitur.gui.understand.tables.known import Known, known_of
from solvitur.gui.understand.tables.matching import KEEP, ColumnRole, matched, problems, propose
from solvitur.problem.document import Formulation, Problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("  ", None),
        ("12", 12),
        ("-3", -3),
        ("\u22123,5", -3.5),
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("1 234,5", 1234.5),
        ("1\u202f234", 1234),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567),
        ("1e-3", 0.001),
        ("inf", float("inf")),
        ("San Diego", "San Diego"),
        ("2024-01-01", "2024-01-01"),
        ("12 rue X", "12 rue X"),
        ("3a", "3a"),
        ("1_000", 1000),
    ],
)
def test_a_cell_is_read_as_people_write_it(text: str, value: object) -> None:
    assert read_cell(text) == value


def test_what_a_comma_means_is_decided_once_for_a_column() -> None:
    assert read_block([["1,234"], ["2,345,678"]]) == [[1234], [2345678]]
    assert read_block([["1,234"], ["2,5"]]) == [[1.234], [2.5]]


@given(st.one_of(st.integers(-(2**62), 2**62), st.floats(allow_nan=False)))
def test_a_number_typed_back_is_the_same_number(number: float) -> None:
    assert read_cell(edit_text(number)) == number


def test_large_numbers_are_grouped_and_labels_are_not() -> None:
    assert show_cell(12345.5) == "12\u2009345.5"
    assert show_cell(2024) == "2024"
    assert show_cell(20240101, plain=True) == "20240101"
    assert show_cell(-3) == "\u22123"


@given(st.lists(st.lists(st.text(alphabet="ab\"' ,;é", max_size=4), min_size=2, max_size=3), min_size=1, max_size=4))
def test_a_copied_block_is_pasted_as_it_was(rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    full = [row + [""] * (width - len(row)) for row in rows]
    assert parse_block(write_block(full)) == full


@given(st.text(alphabet="ab\n", max_size=40), st.text(alphabet="ab\n", max_size=40))
def test_changes_turn_one_text_into_the_other(before: str, after: str) -> None:
    text = before
    for change in changes(before, after):
        assert text[change.offset : change.end] == change.removed
        text = text[: change.offset] + change.inserted + text[change.end :]
    assert text == after
    single = single_change(before, after)
    assert (single is None) == (before == after)


@given(st.text(alphabet="aé🚚", max_size=20), st.data())
def test_positions_go_to_qt_and_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert from_qt(text, to_qt(text, offset)) == offset


def _known(text: str = TRANSPORT) -> Known:
    return known_of(read(text), Problem(formulation=Formulation(text=text)))


def test_columns_are_matched_by_name_by_index_and_by_their_members() -> None:
    known = _known()
    by_name = table("x", ("plant", ["q"]), ("DEMAND (t)", [1]))
    assert propose(by_name, known) == (ColumnRole("labels", "Plants"), ColumnRole("values", "demand"))
    by_content = table("x", ("from", ["Seattle", "Gary"]), ("to", ["NYC", "Chicago"]), ("colour", ["red", "blue"]))
    assert propose(by_content, known) == (ColumnRole("labels", "Plants"), ColumnRole("labels", "Markets"), KEEP)
    by_table = table("cost", ("a", ["q"]), ("b", ["r"]), ("c", [1.5]))
    assert propose(by_table, known)[2] == ColumnRole("values", "cost")


def test_a_missing_index_column_is_named() -> None:
    known = _known(NO_DATA)
    problem = Problem(formulation=Formulation(text=NO_DATA))
    roles = (ColumnRole("labels", "Plants"), ColumnRole("values", "cost"))
    made = matched(table("cost", ("p", ["Seattle"]), ("c", [1.5])), roles, known, "cost")
    found = problems(made, roles, known, problem)
    assert "'Markets'" in found[0].text and "'cost'" in found[0].text


def test_an_unknown_member_is_told_by_binding_the_model_before_the_import() -> None:
    known = _known(NO_DATA)
    problem = Problem(formulation=Formulation(text=NO_DATA))
    roles = (ColumnRole("labels", "Plants"), ColumnRole("values", "supply"))
    made = matched(table("s", ("p", ["Seattle", "Paris"]), ("c", [1, 2])), roles, known, "s")
    assert any("Paris" in finding.text for finding in problems(made, roles, known, problem))


def test_a_blank_table_of_one_set_twice_tells_its_columns_apart() -> None:
    text = "set Nodes\nparam length[i in Nodes, j in Nodes]\nparam height[Nodes, Nodes]\ndata\n  Nodes = a, b\n"
    known = _known(text)
    assert blank_table(known, "length").header == ("i", "j", "length")
    assert blank_table(known, "height").header == ("Nodes 1", "Nodes 2", "height")
    assert blank_table(known, "length").row_count == 4
