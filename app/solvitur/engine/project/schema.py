"""The database of a project: its tables, its version, and the way forward from every older version."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from solvitur import __version__
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place

APPLICATION_ID = 0x534C5654
"""``SLVT`` in the file's header tells our files from other SQLite databases."""

_VERSION_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pieces (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE data_tables (
    id INTEGER PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL
);
CREATE TABLE data_columns (
    table_id INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (table_id, position)
);
CREATE TABLE journal (number INTEGER PRIMARY KEY, edit BLOB NOT NULL);
CREATE TABLE steps (position INTEGER PRIMARY KEY, title TEXT NOT NULL, forward BLOB, inverse BLOB);
CREATE TABLE runs (
    number INTEGER PRIMARY KEY, title TEXT NOT NULL, started TEXT NOT NULL,
    status TEXT NOT NULL, solver TEXT NOT NULL, sense TEXT NOT NULL,
    objective REAL, bound REAL, seconds REAL NOT NULL, verified INTEGER NOT NULL, seed INTEGER NOT NULL,
    problem_hash TEXT NOT NULL, snapshot TEXT NOT NULL, body BLOB NOT NULL
);
CREATE TABLE snapshots (hash TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE blobs (hash TEXT PRIMARY KEY, body BLOB NOT NULL);
"""


def _make_version_1(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_1.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _make_version_2(connection: sqlite3.Connection) -> None:
    """Has nothing to change: version 2 adds the piece ``origins``, which older projects do without."""


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_make_version_1, _make_version_2)
"""Migration k makes version k + 1 from version k; version 0 is an empty file. Never change one that was released."""

VERSION = len(MIGRATIONS)


def migrate(
    connection: sqlite3.Connection, migrations: tuple[Callable[[sqlite3.Connection], None], ...] = MIGRATIONS
) -> None:
    """Brings a database forward to the newest version, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = version_of(connection)
        for migration in migrations[found:]:
            migration(connection)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        put(connection, "written_by", __version__)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def check_ours(connection: sqlite3.Connection, name: str) -> None:
    """Refuses databases that are not Solvitur projects, or that a newer Solvitur wrote.

    Raises
    ------
    InputError
        With the file's name and what to do.
    """
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise InputError.at(
            "this is a database, but not a Solvitur project; choose a file that Solvitur saved", place=Place(name)
        )
    found = version_of(connection)
    if found > VERSION:
        raise InputError.at(
            f"a newer Solvitur wrote this project (format {found}; this one reads up to {VERSION}); "
            "update Solvitur to open it; the file was not changed",
            place=Place(name),
        )


def version_of(connection: sqlite3.Connection) -> int:
    """Returns the format version of a database; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def put(connection: sqlite3.Connection, key: str, value: Any) -> None:
    """Stores one JSON-ready value in the database's own notes."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))


def get(connection: sqlite3.Connection, key: str, default: Any = None) -> Any:
    """Returns a value stored by `put`."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return default if row is None else json.loads(row[0])
