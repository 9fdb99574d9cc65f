"""Quadratic parts: the Hessian of the objective, its convexity, and the products of quadratic rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.language.arrays_forms import Term
from solvitur.language.arrays_frames import Frame
from solvitur.problem.instance import QuadraticRow, SparseRows

_DENSE = 2000
"""Connected blocks of columns up to this size are judged by a Cholesky factorisation."""
_STEPS = 60


def hessian_of(terms: Sequence[Term], columns: int) -> SparseRows | None:
    """Builds the full symmetric Q of ``x'Qx / 2`` from products of columns; None when all cancel."""
    listed = [term.listed(Frame()) for term in terms]
    if not listed:
        return None
    first = np.concatenate([term.columns[0] for term in listed]).astype(np.int64)
    second = np.concatenate([term.columns[1] for term in listed]).astype(np.int64)
    value = np.concatenate([np.broadcast_to(term.factor, term.columns[0].shape) for term in listed])
    keys, sums = merged(
        np.concatenate([first * columns + second, second * columns + first]), np.concatenate([value, value])
    )
    if not len(keys):
        return None
    row, column = np.divmod(keys, columns)
    start = np.zeros(columns + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=columns), out=start[1:])
    return SparseRows(columns, columns, start.astype(np.int32), column.astype(np.int32), sums)


def merged(keys: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Adds values of equal keys up; ascending keys, without zeros."""
    order = np.argsort(keys, kind="stable")
    ascending = keys[order]
    heads = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]])) if len(keys) else order
    sums = np.add.reduceat(values[order], heads) if len(heads) else np.zeros(0)
    kept = sums != 0
    return ascending[heads][kept], sums[kept]


def quadratic_rows(terms: Sequence[Term], frame: Frame, columns: int, first_row: int) -> list[QuadraticRow]:
    """Collects the products of columns in each row of a constraint; rows without any are left out."""
    listed = [term.listed(frame) for term in terms]
    points = [term.point for term in listed if term.point is not None]
    row = np.concatenate([np.asarray(point, np.int64) for point in points])
    a = np.concatenate([term.columns[0] for term in listed]).astype(np.int64)
    b = np.concatenate([term.columns[1] for term in listed]).astype(np.int64)
    value = np.concatenate([np.broadcast_to(term.factor, term.columns[0].shape) for term in listed])
    low, high = np.minimum(a, b), np.maximum(a, b)
    pair, which = np.unique(low * columns + high, return_inverse=True)
    keys, sums = merged(row * len(pair) + which, value)
    at, product = np.divmod(keys, max(len(pair), 1))
    rows, starts = np.unique(at, return_index=True)
    ends = np.append(starts[1:], len(at))
    found = []
    for number, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        first, second = np.divmod(pair[product[start:end]], columns)
        found.append(
            QuadraticRow(first_row + number, first.astype(np.int32), second.astype(np.int32), sums[start:end].copy())
        )
    return found


def is_convex(hessian: SparseRows, sense: str) -> bool:
    """Tells whether a quadratic objective is convex for minimisation, or concave for maximisation.

    Block by connected block: by its diagonal, by diagonal dominance, by Cholesky factorisation up to 2,000
    columns, and beyond that by the smallest eigenvalue that 60 Lanczos steps find (Golub and Van Loan, Matrix
    Computations, chapter 10).
    """
    sign = 1.0 if sense == "min" else -1.0
    row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
    value = sign * hessian.value
    diagonal = np.zeros(hessian.rows)
    on = row == hessian.column
    diagonal[row[on]] = value[on]
    if (diagonal < 0).any():
        return False
    off = np.bincount(row[~on], weights=np.abs(value[~on]), minlength=hessian.rows)
    if (off <= diagonal * (1 + 1e-12)).all():
        return True
    if ((diagonal == 0) & (off > 0)).any():
        return False
    block = _blocks(row, hessian.column, hessian.rows)
    order = np.argsort(block, kind="stable")
    sizes = np.bincount(block)
    ends = np.cumsum(sizes)
    for number in np.flatnonzero(sizes > 1).tolist():
        members = order[ends[number] - sizes[number] : ends[number]]
        if (off[members] > diagonal[members]).any() and not _block_is_convex(hessian, value, members):
            return False
    return True


def _blocks(row: np.ndarray, column: np.ndarray, count: int) -> np.ndarray:
    """Numbers connected blocks of columns, by spreading the smallest label until nothing changes."""
    label = np.arange(count)
    while True:
        spread = label.copy()
        np.minimum.at(spread, row, label[column])
        spread = spread[spread]
        if np.array_equal(spread, label):
            return np.unique(label, return_inverse=True)[1]
        label = spread


def _block_is_convex(hessian: SparseRows, value: np.ndarray, members: np.ndarray) -> bool:
    place = np.full(hessian.rows, -1)
    place[members] = np.arange(len(members))
    row = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
    inside = place[row] >= 0
    first, second, entry = place[row[inside]], place[hessian.column[inside]], value[inside]
    scale = float(np.abs(entry).max())
    if len(members) > _DENSE:
        return _least_eigenvalue(first, second, entry, len(members)) >= -1e-7 * scale
    dense = np.zeros((len(members), len(members)))
    dense[first, second] = entry
    try:
        np.linalg.cholesky(dense + np.eye(len(members)) * (1e-9 * scale * len(members)))
    except np.linalg.LinAlgError:
        return False
    return True


def _least_eigenvalue(first: np.ndarray, second: np.ndarray, entry: np.ndarray, count: int) -> float:
    vector: np.ndarray = np.random.default_rng(0).standard_normal(count)
    vector /= np.linalg.norm(vector)
    basis: list[np.ndarray] = [vector]
    alphas: list[float] = []
    betas: list[float] = []
    for _ in range(min(_STEPS, count)):
        product: np.ndarray = np.bincount(first, weights=entry * basis[-1][second], minlength=count)
        alphas.append(float(product @ basis[-1]))
        for known in basis:  # full reorthogonalisation: few steps, so it is cheap and keeps the estimate sound
            product = product - float(product @ known) * known
        beta = float(np.linalg.norm(product))
        if beta < 1e-12:
            break
        betas.append(beta)
        basis.append(product / beta)
    size = len(alphas)
    small = np.diag(alphas) + np.diag(betas[: size - 1], 1) + np.diag(betas[: size - 1], -1)
    return float(np.linalg.eigvalsh(small)[0])
