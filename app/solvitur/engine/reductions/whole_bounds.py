"""Gives whole columns without finite bounds those that the rows imply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import numpy as np

from solvitur.engine.reductions.faults import CannotReduce
from solvitur.engine.reductions.reach import reach_of
from solvitur.problem.features import Feature
from solvitur.problem.instance import INTEGER, SEMI_INTEGER, MatrixInstance

_MOST_ENTRIES = 300_000
"""In larger systems the search would be felt while a solver is chosen."""


class BoundsFromRows:
    """Bounds whole columns; rows and columns stay as they are."""

    title = "bounds from the constraints"
    removes: ClassVar[frozenset[Feature]] = frozenset({Feature.UNBOUNDED_INTEGERS})

    def accepts(self, instance: MatrixInstance) -> bool:
        """Tells whether a whole column lacks a bound, in a system that is not too large."""
        return Feature.UNBOUNDED_INTEGERS in instance.features and instance.matrix.nonzeros <= _MOST_ENTRIES

    def apply(self, instance: MatrixInstance) -> tuple[MatrixInstance, Callable[[np.ndarray], np.ndarray]]:
        """Sets the bounds.

        Raises
        ------
        CannotReduce
            If the rows leave a whole column without bound, naming it.
        """
        reach = reach_of(instance)
        whole = (instance.integrality == INTEGER) | (instance.integrality == SEMI_INTEGER)
        lower = np.where(whole, np.maximum(instance.column_lower, reach.low), instance.column_lower)
        upper = np.where(whole, np.minimum(instance.column_upper, reach.high), instance.column_upper)
        endless = np.flatnonzero(whole & ~(np.isfinite(lower) & np.isfinite(upper)))
        if len(endless):
            name = instance.variable_of(int(endless[0]))
            raise CannotReduce(f"it needs bounds on whole variables, and '{name}' has none")
        return replace(instance, column_lower=lower, column_upper=upper), lambda answer: answer
