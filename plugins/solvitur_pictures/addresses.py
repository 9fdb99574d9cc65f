"""Address maps: what lies where on a strip of memory, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.api import Gantt, Picture, Solved
from solvitur_pictures.answers import Values, counted, shown, variables
from solvitur_pictures.facts import ADDRESS, SIZE, matches, number_fact
from solvitur_pictures.presence import present, stretches
from solvitur_pictures.times import spans_of

_MOST = 20_000


@dataclass(frozen=True, eq=False)
class _Stays:
    """When which item is there, arrays of shape (n,); ``item`` are codes of the address variable's labels."""

    about: Values
    item: np.ndarray
    start: np.ndarray
    end: np.ndarray
    size: np.ndarray
    """By item."""
    axis: str


class AddressMap:
    """Blocks of memory (or of any strip) over time: start, end, address and size of every item."""

    name, title = "addresses", "Address map"

    def suits(self, solved: Solved) -> float:
        """Ranks highest when addresses were decided, and sizes and times of presence are known."""
        return 0.99 if self._found(solved) else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one map per address variable."""
        return [_map_of(stays) for stays in self._found(solved)]

    def _found(self, solved: Solved) -> list[_Stays]:
        found = []
        for variable in variables(solved):
            if variable.dimensions != 1 or not matches(variable.name, ADDRESS):
                continue
            size = number_fact(solved, variable, SIZE)
            stays = None if size is None else _stays(solved, variable, size)
            if stays is not None:
                found.append(stays)
        return found


def _stays(solved: Solved, about: Values, size: np.ndarray) -> _Stays | None:
    """Takes the times from start and end of every item, else from a binary variable over periods."""
    spans = spans_of(solved, about)
    if spans is not None:
        return _Stays(about, about.codes[0], spans.start, spans.end, size, "time")
    for variable in present(solved):
        if variable.block.sets[0] == about.block.sets[0]:
            found = stretches(variable)
            return _Stays(about, found.item, found.start, found.end, size, variable.set_name(1))
    return None


def _map_of(stays: _Stays) -> Gantt:
    about = stays.about
    picked = np.arange(len(stays.item))[:_MOST]
    item = stays.item[picked]
    low = about.values[item]
    high = low + stays.size[item]
    unit = f"{about.block.unit}" if about.block.unit else ""
    top = f"Highest use {counted(round(float(high.max(initial=0.0))))} {unit}".strip() + "."
    names = about.names(0)
    return Gantt(
        title=about.title,
        caption=f"{top} {shown(len(picked), len(stays.item), 'first')}".strip(),
        lanes=(about.name,),
        lane=np.zeros(len(picked), np.int64),
        start=stays.start[picked],
        end=stays.end[picked],
        labels=tuple(names[code] for code in item.tolist()),
        groups=("",) * len(picked),
        unit=about.block.unit,
        elements=about.elements(item),
        axis=stays.axis,
        low=low,
        high=high,
    )
