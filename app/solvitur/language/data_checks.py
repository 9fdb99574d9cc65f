"""Checks the values of a parameter against what its declaration promises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator
from solvitur.language.arrays_frames import Frame
from solvitur.language.arrays_spaces import ABSENT, Space
from solvitur.language.data_rows import SHOWN, Rows, limited
from solvitur.language.elements import Domain, ParamElement
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity


@dataclass(frozen=True, eq=False)
class ValueChecks:
    """Bounds and whole numbers of one parameter."""

    element: ParamElement
    space: Space
    evaluator: Evaluator
    frame: Frame

    def require(self, values: np.ndarray, given: tuple[Rows, np.ndarray] | None) -> None:
        """Checks all values that are there.

        Parameters
        ----------
        values : float64 array, shape (space.count,), NaN where there is none yet
        given : rows, and for every value the row that gave it, for the places of findings

        Raises
        ------
        InputError
            Naming the first few values that break a promise.
        """
        findings: list[Finding] = []
        element = self.element
        if element.lower is not None:
            bound = self.evaluator.spread(element.lower, self.frame)
            broken = values <= bound if element.lower_strict else values < bound
            findings += self._told(values, broken, ">" if element.lower_strict else ">=", bound, given)
        if element.upper is not None:
            bound = self.evaluator.spread(element.upper, self.frame)
            broken = values >= bound if element.upper_strict else values > bound
            findings += self._told(values, broken, "<" if element.upper_strict else "<=", bound, given)
        if element.domain in (Domain.INTEGER, Domain.BINARY):
            broken = np.isfinite(values) & (values != np.rint(values))
            findings += self._told(values, broken, "a whole number", None, given)
        if element.domain is Domain.BINARY:
            broken = ~np.isnan(values) & (values != 0) & (values != 1)
            findings += self._told(values, broken, "0 or 1", None, given)
        if findings:
            raise InputError(limited(findings, element.name))

    def _told(
        self,
        values: np.ndarray,
        broken: np.ndarray,
        rule: str,
        bound: np.ndarray | None,
        given: tuple[Rows, np.ndarray] | None,
    ) -> list[Finding]:
        findings = []
        places = self.evaluator.scope.places
        for position in np.flatnonzero(broken)[: SHOWN * 20].tolist():
            limit = rule if bound is None else f"{rule} {bound[position]:g}"
            name = self.space.element(self.element.name, position)
            row = ABSENT if given is None else int(given[1][position])
            if given is not None and row != ABSENT:
                origin = given[0].origin
                where, place = f" in {origin.at(given[0].row(row))}", origin.place_of(given[0].row(row))
            else:
                where, place = "", places.of(self.element.name_span)
            text = f"'{name}' is {values[position]:g}{where}, but it must be {limit}."
            findings.append(Finding(Severity.ERROR, text, self.element.name, place))
        return findings
