"""Clients: one per address and key, shared by all requests, so that connections are kept open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from solvitur_openai.options import ChatOptions, is_here

_CONNECT_S = 10.0
_CONNECTIONS = 256
_KEPT = 8
USER_AGENT = "solvitur"
_KEYED = "authorization"
_NEEDED = "host accept accept-encoding connection content-type content-length user-agent authorization"
SENT = frozenset(_NEEDED.split())
"""The headers that are sent; the client would add more about this machine."""


class ReplyTooLong(Exception):
    """A server sends more than is taken."""


class Clients:
    """Makes and keeps clients."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, float, float], Any] = {}

    def client(self, address: str, key: str, options: ChatOptions) -> Any:
        """Returns the client for an address."""
        wanted = (address, key, options.silence_s, options.most_reply_mb)
        with self._lock:
            if wanted not in self._clients:
                while len(self._clients) >= _KEPT:  # the oldest may still be at work: it is let go, not closed
                    self._clients.pop(next(iter(self._clients)))
                self._clients[wanted] = _made(address, key, options)
            return self._clients[wanted]

    def close(self) -> None:
        """Closes all connections; clients are made anew when they are wanted again."""
        with self._lock:
            leaving, self._clients = list(self._clients.values()), {}
        for client in leaving:
            client.close()


def _made(address: str, key: str, options: ChatOptions) -> Any:
    # openai takes most of a second to import: only those who use it wait.
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    limit = int(options.most_reply_mb * 1e6)

    class Limited(httpx2.SyncByteStream):
        """Cuts off what is longer than the limit, errors and web pages too."""

        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            taken = 0
            for part in self._stream:
                taken += len(part)
                if taken > limit:
                    raise ReplyTooLong
                yield part

        def close(self) -> None:
            self._stream.close()

    class Quiet(httpx2.Client):
        """Sends nothing but what is needed: the client would tell of this machine, its user and the environment."""

        def send(self, request: Any, **more: Any) -> Any:
            told = request.headers
            request.headers = httpx2.Headers(
                [(n, v) for n, v in told.raw if (name := n.decode().lower()) in SENT and (key or name != _KEYED)]
            )
            try:
                return super().send(request, **more)
            finally:
                request.headers = told  # the client reads its own notes back

    def cut_off(response: Any) -> None:
        response.stream = Limited(response.stream)

    http = Quiet(
        limits=httpx2.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        timeout=httpx2.Timeout(options.silence_s, connect=min(_CONNECT_S, options.silence_s)),
        trust_env=not is_here(address),  # servers on this machine are reached directly, whatever proxy there is
        follow_redirects=False,  # a key goes nowhere but to the address it was given for
        event_hooks={"response": [cut_off]},
    )
    return openai.OpenAI(
        api_key=key or "none",  # the client insists on one
        base_url=address,
        max_retries=0,
        http_client=http,
        default_headers={"User-Agent": USER_AGENT},
    )
