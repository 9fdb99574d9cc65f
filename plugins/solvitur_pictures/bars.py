"""Bars: a variable of one index, the use of one-index constraints, the parts of the objective."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import Bars, MatrixInstance, Picture, Solved
from solvitur_pictures.answers import Values, constraints, largest, shown, variables

_MOST = 40
_FAMILIES = 3


class VariableBars:
    """One bar per label of a one-index variable."""

    name, title = "bars", "Bars"

    def suits(self, solved: Solved) -> float:
        """Ranks high for few labels."""
        found = [v for v in variables(solved) if v.dimensions == 1 and len(v.nonzero)]
        if not found:
            return 0.0
        return 0.7 if min(v.block.count for v in found) <= _MOST else 0.45

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws the one-index variables, the telling ones (not binary) first."""
        found = [v for v in variables(solved) if v.dimensions == 1 and len(v.nonzero)]
        found.sort(key=lambda v: v.binary)
        return [_bars_of(v) for v in found[:_FAMILIES]]


def _bars_of(variable: Values) -> Bars:
    count = variable.block.count
    picked = (
        np.arange(count) if count <= _MOST else variable.nonzero[largest(variable.values[variable.nonzero], _MOST)]
    )
    codes = variable.codes[0][picked]
    names = variable.names(0)
    return Bars(
        title=variable.title,
        caption=shown(len(picked), count),
        labels=tuple(names[code] for code in codes.tolist()),
        values=variable.values[picked][np.newaxis, :],
        series=(variable.name,),
        unit=variable.block.unit,
        axis=variable.set_name(0),
        elements=variable.elements(picked),
    )


class ResourceUse:
    """How much of each limit is used: left sides of one-index constraints, with the limit as a tick."""

    name, title = "use", "Use of limits"

    def suits(self, solved: Solved) -> float:
        """Ranks constraints of one index whose sides are numbers other than zero."""
        return 0.5 if self._telling(solved) else 0.0

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws one picture per constraint family."""
        pictures = []
        for use, limit in self._telling(solved)[:_FAMILIES]:
            picked = largest(limit, _MOST)
            names = use.names(0)
            pictures.append(
                Bars(
                    title=use.title,
                    caption=" ".join(
                        filter(None, ("The tick marks the limit.", shown(len(picked), use.block.count)))
                    ),
                    labels=tuple(names[code] for code in use.codes[0][picked].tolist()),
                    values=use.values[picked][np.newaxis, :],
                    series=(use.name,),
                    unit=use.block.unit,
                    axis=use.set_name(0),
                    elements=use.elements(picked),
                    limits=limit[picked],
                )
            )
        return pictures

    def _telling(self, solved: Solved) -> list[tuple[Values, np.ndarray]]:
        found = []
        for use, lower, upper in constraints(solved):
            limit = np.where(np.isfinite(upper), upper, lower)
            if use.dimensions == 1 and np.isfinite(limit).all() and np.ptp(np.append(limit, 0.0)) > 0:
                found.append((use, limit))
        return [entry for entry in found if not (entry[1] == entry[1][0]).all() or abs(entry[1][0]) > 1]


class ObjectiveParts:
    """What each variable adds to the objective."""

    name, title = "objective", "Parts of the objective"

    def suits(self, solved: Solved) -> float:
        """Ranks by how many parts there are to tell apart."""
        parts = objective_parts(solved)
        return 0.0 if len(parts) < 2 else 0.55

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws the parts as bars, largest first."""
        parts = objective_parts(solved)
        kept = sorted(parts, key=lambda part: -abs(part[1]))[:_MOST]
        name = solved.instance.objective_name or "objective"
        return [
            Bars(
                title=f"Parts of {name}",
                caption=shown(len(kept), len(parts), "largest parts"),
                labels=tuple(part[0] for part in kept),
                values=np.array([[part[1] for part in kept]]),
                series=(name,),
                elements=tuple(part[2] for part in kept),
            )
        ]


def objective_parts(solved: Solved) -> list[tuple[str, float, str]]:
    """Splits the objective at the answer into (label, amount, element), by variable, else by first index."""
    instance, answer = solved.instance, solved.result.answer
    found = variables(solved)
    if not found or not isinstance(instance, MatrixInstance):
        return []
    amounts = instance.cost * answer
    if instance.hessian is not None:
        hessian = instance.hessian
        rows = np.repeat(np.arange(hessian.rows), np.diff(hessian.start))
        amounts = amounts + 0.5 * answer * np.bincount(
            rows, weights=hessian.value * answer[hessian.column], minlength=len(answer)
        )
    by_family = [(v, amounts[v.block.start : v.block.start + v.block.count]) for v in found]
    telling = [(v, part) for v, part in by_family if np.abs(part).max(initial=0.0) > 0]
    offset = [("constant", instance.offset, "")] if instance.offset else []
    if len(telling) > 1 or (telling and offset):
        return [(v.name, float(part.sum()), v.block.name) for v, part in telling] + offset
    if len(telling) == 1 and telling[0][0].dimensions:
        variable, part = telling[0]
        sums = np.bincount(variable.codes[0], weights=part, minlength=len(variable.block.sets[0]))
        one = variable.dimensions == 1
        names = variable.names(0)
        return [
            (names[at], float(sums[at]), f"{variable.block.name}[{names[at]}]" if one else "")
            for at in np.flatnonzero(sums).tolist()
        ]
    return []
