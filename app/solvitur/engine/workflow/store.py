"""The store of a workflow's results: by content, journalled as they come about, large ones in files of their own.

The journal is a file to which one line is added per finished step. What is in it survives the end of the process at
any moment: a line that was cut off is left out when it is read again. A large value is written to its own file,
named by its hash, before the line that names it.
"""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import itertools
import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from solvitur.engine.workflow.store_trimming import SHARE_LEFT, Company, drop_files, newest_within, rewrite
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place
from solvitur.problem.records import RecordUnknown, from_bytes, to_bytes
from solvitur.workflow.collecting import without_collecting

_INLINE_BYTES = 16_384
"""Values of at most so many bytes are kept in the journal itself and in memory."""
_SHORT_TEXT = 200
JOURNAL = "journal.jsonl"
_USED, _HEAD = "used", 16
"""Lines that begin with it tell, by the heads of their keys, which results were used again."""
_line = json.JSONEncoder(separators=(",", ":")).encode
_UNSURE = "unsure:"
"""Begins the digest of a value that cannot be packed: it is equal to nothing but itself."""


class Kept:
    """One value that a step made: its digest, its size in bytes, and where it is."""

    __slots__ = ("_there", "_value", "digest", "path", "size")

    def __init__(self, digest: str, size: int, path: Path | None = None) -> None:
        self.digest = digest
        self.size = size
        self.path = path
        self._value: Any = None
        self._there = False

    @classmethod
    def of(cls, value: Any, digest: str, size: int, path: Path | None = None) -> Kept:
        """Keeps a value that is in memory."""
        kept = cls(digest, size, path)
        kept._value, kept._there = value, True
        return kept

    @property
    def lasting(self) -> bool:
        """Whether it can be found again by another process."""
        return not self.digest.startswith(_UNSURE)

    def load(self) -> Any:
        """Returns the value; what is in a file is read again.

        Raises
        ------
        InputError
            If its file is gone or broken.
        """
        if self._there:
            return self._value
        if self.path is None:
            raise InputError.at("this result was not kept; run the step again")
        try:
            data = self.path.read_bytes()
            if hashlib.sha256(data).hexdigest() != self.digest:
                raise ValueError("its content has changed")
            return from_bytes(data)
        except (OSError, ValueError, RecordUnknown, KeyError) as error:
            text = f"a kept result cannot be read ({error}); run the step again"
            raise InputError.at(text, place=Place(str(self.path))) from None

    def release(self) -> None:
        """Lets go of a value that is in a file."""
        if self.path is not None:
            self._value, self._there = None, False


class Store:
    """Results by key. Without a folder they are kept in memory only."""

    def __init__(self, folder: Path | None = None, *, limit_bytes: int = 0) -> None:
        """Opens the store; above ``limit_bytes`` on disk (0: none) what was used least recently is dropped."""
        self.folder = folder
        self._limit = limit_bytes
        self._entries: dict[str, dict[str, Kept]] = {}
        self._seconds: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._used: dict[str, int] = {}
        self._clock = itertools.count()
        self._found_again: set[str] = set()
        self._company: Company | None = None
        self._under_way: dict[str, threading.Event | None] = {}
        """Keys whose work goes on, and what tells those that wait for it."""
        self._lock = threading.Lock()
        self._journal = -1
        self._torn = False
        self._unsure = 0
        if folder is not None:
            self._open(folder)

    def close(self) -> None:
        """Closes the journal; a step that ends later is kept in memory only."""
        self._note_uses()
        with self._lock:
            if self._journal >= 0:
                os.close(self._journal)
                self._journal = -1
        if self._company is not None:
            self._company.leave()
            self._company = None

    def begin(self, key: str) -> threading.Event | None:
        """Takes on the work of a key; where someone has taken it on already, returns what tells that it has ended."""
        with self._lock:
            if key not in self._under_way:
                self._under_way[key] = None
                return None
            ended = self._under_way[key]
            if ended is None:
                ended = self._under_way[key] = threading.Event()
            return ended

    def end(self, key: str) -> None:
        """Tells that the work of a key has ended, well or not."""
        with self._lock:
            ended = self._under_way.pop(key)
        if ended is not None:
            ended.set()

    def find(self, key: str) -> dict[str, Kept] | None:
        """Returns what a step of that key made, by port, or None."""
        found = self._entries.get(key)
        if found is not None and self._limit:
            self._used[key] = next(self._clock)
            self._found_again.add(key)
        return found

    def seconds(self, key: str) -> float:
        """Returns how long the step of that key took."""
        return self._seconds.get(key, 0.0)

    def took(self, path: str) -> float | None:
        """Returns how long the step at a path took when it ran last, whatever its options were; None if unknown."""
        return self._took.get(path)

    def keep(self, key: str, outputs: Mapping[str, Any], *, step: str = "", seconds: float = 0.0) -> dict[str, Kept]:
        """Keeps what a step made (values, or values kept already), and notes it in the journal before it returns."""
        kept: dict[str, Kept] = {}
        noted: dict[str, Any] | None = {}
        for port, value in outputs.items():
            kept[port], note = self._again(value) if isinstance(value, Kept) else self._kept(value)
            noted = None if note is None or noted is None else {**noted, port: note}
        if noted is not None:
            self._entries[key] = kept
            self._seconds[key] = seconds
            if step and seconds:
                self._took[step] = seconds
            if self._limit:
                self._used[key] = next(self._clock)
            if self._journal >= 0:
                self._append(_line([key, step, round(seconds, 6), noted]).encode() + b"\n")
        return kept

    def _append(self, line: bytes) -> None:
        """Adds a line to the journal; after one that was cut off, as on a full disk, on a line of its own."""
        with self._lock:
            if self._journal < 0:
                return
            data = b"\n" + line if self._torn else line
            self._torn = True
            self._torn = os.write(self._journal, data) < len(data)
            if self._torn:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _again(self, kept: Kept) -> tuple[Kept, Any]:
        """Returns the note of a value that is kept already."""
        if kept.path is not None:
            return kept, {"d": kept.digest, "n": kept.size}
        return (kept, self._kept(kept.load())[1]) if kept.lasting else (kept, None)

    def _kept(self, value: Any) -> tuple[Kept, Any]:
        """Returns a kept value and its note for the journal; None in place of the note when it cannot be packed."""
        if isinstance(value, np.generic):  # packed it would come back as the plain number that it is here, too
            value = value.item()
        kind = type(value)
        if (
            value is None
            or kind is int
            or kind is bool
            or kind is float
            or (kind is str and len(value) < _SHORT_TEXT)
        ):
            digest = f"{kind.__name__}:{value!r}"
            finite = kind is not float or value - value == 0
            return Kept.of(value, digest, 8), ([value] if finite else [value, "float"])
        try:
            data = to_bytes(value)
        except TypeError:
            with self._lock:
                self._unsure += 1
                return Kept.of(value, f"{_UNSURE}{id(self)}:{self._unsure}", 0), None
        digest = hashlib.sha256(data).hexdigest()
        if len(data) <= _INLINE_BYTES or self.folder is None:
            note = {"d": digest, "b": base64.b64encode(data).decode()} if self.folder is not None else {}
            return Kept.of(value, digest, len(data)), note
        path = self._spill(digest, data)
        return Kept.of(value, digest, len(data), path), {"d": digest, "n": len(data)}

    def _path(self, digest: str) -> Path:
        return (self.folder or Path()) / "values" / digest[:2] / digest

    def _spill(self, digest: str, data: bytes) -> Path:
        path = self._path(digest)
        if not (path.exists() and path.stat().st_size == len(data)):
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f"{digest}.{os.getpid()}.{threading.get_ident()}")
            new.write_bytes(data)
            new.replace(path)
        return path

    def _open(self, folder: Path) -> None:
        journal = folder / JOURNAL
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._company = Company(folder)
            with self._company.gate():
                self._journal = os.open(journal, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
                data = journal.read_bytes()
        except OSError as error:
            text = f"the results of the workflow cannot be kept here: {error.strerror or error}"
            raise InputError.at(text, place=Place(str(folder))) from None
        with without_collecting():
            for line in data.splitlines():
                with suppress(ValueError, TypeError, LookupError, AttributeError, RecordUnknown, binascii.Error):
                    self._read(json.loads(line))
        self._torn = bool(data) and not data.endswith(b"\n")
        self.trim()

    def _read(self, entry: Any) -> None:
        if entry[0] == _USED:
            heads = {key[:_HEAD]: key for key in self._entries}
            for head in entry[1]:
                if head in heads:
                    self._used[heads[head]] = next(self._clock)
            return
        key, step, seconds, noted = entry
        kept = {port: self._noted(note) for port, note in noted.items()}
        if None not in kept.values():
            self._entries[key] = {port: each for port, each in kept.items() if each is not None}
            self._seconds[key] = float(seconds)
            self._used[key] = next(self._clock)
            if step and seconds:
                self._took[str(step)] = float(seconds)

    def _note_uses(self) -> None:
        """Notes what was found again since the store was opened, for the next trimming."""
        found = sorted((key for key in self._found_again if key in self._entries), key=self._used.__getitem__)
        if found:
            with suppress(OSError):
                self._append(json.dumps([_USED, [key[:_HEAD] for key in found]]).encode() + b"\n")
        self._found_again.clear()

    def trim(self) -> int:
        """Drops what was used least recently when the store is above its limit; returns how many results went.

        To be called while no run uses the store; while another process uses it nothing is dropped.
        """
        if self.folder is None or self._company is None or not self._limit:
            return 0
        files = {
            key: {value.digest: value.size for value in kept.values() if value.path is not None}
            for key, kept in self._entries.items()
        }
        sizes = {digest: size for each in files.values() for digest, size in each.items()}
        journal = self.folder / JOURNAL
        with suppress(OSError), self._company.gate() as mine:
            if os.fstat(self._journal).st_size + sum(sizes.values()) <= self._limit:
                return 0
            if not mine or not self._company.is_alone():
                return 0
            lines = _lines_by_key(journal.read_bytes())
            weights = {key: len(line) for key, line in lines.items()}
            newest = sorted(lines.keys() & self._entries.keys(), key=lambda key: self._used.get(key, 0), reverse=True)
            kept = newest_within(newest, weights, files, SHARE_LEFT * self._limit)
            rewrite(journal, (lines[key] for key in reversed(newest) if key in kept))
            drop_files(self.folder / "values", (digest for key in kept for digest in files[key]))
            with self._lock:
                os.close(self._journal)
                self._journal, self._torn = os.open(journal, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644), False
            gone = self._entries.keys() - kept
            for key in gone:
                del self._entries[key]
            return len(gone)
        return 0

    def _noted(self, note: Any) -> Kept | None:
        """Restores a value from its note; None when its file is not there whole."""
        if isinstance(note, list):
            return self._kept(float(note[0]) if len(note) == 2 else note[0])[0]
        if "b" in note:
            data = base64.b64decode(note["b"])
            return Kept.of(from_bytes(data), note["d"], len(data))
        path = self._path(note["d"])
        if not path.exists() or path.stat().st_size != note["n"]:
            return None
        return Kept(note["d"], note["n"], path)


def _lines_by_key(data: bytes) -> dict[str, bytes]:
    """Returns the last whole line of each key in a journal."""
    lines: dict[str, bytes] = {}
    for line in data.splitlines(keepends=True):
        with suppress(ValueError, TypeError, LookupError):
            entry = json.loads(line)
            if entry[0] != _USED:
                lines[str(entry[0])] = line.rstrip(b"\n") + b"\n"
    return lines
