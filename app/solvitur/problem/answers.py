"""Answers of matrix instances: takes a solver's rounding noise away without harming feasibility."""

from __future__ import annotations

import numpy as np

from solvitur.problem.instance import INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER, MatrixInstance

_NOISE = 1e-5
"""Farther than this from a whole number or a bound is no rounding noise and stays as it is."""


def tidied(instance: MatrixInstance, values: np.ndarray) -> np.ndarray:
    """Returns the answer with whole variables whole and bounds kept, if its rows are then violated no more.

    Parameters
    ----------
    values : float64 array, shape (columns,)
        What the solver returned; not changed.
    """
    clean = np.array(values, dtype=np.float64)
    semi = (instance.integrality == SEMI_CONTINUOUS) | (instance.integrality == SEMI_INTEGER)
    clipped = np.clip(clean, instance.column_lower, instance.column_upper)
    near = (np.abs(clipped - clean) <= _NOISE * np.maximum(1.0, np.abs(clean))) & (~semi | (np.abs(clean) > _NOISE))
    clean[near] = clipped[near]
    clean[semi & (np.abs(clean) <= _NOISE) & (instance.column_lower > _NOISE)] = 0.0
    whole = (instance.integrality == INTEGER) | (instance.integrality == SEMI_INTEGER)
    nearest = np.rint(clean)
    snap = whole & (np.abs(nearest - clean) <= _NOISE)
    clean[snap] = nearest[snap]
    clean += 0.0  # turns -0.0 into 0.0
    if np.array_equal(clean, values) or worst_violation(instance, clean) <= max(
        worst_violation(instance, values), 1e-9
    ):
        return clean
    return np.asarray(values, dtype=np.float64)


def worst_violation(instance: MatrixInstance, values: np.ndarray) -> float:
    """Returns the largest row violation, relative to ``max(1, |largest term|, |side|)`` of its row."""
    if not instance.rows:
        return 0.0
    matrix = instance.matrix
    activity = instance.row_activity(values)
    terms = np.abs(matrix.value * values[matrix.column])
    scale = np.ones(instance.rows)
    np.maximum.at(scale, np.repeat(np.arange(matrix.rows), np.diff(matrix.start)), terms)
    worst = 0.0
    idle = _idle_rows(instance, values)
    for side, sign in ((instance.row_lower, 1.0), (instance.row_upper, -1.0)):
        side = np.where(idle, np.inf, side) if idle is not None else side
        finite = np.isfinite(side)
        if finite.any():
            gap = sign * (side[finite] - activity[finite]) / np.maximum(scale[finite], np.abs(side[finite]))
            worst = max(worst, float(gap.max()))
    return worst


def _idle_rows(instance: MatrixInstance, values: np.ndarray) -> np.ndarray | None:
    """Tells which rows need not hold because their condition does not; None when all must."""
    conditional = instance.conditional
    if conditional is None:
        return None
    idle = np.zeros(instance.rows, bool)
    idle[conditional.row] = np.rint(values[conditional.column]) != conditional.value
    return idle
