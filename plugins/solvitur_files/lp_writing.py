"""Writes LP files (the CPLEX format) so that every number reads back to the same bits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from solvitur.api import CONTINUOUS, INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER, MatrixInstance
from solvitur_files.mps_writing import number
from solvitur_files.portable_names import lp_names

_WIDTH = 200
"""Sums are broken into lines of about this many letters."""


def lp_lines(instance: MatrixInstance, name: str) -> Iterator[str]:
    """Yields the lines of a file."""
    columns = lp_names(instance.variables, prefix="x")
    rows = lp_names(instance.constraints, prefix="c")
    yield f"\\ {' '.join(name.split())}"
    yield "Maximize" if instance.sense == "max" else "Minimize"
    yield from _wrapped(" obj:", _objective(instance, columns))
    yield "Subject To"
    yield from _rows(instance, columns, rows)
    yield "Bounds"
    yield from _bounds(instance, columns)
    yield from _types(instance, columns)
    yield "End"


def _objective(instance: MatrixInstance, columns: list[str]) -> Iterator[str]:
    # Every column stands in the objective, so that a reader meets them in their order.
    yield from (_term(cost, columns[k]) for k, cost in enumerate(instance.cost.tolist()))
    if instance.hessian is not None:
        hessian = instance.hessian
        row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start)).tolist()
        products = []
        for first, second, value in zip(row, hessian.column.tolist(), hessian.value.tolist(), strict=True):
            if second >= first:
                products.append(_product(value if first == second else 2 * value, columns[first], columns[second]))
        yield "+ ["
        yield from products
        yield "] / 2"
    if instance.offset:
        yield _signed(instance.offset)


def _rows(instance: MatrixInstance, columns: list[str], rows: list[str]) -> Iterator[str]:
    matrix = instance.matrix
    start, column, value = matrix.start.tolist(), matrix.column.tolist(), matrix.value.tolist()
    products: dict[int, list[str]] = {}
    for part in instance.quadratic_rows:
        triples = zip(part.first.tolist(), part.second.tolist(), part.value.tolist(), strict=True)
        products.setdefault(part.row, []).extend(_product(v, columns[i], columns[j]) for i, j, v in triples)
    sides = zip(instance.row_lower.tolist(), instance.row_upper.tolist(), strict=True)
    for row, (low, high) in enumerate(sides):
        terms = [_term(value[k], columns[column[k]]) for k in range(start[row], start[row + 1])]
        terms += ["+ [", *products[row], "]"] if row in products else []
        terms = terms or [f"0 {columns[0]}"]
        if low == high:
            ending = f"= {number(low)}"
        elif math.isinf(low) and math.isinf(high):
            ending = ">= -inf"
        elif math.isinf(high):
            ending = f">= {number(low)}"
        else:
            ending = f"<= {number(high)}"
        label = f" {rows[row]}:" + (f" {number(low)} <=" if ending[0] == "<" and not math.isinf(low) else "")
        yield from _wrapped(label, [*terms, ending])


def _bounds(instance: MatrixInstance, columns: list[str]) -> Iterator[str]:
    low, high = instance.column_lower.tolist(), instance.column_upper.tolist()
    for name, least, most in zip(columns, low, high, strict=True):
        if least == -math.inf and most == math.inf:
            yield f" {name} free"
        elif least == most:
            yield f" {name} = {number(least)}"
        elif most == math.inf:
            if least:
                yield f" {name} >= {number(least)}"
        else:
            yield f" {'-inf' if least == -math.inf else number(least)} <= {name} <= {number(most)}"


def _types(instance: MatrixInstance, columns: list[str]) -> Iterator[str]:
    titles = {"General": (INTEGER, SEMI_INTEGER), "Semi-Continuous": (SEMI_CONTINUOUS, SEMI_INTEGER)}
    for title, codes in titles.items():
        marked = np.flatnonzero(np.isin(instance.integrality, codes) & (instance.integrality != CONTINUOUS))
        if marked.size:
            yield title
            yield from _wrapped("", (columns[k] for k in marked.tolist()))


def _signed(value: float) -> str:
    return f"- {number(-value)}" if value < 0 or math.copysign(1.0, value) < 0 else f"+ {number(value)}"


def _term(value: float, name: str) -> str:
    return f"{_signed(value)} {name}"


def _product(value: float, first: str, second: str) -> str:
    return f"{_signed(value)} {first} ^ 2" if first == second else f"{_signed(value)} {first} * {second}"


def _wrapped(label: str, words: Iterable[str]) -> Iterator[str]:
    line = label
    for word in words:
        if len(line) + len(word) > _WIDTH and line.strip():
            yield line
            line = " "
        line += " " + word
    yield line
