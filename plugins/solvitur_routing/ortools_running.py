"""Runs OR-Tools' routing library within a job's limits."""

from __future__ import annotations

import time
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from solvitur.api import Job, Result, Status
from solvitur_routing.costs import objective_of
from solvitur_routing.instance import RoutingAnswer, RoutingInstance
from solvitur_routing.ortools_model import RoutingModel, built
from solvitur_routing.ortools_part import Options

_MARGIN_S = 0.2
_EVERY_S = 0.2


def run(instance: RoutingInstance, options: Options, job: Job) -> Result:
    """Solves an instance; the library knows no bound, so an answer is never called optimal."""
    job.progress(None, "building the model")
    model = built(instance)
    best = _Best(instance, model, job)
    routing = model.routing
    routing.AddAtSolutionCallback(best.take)
    routing.AddSearchMonitor(
        routing.solver().CustomLimit(lambda: bool(job.cancelled or job.remaining_s <= _MARGIN_S))
    )
    routing.SolveWithParameters(_parameters(options, job))
    if best.answer is None:
        why = Status.CANCELLED if job.cancelled else Status.UNKNOWN
        if routing.status() == 7:  # ROUTING_INFEASIBLE: said only when proven
            return Result(Status.INFEASIBLE, reason="no routes keep all rules")
        return Result(why, reason="no routes that keep all rules were found in time")
    status = Status.CANCELLED if job.cancelled else Status.FEASIBLE
    reason = "it was stopped" if job.cancelled else "the search ended or its time was up"
    return Result(status, best.answer, best.objective, reason=reason)


class _Best:
    """The best answer so far, read from the search as it goes."""

    def __init__(self, instance: RoutingInstance, model: RoutingModel, job: Job) -> None:
        self._instance, self._model, self._job = instance, model, job
        self.answer: RoutingAnswer | None = None
        self.objective = float("inf")
        self._due = 0.0

    def take(self) -> None:
        """Takes the answer that the search has just found, if it is better."""
        answer = self._model.answer()
        objective = objective_of(self._instance, answer)
        if objective < self.objective:
            self.answer, self.objective = answer, objective
            if time.monotonic() >= self._due:
                self._job.incumbent(answer, objective)
                self._due = time.monotonic() + _EVERY_S


def _parameters(options: Options, job: Job) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    first, search = routing_enums_pb2.FirstSolutionStrategy, routing_enums_pb2.LocalSearchMetaheuristic
    parameters.first_solution_strategy = getattr(first, options.first.upper())
    parameters.local_search_metaheuristic = getattr(search, options.search.upper())
    milliseconds = int(max(0.05, job.remaining_s - _MARGIN_S) * 1000)
    parameters.time_limit.seconds = milliseconds // 1000
    parameters.time_limit.nanos = milliseconds % 1000 * 1_000_000
    return parameters
