"""The trial of a plugin: whether it keeps to the contracts, found out in worker processes that may die of it."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solvitur.engine.installed import shipped_plugins
from solvitur.engine.plugins.known_instances import KnownInstance, known_instances, long_instances
from solvitur.engine.plugins.pip_runs import Stopped, Tell
from solvitur.engine.reporting import Message
from solvitur.engine.supervising import Outcome, Request, run_in_worker
from solvitur.engine.workers import GONE, WorkerProcess, Workers
from solvitur.problem.answers import worst_violation
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.instance import CONTINUOUS, MatrixInstance
from solvitur.problem.result import Limits, Result, Status

LOADING_S = 20.0
"""A plugin that is not imported by then is taken to hang; so is one that is busy with one thing for so long."""
_TRIED_INSTANCES = 3
_LIMITS = Limits(time_limit_s=5.0)
_LONG_LIMITS = Limits(time_limit_s=30.0)
_STOP_AFTER_S = 0.4
_MEMORY_BYTES = 4 << 30
_COARSE = 1e-4
"""How far, relative to the optimum, a solver's own tolerances may leave an answer that it calls optimal."""
_POLL_S = 0.1


@dataclass(frozen=True)
class Trial:
    """What the trial of a plugin found; it is passed when no finding is an error."""

    plugin: str
    findings: tuple[Finding, ...]
    provides: dict[str, tuple[str, ...]]

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against using it."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def try_plugin(
    name: str,
    overlay: Path,
    cancel: threading.Event,
    tell: Tell,
    *,
    loading_s: float = LOADING_S,
) -> Trial:
    """Tries a plugin of an overlay: loads it, looks at its parts, solves small instances, stops it.

    Raises
    ------
    Stopped
        If the user stopped the trial.
    """
    workers = Workers(spare=False)
    workers.limit_memory(min(_MEMORY_BYTES, workers.memory_limit_bytes or _MEMORY_BYTES))
    try:
        return _Trying(name, overlay, workers, cancel, tell, loading_s).run()
    finally:
        workers.shutdown()


class _Trying:
    """One trial under way."""

    def __init__(
        self, name: str, overlay: Path, workers: Workers, cancel: threading.Event, tell: Tell, loading_s: float
    ) -> None:
        self._name, self._overlay, self._workers = name, overlay, workers
        self._cancel, self._tell, self._loading_s = cancel, tell, loading_s
        self._findings: list[Finding] = []

    def run(self) -> Trial:
        """Tries all of it."""
        # Ours are loaded with it, so that a part whose name one of ours has is refused here already.
        names = (self._name, *sorted(shipped_plugins() - {self._name}))
        provides: dict[str, tuple[str, ...]] = {}
        try:
            worker = self._workers.borrow(names)
        except OSError as error:
            self._error(f"no worker process could be started: {error}")
            return Trial(self._name, tuple(self._findings), provides)
        peak_bytes: int | None = None
        try:
            reply = self._look(worker, names)
            peak_bytes = reply["peak_bytes"] if reply is not None else None
        finally:
            self._workers.give_back(worker, peak_bytes=peak_bytes)
        if reply is not None:
            self._findings += reply["findings"]
            provides = {hook: tuple(parts) for hook, parts in reply["provides"].items()}
            for solver in reply["solvers"]:
                self._try_solver(solver)
        self._leave_if_stopped()
        return Trial(self._name, tuple(self._findings), provides)

    def _look(self, worker: WorkerProcess, names: tuple[str, ...]) -> Message | None:
        """Has the worker load the plugin and try what runs there at once; None when it died of it or hung."""
        doing = "loading it"
        self._say(doing)
        worker.begin({"do": "try", "plugins": names, "overlay": str(self._overlay)})
        due = time.monotonic() + self._loading_s
        while True:
            self._leave_if_stopped()
            try:
                message = worker.messages.get(timeout=_POLL_S)
            except queue.Empty:
                if time.monotonic() < due:
                    continue
                worker.kill()
                self._error(f"{doing}: it was still at it after {self._loading_s:g} s")
                return None
            if message is GONE:
                self._error(f"{doing}: {_with_subject(worker.fate())}")
                return None
            if message["is"] == "failed":
                self._error(f"{doing}: {message['cause']}")
                return None
            if message["is"] == "tried":
                return message
            doing = message["text"]
            self._say(doing)
            due = time.monotonic() + self._loading_s

    def _try_solver(self, solver: Message) -> None:
        name = solver["name"]
        known, long = known_instances(), long_instances()
        able = [known[at] for at in solver["known"]][:_TRIED_INSTANCES]
        if not able:
            why = solver["because"] or "none of the small instances is of its kind"
            self._findings.append(Finding(Severity.INFO, f"solver '{name}' was not tried: {why}", element=name))
            return
        for each in able:
            self._leave_if_stopped()
            self._say(f"solver '{name}' solves {each.title}")
            outcome = self._solve(name, each, _LIMITS, self._cancel)
            self._leave_if_stopped()
            for text, severity in _judged(each, outcome):
                self._findings.append(Finding(severity, f"solver '{name}', {each.title}: {text}", element=name))
        if any(finding.severity is Severity.ERROR and finding.element == name for finding in self._findings):
            return
        for at in solver["long"][:1]:
            self._say(f"solver '{name}' is stopped")
            self._try_stopping(name, long[at])

    def _try_stopping(self, name: str, long: KnownInstance) -> None:
        """Presses Stop a moment after the solver began, and has the answer that it had checked."""
        stop = threading.Event()
        timer = threading.Timer(_STOP_AFTER_S, stop.set)

        def hear(message: Message) -> None:
            if message["is"] == "started":
                timer.start()
            if self._cancel.is_set():
                stop.set()

        outcome = self._solve(name, long, _LONG_LIMITS, stop, hear)
        timer.cancel()
        self._leave_if_stopped()
        if stop.is_set() and outcome.result.status is Status.CANCELLED and outcome.peak_bytes is None:
            self._error(
                f"solver '{name}' did not react to Stop; look at 'job.cancelled' at least once a second", name
            )
        elif outcome.result.status is Status.FAILED:
            self._error(f"solver '{name}' failed when it was stopped: {outcome.result.reason}", name)
        elif outcome.result.answer is not None and (fault := _fault(long.instance, outcome.result)):
            self._error(f"solver '{name}', stopped: {fault}", name)

    def _solve(
        self, name: str, known: KnownInstance, limits: Limits, stop: threading.Event, hear: object = None
    ) -> Outcome:
        request = Request((self._name,), name, known.instance, {}, limits, self._overlay)
        return run_in_worker(self._workers, request, stop, hear if callable(hear) else lambda _message: None)

    def _say(self, doing: str) -> None:
        self._tell(f"Trying plugin '{self._name}': {doing}")

    def _error(self, text: str, element: str = "") -> None:
        self._findings.append(Finding(Severity.ERROR, text, element=element))

    def _leave_if_stopped(self) -> None:
        if self._cancel.is_set():
            raise Stopped("you stopped it; nothing was changed")


def _judged(known: KnownInstance, outcome: Outcome) -> list[tuple[str, Severity]]:
    """Tells what is wrong with the answer to an instance whose optimum is known."""
    result, told = outcome.result, [(text, Severity.WARNING) for text in outcome.warnings]
    if result.status is Status.FAILED:
        return [*told, (f"it failed: {result.reason}", Severity.ERROR)]
    if result.status in (Status.INFEASIBLE, Status.UNBOUNDED):
        return [*told, (f"it says '{result.status.value}', but the optimum is {known.optimum:g}", Severity.ERROR)]
    if result.answer is None:
        if result.status in (Status.OPTIMAL, Status.FEASIBLE):
            return [*told, (f"it says '{result.status.value}' but gives no answer", Severity.ERROR)]
        return [*told, (f"it found no answer within {_LIMITS.time_limit_s:g} s", Severity.WARNING)]
    if fault := _fault(known.instance, result):
        return [*told, (fault, Severity.ERROR)]
    optimum = known.optimum or 0.0
    reached = known.instance.objective_at(np.asarray(result.answer, float))
    if result.status is Status.OPTIMAL and abs(reached - optimum) > _COARSE * max(1.0, abs(optimum)):
        return [*told, (f"it says 'optimal' for {reached:g}, but the optimum is {optimum:g}", Severity.ERROR)]
    bound = result.bound
    beyond = 0.0 if bound is None else (bound - optimum) * (1 if known.instance.sense == "min" else -1)
    if beyond > _COARSE * max(1.0, abs(optimum)):
        return [*told, (f"its bound {bound:g} is wrong: the optimum is {optimum:g}", Severity.ERROR)]
    return told


def _fault(instance: MatrixInstance, result: Result) -> str:
    """Checks an answer against its instance; tells in words what is wrong with it."""
    try:
        values = np.asarray(result.answer, dtype=np.float64)
    except (TypeError, ValueError):
        return f"its answer is a {type(result.answer).__name__} where an array of numbers is expected"
    if values.shape != (instance.columns,):
        return f"its answer has the shape {values.shape}, expected ({instance.columns},)"
    if not np.isfinite(values).all():
        return "its answer holds values that are no numbers"
    low, high = float((instance.column_lower - values).max()), float((values - instance.column_upper).max())
    whole = instance.integrality != CONTINUOUS
    broken = float(np.abs(values[whole] - np.rint(values[whole])).max(initial=0.0))
    worst = max(low, high, broken, worst_violation(instance, values))
    if worst > _COARSE:
        return f"its answer breaks a constraint by {worst:.3g}"
    reached = instance.objective_at(values)
    if result.objective is not None and abs(reached - result.objective) > _COARSE * max(1.0, abs(reached)):
        return f"it says the objective is {result.objective:g}, but its answer is worth {reached:g}"
    return ""


def _with_subject(fate: str) -> str:
    return fate if fate.startswith("it") else f"its process {fate}"
