"""Reads a plain MPS file with HiGHS's reader and turns it into an instance."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from solvitur.api import (
    Block,
    Finding,
    InputError,
    MatrixInstance,
    Place,
    QuadraticRow,
    Severity,
    SparseRows,
    is_convex,
)
from solvitur_files import mps_scan, mps_shape
from solvitur_files.text_checks import look_over

_INFINITE = 1e20
"""HiGHS's own limit: bounds from here on count as infinite."""
_COMPLAINT = re.compile(r"^\s*(?:WARNING|ERROR):\s*(.+?)\s*$", re.MULTILINE)
_HARMLESS = ("inconsistent bounds", "Model has either no columns")


def read_mps(path: Path, shown: str) -> tuple[MatrixInstance, tuple[Finding, ...]]:
    """Reads a model and refuses what HiGHS would silently drop or misread.

    Parameters
    ----------
    path : Path
        The plain file, ending in ``.mps``.
    shown : str
        The file's name for messages.

    Raises
    ------
    InputError
        With file, line and what was expected, if the file is malformed.
    """
    look_over(path, shown)
    shape = mps_shape.shape(path)
    if shape.plain:
        return _read_plain(path, path, shown, shape)
    with tempfile.TemporaryDirectory(prefix="solvitur-") as folder:
        plain = Path(folder) / "plain.mps"
        scanned = mps_scan.scan(path, shown, plain)
        _refuse(scanned)
        shape = mps_shape.shape(plain)
        if not shape.plain:
            raise InputError.at("this is too unlike MPS to be read", place=Place(shown))
        instance, notes = _read_plain(plain, path, shown, shape)
    return _with_products(instance, scanned.products), notes


def _read_plain(
    plain: Path, path: Path, shown: str, shape: mps_shape.Shape
) -> tuple[MatrixInstance, tuple[Finding, ...]]:
    """Reads a file of plain shape; what HiGHS doubts is looked for in the original file."""
    lp, hessian, complaints = _read(plain)
    doubts = [text for text in complaints if not any(word in text for word in _HARMLESS)]
    instance = _instance(lp, hessian, shape) if lp is not None else None
    if doubts or instance is None or not _sound(instance, shape):
        _refuse(mps_scan.scan(path, shown))
    if instance is None:
        hint = doubts[0] if doubts else "the reader gave no reason"
        raise InputError.at(f"this could not be read as MPS: {hint}", place=Place(shown))
    notes = [Finding(Severity.WARNING, f"while reading: {text}", place=Place(shown)) for text in doubts]
    return instance, tuple(notes)


def _refuse(scanned: mps_scan.Scanned) -> None:
    if scanned.findings:
        raise InputError(scanned.findings)


def _with_products(instance: MatrixInstance, products: dict[str, list[tuple[str, str, float]]]) -> MatrixInstance:
    if not products:
        return instance
    rows = {name: k for k, name in enumerate(instance.constraints[0].sets[0])}
    columns = {name: k for k, name in enumerate(instance.variables[0].sets[0])}
    parts = []
    for row, terms in products.items():
        first = np.array([columns[term[0]] for term in terms], np.int32)
        second = np.array([columns[term[1]] for term in terms], np.int32)
        parts.append(QuadraticRow(rows[row], first, second, np.array([term[2] for term in terms])))
    return replace(instance, quadratic_rows=tuple(parts))


def _read(path: Path) -> tuple[Any, Any, list[str]]:
    highs = highspy.Highs()
    with tempfile.TemporaryDirectory(prefix="solvitur-") as folder:
        # The log goes through a file: a callback would have to decode the names of a file in a wrong encoding.
        log = Path(folder) / "read.log"
        settings = {
            "log_to_console": False,
            "log_file": str(log),
            "large_matrix_value": float("inf"),
            "small_matrix_value": 1e-12,
        }
        for name, value in settings.items():
            highs.setOptionValue(name, value)
        status = highs.readModel(str(path))
        highs.setOptionValue("log_file", "")
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    complaints = _COMPLAINT.findall(text)
    if status == highspy.HighsStatus.kError:
        return None, None, complaints
    highs.ensureRowwise()
    model = highs.getModel()
    return model.lp_, model.hessian_, complaints


def _sound(instance: MatrixInstance, shape: mps_shape.Shape) -> bool:
    """Tells whether names are there and distinct, no column was made up, and numbers are numbers."""
    columns, rows = (block.sets[0] for block in (*instance.variables, *instance.constraints))
    if len(set(columns)) < instance.columns or len(set(rows)) < instance.rows:
        return False
    if columns and columns[-1] != shape.last_column.replace(mps_scan.BLANK, " "):
        return False
    finite = (instance.cost, instance.matrix.value)
    bounds = (instance.column_lower, instance.column_upper, instance.row_lower, instance.row_upper)
    return all(bool(np.isfinite(v).all()) for v in finite) and not any(bool(np.isnan(v).any()) for v in bounds)


def _instance(lp: Any, hessian: Any, shape: mps_shape.Shape) -> MatrixInstance:
    matrix = SparseRows(
        lp.num_row_,
        lp.num_col_,
        np.fromiter(lp.a_matrix_.start_, np.int32),
        np.fromiter(lp.a_matrix_.index_, np.int32),
        _doubles(lp.a_matrix_.value_),
    )
    if matrix.start.size != lp.num_row_ + 1:
        matrix = SparseRows.empty(lp.num_row_, lp.num_col_)
    integrality = np.zeros(lp.num_col_, np.uint8)
    if lp.integrality_:
        integrality[:] = [int(kind) for kind in lp.integrality_]
    sense = shape.sense or ("max" if lp.sense_ == highspy.ObjSense.kMaximize else "min")
    quadratic = _full(hessian)
    return MatrixInstance(
        sense,
        _doubles(lp.col_cost_),
        float(lp.offset_),
        matrix,
        _bounds(lp.row_lower_),
        _bounds(lp.row_upper_),
        _bounds(lp.col_lower_),
        _bounds(lp.col_upper_),
        integrality,
        (Block("", 0, lp.num_col_, (_names(lp.col_names_),), ("variable",)),),
        (Block("", 0, lp.num_row_, (_names(lp.row_names_),), ("constraint",)),),
        quadratic,
        objective_name=shape.objective,
        convex=quadratic is None or is_convex(quadratic, sense),
    )


def _names(names: list[str]) -> tuple[str, ...]:
    return tuple(name.replace(mps_scan.BLANK, " ") for name in names)


def _full(hessian: Any) -> SparseRows | None:
    """Mirrors HiGHS's lower triangle, stored by columns, into the full symmetric matrix by rows."""
    value = _doubles(hessian.value_)
    if not hessian.dim_ or not value.any():
        return None
    size = hessian.dim_
    below = np.array(hessian.index_, dtype=np.int64)
    across = np.repeat(np.arange(size), np.diff(np.array(hessian.start_[: size + 1])))
    off = (below != across) & (value != 0)
    on = value != 0  # HiGHS fills the diagonal with zeros
    row = np.concatenate([below[on], across[off]])
    column = np.concatenate([across[on], below[off]])
    values = np.concatenate([value[on], value[off]])
    order = np.lexsort((column, row))
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=size))])
    return SparseRows(size, size, start.astype(np.int32), column[order].astype(np.int32), values[order])


def _doubles(values: Any) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def _bounds(values: Any) -> np.ndarray:
    bounds = _doubles(values)
    bounds[bounds >= _INFINITE] = np.inf
    bounds[bounds <= -_INFINITE] = -np.inf
    return bounds
