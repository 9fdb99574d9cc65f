"""The project file: whole at every moment, readable for ever, and never a traceback."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from project_worlds import Heard, a_run, rich_problem, sum_problem

from solvitur.engine.content import Content, StoredRun, read_content, write_content
from solvitur.engine.folders import Folders
from solvitur.engine.project import files as project_files
from solvitur.engine.project.claims import Claim
from solvitur.engine.project.files import read_project
from solvitur.engine.project.schema import MIGRATIONS, VERSION, migrate, version_of
from solvitur.engine.session import Session
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.edits import SetFields, SetTable
from solvitur.problem.errors import InputError
from solvitur.problem.records import Record, fingerprint
from solvitur.problem.tables import Table

SAMPLES = Path(__file__).parent / "samples"


def test_every_field_comes_back_equal_in_one_file(session: Session, tmp_path: Path) -> None:
    session.new(rich_problem())
    path = session.save(tmp_path / "ö l & gas?#%41 .solvitur")
    assert fingerprint(read_project(path)) == fingerprint(rich_problem())
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "home"] == [path.name]
    session.new(discard=True)
    session.open(path)
    assert fingerprint(session.problem) == fingerprint(rich_problem())
    assert not session.modified


def test_the_saved_file_holds_nothing_that_was_typed_over(session: Session, tmp_path: Path) -> None:
    session.apply(SetFields("Write", {"statement": "a secret plan"}))
    session.apply(SetFields("Write", {"statement": "nothing special"}))
    path = session.save(tmp_path / "a.solvitur")
    content = path.read_bytes()
    assert b"nothing special" in content
    assert b"secret" not in content
    session.undo()
    assert session.problem.statement == "a secret plan"


def test_saving_again_writes_what_changed_since(session: Session, tmp_path: Path) -> None:
    path = session.save(tmp_path / "a.solvitur")
    rows = [[1, "x"], [2, "y"]]
    session.apply(SetTable("Add", "t", Table.from_rows("t", ["n", "s"], rows)))
    session.save()
    session.apply(SetTable("Add", "u", Table.from_rows("u", ["n"], [[3.5]]), 0))
    session.apply(SetTable("Replace", "t", Table.from_rows("t", ["n"], [[2.5]])))
    session.save()
    assert fingerprint(read_project(path)) == fingerprint(session.problem)
    session.undo()
    session.undo()
    session.save()
    assert [table.row_count for table in read_project(path).tables] == [2]


def test_records_of_absent_plugins_survive_open_edit_and_save(session: Session, tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Routes(Record, tag="test-routes"):
        stops: tuple[int, ...]

    path = tmp_path / "routes.solvitur"
    problem = Problem(formulation=Formulation("routing", "", [Routes((1, 2))]), layout={"view": Routes((3,))})
    write_content(Content(problem), path)
    before = fingerprint(problem)
    Routes.tag = "test-not-there-any-more"
    session.open(path)
    assert type(session.problem.layout["view"]).__name__ == "UnknownRecord"
    session.apply(SetFields("Name", {"name": "renamed"}))
    session.apply(SetFields("Move", {"layout": {**session.problem.layout}}))
    session.undo()
    session.undo()
    session.save()
    Routes.tag = "test-routes"
    assert fingerprint(read_project(path)) == before
    assert read_project(path).formulation.content == [Routes((1, 2))]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"set Plants\n" * 100, "not a Solvitur project"),
        (b"SQLite format 3\x00", "cut short"),
        (b"SQLite format 3\x00" + b"\xff" * 5000, "damaged"),
    ],
)
def test_foreign_files_are_refused_by_name(session: Session, tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "foreign.solvitur"
    path.write_bytes(content)
    for read in (session.open, read_project, read_content):
        with pytest.raises(InputError, match=told) as caught:
            read(path)
        assert "foreign.solvitur" in str(caught.value)
    assert path.read_bytes() == content
    assert session.problem.name == "Untitled"


def test_another_database_is_not_a_project(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "other.solvitur"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE meta (a)")
    connection.close()
    with pytest.raises(InputError, match="a database, but not a Solvitur project"):
        session.open(path)


def test_missing_files_folders_and_forbidden_files_give_sentences(session: Session, tmp_path: Path) -> None:
    (tmp_path / "folder.solvitur").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        session.open(tmp_path / "folder.solvitur")
    with pytest.raises(InputError, match="no such file"):
        session.open(tmp_path / "absent.solvitur")


def test_truncated_and_scribbled_files_never_give_a_traceback(session: Session, tmp_path: Path) -> None:
    session.new(rich_problem())
    session.runs.add(a_run(), sum_problem())
    whole = session.save(tmp_path / "whole.solvitur").read_bytes()
    session.new()
    path = tmp_path / "broken.solvitur"
    refused = 0
    for number in range(40):
        broken = bytearray(whole)
        at = len(whole) * number // 40
        if number % 2:
            broken[at : at + 64] = os.urandom(64)
        else:
            del broken[at:]
        path.write_bytes(broken)
        try:
            session.open(path)
            session.new(discard=True)
        except InputError as error:
            refused += 1
            assert "broken.solvitur" in str(error)
        assert path.read_bytes() == broken
    assert refused > 20


def test_a_newer_format_is_refused_and_left_alone(session: Session, tmp_path: Path) -> None:
    path = session.save(tmp_path / "new.solvitur")
    session.new()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    for read in (session.open, read_project):
        with pytest.raises(InputError, match="a newer Solvitur wrote this project"):
            read(path)
    assert path.read_bytes() == before


def test_the_stored_sample_of_version_1_opens(session: Session, tmp_path: Path) -> None:
    """The sample was written by the first version of the format and must open for ever."""
    path = shutil.copy(SAMPLES / "version-1.solvitur", tmp_path / "old.solvitur")
    session.open(Path(path))
    problem = session.problem
    assert problem.name == "Sample"
    assert problem.formulation.text == "set P\nvar x[P] >= 0\n"
    assert problem.tables[0].columns[1].values.tolist() == [1.5, 2.5]
    assert problem.choice.limits.seed == 7
    (row,) = session.runs.list()
    assert (row.title, row.objective, row.verified) == ("first run", 6.0, True)
    assert session.runs.problem_of(row.number).name == "Sums"
    session.save()
    assert fingerprint(read_project(session.path or Path())) == fingerprint(problem)


def test_migrations_run_forward_in_order_and_all_or_none(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    migrate(connection)

    def add(name: str) -> Callable[[sqlite3.Connection], None]:
        return lambda connection: connection.execute(f"CREATE TABLE {name} (a)") and None

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (a)")
        raise sqlite3.OperationalError("no")

    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, (*MIGRATIONS, add("one"), fail))
    assert version_of(connection) == VERSION
    migrate(connection, (*MIGRATIONS, add("one"), add("two")))
    assert version_of(connection) == VERSION + 2
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert {"one", "two"} <= tables
    assert "half" not in tables


def test_an_older_format_is_read_without_changing_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.solvitur"
    write_content(Content(rich_problem()), path)
    before = path.read_bytes()
    newer = (*MIGRATIONS, lambda connection: connection.execute("UPDATE data_tables SET source = 'moved'") and None)
    monkeypatch.setattr(project_files, "VERSION", VERSION + 1)
    monkeypatch.setattr(project_files, "migrate", lambda connection: migrate(connection, newer))
    assert {table.source for table in read_project(path).tables} == {"moved"}
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_gives_a_sentence(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(InputError, match="may not be written to"):
        session.save(folder / "a.solvitur")
    folder.chmod(stat.S_IRWXU)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "may not be written to"),
        (OSError(errno.EIO, "Input/output error"), "input/output error"),
    ],
)
def test_a_save_that_fails_leaves_the_old_file_and_the_changes(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, told: str
) -> None:
    path = session.save(tmp_path / "a.solvitur")
    before = path.read_bytes()
    session.apply(SetFields("Name", {"name": "changed"}))

    def fail(path: Path) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(project_files, "_to_disk", fail)
        with pytest.raises(InputError, match=told):
            session.save()
        with pytest.raises(InputError, match=told):
            session.save(tmp_path / "other.solvitur")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "home"] == ["a.solvitur"]
    assert session.modified
    assert session.path == path
    session.save()
    assert read_project(path).name == "changed"


def test_a_full_disk_under_the_working_copy_keeps_the_edit_and_says_so(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edits go on in memory while the disk is full; the first one that can be stored stores them all."""
    heard = Heard()
    session.events.subscribe(heard)
    database = session._project._database
    session.apply(SetFields("Name", {"name": "before"}))
    pages = database._connection.execute("PRAGMA page_count").fetchone()[0]
    database._connection.execute(f"PRAGMA max_page_count = {pages}")
    session.apply(SetFields("Write", {"statement": "long " * 20_000}))
    assert "cannot be written to the working copy (database or disk is full)" in heard.events[-1].text
    session.apply(SetFields("Name", {"name": "after"}))
    database._connection.execute("PRAGMA max_page_count = 1000000")
    session.apply(SetFields("Write", {"layout": {"a": 1}}))
    assert database.read().problem.name == "after"
    assert database.read().problem.statement.startswith("long ")
    assert session._project.fault == ""
    session.undo()
    assert [step.title for step in database.read().steps] == ["Write"]


def test_a_file_removed_or_its_folder_gone_meanwhile(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    path = session.save(folder / "a.solvitur")
    path.unlink()
    session.apply(SetFields("Name", {"name": "x"}))
    session.save()
    assert read_project(path).name == "x"
    shutil.rmtree(folder)
    session.apply(SetFields("Name", {"name": "y"}))
    with pytest.raises(InputError, match=r"the folder '.*here' is not there"):
        session.save()
    session.save(tmp_path / "elsewhere.solvitur")
    assert read_project(tmp_path / "elsewhere.solvitur").name == "y"


def test_a_file_changed_by_someone_else_is_not_overwritten_silently(session: Session, tmp_path: Path) -> None:
    path = session.save(tmp_path / "a.solvitur")
    write_content(Content(Problem("theirs")), path)
    session.apply(SetFields("Name", {"name": "ours"}))
    with pytest.raises(InputError, match="someone else changed the file"):
        session.save()
    assert read_project(path).name == "theirs"
    session.save(overwrite=True)
    assert read_project(path).name == "ours"


def test_saving_keeps_symbolic_links_and_permissions(session: Session, tmp_path: Path) -> None:
    path = session.save(tmp_path / "real.solvitur")
    path.chmod(0o640)
    link = tmp_path / "link.solvitur"
    link.symlink_to(path)
    session.new()
    session.open(link)
    session.apply(SetFields("Name", {"name": "x"}))
    session.save()
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert read_project(path).name == "x"


def test_a_name_that_is_no_text_gives_a_sentence(session: Session, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="bytes that are no text"):
        session.save(tmp_path / os.fsdecode(b"\xff.solvitur"))
    assert session.path is None


def test_what_a_killed_save_left_is_cleared_by_the_next(session: Session, tmp_path: Path) -> None:
    (tmp_path / ".a.solvitur.0123abcd.part").write_bytes(b"half")
    (tmp_path / ".b.solvitur.0123abcd.part").write_bytes(b"not ours")
    session.save(tmp_path / "a.solvitur")
    assert {entry.name for entry in tmp_path.iterdir()} - {"home"} == {"a.solvitur", ".b.solvitur.0123abcd.part"}


def test_a_project_open_in_another_process_says_so(session: Session, folders: Folders, tmp_path: Path) -> None:
    path = session.save(tmp_path / "a.solvitur")
    script = (
        "import sys; from pathlib import Path; from solvitur.engine.session import Session;"
        "from solvitur.engine.folders import Folders; from solvitur.hooks.loading import Plugins\n"
        "from solvitur.problem.errors import InputError\n"
        "s = Session(Plugins(), Folders.of_user())\n"
        "for act in (s.open, s.save):\n"
        "    try: act(Path(sys.argv[1]))\n"
        "    except InputError as e: print(e)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert done.stdout.count("already open in another window (process ") == 2
    assert f"process {os.getpid()}, since" in done.stdout


def test_the_same_project_opens_again_once_it_was_closed(make_session: Callable[[], Session], tmp_path: Path) -> None:
    first, second = make_session(), make_session()
    path = first.save(tmp_path / "a.solvitur")
    with pytest.raises(InputError, match="already open"):
        second.open(path)
    assert second.path is None
    first.new()
    second.open(path)
    assert second.path == path
    second.open(path)
    assert second.path == path
    with pytest.raises(InputError, match="already open"):
        first.save(path)


def test_a_claim_can_be_taken_once_and_again_after_its_release(tmp_path: Path) -> None:
    claim = Claim.take(tmp_path / "x.lock")
    assert claim is not None
    assert Claim.take(tmp_path / "x.lock") is None
    claim.release()
    claim.release()
    again = Claim.take(tmp_path / "x.lock")
    assert again is not None
    again.release()
    assert Claim.owner(tmp_path / "x.lock") == "another process"


def test_content_comes_back_with_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.solvitur"
    content = Content(rich_problem(), (StoredRun(a_run(3), sum_problem()), StoredRun(a_run(5), rich_problem())))
    write_content(content, path)
    again = read_content(path)
    assert fingerprint([s.run for s in again.runs]) == fingerprint([s.run for s in content.runs])
    kept = again.runs[1].problem
    assert fingerprint((kept.formulation, kept.tables)) == fingerprint(
        (rich_problem().formulation, rich_problem().tables)
    )
