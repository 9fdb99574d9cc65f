"""Runs of pip in a process of its own, told line by line and stopped at any moment."""

from __future__ import annotations

import importlib.metadata
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from packaging.utils import canonicalize_name

from solvitur.engine.environment import environment_of_workers
from solvitur.problem.errors import PluginError

Tell = Callable[[str], None]
_UNWANTED = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_CONSTRAINT",
    "PIP_REPORT",
)
"""Variables that would send packages elsewhere, or bind them otherwise, than we say."""
_WORTH_TELLING = re.compile(r"^\s*((?:Collecting|Downloading|Building wheel for|Installing build)[^:(]*)")
_POLL_S = 0.1
UNREACHED = "the package index could not be reached"
_UNREACHABLE = (
    "name resolution",
    "Failed to establish a new connection",
    "ConnectTimeout",
    "ProxyError",
    "Max retries",
)


class Stopped(PluginError):
    """The user stopped the change; nothing was changed."""


class PipFailed(PluginError):
    """Pip ended with an error; ``output`` is all it said."""

    def __init__(self, output: str) -> None:
        self.output = output
        super().__init__(_cause_of(output))


class Pip:
    """Starts pip with the interpreter of this program; the user's own settings of pip (index, proxy) hold."""

    def __init__(self, cancel: threading.Event, tell: Tell) -> None:
        self._cancel = cancel
        self._tell = tell

    def run(self, *arguments: str) -> str:
        """Runs pip to its end and returns what it said.

        Raises
        ------
        PipFailed
            If it ended with an error.
        Stopped
            If the user stopped it.
        """
        if self._cancel.is_set():
            raise Stopped("you stopped it; nothing was changed")
        command = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
        environment = {name: value for name, value in environment_of_workers().items() if name not in _UNWANTED}
        environment["PYTHONUNBUFFERED"] = "1"
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                cwd=tempfile.gettempdir(),
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise PluginError(f"pip could not be started: {error.strerror}") from None
        lines: list[str] = []
        reader = threading.Thread(target=self._read, args=(process, lines), name="pip", daemon=True)
        reader.start()
        stopped = self._await(process)
        reader.join()
        if stopped:
            raise Stopped("you stopped it; nothing was changed")
        if process.returncode:
            raise PipFailed("".join(lines))
        return "".join(lines)

    def _await(self, process: subprocess.Popen[str]) -> bool:
        """Waits for the end, and brings it about when the user stops; tells whether he did."""
        try:
            while process.poll() is None:
                if self._cancel.wait(_POLL_S):
                    return process.poll() is None
        finally:
            if process.poll() is None:
                _end(process)
        return False

    def _read(self, process: subprocess.Popen[str], lines: list[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as stream:
            for line in stream:
                lines.append(line)
                if (telling := _WORTH_TELLING.match(line)) and "finished" not in line:
                    self._tell(telling[1].strip())


def own_versions(overlay: Path) -> dict[str, str]:
    """Returns name and version of every package of the application's own environment, the overlay left out."""
    paths = [entry for entry in sys.path if not entry.startswith(str(overlay))]
    found: dict[str, str] = {}
    for distribution in importlib.metadata.distributions(path=paths):
        try:
            name, version = distribution.metadata["Name"], distribution.version
        except (KeyError, OSError):  # remains of a half-removed package
            continue
        if name and version:
            found.setdefault(canonicalize_name(name), version)
    return found


def own_modules(overlay: Path) -> dict[str, str]:
    """Returns the top modules of the application's own environment and the package that each belongs to."""
    return {
        module: names[0]
        for module, names in importlib.metadata.packages_distributions().items()
        if not _lies_in(names[0], overlay)
    }


def _lies_in(name: str, overlay: Path) -> bool:
    try:
        return str(importlib.metadata.distribution(name).locate_file("")).startswith(str(overlay))
    except importlib.metadata.PackageNotFoundError:
        return False


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _cause_of(output: str) -> str:
    """Finds the sentence that tells why pip failed."""
    conflict = re.search(r"The conflict is caused by:\n((?:\s{4}.*\n)+)", output)
    if conflict:
        lines = [line.strip().replace("The user requested", "Solvitur has") for line in conflict[1].splitlines()]
        return "it cannot be installed beside what is there: " + "; ".join(line for line in lines if line)
    errors = [line.strip()[7:] for line in output.splitlines() if line.strip().startswith("ERROR: ")]
    telling = [line for line in errors if "No matching distribution" not in line and "Exception:" not in line]
    if any(sign in output for sign in _UNREACHABLE):
        return f"{UNREACHED}; install from a wheel file, or try again with a network"
    if telling or errors:
        return (telling or errors)[0][:500]
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return f"pip failed: {said[-1][:500]}" if said else "pip failed without saying why"
