"""A sweep: the same workflow with many combinations of options; what is not affected by them runs once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.engine.workflow.sampling import METHODS, Combination, Sampler, make_sampler
from solvitur.engine.workflow.settings import Settings
from solvitur.engine.workflow.store import Store
from solvitur.engine.workflow.sweep_plan import (
    TIME,
    SweepPlan,
    SweepPoint,
    choose,
    fronted,
    parse_range,
    range_kinds,
    sweep_findings,
    sweep_table,
    with_values,
)
from solvitur.engine.workflow.types import KnownType, known_types
from solvitur.hooks.contracts import Solved
from solvitur.problem.errors import InputError, SolviturError
from solvitur.workflow.model import Workflow

__all__ = [
    "METHODS",
    "Sweep",
    "SweepDone",
    "SweepMoved",
    "SweepPlan",
    "SweepPoint",
    "choose",
    "parse_range",
    "sweep_findings",
    "sweep_table",
]

_ENDED = ("done", "failed", "skipped")


@dataclass(frozen=True)
class SweepMoved:
    """A point came to another state; ``done`` of ``total`` points have ended."""

    point: SweepPoint
    done: int
    total: int


@dataclass(frozen=True)
class SweepDone:
    """A sweep ended."""

    points: tuple[SweepPoint, ...]
    seconds: float
    cancelled: bool = False


SweepEvent = SweepMoved | SweepDone


class Sweep:
    """One sweep, on threads of its own; its events come from any of them.

    Combinations that run at once share the limits of the settings: each gets its part of them.
    """

    def __init__(
        self,
        workflow: Workflow,
        services: Services,
        plan: SweepPlan,
        *,
        store: Store,
        settings: Settings | None = None,
        emit: Callable[[SweepEvent], None] | None = None,
        types: Mapping[str, KnownType] | None = None,
    ) -> None:
        self.workflow = workflow
        self.plan = plan
        self._services = services
        self._store = store
        self._settings = settings or Settings()
        self._emit = emit or (lambda event: None)
        self._types = known_types(services.plugins) if types is None else types
        self._points: list[SweepPoint] = []
        self._runs: set[WorkflowRun] = set()
        self._lock = threading.Lock()
        self._going = threading.Event()
        self._going.set()
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._higher = plan.higher_is_better
        workers = self._settings.limits.get("worker", 1) if services.crew is None else services.crew.slots
        self._parallel = max(1, plan.parallel or workers)
        self.total = plan.runs

    def start(self) -> None:
        """Starts.

        Raises
        ------
        InputError
            If the workflow or the plan has errors, or a step that is needed has to be approved first. Nothing has
            run then.
        """
        self._run_of(self.workflow).check_start(self._targets())
        findings = sweep_findings(self.workflow, self.plan, self._types)
        if findings:
            raise InputError(findings)
        kinds = range_kinds(self.plan, self.workflow, self._types)
        sampler = make_sampler(self.plan.method, kinds, self.plan.runs, self.plan.seed)
        threading.Thread(target=self._work, args=(sampler,), name="workflow sweep", daemon=True).start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Waits for the end; tells whether it came."""
        return self._ended.wait(timeout_s)

    def pause(self) -> None:
        """Starts no more steps until `resume`."""
        self._going.clear()
        self._each(WorkflowRun.pause)

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._going.set()
        self._each(WorkflowRun.resume)

    def cancel(self) -> None:
        """Stops: running steps are asked to, the other combinations are skipped."""
        self._stop.set()
        self._going.set()
        self._each(WorkflowRun.cancel)

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def points(self) -> tuple[SweepPoint, ...]:
        """Returns the points so far, by number, with the front among them marked."""
        with self._lock:
            points = tuple(self._points)
        return fronted(points, self._higher is not False)

    def _each(self, deed: Callable[[WorkflowRun], None]) -> None:
        with self._lock:
            runs = tuple(self._runs)
        for run in runs:
            deed(run)

    def _targets(self) -> list[str]:
        names = [self.plan.quality] + ([self.plan.cost] if self.plan.cost != TIME else [])
        return [step for name in names if self.workflow.step(step := name.partition(".")[0]) is not None]

    def _run_of(self, workflow: Workflow) -> WorkflowRun:
        limits = {name: max(1, limit // self._parallel) for name, limit in self._settings.limits.items()}
        threads = max(1, self._settings.threads // self._parallel)
        settings = replace(self._settings, threads=threads, limits=limits, attended=False)
        return WorkflowRun(workflow, self._services, store=self._store, settings=settings, types=self._types)

    def _work(self, sampler: Sampler) -> None:
        began = time.monotonic()
        try:
            with ThreadPoolExecutor(self._parallel, "workflow sweep") as pool:
                while not self._stop.is_set() and (batch := sampler.batch(self._parallel)):
                    numbers = self._announce(batch)
                    for number, combination in zip(numbers, pool.map(self._try, numbers), strict=True):
                        sampler.learn(batch[number - numbers[0]], self._outcome(combination))
        finally:
            with self._lock:
                self._points = [p if p.state in _ENDED else replace(p, state="skipped") for p in self._points]
            self._ended.set()
            self._emit(SweepDone(self.points(), time.monotonic() - began, self._stop.is_set()))

    def _announce(self, batch: list[Combination]) -> list[int]:
        with self._lock:
            first = len(self._points) + 1
            self._points += [SweepPoint(first + at, values) for at, values in enumerate(batch)]
            self.total = max(len(self._points), self.total if self.plan.method == "bayes" else 0)
        return list(range(first, first + len(batch)))

    def _outcome(self, point: SweepPoint) -> tuple[float, float] | None:
        """Returns what a sampler learns from a point: two numbers that are better when less."""
        if point.state != "done" or point.quality is None or point.cost is None:
            return None
        return (-point.quality if self._higher is not False else point.quality), point.cost

    def _try(self, number: int) -> SweepPoint:
        """Runs one combination."""
        self._going.wait()
        point = self._points[number - 1]
        if self._stop.is_set():
            return self._move(replace(point, state="skipped"))
        self._move(replace(point, state="running"))
        began = time.monotonic()
        workflow = self.workflow
        for step in with_values(workflow, self.plan, point.values):
            workflow = workflow.with_step(step)
        run = self._run_of(workflow)
        try:
            ended = self._ended_point(run, point)
        except SolviturError as error:
            ended = replace(point, state="failed", fault=str(error))
        finally:
            with self._lock:
                self._runs.discard(run)
        return self._move(replace(ended, seconds=time.monotonic() - began))

    def _ended_point(self, run: WorkflowRun, point: SweepPoint) -> SweepPoint:
        with self._lock:
            self._runs.add(run)
        if not self._going.is_set():
            run.pause()
        run.start(self._targets())
        if self._stop.is_set():
            run.cancel()
        run.wait()
        if run.cancelled:
            return replace(point, state="skipped")
        faults = [
            f"step '{path}': {run.fault(path)}" for path, state in run.states().items() if state is State.FAILED
        ]
        if faults:
            return replace(point, state="failed", fault=faults[0])
        quality = self._measure(run, self.plan.quality, of_quality=True)
        cost = run.spent_s() if self.plan.cost == TIME else self._measure(run, self.plan.cost)
        return replace(point, state="done", quality=quality, cost=cost)

    def _measure(self, run: WorkflowRun, name: str, of_quality: bool = False) -> float:
        """Reads a number that a run made."""
        step, _, port = name.partition(".")
        value: Any = run.outputs(step)[port]
        if isinstance(value, Solved):
            if of_quality and self._higher is None:
                self._higher = getattr(value.instance, "sense", "min") == "max"
            checked = value.verification
            value = checked.objective if checked is not None and checked.passed else value.result.objective
        if not isinstance(value, int | float) or value != value:
            raise InputError.at(f"'{name}' is {type(value).__name__}, expected a number", element=name)
        return float(value)

    def _move(self, point: SweepPoint) -> SweepPoint:
        with self._lock:
            self._points[point.number - 1] = point
            done = sum(1 for each in self._points if each.state in _ENDED)
        self._emit(SweepMoved(point, done, self.total))
        return point
