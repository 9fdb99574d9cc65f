"""Writes rows that hold under a condition as rows that always hold, by bounds of their terms (big-M).

``x[c] == 1 implies a'x <= u`` becomes ``a'x + (U - u) x[c] <= U``, where U is the largest value that a'x can take:
the sum of its terms' largest values within bounds that are given, or that follow from the rows that always hold. No
bound is ever made up: where U is infinite, the variable that needs a bound is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from solvitur.engine.reductions.building import Additions
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.engine.reductions.reach import Reach, reach_of
from solvitur.problem.features import Feature
from solvitur.problem.instance import ConditionalRows, MatrixInstance

LARGEST = 1e7
"""With larger differences, a solver's rounding of the binary column would let go of the row."""


@dataclass(frozen=True)
class ConditionalToRows:
    """Rewrites conditional rows; the columns stay as they are."""

    given_only: bool = False
    """Whether only the bounds of columns count, not what rows imply."""
    title: ClassVar[str] = "conditions as rows"
    removes: ClassVar[frozenset[Feature]] = frozenset({Feature.LOGIC})

    def accepts(self, instance: MatrixInstance) -> bool:
        """Tells whether there is anything to rewrite."""
        return instance.conditional is not None

    def apply(self, instance: MatrixInstance) -> tuple[MatrixInstance, Callable[[np.ndarray], np.ndarray]]:
        """Rewrites the rows.

        Raises
        ------
        CannotReduce
            If a row has no finite bound, naming the variable that lacks one.
        """
        conditional = instance.conditional
        assert conditional is not None
        reach = reach_of(instance, given_only=self.given_only)
        least, most = reach.rows()
        row = conditional.row
        lower, upper = instance.row_lower.copy(), instance.row_upper.copy()
        with np.errstate(invalid="ignore"):
            over = np.where(np.isfinite(upper[row]), most[row] - upper[row], 0.0)
            under = np.where(np.isfinite(lower[row]), lower[row] - least[row], 0.0)
        self._require_finite(reach, row, over, top=True)
        self._require_finite(reach, row, under, top=False)
        over, under = np.maximum(over, 0.0), np.maximum(under, 0.0)
        # The upper side stays in its row; the lower side too where there is no other, else it goes to a new row.
        extra = np.flatnonzero((over > 0) & (under > 0))
        additions = Additions(instance)
        for name, which in _by_constraint(instance, conditional.row, extra):
            self._add_lower_sides(additions, name, conditional, which, lower, under)
        changes = [
            self._gate(conditional, np.flatnonzero(over > 0), over, upper, 1.0),
            self._gate(conditional, np.flatnonzero((under > 0) & (over == 0)), under, lower, -1.0),
        ]
        upper[row[over == 0]] = np.where(under[over == 0] > 0, np.inf, upper[row[over == 0]])
        lower[row[over > 0]] = -np.inf
        both = (over == 0) & (under == 0)
        lower[row[both]], upper[row[both]] = -np.inf, np.inf
        for rows, columns, values in changes:
            additions.amend(rows, columns, values)
        built = additions.built("conditions")
        sides = (
            np.concatenate([lower, built.row_lower[len(lower) :]]),
            np.concatenate([upper, built.row_upper[len(upper) :]]),
        )
        return replace(built, row_lower=sides[0], row_upper=sides[1], conditional=None), lambda answer: answer

    def _gate(
        self, conditional: ConditionalRows, which: np.ndarray, room: np.ndarray, side: np.ndarray, sign: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Widens a side where the condition fails; returns the entries of the condition's columns."""
        row, column, value = conditional.row[which], conditional.column[which], conditional.value[which]
        by = sign * room[which]
        side[row] += np.where(value == 1, by, 0.0)
        return row, column, np.where(value == 1, by, -by)

    def _add_lower_sides(
        self,
        additions: Additions,
        name: str,
        conditional: ConditionalRows,
        which: np.ndarray,
        lower: np.ndarray,
        under: np.ndarray,
    ) -> None:
        """Adds ``a'x - (l - L) x[c] >= L`` for rows whose upper side stays."""
        matrix = additions.instance.matrix
        row, value, by = conditional.row[which], conditional.value[which], under[which]
        first, sizes = matrix.start[row].astype(np.int64), np.diff(matrix.start)[row]
        owner = np.repeat(np.arange(len(which)), sizes)
        entry = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes - first, sizes)
        entries = [
            (owner, matrix.column[entry], matrix.value[entry]),
            (np.arange(len(which)), conditional.column[which], np.where(value == 1, -by, by)),
        ]
        additions.add_rows(entries, lower[row] - np.where(value == 1, by, 0.0), np.inf, len(which), of=name)

    def _require_finite(self, reach: Reach, row: np.ndarray, room: np.ndarray, *, top: bool) -> None:
        for wrong, why in ((~np.isfinite(room), ""), (room > LARGEST, "narrower ")):
            found = np.flatnonzero(wrong)
            if len(found):
                raise CannotReduce(reach.wanted(int(row[found[0]]), top=top, what=why))


def _by_constraint(instance: MatrixInstance, rows: np.ndarray, which: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yields positions in ``rows`` by the constraint that the rows are part of."""
    for block in instance.constraints:
        some = which[(rows[which] >= block.start) & (rows[which] < block.start + block.count)]
        if len(some):
            yield block.name.split(":")[0], some
