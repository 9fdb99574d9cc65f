"""Turns what a stranger's code raised into one sentence for the user."""

from __future__ import annotations

import traceback
from pathlib import Path

from solvitur.problem.errors import SolviturError


def sentence_of(error: BaseException) -> str:
    """Tells in words what an exception said, and where in which file it was raised."""
    if isinstance(error, SolviturError):
        return str(error)
    if isinstance(error, SystemExit):
        return f"it tried to end the whole program (exit code {error.code}){_where(error)}"
    if isinstance(error, MemoryError):
        return f"it ran out of memory{_where(error)}"
    said = str(error).strip()
    if isinstance(error, KeyError):
        said = f"it found no entry {said}"
    if not said:
        said = f"it stopped with '{type(error).__name__}'"
    return f"{said.splitlines()[0][:500]}{_where(error)}"


def full_traceback(error: BaseException) -> str:
    """Returns the traceback as text, for the log."""
    return "".join(traceback.format_exception(error))


def _where(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({Path(error.filename).name}, line {error.lineno})"
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"
