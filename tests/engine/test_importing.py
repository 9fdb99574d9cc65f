"""Files find their reader by what they hold, and models find their data files."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from overlays import small_problem, write_plugin
from solvitur.engine.exporting import export
from solvitur.engine.importing import open_file, open_tables, with_tables, with_wanted_files
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Formulation
from solvitur.problem.errors import InputError, PluginError
from solvitur.problem.tables import Table

SOURCE = """
from solvitur.api import Column, Formulation, Imported, InputError, Problem, Table

class Reader:
    title, suffixes = "Fake", (".fake",)

    def __init__(self, name, score, kind):
        self.name, self.score, self.kind = name, score, kind

    def recognises(self, path, head):
        if self.name == "blind": raise RuntimeError("no eyes")
        return self.score if head.startswith(b"FAKE") or (path.suffix == ".csvish" and self.kind == "table") else 0.0

    def read(self, path, options):
        if self.name == "broken": raise RuntimeError("the lens fell out")
        if self.kind == "table":
            return Imported(tables=(Table(path.stem, (Column("x", np.arange(3)),), str(path)),))
        return Imported(Problem(self.name, "", Formulation(self.kind, path.read_text(), None, str(path))))

class Wanting:
    title = "Wants files"
    name = "wanting"
    def check(self, problem): return ()
    def bind(self, problem): return None
    def verify(self, problem, instance, result): return None
    def values(self, instance, answer): return {}
    def files_wanted(self, problem): return tuple(problem.formulation.text.split()[1:])

class Writer:
    name, title, suffixes = "fake", "Fake", (".fake", ".long.fake")
    def accepts(self, thing): return isinstance(thing, Problem)
    def write(self, thing, path):
        if path.stem == "bad": raise RuntimeError("out of ink")
        path.write_text(thing.name)

@hook
def importers():
    return [Reader("good", 0.6, "wanting"), Reader("better", 0.9, "matrix"), Reader("broken", 0.1, "x"),
            Reader("blind", 1.0, "x"), Reader("rows", 0.5, "table")]

@hook
def kinds(): return [Wanting()]

@hook
def exporters(): return [Writer()]
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    """Our plugins and the fakes above."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    write_plugin(tmp_path / "overlay", "files_of_others", SOURCE)
    return Plugins.load(overlay=tmp_path / "overlay")


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    """A file of the fake format."""
    path = tmp_path / "some.fake"
    path.write_text("FAKE rows.csvish")
    return path


def test_the_best_reader_takes_the_file(plugins: Plugins, fake: Path) -> None:
    """The reader that recognises the content best reads it; one that cannot even look is passed over."""
    problem = open_file(plugins, fake).problem
    assert problem is not None
    assert problem.name == "better"


@pytest.mark.parametrize(("kind", "name"), [("wanting", "good"), ("good", "good"), ("matrix", "better")])
def test_a_kind_or_a_reader_can_be_asked_for(plugins: Plugins, fake: Path, kind: str, name: str) -> None:
    """``--kind`` picks among several readers of one format."""
    problem = open_file(plugins, fake, kind if kind != "matrix" else "better").problem
    assert problem is not None
    assert problem.name == name


def test_a_reader_that_fails_is_named(plugins: Plugins, fake: Path) -> None:
    """The user learns which reader failed, and why."""
    with pytest.raises(PluginError, match=r"importer 'broken' failed on .*the lens fell out"):
        open_file(plugins, fake, "broken")


@pytest.mark.parametrize(
    ("name", "said"),
    [("absent.fake", "there is no such file"), (".", "this is a folder"), ("noise.bin", "noise.bin")],
)
def test_what_cannot_be_read_is_said(plugins: Plugins, tmp_path: Path, name: str, said: str) -> None:
    """Absent files, folders and unknown formats are told apart."""
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match=said):
        open_file(plugins, tmp_path / name)


def test_data_must_be_data(plugins: Plugins, fake: Path) -> None:
    """A model given as data is refused."""
    with pytest.raises(InputError, match="expected data"):
        open_tables(plugins, fake)


def test_wanted_files_are_found_beside_the_model(plugins: Plugins, fake: Path, tmp_path: Path) -> None:
    """A model's data file is read from the model's own folder; what is there already is not read again."""
    asked = open_file(plugins, fake, "good").problem
    assert asked is not None
    with pytest.raises(InputError, match=r"data file 'rows.csvish' is not there; put it into"):
        with_wanted_files(plugins, asked)
    (tmp_path / "rows.csvish").write_text("x")
    found = with_wanted_files(plugins, replace(asked, formulation=replace(asked.formulation)))
    assert [table.name for table in found.tables] == ["rows"]
    (tmp_path / "rows.csvish").unlink()
    assert with_wanted_files(plugins, found).tables == found.tables


def test_tables_of_one_name_are_replaced() -> None:
    """Data given later takes the place of data of the same name."""
    problem = with_tables(small_problem(), [Table("a", source="old"), Table("b")])
    problem = with_tables(problem, [Table("a", source="new")])
    assert [(table.name, table.source) for table in problem.tables] == [("b", ""), ("a", "new")]


def test_exporting_says_what_is_possible(plugins: Plugins, tmp_path: Path) -> None:
    """A problem is written by whoever accepts it; else the formats that are possible are named."""
    problem = replace(small_problem(), formulation=Formulation("wanting"))
    export(plugins, problem, tmp_path / "out.long.fake")
    assert (tmp_path / "out.long.fake").read_text() == "small"
    with pytest.raises(InputError, match=r"\.fake"):
        export(plugins, problem, tmp_path / "out.nonsense")
    with pytest.raises(InputError, match="cannot be written"):
        export(plugins, problem, tmp_path / "absent" / "out.fake")
    with pytest.raises(PluginError, match="out of ink"):
        export(plugins, problem, tmp_path / "bad.fake")
