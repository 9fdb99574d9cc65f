"""A real HTTP server on loopback that answers as a test says, and sessions that ask it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from solvitur.engine.chats import Allowed, Chats
from solvitur.hooks.loading import Plugins

ASKED = [{"role": "user", "content": "How many chairs?"}]
SCHEMA = {
    "type": "object",
    "properties": {"chairs": {"type": "integer"}},
    "required": ["chairs"],
    "additionalProperties": False,
}
KEY = "sk-planted-0123456789abcdefghij"
Answer = Callable[["Exchange"], None]


class Exchange:
    """One request as the server sees it, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self._handler = handler
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.raw = body
        self.body: Any = json.loads(body) if body else None
        self.gone = threading.Event()

    def send(
        self, status: int, body: str | bytes, kind: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answers with a whole body."""
        raw = body.encode() if isinstance(body, str) else body
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Content-Length", str(len(raw)))
        for name, value in (headers or {}).items():
            self._handler.send_header(name, value)
        self._handler.end_headers()
        try:
            self._handler.wfile.write(raw)
        except OSError:
            self.gone.set()

    def begin_stream(self) -> None:
        """Begins a stream of events."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()

    def event(self, text: str, finish: str | None = None) -> None:
        """Sends a piece."""
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        self.line(json.dumps({"object": "chat.completion.chunk", "choices": [choice]}))

    def line(self, data: str) -> None:
        """Sends a line of the stream; marks that the other side is gone."""
        try:
            self._handler.wfile.write(f"data: {data}\n\n".encode())
            self._handler.wfile.flush()
        except OSError:
            self.gone.set()

    def hang_up(self) -> None:
        """Closes the connection at once."""
        self._handler.close_connection = True
        self._handler.connection.close()


class Server:
    """Answers request after request as the list says, the last for ever."""

    def __init__(self) -> None:
        self.answers: list[Answer] = [say("hello")]
        self.seen: list[Exchange] = []
        self.asking: list[Chats] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                exchange = Exchange(self, body)
                outer.seen.append(exchange)
                at = min(len(outer.seen), len(outer.answers)) - 1
                outer.answers[at](exchange)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, format: str, *args: Any) -> None:
                return

            def handle(self) -> None:
                try:
                    super().handle()
                except (OSError, ValueError):  # a test hung up
                    self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        """Ends the server, and what asks it."""
        for chats in self.asking:
            chats.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def say(text: str) -> Answer:
    """Answers with a text, in one piece."""

    def answer(exchange: Exchange) -> None:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        exchange.send(200, json.dumps({"choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}))

    return answer


def stream(*pieces: str, done: bool = True) -> Answer:
    """Answers with a stream; without ``done`` it breaks off half way."""

    def answer(exchange: Exchange) -> None:
        exchange.begin_stream()
        for piece in pieces:
            exchange.event(piece)
        if done:
            exchange.event("", "stop")
            exchange.line("[DONE]")

    return answer


def refuse(status: int, message: str = "", **headers: str) -> Answer:
    """Answers with an error as OpenAI's servers tell it."""

    def answer(exchange: Exchange) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        exchange.send(status, json.dumps({"error": {"message": message}}), headers=given)

    return answer


def silent(seconds: float) -> Answer:
    """Says nothing for a while."""

    def answer(exchange: Exchange) -> None:
        time.sleep(seconds)
        exchange.hang_up()

    return answer


def endless(exchange: Exchange) -> None:
    """Streams until the other side is gone."""
    exchange.begin_stream()
    until = time.monotonic() + 20
    while not exchange.gone.is_set() and time.monotonic() < until:
        exchange.event("word ")
        time.sleep(0.02)


def chats_with(server: Server, *, tokens: int = 0, money: float = 0.0, **options: Any) -> Chats:
    """Returns chats with the backend `openai` turned on and pointed at the server."""
    given = {"address": server.address, "model": "loopback", "longest_wait_s": 5.0, **options}
    chats = Chats(Plugins.load(only=["openai"]), Allowed("openai", {"openai": given}, tokens, money))
    server.asking.append(chats)
    return chats
