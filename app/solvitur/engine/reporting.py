"""The job as a running solver sees it: limits, the wish to stop, and reports that cost the solver nothing."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from solvitur.problem.result import Limits

Message = dict[str, Any]
"""A report on its way to the supervisor; key ``is`` tells what it is."""

_INTERVAL_S = 0.1
_BYTES_PER_S = 20e6


class ReportingJob:
    """Implements `solvitur.hooks.contracts.Job`: gathers reports and sends the newest of each ten times a second.

    Large answers are sent less often, so that no more than about 20 MB/s are spent on them; the last one is
    always kept and sent by `close`.
    """

    def __init__(self, limits: Limits, send: Callable[[Message], None], log: Callable[[str], None]) -> None:
        self.time_limit_s = limits.time_limit_s
        self.relative_gap = limits.relative_gap
        self.threads = limits.threads
        self.seed = limits.seed
        self._send = send
        self._log = log
        self._started = time.monotonic()
        self._stop = threading.Event()
        self._waiting: dict[str, Message] = {}
        self._due: dict[str, float] = {}
        self._wake = threading.Condition()
        self._sender: threading.Thread | None = None
        self._closed = False

    @property
    def cancelled(self) -> bool:
        """Whether the user pressed Stop."""
        return self._stop.is_set()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the solver was started."""
        return time.monotonic() - self._started

    @property
    def remaining_s(self) -> float:
        """Seconds left of the time limit, never negative."""
        return max(0.0, self.time_limit_s - self.elapsed_s)

    def cancel(self) -> None:
        """Asks the solver to stop."""
        self._stop.set()

    def incumbent(self, answer: Any, objective: float) -> None:
        """Reports a new best answer."""
        value = float(objective)
        if not math.isfinite(value):
            return
        # The solver may go on changing its array in place: what waits to be sent must be a copy.
        kept = np.array(answer, dtype=np.float64) if isinstance(answer, np.ndarray | list | tuple) else answer
        self._offer({"is": "incumbent", "seconds": self.elapsed_s, "objective": value, "answer": kept})

    def bound(self, value: float) -> None:
        """Reports a proven bound on the objective."""
        number = float(value)
        if math.isfinite(number):
            self._offer({"is": "bound", "seconds": self.elapsed_s, "value": number})

    def progress(self, fraction: float | None, text: str = "") -> None:
        """Reports how far the work is."""
        share = None if fraction is None or not math.isfinite(fraction) else min(1.0, max(0.0, float(fraction)))
        self._offer({"is": "progress", "fraction": share, "text": str(text)})

    def log(self, text: str) -> None:
        """Adds lines to the run's log."""
        self._log(str(text))

    def close(self) -> None:
        """Sends what still waits; nothing is sent after."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._sender is not None:
            self._sender.join()
        self._send_due(math.inf)

    def _offer(self, message: Message) -> None:
        with self._wake:
            if self._closed:
                return
            self._waiting[message["is"]] = message
            if self._sender is None:
                self._sender = threading.Thread(target=self._send_until_closed, name="reports", daemon=True)
                self._sender.start()
            self._wake.notify()

    def _send_until_closed(self) -> None:
        while True:
            with self._wake:
                if self._closed:
                    return
                moment = min((self._due.get(kind, 0.0) for kind in self._waiting), default=math.inf)
                now = time.monotonic()
                if moment > now:
                    self._wake.wait(None if math.isinf(moment) else moment - now)
                    continue
            self._send_due(now)

    def _send_due(self, now: float) -> None:
        with self._wake:
            kinds = [kind for kind in self._waiting if self._due.get(kind, 0.0) <= now]
            messages = [self._waiting.pop(kind) for kind in kinds]
        for message in messages:
            answer = message.get("answer")
            size = answer.nbytes if isinstance(answer, np.ndarray) else 0
            self._due[message["is"]] = time.monotonic() + max(_INTERVAL_S, size / _BYTES_PER_S)
            self._send(message)
