"""Curves of runs: incumbent, bound and gap over time, ready to be drawn; knows nothing of drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.problem.runs import Run

_LEAST_GAP = 1e-6
_MOST_SPREAD = 5.0


@dataclass(frozen=True, eq=False)
class Curve:
    """One line over time: ``seconds`` and ``values`` of shape (n,), held until the next point.

    ``category`` picks the colour; a dashed curve is a bound.
    """

    name: str
    seconds: np.ndarray
    values: np.ndarray
    category: int = 0
    dashed: bool = False


@dataclass(frozen=True, eq=False)
class Course:
    """The curves of one run: objective and bound in one plot, the gap (as power of ten) in another."""

    values: tuple[Curve, ...]
    gaps: tuple[Curve, ...]
    low: float
    high: float
    """The range of values worth seeing: a poor first answer does not flatten all that follows."""


def course(
    incumbents: Sequence[tuple[float, float]],
    bounds: Sequence[tuple[float, float]],
    seconds: float,
    *,
    category: int = 0,
    name: str = "",
) -> Course:
    """Builds the curves of one run up to a moment, in seconds since its start.

    With a ``name`` its incumbent and gap are called so and its bound has none, as beside other runs.
    """
    found, proven = _points(incumbents, seconds), _points(bounds, seconds)
    curves = []
    if len(found):
        curves.append(Curve(name or "incumbent", found[:, 0], found[:, 1], category))
    if len(proven):
        curves.append(Curve("" if name else "bound", proven[:, 0], proven[:, 1], category, dashed=True))
    low, high = _range(found, proven)
    gap = _gap(found, proven)
    gaps = (Curve(name or "gap", gap[:, 0], gap[:, 1], category),) if len(gap) else ()
    return Course(tuple(curves), gaps, low, high)


def course_of(run: Run, *, category: int = 0, name: str = "") -> Course:
    """Builds the curves of a stored run."""
    incumbents: list[tuple[float, float]] = []
    bounds: list[tuple[float, float]] = []
    for point in run.timeline:
        if point.objective is not None and (not incumbents or _improves(point.objective, incumbents[-1][1], run)):
            incumbents.append((point.seconds, point.objective))
        if point.bound is not None and (not bounds or bounds[-1][1] != point.bound):
            bounds.append((point.seconds, point.bound))
    end = max((point.seconds for point in run.timeline), default=0.0)
    return course(incumbents, bounds, max(end, run.seconds.get("solve", 0.0)), category=category, name=name)


def _improves(objective: float, best: float, run: Run) -> bool:
    return objective < best if run.sense == "min" else objective > best


def together(courses: Sequence[Course]) -> Course:
    """Puts the curves of several runs into one pair of plots."""
    values = tuple(curve for each in courses for curve in each.values)
    gaps = tuple(curve for each in courses for curve in each.gaps)
    lows = [each.low for each in courses if each.values]
    highs = [each.high for each in courses if each.values]
    return Course(values, gaps, min(lows, default=0.0), max(highs, default=1.0))


def _points(pairs: Sequence[tuple[float, float]], seconds: float) -> np.ndarray:
    """Returns the finite points, the last one held until now, shape (n, 2)."""
    points = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return points
    end = max(seconds, float(points[-1, 0]))
    return np.vstack((points, (end, points[-1, 1])))


def _gap(found: np.ndarray, proven: np.ndarray) -> np.ndarray:
    """Returns seconds and the decimal logarithm of the relative gap wherever both are known, shape (n, 2)."""
    if not len(found) or not len(proven):
        return np.zeros((0, 2))
    times = np.union1d(found[:, 0], proven[:, 0])
    times = times[times >= max(found[0, 0], proven[0, 0])]
    objective = found[np.searchsorted(found[:, 0], times, side="right") - 1, 1]
    bound = proven[np.searchsorted(proven[:, 0], times, side="right") - 1, 1]
    gap = np.abs(objective - bound) / np.maximum(np.abs(objective), 1e-10)
    return np.column_stack((times, np.log10(np.maximum(gap, _LEAST_GAP))))


def _range(found: np.ndarray, proven: np.ndarray) -> tuple[float, float]:
    """Returns the values worth seeing: the last ones and, within a few times their distance, the others."""
    last = [points[-1, 1] for points in (found, proven) if len(points)]
    if not last:
        return 0.0, 1.0
    everything = np.concatenate([points[:, 1] for points in (found, proven) if len(points)])
    low, high = min(last), max(last)
    spread = max(high - low, 0.02 * max(abs(high), abs(low)), 1e-9)
    # Half of the points are always worth seeing, so that a run that converges slowly shows its way.
    lower, upper = np.quantile(everything, (0.25, 0.75))
    low_end = max(float(everything.min()), min(low - _MOST_SPREAD * spread, float(lower)))
    high_end = min(float(everything.max()), max(high + _MOST_SPREAD * spread, float(upper)))
    return min(low_end, low), max(high_end, high)
