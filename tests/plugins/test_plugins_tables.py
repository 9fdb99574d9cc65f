"""Tables open from CSV, JSON and workbooks with the right types, and what cannot be read is named with its place."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from instances import product_mix

from solvitur.api import (
    Block,
    Formulation,
    InputError,
    MatrixInstance,
    Problem,
    Result,
    Solved,
    Status,
    Table,
    Verification,
)
from solvitur_files.answer_files import AnswerJson, AnswerTable
from solvitur_files.delimited import DelimitedText
from solvitur_files.json_tables import JsonData
from solvitur_files.sheets import Workbook
from solvitur_files.text_model import SlvFile


def opened(path: Path, **options: Any) -> dict[str, Table]:
    """Opens a file with the reader of its suffix; returns its tables by name."""
    readers = {".json": JsonData(), ".xlsx": Workbook()}
    return {table.name: table for table in readers.get(path.suffix, DelimitedText()).read(path, options).tables}


def csv(folder: Path, text: str | bytes, name: str = "data.csv", **options: Any) -> Table:
    """Writes and opens a delimited text."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return opened(path, **options)[path.stem]


def columns(table: Table) -> dict[str, list[Any]]:
    """Returns the table as lists by column."""
    return {column.name: column.values.tolist() for column in table.columns}


def test_types_are_narrowed_column_by_column(tmp_path: Path) -> None:
    found = csv(tmp_path, "plant,big,cost,code\nSeattle,350,2.5,007\n San Diego ,600,1e2,010\n")
    assert columns(found) == {
        "plant": ["Seattle", "San Diego"],
        "big": [350, 600],
        "cost": [2.5, 100.0],
        "code": ["007", "010"],
    }
    assert [column.values.dtype.kind for column in found.columns] == ["O", "i", "f", "O"]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\nx,1.5\ny,2\n",
        "a;b\nx;1,5\ny;2\n",
        "a\tb\nx\t1.5\ny\t2\n",
        'a,b\r\n"x","1.5"\r\n\r\ny,2\r\n',
        "\ufeffa,b\nx,1.5\ny,2",
    ],
)
def test_delimiter_decimal_sign_quotes_and_line_ends_are_found_out(tmp_path: Path, text: str) -> None:
    assert columns(csv(tmp_path, text)) == {"a": ["x", "y"], "b": [1.5, 2.0]}


def test_quoted_cells_may_hold_anything(tmp_path: Path) -> None:
    found = csv(tmp_path, 'a,b\n"x, ""y""\nz",1\n')
    assert columns(found) == {"a": ['x, "y"\nz'], "b": [1]}


def test_missing_cells_are_missing_values(tmp_path: Path) -> None:
    found = csv(tmp_path, "a,b,c\nx,,1\ny,2.5,\n")
    assert found.columns[1].values.tolist()[1] == 2.5
    assert math.isnan(found.columns[1].values[0])
    assert columns(found)["c"] == [1, None]


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", ""), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")])
def test_the_encoding_is_found_out_and_told(tmp_path: Path, encoding: str, told: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes("a,b\nZürich,1\n".encode(encoding))
    found = DelimitedText().read(path, {})
    assert columns(found.tables[0]) == {"a": ["Zürich"], "b": [1]}
    assert [told in finding.text for finding in found.findings] == ([True] if told else [])


def test_a_table_of_numbers_alone_is_known_by_position_unless_told_otherwise(tmp_path: Path) -> None:
    assert columns(csv(tmp_path, "1,2\n3,4\n")) == {"#1": [1, 3], "#2": [2, 4]}
    assert columns(csv(tmp_path, "1,2\n3,4\n", header="yes")) == {"1": [3], "2": [4]}
    assert columns(csv(tmp_path, "a,b\n3,4\n", header="no")) == {"#1": ["a", 3], "#2": ["b", 4]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\nx,1,2\ny,1\n", "line 2: this line has 3 cells, but the header has 2: a, b"),
        ('a,b\n"x\ny",1\nz\n', "line 4: this line has 1 cells"),
        ("a,a\n1,2\n", "columns 1 and 2 are both named 'a'"),
        ("", "the table is empty"),
        ("\n \n", "the table is empty"),
        (b"a,b\n\x81,1\n", "line 2: byte 81 is no character"),
        (b"a,b\n\x00,1\n", "binary data"),
        ('a,b\n"' + "x" * 200_000 + '",1\n', "line 2"),
    ],
)
def test_a_malformed_table_is_named(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        csv(tmp_path, text)
    assert words in str(caught.value)


cells = st.one_of(
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp", "Cs"]), min_size=1, max_size=8
    ).map(lambda word: "w" + word),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6))
@pytest.mark.parametrize("name", ["again.csv", "again.tsv"])
def test_any_table_survives_being_written_and_read(
    tmp_path: Path, name: str, rows: list[tuple[Any, Any, Any]]
) -> None:
    table = Table.from_rows("again", ["a", "b", "c"], rows)
    DelimitedText().write(table, tmp_path / name)
    assert columns(opened(tmp_path / name)["again"]) == columns(table)


def test_a_workbook_survives_being_written_and_read(tmp_path: Path) -> None:
    table = Table.from_rows("cost [$]", ["a", "b", "c"], [("x", 1, 0.1), ("y", 2, None)])
    Workbook().write(table, tmp_path / "book.xlsx")
    found = opened(tmp_path / "book.xlsx")["cost _$_"]
    assert columns(found)["a"] == ["x", "y"]
    assert columns(found)["b"] == [1, 2]
    assert found.columns[2].values[0] == 0.1
    assert math.isnan(found.columns[2].values[1])


def test_each_sheet_is_a_table_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "plants"
    for row in (["plant", "supply", None], ["Seattle", 350, None], [None, None, None], ["San Diego", 600, None]):
        first.append(row)
    book.create_sheet("empty")
    book.create_sheet("days").append(["day"])
    book.save(tmp_path / "book.xlsx")
    found = opened(tmp_path / "book.xlsx")
    assert list(found) == ["plants", "days"]
    assert columns(found["plants"]) == {"plant": ["Seattle", "San Diego"], "supply": [350, 600]}


@pytest.mark.parametrize(
    ("cell", "words"),
    [("=1+1", "cell B2 of sheet 'cost' holds a formula that was never computed"), ("#REF!", "holds the error #REF!")],
)
def test_a_cell_without_a_value_is_named(tmp_path: Path, cell: str, words: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("cost")
    sheet.append(["a", "b"])
    sheet.append(["x", cell])
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(InputError, match=words):
        opened(tmp_path / "book.xlsx")


def test_what_is_no_workbook_is_named(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 but not for long")
    with pytest.raises(InputError, match=r"no \.xlsx workbook"):
        opened(tmp_path / "book.xlsx")


def json_tables(folder: Path, data: object) -> dict[str, tuple[tuple[str, ...], list[list[Any]]]]:
    """Writes and opens JSON; returns header and columns by table."""
    path = folder / "data.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return {name: (t.header, [c.values.tolist() for c in t.columns]) for name, t in opened(path).items()}


@pytest.mark.parametrize(
    ("value", "header", "cells_by_column"),
    [
        (5, ("k",), [[5]]),
        (["a", "b"], ("k",), [["a", "b"]]),
        ({"a": 1, "b": 2}, ("", "k"), [["a", "b"], [1, 2]]),
        ({"a": {"x": 1.5}, "b": {"y": 2}}, ("", "", "k"), [["a", "b"], ["x", "y"], [1.5, 2.0]]),
        ([[1, 2], [3, 4]], ("#1", "#2", "k"), [[0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 3, 4]]),
        ({"a": [7, 8]}, ("", "#2", "k"), [["a", "a"], [0, 1], [7, 8]]),
        ([["a", "b"], ["a", "c"]], ("", ""), [["a", "a"], ["b", "c"]]),
        ([["a", "b", 3]], ("", "", "k"), [["a"], ["b"], [3]]),
        ([{"from": "a", "cost": 2}, {"from": "b"}], ("from", "cost"), [["a", "b"], [2, None]]),
        ({"1": 5, "2": 6}, ("", "k"), [[1, 2], [5, 6]]),
        ([], ("k",), [[]]),
        ([True, False], ("k",), [[1, 0]]),
    ],
)
def test_every_shape_of_json_becomes_a_table(
    tmp_path: Path, value: object, header: tuple[str, ...], cells_by_column: list[list[Any]]
) -> None:
    assert json_tables(tmp_path, {"k": value})["k"] == (header, cells_by_column)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1,}', "line 1, column"),
        ("[1]", "must be an object"),
        ('{"a": NaN}', "NaN is no value"),
        ('{"a": 1, "a": 2}', "key 'a' stands twice"),
        ('{"c": {"d": {"e": 1}, "f": 2}}', "'c[f]' is less deep"),
        ('{"c": {"d": 1, "f": {"e": 2}}}', "'c[f]' is nested unlike"),
        ('{"c": [["a", "b"], ["a"]]}', "'c[1]' has 1 entries, but the first has 2"),
        ('{"c": [{"a": [1]}]}', "'c[0].a' is nested"),
        ('{"a":' * 3000, "nested too deeply"),
        ('{"a":' * 30 + "1" + "}" * 30, "nested more than 20 levels"),
        ("", "this is not JSON"),
    ],
)
def test_malformed_json_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        json_tables(tmp_path, text)
    assert words in str(caught.value)


def test_a_model_in_the_language_is_opened_and_written_as_text(tmp_path: Path) -> None:
    path = tmp_path / "mix.slv"
    path.write_bytes("\ufeffset Zürich\r\nvar x\r\n".encode())
    problem = SlvFile().read(path, {}).problem
    assert problem is not None
    assert (problem.name, problem.formulation.kind, problem.formulation.source) == ("mix", "algebraic", str(path))
    assert problem.formulation.text == "set Zürich\nvar x\n"
    SlvFile().write(problem, tmp_path / "again.slv")
    assert (tmp_path / "again.slv").read_bytes() == "set Zürich\nvar x\n".encode()
    path.write_bytes("set Zürich".encode("latin-1"))
    with pytest.raises(InputError, match="in Latin-1 it would be 'ü'"):
        SlvFile().read(path, {})


def solved(instance: MatrixInstance, answer: list[float] | None) -> Solved:
    """Wraps an answer as exporters get it."""
    values = None if answer is None else np.array(answer)
    problem = Problem(name="mix", formulation=Formulation("matrix", content=instance))
    result = Result(Status.OPTIMAL, values, None if values is None else instance.objective_at(values))
    return Solved(problem, instance, result, Verification(passed=True, max_violation=0.0, objective=36.0))


def test_answers_are_written_by_name(tmp_path: Path) -> None:
    AnswerTable().write(solved(product_mix(), [2.0, 6.0]), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "variable,value\nx1,2.0\nx2,6.0\n"
    AnswerJson().write(solved(product_mix(), [2.0, 6.0]), tmp_path / "a.json")
    written = json.loads((tmp_path / "a.json").read_text())
    assert (written["status"], written["objective"], written["verified"]) == ("optimal", 36.0, True)
    assert written["values"] == {"x1": 2.0, "x2": 6.0}
    with pytest.raises(InputError, match="solve the problem first"):
        AnswerTable().write(solved(product_mix(), None), tmp_path / "b.csv")


def test_answers_over_indices_are_written_nested_and_by_index(tmp_path: Path) -> None:
    block = Block("ship", 0, 2, (("Seattle",), ("New York", "Rome")), ("p", "m"))
    indexed = MatrixInstance(**{**vars(product_mix()), "variables": (block,)})
    AnswerJson().write(solved(indexed, [2.0, 6.0]), tmp_path / "a.json")
    values = json.loads((tmp_path / "a.json").read_text())["values"]
    assert values == {"ship": {"Seattle": {"New York": 2.0, "Rome": 6.0}}}
    AnswerTable().write(solved(indexed, [2.0, 6.0]), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "ship,Seattle,New York,2.0"
