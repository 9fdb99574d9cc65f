"""Defects: an uncaught exception becomes a message with a report to copy, and the window goes on."""

from __future__ import annotations

import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt, Signal

from solvitur import __version__

_SECRETS = (
    re.compile(r"\b(?:sk|pk|ghp|gho|xox[a-z]|hf)[-_][A-Za-z0-9_-]{8,}"),
    re.compile(r"(?i)\b(bearer|token|api[_-]?key|password|secret)\b(\s*[=:]\s*|\s+)['\"]?[^\s'\"]{4,}['\"]?"),
    re.compile(r"(?i)://[^/\s:@]+:[^/\s@]+@"),
    re.compile(r"\b[A-Za-z0-9+/_-]{40,}={0,2}"),
)


class Crashes(QObject):
    """Takes over the uncaught exceptions of all threads until closed; ``met`` carries the report."""

    met = Signal(str)
    _arrived = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hooks = (sys.excepthook, threading.excepthook)
        self._arrived.connect(self.met, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._take
        threading.excepthook = lambda given: self._take(
            given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback
        )

    def close(self) -> None:
        """Gives the hooks back."""
        sys.excepthook, threading.excepthook = self._hooks

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        self._hooks[0](kind, error, trace)
        self._arrived.emit(report(error, trace))


def report(error: BaseException, trace: TracebackType | None) -> str:
    """Writes what a developer needs: versions and the stack, without values, home folder or secrets."""
    lines = traceback.format_exception(type(error), error, trace)
    head = (
        f"Solvitur {__version__}, Python {platform.python_version()}, Qt {PySide6.__version__},"
        f" {platform.system()} {platform.release()} {platform.machine()}\n\n"
    )
    return clean(head + "".join(lines))


def clean(text: str, home: Callable[[], Path] = Path.home) -> str:
    """Takes the home folder and whatever looks like a secret out of a text."""
    text = text.replace(str(home()), "~")
    for pattern in _SECRETS:
        text = pattern.sub(_covered, text)
    return text


def _covered(found: re.Match[str]) -> str:
    if found.group().startswith("://"):
        return "://(removed)@"
    named = found.group(1) + found.group(2) if found.re.groups else ""
    return f"{named}(removed)"
