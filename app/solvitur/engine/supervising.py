"""Supervision of one running solver: hears its reports, stops it, and says how it ended if it did not end well."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from solvitur.engine.logs import LogPipe
from solvitur.engine.reporting import Message, ReportingJob
from solvitur.engine.workers import GONE, Workers
from solvitur.hooks.faults import full_traceback, sentence_of
from solvitur.problem.errors import SolverFailed
from solvitur.problem.options import read_options
from solvitur.problem.result import Limits, Result, Status

LOADING_LIMIT_S = 120.0
"""A plugin that has not begun to solve by then is taken to hang."""
OVERRUN_S = 10.0
"""A solver may go on this long, or half its time limit if that is longer, before it is told to stop."""
GRACE_S = 1.8
"""After Stop, control is back by then (the promise to the user is 2 s)."""
_POLL_S = 0.05
_LOG_END_S = 0.5


@dataclass(frozen=True, eq=False)
class Request:
    """What a solver is to do: ``plugins`` are loaded for it, its own first."""

    plugins: tuple[str, ...]
    solver: str
    instance: Any
    options: dict[str, Any]
    limits: Limits
    overlay: Path | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """How it ended: a result (perhaps with status failed and a reason), seconds of solving, and warnings."""

    result: Result
    seconds: float
    warnings: tuple[str, ...] = ()
    peak_bytes: int | None = None
    """Largest memory use of the worker; None when it is not fit for another job."""


class Running(Protocol):
    """A solver at work, in a process or in a thread."""

    messages: queue.SimpleQueue[Message]
    log: LogPipe

    def cancel(self) -> None: ...
    def kill(self) -> None: ...
    def fate(self) -> str: ...


class ThreadRun:
    """A solver at work in a thread of this process; it cannot be killed, only left alone."""

    def __init__(self, solver: Any, request: Request) -> None:
        self.messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.log = LogPipe()
        self.log.ended.set()
        self._job = ReportingJob(request.limits, self.messages.put, lambda text: self.log.add(text + "\n"))
        threading.Thread(target=self._solve, args=(solver, request), name="solver", daemon=True).start()

    def cancel(self) -> None:
        """Asks the solver to stop."""
        self._job.cancel()

    def kill(self) -> None:
        """Leaves the solver alone: a thread cannot be ended from outside."""
        self._job.cancel()

    def fate(self) -> str:
        """Tells how it ended; a thread cannot vanish."""
        return "it ended without a result"

    def _solve(self, solver: Any, request: Request) -> None:
        started = time.monotonic()
        self.messages.put({"is": "started"})
        try:
            result = solver.solve(request.instance, read_options(solver.options, request.options), self._job)
            self._job.close()
            reply = {"is": "done", "result": result, "seconds": time.monotonic() - started, "peak_bytes": 0}
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything
            self._job.close()
            self.log.add(full_traceback(error))
            reply = {"is": "failed", "cause": sentence_of(error)}
        self.messages.put(reply)


def run_in_worker(
    workers: Workers, request: Request, cancel: threading.Event, heard: Callable[[Message], None]
) -> Outcome:
    """Runs a request in a worker process; whatever happens there, an outcome comes back."""
    try:
        worker = workers.borrow(request.plugins)
    except OSError as error:
        return Outcome(Result(Status.FAILED, reason=f"no worker process could be started: {error}"), 0.0)
    outcome: Outcome | None = None
    try:
        worker.begin(
            {
                "do": "solve",
                "plugins": request.plugins,
                "overlay": str(request.overlay) if request.overlay is not None else "",
                "solver": request.solver,
                "instance": request.instance,
                "options": request.options,
                "limits": request.limits,
            }
        )
        outcome = Supervision(worker, request.limits, cancel, heard).watch()
        reason = _with_limit_said(outcome.result.reason, workers)
        return replace(outcome, result=replace(outcome.result, reason=reason))
    finally:
        workers.give_back(worker, peak_bytes=outcome.peak_bytes if outcome is not None else None)


def ask_worker(workers: Workers, plugins: tuple[str, ...], overlay: Path | None, request: Message) -> Message:
    """Sends a request other than to solve to a worker process and waits for the reply.

    Raises
    ------
    SolverFailed
        If the worker failed or died; the text is the cause.
    """
    try:
        worker = workers.borrow(plugins)
    except OSError as error:
        raise SolverFailed(f"no worker process could be started: {error}") from None
    peak_bytes: int | None = None
    try:
        worker.begin({**request, "plugins": plugins, "overlay": str(overlay) if overlay is not None else ""})
        reply = worker.messages.get()
        if reply is GONE:
            raise SolverFailed(_with_limit_said(worker.fate(), workers))
        if reply["is"] == "failed":
            raise SolverFailed(_with_limit_said(reply["cause"], workers))
        peak_bytes = reply["peak_bytes"]
        return reply
    finally:
        workers.give_back(worker, peak_bytes=peak_bytes)


def _with_limit_said(cause: str, workers: Workers) -> str:
    known = workers.memory_limit_bytes > 0 and "memory limit was reached" in cause
    return f"{cause} ({workers.memory_text})" if known else cause


class Supervision:
    """Watches one running solver to its end."""

    def __init__(
        self, running: Running, limits: Limits, cancel: threading.Event, heard: Callable[[Message], None]
    ) -> None:
        self._running = running
        self._limit_s = limits.time_limit_s
        self._cancel = cancel
        self._heard = heard
        self._began = time.monotonic()
        self._solving_since: float | None = None
        self._stop_by: float | None = None
        self._overran = False
        self._best: Message | None = None
        self._bound: float | None = None
        self._log_sizes: list[str] = []

    def watch(self) -> Outcome:
        """Returns when the solver has ended, or has been ended."""
        while True:
            message = self._next()
            if message is not None:
                if message["is"] in ("done", "failed") or message is GONE:
                    return self._ended(message)
                self._note(message)
            now = time.monotonic()
            if self._stop_by is None:
                self._ask_to_stop_if_due(now)
            elif now >= self._stop_by:
                self._running.kill()
                return self._deaf()

    def _next(self) -> Message | None:
        try:
            message = self._running.messages.get(timeout=_POLL_S)
        except queue.Empty:
            message = None
        self._pass_log_on()
        return message

    def _pass_log_on(self) -> None:
        if text := self._running.log.fetch():
            self._log_sizes = [*self._log_sizes, text][-8:]
            self._heard({"is": "log", "text": text})

    def _note(self, message: Message) -> None:
        if message["is"] == "started":
            self._solving_since = time.monotonic()
        elif message["is"] == "incumbent":
            self._best = message
        elif message["is"] == "bound":
            self._bound = message["value"]
        self._heard(message)

    def _ask_to_stop_if_due(self, now: float) -> None:
        if self._solving_since is None:
            late = now - self._began > LOADING_LIMIT_S
        else:
            late = now - self._solving_since > self._limit_s + max(OVERRUN_S, 0.5 * self._limit_s)
        if late or self._cancel.is_set():
            self._overran = late and not self._cancel.is_set()
            self._running.cancel()
            self._stop_by = now + GRACE_S

    def _seconds(self) -> float:
        return time.monotonic() - (self._solving_since or self._began)

    def _ended(self, message: Message) -> Outcome:
        if message["is"] == "done":
            self._running.log.ended.wait(_LOG_END_S)
            self._pass_log_on()
            result = message["result"]
            if not isinstance(result, Result):
                said = f"it returned a {type(result).__name__} where a Result is expected"
                return Outcome(self._failed(said), self._seconds())
            warnings = (self._overran_text() + " and was told to stop",) if self._overran else ()
            return Outcome(self._completed(result), message["seconds"], warnings, message.get("peak_bytes"))
        self._running.log.ended.wait(_LOG_END_S)
        cause = message["cause"] if message["is"] == "failed" else self._running.fate()
        self._pass_log_on()
        if message is GONE and "bad_alloc" in "".join(self._log_sizes):
            cause += ": its memory limit was reached"
        if self._cancel.is_set():
            return Outcome(self._with_best(Status.CANCELLED, "you stopped it"), self._seconds(), (cause,))
        return Outcome(self._failed(cause), self._seconds())

    def _deaf(self) -> Outcome:
        """Builds the outcome of a solver that did not react to Stop."""
        self._pass_log_on()
        if not self._overran:
            return Outcome(self._with_best(Status.CANCELLED, "you stopped it"), self._seconds())
        if self._solving_since is None:
            cause = f"its plugin was still loading after {LOADING_LIMIT_S:.0f} s and was ended"
            return Outcome(self._failed(cause), self._seconds())
        said = self._overran_text() + ", did not react to Stop and was ended"
        if self._best is None:
            return Outcome(self._failed(said), self._seconds())
        return Outcome(self._with_best(Status.FEASIBLE, said), self._seconds(), (said,))

    def _overran_text(self) -> str:
        return f"it went on {self._seconds() - self._limit_s:.0f} s past its time limit of {self._limit_s:g} s"

    def _completed(self, result: Result) -> Result:
        """Fills in the last incumbent where the solver gave none, and says cancelled when it was."""
        status = result.status
        open_ended = status in (Status.FEASIBLE, Status.UNKNOWN, Status.CANCELLED)
        if open_ended and result.answer is None and self._best is not None:
            result = replace(result, answer=self._best["answer"], objective=self._best["objective"])
            status = Status.FEASIBLE
        if open_ended and self._cancel.is_set():
            status = Status.CANCELLED
        bound = result.bound if result.bound is not None and math.isfinite(result.bound) else None
        if bound is None and open_ended:
            bound = self._bound
        return replace(result, status=status, bound=bound)

    def _failed(self, cause: str) -> Result:
        return self._with_best(Status.FAILED, cause)

    def _with_best(self, status: Status, reason: str) -> Result:
        best = self._best or {}
        return Result(status, best.get("answer"), best.get("objective"), self._bound, reason)
