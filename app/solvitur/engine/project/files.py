"""The saved file: checked before it is read, and replaced in one stroke, so that it is whole at every moment."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from solvitur.engine.project.pieces import read_problem
from solvitur.engine.project.schema import VERSION, check_ours, get, migrate, put, version_of
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place

SUFFIX = ".solvitur"
_MAGIC = b"SQLite format 3\x00"
_DAMAGED = (
    "the file is damaged and cannot be read as a project; take it from a backup, or look for unsaved changes "
    "under File > Recover; the file was not changed"
)


def is_project(path: Path) -> bool:
    """Tells whether a path names a project file, by its suffix."""
    return path.suffix.lower() == SUFFIX


def read_project(path: Path) -> Problem:
    """Reads the problem of a saved project without opening it for work; the file is not touched.

    Raises
    ------
    InputError
        If the file is missing, foreign, damaged, or from a newer version.
    """
    with reading(path) as connection, explained(path):
        return read_problem(connection)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Opens a saved project for reading only; an older format is brought forward in memory.

    Raises
    ------
    InputError
        As `read_project`.
    """
    check_file(path)
    with explained(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
    try:
        with explained(path):
            check_ours(connection, str(path))
        if version_of(connection) == VERSION:
            yield connection
            return
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            with explained(path):
                connection.backup(copy)
                migrate(copy)
            yield copy
    finally:
        connection.close()


def check_file(path: Path) -> None:
    """Refuses what is not a whole project file, before SQLite is asked.

    Raises
    ------
    InputError
        With the path, what was found, and what to do.
    """
    place = Place(str(path))
    try:
        if path.is_dir():
            raise InputError.at("this is a folder; choose a file that Solvitur saved", place=place)
        with path.open("rb") as file:
            head = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise InputError.at("there is no such file; check the name, or choose another", place=place) from None
    except OSError as error:
        raise InputError.at(f"the file cannot be read: {_reason(error)}", place=place) from None
    if not head.startswith(_MAGIC[: len(head)]) or not head:
        what = "the file is empty" if not head else "this is not a Solvitur project"
        raise InputError.at(f"{what}; choose a file that Solvitur saved", place=place)
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    if len(head) < 100 or size < page * int.from_bytes(head[28:32], "big"):
        raise InputError.at(f"the file is cut short: {_DAMAGED}", place=place)


def fetch(path: Path, working: Path) -> None:
    """Copies a saved project to where its working copy will be, and checks that copy.

    Raises
    ------
    InputError
        If the file is missing, foreign, damaged, or from a newer version.
    """
    check_file(path)
    part = working.with_suffix(".part")  # a half copy must never look like a working database
    try:
        shutil.copyfile(path, part)
    except OSError as error:
        raise InputError.at(f"the file cannot be read: {_reason(error)}", place=Place(str(path))) from None
    with explained(path), contextlib.closing(sqlite3.connect(part, isolation_level=None)) as connection:
        check_ours(connection, str(path))
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise ValueError("damaged pages")
    part.replace(working)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns the failure to read a project's content into a sentence."""
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError, LookupError, OverflowError, RecursionError, MemoryError) as error:
        raise InputError.at(_DAMAGED, place=Place(str(path))) from error


def save_id_of(path: Path) -> str | None:
    """Returns what tells one save of a project from every other; None when the file is not a project any more."""
    with contextlib.suppress(InputError), reading(path) as connection, explained(path):
        name = get(connection, "save_id")
        return name if isinstance(name, str) else None
    return None


def save_copy(working: Path, target: Path, *, save_id: str, saved: str) -> None:
    """Writes what the working database holds to ``target`` as one plain file, without its journal and undo steps.

    The copy is made beside the target, brought to the disk, and only then put in its place: the target is either
    the old file or the new one, whole, whatever happens in between.

    Raises
    ------
    InputError
        If it cannot be written; the old file is untouched then.
    """
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        _remove_parts(target)
        with contextlib.closing(sqlite3.connect(working, timeout=30, isolation_level=None)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
        _clean(part, save_id=save_id, saved=saved)
        _to_disk(part)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
        if sys.platform != "win32":
            _to_disk(target.parent)
    except UnicodeEncodeError:
        text = "the name holds bytes that are no text, which databases cannot have; choose another name or folder"
        raise InputError.at(text, place=Place(str(target))) from None
    except (OSError, sqlite3.Error) as error:
        raise InputError.at(
            f"the project could not be saved: {_why(error, target)}", place=Place(str(target))
        ) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _clean(part: Path, **notes: str) -> None:
    """Makes a copy fit to be given away: no WAL, no traces of what was undone or typed over."""
    with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("PRAGMA synchronous = OFF")  # the whole file is brought to the disk afterwards
        copy.execute("BEGIN")
        copy.execute("DELETE FROM journal")
        copy.execute("DELETE FROM steps")
        copy.execute("DELETE FROM meta WHERE key <> 'written_by'")
        for key, value in notes.items():
            put(copy, key, value)
        copy.execute("COMMIT")


def _remove_parts(target: Path) -> None:
    """Removes what a save that was killed left beside the target."""
    for entry in target.parent.iterdir():
        if entry.name.startswith(f".{target.name}.") and entry.name.endswith(".part"):
            with contextlib.suppress(OSError):
                entry.unlink()


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() or sys.platform != "win32" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _why(error: OSError | sqlite3.Error, target: Path) -> str:
    kept = "your changes are safe in the working copy"
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or "full" in str(error):
        return f"the disk is full; free some space or save elsewhere; {kept}"
    if not target.parent.is_dir():
        return f"the folder '{target.parent}' is not there; choose another; {kept}"
    if target.is_dir():
        return f"'{target.name}' is a folder; choose another name; {kept}"
    if not os.access(target.parent, os.W_OK) or isinstance(error, PermissionError):
        return f"the folder '{target.parent}' may not be written to; save elsewhere; {kept}"
    return f"{_reason(error)}; try again or save elsewhere; {kept}"


def _reason(error: OSError | sqlite3.Error) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]
