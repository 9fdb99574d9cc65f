"""Writes an instance as MathOpt's protocol message, array by array."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.math_opt import model_pb2

from solvitur.api import INTEGER, ConditionalRows, MatrixInstance, SparseRows


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
    conditional = np.zeros(instance.rows, dtype=bool)
    if instance.conditional is not None:
        conditional[instance.conditional.row] = True
        _write_conditions(model.indicator_constraints, instance, instance.conditional)
    linear = np.flatnonzero(~quadratic & ~conditional)
    model.linear_constraints.ids.extend(linear.tolist())
    model.linear_constraints.lower_bounds.extend(instance.row_lower[linear].tolist())
    model.linear_constraints.upper_bounds.extend(instance.row_upper[linear].tolist())
    used = ~quadratic[row] & ~conditional[row] & (matrix.value != 0)
    order = np.lexsort((matrix.column[used], row[used]))  # MathOpt wants the columns of a row in order
    _write_matrix(
        model.linear_constraint_matrix, row[used][order], matrix.column[used][order], matrix.value[used][order]
    )
    for number in np.flatnonzero(quadratic).tolist():
        _write_quadratic_row(model.quadratic_constraints[number], instance, number)


def _write_conditions(target: Any, instance: MatrixInstance, conditional: ConditionalRows) -> None:
    """Writes rows that hold only where a binary column has a value, one for each of their sides."""
    matrix, number = instance.matrix, 0
    triples = zip(conditional.column.tolist(), conditional.value.tolist(), conditional.row.tolist(), strict=True)
    for column, value, row in triples:
        part = slice(matrix.start[row], matrix.start[row + 1])
        columns, values = matrix.column[part], matrix.value[part]
        order = np.argsort(columns)
        for low, high in ((instance.row_lower[row], np.inf), (-np.inf, instance.row_upper[row])):
            if np.isinf(low) and np.isinf(high):
                continue
            written = target[number]
            written.indicator_id = column
            written.activate_on_zero = value == 0
            written.expression.ids.extend(columns[order].tolist())
            written.expression.values.extend(values[order].tolist())
            written.lower_bound, written.upper_bound = float(low), float(high)
            number += 1


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
