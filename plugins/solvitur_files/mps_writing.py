"""Writes free MPS so that every number reads back to the same bits."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from solvitur.api import INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER, MatrixInstance, SparseRows
from solvitur_files.portable_names import mps_names

_FREE_SIDE = -1e30
"""A side that readers take for infinite: rows without sides must not become objectives."""


def mps_lines(instance: MatrixInstance, name: str) -> Iterator[str]:
    """Yields the lines of a file."""
    columns = mps_names(instance.variables, prefix="x")
    target = "_".join(instance.objective_name.split()) or "obj"
    rows = mps_names(instance.constraints, prefix="c", taken=[target])
    yield f"NAME {'_'.join(name.split()) or 'model'}"
    if instance.sense == "max":
        yield "OBJSENSE"
        yield "    MAX"
    kinds, sides, ranges = _sides(instance)
    yield "ROWS"
    yield f" N {target}"
    yield from (f" {kind} {row}" for kind, row in zip(kinds, rows, strict=True))
    yield "COLUMNS"
    yield from _columns(instance, columns, rows, target)
    yield "RHS"
    if instance.offset:
        yield f" RHS {target} {number(-instance.offset)}"
    yield from (f" RHS {row} {number(side)}" for row, side in zip(rows, sides, strict=True) if side)
    if ranges:
        yield "RANGES"
        yield from (f" RNG {rows[row]} {number(width)}" for row, width in ranges.items())
    yield "BOUNDS"
    yield from _bounds(instance, columns)
    if instance.hessian is not None:
        yield "QUADOBJ"
        yield from _lower(instance.hessian, columns)
    for part in instance.quadratic_rows:
        yield f"QCMATRIX {rows[part.row]}"
        triples = zip(part.first.tolist(), part.second.tolist(), part.value.tolist(), strict=True)
        for first, second, value in triples:
            if first == second:
                yield f" {columns[first]} {columns[first]} {number(value)}"
            else:
                yield f" {columns[first]} {columns[second]} {number(value / 2)}"
                yield f" {columns[second]} {columns[first]} {number(value / 2)}"
    yield "ENDATA"


def number(value: float) -> str:
    """Returns the shortest text that reads back to the same number."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def _sides(instance: MatrixInstance) -> tuple[list[str], list[float], dict[int, float]]:
    kinds, sides, ranges = [], [], {}
    for row, (low, high) in enumerate(zip(instance.row_lower.tolist(), instance.row_upper.tolist(), strict=True)):
        if low == high:
            kind, side = "E", low
        elif math.isinf(low) and math.isinf(high):
            kind, side = "G", _FREE_SIDE
        elif math.isinf(high):
            kind, side = "G", low
        elif math.isinf(low):
            kind, side = "L", high
        else:
            width = high - low
            kind, side = ("L", high) if high - width == low else ("G", low)
            ranges[row] = width
        kinds.append(kind)
        sides.append(side)
    return kinds, sides, ranges


def _columns(instance: MatrixInstance, columns: list[str], rows: list[str], target: str) -> Iterator[str]:
    matrix = instance.matrix
    order = np.argsort(matrix.column, kind="stable")
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))[order].tolist()
    value = matrix.value[order].tolist()
    ends = np.cumsum(np.bincount(matrix.column, minlength=instance.columns)).tolist()
    whole = np.isin(instance.integrality, (INTEGER, SEMI_INTEGER)).tolist()
    cost, at, inside = instance.cost.tolist(), 0, False
    for column, name in enumerate(columns):
        if whole[column] != inside:
            inside = whole[column]
            yield f" M{column} 'MARKER' '{'INTORG' if inside else 'INTEND'}'"
        if cost[column] or at == ends[column]:
            yield f" {name} {target} {number(cost[column])}"
        for k in range(at, ends[column]):
            yield f" {name} {rows[row[k]]} {number(value[k])}"
        at = ends[column]
    if inside:
        yield " MEND 'MARKER' 'INTEND'"


def _bounds(instance: MatrixInstance, columns: list[str]) -> Iterator[str]:
    codes = instance.integrality.tolist()
    low, high = instance.column_lower.tolist(), instance.column_upper.tolist()
    for name, code, least, most in zip(columns, codes, low, high, strict=True):
        if code in (SEMI_CONTINUOUS, SEMI_INTEGER):
            if least:
                yield f" LO BND {name} {number(least)}"
            yield f" {'SC' if code == SEMI_CONTINUOUS else 'SI'} BND {name} {number(min(most, 1e30))}"
        elif least == -math.inf and most == math.inf:
            yield f" FR BND {name}"
        elif least == most:
            yield f" FX BND {name} {number(least)}"
        else:
            if least == -math.inf:
                yield f" MI BND {name}"
            elif least or most < 0:
                yield f" LO BND {name} {number(least)}"
            if most != math.inf:
                yield f" UP BND {name} {number(most)}"
            elif code == INTEGER:  # readers give whole columns without bounds an upper bound of 1
                yield f" PL BND {name}"


def _lower(hessian: SparseRows, columns: list[str]) -> Iterator[str]:
    row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start)).tolist()
    for first, second, value in zip(row, hessian.column.tolist(), hessian.value.tolist(), strict=True):
        if second >= first:
            yield f" {columns[first]} {columns[second]} {number(value)}"
