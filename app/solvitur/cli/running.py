"""What every verb needs: where results and messages go, the plugins, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from solvitur.engine.answers import jsonable
from solvitur.engine.folders import Folders
from solvitur.engine.installed import load_plugins
from solvitur.hooks.loading import FAILED, Plugins
from solvitur.problem.findings import Finding
from solvitur.problem.pictures import Picture


class Exit(IntEnum):
    """Exit codes; scripts rely on them."""

    ANSWERED = 0
    BAD_INPUT = 2
    NO_ANSWER_EXISTS = 3
    NO_ANSWER_IN_TIME = 4
    FAILED = 5


@dataclass(frozen=True)
class Faces:
    """What only the window's room can do; handed in, so that the command line never imports it."""

    open_window: Callable[[Path | None, bool], int]
    export_picture: Callable[[Picture, Path], None]


class Terminal:
    """Results go to ``out``, everything else to ``err``; plugins are loaded when first asked for."""

    def __init__(self, out: TextIO, err: TextIO, faces: Faces, *, safe: bool = False) -> None:
        self.out = out
        self.err = err
        self.faces = faces
        self.folders = Folders.of_user()
        self._safe = safe

    @cached_property
    def plugins(self) -> Plugins:
        """The user's plugins; those of others that failed to load are named on ``err``."""
        loaded = load_plugins(self.folders, safe=self._safe)
        for entry in loaded.entries:
            if entry.state == FAILED and not entry.ours:
                self.say(f"plugin '{entry.name}' is left out: {entry.cause}")
        return loaded

    def say(self, text: str) -> None:
        """Writes a line of message."""
        self.err.write(text.rstrip("\n") + "\n")
        self.err.flush()

    def say_findings(self, findings: Iterable[Finding]) -> None:
        """Writes findings, one line each."""
        for finding in findings:
            self.say(f"{finding.severity.value}: {finding}")

    def result(self, text: str) -> None:
        """Writes a line of result."""
        self.out.write(text + "\n")

    def result_json(self, value: Any) -> None:
        """Writes one JSON value; numbers that JSON does not know become null."""
        self.out.write(json.dumps(jsonable(value), ensure_ascii=False, allow_nan=False) + "\n")
