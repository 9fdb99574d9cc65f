"""Crash markers: files that tell the next start which plugin was being loaded when this one died."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO
from urllib.parse import quote, unquote

_LOADING, _CRASHED = "loading-", "crashed-"


class CrashMarkers:
    """The markers in one folder; several programs may start at once, each holds its own marker locked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def crashed(self) -> frozenset[str]:
        """Returns the names of plugins that an earlier start died in, until `forgive` is called."""
        if not self.folder.is_dir():
            return frozenset()
        for marker in self.folder.glob(_LOADING + "*"):
            self._settle(marker)
        return frozenset(unquote(path.name[len(_CRASHED) :]) for path in self.folder.glob(_CRASHED + "*"))

    def forgive(self, name: str) -> None:
        """Forgets that a plugin crashed a start, so that it is loaded again."""
        (self.folder / (_CRASHED + quote(name, safe=""))).unlink(missing_ok=True)

    @contextmanager
    def loading(self, name: str) -> Iterator[None]:
        """Keeps a marker while a plugin loads; it stays behind only if the process dies meanwhile."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            marker = self.folder / f"{_LOADING}{os.getpid()}"
            stream = marker.open("w", encoding="utf-8")
        except OSError:  # a read-only home must not stop the program
            yield
            return
        with stream:
            _lock(stream)
            stream.write(name)
            stream.flush()
            try:
                yield
            finally:
                # On Windows an open file cannot be removed: an emptied one counts as no marker.
                stream.seek(0)
                stream.truncate()
        with suppress(OSError):
            marker.unlink()

    def _settle(self, marker: Path) -> None:
        """Turns the marker of a dead process into a crash note; leaves that of a living one alone."""
        try:
            with marker.open("r+", encoding="utf-8") as stream:
                if not _lock(stream):
                    return
                name = stream.read().strip()
            if name:
                (self.folder / (_CRASHED + quote(name, safe=""))).touch()
            marker.unlink()
        except OSError:
            return


def _lock(stream: TextIO) -> bool:
    """Locks an open file for this process, without waiting; tells whether it was free."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists on POSIX only

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
