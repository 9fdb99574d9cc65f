"""One question and its reply: the request, what to leave out where a server cannot take it, tries and waits."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from solvitur.api import Usage, tokens_in
from solvitur_openai.clients import ReplyTooLong
from solvitur_openai.faults import Fault, Server, no_reply, of_connection, of_status, too_long
from solvitur_openai.options import ChatOptions
from solvitur_openai.reading import JsonSieve, Reading, piece_of, pieces_of_stream

Messages = Sequence[Mapping[str, str]]
LEVELS = ("json_schema", "json_object", "plain")
"""How a shape is asked for, the strictest first."""
_FIRST_WAIT_S = 0.5
_BUNDLE_S = 0.02


class Stopped(Exception):
    """Nobody waits for the reply any more."""


class Abilities:
    """What servers turned out to be able to do, by address and model."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._levels: dict[tuple[str, str], tuple[str, bool]] = {}

    def level(self, server: Server, options: ChatOptions) -> tuple[str, bool]:
        """Returns how to ask for a shape, and whether that is known to work."""
        if options.structured != "auto":
            return options.structured, False
        with self._lock:
            return self._levels.get((server.address, server.model), (LEVELS[0], False))

    def learned(self, server: Server, level: str) -> None:
        """Remembers what worked."""
        with self._lock:
            self._levels[server.address, server.model] = (level, True)


def request_body(
    messages: Messages, model: str, options: ChatOptions, schema: Mapping[str, Any] | None, level: str, *, bare: bool
) -> dict[str, Any]:
    """Builds exactly what is sent; ``bare`` leaves out what not every server knows."""
    told = [{"role": message["role"], "content": message["content"]} for message in messages]
    body: dict[str, Any] = {"model": model, "messages": told, "stream": True}
    if not bare:
        body["stream_options"] = {"include_usage": True}
        body["temperature"] = options.temperature
        if options.reply_tokens:
            body["max_tokens"] = options.reply_tokens
    if schema is not None and level == "json_schema":
        shape = {"name": "reply", "strict": True, "schema": dict(schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": shape}
    elif schema is not None:
        asked = f"Answer with one JSON object and nothing else. It fits this JSON schema:\n{json.dumps(schema)}"
        body["messages"] = (
            [*told[:-1], {**told[-1], "content": f"{told[-1]['content']}\n\n{asked}"}] if told else told
        )
        if level == "json_object":
            body["response_format"] = {"type": "json_object"}
    return body


class Exchange:
    """One question: runs in a thread of its own and hands pieces over; `stop` from another ends it soon."""

    def __init__(
        self,
        client: Any,
        server: Server,
        options: ChatOptions,
        question: tuple[Messages, Mapping[str, Any] | None],
        abilities: Abilities,
        put: Callable[[tuple[str, Usage | None]], None],
    ) -> None:
        self._client = client
        self._server = server
        self._options = options
        self._messages, self._schema = question
        self._abilities = abilities
        self._put = put
        self._stop = threading.Event()
        self._response: Any = None
        self._came = False
        self._held: list[str] = []
        self._held_since = 0.0
        self._passed = time.monotonic()
        self._ended = False

    def stop(self) -> None:
        """Ends the exchange: a wait is broken off, and the connection closed so that the server stops too."""
        response = self._response
        if self._ended:
            return
        self._stop.set()
        if response is None:
            return
        stream = response.http_response.extensions.get("network_stream")
        connection = stream.get_extra_info("socket") if stream is not None else None
        if connection is not None:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed already
                return

    def run(self) -> None:
        """Asks, again where that may help, and hands over the pieces and then the cost.

        Raises
        ------
        Fault
            If no whole reply could be had.
        Stopped
            If it was stopped.
        """
        level, proven = self._abilities.level(self._server, self._options)
        bare, tries, wait_s = False, 0, _FIRST_WAIT_S
        while True:
            try:
                self._once(level, bare=bare)
            except Fault as fault:
                if self._ended:
                    return
                if self._stop.is_set():
                    raise Stopped from None
                if fault.unfit and not self._came and not (fault.again and (proven or self._schema is None)):
                    weaker = self._weaker(level)
                    if weaker or not bare:
                        level, bare = (weaker, bare) if weaker else (level, True)
                        continue
                tries += 1
                self._pause(fault, tries, wait_s)
                wait_s *= 2
            else:
                if self._schema is not None:
                    self._abilities.learned(self._server, level)
                return

    def _weaker(self, level: str) -> str:
        if self._schema is None or self._options.structured != "auto" or level == LEVELS[-1]:
            return ""
        return LEVELS[LEVELS.index(level) + 1]

    def _pause(self, fault: Fault, tries: int, wait_s: float) -> None:
        """Waits before another try, as long as the server asks for, or raises the fault."""
        if self._came:  # pieces are out already: whoever took them begins anew
            raise fault
        told = f" ({tries} tries)" if tries > 1 else ""
        if not fault.again or tries >= self._options.tries:
            raise Fault(f"{fault}{told}") from None
        # A random part keeps many requests from coming back all at once.
        pause_s = wait_s * (0.5 + random.random()) if fault.wait_s is None else fault.wait_s
        if pause_s > self._options.longest_wait_s:
            raise Fault(f"{fault}; it wants {pause_s:.0f} s of waiting, which is longer than allowed{told}") from None
        if self._stop.wait(pause_s):
            raise Stopped

    def _once(self, level: str, *, bare: bool) -> None:
        import httpx2  # noqa: PLC0415 - as in `clients`
        import openai  # noqa: PLC0415

        body = request_body(self._messages, self._server.model, self._options, self._schema, level, bare=bare)
        reading = Reading()
        self._held.clear()
        sieve = JsonSieve() if self._schema is not None else None
        try:
            # The body goes in as extra: checked as typed arguments it would take a third of the time of a request.
            asked = self._client.chat.completions.with_streaming_response.create(
                model=self._server.model, messages=[], stream=True, extra_body=body
            )
            with asked as response:
                self._response = response
                self._read(response, reading, sieve)
        except openai.APIStatusError as error:
            raise of_status(self._server, error.status_code, error.response.headers, error.response.text) from None
        except ReplyTooLong:
            raise too_long(self._server, self._options.most_reply_mb) from None
        except (openai.APIConnectionError, httpx2.HTTPError, httpx2.StreamError) as error:
            if isinstance(error.__cause__, ReplyTooLong):
                raise too_long(self._server, self._options.most_reply_mb) from None
            raise of_connection(self._server, error) from None
        except (openai.OpenAIError, UnicodeError, OSError) as error:
            raise Fault(f"{self._server.title} cannot be asked: {type(error).__name__}", again=True) from None
        finally:
            self._response = None

    def _read(self, response: Any, reading: Reading, sieve: JsonSieve | None) -> None:
        size = 0
        lines = response.iter_lines()
        if "event-stream" in response.headers.get("content-type", ""):
            pieces = pieces_of_stream(lines, self._server, reading)
        else:
            pieces = iter([self._whole(response.read(), reading)])
        for piece in pieces:
            if self._stop.is_set():
                raise Stopped
            size += len(piece.encode("utf-8", "replace"))
            self._pass_on(sieve.take(piece) if sieve is not None else piece)
        self._check_end(reading, sieve, size)
        prompt = sum(tokens_in(message["content"]) for message in self._messages)
        taken, given = reading.tokens or (prompt, (size + 3) // 4)
        money = (taken * self._options.price_in + given * self._options.price_out) / 1e6
        self._ended = True
        self._put(("".join(self._held), Usage(1, taken, given, money)))
        for _ in lines:  # what little may follow: only a connection that was read to its end is used again
            pass

    def _check_end(self, reading: Reading, sieve: JsonSieve | None, size: int) -> None:
        who = f"{self._server.title} at {self._server.address}"
        if not reading.finished:
            if not size and reading.kept:
                raise no_reply(self._server, "\n".join(reading.kept))
            raise Fault(f"{who} closed the stream half way", again=True)
        if reading.cut and sieve is not None:
            raise Fault(f"{who} stopped at its limit of tokens before the reply was whole; raise the reply limit")
        if sieve is not None:
            rest = sieve.rest()
            if rest is None:
                raise Fault(
                    f"{who} was asked for JSON and sent something else; it begins {sieve.text[:60]!r}", again=True
                )
            self._pass_on(rest)
        elif not size:
            raise no_reply(self._server, "")

    def _pass_on(self, text: str) -> None:
        """Passes text on, bundled: waking whoever waits for every word would cost more than the words."""
        if not text:
            return
        now = time.monotonic()
        if not self._held:
            self._held_since = now
        self._held.append(text)
        if now - self._held_since >= _BUNDLE_S or now - self._passed >= 5 * _BUNDLE_S:
            self._passed = now
            self._came = True
            self._put(("".join(self._held), None))
            self._held.clear()

    def _whole(self, raw: bytes, reading: Reading) -> str:
        body = raw.decode("utf-8", "replace")
        try:
            tree = json.loads(body)
        except (ValueError, RecursionError):
            raise no_reply(self._server, body) from None
        text = piece_of(tree, self._server, reading, "message")
        reading.finished = True
        return text
