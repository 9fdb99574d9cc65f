"""Claims: a process says that a project is its own, and the system withdraws the claim when the process dies."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_ATTEMPTS, _PAUSE_S = 5, 0.02
_LOCK_AT = 1 << 20
"""The byte that Windows locks: far behind the text, so that others can still read who the owner is."""

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCK_AT, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Claim:
    """An exclusive claim, held from `take` until `release` or the end of the process, however it ends."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle: int | None = handle

    @classmethod
    def take(cls, path: Path) -> Claim | None:
        """Takes the claim kept in a lock file; None when a live process (or another part of this one) holds it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(_ATTEMPTS):
            if attempt:  # someone may be looking at it for a moment
                time.sleep(_PAUSE_S)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(handle)
            except OSError:
                os.close(handle)
                continue
            if _is_same_file(path, handle):
                _sign(handle)
                return cls(path, handle)
            os.close(handle)  # released and removed between our opening and locking it
        return None

    @staticmethod
    def owner(path: Path) -> str:
        """Tells in words who holds a claim, for messages."""
        try:
            signed: Any = json.loads(path.read_text())
            return f"process {signed['pid']}, since {signed['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"

    def release(self) -> None:
        """Gives the claim back."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self.path.unlink()
            os.close(self._handle)
            self._handle = None


def _is_same_file(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False


def _sign(handle: int) -> None:
    since = datetime.now(UTC).astimezone().strftime("%H:%M")
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps({"pid": os.getpid(), "since": since}).encode())
