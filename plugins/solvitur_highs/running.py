"""Runs HiGHS on an instance and says honestly what came of it."""

from __future__ import annotations

import math
from typing import Any

import highspy
import numpy as np

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
from solvitur_highs.model import Handed
from solvitur_highs.part import Options
from solvitur_highs.reports import Reports

_SECOND_TRIES = (("ipm", "on"), ("simplex", "off"))
"""Other methods and presolve, for when HiGHS ends without knowing."""

_PASSES = 1e-6
"""Violations up to here, relative to the size of a row's terms, pass Solvitur's own check."""

_States = highspy.HighsModelStatus
_STOPPED = {
    _States.kTimeLimit: "the time limit was reached",
    _States.kIterationLimit: "the iteration limit was reached",
    _States.kSolutionLimit: "the limit of solutions or nodes was reached",
    _States.kMemoryLimit: "the memory limit was reached",
    _States.kInterrupt: "it was stopped",
    _States.kUnknown: "HiGHS could not reach its tolerances",
    _States.kSolveError: "HiGHS broke off with an error",
    _States.kHighsInterrupt: "it was stopped",
}


def run(instance: MatrixInstance, options: Options, job: Job) -> Result:
    """Solves an instance within the job's limits.

    ``row_duals`` and ``reduced_costs`` are the objective's change per unit of the row's side or the
    column's value, for both senses; given for continuous models only.

    Raises
    ------
    SolverFailed
        If HiGHS refuses the model.
    """
    if not instance.columns:
        return _without_columns(instance)
    handed = Handed(instance)
    _set(handed.highs, options, job)
    Reports(handed.highs, job, instance)
    state = _go(handed, job)
    for method, presolve in _SECOND_TRIES:
        if not _lost(instance, handed, state) or job.cancelled or job.remaining_s <= 0:
            break
        job.log(f"Not precise enough; trying again by {method}, presolve {presolve}")
        handed.highs.clearSolver()
        handed.highs.setOptionValue("solver", method)
        handed.highs.setOptionValue("presolve", presolve)
        state = _go(handed, job)
    if state in (_States.kUnbounded, _States.kUnboundedOrInfeasible):
        return _infeasible_or_unbounded(handed, job)
    return _result(instance, handed, state, job)


def _set(highs: Any, options: Options, job: Job) -> None:
    chosen = {
        "solver": options.method,
        "presolve": options.presolve,
        "primal_feasibility_tolerance": options.feasibility_tolerance,
        "dual_feasibility_tolerance": options.feasibility_tolerance,
        "mip_feasibility_tolerance": options.integrality_tolerance,
        "mip_heuristic_effort": options.heuristics,
        "mip_detect_symmetry": options.symmetry,
        "mip_rel_gap": job.relative_gap,
        # The absolute gap's default would call small-valued objectives optimal too early.
        "mip_abs_gap": 1e-9,
        "threads": job.threads,
        "random_seed": job.seed % 2**31,
    }
    for name, value in chosen.items():
        if highs.setOptionValue(name, value) == highspy.HighsStatus.kError:
            raise SolverFailed(f"HiGHS refused {value!r} for its option '{name}'")


def _go(handed: Handed, job: Job) -> Any:
    # HiGHS counts its time over all runs of one object, and keeps the threads of the first run in the process.
    highs = handed.highs
    highs.setOptionValue("time_limit", max(0.0, job.remaining_s) + highs.getRunTime())
    highspy.Highs.resetGlobalScheduler(True)
    highs.run()
    return highs.getModelStatus()


def _lost(instance: MatrixInstance, handed: Handed, state: Any) -> bool:
    """Tells whether HiGHS ended without knowing, or with an answer that would not pass our own check."""
    if state in (_States.kUnknown, _States.kSolveError):
        return True
    linear = instance.hessian is None and not handed.instance.integrality.any()
    return state == _States.kOptimal and linear and worst_violation(instance, handed.answer()) > _PASSES


def _infeasible_or_unbounded(handed: Handed, job: Job) -> Result:
    """Tells the two apart by asking for feasibility alone, with a zero objective."""
    job.log("Infeasible or unbounded: asking for feasibility alone")
    handed.forget_objective()
    state = _go(handed, job)
    if state == _States.kOptimal:
        reason = "there are answers, and the objective improves without end among them"
        return Result(Status.UNBOUNDED, reason=reason)
    if state in (_States.kInfeasible, _States.kUnboundedOrInfeasible):  # nothing is unbounded without an objective
        return Result(Status.INFEASIBLE, reason="no answer meets all constraints")
    why = _STOPPED.get(state, str(state))
    return Result(
        Status.CANCELLED if job.cancelled else Status.UNKNOWN,
        reason=f"infeasible or unbounded; {why} before it was known which",
    )


def _result(original: MatrixInstance, handed: Handed, state: Any, job: Job) -> Result:
    highs = handed.highs
    info = highs.getInfo()
    mixed = bool(handed.instance.integrality.any())
    bound = float(info.mip_dual_bound) if mixed and math.isfinite(info.mip_dual_bound) else None
    statistics = _statistics(info, mixed=mixed)
    if state == _States.kInfeasible:
        return Result(Status.INFEASIBLE, reason="no answer meets all constraints", statistics=statistics)
    has_answer = info.primal_solution_status == highspy.kSolutionStatusFeasible
    if not has_answer:
        status = Status.CANCELLED if job.cancelled else Status.UNKNOWN
        reason = _STOPPED.get(state, highs.modelStatusToString(state)) + " before any answer was found"
        return Result(status, bound=bound, reason=reason, statistics=statistics)
    answer = tidied(original, handed.answer()) if mixed else handed.answer()
    objective = original.objective_at(answer)
    if state not in (_States.kOptimal, _States.kModelEmpty):
        status = Status.CANCELLED if job.cancelled else Status.FEASIBLE
        reason = _STOPPED.get(state, highs.modelStatusToString(state))
        return Result(status, answer, objective, bound, reason, statistics=statistics)
    solution = highs.getSolution()
    if not mixed:
        duals = np.asarray(solution.row_dual), np.asarray(solution.col_dual)
        return Result(Status.OPTIMAL, answer, objective, objective, "", *duals, statistics)
    gap = relative_gap(objective, bound)
    if gap is not None and not is_proven(objective, bound):
        reason = f"within the gap asked for: at most {gap:.2%} from the optimum"
        return Result(Status.FEASIBLE, answer, objective, bound, reason, statistics=statistics)
    return Result(Status.OPTIMAL, answer, objective, bound, statistics=statistics)


def _statistics(info: Any, *, mixed: bool) -> dict[str, Any]:
    counts = {
        "simplex iterations": info.simplex_iteration_count,
        "interior-point iterations": info.ipm_iteration_count,
        "first-order iterations": info.pdlp_iteration_count,
        "quadratic iterations": info.qp_iteration_count,
    }
    found = {name: int(count) for name, count in counts.items() if count > 0}
    if mixed and info.mip_node_count >= 0:
        found["nodes"] = int(info.mip_node_count)
    return found


def _without_columns(instance: MatrixInstance) -> Result:
    possible = bool((instance.row_lower <= 0).all() and (instance.row_upper >= 0).all())
    if not possible:
        return Result(Status.INFEASIBLE, reason="a constraint without variables cannot hold")
    return Result(Status.OPTIMAL, np.zeros(0), instance.offset, instance.offset)
