"""A crew of processes that improve parts; they end with the process that started them, however that ends."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

import numpy as np

from solvitur_routing.instance import RoutingAnswer, RoutingInstance


@dataclass(frozen=True, eq=False)
class Order:
    """One part to improve: from ``start`` on (None: from scratch) for some seconds."""

    instance: RoutingInstance
    start: RoutingAnswer | None
    seconds: float
    seed: int


class Crew:
    """Processes, each with a pipe; hand an order to an idle one, collect what is ready."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._ends: list[Connection] = []
        self._processes = []
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._ends.append(ours)
            self._processes.append(process)
        self.busy: set[int] = set()

    @property
    def idle(self) -> list[int]:
        """The workers with nothing to do."""
        return [k for k in range(len(self._ends)) if k not in self.busy]

    def give(self, worker: int, order: Order) -> None:
        """Sends an order to an idle worker."""
        self.busy.add(worker)
        self._ends[worker].send(order)

    def ready(self, patience_s: float) -> list[tuple[int, RoutingAnswer | None]]:
        """Waits a little for results; a worker that died gives None and gets no further orders."""
        found: list[tuple[int, RoutingAnswer | None]] = []
        ends = {self._ends[k]: k for k in self.busy}
        for end in wait(list(ends), patience_s):
            worker = ends[end]  # type: ignore[index]
            try:
                answer: Any = self._ends[worker].recv()
            except (EOFError, OSError):
                self._ends[worker].close()
                found.append((worker, None))
                continue
            self.busy.discard(worker)
            found.append((worker, answer))
        return found

    def shutdown(self) -> None:
        """Ends all processes."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join(2.0)


def serve(end: Connection) -> None:
    """Improves parts until the other side is gone."""
    from solvitur_pyvrp.part import Options  # noqa: PLC0415  in the child only
    from solvitur_pyvrp.running import search  # noqa: PLC0415  pyvrp is loaded in the child only

    parent = multiprocessing.parent_process()
    while True:
        try:
            order: Order = end.recv()
        except (EOFError, OSError):
            return
        answer, _ = search(
            order.instance,
            stop=stopper(order.seconds, lambda: parent is None or parent.is_alive()),
            tell=lambda answer, objective: None,
            seed=order.seed,
            options=Options(neighbours=min(40, max(5, order.instance.stops // 4))),
            start=order.start,
        )
        try:
            end.send(answer)
        except (BrokenPipeError, OSError):
            return


def stopper(seconds: float, alive: Callable[[], bool]) -> Callable[[], bool]:
    """Returns a criterion: the time is up, or (looked at twice a second) the parent is gone."""
    until = time.monotonic() + seconds
    look = np.array([time.monotonic()])

    def stop() -> bool:
        now = time.monotonic()
        if now > look[0]:
            look[0] = now + 0.5
            if not alive():
                return True
        return now > until

    return stop
