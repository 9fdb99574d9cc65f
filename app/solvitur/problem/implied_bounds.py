"""Bounds of columns that follow from the rows of a linear system (activity-based bound tightening)."""

from __future__ import annotations

import numpy as np

from solvitur.problem.instance import SparseRows

_ROUNDS = 12
_WORTH = 1e-3
"""A finite bound is only replaced by one that is better by this share of its size."""
_ROUNDING = 1e-6


def implied_bounds(
    rows: SparseRows,
    sides: tuple[np.ndarray, np.ndarray],
    bounds: tuple[np.ndarray, np.ndarray],
    whole: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Returns lower and upper bounds, at least as tight as those given, that every point within the rows keeps.

    Parameters
    ----------
    sides, bounds : pairs of float64 arrays, shapes (rows,) and (columns,)
        Lower and upper sides of the rows, lower and upper bounds of the columns.
    whole : bool array, shape (columns,)
        Which columns take whole numbers only.
    """
    low, high = bounds[0].astype(np.float64), bounds[1].astype(np.float64)
    row = np.repeat(np.arange(rows.rows), np.diff(rows.start))
    used = rows.value != 0
    row, column, value = row[used], rows.column[used], rows.value[used]
    if not len(row):
        return low, high
    side_low, side_high = sides[0][row], sides[1][row]
    up = value > 0
    for number in range(_ROUNDS):
        least = np.where(up, value * low[column], value * high[column])
        most = np.where(up, value * high[column], value * low[column])
        with np.errstate(invalid="ignore"):
            room_high = (side_high - _others(least, row, rows.rows, -np.inf)) / value
            room_low = (side_low - _others(most, row, rows.rows, np.inf)) / value
        # For a negative coefficient the two ends change places.
        ceiling, floor = np.where(up, room_high, room_low), np.where(up, room_low, room_high)
        fresh_high, fresh_low = high.copy(), low.copy()
        np.minimum.at(fresh_high, column, np.where(np.isnan(ceiling), np.inf, ceiling))
        np.maximum.at(fresh_low, column, np.where(np.isnan(floor), -np.inf, floor))
        fresh_low, fresh_high = _rounded(fresh_low, fresh_high, whole)
        better_high = _is_worth(high, fresh_high) & (fresh_high >= low)
        better_low = _is_worth(-low, -fresh_low) & (fresh_low <= high)
        crossing = fresh_low > fresh_high
        better_high &= ~crossing
        better_low &= ~crossing
        if not (better_high.any() or better_low.any()):
            break
        news = (better_high & np.isinf(high)).any() or (better_low & np.isinf(low)).any()
        high, low = np.where(better_high, fresh_high, high), np.where(better_low, fresh_low, low)
        if number and not news:  # what is finite may go on getting a little better for ever
            break
    return low, high


def _others(parts: np.ndarray, row: np.ndarray, rows: int, endless: float) -> np.ndarray:
    """Returns for every entry the sum of the other entries of its row; ``endless`` where one of those is infinite."""
    infinite = np.isinf(parts)
    finite = np.where(infinite, 0.0, parts)
    total = np.bincount(row, weights=finite, minlength=rows)[row]
    count = np.bincount(row, weights=infinite, minlength=rows)[row]
    return np.where(count - infinite > 0, endless, total - finite)


def _rounded(low: np.ndarray, high: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rounds bounds of whole columns inward; rounding errors must not round one up."""
    with np.errstate(invalid="ignore"):
        slack = [np.where(np.isfinite(end), _ROUNDING * np.maximum(1.0, np.abs(end)), 0.0) for end in (low, high)]
    return np.where(whole, np.ceil(low - slack[0]), low), np.where(whole, np.floor(high + slack[1]), high)


def _is_worth(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Tells where a new upper bound is better by enough to matter."""
    with np.errstate(invalid="ignore"):
        gain = old - new
    return np.where(np.isfinite(old), gain > _WORTH * np.maximum(1.0, np.abs(old)), new < np.inf)
