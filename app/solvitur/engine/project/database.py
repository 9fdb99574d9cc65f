"""The working database of an open project: every edit is a transaction; a kill loses at most the one in flight."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from solvitur.engine.history import Step, weight
from solvitur.engine.project.codec import decode, encode
from solvitur.engine.project.pieces import PieceWriter, read_problem
from solvitur.engine.project.schema import get, migrate, put
from solvitur.problem.document import Problem
from solvitur.problem.edits import Edit
from solvitur.problem.records import Record, UnknownRecord

SMALL_EDIT_BYTES = 2**18
"""Larger edits are written into the pieces they change rather than into the journal."""

CHECKPOINT_PAGES = 16_000
"""Moving the log into the database waits for the disk; `RunStore.tidy` does it in the background long before this."""

JOURNAL_EDITS = 2000
"""So many edits at most are replayed when a working copy is read."""


@dataclass(frozen=True, eq=False)
class Content:
    """What a working database holds: the problem with its journal replayed, and the undo steps that survive."""

    problem: Problem
    steps: tuple[Step, ...] = ()
    first: int = 0
    cursor: int = 0
    unreadable_edits: int = 0


def connect(path: Path) -> sqlite3.Connection:
    """Opens a working database: changes reach the system at once, so only a power cut can lose the last ones."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Runs a block as one transaction: all of it is stored, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # a full disk may have rolled back already
            connection.execute("ROLLBACK")
        raise


class WorkingDatabase:
    """Keeps the open project on disk, edit by edit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = connect(path)
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        try:
            migrate(self._connection)
        except BaseException:
            self._connection.close()
            raise
        self._writer: PieceWriter | None = None
        self._journalled = 0
        self._behind = False

    def read(self) -> Content:
        """Reads the project, and takes up writing from there.

        Raises
        ------
        ValueError
            If what is stored is not a problem.
        """
        stored = read_problem(self._connection)
        self._writer = PieceWriter(self._connection, stored)
        problem, unreadable = self._replay(stored)
        steps, first, cursor = self._read_steps()
        return Content(problem, steps, first, cursor, unreadable)

    def start(self, problem: Problem, **notes: Any) -> None:
        """Begins with a problem, and notes such as its path, in one transaction."""
        self._writer = PieceWriter(self._connection)
        with transaction(self._connection):
            self._fold(problem)
            for key, value in notes.items():
                put(self._connection, key, value)
        self._folded(problem)

    def pack(self, edit: Edit) -> bytes | None:
        """Packs an edit for the journal; None when it is too large for it, or not a record.

        Raises
        ------
        TypeError
            If it holds what cannot be stored.
        """
        small = isinstance(edit, Record) and weight(edit, set()) <= SMALL_EDIT_BYTES
        return encode(edit) if small else None

    def record(
        self, problem: Problem, body: bytes | None, cursor: int, *, first: int, step: Step | None, **notes: Any
    ) -> None:
        """Stores an edit (packed) that led to ``problem``, with the step it made or joined (None for undo and redo).

        Raises
        ------
        sqlite3.Error
            If it could not be stored; the next call stores everything that is missing.
        """
        fold = body is None or self._behind or self._journalled >= JOURNAL_EDITS
        gap, self._behind = self._behind, True
        with transaction(self._connection):
            if gap:  # steps that were never stored lie between those that are
                self._connection.execute("DELETE FROM steps")
            if fold:
                self._fold(problem)
            else:
                self._connection.execute("INSERT INTO journal (edit) VALUES (?)", (body,))
            if step is not None:
                self._write_step(step, cursor - 1, first)
            put(self._connection, "cursor", cursor)
            for key, value in notes.items():
                put(self._connection, key, value)
        self._behind = False
        self._journalled += 1
        if fold:
            self._folded(problem)

    def fold(self, problem: Problem, **notes: Any) -> None:
        """Writes the problem into its pieces and empties the journal."""
        with transaction(self._connection):
            self._fold(problem)
            for key, value in notes.items():
                put(self._connection, key, value)
        self._folded(problem)

    def note(self, **notes: Any) -> None:
        """Stores notes such as the path, in one transaction."""
        with transaction(self._connection):
            for key, value in notes.items():
                put(self._connection, key, value)

    def noted(self, key: str, default: Any = None) -> Any:
        """Returns a note."""
        return get(self._connection, key, default)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _fold(self, problem: Problem) -> None:
        assert self._writer is not None, "read or start comes first"
        self._writer.write(problem)
        self._connection.execute("DELETE FROM journal")

    def _folded(self, problem: Problem) -> None:
        assert self._writer is not None, "read or start comes first"
        self._writer.keep(problem)
        self._journalled = 0
        self._behind = False

    def _replay(self, problem: Problem) -> tuple[Problem, int]:
        bodies = [row[0] for row in self._connection.execute("SELECT edit FROM journal ORDER BY number")]
        self._journalled = len(bodies)
        for done, body in enumerate(bodies):
            try:  # another version may have written an edit that means nothing here
                problem = decode(body).apply(problem)[0]
            except (
                ValueError,
                TypeError,
                AttributeError,
                LookupError,
            ):
                self._behind = True
                return problem, len(bodies) - done
        return problem, 0

    def _write_step(self, step: Step, position: int, first: int) -> None:
        run = self._connection.execute
        packs = isinstance(step.forward, Record) and isinstance(step.inverse, Record)
        small = packs and step.weight <= 2 * SMALL_EDIT_BYTES
        bodies = (encode(step.forward), encode(step.inverse)) if small else (None, None)
        run("DELETE FROM steps WHERE position >= ? OR position < ?", (position, first))
        run("INSERT INTO steps VALUES (?, ?, ?, ?)", (position, step.title, *bodies))

    def _read_steps(self) -> tuple[tuple[Step, ...], int, int]:
        """Reads the steps around the cursor, as far as they are there and were small enough to be kept."""
        cursor = int(get(self._connection, "cursor", 0))
        found: dict[int, Step] = {}
        query = "SELECT position, title, forward, inverse FROM steps WHERE forward IS NOT NULL"
        for position, title, forward, inverse in self._connection.execute(query):
            step = Step(title, decode(forward), decode(inverse), 0)
            if not isinstance(step.forward, UnknownRecord) and not isinstance(step.inverse, UnknownRecord):
                found[position] = step
        first = cursor
        while first - 1 in found:
            first -= 1
        end = cursor
        while end in found:
            end += 1
        steps = tuple(replace(found[position], state=position - first + 1) for position in range(first, end))
        return steps, first, cursor
