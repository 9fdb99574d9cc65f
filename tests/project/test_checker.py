"""The background check: soon, once, and always about the newest text."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from project_worlds import Heard, SumKind, sum_problem

from solvitur.engine.checker import PAUSE_S
from solvitur.engine.events import Checked, Done, Notice
from solvitur.engine.session import Session
from solvitur.hooks.contracts import Imported
from solvitur.hooks.loading import Plugins
from solvitur.hooks.parts import Part
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.edits import ReplaceText, SetFields, set_formulation
from solvitur.problem.errors import InputError
from solvitur.problem.features import Feature
from solvitur.problem.findings import Finding
from solvitur.problem.tables import Table


@pytest.fixture
def heard(session: Session) -> Heard:
    session.new(sum_problem())
    heard = Heard()
    session.events.subscribe(heard)
    return heard


def test_a_sound_model_gives_sizes_features_and_solvers(session: Session, heard: Heard) -> None:
    assert (session.checked, session.instance(), session.choices()) == (None, None, ())
    session.check_soon()
    checked = heard.await_one(Checked)
    assert (checked.revision, checked.findings) == (session.revision, ())
    assert (checked.features, checked.sizes) == ({Feature.LINEAR}, {"variables": 3})
    assert session.checked is checked
    assert session.instance().numbers == (1.0, 2.0, 3.0)
    assert [(choice.name, choice.able) for choice in session.choices()] == [("adder", True)]


def test_a_model_with_errors_gives_findings_and_nothing_to_solve(session: Session, heard: Heard) -> None:
    session.check_soon()
    heard.await_one(Checked)
    session.apply(ReplaceText("Type", 0, "1", "one"))
    session.check_soon()
    checked = heard.await_one(Checked, 2)
    assert [finding.element for finding in checked.findings] == ["one"]
    assert (session.instance(), session.choices()) == (None, ())


def test_many_requests_give_one_check_of_the_newest(session: Session, heard: Heard) -> None:
    for _ in range(20):
        session.apply(ReplaceText("Type", 0, "", "1"))
        session.check_soon()
    checked = heard.await_one(Checked)
    time.sleep(2 * PAUSE_S)
    assert heard.of(Checked) == [checked]
    assert checked.revision == session.revision


def test_a_check_that_was_overtaken_says_nothing(
    session: Session, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(self: SumKind, problem: Problem) -> Sequence[Finding]:
        began.set()
        assert go_on.wait(10)
        return []

    monkeypatch.setattr(SumKind, "check", slow)
    session.check_soon()
    assert began.wait(10)
    session.apply(ReplaceText("Type", 0, "1", "7"))
    session.check_soon()
    go_on.set()
    checked = heard.await_one(Checked)
    assert checked.revision == session.revision
    assert session.instance().numbers[0] == 7.0
    assert len(heard.of(Checked)) == 1
    assert session.plugins.kind("sum").binds == 1


def test_an_unknown_kind_and_a_kind_that_raises_are_findings(
    session: Session, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.apply(set_formulation("Change", Formulation("rooting", "")))
    session.check_soon()
    assert "there is no kind 'rooting'" in heard.await_one(Checked).findings[0].text
    session.undo()

    def fail(self: SumKind, problem: Problem) -> Sequence[Finding]:
        raise KeyError("x")

    monkeypatch.setattr(SumKind, "check", fail)
    session.check_soon()
    assert "plugin 'test' failed to check: it found no entry 'x'" in heard.await_one(Checked, 2).findings[0].text
    monkeypatch.undo()
    monkeypatch.setattr(SumKind, "bind", fail)
    session.check_soon()
    assert "failed to bind the model" in heard.await_one(Checked, 3).findings[0].text


def test_what_a_kind_misses_is_named_and_nothing_is_bound(
    session: Session, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SumKind, "missing", lambda self, problem: ["demand"], raising=False)
    session.check_soon()
    assert heard.await_one(Checked).missing == ("demand",)
    assert session.instance() is None


class LinesImporter:
    """Reads numbers, one per line, as a table."""

    name, title, suffixes = "lines", "Lines", (".lines",)

    def __init__(self) -> None:
        self.reads = 0

    def recognises(self, path: Path, head: bytes) -> float:
        return 1.0 if path.suffix == ".lines" else 0.0

    def read(self, path: Path, options: object) -> Imported:
        self.reads += 1
        rows = [[int(line)] for line in path.read_text().split()]
        return Imported(None, (Table.from_rows(path.stem, ["n"], rows, str(path)),))


class SumImporter:
    """Reads a sum whose numbers stand in a data file beside it."""

    name, title, suffixes = "sum", "Sums", (".sum",)

    def recognises(self, path: Path, head: bytes) -> float:
        return 1.0 if path.suffix == ".sum" else 0.0

    def read(self, path: Path, options: object) -> Imported:
        return Imported(Problem(path.stem, formulation=Formulation("table-sum", path.read_text(), source=str(path))))


class TableSumKind(SumKind):
    """Sums the table that the model names by its file."""

    name = "table-sum"

    def files_wanted(self, problem: Problem) -> list[str]:
        return problem.formulation.text.split()

    def check(self, problem: Problem) -> Sequence[Finding]:
        return []

    def bind(self, problem: Problem):  # type: ignore[no-untyped-def]
        numbers = "\n".join(str(n) for table in problem.tables for n in table.columns[0].values.tolist())
        return super().bind(Problem(formulation=Formulation("sum", numbers)))


@pytest.fixture
def lines(session: Session) -> LinesImporter:
    """Plugins with a kind whose data stand in files."""
    importer = LinesImporter()
    kinds = (*session.plugins.kinds(), Part("test", TableSumKind()))
    importers = (Part("test", importer), Part("test", SumImporter()))
    parts = {"kinds": kinds, "solvers": session.plugins.solvers(), "importers": importers}
    session.use_plugins(Plugins((), parts))
    return importer


def test_data_files_are_read_once_and_again_when_they_change(
    session: Session, lines: LinesImporter, tmp_path: Path
) -> None:
    (tmp_path / "n.lines").write_text("1\n2")
    heard = Heard()
    session.events.subscribe(heard)
    session.new(Problem(formulation=Formulation("table-sum", "n.lines", source=str(tmp_path / "m.sum"))))
    for number in (1, 2):
        session.apply(SetFields("Name", {"name": str(number)}))
        session.check_soon()
        heard.await_one(Checked, number)
    assert (lines.reads, session.instance().numbers) == (1, (1.0, 2.0))
    (tmp_path / "n.lines").write_text("40\n2")
    session.solve()
    assert heard.await_one(Done).run.objective == 42.0
    (stored,) = session.runs.problem_of(1).tables
    assert stored.columns[0].values.tolist() == [40, 2]
    session.check_soon()
    heard.await_one(Checked, 3)
    assert session.instance().numbers == (40.0, 2.0)
    (tmp_path / "n.lines").unlink()
    session.check_soon()
    assert "data file 'n.lines' is not there" in heard.await_one(Checked, 4).findings[0].text


def test_opening_a_model_brings_its_data_along(session: Session, lines: LinesImporter, tmp_path: Path) -> None:
    model = tmp_path / "farm.sum"
    model.write_text("n.lines")
    (tmp_path / "n.lines").write_text("1\n2")
    session.open(model)
    assert (session.problem.name, session.path, session.modified) == ("farm", None, False)
    assert session.problem.formulation.source == str(model)
    assert [table.name for table in session.problem.tables] == ["n"]
    with pytest.raises(InputError, match="choose where to save"):
        session.save()


def test_opening_a_model_without_its_data_says_what_is_missing(
    session: Session, lines: LinesImporter, tmp_path: Path
) -> None:
    (tmp_path / "farm.sum").write_text("n.lines")
    heard = Heard()
    session.events.subscribe(heard)
    session.open(tmp_path / "farm.sum")
    (notice,) = heard.of(Notice)
    assert (notice.severity, "data file 'n.lines' is not there" in notice.text) == ("warning", True)


def test_opening_tables_gives_a_problem_with_them(session: Session, lines: LinesImporter, tmp_path: Path) -> None:
    (tmp_path / "demand.lines").write_text("5")
    session.open(tmp_path / "demand.lines")
    assert (session.problem.name, session.problem.tables[0].name) == ("demand", "demand")
    with pytest.raises(InputError, match="no reader knows"):
        session.open(Path(__file__))
    assert session.problem.name == "demand"


def test_closing_ends_the_thread(session: Session, heard: Heard) -> None:
    session.check_soon()
    heard.await_one(Checked)
    session.close(discard=True)
    assert not [thread for thread in threading.enumerate() if thread.name == "checker"]
