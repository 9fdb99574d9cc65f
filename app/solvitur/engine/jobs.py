"""Jobs: solves in the background, one at a time unless more are allowed; nothing here keeps the caller waiting."""

from __future__ import annotations

import itertools
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from solvitur.engine.events import Done, Event, JobQueued
from solvitur.engine.importing import with_wanted_files
from solvitur.engine.solving import Finished, Task, failed_run, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import PluginError, SolviturError
from solvitur.problem.result import Status

_SHUTDOWN_S = 4.0


@dataclass(eq=False)
class _Job:
    task: Task
    done: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The queue of jobs and those at work; every event goes to ``emit``, from the jobs' own threads."""

    def __init__(
        self,
        plugins: Plugins,
        emit: Callable[[Event], None],
        next_run_number: Callable[[], int],
        *,
        workers: Workers | None = None,
        at_once: int = 1,
    ) -> None:
        self.workers = workers if workers is not None else Workers()
        self._plugins = plugins
        self._emit = emit
        self._next_run_number = next_run_number
        self._at_once = at_once
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: list[_Job] = []
        self._running: dict[int, _Job] = {}
        self._closed = False

    @property
    def active(self) -> tuple[int, ...]:
        """The jobs at work and, after them, those that wait."""
        with self._lock:
            return (*self._running, *(job.task.job for job in self._waiting))

    def submit(self, problem: Problem, instance: Any = None, title: str = "") -> int:
        """Queues a problem (with its bound instance, if there is one) and returns the job's id at once."""
        with self._lock:
            task = Task(problem, instance, next(self._ids), title=title or problem.name, apart=True, emit=self._emit)
            job = _Job(task)
            refused = self._closed
            if not refused:
                self._waiting.append(job)
        self._emit(JobQueued(task.job, task.title, problem.choice.solver))
        if refused:
            self._emit(Done(task.job, failed_run(task, SolviturError("the program is being closed"))))
        self._start_next()
        return task.job

    def stop(self, job: int) -> None:
        """Stops a job: one at work keeps its best answer, one that waits is taken out of the queue."""
        with self._lock:
            waiting = next((each for each in self._waiting if each.task.job == job), None)
            if waiting is not None:
                self._waiting.remove(waiting)
            running = self._running.get(job)
        if running is not None:
            running.task.cancel.set()
        if waiting is not None:
            threading.Thread(target=self._end_unstarted, args=(waiting,), name=f"job {job}", daemon=True).start()

    def allow(self, at_once: int) -> None:
        """Sets how many jobs may be at work at once."""
        with self._lock:
            self._at_once = max(1, at_once)
        self._start_next()

    def use(self, plugins: Plugins) -> None:
        """Takes newly loaded plugins for the jobs to come; those at work end with the plugins they began with."""
        self._plugins = plugins
        self.workers.forget()

    def wait(self, job: int, timeout_s: float | None = None) -> bool:
        """Waits until a job has ended; tells whether it has. For scripts and tests, not for the window."""
        with self._lock:
            found = self._running.get(job) or next((w for w in self._waiting if w.task.job == job), None)
        return found is None or found.done.wait(timeout_s)

    def shutdown(self) -> None:
        """Stops all jobs and ends every worker."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            running = list(self._running.values())
        for job in running:
            job.task.cancel.set()
        for job in running:
            job.done.wait(_SHUTDOWN_S)
        self.workers.shutdown()

    def _start_next(self) -> None:
        with self._lock:
            starting = self._waiting[: max(0, self._at_once - len(self._running))]
            del self._waiting[: len(starting)]
            for job in starting:
                self._running[job.task.job] = job
        for job in starting:
            threading.Thread(target=self._work, args=(job,), name=f"job {job.task.job}", daemon=True).start()

    def _work(self, job: _Job) -> None:
        task = job.task
        task.number = self._next_run_number()
        try:
            if task.instance is None:
                task.problem = with_wanted_files(self._plugins, task.problem)
            finished = run_problem(self._plugins, self.workers, task)
        except SolviturError as error:
            finished = Finished(failed_run(task, error))
        except Exception as error:  # noqa: BLE001 - a job without an end would wait for ever on screen
            unexpected = failed_run(task, PluginError(f"the job broke off: {error}"))
            finished = Finished(replace(unexpected, log=traceback.format_exc()))
        with self._lock:
            self._running.pop(task.job, None)
        try:
            self._emit(Done(task.job, finished.run, finished.pictures, finished.solved))
        finally:
            job.done.set()
            self._start_next()

    def _end_unstarted(self, job: _Job) -> None:
        job.task.number = self._next_run_number()
        run = failed_run(job.task, SolviturError("it was taken out of the queue"))
        self._emit(Done(job.task.job, replace(run, status=Status.CANCELLED, findings=())))
        job.done.set()
