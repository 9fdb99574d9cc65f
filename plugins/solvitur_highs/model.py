"""Hands an instance to HiGHS as arrays, in one call."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from solvitur.api import CONTINUOUS, INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER, MatrixInstance, SolverFailed, SparseRows

SEMI_UPPER = 1e5
"""The largest upper bound that HiGHS takes on a semi-continuous variable."""


SMALL_COEFFICIENT = 1e-9
"""What HiGHS drops by default."""


class Handed:
    """A model inside HiGHS, and how to read its answers back in the instance's own columns."""

    def __init__(self, instance: MatrixInstance) -> None:
        self.columns = instance.columns
        self.instance = instance = _without_wide_semi(instance)
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        # HiGHS silently drops coefficients of 1e-9 and less, which nasty models do have. But keeping
        # smaller ones than the model has makes its simplex lose infeasibility proofs.
        least = float(np.abs(instance.matrix.value).min(initial=1.0))
        if least <= SMALL_COEFFICIENT:
            self.highs.setOptionValue("small_matrix_value", 1e-12)
        self._pass(instance.cost, instance.offset, with_hessian=instance.hessian is not None)

    def forget_objective(self) -> None:
        """Replaces the objective by zero, to ask for feasibility alone."""
        self._pass(np.zeros(self.instance.columns), 0.0, with_hessian=False)

    def answer(self) -> np.ndarray:
        """Returns the columns' values of the current solution."""
        return np.asarray(self.highs.getSolution().col_value, dtype=np.float64)[: self.columns]

    def _pass(self, cost: np.ndarray, offset: float, *, with_hessian: bool) -> None:
        instance, matrix = self.instance, self.instance.matrix
        q_start, q_index, q_value = _lower_triangle(instance) if with_hessian else (np.zeros(0, np.int32),) * 3
        integrality = plain_integrality(instance)
        discrete = integrality.any()
        sense = highspy.ObjSense.kMaximize if instance.sense == "max" else highspy.ObjSense.kMinimize
        arguments = (
            instance.columns,
            instance.rows,
            matrix.nonzeros,
            int(highspy.MatrixFormat.kRowwise),
            int(sense),
            float(offset),
            _doubles(cost),
            _doubles(instance.column_lower),
            _doubles(instance.column_upper),
            _doubles(instance.row_lower),
            _doubles(instance.row_upper),
            _indices(matrix.start),
            _indices(matrix.column),
            _doubles(matrix.value),
        )
        whole = integrality.astype(np.int32) if discrete else np.zeros(instance.columns, np.int32)
        if with_hessian:
            head, body = arguments[:3], arguments[4:]
            triangular = int(highspy.HessianFormat.kTriangular)
            status = self.highs.passModel(
                *head, len(q_value), arguments[3], triangular, *body, q_start, q_index, q_value, whole
            )
        else:
            status = self.highs.passModel(*arguments, whole)
        if status == highspy.HighsStatus.kError:
            raise SolverFailed(_complaint(instance))


def plain_integrality(instance: MatrixInstance) -> np.ndarray:
    """Returns the integrality codes, with semi-continuous columns that may be 0 anyway made ordinary."""
    codes = np.asarray(instance.integrality)
    ordinary = (instance.column_lower <= 0) & (instance.column_upper >= 0)
    if not ((codes >= SEMI_CONTINUOUS) & ordinary).any():
        return codes
    codes = np.where((codes == SEMI_CONTINUOUS) & ordinary, CONTINUOUS, codes)
    return np.where((codes == SEMI_INTEGER) & ordinary, INTEGER, codes)


def _without_wide_semi(instance: MatrixInstance) -> MatrixInstance:
    """Replaces semi-continuous columns whose upper bound is beyond HiGHS by a binary switch and two rows each."""
    codes = plain_integrality(instance)
    wide = np.flatnonzero((codes >= SEMI_CONTINUOUS) & (instance.column_upper > SEMI_UPPER))
    count = len(wide)
    if not count:
        return instance
    low, high = instance.column_lower[wide], instance.column_upper[wide]
    switch = instance.columns + np.arange(count)
    matrix = instance.matrix
    # x - high * switch <= 0 and x - low * switch >= 0, one after the other.
    column = np.stack([wide, switch, wide, switch], axis=1).ravel()
    value = np.stack([np.ones(count), -high, np.ones(count), -low], axis=1).ravel()
    start = matrix.start[-1] + 2 * np.arange(1, 2 * count + 1)
    rows = SparseRows(
        matrix.rows + 2 * count,
        instance.columns + count,
        np.concatenate([matrix.start, start]),
        np.concatenate([matrix.column, column]),
        np.concatenate([matrix.value, value]),
    )
    lower, integrality = instance.column_lower.copy(), codes.copy()
    lower[wide] = 0.0
    integrality[wide] = np.where(codes[wide] == SEMI_INTEGER, INTEGER, CONTINUOUS)
    return replace(
        instance,
        cost=np.concatenate([instance.cost, np.zeros(count)]),
        matrix=rows,
        row_lower=np.concatenate([instance.row_lower, np.tile([-np.inf, 0.0], count)]),
        row_upper=np.concatenate([instance.row_upper, np.tile([0.0, np.inf], count)]),
        column_lower=np.concatenate([lower, np.zeros(count)]),
        column_upper=np.concatenate([instance.column_upper, np.ones(count)]),
        integrality=np.concatenate([integrality, np.full(count, INTEGER, integrality.dtype)]),
    )


def _lower_triangle(instance: MatrixInstance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # Row i's entries at columns >= i are, Q being symmetric, column i's entries at rows >= i.
    hessian = instance.hessian
    assert hessian is not None
    row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
    keep = hessian.column >= row
    start = np.concatenate([[0], np.cumsum(np.bincount(row[keep], minlength=hessian.rows))])
    return _indices(start), _indices(hessian.column[keep]), _doubles(hessian.value[keep])


def _doubles(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.float64)


def _indices(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.int32)


def _complaint(instance: MatrixInstance) -> str:
    largest = float(np.abs(instance.matrix.value).max(initial=0.0))
    if largest > 1e15:
        return f"HiGHS takes no coefficients above 1e15; the largest here is {largest:g}"
    if np.abs(instance.cost).max(initial=0.0) >= 1e20:
        return "HiGHS takes no objective coefficients of 1e20 and more"
    return "HiGHS refused the model"
