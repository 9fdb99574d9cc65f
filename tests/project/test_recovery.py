"""After a crash: what was not saved is found, offered, recovered or discarded."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from project_worlds import Heard, a_run, sum_problem

from solvitur.engine.events import Notice, ProjectOpened, RecoveryFound
from solvitur.engine.folders import Folders
from solvitur.engine.project.files import read_project
from solvitur.engine.session import Session
from solvitur.problem.edits import SetFields
from solvitur.problem.errors import InputError

_CRASH = """
import os, signal, sys
from pathlib import Path
from solvitur.engine.folders import Folders
from solvitur.engine.session import Session
from solvitur.hooks.loading import Plugins
from solvitur.problem.edits import SetFields
session = Session(Plugins(), Folders.of_user())
if len(sys.argv) > 1:
    session.save(Path(sys.argv[1]))
for name in ("one", "two", "three"):
    session.apply(SetFields(f"Name {name}", {"name": name}))
session.undo()
os.kill(os.getpid(), signal.SIGKILL)
"""


def crash(*arguments: object) -> None:
    done = subprocess.run([sys.executable, "-c", _CRASH, *map(str, arguments)], check=False)
    assert done.returncode == -signal.SIGKILL


def test_unsaved_changes_of_a_killed_process_come_back_with_their_undo_steps(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "a.solvitur"
    crash(path)
    (recovery,) = session.recoverable()
    assert (recovery.path, recovery.name) == (path, "Untitled")
    assert read_project(path).name == "Untitled"
    heard = Heard()
    session.events.subscribe(heard)
    session.recover(recovery)
    assert heard.events == [ProjectOpened(str(path), recovered=True)]
    assert (session.problem.name, session.path, session.modified) == ("two", path, True)
    assert (session.undo_title, session.redo_title) == ("Name two", "Name three")
    session.redo()
    assert session.problem.name == "three"
    while session.undo():
        pass
    assert session.problem.name == "Untitled"
    assert session.modified
    session.save()
    assert not session.modified
    session.close()
    assert session.recoverable() == []


def test_opening_the_saved_version_offers_the_unsaved_changes(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.solvitur"
    crash(path)
    heard = Heard()
    session.events.subscribe(heard)
    session.open(path)
    assert session.problem.name == "Untitled"
    (found,) = heard.of(RecoveryFound)
    session.recover(found.recovery)
    assert session.problem.name == "two"
    session.save()
    assert read_project(path).name == "two"


def test_a_project_that_was_never_saved_is_recovered_too(session: Session) -> None:
    crash()
    (recovery,) = session.recoverable()
    assert recovery.path is None
    session.recover(recovery)
    assert (session.problem.name, session.path) == ("two", None)


def test_discarded_changes_are_gone(session: Session, folders: Folders) -> None:
    crash()
    (recovery,) = session.recoverable()
    session.discard(recovery)
    assert session.recoverable() == []
    with pytest.raises(InputError, match="recovered or discarded meanwhile"):
        session.recover(recovery)
    assert session.problem.name == "Untitled"
    session.apply(SetFields("Name", {"name": "still alive"}))


def test_changes_of_a_live_process_are_not_offered(make_session: Callable[[], Session]) -> None:
    first, second = make_session(), make_session()
    first.apply(SetFields("Name", {"name": "mine"}))
    assert second.recoverable() == []
    first.close()
    (recovery,) = second.recoverable()
    second.recover(recovery)
    assert second.problem.name == "mine"


def test_closing_keeps_unsaved_changes_unless_told_to_discard(
    make_session: Callable[[], Session], folders: Folders
) -> None:
    for discard in (True, False):
        session = make_session()
        session.apply(SetFields("Name", {"name": "x"}))
        session.close(discard=discard)
    watcher = make_session()
    assert len(watcher.recoverable()) == 1
    watcher.apply(SetFields("Name", {"name": "y"}))
    watcher.new(discard=True)
    watcher.new()
    assert len(watcher.recoverable()) == 1


def test_working_copies_without_changes_are_cleared_away(
    folders: Folders, make_session: Callable[[], Session]
) -> None:
    script = _CRASH.replace("session.apply", "(lambda edit: None)").replace("session.undo()", "pass")
    subprocess.run([sys.executable, "-c", script], check=False)
    left = [entry for entry in folders.recovery.iterdir() if entry.name != "locks"]
    assert len(left) == 1
    session = make_session()
    assert session.recoverable() == []
    assert not left[0].exists()


def test_a_copy_that_was_cut_short_while_opening_is_not_offered(
    session: Session, folders: Folders, tmp_path: Path
) -> None:
    """A kill while a project is being opened leaves half a copy, or a whole one without a single edit."""
    path = session.save(tmp_path / "a.solvitur")
    for name, content in (("half", path.read_bytes()[:5000]), ("whole", path.read_bytes())):
        folder = folders.recovery / name
        folder.mkdir()
        (folder / ("project.part" if name == "half" else "project.db")).write_bytes(content)
        os.utime(folder, (0, 0))
    assert session.recoverable() == []
    assert not (folders.recovery / "half").exists()
    assert not (folders.recovery / "whole").exists()


def test_runs_of_a_killed_process_are_recovered(folders: Folders, make_session: Callable[[], Session]) -> None:
    first = make_session()
    first.new(sum_problem())
    first.runs.add(a_run(), sum_problem())
    first._project.close(remove=False)
    second = make_session()
    (recovery,) = second.recoverable()
    second.recover(recovery)
    assert [row.title for row in second.runs.list()] == ["run 1"]


def test_an_edit_that_another_version_wrote_costs_only_what_follows(
    session: Session, make_session: Callable[[], Session]
) -> None:
    for number in range(4):
        session.apply(SetFields("Name", {"name": f"name {number}"}))
    database = session._project.copy.database_path
    session.close()
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE journal SET edit = substr(edit, 1, 40) WHERE number = 3")
    connection.close()
    other, heard = make_session(), Heard()
    other.events.subscribe(heard)
    (recovery,) = other.recoverable()
    other.recover(recovery)
    assert other.problem.name == "name 1"
    assert heard.of(Notice)[0].text.startswith("the last 2 changes could not be read")
    other.apply(SetFields("Name", {"name": "goes on"}))
    assert other._project._database.read().problem.name == "goes on"


def test_a_damaged_working_copy_gives_a_sentence_and_stays(
    session: Session, make_session: Callable[[], Session]
) -> None:
    session.apply(SetFields("Name", {"name": "x"}))
    database = session._project.copy.database_path
    session.close()
    database.write_bytes(b"\xff" * 8192)
    other = make_session()
    (recovery,) = other.recoverable()
    with pytest.raises(InputError, match="damaged"):
        other.recover(recovery)
    assert database.exists()
    other.apply(SetFields("Name", {"name": "still alive"}))


def test_a_state_folder_that_cannot_be_used_gives_a_sentence(
    tmp_path: Path, make_session: Callable[[], Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="SOLVITUR_STATE_DIR"):
        Session(make_session().plugins, Folders(tmp_path, tmp_path, tmp_path / "file"))


def test_the_claim_ends_with_the_process_even_while_its_children_live(session: Session, tmp_path: Path) -> None:
    """A worker that outlives a killed window must not keep the project closed."""
    path = session.save(tmp_path / "a.solvitur")
    session.new()
    script = (
        "import os, subprocess, sys, time; from pathlib import Path; from solvitur.engine.session import Session;"
        "from solvitur.engine.folders import Folders; from solvitur.hooks.loading import Plugins\n"
        "s = Session(Plugins(), Folders.of_user()); s.open(Path(sys.argv[1]))\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], stdout=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    try:
        with pytest.raises(InputError, match="already open"):
            session.open(path)
        process.kill()
        process.wait()
        session.open(path)
        assert session.path == path
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        os.kill(child, signal.SIGKILL)


def test_edited_tells_when_the_last_change_was_made(session: Session) -> None:
    crash()
    (recovery,) = session.recoverable()
    today = time.strftime("%Y-%m-%dT%H")
    assert recovery.edited.startswith(today[:10])
