"""A project as plain text: equal when read back, the same bytes every time, friendly to hands and merges."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from project_worlds import a_run, rich_problem, sum_problem

from solvitur.engine.content import Content, StoredRun, read_content, write_content
from solvitur.engine.textfolder import read_folder, write_folder
from solvitur.engine.texttables import read_table, table_text
from solvitur.engine.texttrees import from_tree, to_tree
from solvitur.problem.errors import InputError
from solvitur.problem.records import fingerprint
from solvitur.problem.tables import Column, Table


def everything() -> Content:
    """Builds a project with something unusual everywhere."""
    solved = replace(rich_problem(), workflow=None, layout={})
    return Content(rich_problem(), (StoredRun(a_run(1), sum_problem()), StoredRun(a_run(12), solved)))


def prints(content: Content) -> list[str]:
    return [fingerprint(content.problem), *(fingerprint((s.run, s.problem)) for s in content.runs)]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_project_comes_back_equal_and_its_bytes_are_always_the_same(tmp_path: Path) -> None:
    write_folder(everything(), tmp_path / "one")
    assert prints(read_folder(tmp_path / "one")) == prints(everything())
    write_folder(read_folder(tmp_path / "one"), tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert (tmp_path / "one" / "model.slv").read_text() == "set P\n# comment\n"


def test_the_command_line_converts_there_and_back(tmp_path: Path) -> None:
    write_content(everything(), tmp_path / "a.solvitur")
    for source, target in (("a.solvitur", "text"), ("text", "b.solvitur")):
        command = [sys.executable, "-m", "solvitur", "convert", source, target]
        subprocess.run(command, cwd=tmp_path, check=True)
    assert prints(read_content(tmp_path / "b.solvitur")) == prints(everything())


def test_writing_again_removes_what_is_gone_and_nothing_of_others(tmp_path: Path) -> None:
    write_folder(everything(), tmp_path)
    (tmp_path / "tables" / "mine.csv").write_text("kept")
    (tmp_path / "README.md").write_text("kept")
    left = Content(replace(rich_problem(), tables=rich_problem().tables[:1]), everything().runs[:1])
    write_folder(left, tmp_path)
    assert prints(read_folder(tmp_path)) == prints(left)
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == ["Plants_Märkte.csv", "mine.csv"]
    assert len(list((tmp_path / "runs").iterdir())) == len(list((tmp_path / "problems").iterdir())) == 1
    assert (tmp_path / "README.md").exists()


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other things"):
        write_folder(everything(), tmp_path)
    with pytest.raises(InputError, match="is missing"):
        read_folder(tmp_path)


def test_rows_added_by_hand_are_read_with_their_columns_types(tmp_path: Path) -> None:
    table = Table.from_rows("t", ["name", "cost"], [["a", 1.5]])
    write_folder(Content(replace(sum_problem(), tables=(table,))), tmp_path)
    path = tmp_path / "tables" / "t.csv"
    path.write_text(path.read_text() + "b,2\n,\n")
    (read,) = read_folder(tmp_path).problem.tables
    assert read.columns[0].values.tolist() == ["a", "b", ""]
    assert read.columns[1].values.dtype == np.float64
    assert read.columns[1].values[:2].tolist() == [1.5, 2.0]


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("solvitur.json", "{", "solvitur.json, line 1, column 2: this is not JSON"),
        ("solvitur.json", "[]", "this is not a Solvitur project as text"),
        ("solvitur.json", '{"version": 99}', "a newer Solvitur wrote this folder"),
        (
            "solvitur.json",
            '{"version": 1, "tables": [{"file": "../../secret.csv"}]}',
            "secret.csv' is no table's file",
        ),
        ("choice.json", "{}\n<<<<<<< ours", "choice.json, line 2, column 1: this is not JSON"),
        ("choice.json", "[1]", "does not say how to solve"),
        ("formulation.json", "null", "names no kind"),
        ("layout.json", '{"$array": [1], "dtype": "?x", "shape": [1]}', "layout.json"),
        ("tables/t.csv", "name,cost\na,many\n", "t.csv, line 2: 'cost' is 'many', expected a number"),
        ("tables/t.csv", "name,cost\na,1\nb\n", "t.csv, line 3: this row has 1 cells, expected 2"),
        ("tables/t.csv", 'name,cost\n"a,1\n', "expected CSV in UTF-8"),
        ("statement.md", b"ok\n\xff", "statement.md, line 2: expected text in UTF-8"),
        ("runs/000001.json", "{}", "000001.json"),
        ("workflow.json", "[" * 100_000, "nested too deeply"),
        ("model.txt", None, "model.txt: this file of the project is missing"),
    ],
)
def test_what_hands_and_merges_broke_is_told_by_file_and_line(
    tmp_path: Path, file: str, content: str | bytes | None, told: str
) -> None:
    table = Table.from_rows("t", ["name", "cost"], [["a", 1.5]])
    write_folder(Content(replace(sum_problem(), tables=(table,)), everything().runs), tmp_path)
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_folder(tmp_path)
    assert told in str(caught.value)


_cells = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())


@settings(max_examples=80, deadline=None)
@given(
    name=st.text(),
    columns=st.integers(0, 5).flatmap(
        lambda rows: st.lists(
            st.tuples(
                st.text(),
                st.one_of(
                    st.lists(_cells, min_size=rows, max_size=rows).map(
                        lambda cells: np.array([*cells, None], object)[:-1]
                    ),
                    st.lists(st.text(), min_size=rows, max_size=rows).map(
                        lambda cells: np.array([*cells, None], object)[:-1]
                    ),
                    st.lists(st.floats(), min_size=rows, max_size=rows).map(lambda cells: np.array(cells, float)),
                    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=rows, max_size=rows).map(
                        lambda cells: np.array(cells, np.int64)
                    ),
                ),
            ),
            max_size=3,
        )
    ),
)
@example(name="", columns=[("odd gap", np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\x7f"))])
def test_any_table_comes_back_to_the_bit(
    name: str, columns: list[tuple[str, np.ndarray]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    table = Table(name, tuple(Column(header, values) for header, values in columns))
    text, schema = table_text(table)
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    again = read_table(path, {"name": name, "source": "", "columns": schema})
    assert fingerprint(again) == fingerprint(table)


@pytest.mark.parametrize(
    "values",
    [
        np.array([0.1, -0.0, np.inf, -np.inf, np.nan]),
        np.array([-np.nan, np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\x7f")[0]]),
        np.array([], dtype=np.float32),
        np.array([[1, 2], [3, 4]], dtype=np.uint8),
        np.array([True, False]),
        np.array(["é", "text"]),
        np.array(["2026-01-01"], dtype="M8[D]"),
        np.array([None, "a", 1, 2.5], dtype=object),
        np.array([["é", "text"]] * 5000, dtype=object),
    ],
)
def test_any_array_comes_back_to_the_bit(values: np.ndarray) -> None:
    again = from_tree(to_tree(values))
    assert again.dtype == values.dtype
    assert fingerprint(again) == fingerprint(values)
    labels = (tuple(map(str, range(5000))), [values])
    assert fingerprint(from_tree(to_tree(labels))) == fingerprint(labels)
