"""Runs CP-SAT on a scheduling instance within a job's limits."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ortools.sat.python import cp_model

from solvitur.api import Job, Result, SolverFailed, Status, is_proven
from solvitur_scheduling.constraint_model import ConstraintModel
from solvitur_scheduling.constraint_part import Options
from solvitur_scheduling.dispatching import best_of_rules, horizon_of
from solvitur_scheduling.instance import Schedule, SchedulingInstance
from solvitur_scheduling.objectives import objective_of

_EVERY_S = 0.05


def run(instance: SchedulingInstance, options: Options, job: Job, first: Schedule | None = None) -> Result:
    """Solves an instance within the job's limits, beginning with ``first`` or a quick schedule.

    Raises
    ------
    SolverFailed
        If CP-SAT finds the model malformed.
    """
    if first is None and options.start:
        first = best_of_rules(instance, stop=lambda: job.cancelled)
        if first is not None:
            job.incumbent(first, objective_of(instance, first))
    made = ConstraintModel(instance, horizon_of(instance, first))
    if first is not None:
        made.hint(first)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.max_time_in_seconds = max(0.0, job.remaining_s)
    parameters.num_workers = job.threads or os.cpu_count() or 1
    parameters.random_seed = job.seed % 2**31
    parameters.relative_gap_limit = job.relative_gap
    parameters.linearization_level = options.linearization
    parameters.log_search_progress = True
    parameters.log_to_stdout = False
    solver.log_callback = job.log
    solver.best_bound_callback = lambda bound: job.bound(bound / made.objective_scale)
    reports = _Reports(made, job)
    with _stopping(solver, job):
        status = solver.solve(made.model, reports)
    return _result(status, solver, made, job, first)


class _Reports(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Carries schedules from CP-SAT to the job."""

    def __init__(self, made: ConstraintModel, job: Job) -> None:
        super().__init__()
        self._made = made
        self._job = job

    def on_solution_callback(self) -> None:
        """Takes one better schedule."""
        schedule = self._made.schedule(self.value, self.boolean_value)
        self._job.incumbent(schedule, objective_of(self._made.instance, schedule))


@contextmanager
def _stopping(solver: cp_model.CpSolver, job: Job) -> Iterator[None]:
    """Ends the search when the job is cancelled."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_S):
            if job.cancelled:
                solver.stop_search()
                return

    watcher = threading.Thread(target=watch, name="stop-watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _result(
    status: Any, solver: cp_model.CpSolver, made: ConstraintModel, job: Job, first: Schedule | None
) -> Result:
    instance = made.instance
    statistics = {"branches": int(solver.num_branches), "conflicts": int(solver.num_conflicts)}
    if status == cp_model.MODEL_INVALID:
        raise SolverFailed("CP-SAT found the model malformed")
    if status == cp_model.INFEASIBLE:
        return Result(Status.INFEASIBLE, reason="no schedule keeps all rules", statistics=statistics)
    stopped = "it was stopped" if job.cancelled else "the time limit was reached"
    bound = float(solver.best_objective_bound) / made.objective_scale
    ending = Status.CANCELLED if job.cancelled else Status.FEASIBLE
    if status == cp_model.UNKNOWN:
        if first is None:
            ending = Status.CANCELLED if job.cancelled else Status.UNKNOWN
            return Result(ending, reason=f"{stopped} before any schedule was found", statistics=statistics)
        schedule = first
    else:
        schedule = made.schedule(solver.value, solver.boolean_value)
        if first is not None and objective_of(instance, first) < objective_of(instance, schedule):
            schedule = first
    objective = objective_of(instance, schedule)
    if status == cp_model.OPTIMAL and (
        is_proven(objective, bound) or abs(objective - bound) < 0.5 / made.objective_scale
    ):
        return Result(Status.OPTIMAL, schedule, objective, objective, statistics=statistics)
    if status == cp_model.OPTIMAL:
        stopped = "within the gap asked for"
    return Result(ending, schedule, objective, bound, stopped, statistics=statistics)
