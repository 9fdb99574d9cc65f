"""Throughput and cancelling of requests to a language model, against a server on this machine that answers in 50 ms.

    python benchmarks/chat_throughput.py [--requests 200] [--at-once 32] [--repeats 5]

Prints the share of the ideal throughput (at once / 50 ms) that `Chats.ask` reaches with the backend `openai`, and how
long it takes until a cancelled request is back, while the server is silent and while it streams.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from statistics import median

from solvitur.engine.chats import Allowed, Cancelled, Chats
from solvitur.hooks.loading import Plugins

_ANSWER_S = 0.05
_MESSAGES = [{"role": "user", "content": "How many chairs and how many tables should be made?"}]


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers requests on one connection: a question that holds 'slow' gets a stream without end."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(
                int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
            )
            body = await reader.readexactly(length)
            begun = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            if b"silent" in body:
                await asyncio.sleep(60)
            if b"slow" in body:
                writer.write(begun)
                for at in range(600):
                    writer.write(_chunk(_event(f"word {at} ")))
                    await writer.drain()
                    await asyncio.sleep(0.1)
            await asyncio.sleep(_ANSWER_S)
            events = [_event("Ten chairs, "), _event("five tables."), _event("", "stop"), "data: [DONE]\n\n"]
            writer.write(begun + _chunk("".join(events)) + b"0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _event(text: str, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"


def _chunk(text: str) -> bytes:
    raw = text.encode()
    return f"{len(raw):x}\r\n".encode() + raw + b"\r\n"


def _run_server(told: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_serve, "127.0.0.1", 0, backlog=512)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def bare_client(address: str) -> Callable[[], str]:
    """Returns a call of the openai client alone, shared by all threads, for comparison."""
    import openai

    client = openai.OpenAI(base_url=address, api_key="none", max_retries=0)

    def ask() -> str:
        events = client.chat.completions.create(model="loopback", messages=_MESSAGES, stream=True)
        return "".join(event.choices[0].delta.content or "" for event in events)

    return ask


def throughput(ask: Callable[[], str], requests: int, at_once: int) -> float:
    """Returns requests per second over the ideal."""
    with ThreadPoolExecutor(at_once) as pool:
        began = time.perf_counter()
        replies = list(pool.map(lambda _: ask(), range(requests)))
        seconds = time.perf_counter() - began
    assert all(reply == "Ten chairs, five tables." for reply in replies)
    rounds = -(-requests // at_once)
    return rounds * _ANSWER_S / seconds


def cancel_s(chats: Chats, word: str) -> float:
    """Returns how long a cancelled request takes to be back."""
    cancel = threading.Event()
    back: list[float] = []

    def ask() -> None:
        try:
            chats.ask([{"role": "user", "content": word}], cancel=cancel)
        except Cancelled:
            back.append(time.perf_counter())

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.5)
    told = time.perf_counter()
    cancel.set()
    asking.join()
    return back[0] - told


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_run_server, args=(theirs,), daemon=True)
    process.start()
    address = f"http://127.0.0.1:{ours.recv()}/v1"
    chats = Chats(
        Plugins.load(only=["openai"]), Allowed("openai", {"openai": {"address": address, "model": "loopback"}})
    )
    ways = {"Solvitur": lambda: chats.ask(_MESSAGES).text, "the bare openai client": bare_client(address)}
    shares: dict[str, list[float]] = {name: [] for name in ways}
    for ask in ways.values():
        throughput(ask, given.at_once, given.at_once)  # connections are made and modules imported
    for _ in range(given.repeats):  # in turn, so that whatever else the machine does weighs on both
        for name, ask in ways.items():
            shares[name].append(throughput(ask, given.requests, given.at_once))
    for name, found in shares.items():
        print(f"throughput, {name}: {median(found):.3f} of ideal (best {max(found):.3f}), target 0.85")
    for word in ("silent", "slow"):
        took = [cancel_s(chats, word) for _ in range(3)]
        print(f"cancel while the server is {word}: {max(took):.3f} s, target 0.3 s")
    process.terminate()


if __name__ == "__main__":
    main()
