"""The backends: servers that speak OpenAI's protocol, here or far away."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from solvitur.api import InputError, SolviturError, Usage
from solvitur_openai.clients import USER_AGENT, Clients, ReplyTooLong
from solvitur_openai.crew import Crew
from solvitur_openai.faults import Fault, Server, of_connection, of_status, too_long
from solvitur_openai.keys import Keys
from solvitur_openai.options import ChatOptions, Preset, checked_address, is_here, is_near
from solvitur_openai.sending import Abilities, Exchange, Stopped, request_body

_HEARTBEAT_S = 0.1
_MOST_MODELS = 1000


class OpenAIServer:
    """One kind of server; nothing is sent before it is asked for a reply or for its models."""

    options = ChatOptions

    def __init__(self, preset: Preset, keys: Keys, clients: Clients, crew: Crew) -> None:
        self.name = preset.name
        self.title = preset.title
        self.local = is_here(preset.address)
        self._preset = preset
        self._keys = keys
        self._clients = clients
        self._crew = crew
        self._abilities = Abilities()
        self._lock = threading.Lock()
        self._first_models: dict[str, str] = {}

    def reply(
        self, messages: Sequence[Mapping[str, str]], options: ChatOptions, schema: Mapping[str, Any] | None
    ) -> Generator[str, None, Usage]:
        """Streams a reply; closing the generator closes the connection.

        Raises
        ------
        SolviturError
            With a sentence, if no whole reply can be had.
        """
        came: queue.SimpleQueue[tuple[str, Usage | None] | BaseException] = queue.SimpleQueue()
        exchange: list[Exchange] = []
        left = threading.Event()

        def work() -> None:
            try:
                server = self._server(options)
                client = self._clients.client(server.address, server.key, options)
                asking = Exchange(client, server, options, (messages, schema), self._abilities, came.put)
                exchange.append(asking)
                if not left.is_set():
                    asking.run()
            except BaseException as error:  # noqa: BLE001 - it is raised again where the reply is waited for
                came.put(error)

        self._crew.run(work)
        try:
            while True:
                try:
                    piece = came.get(timeout=_HEARTBEAT_S)
                except queue.Empty:
                    yield ""
                    continue
                if isinstance(piece, tuple):
                    text, usage = piece
                    yield text
                    if usage is not None:
                        return usage
                elif isinstance(piece, Stopped):
                    raise SolviturError("stopped")
                else:
                    raise piece
        finally:
            left.set()
            for asking in exchange:
                asking.stop()

    def models(self, options: ChatOptions) -> tuple[str, ...]:
        """Asks the server for the names of its models.

        Raises
        ------
        SolviturError
            If it does not tell.
        """
        return self._listed(self._server(options, model="?"), options)

    def preview(
        self, messages: Sequence[Mapping[str, str]], options: ChatOptions, schema: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Returns exactly what would be sent, without the key; sends nothing."""
        address = self._address(options)
        key, _ = self._keys.find(address, options.key_variable)
        model = options.model or self._first_models.get(address, "(the first that the server lists)")
        level, _ = self._abilities.level(Server(self.title, address, model), options)
        headers = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": USER_AGENT}
        if key:
            headers["Authorization"] = "Bearer (your key)"
        body = request_body(messages, model, options, schema, level, bare=False)
        return {"method": "POST", "address": f"{address}/chat/completions", "headers": headers, "body": body}

    def close(self) -> None:
        """Closes connections that are kept open."""
        self._clients.close()

    def key_state(self, options: ChatOptions) -> str:
        """Says where the key is."""
        return self._keys.find(self._address(options), options.key_variable)[1]

    def keep_key(self, options: ChatOptions, key: str, for_good: bool) -> str:
        """Keeps a key for the address in the options."""
        return self._keys.keep(self._address(options), key, for_good=for_good)

    def forget_key(self, options: ChatOptions) -> str:
        """Forgets the key for the address in the options."""
        return self._keys.forget(self._address(options))

    def _address(self, options: ChatOptions) -> str:
        usual = self._preset.address
        if self._preset.name == "openai":
            usual = os.environ.get("OPENAI_BASE_URL") or usual
        return checked_address(options.address or usual)

    def _server(self, options: ChatOptions, model: str = "") -> Server:
        address = self._address(options)
        key, _ = self._keys.find(address, options.key_variable)
        if not key and self._preset.needs_key and not is_near(address):
            raise InputError.at(f"{self.title} needs a key; give it one in the settings under 'Language models'")
        if key and (not key.isascii() or not key.isprintable() or " " in key):
            raise InputError.at(f"the key for {self.title} has spaces or characters that keys do not have")
        if key and address.startswith("http:") and not is_near(address):
            raise InputError.at(f"a key must not be sent to '{address}' in the clear; use an address with https")
        server = Server(self.title, address, model or options.model, self._preset.hint, key)
        if server.model:
            return server
        if not is_near(address):
            raise InputError.at(f"choose one of the models of {self.title}; there are many, and prices differ")
        with self._lock:
            known = self._first_models.get(address)
        if known is None:
            known = next(iter(self._listed(server, options)), "")
            if not known:
                raise InputError.at(f"{self.title} at {address} has no model; load one there, or name one here")
            with self._lock:
                self._first_models[address] = known
        return Server(self.title, address, known, self._preset.hint, key)

    def _listed(self, server: Server, options: ChatOptions) -> tuple[str, ...]:
        import httpx2  # noqa: PLC0415 - as in `clients`
        import openai  # noqa: PLC0415

        client = self._clients.client(server.address, server.key, options)
        try:
            page = client.models.list()
            names = [str(model.id) for model in (page.data or [])[:_MOST_MODELS]]
        except openai.APIStatusError as error:
            raise of_status(server, error.status_code, error.response.headers, error.response.text) from None
        except ReplyTooLong:
            raise too_long(server, options.most_reply_mb) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise of_connection(server, error) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError):
            raise Fault(f"{server.title} at {server.address} does not list its models as expected") from None
        return tuple(names) if is_near(server.address) else tuple(sorted(names))
