"""The kind ``matrix``: a formulation that is a table of coefficients, as LP and MPS files hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from solvitur.api import (
    Finding,
    InputError,
    MatrixInstance,
    Picture,
    Place,
    Problem,
    Result,
    Severity,
    Verification,
)
from solvitur_files.matrix_check import verify
from solvitur_files.matrix_facts import facts, pictures
from solvitur_files.portable_names import names_of


class MatrixKind:
    """A model given as rows and columns, with nothing but names."""

    name, title = "matrix", "Rows and columns (LP, MPS)"

    def check(self, problem: Problem) -> Sequence[Finding]:
        """Finds all that is wrong or missing."""
        content, place = problem.formulation.content, Place(problem.formulation.source)
        if not isinstance(content, MatrixInstance):
            text = "there is no model here yet; open an .mps or .lp file"
            return [Finding(Severity.ERROR, text, place=place)]
        found = []
        crossed = np.flatnonzero(content.column_lower > content.column_upper)
        for column in crossed[:20].tolist():
            low, high = content.column_lower[column], content.column_upper[column]
            name = content.variable_of(column)
            text = f"'{name}' has lower bound {low:g} above its upper bound {high:g}, so the model is infeasible"
            found.append(Finding(Severity.WARNING, text, name, place))
        return found

    def bind(self, problem: Problem) -> MatrixInstance:
        """Returns the instance, which the file already is.

        Raises
        ------
        InputError
            If there is no model.
        """
        content = problem.formulation.content
        if not isinstance(content, MatrixInstance):
            raise InputError(self.check(problem))
        return content

    def verify(self, problem: Problem, instance: Any, result: Result) -> Verification:
        """Checks an answer against the formulation, row by row; see `solvitur_files.matrix_check`."""
        content = problem.formulation.content
        return verify(content if isinstance(content, MatrixInstance) else instance, result)

    def values(self, instance: MatrixInstance, answer: Any) -> Mapping[str, Any]:
        """Reads an answer as values by name."""
        return dict(zip(names_of(instance.variables), np.asarray(answer, dtype=np.float64).tolist(), strict=True))

    def inspect(self, instance: MatrixInstance) -> tuple[dict[str, Any], tuple[Picture, ...]]:
        """Returns facts about sizes, counts and coefficient ranges, and a picture of the structure."""
        return facts(instance), pictures(instance)
