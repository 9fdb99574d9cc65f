"""What a model of rows and columns looks like: sizes, counts, ranges of coefficients, a picture of its structure."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvitur.api import (
    CONTINUOUS,
    INTEGER,
    SEMI_CONTINUOUS,
    SEMI_INTEGER,
    Heatmap,
    MatrixInstance,
    Picture,
)

CELLS = 120
"""The structure picture has at most this many cells each way."""


def facts(instance: MatrixInstance) -> dict[str, Any]:
    """Returns sizes, counts by type, density, and ranges of absolute values, by words."""
    codes, low, high = instance.integrality, instance.column_lower, instance.column_upper
    whole = codes == INTEGER
    binary = whole & (low >= 0) & (high <= 1)
    found: dict[str, Any] = {
        "sense": "maximise" if instance.sense == "max" else "minimise",
        "variables": instance.columns,
        "continuous": int((codes == CONTINUOUS).sum()),
        "binary": int(binary.sum()),
        "integer": int((whole & ~binary).sum()),
        "semi-continuous": int((codes == SEMI_CONTINUOUS).sum()),
        "semi-integer": int((codes == SEMI_INTEGER).sum()),
        "free": int((np.isneginf(low) & np.isposinf(high)).sum()),
        "fixed": int((low == high).sum()),
        "constraints": instance.rows,
        **_row_counts(instance),
        "nonzeros": instance.matrix.nonzeros,
        "density": instance.matrix.nonzeros / max(1, instance.rows * instance.columns),
        "quadratic terms": instance.hessian.nonzeros if instance.hessian is not None else 0,
        "quadratic constraints": len({part.row for part in instance.quadratic_rows}),
    }
    ranged = {
        "matrix": instance.matrix.value,
        "cost": instance.cost,
        "bounds": np.concatenate([low, high]),
        "right-hand sides": np.concatenate([instance.row_lower, instance.row_upper]),
    }
    for name, values in ranged.items():
        sizes = np.abs(values[np.isfinite(values) & (values != 0)])
        if sizes.size:
            found[f"smallest {name}"] = float(sizes.min())
            found[f"largest {name}"] = float(sizes.max())
    return found


def _row_counts(instance: MatrixInstance) -> dict[str, int]:
    low, high = instance.row_lower, instance.row_upper
    has_low, has_high = np.isfinite(low), np.isfinite(high)
    equal = has_low & (low == high)
    return {
        "equalities": int(equal.sum()),
        "at most": int((~has_low & has_high).sum()),
        "at least": int((has_low & ~has_high).sum()),
        "ranges": int((has_low & has_high & ~equal).sum()),
        "unbounded rows": int((~has_low & ~has_high).sum()),
    }


def pictures(instance: MatrixInstance) -> tuple[Picture, ...]:
    """Returns the structure picture: how many nonzeros each cell of the matrix holds."""
    if not instance.rows or not instance.columns or not instance.matrix.nonzeros:
        return ()
    matrix = instance.matrix
    down, across = min(CELLS, instance.rows), min(CELLS, instance.columns)
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start)) * down // instance.rows
    column = matrix.column.astype(np.int64) * across // instance.columns
    counts = np.bincount(row * across + column, minlength=down * across).reshape(down, across).astype(np.float64)
    counts[counts == 0] = np.nan
    shrunk = down < instance.rows or across < instance.columns
    caption = f"{instance.rows} x {instance.columns}, {matrix.nonzeros} nonzeros"
    if shrunk:
        caption += f"; each cell sums up to {-(-instance.rows // down)} x {-(-instance.columns // across)} entries"
    return (
        Heatmap(
            "Structure",
            caption,
            tuple(_label(instance.constraint_of, k, down, instance.rows) for k in range(down)),
            tuple(_label(instance.variable_of, k, across, instance.columns) for k in range(across)),
            counts,
            "nonzeros",
            "constraints",
            "variables",
        ),
    )


def _label(name_of: Any, cell: int, cells: int, count: int) -> str:
    first, last = -(-cell * count // cells), -(-(cell + 1) * count // cells) - 1
    return str(name_of(first)) if first >= last else f"{name_of(first)} to {name_of(last)}"
