"""Where the results of a project's workflow are kept, so that the next run goes on where the last one ended."""

from __future__ import annotations

import hashlib
from pathlib import Path

from solvitur.engine.folders import Folders
from solvitur.engine.workflow.store import Store
from solvitur.problem.errors import InputError


def store_folder(folders: Folders, path: Path | None, *, name: str = "") -> Path:
    """Returns the folder of the results of a file's workflow, or of the working copy of that name."""
    what = str(path.absolute().resolve()) if path is not None else f"working copy {name}"
    return folders.state / "workflows" / hashlib.sha256(what.encode()).hexdigest()[:16]


def open_store(folders: Folders, path: Path | None, *, name: str = "", limit_mb: int = 0) -> Store:
    """Opens the store of a file's workflow; one in memory (its ``folder`` is None) where nothing can be written.

    Parameters
    ----------
    path : the project's or workflow's file; None for a project that was never saved.
    name : names the working copy of a project that was never saved, the same after a crash.
    limit_mb : above this what was used least recently is dropped; 0 keeps all.
    """
    try:
        return Store(store_folder(folders, path, name=name), limit_bytes=limit_mb * 1_000_000)
    except InputError:
        return Store()
