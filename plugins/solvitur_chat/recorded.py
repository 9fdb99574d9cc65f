"""Recorded replies: a session with a language model played back, for tests and demonstrations."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solvitur.api import InputError, Place, SolviturError, Usage, option, tokens_in

_PIECE = 24


@dataclass(frozen=True)
class RecordedOptions:
    """Which recording, and how it is played."""

    file: str = option("", "Recording", help="lines of JSON, written by 'formalise --record FILE'")
    pause_s: float = option(0.0, "Pause between pieces", minimum=0.0, maximum=1.0, unit="s", help="to be seen coming")


class Recorded:
    """Replays what a language model said; the same question asked again gets the next reply that was recorded."""

    name, title, options = "recorded", "Recorded replies", RecordedOptions
    local = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, float], dict[str, list[str]]] = {}
        self._asked: dict[tuple[str, str], int] = {}

    def reply(
        self, messages: Sequence[Mapping[str, str]], options: RecordedOptions, schema: Mapping[str, Any] | None
    ) -> Generator[str, None, Usage]:
        """Plays a reply back in pieces.

        Raises
        ------
        SolviturError
            If there is no recording, or it does not have this question.
        """
        question = fingerprint(messages, schema)
        replies = self._read(options.file).get(question)
        if not replies:
            raise SolviturError(
                f"the recording '{options.file}' has no reply to this question; record the session again"
            )
        with self._lock:
            at = self._asked.get((options.file, question), 0)
            self._asked[options.file, question] = at + 1
        text = replies[at % len(replies)]
        for begin in range(0, len(text), _PIECE):
            if options.pause_s:
                time.sleep(options.pause_s)
            yield text[begin : begin + _PIECE]
        return Usage(1, sum(tokens_in(message["content"]) for message in messages), tokens_in(text))

    def _read(self, name: str) -> dict[str, list[str]]:
        if not name:
            raise InputError.at("choose the file with the recorded replies", element="file")
        path = Path(name)
        try:
            known = (name, path.stat().st_mtime)
            with self._lock:
                if known not in self._known:
                    self._known = {known: _replies(path)}
                return self._known[known]
        except OSError as error:
            raise InputError.at(f"the recording cannot be read: {error.strerror}", place=Place(name)) from None


def fingerprint(messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None) -> str:
    """Returns what a question is known by."""
    told = json.dumps([[dict(message) for message in messages], schema], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _replies(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            found.setdefault(fingerprint(entry["messages"], entry["schema"]), []).append(str(entry["reply"]))
        except (ValueError, KeyError, TypeError):
            raise InputError.at("this line is no recorded reply", place=Place(str(path), number)) from None
    return found
