"""The decomposers of matrix instances: their independent parts, one by one or in two halves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solvitur.api import InputError, MatrixInstance
from solvitur_steps.matrices import cut, parts_of


class Components:
    """Parts that share no variable and no constraint: solving them apart loses nothing."""

    name, title = "components", "Independent parts"

    def suits(self, instance: Any) -> float:
        """Ranks: it can split what is linear, and loses nothing."""
        if not isinstance(instance, MatrixInstance) or instance.hessian is not None or instance.quadratic_rows:
            return 0.0
        return 0.9 if instance.denominator is None else 0.0

    def split(self, instance: Any) -> tuple[list[MatrixInstance], list[np.ndarray]]:
        """Returns the parts, and the columns of each in the whole.

        Raises
        ------
        InputError
            If the instance is no matrix, or has parts in its objective or rows that couple what the matrix does not.
        """
        return _cut_up(instance, parts_of(_matrix(instance)))

    def reunite(self, inverse: Sequence[np.ndarray], answers: Sequence[Any]) -> np.ndarray:
        """Puts the parts' values in their columns, shape (columns,)."""
        answer = np.zeros(sum(map(len, inverse)))
        for columns, values in zip(inverse, answers, strict=True):
            answer[columns] = values
        return answer


class Halves(Components):
    """The independent parts in two groups; a single part where there is but one."""

    name, title = "halves", "Two independent halves"

    def suits(self, instance: Any) -> float:
        """Ranks: below one by one."""
        return super().suits(instance) / 2

    def split(self, instance: Any) -> tuple[list[MatrixInstance], list[np.ndarray]]:
        """Returns the halves, and the columns of each in the whole; see `Components.split`."""
        parts = parts_of(_matrix(instance))
        middle = len(parts) // 2
        groups = [group for group in (parts[:middle], parts[middle:]) if group]
        joined = [
            (np.concatenate([columns for columns, _ in group]), np.concatenate([rows for _, rows in group]))
            for group in groups
        ]
        return _cut_up(instance, joined)


def _cut_up(
    instance: MatrixInstance, parts: Sequence[tuple[np.ndarray, np.ndarray]]
) -> tuple[list[MatrixInstance], list[np.ndarray]]:
    return [cut(instance, columns, rows) for columns, rows in parts], [columns for columns, _ in parts]


def _matrix(instance: Any) -> MatrixInstance:
    if not isinstance(instance, MatrixInstance):
        raise InputError.at("only models with variables and constraints have independent parts")
    return instance
