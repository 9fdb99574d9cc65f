"""The chain of reductions: from what an instance needs to what a solver handles.

Each reduction takes one feature away: ``accepts(instance)`` tells whether it is there, ``apply(instance)`` returns an
instance without it and what carries an answer back, and raises `CannotReduce` with the reason when it cannot. They
are tried in the order of `REDUCTIONS`, and only those whose feature the solver lacks: a solver that handles
conditional rows by itself gets them as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from solvitur.engine.reductions.all_different import AllDifferentToRows
from solvitur.engine.reductions.conditional_rows import ConditionalToRows
from solvitur.engine.reductions.faults import CannotReduce
from solvitur.engine.reductions.products import ProductsToRows
from solvitur.engine.reductions.ratios import RatioToLinear, RatioToProduct
from solvitur.engine.reductions.whole_bounds import BoundsFromRows
from solvitur.problem.features import IMPLIED, RESTRICTIONS, Feature, why_not
from solvitur.problem.instance import MatrixInstance
from solvitur.problem.result import Result

Inverse = Callable[[np.ndarray], np.ndarray]
"""Turns an answer of the reduced instance, float64 of shape (columns,), into one of the instance it came from."""


class Reduction(Protocol):
    """Rewrites instances; ``removes`` are the features that are gone afterwards."""

    @property
    def title(self) -> str: ...
    @property
    def removes(self) -> frozenset[Feature]: ...
    def accepts(self, instance: MatrixInstance) -> bool: ...
    def apply(self, instance: MatrixInstance) -> tuple[MatrixInstance, Inverse]: ...


REDUCTIONS: tuple[Reduction, ...] = (
    BoundsFromRows(),
    RatioToLinear(),
    RatioToProduct(),
    AllDifferentToRows(),
    ProductsToRows(),
    ConditionalToRows(),
)


@dataclass(frozen=True, eq=False)
class Reduced:
    """An instance as a solver gets it, the reductions that led there, and the way back."""

    instance: Any
    steps: tuple[str, ...] = ()
    inverses: tuple[Inverse, ...] = ()

    def answer(self, answer: Any) -> Any:
        """Carries an answer back to the instance that was given; what is none is left to those who check it."""
        if not self.inverses or not self._fits(answer):
            return answer
        for inverse in reversed(self.inverses):
            answer = inverse(answer)
        return answer

    def result(self, result: Result, original: Any) -> Result:
        """Carries a result back; duals belong to the rows that the solver saw, and are left out."""
        if not self.inverses or not self._fits(result.answer):
            return result
        answer = self.answer(result.answer)
        return replace(
            result, answer=answer, objective=original.objective_at(answer), row_duals=None, reduced_costs=None
        )

    def _fits(self, answer: Any) -> bool:
        return (
            isinstance(answer, np.ndarray) and answer.shape == (self.instance.columns,) and answer.dtype.kind == "f"
        )


class Memory:
    """What reductions made of one instance, so that several solvers can be asked about it at the price of one."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[MatrixInstance, Inverse] | str] = {}

    def applied(
        self, reduction: Reduction, before: tuple[str, ...], instance: MatrixInstance
    ) -> tuple[MatrixInstance, Inverse]:
        """Applies a reduction to what ``before`` made of the instance, or remembers what came of it."""
        key = (*before, reduction.title)
        if key not in self._known:
            try:
                self._known[key] = reduction.apply(instance)
            except CannotReduce as reason:
                self._known[key] = str(reason)
        known = self._known[key]
        if isinstance(known, str):
            raise CannotReduce(known)
        return known


def reduced_for(
    instance: Any,
    handled: frozenset[Feature],
    unable: Callable[[Any], str] = lambda instance: "",
    memory: Memory | None = None,
) -> Reduced:
    """Rewrites an instance until a solver with these features can take it.

    Parameters
    ----------
    unable
        What the solver itself says against an instance with features it handles; empty when nothing.
    memory
        What is known of this very instance from other solvers.

    Raises
    ------
    CannotReduce
        With the reason why it cannot.
    """
    because = why_not(instance.features, handled) or unable(instance)
    if not because:
        return Reduced(instance)
    if not isinstance(instance, MatrixInstance):
        raise CannotReduce(because)
    able = frozenset(handled.union(*(IMPLIED.get(feature, frozenset()) for feature in handled))) | RESTRICTIONS
    removable = frozenset().union(*(reduction.removes for reduction in REDUCTIONS))
    if stuck := why_not(instance.features - removable, handled - RESTRICTIONS):
        raise CannotReduce(stuck)
    memory = memory or Memory()
    for stubborn in (False, True):
        try:
            found = _chained(instance, able, memory, stubborn=stubborn)
        except CannotReduce as reason:
            because = str(reason)
            continue
        objection = why_not(found.instance.features, handled) or unable(found.instance)
        if not objection:
            return found
        because = because if stubborn and not found.steps else objection
    raise CannotReduce(because)


def _chained(instance: MatrixInstance, able: frozenset[Feature], memory: Memory, *, stubborn: bool) -> Reduced:
    """Applies what is needed; when ``stubborn``, products become rows even for a solver of quadratic models."""
    steps: tuple[str, ...] = ()
    inverses: list[Inverse] = []
    for reduction in REDUCTIONS:
        wanted = not reduction.removes <= able or (stubborn and isinstance(reduction, ProductsToRows))
        if wanted and reduction.accepts(instance):
            instance, inverse = memory.applied(reduction, steps, instance)
            steps = (*steps, reduction.title)
            inverses.append(inverse)
    return Reduced(instance, steps, tuple(inverses))


def as_rows(instance: MatrixInstance) -> MatrixInstance:
    """Writes logic and products as rows, by the bounds of their variables alone, for those who take rows apart.

    Raises
    ------
    CannotReduce
        If a variable lacks a bound for that.
    """
    for reduction in (AllDifferentToRows(True), ProductsToRows(True), ConditionalToRows(True)):
        if reduction.accepts(instance):
            instance, _ = reduction.apply(instance)
    return instance
