"""Solving the open project's problem: jobs, the storing of their runs, and answers read back."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from solvitur.engine.events import Done, Event, Notice
from solvitur.engine.importing import with_wanted_files
from solvitur.engine.jobs import Jobs
from solvitur.engine.runstore import RunStore
from solvitur.engine.solving import bind
from solvitur.hooks.contracts import Solved
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.runs import Run

_KEPT_SOLVED = 2
"""So many answers stay bound, for pictures and comparisons of large ones."""


@dataclass(frozen=True, eq=False)
class _Submitted:
    problem: Problem
    runs: RunStore


class Solves:
    """Submits jobs, stores each one's run before its end is told, and binds stored runs again."""

    def __init__(self, plugins: Plugins, emit: Callable[[Event], None]) -> None:
        self._plugins = plugins
        self._emit = emit
        self._lock = threading.RLock()
        self._submitted: dict[int, _Submitted] = {}
        self._solved: OrderedDict[int, Solved] = OrderedDict()
        self._runs: RunStore | None = None
        self.jobs = Jobs(plugins, self._hear, self._next_number)

    def turn_to(self, runs: RunStore) -> None:
        """Takes the runs of another project; jobs of the one before are stopped and their runs not kept."""
        with self._lock:
            self._runs = runs
            self._solved.clear()
        for job in self.jobs.active:
            self.jobs.stop(job)

    def use(self, plugins: Plugins) -> None:
        """Takes newly loaded plugins."""
        with self._lock:
            self._plugins = plugins
            self._solved.clear()
        self.jobs.use(plugins)

    def submit(self, problem: Problem, instance: Any, runs: RunStore, title: str = "") -> int:
        """Queues a problem and returns the job's id."""
        with self._lock:  # the job may end before its id is known here
            job = self.jobs.submit(problem, instance, title)
            self._submitted[job] = _Submitted(problem, runs)
        return job

    def solved(self, run: Run, runs: RunStore) -> Solved:
        """Returns a stored run with its problem and instance, bound again when that is no longer at hand.

        Raises
        ------
        InputError
            If the run is not there, has no result, or its problem cannot be bound any more.
        """
        with self._lock:
            plugins = self._plugins
            kept = self._solved.get(run.number)
        if kept is not None:
            return kept
        if run.result is None:
            raise InputError.at(f"run {run.number} has no result: {run.reason or 'it did not come to solving'}")
        problem = replace(runs.problem_of(run.number), choice=run.choice)
        solved = Solved(problem, bind(plugins, problem), run.result, run.verification)
        with self._lock:
            if runs is self._runs:
                self._keep(run.number, solved)
        return solved

    def _next_number(self) -> int:
        with self._lock:
            assert self._runs is not None, "a project is open"
            return self._runs.next_number()

    def _hear(self, event: Event) -> None:
        if isinstance(event, Done):
            with self._lock:
                submitted = self._submitted.pop(event.job, None)
            if submitted is not None:
                self._store(event, submitted)
        self._emit(event)

    def _store(self, event: Done, submitted: _Submitted) -> None:
        problem = event.solved.problem if event.solved is not None else self._as_run(submitted.problem)
        try:
            stored = submitted.runs.add(event.run, problem)
        except (sqlite3.Error, OSError, TypeError) as error:
            self._emit(Notice(f"run {event.run.number} could not be stored ({error}); free some disk space", "error"))
            return
        with self._lock:
            if stored and event.solved is not None and submitted.runs is self._runs:
                self._keep(event.run.number, event.solved)

    def _as_run(self, problem: Problem) -> Problem:
        """Returns the problem with its data files, as far as they can be read."""
        try:
            return with_wanted_files(self._plugins, problem)
        except SolviturError:
            return problem

    def _keep(self, number: int, solved: Solved) -> None:
        self._solved[number] = solved
        self._solved.move_to_end(number)
        while len(self._solved) > _KEPT_SOLVED:
            self._solved.popitem(last=False)
