"""Trimming of a store on disk: what was used least recently goes first, and never while another process uses it."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from solvitur.engine.project.claims import Claim

SHARE_LEFT = 0.8
"""A store that is too large is trimmed to this share of its limit, so that this is not needed each time."""
_PATIENCE_S = 10.0


class Company:
    """Who uses a store: each process holds a claim in it, which the system withdraws when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "users"
        self._mine = Claim.take(self._folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.lock")
        self._gate = folder / "gate.lock"

    def leave(self) -> None:
        """Uses it no more."""
        if self._mine is not None:
            self._mine.release()
            self._mine = None

    @contextmanager
    def gate(self) -> Iterator[bool]:
        """Keeps others from opening or trimming the store meanwhile; False when somebody else does so for long."""
        until = time.monotonic() + _PATIENCE_S
        while (claim := Claim.take(self._gate)) is None and time.monotonic() < until:
            pass
        try:
            yield claim is not None
        finally:
            if claim is not None:
                claim.release()

    def is_alone(self) -> bool:
        """Tells whether nobody else uses the store, in this process or another; clears away what dead ones left."""
        for path in tuple(self._folder.glob("*.lock")):
            if self._mine is not None and path == self._mine.path:
                continue
            claim = Claim.take(path)
            if claim is None:
                return False
            claim.release()
        return True


def newest_within(
    keys_newest_first: Iterable[str],
    line_bytes: Mapping[str, int],
    files: Mapping[str, Mapping[str, int]],
    limit_bytes: float,
) -> set[str]:
    """Chooses what stays: from the most recently used on, as long as it fits, without what alone would not fit.

    Parameters
    ----------
    line_bytes : size of each key's line in the journal.
    files : sizes of the files of each key's values by digest; a file that several keys share counts once.
    """
    kept: set[str] = set()
    counted: set[str] = set()
    room = limit_bytes
    for key in keys_newest_first:
        if line_bytes.get(key, 0) + sum(files.get(key, {}).values()) > limit_bytes:
            continue
        own = {digest: size for digest, size in files.get(key, {}).items() if digest not in counted}
        room -= line_bytes.get(key, 0) + sum(own.values())
        if room < 0:
            break
        kept.add(key)
        counted.update(own)
    return kept


def rewrite(journal: Path, lines: Iterable[bytes]) -> None:
    """Replaces a journal whole, so that it is never half written."""
    new = journal.with_name(f"{journal.name}.{os.getpid()}.new")
    with new.open("wb") as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(journal)


def drop_files(values: Path, needed: Iterable[str]) -> None:
    """Removes the files of values that nothing names any more."""
    names = set(needed)
    for path in values.rglob("*"):
        if path.name not in names and path.is_file():
            with suppress(OSError):
                path.unlink()
