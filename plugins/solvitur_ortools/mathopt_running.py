"""Runs a solver behind MathOpt on an instance and says honestly what came of it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2, result_pb2, solution_pb2
from ortools.math_opt.core.python import solver as core
from ortools.util.python.solve_interrupter import SolveInterrupter
from pybind11_abseil.status import StatusNotOk

from solvitur.api import (
    Job,
    MatrixInstance,
    Result,
    SolverFailed,
    Status,
    is_proven,
    relative_gap,
    tidied,
    worst_violation,
)
from solvitur_ortools.mathopt_model import written
from solvitur_ortools.squares import as_squares
from solvitur_ortools.stopping import watched

_EVERY_S = 0.05
"""Least time between two bounds; solvers call back at every node."""
_SOLUTION = callback_pb2.CALLBACK_EVENT_MIP_SOLUTION
_LIMITS = {
    result_pb2.LIMIT_ITERATION: "the iteration limit was reached",
    result_pb2.LIMIT_TIME: "the time limit was reached",
    result_pb2.LIMIT_NODE: "the node limit was reached",
    result_pb2.LIMIT_MEMORY: "the memory limit was reached",
    result_pb2.LIMIT_INTERRUPTED: "it was stopped",
    result_pb2.LIMIT_SLOW_PROGRESS: "it made no more progress",
}
_NO_ANSWER = (result_pb2.TERMINATION_REASON_INFEASIBLE, result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED)
_PASSES = 1e-6
"""Violations up to here, relative to the size of a row's terms, pass Solvitur's own check."""


@dataclass(frozen=True)
class Engine:
    """One of MathOpt's solvers: its number, the events it reports, and which of the limits it knows."""

    number: int
    events: tuple[int, ...]
    takes: frozenset[str]
    conditional: bool = False
    """Whether the model has rows that hold under a condition only."""


def run(engine: Engine, instance: MatrixInstance, options: Any, job: Job) -> Result:
    """Solves an instance within the job's limits.

    ``row_duals`` and ``reduced_costs`` are the objective's change per unit, given for linear models.

    Raises
    ------
    SolverFailed
        If the solver refuses the model or breaks off.
    """
    crossed = (instance.column_lower > instance.column_upper).any() or (instance.row_lower > instance.row_upper).any()
    if crossed:  # MathOpt would refuse such a model as malformed
        return Result(Status.INFEASIBLE, reason="a lower bound is above its upper bound")
    engine = replace(engine, conditional=instance.conditional is not None)
    shaped = as_squares(instance) if engine.number == parameters_pb2.SOLVER_TYPE_GSCIP else instance
    answer = _call(engine, written(shaped), _parameters(engine, options, job), instance, job)
    reason = answer.termination.reason
    if reason in (result_pb2.TERMINATION_REASON_UNBOUNDED, result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED):
        return _infeasible_or_unbounded(engine, instance, options, job)
    result = _result(answer, instance, job)
    if engine.number == parameters_pb2.SOLVER_TYPE_PDLP:
        return _exact_enough(engine, instance, options, job, result)
    return result


def _parameters(engine: Engine, options: Any, job: Job, tolerance: float = 0.0) -> Any:
    parameters = parameters_pb2.SolveParametersProto()
    parameters.time_limit.FromNanoseconds(max(1, int(job.remaining_s * 1e9)))
    if "threads" in engine.takes and job.threads > 0:
        parameters.threads = job.threads
    if "seed" in engine.takes:
        parameters.random_seed = job.seed % 2**31
    if engine.events or engine.number == parameters_pb2.SOLVER_TYPE_HIGHS:
        parameters.relative_gap_tolerance = job.relative_gap
    for name in ("presolve", "heuristics", "cuts"):
        word = getattr(options, name, "default")
        if isinstance(word, str) and word != "default":
            setattr(parameters, name, parameters_pb2.EmphasisProto.Value(f"EMPHASIS_{word.upper()}"))
    method = getattr(options, "method", "default")
    if method != "default":
        word = "LP_ALGORITHM_" + method.upper().replace(" ", "_")
        parameters.lp_algorithm = parameters_pb2.LPAlgorithmProto.Value(word)
    if engine.number == parameters_pb2.SOLVER_TYPE_GSCIP:
        # SCIP's own default would let quadratic rows be missed by as much as our check allows.
        parameters.gscip.real_params["numerics/feastol"] = 1e-7
        if engine.conditional:
            # With these, this SCIP cuts off optimal answers of models with indicator constraints.
            parameters.gscip.bool_params["misc/allowstrongdualreds"] = False
            parameters.gscip.bool_params["misc/allowweakdualreds"] = False
    if engine.number == parameters_pb2.SOLVER_TYPE_PDLP:
        criteria = parameters.pdlp.termination_criteria.simple_optimality_criteria
        criteria.eps_optimal_absolute = criteria.eps_optimal_relative = tolerance or options.tolerance
        parameters.pdlp.presolve_options.use_glop = options.presolve
        parameters.pdlp.log_interval_seconds = 1.0
    return parameters


def _call(engine: Engine, model: Any, parameters: Any, instance: MatrixInstance, job: Job) -> Any:
    registration = callback_pb2.CallbackRegistrationProto()
    mixed = bool(instance.integrality.any()) or bool(instance.quadratic_rows) or not instance.convex
    live = bool(engine.events) and mixed
    if live:
        registration.request_registration.extend(engine.events)
    if engine.number == parameters_pb2.SOLVER_TYPE_GSCIP:
        job.log("(An error about SCIPcatchEvent below is an oddity of this SCIP and does no harm.)")
    interrupter = SolveInterrupter()
    try:
        with watched(job, interrupter.interrupt):
            return core.solve(
                model,
                engine.number,
                parameters_pb2.SolverInitializerProto(),
                parameters,
                model_parameters_pb2.ModelSolveParametersProto(),
                lambda lines: job.log("\n".join(lines)),
                registration,
                _Reports(instance, job) if live else None,
                interrupter.pybind_interrupter,
            )
    except StatusNotOk as error:
        raise SolverFailed(f"OR-Tools refused the model: {error}") from None


class _Reports:
    """Carries answers and bounds from MathOpt's callback to the job."""

    def __init__(self, instance: MatrixInstance, job: Job) -> None:
        self._instance = instance
        self._job = job
        self._last_s = 0.0
        self._bound = math.nan

    def __call__(self, event: Any) -> Any:
        """Takes one event; the empty reply tells the solver to go on."""
        if event.event == _SOLUTION:
            answer = tidied(self._instance, _dense(event.primal_solution_vector, self._instance.columns))
            self._job.incumbent(answer, self._instance.objective_at(answer))
        now, bound = time.monotonic(), event.mip_stats.dual_bound
        if now - self._last_s >= _EVERY_S and math.isfinite(bound) and abs(bound) < 1e20:
            self._last_s = now
            if bound != self._bound:
                self._bound = bound
                self._job.bound(bound)
            self._job.progress(None, f"{event.mip_stats.explored_nodes} nodes")
        return callback_pb2.CallbackResultProto()


def _dense(vector: Any, size: int) -> np.ndarray:
    """Spreads a sparse vector over ``size`` places; what lies beyond belongs to columns of our own making."""
    ids, given = np.array(vector.ids, dtype=np.int64), np.array(vector.values, dtype=np.float64)
    values = np.zeros(size)
    values[ids[ids < size]] = given[ids < size]
    return values


def _infeasible_or_unbounded(engine: Engine, instance: MatrixInstance, options: Any, job: Job) -> Result:
    """Tells the two apart by asking for feasibility alone, without the objective."""
    job.log("Infeasible or unbounded: asking for feasibility alone")
    answer = _call(engine, written(instance, objective=False), _parameters(engine, options, job), instance, job)
    reason = answer.termination.reason
    if reason in (result_pb2.TERMINATION_REASON_OPTIMAL, result_pb2.TERMINATION_REASON_FEASIBLE):
        return Result(Status.UNBOUNDED, reason="there are answers, and the objective improves without end among them")
    if reason in _NO_ANSWER:  # nothing is unbounded without an objective
        return Result(Status.INFEASIBLE, reason="no answer meets all constraints")
    status = Status.CANCELLED if job.cancelled else Status.UNKNOWN
    return Result(status, reason="infeasible or unbounded; it broke off before it was known which")


def _result(answer: Any, instance: MatrixInstance, job: Job) -> Result:
    termination = answer.termination
    reason = termination.reason
    if reason == result_pb2.TERMINATION_REASON_OTHER_ERROR:
        raise SolverFailed(f"the solver broke off: {termination.detail or 'it gave no reason'}")
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return Result(Status.INFEASIBLE, reason="no answer meets all constraints")
    bound: float | None = termination.objective_bounds.dual_bound
    if bound is None or not math.isfinite(bound) or abs(bound) >= 1e20:
        bound = None
    why = _LIMITS.get(termination.limit) or _why_stopped(job) or termination.detail or "it gave no reason"
    solution = next(iter(answer.solutions), None)
    feasible = solution_pb2.SOLUTION_STATUS_FEASIBLE
    values = None
    if solution is not None and solution.primal_solution.feasibility_status == feasible:
        values = tidied(instance, _dense(solution.primal_solution.variable_values, instance.columns))
        # A simplex that is stopped calls its point feasible by its own scaled measure.
        if reason != result_pb2.TERMINATION_REASON_OPTIMAL and worst_violation(instance, values) > _PASSES:
            values = None
    if values is None:
        status = Status.CANCELLED if job.cancelled else Status.UNKNOWN
        return Result(status, bound=bound, reason=f"{why} before any answer was found")
    objective = instance.objective_at(values)
    if reason != result_pb2.TERMINATION_REASON_OPTIMAL:
        status = Status.CANCELLED if job.cancelled else Status.FEASIBLE
        return Result(status, values, objective, bound, why)
    if instance.integrality.any() or instance.hessian is not None or instance.quadratic_rows:
        gap = relative_gap(objective, bound)
        if gap is not None and not is_proven(objective, bound):
            text = f"within the gap asked for: at most {gap:.2%} from the optimum"
            return Result(Status.FEASIBLE, values, objective, bound, text)
        return Result(Status.OPTIMAL, values, objective, bound)
    duals = _duals(solution, instance)
    return Result(Status.OPTIMAL, values, objective, objective, "", *duals)


def _why_stopped(job: Job) -> str:
    if job.cancelled:
        return "it was stopped"
    return "the time limit was reached" if job.remaining_s <= 0 else ""


def _duals(solution: Any, instance: MatrixInstance) -> tuple[np.ndarray | None, np.ndarray | None]:
    if not solution.HasField("dual_solution") or instance.hessian is not None:
        return None, None
    dual = solution.dual_solution
    return _dense(dual.dual_values, instance.rows), _dense(dual.reduced_costs, instance.columns)


def _exact_enough(engine: Engine, instance: MatrixInstance, options: Any, job: Job, result: Result) -> Result:
    """Asks a first-order solver again, more strictly, until its answer would pass our check; else says so."""
    tolerance = options.tolerance
    while (
        result.answer is not None
        and worst_violation(instance, result.answer) > _PASSES / 2
        and tolerance > 1e-13
        and job.remaining_s > 0
        and not job.cancelled
    ):
        tolerance /= 100
        job.log(f"The answer misses a constraint by too much; asking for a tolerance of {tolerance:g}")
        answer = _call(engine, written(instance), _parameters(engine, options, job, tolerance), instance, job)
        result = _result(answer, instance, job)
    if result.answer is not None and (missed := worst_violation(instance, result.answer)) > _PASSES:
        status = Status.CANCELLED if job.cancelled else Status.UNKNOWN
        return Result(status, reason=f"its best answer still misses a constraint by {missed:.1g}")
    return result
