"""Writes that columns are all different as rows: each value is taken at most once, or each pair is apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from solvitur.engine.reductions.building import Additions
from solvitur.engine.reductions.reach import reach_of
from solvitur.problem.features import Feature
from solvitur.problem.instance import INTEGER, ConditionalRows, MatrixInstance

_MOST_CHOICES = 200_000
"""Up to so many pairs of a column and a value, values are assigned; beyond, columns are compared in pairs."""


@dataclass(frozen=True)
class AllDifferentToRows:
    """Rewrites groups of columns that must be all different."""

    given_only: bool = False
    """Whether only the bounds of columns count, not what rows imply."""
    title: ClassVar[str] = "all-different as rows"
    removes: ClassVar[frozenset[Feature]] = frozenset({Feature.ALL_DIFFERENT})

    def accepts(self, instance: MatrixInstance) -> bool:
        """Tells whether there is anything to rewrite."""
        return bool(instance.all_different)

    def apply(self, instance: MatrixInstance) -> tuple[MatrixInstance, Callable[[np.ndarray], np.ndarray]]:
        """Adds a binary column per column and value, or two conditional rows per pair of columns."""
        reach = reach_of(instance, given_only=self.given_only)
        additions = Additions(instance)
        conditional = [_given(instance)]
        names = instance.different_names or ("",) * len(instance.all_different)
        for name, group in zip(names, instance.all_different, strict=True):
            columns = np.asarray(group, np.int64)
            low, high = reach.low[columns], reach.high[columns]
            sizes = high - low + 1
            if np.isfinite(sizes).all() and sizes.sum() <= _MOST_CHOICES:
                _assign(additions, name, columns, low.astype(np.int64), sizes.astype(np.int64))
            else:
                conditional.append(_keep_apart(additions, name, columns))
        built = additions.built("all_different")
        column, value, row = np.concatenate(conditional, axis=1).astype(np.int32)
        rows = ConditionalRows(column, value, row) if len(row) else None
        return replace(built, all_different=(), different_names=(), conditional=rows), lambda answer: answer[
            : instance.columns
        ]


def _given(instance: MatrixInstance) -> np.ndarray:
    given = instance.conditional
    return np.zeros((3, 0), np.int64) if given is None else np.array([given.column, given.value, given.row])


def _assign(additions: Additions, name: str, columns: np.ndarray, low: np.ndarray, sizes: np.ndarray) -> None:
    """Gives each column one of its values, and each value to at most one column."""
    count = len(columns)
    owner = np.repeat(np.arange(count), sizes)
    value = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes - low, sizes)
    chosen = additions.add_columns(np.zeros(len(owner)), np.ones(len(owner)), INTEGER)
    additions.add_rows([(owner, chosen, 1.0)], 1.0, 1.0, count, of=name)
    each = np.arange(count)
    additions.add_rows([(owner, chosen, value.astype(np.float64)), (each, columns, -1.0)], 0.0, 0.0, count, of=name)
    values, where = np.unique(value, return_inverse=True)
    least = 1.0 if len(values) == count else 0.0
    additions.add_rows([(where, chosen, 1.0)], least, 1.0, len(values), of=name)


def _keep_apart(additions: Additions, name: str, columns: np.ndarray) -> np.ndarray:
    """Puts one column of each pair below the other; returns the conditions of the new rows."""
    first, second = np.triu_indices(len(columns), 1)
    count = len(first)
    each = np.arange(count)
    order = additions.add_columns(np.zeros(count), np.ones(count), INTEGER)
    entries = [(each, columns[first], 1.0), (each, columns[second], -1.0)]
    below = additions.add_rows(entries, -np.inf, -1.0, count, of=name)
    above = additions.add_rows(entries, 1.0, np.inf, count, of=name)
    return np.concatenate(
        [np.array([order, np.ones(count), below]), np.array([order, np.zeros(count), above])], axis=1
    ).astype(np.int64)
