"""The whole content of a project, apart from any open session: for conversion and for scripts."""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from solvitur.engine.project.database import WorkingDatabase
from solvitur.engine.project.files import explained, reading, save_copy
from solvitur.engine.project.pieces import read_problem
from solvitur.engine.runstore import RunStore, load_problem, load_run, run_numbers
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place
from solvitur.problem.runs import Run


@dataclass(frozen=True, eq=False)
class StoredRun:
    """A run and the problem it solved, as it was then."""

    run: Run
    problem: Problem


@dataclass(frozen=True, eq=False)
class Content:
    """A project's problem and its runs, oldest first."""

    problem: Problem
    runs: tuple[StoredRun, ...] = ()


def read_content(path: Path) -> Content:
    """Reads a saved project whole; the file is not touched.

    Raises
    ------
    InputError
        If the file is missing, foreign, damaged, or from a newer version.
    """
    with reading(path) as connection, explained(path):
        numbers = run_numbers(connection)
        runs = tuple(StoredRun(load_run(connection, number), load_problem(connection, number)) for number in numbers)
        return Content(read_problem(connection), runs)


def write_content(content: Content, path: Path) -> None:
    """Writes a project file, in place of one that may be there.

    Raises
    ------
    InputError
        If it cannot be written; an old file is intact then.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="solvitur-") as folder:
            working = Path(folder) / "project.db"
            database = WorkingDatabase(working)
            try:
                database.start(content.problem)
                _add_runs(content, working)
            finally:
                database.close()
            saved = datetime.now(UTC).isoformat(timespec="seconds")
            save_copy(working, path.resolve(), save_id=uuid.uuid4().hex, saved=saved)
    except (OSError, sqlite3.Error) as error:
        text = f"the project could not be written ({error}); free some space in the folder for temporary files"
        raise InputError.at(text, place=Place(str(path))) from None


def _add_runs(content: Content, working: Path) -> None:
    runs = RunStore(working)
    try:
        for stored in content.runs:
            runs.add(stored.run, stored.problem)
    finally:
        runs.close()
