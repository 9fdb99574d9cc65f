"""Runs CP-SAT on routes within a job's limits, with bounds."""

from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from solvitur.api import Job, Result, Status, is_proven
from solvitur_routing.circuit_model import CircuitModel
from solvitur_routing.circuit_part import Options
from solvitur_routing.costs import objective_of
from solvitur_routing.instance import RoutingInstance
from solvitur_routing.savings import savings

_EVERY_S = 0.05


def run(instance: RoutingInstance, options: Options, job: Job) -> Result:
    """Solves an instance; optimal is said only where the bound allows for what rounding may hide."""
    job.progress(None, "building the model")
    circuits = CircuitModel(instance)
    start = savings(instance)
    if start is not None:
        circuits.hint(start)
        job.incumbent(start, objective_of(instance, start))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, job.remaining_s)
    solver.parameters.num_workers = job.threads or os.cpu_count() or 1
    solver.parameters.random_seed = job.seed % 2**31
    solver.parameters.linearization_level = options.linearization
    # What rounding to whole numbers may hide: half a unit for each way, and for each prize.
    loss = 0.0 if circuits.scales.exact else float(instance.size + instance.fleet.vehicles) * 0.5
    price = float(max(1.0, instance.fleet.distance_cost.max()))

    def bound_of(whole: float) -> float | None:
        if instance.timed and not circuits.scales.exact:
            return None  # times were rounded up, so a shorter answer may have been cut off
        return (whole - loss * price * circuits.scales.unit) / circuits.factor * instance.report

    def tell_bound(whole: float) -> None:
        bound = bound_of(whole)
        if bound is not None:
            job.bound(bound)

    solver.best_bound_callback = tell_bound
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(job, solver, over), daemon=True)
    watcher.start()
    try:
        status = solver.solve(circuits.model, _Reports(circuits, job))
    finally:
        over.set()
        watcher.join()
    return _result(status, solver, circuits, job, bound_of)


def _watch(job: Job, solver: cp_model.CpSolver, over: threading.Event) -> None:
    while not over.wait(_EVERY_S):
        if job.cancelled:
            solver.stop_search()
            return


class _Reports(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Carries answers to the job."""

    def __init__(self, circuits: CircuitModel, job: Job) -> None:
        super().__init__()
        self._circuits, self._job = circuits, job

    def on_solution_callback(self) -> None:
        """Takes one better answer."""
        answer = self._circuits.read(self.BooleanValue)
        self._job.incumbent(answer, objective_of(self._circuits.instance, answer))


def _result(status: Any, solver: Any, circuits: CircuitModel, job: Job, bound_of: Any) -> Result:
    instance = circuits.instance
    exact = circuits.scales.exact or not instance.timed
    if status == cp_model.INFEASIBLE:
        if exact:
            return Result(Status.INFEASIBLE, reason="no routes keep all rules")
        return Result(Status.UNKNOWN, reason="no routes were found; times were rounded up, so this is no proof")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        why = Status.CANCELLED if job.cancelled else Status.UNKNOWN
        return Result(why, reason="no answer was found in time")
    answer = circuits.read(solver.boolean_value)
    objective = objective_of(instance, answer)
    bound = bound_of(solver.best_objective_bound)
    if bound is not None and status == cp_model.OPTIMAL and (is_proven(objective, bound) or bound > objective):
        return Result(Status.OPTIMAL, answer, objective, objective)
    bound = min(bound, objective) if bound is not None and np.isfinite(bound) else None
    if status == cp_model.OPTIMAL:
        return Result(Status.FEASIBLE, answer, objective, bound, "the best to within the rounding of distances")
    stopped = "it was stopped" if job.cancelled else "the time limit was reached"
    return Result(Status.CANCELLED if job.cancelled else Status.FEASIBLE, answer, objective, bound, stopped)
