"""Logs of runs: bounded, however much a solver prints."""

from __future__ import annotations

import threading

END_OF_LOG = "\x00end of log\x00"
"""What a worker writes to its log after each job, so that the supervisor knows when it has read all of it."""

_WAITING_LIMIT = 256 * 1024


class LogPipe:
    """Takes what a worker prints, on one thread, and hands it out in pieces, on another."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._size = 0
        self._lock = threading.Lock()
        self.ended = threading.Event()
        """Set when the end mark of the current job was read."""

    def add(self, text: str) -> None:
        """Adds text; when nobody fetches it, the oldest is dropped."""
        if END_OF_LOG in text:
            text = text.replace(END_OF_LOG + "\n", "").replace(END_OF_LOG, "")
            self.ended.set()
        with self._lock:
            self._text.append(text)
            self._size += len(text)
            while self._size > _WAITING_LIMIT and len(self._text) > 1:
                self._size -= len(self._text.pop(0))

    def fetch(self) -> str:
        """Returns what was added since the last call."""
        with self._lock:
            text, self._text, self._size = "".join(self._text), [], 0
        return text


class RunLog:
    """The log kept with a run: its beginning and its end, at most about ``limit`` characters."""

    def __init__(self, limit: int = 1_000_000) -> None:
        self._half = limit // 2
        self._head = ""
        self._tail = ""
        self._left_out = 0

    def add(self, text: str) -> None:
        """Adds text at the end."""
        room = self._half - len(self._head)
        if room > 0:
            self._head += text[:room]
            text = text[room:]
        self._tail += text
        if len(self._tail) > 2 * self._half:
            self._left_out += len(self._tail) - self._half
            self._tail = self._tail[-self._half :]

    @property
    def text(self) -> str:
        """The log as text; what was left out is said."""
        if not self._left_out:
            return self._head + self._tail
        return f"{self._head}\n[... {self._left_out} characters are left out here ...]\n{self._tail}"
