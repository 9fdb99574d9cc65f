"""Explains why there is no answer: an irreducible set of constraints and bounds that cannot hold together.

HiGHS's own search finds candidates among the rows of linear systems; QuickXplain (Junker 2004) reduces candidates to
a set of which no member can be spared, rows first and then the bounds of the columns in them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from solvitur.api import MatrixInstance
from solvitur_highs.model import Handed

_INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
_STRATEGY = 6
"""From an infeasible linear system, and irreducible."""


@dataclass(frozen=True)
class Member:
    """One thing that may be spared: the rows of a constraint at one index, or a bound of a variable."""

    name: str
    rows: tuple[int, ...] = ()
    column: int = -1
    upper: bool = False


@dataclass(frozen=True)
class Conflict:
    """Members that cannot hold together; whether none can be spared is proven; whether it takes whole numbers."""

    members: tuple[Member, ...]
    irreducible: bool
    needs_whole: bool
    within_bounds: bool = False
    """Whether the bounds of variables are taken for granted."""


def conflict_of(instance: MatrixInstance, *, time_limit_s: float) -> Conflict | None:
    """Finds a conflict in an instance without quadratic or conditional rows; None if there is none, or no time."""
    search = _Search(instance, time.monotonic() + time_limit_s)
    rows = _row_members(instance)
    if search.clashes(rows, None) is not True:
        return None
    kept = search.reduced(search.candidates(rows), lambda chosen: search.clashes(chosen, None))
    if _has_logic(instance):
        # Logic is written by the bounds of its variables, so these cannot be taken away by themselves.
        return Conflict(
            tuple(kept), search.certain, search.clashes(kept, None, whole=False) is False, within_bounds=True
        )
    held = search.reduced(_bound_members(instance, kept), lambda chosen: search.clashes(kept, chosen))
    relaxed = search.clashes(kept, held, whole=False)
    return Conflict((*kept, *held), search.certain, relaxed is False)


def _has_logic(instance: MatrixInstance) -> bool:
    return any(block.auxiliary for block in (*instance.variables, *instance.constraints))


def is_written_by_rows(instance: MatrixInstance) -> bool:
    """Tells whether logic may have been written by what other constraints imply, so that none can be taken away."""
    finite = np.isfinite(instance.column_lower) & np.isfinite(instance.column_upper)
    bounded = all(finite[block.start : block.start + block.count].all() for block in instance.own_variables)
    return _has_logic(instance) and not bounded


class _Search:
    """Asks HiGHS whether parts of an instance clash."""

    def __init__(self, instance: MatrixInstance, until_s: float) -> None:
        self._instance = replace(instance, cost=np.zeros(instance.columns), hessian=None, offset=0.0)
        self._until_s = until_s
        self._free = np.ones(instance.rows, bool)
        for member in _row_members(instance):
            self._free[list(member.rows)] = False
        self._own = np.zeros(instance.columns, bool)
        for block in instance.own_variables:
            self._own[block.start : block.start + block.count] = instance.integrality[block.start] < 2
        self.certain = True

    def clashes(self, rows: Sequence[Member], bounds: Sequence[Member] | None, *, whole: bool = True) -> bool | None:
        """Tells whether rows and bounds (None: all) have no common point; None when there is no time to tell."""
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            self.certain = False
            return None
        handed = Handed(self._part(rows, bounds, whole=whole))
        handed.highs.setOptionValue("time_limit", left_s)
        handed.highs.run()
        state = handed.highs.getModelStatus()
        if state in _INFEASIBLE:
            return True
        if state in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            return False
        self.certain = False
        return None

    def candidates(self, rows: Sequence[Member]) -> list[Member]:
        """Returns the members that HiGHS's own search finds in the linear system, if those clash; else all."""
        handed = Handed(self._part(rows, None, whole=False))
        handed.highs.setOptionValue("time_limit", max(0.0, self._until_s - time.monotonic()) / 2)
        handed.highs.run()
        if handed.highs.getModelStatus() not in _INFEASIBLE:
            return list(rows)
        handed.highs.setOptionValue("iis_strategy", _STRATEGY)
        status, found = handed.highs.getIis()
        if status == highspy.HighsStatus.kError or not found.valid_:
            return list(rows)
        named = set(found.row_index_)
        few = [member for member in rows if not named.isdisjoint(member.rows)]
        return few if self.clashes(few, None) else list(rows)

    def reduced(self, members: Sequence[Member], clashes: Callable[[Sequence[Member]], bool | None]) -> list[Member]:
        """Returns members that clash, none of which can be spared; the order of the given ones is kept."""
        if clashes([]) is True:
            return []
        found = set(self._explained([], list(members), clashes, fresh=False))
        return [member for member in members if member in found]

    def _explained(
        self,
        before: list[Member],
        members: list[Member],
        clashes: Callable[[Sequence[Member]], bool | None],
        *,
        fresh: bool,
    ) -> list[Member]:
        """Returns the part of ``members`` that clashes with ``before``; asks only if something was added to it."""
        if (fresh and clashes(before) is True) or not members:
            return []
        if len(members) == 1:
            return members
        first, second = members[: len(members) // 2], members[len(members) // 2 :]
        late = self._explained([*before, *first], second, clashes, fresh=bool(first))
        early = self._explained([*before, *late], first, clashes, fresh=bool(late))
        return [*early, *late]

    def _part(self, rows: Sequence[Member], bounds: Sequence[Member] | None, *, whole: bool) -> MatrixInstance:
        instance = self._instance
        kept = self._free.copy()
        kept[[row for member in rows for row in member.rows]] = True
        lower, upper = instance.column_lower, instance.column_upper
        if bounds is not None:
            lower, upper = np.where(self._own, -np.inf, lower), np.where(self._own, np.inf, upper)
            for member in bounds:
                side, given = (upper, instance.column_upper) if member.upper else (lower, instance.column_lower)
                side[member.column] = given[member.column]
        return replace(
            instance,
            row_lower=np.where(kept, instance.row_lower, -np.inf),
            row_upper=np.where(kept, instance.row_upper, np.inf),
            column_lower=lower,
            column_upper=upper,
            integrality=instance.integrality if whole else np.zeros_like(instance.integrality),
        )


def _row_members(instance: MatrixInstance) -> list[Member]:
    """Lists the constraints: each index of a plain one, and all rows together of one that logic was written as."""
    found: list[Member] = []
    together: dict[str, list[int]] = {}
    for block in instance.constraints:
        rows = range(block.start, block.start + block.count)
        if block.auxiliary and "." in block.name:
            continue  # rows that only say what auxiliary columns stand for
        if block.auxiliary:
            together.setdefault(block.name.split(":")[0], []).extend(rows)
        else:
            found += [Member(block.element(row - block.start), (row,)) for row in rows]
    parts: dict[str, list[int]] = {}
    for member in found:  # the second comparison of a chain belongs to the same constraint
        name, mark, rest = member.name.partition(":")
        index = rest[rest.index("[") :] if mark and "[" in rest else ""
        parts.setdefault(name + index, []).extend(member.rows)
    for name, numbers in together.items():
        same = [known for known in parts if known == name or known.startswith(f"{name}[")]
        numbers += [row for known in same for row in parts.pop(known)]
        parts[name] = numbers
    return [Member(name, tuple(numbers)) for name, numbers in parts.items()]


def _bound_members(instance: MatrixInstance, rows: Sequence[Member]) -> list[Member]:
    """Lists the finite bounds of the variables that may matter: those in the rows, or in contradiction themselves."""
    matrix = instance.matrix
    used = np.zeros(instance.columns, bool)
    for member in rows:
        for row in member.rows:
            used[matrix.column[matrix.start[row] : matrix.start[row + 1]]] = True
    if not rows:
        used |= np.ceil(instance.column_lower - 1e-9) > np.floor(instance.column_upper + 1e-9)
    found: list[Member] = []
    for block in instance.own_variables:
        for column in (block.start + np.flatnonzero(used[block.start : block.start + block.count])).tolist():
            if instance.integrality[column] >= 2:
                continue
            name = block.element(column - block.start)
            low, high = instance.column_lower[column], instance.column_upper[column]
            if np.isfinite(low):
                found.append(Member(f"{name} >= {low:g}", column=column))
            if np.isfinite(high):
                found.append(Member(f"{name} <= {high:g}", column=column, upper=True))
    return found
