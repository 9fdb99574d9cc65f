"""Presence over periods: binary variables of an item and a period, read as stretches of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.api import Gantt, Picture, Solved
from solvitur_pictures.answers import Values, ordered_whole, shown, variables

_MOST = 20_000
_MOST_LANES = 200
_FAMILIES = 3


@dataclass(frozen=True, eq=False)
class Stretches:
    """Unbroken runs of periods, arrays of shape (n,): the item's code, first period, end of the last period."""

    item: np.ndarray
    start: np.ndarray
    end: np.ndarray
    offset: np.ndarray
    """The element of the variable in the first period."""


def present(solved: Solved) -> list[Values]:
    """Lists the binary variables of an item and a period, those that are 1 most often first."""
    found = [
        v
        for v in variables(solved)
        if v.binary
        and v.dimensions == 2
        and ordered_whole(v.block.sets[1])
        and not ordered_whole(v.block.sets[0])
        and len(v.nonzero)
    ]
    return sorted(found, key=lambda v: -len(v.nonzero))


def stretches(variable: Values) -> Stretches:
    """Joins the periods in which an item is present without a break."""
    item, period = (codes[variable.nonzero] for codes in variable.codes)
    order = np.lexsort((period, item))
    item, period, offset = item[order], period[order], variable.nonzero[order]
    fresh = np.ones(len(item), dtype=bool)
    fresh[1:] = (np.diff(item) != 0) | (np.diff(period) != 1)
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(item)) - 1
    times = np.array(variable.block.sets[1], dtype=np.float64)
    step = times[1] - times[0]
    return Stretches(item[first], times[period[first]], times[period[last]] + step, offset[first])


class Calendar:
    """When each item is on: bars over the periods, the items in the order in which they begin."""

    name, title = "calendar", "Calendar"

    def suits(self, solved: Solved) -> float:
        """Ranks binary variables of an item and a period."""
        return 0.7 if present(solved) else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one calendar per variable."""
        return [_calendar(v) for v in present(solved)[:_FAMILIES]]


def _calendar(variable: Values) -> Gantt:
    found = stretches(variable)
    names = variable.names(0)
    used = found.item[np.argsort(found.start, kind="stable")].tolist()
    lanes = [*dict.fromkeys(used)][:_MOST_LANES]
    place = np.full(len(names), -1)
    place[lanes] = np.arange(len(lanes))
    kept = np.flatnonzero(place[found.item] >= 0)[:_MOST]
    caption = shown(len(lanes), len(dict.fromkeys(used)), "first")
    absent = len(names) - len(dict.fromkeys(used))
    if absent:
        caption = f"{caption} {absent} of {len(names)} never occur.".strip()
    return Gantt(
        title=variable.title,
        caption=caption,
        lanes=tuple(names[item] for item in lanes),
        lane=place[found.item][kept],
        start=found.start[kept],
        end=found.end[kept],
        labels=("",) * len(kept),
        groups=("",) * len(kept),
        elements=variable.elements(found.offset[kept]),
        axis=variable.set_name(1),
    )
