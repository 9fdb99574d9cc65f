"""Worker processes: started ahead, kept warm per plugin, limited in memory, and gone when they should be."""

from __future__ import annotations

import io
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from solvitur.engine.environment import environment_of_workers
from solvitur.engine.frames import FrameBroken, read_frame, write_frame
from solvitur.engine.logs import LogPipe
from solvitur.engine.reporting import Message

_CONTAINER_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_MEMORY_SHARE = 0.8
_KEPT_WARM = 2
_TOO_BIG_TO_KEEP = 1 << 30
_CLOSING = "the program is being closed"
GONE: Message = {"is": "gone"}
"""The last message of every worker: its process has ended."""


def physical_memory() -> int:
    """Returns the memory of this machine, or of the container it is, in bytes; 0 when the system does not tell."""
    try:
        known = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
    for limit in _CONTAINER_LIMITS:
        try:
            known = min(known, int(limit.read_text(encoding="ascii")))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return known


class WorkerProcess:
    """One worker: its process, and the threads that carry messages and log in and out."""

    def __init__(self, memory_limit_bytes: int) -> None:
        self.plugins: tuple[str, ...] = ()
        self.messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.log = LogPipe()
        self.memory_limit_bytes = memory_limit_bytes
        self._killed_by_us = False
        self._fell_silent = False
        self._outbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        command = [sys.executable, "-P", "-X", "faulthandler", "-m", "solvitur.engine.worker"]
        if memory_limit_bytes > 0:
            command += ["--memory", str(memory_limit_bytes)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=tempfile.gettempdir(),
            env=environment_of_workers(),
            start_new_session=True,
        )
        self._threads = [
            threading.Thread(target=work, name=f"worker {self.pid} {name}", daemon=True)
            for name, work in (
                ("in", self._write),
                ("out", self._read),
                ("log", self._read_log),
                ("end", self._await_end),
            )
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def begin(self, request: Message) -> None:
        """Sends a request without waiting; what was left of the log of an earlier one is dropped."""
        self.log.fetch()
        self.log.ended.clear()
        if "plugins" in request:  # what the request holds may be records of theirs, so they must be there to read it
            self._outbox.put({"do": "load", "plugins": request["plugins"], "overlay": request["overlay"]})
        self._outbox.put(request)

    def cancel(self) -> None:
        """Asks the running solver to stop."""
        self._outbox.put({"do": "cancel"})

    def kill(self) -> None:
        """Ends the process, and all that it started, at once."""
        self._killed_by_us = True
        _kill_group(self._process)

    def close(self) -> None:
        """Ends the process and waits until its threads and pipes are gone."""
        self.kill()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def fate(self) -> str:
        """Tells in words how the process ended."""
        code = self._process.wait()
        if self._fell_silent:
            return "it closed its connection to Solvitur and was ended"
        if code >= 0:
            return f"its process ended by itself with exit code {code}"
        name = (signal.strsignal(-code) or "unknown").lower()
        text = f"was killed by signal {-code} ({name})"
        if -code == signal.SIGKILL.value and not self._killed_by_us:
            text += "; most likely the machine ran out of memory"
        return text

    def _write(self) -> None:
        stream = self._process.stdin
        if not isinstance(stream, io.RawIOBase):
            return
        with suppress(OSError), stream:
            while (message := self._outbox.get()) is not None:
                write_frame(stream, message)

    def _read(self) -> None:
        stream = self._process.stdout
        if not isinstance(stream, io.RawIOBase):
            return
        with stream:
            try:
                while isinstance(message := read_frame(stream), dict):
                    self.messages.put(message)
            except (OSError, FrameBroken):
                pass
            # A process that no longer speaks is of no use, even if it still runs.
            try:
                self._process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                self._fell_silent = not self._killed_by_us
                _kill_group(self._process)
                self._process.wait()
        self._outbox.put(None)
        self.messages.put(GONE)

    def _read_log(self) -> None:
        stream = self._process.stderr
        if stream is None:
            return
        with io.BufferedReader(stream) as lines:  # type: ignore[type-var]
            while line := lines.readline(65536):
                self.log.add(line.decode("utf-8", "backslashreplace"))
        self.log.ended.set()

    def _await_end(self) -> None:
        """Ends what a dead worker started, for it would hold the pipes open."""
        self._process.wait()
        _kill_group(self._process)


class Workers:
    """The pool: one blank worker ready ahead, and a few kept warm with their plugin loaded."""

    def __init__(self, *, memory_limit_bytes: int | None = None, spare: bool = True) -> None:
        self._keep_spare = spare
        self._lock = threading.Lock()
        self._spare: Future[WorkerProcess] | None = None
        self._warm: list[WorkerProcess] = []
        self._lent: set[WorkerProcess] = set()
        self._outdated: set[WorkerProcess] = set()
        self._closed = False
        self.limit_memory(memory_limit_bytes)
        # On Linux a worker dies with the thread that started it, so one thread that lasts starts them all.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker starter")

    @property
    def memory_text(self) -> str:
        """The memory limit as people read it."""
        return f"{self.memory_limit_bytes / 1e9:.1f} GB"

    def warm(self) -> None:
        """Starts a blank worker ahead, in the background."""
        with self._lock:
            if not self._closed and self._spare is None:
                self._spare = self._starter.submit(WorkerProcess, self.memory_limit_bytes)

    def borrow(self, plugins: tuple[str, ...]) -> WorkerProcess:
        """Hands out a worker that has loaded these plugins, or a blank one.

        Raises
        ------
        OSError
            If no process can be started, or the pool is shut down.
        """
        with self._lock:
            if self._closed:
                raise OSError(_CLOSING)
            found = next((w for w in self._warm if w.plugins == plugins and w.alive), None)
            if found is not None:
                self._warm.remove(found)
                self._lent.add(found)
                return found
            coming, self._spare = self._spare, None
            if coming is None:
                coming = self._starter.submit(WorkerProcess, self.memory_limit_bytes)
        worker = coming.result()
        if not worker.alive:
            worker.close()
            worker = self._starter.submit(WorkerProcess, self.memory_limit_bytes).result()
        worker.plugins = plugins
        with self._lock:
            if not self._closed:
                self._lent.add(worker)
                return worker
        worker.close()
        raise OSError(_CLOSING)

    def give_back(self, worker: WorkerProcess, *, peak_bytes: int | None) -> None:
        """Takes a worker back: kept warm when its job ended well (``peak_bytes`` known, and not too big)."""
        fit = peak_bytes is not None and peak_bytes < _TOO_BIG_TO_KEEP and worker.alive
        leaving = [] if fit else [worker]
        with self._lock:
            self._lent.discard(worker)
            if worker in self._outdated:
                self._outdated.discard(worker)
                leaving, fit = [worker], False
            if self._closed:
                leaving = [worker]
            elif fit:
                self._warm.append(worker)
                while len(self._warm) > _KEPT_WARM:
                    leaving.append(self._warm.pop(0))
        for each in leaving:
            each.close()
        if self._keep_spare:
            self.warm()

    def limit_memory(self, limit_bytes: int | None) -> None:
        """Sets how much memory each worker to come may use; None is most of this machine's."""
        self.memory_limit_bytes = int(physical_memory() * _MEMORY_SHARE) if limit_bytes is None else limit_bytes
        self.forget()

    def forget(self) -> None:
        """Ends the workers that wait, and each at work once it is done: plugins were changed, or the memory limit."""
        with self._lock:
            leaving, self._warm = self._warm, []
            self._outdated |= self._lent
            spare, self._spare = self._spare, None
        if spare is not None and not spare.cancel():
            spare.add_done_callback(_close_started)
        for worker in leaving:
            worker.kill()
            worker.close()

    def shutdown(self) -> None:
        """Ends every worker."""
        with self._lock:
            self._closed = True
            leaving = [*self._warm, *self._lent]
            self._warm, self._lent = [], set()
            spare, self._spare = self._spare, None
        if spare is not None and not spare.cancel():
            spare.add_done_callback(_close_started)
        for worker in leaving:
            worker.kill()
        for worker in leaving:
            worker.close()
        self._starter.shutdown()


def _close_started(started: Future[WorkerProcess]) -> None:
    if not started.cancelled() and started.exception() is None:
        started.result().close()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
