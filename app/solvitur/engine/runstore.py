"""The runs of the open project: each with a snapshot of its problem, so that it can be reopened and repeated."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from solvitur.engine.project.codec import decode, decode_column, encode, encode_column
from solvitur.engine.project.database import connect, transaction
from solvitur.engine.project.schema import put
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError
from solvitur.problem.result import Status
from solvitur.problem.runs import Run
from solvitur.problem.tables import Column, Table

_KEPT_PIECES = ("name", "statement", "formulation", "choice")
_WAL_BYTES = 4 * 2**20


@dataclass(frozen=True)
class RunRow:
    """What a list of runs shows of one; ``seconds`` is the time of all stages together."""

    number: int
    title: str
    started: str
    status: Status
    solver: str
    sense: str
    objective: float | None
    bound: float | None
    seconds: float
    verified: bool
    seed: int
    problem_hash: str


class RunStore:
    """The runs in the working database; every method may be called from any thread."""

    def __init__(self, database: Path) -> None:
        self.changes = 0
        """Counts what was added, renamed or deleted."""
        self.changed: Callable[[], None] = lambda: None
        """Is called after every change, on the thread that made it."""
        self._path = database
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = connect(database)
        last = self._connection.execute("SELECT COALESCE(MAX(number), 0) FROM runs").fetchone()[0]
        self._last_number = int(last)

    def next_number(self) -> int:
        """Hands out the number of a run that is beginning."""
        with self._lock:
            self._last_number += 1
            return self._last_number

    def add(self, run: Run, problem: Problem) -> bool:
        """Stores a finished run with the problem it solved; False when the project was closed meanwhile.

        Raises
        ------
        sqlite3.Error
            If it could not be written.
        TypeError
            If the run holds what cannot be stored.
        """
        body = encode(run)
        snapshot, blobs = _take_apart(problem)
        with self._lock:
            connection = self._connection
            if connection is None:
                return False
            self._last_number = max(self._last_number, run.number)
            with transaction(connection):
                for name, blob in blobs.items():
                    connection.execute("INSERT OR IGNORE INTO blobs VALUES (?, ?)", (name, blob))
                name = _name(snapshot)
                connection.execute("INSERT OR IGNORE INTO snapshots VALUES (?, ?)", (name, snapshot))
                values = (*_columns(run), name, body)
                marks = ", ".join("?" * len(values))
                connection.execute(f"INSERT OR REPLACE INTO runs VALUES ({marks})", values)
                self._note_change(connection)
        self.changed()
        return True

    def list(self) -> tuple[RunRow, ...]:
        """Lists the runs, newest first, without reading what they hold."""
        query = (
            "SELECT number, title, started, status, solver, sense, objective, bound, seconds, verified, seed, "
            "problem_hash FROM runs ORDER BY number DESC"
        )
        with self._open() as connection:
            rows = connection.execute(query).fetchall()
        return tuple(_row(*row) for row in rows)

    def load(self, number: int) -> Run:
        """Reads a run whole.

        Raises
        ------
        InputError
            If there is no such run, or it is damaged.
        """
        with self._open() as connection:
            return load_run(connection, number)

    def problem_of(self, number: int) -> Problem:
        """Reads the problem that a run solved, as it was then.

        Raises
        ------
        InputError
            If there is no such run, or its snapshot is damaged.
        """
        with self._open() as connection:
            return load_problem(connection, number)

    def rename(self, number: int, title: str) -> None:
        """Gives a run another title.

        Raises
        ------
        InputError
            If there is no such run.
        """
        with self._open() as connection, transaction(connection):
            if not connection.execute("UPDATE runs SET title = ? WHERE number = ?", (title, number)).rowcount:
                raise _absent(number)
            self._note_change(connection)
        self.changed()

    def delete(self, number: int) -> None:
        """Deletes a run, and what only it held.

        Raises
        ------
        InputError
            If there is no such run.
        """
        with self._open() as connection, transaction(connection):
            if not connection.execute("DELETE FROM runs WHERE number = ?", (number,)).rowcount:
                raise _absent(number)
            connection.execute("DELETE FROM snapshots WHERE hash NOT IN (SELECT snapshot FROM runs)")
            used = {name for row in connection.execute("SELECT body FROM snapshots") for name in _blobs_of(row[0])}
            for (name,) in connection.execute("SELECT hash FROM blobs").fetchall():
                if name not in used:
                    connection.execute("DELETE FROM blobs WHERE hash = ?", (name,))
            self._note_change(connection)
        self.changed()

    def tidy(self) -> None:
        """Moves what has gathered in the write-ahead log into the database; for a background thread."""
        log = self._path.with_name(f"{self._path.name}-wal")
        with contextlib.suppress(OSError, sqlite3.Error, InputError):
            if log.stat().st_size > _WAL_BYTES:
                with self._open() as connection:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Closes the store; runs that finish later are not kept."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _note_change(self, connection: sqlite3.Connection) -> None:
        put(connection, "unsaved", True)
        self.changes += 1

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                raise InputError.at("the project of these runs was closed")
            yield self._connection


def run_numbers(connection: sqlite3.Connection) -> list[int]:
    """Lists the numbers of the runs in a project's database, oldest first."""
    return [row[0] for row in connection.execute("SELECT number FROM runs ORDER BY number")]


def load_run(connection: sqlite3.Connection, number: int) -> Run:
    """Reads a run from a project's database; see `RunStore.load`."""
    row = connection.execute("SELECT title, body FROM runs WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise _absent(number)
    run = _decoded(number, row[1])
    if not isinstance(run, Run):
        raise InputError.at(f"run {number} is damaged and cannot be read")
    return replace(run, number=number, title=row[0])


def load_problem(connection: sqlite3.Connection, number: int) -> Problem:
    """Reads the problem of a run from a project's database; see `RunStore.problem_of`."""
    query = "SELECT s.body FROM snapshots s JOIN runs r ON r.snapshot = s.hash WHERE r.number = ?"
    row = connection.execute(query, (number,)).fetchone()
    if row is None:
        raise _absent(number)
    try:
        return _put_together(json.loads(row[0]), connection)
    except (ValueError, TypeError, LookupError) as error:
        raise InputError.at(f"the problem of run {number} is damaged and cannot be read") from error


def _row(number: int, title: str, started: str, status: str, *rest: Any) -> RunRow:
    solver, sense, objective, bound, seconds, verified, seed, problem_hash = rest
    return RunRow(
        number=number,
        title=title,
        started=started,
        status=Status(status),
        solver=solver,
        sense=sense,
        objective=objective,
        bound=bound,
        seconds=seconds,
        verified=bool(verified),
        seed=seed,
        problem_hash=problem_hash,
    )


def _columns(run: Run) -> tuple[Any, ...]:
    seconds = sum(run.seconds.values())
    seed = run.choice.limits.seed
    head = (run.number, run.title, run.started, run.status.value, run.solver, run.sense)
    return (*head, run.objective, run.bound, seconds, int(run.verified), seed, run.problem_hash)


def _take_apart(problem: Problem) -> tuple[str, dict[str, bytes]]:
    """Splits a problem into named blobs and the text that says how they belong together."""
    blobs: dict[str, bytes] = {}

    def kept(body: bytes) -> str:
        name = _name(body)
        blobs[name] = body
        return name

    pieces = {name: kept(encode(getattr(problem, name))) for name in _KEPT_PIECES}
    tables = [
        [table.name, table.source, [[c.name, c.unit, kept(encode_column(c.values))] for c in table.columns]]
        for table in problem.tables
    ]
    return json.dumps({"pieces": pieces, "tables": tables}, sort_keys=True), blobs


def _put_together(snapshot: Any, connection: sqlite3.Connection) -> Problem:
    def body(name: str) -> bytes:
        row = connection.execute("SELECT body FROM blobs WHERE hash = ?", (name,)).fetchone()
        if row is None:
            raise LookupError(name)
        return bytes(row[0])

    pieces = {name: decode(body(blob)) for name, blob in snapshot["pieces"].items()}
    tables = tuple(
        Table(name, tuple(Column(header, decode_column(body(blob)), unit) for header, unit, blob in columns), source)
        for name, source, columns in snapshot["tables"]
    )
    return Problem(**pieces, tables=tables)


def _blobs_of(snapshot: str) -> set[str]:
    stored = json.loads(snapshot)
    columns = (column for _, _, columns in stored["tables"] for column in columns)
    return {*stored["pieces"].values(), *(blob for _, _, blob in columns)}


def _name(body: bytes | str) -> str:
    return hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()


def _decoded(number: int, body: bytes) -> Any:
    try:
        return decode(body)
    except (ValueError, TypeError, LookupError) as error:
        raise InputError.at(f"run {number} is damaged and cannot be read") from error


def _absent(number: int) -> InputError:
    return InputError.at(f"there is no run {number}")
