"""Writes an instance as MathOpt's protocol message, array by array."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.math_opt import model_pb2

from solvitur.api import INTEGER, MatrixInstance, SparseRows


def written(instance: MatrixInstance, *, objective: bool = True) -> Any:
    """Returns the model as a ``ModelProto``; without its objective to ask for feasibility alone."""
    model = model_pb2.ModelProto()
    variables = model.variables
    variables.ids.extend(range(instance.columns))
    variables.lower_bounds.extend(instance.column_lower.tolist())
    variables.upper_bounds.extend(instance.column_upper.tolist())
    variables.integers.extend((instance.integrality == INTEGER).tolist())
    if objective:
        _write_objective(model.objective, instance)
    _write_rows(model, instance)
    return model


def _write_objective(target: Any, instance: MatrixInstance) -> None:
    target.maximize = instance.sense == "max"
    target.offset = instance.offset
    used = np.flatnonzero(instance.cost)
    target.linear_coefficients.ids.extend(used.tolist())
    target.linear_coefficients.values.extend(instance.cost[used].tolist())
    if instance.hessian is not None:
        row, column, value = _products(instance.hessian)
        _write_matrix(target.quadratic_coefficients, row, column, value)


def _products(hessian: SparseRows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turns half of x'Qx into one term per pair of columns, first before second."""
    row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
    keep = hessian.column >= row
    row, column, value = row[keep], hessian.column[keep], hessian.value[keep]
    return row, column, np.where(row == column, value / 2, value)


def _write_rows(model: Any, instance: MatrixInstance) -> None:
    matrix = instance.matrix
    row = np.repeat(np.arange(instance.rows), np.diff(matrix.start))
    quadratic = np.zeros(instance.rows, dtype=bool)
    quadratic[[part.row for part in instance.quadratic_rows]] = True
    linear = np.flatnonzero(~quadratic)
    model.linear_constraints.ids.extend(linear.tolist())
    model.linear_constraints.lower_bounds.extend(instance.row_lower[linear].tolist())
    model.linear_constraints.upper_bounds.extend(instance.row_upper[linear].tolist())
    used = ~quadratic[row] & (matrix.value != 0)
    order = np.lexsort((matrix.column[used], row[used]))  # MathOpt wants the columns of a row in order
    _write_matrix(
        model.linear_constraint_matrix, row[used][order], matrix.column[used][order], matrix.value[used][order]
    )
    for number in np.flatnonzero(quadratic).tolist():
        _write_quadratic_row(model.quadratic_constraints[number], instance, number)


def _write_quadratic_row(target: Any, instance: MatrixInstance, number: int) -> None:
    matrix = instance.matrix
    part = slice(matrix.start[number], matrix.start[number + 1])
    column, value = matrix.column[part], matrix.value[part]
    order = np.argsort(column)
    target.linear_terms.ids.extend(column[order].tolist())
    target.linear_terms.values.extend(value[order].tolist())
    target.lower_bound, target.upper_bound = float(instance.row_lower[number]), float(instance.row_upper[number])
    pairs: dict[tuple[int, int], float] = {}
    for term in instance.quadratic_rows:
        if term.row == number:
            triples = zip(term.first.tolist(), term.second.tolist(), term.value.tolist(), strict=True)
            for first, second, factor in triples:
                key = (min(first, second), max(first, second))
                pairs[key] = pairs.get(key, 0.0) + factor
    ordered = sorted(pairs)
    target.quadratic_terms.row_ids.extend(first for first, _ in ordered)
    target.quadratic_terms.column_ids.extend(second for _, second in ordered)
    target.quadratic_terms.coefficients.extend(pairs[key] for key in ordered)


def _write_matrix(target: Any, row: np.ndarray, column: np.ndarray, value: np.ndarray) -> None:
    target.row_ids.extend(row.tolist())
    target.column_ids.extend(column.tolist())
    target.coefficients.extend(value.tolist())
