"""Behaviour of models compared: the same optimum, and the same answers allowed on probes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvitur.api import MatrixInstance

_ROUNDS = 4
_MOST_SIGNED = 20_000
"""Larger models are compared on probes only: hashing every entry would take seconds."""
_PROBES = 60
_OPTIMUM = 1e-6
_FEASIBLE = 1e-6


@dataclass(frozen=True, eq=False)
class Behaviour:
    """What is compared of a model: its instance, its answer and optimum, and a signature that names do not change."""

    instance: Any
    answer: Any
    objective: float | None
    status: str
    signature: str


def behaviour_of(instance: Any, answer: Any, objective: float | None, status: str) -> Behaviour:
    """Looks at a bound model and its answer."""
    signature = signature_of(instance) if isinstance(instance, MatrixInstance) else ""
    return Behaviour(instance, answer, objective, status, signature)


def alike(first: Behaviour, second: Behaviour) -> bool:
    """Tells whether two models behave alike: same optimum, and same feasible set on probes where variables match."""
    if first.status != second.status or not same_optimum(first.objective, second.objective):
        return False
    if first.signature and first.signature == second.signature:
        return True
    if not isinstance(first.instance, MatrixInstance) or not isinstance(second.instance, MatrixInstance):
        return True
    if first.instance.sense != second.instance.sense:
        return False
    match = matched(first.instance, second.instance)
    return match is None or _same_on_probes(first, second, match)


def same_optimum(first: float | None, second: float | None) -> bool:
    """Tells whether two optima are the same to 1e-6, relative or absolute."""
    if first is None or second is None:
        return first is second
    return abs(first - second) <= _OPTIMUM * max(1.0, abs(first), abs(second))


def signature_of(instance: MatrixInstance) -> str:
    """Hashes a linear model's structure and numbers so that order and names of variables and rows do not matter."""
    if instance.hessian is not None or instance.quadratic_rows or instance.matrix.nonzeros > _MOST_SIGNED:
        return ""
    rows, lower, upper = _normal_rows(instance)
    matrix = instance.matrix
    row_of = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    column_lower, column_upper, keep = _folded_bounds(instance, rows, lower, upper, row_of)
    sign = 1.0 if instance.sense == "min" else -1.0
    column_colours = [
        _hash(f"{sign * c:.9g}|{lo:.9g}|{hi:.9g}|{k}")
        for c, lo, hi, k in zip(
            instance.cost.tolist(),
            column_lower.tolist(),
            column_upper.tolist(),
            instance.integrality.tolist(),
            strict=True,
        )
    ]
    row_colours = [_hash(f"{lo:.9g}|{hi:.9g}") for lo, hi in zip(lower.tolist(), upper.tolist(), strict=True)]
    entries = [
        (int(r), int(c), f"{v:.9g}")
        for r, c, v in zip(row_of.tolist(), matrix.column.tolist(), rows.tolist(), strict=True)
        if keep[r] and v != 0
    ]
    for _ in range(_ROUNDS):
        by_row: dict[int, list[str]] = {}
        by_column: dict[int, list[str]] = {}
        for r, c, v in entries:
            by_row.setdefault(r, []).append(f"{v}:{column_colours[c]}")
            by_column.setdefault(c, []).append(f"{v}:{row_colours[r]}")
        row_colours = [_hash(own + "".join(sorted(by_row.get(at, ())))) for at, own in enumerate(row_colours)]
        column_colours = [
            _hash(own + "".join(sorted(by_column.get(at, ())))) for at, own in enumerate(column_colours)
        ]
    kept_rows = sorted(colour for at, colour in enumerate(row_colours) if keep[at])
    return _hash(instance.sense + f"{sign * instance.offset:.9g}" + "".join(sorted(column_colours) + kept_rows))


def matched(first: MatrixInstance, second: MatrixInstance) -> np.ndarray | None:
    """Matches columns by the names of variables and members, or returns None when they do not all match."""
    names = {_plain(name): at for at, name in enumerate(_column_names(second))}
    wanted = [_plain(name) for name in _column_names(first)]
    if len(names) != len(wanted) or set(names) != set(wanted):
        return None
    return np.array([names[name] for name in wanted], dtype=np.int64)


def allows(instance: MatrixInstance, point: np.ndarray) -> bool:
    """Tells whether a point meets bounds, rows and integrality of a linear model."""
    slack = _FEASIBLE * np.maximum(1.0, np.abs(point))
    if (point < instance.column_lower - slack).any() or (point > instance.column_upper + slack).any():
        return False
    whole = np.isin(instance.integrality, (1, 3))
    if (np.abs(point[whole] - np.round(point[whole])) > _FEASIBLE).any():
        return False
    matrix = instance.matrix
    row_of = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    activity = np.bincount(row_of, weights=matrix.value * point[matrix.column], minlength=matrix.rows)
    for part in instance.quadratic_rows:
        activity[part.row] += float(np.sum(part.value * point[part.first] * point[part.second]))
    room = _FEASIBLE * np.maximum(1.0, np.abs(activity))
    low, high = instance.row_lower - room, instance.row_upper + room
    return bool(((activity >= low) & (activity <= high)).all())


def _same_on_probes(first: Behaviour, second: Behaviour, match: np.ndarray) -> bool:
    back = np.empty_like(match)
    back[match] = np.arange(len(match))
    points = []
    if first.answer is not None:
        points.append(np.asarray(first.answer, dtype=np.float64))
    if second.answer is not None:
        points.append(np.asarray(second.answer, dtype=np.float64)[match])
    if not points:
        points.append(np.zeros(len(match)))
    for point in _probes(points, first.instance):
        there = point[back]
        if allows(first.instance, point) != allows(second.instance, there):
            return False
        if not same_optimum(first.instance.objective_at(point), second.instance.objective_at(there)):
            return False
    return True


def _probes(points: list[np.ndarray], instance: MatrixInstance) -> list[np.ndarray]:
    """Makes points near the answers: moved one by one, scaled, mixed, whole and not."""
    random = np.random.default_rng(0)
    size = len(points[0])
    probes = list(points)
    for point in points:
        for factor in (0.0, 0.5, 0.9, 1.1, 1.5):
            probes += [point * factor, np.round(point * factor)]
        for at in random.permutation(size)[:_PROBES]:
            for change in (-1.0, 0.5, 1.0):
                moved = point.copy()
                moved[at] += change * max(1.0, abs(moved[at]) * 0.1)
                probes.append(moved)
            unset = point.copy()
            unset[at] = 0.0
            probes.append(unset)
    scale = max(1.0, float(np.max(np.abs(points[0])))) if size else 1.0
    for _ in range(_PROBES):
        drawn = points[0] * random.uniform(0, 1.2, size) + random.uniform(0, 0.1 * scale, size)
        probes += [np.floor(drawn), drawn]
    return probes


def _normal_rows(instance: MatrixInstance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scales each row to a largest coefficient of 1 and turns it so that it has an upper side."""
    matrix = instance.matrix
    values = matrix.value.astype(np.float64).copy()
    lower, upper = instance.row_lower.copy(), instance.row_upper.copy()
    for row in range(matrix.rows):
        part = slice(int(matrix.start[row]), int(matrix.start[row + 1]))
        size = float(np.max(np.abs(values[part]), initial=0.0))
        if size == 0:
            continue
        factor = 1 / size
        only_lower = np.isfinite(lower[row]) and not np.isfinite(upper[row])
        total = float(np.sum(values[part]))
        if only_lower or (lower[row] == upper[row] and total < 0):
            factor = -factor
        values[part] *= factor
        ends = lower[row] * factor, upper[row] * factor
        lower[row], upper[row] = min(ends), max(ends)
    return values + 0.0, lower + 0.0, upper + 0.0


def _folded_bounds(
    instance: MatrixInstance, values: np.ndarray, lower: np.ndarray, upper: np.ndarray, row_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Makes bounds of the rows that hold a single variable; also tells which rows are left."""
    low, high = instance.column_lower.astype(float).copy(), instance.column_upper.astype(float).copy()
    keep = np.ones(instance.rows, dtype=bool)
    for row in np.flatnonzero(np.diff(instance.matrix.start) == 1):
        at = int(instance.matrix.start[row])
        column, value = int(instance.matrix.column[at]), float(values[at])
        if value == 0:
            continue
        ends = lower[row] / value, upper[row] / value
        low[column] = max(low[column], min(ends))
        high[column] = min(high[column], max(ends))
        keep[row] = False
    return low + 0.0, high + 0.0, keep


def _column_names(instance: MatrixInstance) -> list[str]:
    return [block.element(offset) for block in instance.variables for offset in range(block.count)]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
