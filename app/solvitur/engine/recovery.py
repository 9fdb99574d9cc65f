"""Working copies: one folder per open project, found again after a crash."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from solvitur.engine.folders import Folders
from solvitur.engine.project.claims import Claim
from solvitur.engine.project.database import WorkingDatabase, connect
from solvitur.engine.project.schema import get
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place

_DATABASE, _OWNER, _LOCKS = "project.db", "owner.lock", "locks"
_YOUNG_S = 60.0
"""A folder without a database may be one that is being made just now."""


@dataclass(frozen=True)
class Recovery:
    """Unsaved changes that a crash left behind.

    ``path`` is the project file they belong to, None for a project that was never saved; ``edited`` is the local
    time of the last change (ISO).
    """

    folder: Path
    path: Path | None
    name: str
    edited: str


class WorkingCopy:
    """The folder of an open project: its database, and the claims that keep other processes away."""

    def __init__(self, folder: Path, claim: Claim) -> None:
        self.folder = folder
        self._claim = claim
        self._path_claim: Claim | None = None

    @property
    def database_path(self) -> Path:
        """The working database."""
        return self.folder / _DATABASE

    @classmethod
    def create(cls, folders: Folders) -> WorkingCopy:
        """Makes an empty folder and claims it.

        Raises
        ------
        InputError
            If the state folder may not be written to.
        """
        folder = folders.recovery / uuid.uuid4().hex[:12]
        try:
            claim = Claim.take(folder / _OWNER)
        except OSError as error:
            raise _unusable(folders.recovery, error) from None
        assert claim is not None, "nobody else knows a folder that was just made"
        return cls(folder, claim)

    @classmethod
    def adopt(cls, recovery: Recovery) -> WorkingCopy:
        """Claims the folder that a crash left behind.

        Raises
        ------
        InputError
            If it is gone or another process took it.
        """
        claim = Claim.take(recovery.folder / _OWNER) if (recovery.folder / _DATABASE).exists() else None
        if claim is None:
            raise InputError.at(
                f"the unsaved changes of '{recovery.name}' are gone: they were recovered or discarded meanwhile"
            )
        return cls(recovery.folder, claim)

    def claim_path(self, path: Path) -> None:
        """Claims a project file in place of the one claimed before.

        Raises
        ------
        InputError
            If the file is open elsewhere.
        """
        lock = self.folder.parent / _LOCKS / f"{_key(path)}.lock"
        if self._path_claim is not None and self._path_claim.path == lock:
            return
        try:
            claim = Claim.take(lock)
        except OSError as error:
            raise _unusable(self.folder.parent, error) from None
        if claim is None:
            raise InputError.at(
                f"the project is already open in another window ({Claim.owner(lock)}); close it there first",
                place=Place(str(path)),
            )
        self.release_path()
        self._path_claim = claim

    def release_path(self) -> None:
        """Gives the claim on the project file back."""
        if self._path_claim is not None:
            self._path_claim.release()
            self._path_claim = None

    def release(self, *, remove: bool) -> None:
        """Gives all claims back; ``remove`` False leaves the changes to be recovered."""
        self.release_path()
        self._claim.release()
        if remove:
            shutil.rmtree(self.folder, ignore_errors=True)


def find_recoverable(folders: Folders) -> list[Recovery]:
    """Lists the unsaved changes that nobody owns, newest first; working copies without any are cleared away."""
    found = []
    for folder in _folders(folders.recovery):
        with contextlib.suppress(OSError):  # another process may be clearing it away
            recovery = _look_at(folder)
            if recovery is not None:
                found.append(recovery)
    return sorted(found, key=lambda recovery: recovery.edited, reverse=True)


def discard(recovery: Recovery) -> None:
    """Deletes unsaved changes for good."""
    claim = Claim.take(recovery.folder / _OWNER) if recovery.folder.exists() else None
    if claim is not None:
        claim.release()
        shutil.rmtree(recovery.folder, ignore_errors=True)


def _folders(recovery: Path) -> list[Path]:
    if not recovery.is_dir():
        return []
    return [entry for entry in recovery.iterdir() if entry.is_dir() and entry.name != _LOCKS]


def _look_at(folder: Path) -> Recovery | None:
    database = folder / _DATABASE
    if not database.exists() and time.time() - folder.stat().st_mtime < _YOUNG_S:
        return None
    claim = Claim.take(folder / _OWNER)
    if claim is None:
        return None
    try:
        recovery = _inspect(folder) if database.exists() else None
    finally:
        claim.release()
    if recovery is None:
        shutil.rmtree(folder, ignore_errors=True)
    return recovery


def _unusable(folder: Path, error: OSError) -> InputError:
    text = f"the folder for working copies may not be written to ({error.strerror}); "
    return InputError.at(text + "set SOLVITUR_STATE_DIR to one that may", place=Place(str(folder)))


def _inspect(folder: Path) -> Recovery | None:
    """Reads what a working copy says of itself; None when it holds nothing unsaved."""
    database = folder / _DATABASE
    touched = max(file.stat().st_mtime for file in folder.iterdir() if file.name != _OWNER)
    path, name = None, folder.name
    with contextlib.suppress(sqlite3.Error, ValueError), contextlib.closing(connect(database)) as connection:
        if not get(connection, "unsaved", False):
            return None
        path, name = get(connection, "path"), get(connection, "title", name)
    edited = datetime.fromtimestamp(touched, UTC).astimezone().isoformat(timespec="seconds")
    return Recovery(folder, Path(path) if path else None, str(name), edited)


def _key(path: Path) -> str:
    return hashlib.sha256(os.path.normcase(path.resolve()).encode(errors="surrogateescape")).hexdigest()[:24]


def open_database(copy: WorkingCopy) -> WorkingDatabase:
    """Opens the working database of a claimed folder.

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    try:
        return WorkingDatabase(copy.database_path)
    except sqlite3.Error as error:
        raise InputError.at(
            f"the working copy cannot be opened ({error}); free some disk space and try again",
            place=Place(str(copy.database_path)),
        ) from None
