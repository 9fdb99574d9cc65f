"""Timetables: items with a start and an end, in lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.api import Gantt, Picture, Solved
from solvitur_pictures.answers import Values, shown, variables
from solvitur_pictures.facts import (
    END,
    LANE,
    LENGTH,
    START,
    column_fact,
    matches,
    number_fact,
)

_MOST = 20_000


@dataclass(frozen=True, eq=False)
class Spans:
    """When each element of a variable starts and ends, arrays of shape (count,)."""

    about: Values
    start: np.ndarray
    end: np.ndarray


def spans_of(solved: Solved, about: Values) -> Spans | None:
    """Finds the start and the end (or duration) of every element of a variable."""
    own_start = about.values if matches(about.name, START) else None
    start = own_start if own_start is not None else number_fact(solved, about, START)
    if start is None:
        return None
    length = number_fact(solved, about, LENGTH)
    end = start + length if length is not None else number_fact(solved, about, END)
    if end is None or len(end) != len(start) or bool((end < start).any()):
        return None
    return Spans(about, np.asarray(start, np.float64), np.asarray(end, np.float64))


class Timetable:
    """A Gantt chart of items whose start is a variable."""

    name, title = "timetable", "Timetable"

    def suits(self, solved: Solved) -> float:
        """Ranks highest when a variable is called start and durations or ends are known."""
        return 0.97 if self._found(solved) else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one chart per start variable."""
        return [_gantt(solved, spans) for spans in self._found(solved)]

    def _found(self, solved: Solved) -> list[Spans]:
        found = []
        for variable in variables(solved):
            if matches(variable.name, START) and variable.dimensions in (1, 2):
                spans = spans_of(solved, variable)
                if spans is not None:
                    found.append(spans)
        return found


def _gantt(solved: Solved, spans: Spans) -> Gantt:
    about = spans.about
    picked = np.arange(len(spans.start))[:_MOST]
    lanes, lane, groups, axis = _lanes(solved, about)
    items = about.dimensions - 1 if about.dimensions == 1 else (0 if axis == 1 else 1)
    names = about.names(items)
    return Gantt(
        title=about.title,
        caption=shown(len(picked), about.block.count, "first"),
        lanes=lanes,
        lane=lane[picked],
        start=spans.start[picked],
        end=spans.end[picked],
        labels=tuple(names[code] for code in about.codes[items][picked].tolist()),
        groups=tuple(groups[at] for at in picked.tolist()),
        unit=about.block.unit,
        elements=about.elements(picked),
        axis="time",
    )


def _lanes(solved: Solved, about: Values) -> tuple[tuple[str, ...], np.ndarray, tuple[str, ...], int]:
    """Returns the lanes' names, each element's lane and group, and which index the lanes are (-1: none)."""
    if about.dimensions == 2:
        axis = next((d for d in (1, 0) if matches(about.set_name(d), LANE)), -1)
        told = column_fact(solved, about.block.sets, about.codes, LANE) if axis < 0 else None
        jobs = about.names(1 - max(axis, 0) if axis >= 0 else 0)
        job_codes = about.codes[1 - axis if axis >= 0 else 0]
        groups = tuple(jobs[code] for code in job_codes.tolist())
        if told is not None:
            lanes, lane = np.unique(told.astype(str), return_inverse=True)
            return tuple(lanes.tolist()), lane, groups, -1
        axis = 1 if axis < 0 else axis
        return about.names(axis), about.codes[axis], groups, axis
    told = column_fact(solved, about.block.sets, about.codes, LANE)
    if told is not None:
        lanes, lane = np.unique(told.astype(str), return_inverse=True)
        return tuple(lanes.tolist()), lane, ("",) * len(lane), -1
    chosen = _chosen_lane(solved, about)
    if chosen is not None:
        return chosen.names(1), chosen.codes[1][chosen.nonzero], ("",) * about.block.count, -1
    order = np.arange(about.block.count)
    return about.names(0), order, ("",) * about.block.count, -1


def _chosen_lane(solved: Solved, about: Values) -> Values | None:
    """Finds a binary variable that puts each item on exactly one lane."""
    for variable in variables(solved):
        if variable.binary and variable.dimensions == 2 and variable.block.sets[0] == about.block.sets[0]:
            items = variable.codes[0][variable.nonzero]
            if matches(variable.set_name(1), LANE) and np.array_equal(items, np.arange(about.block.count)):
                return variable
    return None
