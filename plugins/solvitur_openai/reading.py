"""Replies read as they come: events of a stream, or one JSON value, with what they cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from solvitur_openai.faults import Fault, Server, no_reply, said_by


@dataclass
class Reading:
    """What is known of a reply so far."""

    finished: bool = False
    """Whether the server said that the reply is whole."""
    cut: bool = False
    """Whether it stopped at its limit of tokens."""
    tokens: tuple[int, int] | None = None
    kept: list[str] = field(default_factory=list)
    """The first lines that were no events, to tell what came instead."""


def pieces_of_stream(lines: Iterable[str], server: Server, reading: Reading) -> Iterator[str]:
    """Yields the pieces of a stream of events; an empty one for each event that adds nothing.

    Raises
    ------
    Fault
        If the server reports an error in the stream, or sends something else.
    """
    for line in lines:
        if not line.startswith("data:"):
            if line and not line.startswith((":", "event:", "id:", "retry:")) and len(reading.kept) < 20:
                reading.kept.append(line[:500])
            continue
        data = line[5:].strip()
        if data == "[DONE]":
            reading.finished = True
            return
        try:
            event = json.loads(data)
        except (ValueError, RecursionError):
            raise no_reply(server, data) from None
        yield piece_of(event, server, reading, "delta")


def piece_of(event: Any, server: Server, reading: Reading, part: str) -> str:
    """Returns the text of an event (``part`` is ``delta``) or of a whole reply (``message``)."""
    if not isinstance(event, Mapping):
        raise no_reply(server, json.dumps(event))
    if event.get("error"):
        told = said_by(json.dumps({"error": event["error"]}), server.key)
        raise Fault(f"{server.title} at {server.address} broke off: {told}", again=True)
    usage = event.get("usage")
    if isinstance(usage, Mapping):
        reading.tokens = _whole(usage.get("prompt_tokens")), _whole(usage.get("completion_tokens"))
    choices = event.get("choices")
    if not isinstance(choices, list):
        if part == "message":
            raise no_reply(server, json.dumps(event))
        return ""
    text = ""
    for choice in choices[:1]:
        if not isinstance(choice, Mapping):
            raise no_reply(server, json.dumps(event))
        said = choice.get(part)
        message: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
        if message.get("refusal"):
            raise Fault(f"the model refuses: {said_by(str(message['refusal']), server.key)}")
        content = message.get("content")
        text += content if isinstance(content, str) else ""
        reason = choice.get("finish_reason")
        if reason:
            reading.finished = True
            reading.cut = reason == "length"
            if reason == "content_filter":
                raise Fault(f"{server.title} at {server.address} withheld the reply: its filter objects to it")
    return text


class JsonSieve:
    """Lets JSON through piece by piece; what begins with something else is held back and searched at the end."""

    def __init__(self) -> None:
        self._all: list[str] = []
        self._through: bool | None = None

    @property
    def text(self) -> str:
        """All that came."""
        return "".join(self._all)

    def take(self, piece: str) -> str:
        """Takes a piece and returns what may be passed on."""
        self._all.append(piece)
        if self._through is None:
            begun = self.text.lstrip()
            if not begun:
                return ""
            self._through = begun.startswith(("{", "["))
            return begun if self._through else ""
        return piece if self._through else ""

    def rest(self) -> str | None:
        """Returns what is left to pass on at the end; None when there is no JSON in the reply."""
        if self._through:
            return "" if _is_json(self.text) else None
        return extracted(self.text)


def extracted(text: str) -> str | None:
    """Returns the longest JSON object within a text, or None."""
    decoder = json.JSONDecoder()
    best, at = "", text.find("{")
    while at >= 0:
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        best = max(best, text[at:end], key=len)
        at = text.find("{", end)
    return best or None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value < 1e12 else 0
