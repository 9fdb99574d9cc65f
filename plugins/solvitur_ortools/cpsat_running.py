"""Runs CP-SAT on a pure integer instance, in exact whole numbers."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from solvitur.api import Job, MatrixInstance, Result, SolverFailed, Status, is_proven, relative_gap
from solvitur_ortools.cpsat_part import Options
from solvitur_ortools.product_columns import Multiplied, multiplied
from solvitur_ortools.stopping import watched
from solvitur_ortools.whole_rows import NotWhole, WholeModel, whole_model


def run(instance: MatrixInstance, options: Options, job: Job) -> Result:
    """Solves an instance within the job's limits.

    Raises
    ------
    SolverFailed
        If the instance has no exact form in whole numbers, or CP-SAT breaks off.
    """
    original = instance
    try:
        products = multiplied(instance)
        instance = products.instance
        whole = whole_model(instance)
    except NotWhole as reason:
        raise SolverFailed(f"CP-SAT cannot take this model: {reason}") from None
    if (whole.lower > whole.upper).any() or (whole.row_lower > whole.row_upper).any():
        return Result(Status.INFEASIBLE, reason="no whole number lies between a lower and an upper bound")
    model = _written(whole, instance)
    _write_logic(model, products)
    solver = cp_model.CpSolver()
    _set(solver, options, job)
    reports = _Reports(original, job)
    solver.log_callback = job.log
    if whole.cost.any():
        solver.best_bound_callback = job.bound
    with watched(job, solver.stop_search):
        status = solver.solve(model, reports)
    return _result(status, solver, whole, original, job)


def _written(whole: WholeModel, instance: MatrixInstance) -> cp_model.CpModel:
    model = cp_model.CpModel()
    proto: Any = model.proto
    for low, high in zip(whole.lower.tolist(), whole.upper.tolist(), strict=True):
        proto.variables.add().domain.extend([low, high])
    start, column, value = whole.start.tolist(), whole.column.tolist(), whole.value.tolist()
    sides = zip(whole.row_lower.tolist(), whole.row_upper.tolist(), strict=True)
    for row, (low, high) in enumerate(sides):
        linear = proto.constraints.add().linear
        linear.vars.extend(column[start[row] : start[row + 1]])
        linear.coeffs.extend(value[start[row] : start[row + 1]])
        linear.domain.extend([low, high])
    used = np.flatnonzero(whole.cost)
    if used.size:
        # CP-SAT minimises; a negative scaling factor makes it report a maximum in the user's own numbers.
        sign = -1 if instance.sense == "max" else 1
        proto.objective.vars.extend(used.tolist())
        proto.objective.coeffs.extend((sign * whole.cost[used]).tolist())
        proto.objective.scaling_factor = sign / whole.cost_scale
        proto.objective.offset = sign * instance.offset * whole.cost_scale
    return model


def _write_logic(model: cp_model.CpModel, products: Multiplied) -> None:
    """Adds conditions to rows, products, and groups of columns that are all different."""
    proto: Any = model.proto
    instance = products.instance
    if instance.conditional is not None:
        conditional = instance.conditional
        triples = zip(conditional.column.tolist(), conditional.value.tolist(), conditional.row.tolist(), strict=True)
        for column, value, row in triples:
            proto.constraints[row].enforcement_literal.append(column if value else -column - 1)
    base = instance.columns - len(products.first)
    for number, factors in enumerate(zip(products.first.tolist(), products.second.tolist(), strict=True)):
        product = proto.constraints.add().int_prod
        _add_column(product.target, base + number)
        for factor in factors:
            _add_column(product.exprs.add(), factor)
    for group in instance.all_different:
        different = proto.constraints.add().all_diff
        for column in group.tolist():
            _add_column(different.exprs.add(), column)


def _add_column(expression: Any, column: int) -> None:
    expression.vars.append(column)
    expression.coeffs.append(1)


def _set(solver: cp_model.CpSolver, options: Options, job: Job) -> None:
    parameters = solver.parameters
    parameters.max_time_in_seconds = max(0.0, job.remaining_s)
    parameters.num_workers = job.threads or os.cpu_count() or 1
    parameters.random_seed = job.seed % 2**31
    parameters.relative_gap_limit = job.relative_gap
    parameters.cp_model_presolve = options.presolve
    parameters.linearization_level = options.linearization
    parameters.symmetry_level = options.symmetry
    parameters.log_search_progress = True
    parameters.log_to_stdout = False


class _Reports(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Carries answers from CP-SAT to the job."""

    def __init__(self, instance: MatrixInstance, job: Job) -> None:
        super().__init__()
        self._instance = instance
        self._job = job

    def on_solution_callback(self) -> None:
        """Takes one better answer."""
        answer = _answer(self.Response())[: self._instance.columns]
        self._job.incumbent(answer, self._instance.objective_at(answer))


def _answer(response: Any) -> np.ndarray:
    return np.array(list(response.solution), dtype=np.float64)


def _result(status: Any, solver: cp_model.CpSolver, whole: WholeModel, instance: MatrixInstance, job: Job) -> Result:
    statistics = {"branches": int(solver.num_branches), "conflicts": int(solver.num_conflicts)}
    if status == cp_model.MODEL_INVALID:
        raise SolverFailed("CP-SAT found the model malformed")
    if status == cp_model.INFEASIBLE:
        return Result(Status.INFEASIBLE, reason="no answer meets all constraints", statistics=statistics)
    stopped = "it was stopped" if job.cancelled else "the time limit was reached"
    bound = float(solver.best_objective_bound) if whole.cost.any() else None
    if status == cp_model.UNKNOWN:
        why = Status.CANCELLED if job.cancelled else Status.UNKNOWN
        return Result(why, bound=bound, reason=f"{stopped} before any answer was found", statistics=statistics)
    answer = _answer(solver.response_proto)[: instance.columns]
    objective = instance.objective_at(answer)
    if status == cp_model.OPTIMAL:
        bound = objective if bound is None else bound
        gap = relative_gap(objective, bound)
        if gap is not None and not is_proven(objective, bound):
            reason = f"within the gap asked for: at most {gap:.2%} from the optimum"
            return Result(Status.FEASIBLE, answer, objective, bound, reason, statistics=statistics)
        return Result(Status.OPTIMAL, answer, objective, bound, statistics=statistics)
    if not whole.cost.any():  # any answer is as good as another
        return Result(Status.OPTIMAL, answer, objective, objective, statistics=statistics)
    why = Status.CANCELLED if job.cancelled else Status.FEASIBLE
    return Result(why, answer, objective, bound, stopped, statistics=statistics)
