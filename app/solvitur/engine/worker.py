"""A worker process: loads one plugin and runs its solver, so that whatever happens there stays there.

It is started as ``python -m solvitur.engine.worker`` and speaks frames over its first two file descriptors.
"""

from __future__ import annotations

import argparse
import ctypes
import io
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from solvitur.engine.drawing import draw
from solvitur.engine.frames import FrameBroken, read_frame, write_frame
from solvitur.engine.logs import END_OF_LOG
from solvitur.engine.plugins.trying import try_parts
from solvitur.engine.reporting import Message, ReportingJob
from solvitur.hooks.faults import full_traceback, sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.errors import SolverFailed
from solvitur.problem.options import read_options
from solvitur.problem.result import Result


class Channel:
    """The two pipes to the supervisor, out of reach of what a plugin prints or reads."""

    def __init__(self) -> None:
        self._in = io.FileIO(os.dup(0), "rb")
        self._out = io.FileIO(os.dup(1), "wb")
        self._lock = threading.Lock()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(line_buffering=True, errors="backslashreplace")

    def send(self, message: Message) -> None:
        """Sends a message; a supervisor that is gone ends this process."""
        with self._lock:
            try:
                write_frame(self._out, message)
            except OSError:
                _vanish()

    def receive(self) -> Message | None:
        """Waits for the next message; None when the supervisor is gone."""
        try:
            message = read_frame(self._in)
        except (OSError, FrameBroken):
            return None
        return message if isinstance(message, dict) else None


class Worker:
    """Takes requests one after the other; a reader thread hears Stop, and the end of the supervisor, meanwhile."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._job: ReportingJob | None = None
        self._stop_wanted = threading.Event()
        self._plugins = Plugins()
        self._names: tuple[str, ...] = ()

    def run(self) -> None:
        """Serves until the supervisor is gone."""
        threading.Thread(target=self._listen, name="listener", daemon=True).start()
        deeds = {"solve": self._solve, "verify": self._verify, "draw": self._draw, "try": self._try, "call": _call}
        deeds["explain"] = self._explain
        while True:
            request = self._requests.get()
            self._guard(request, deeds[request["do"]])

    def _listen(self) -> None:
        while True:
            message = self._channel.receive()
            if message is None:
                _vanish()
            elif message.get("do") == "load":
                self._load(message)
            elif message.get("do") == "cancel":
                self._stop_wanted.set()
                if (job := self._job) is not None:
                    job.cancel()
            else:
                self._stop_wanted.clear()
                self._requests.put(message)

    def _guard(self, request: Message, serve: Callable[[Message], Message]) -> None:
        try:
            reply = serve(request)
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything; SystemExit is no end for us
            said = "its memory limit was reached" if isinstance(error, MemoryError) else sentence_of(error)
            print(full_traceback(error), file=sys.stderr)  # noqa: T201 - stderr is the log of the run
            reply = {"is": "failed", "cause": said}
        _finish_log()
        reply["peak_bytes"] = _peak_memory()
        try:
            self._channel.send(reply)
        except TypeError as error:
            self._channel.send({"is": "failed", "cause": f"its answer cannot be read: {error}"})

    def _verify(self, request: Message) -> Message:
        kind = self._plugins.kind(request["kind"])
        return {"is": "verified", "found": kind.verify(request["problem"], request["instance"], request["result"])}

    def _draw(self, request: Message) -> Message:
        pictures, problems = draw(self._plugins, request["solved"])
        return {"is": "drawn", "pictures": pictures, "problems": problems}

    def _explain(self, request: Message) -> Message:
        part = next(part for part in self._plugins.explainers() if part.name == request["explainer"])
        return {"is": "explained", "findings": list(part.part.explain(request["solved"]))}

    def _try(self, request: Message) -> Message:
        def tell(text: str) -> None:
            self._channel.send({"is": "progress", "text": text})

        return {"is": "tried", **try_parts(self._plugins, request["plugins"][0], tell)}

    def _solver(self, request: Message) -> Any:
        plugins = self._plugins
        for entry in plugins.entries:
            if entry.name == request["plugins"][0] and not entry.provides:
                raise SolverFailed(entry.cause)
        return plugins.solver(request["solver"])

    def _load(self, request: Message) -> None:
        """Loads plugins, before what is meant for them is read: it may hold records that they declare."""
        names = tuple(request["plugins"])
        if names != self._names:
            overlay = request.get("overlay")
            self._plugins = Plugins.load(overlay=Path(overlay) if overlay else None, only=names)
            self._names = names

    def _solve(self, request: Message) -> Message:
        solver = self._solver(request)
        options = read_options(solver.options, request["options"])
        job = ReportingJob(request["limits"], self._channel.send, _print)
        self._job = job
        if self._stop_wanted.is_set():  # Stop came while the plugin was loading
            job.cancel()
        self._channel.send({"is": "started"})
        started = time.monotonic()
        try:
            result = solver.solve(request["instance"], options, job)
        finally:
            self._job = None
            job.close()
        if not isinstance(result, Result):
            raise SolverFailed(f"it returned a {type(result).__name__} where a Result is expected")
        return {"is": "done", "result": result, "seconds": time.monotonic() - started}


def _call(request: Message) -> Message:
    """Runs a function of the user's own code; each call sees its code alone."""
    space: dict[str, Any] = {"__name__": "step"}
    exec(compile(request["code"], "step", "exec"), space)
    function = space.get(request["function"])
    if not callable(function):
        raise SolverFailed(f"the code defines no function '{request['function']}'")
    return {"is": "called", "value": function(**request["arguments"])}


def _print(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - stderr is the log of the run


def _finish_log() -> None:
    """Pushes out what is buffered, and the end mark, whatever the plugin did to the streams."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue
    try:
        os.write(2, f"{END_OF_LOG}\n".encode())
    except OSError:
        return


def _peak_memory() -> int:
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - exists on POSIX only

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _vanish() -> None:
    """Ends this process at once, and whatever processes the plugin started."""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _limit(memory_bytes: int) -> None:
    """Limits memory and core dumps, and lets the system end this process first if memory runs out."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - exists on POSIX only

    # On Linux RLIMIT_DATA counts what is really writable; RLIMIT_AS counts address space that is merely reserved.
    which = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    for limit, wanted in ((which, memory_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        if wanted >= 0 and (hard == resource.RLIM_INFINITY or wanted <= hard):
            resource.setrlimit(limit, (wanted, hard))
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("700", encoding="ascii")
        # A worker that holds the interpreter lock in native code cannot see the pipe close; the kernel can.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def main(arguments: list[str] | None = None) -> None:
    """Runs the worker until its supervisor is gone."""
    parser = argparse.ArgumentParser(prog="solvitur.engine.worker")
    parser.add_argument("--memory", type=int, default=-1, help="memory limit in bytes")
    given = parser.parse_args(arguments)
    channel = Channel()
    _limit(given.memory)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Worker(channel).run()


if __name__ == "__main__":
    main()
