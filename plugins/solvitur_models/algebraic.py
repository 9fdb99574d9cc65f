"""The kind ``algebraic``: checks, binds, verifies and reads back models in the five-element language."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import ref

import numpy as np

from solvitur.api import (
    INTEGER,
    SEMI_INTEGER,
    Block,
    BoundModel,
    ExaminedData,
    Finding,
    InputError,
    Label,
    MatrixInstance,
    Problem,
    Result,
    Severity,
    Verification,
    check_model,
    compile_model,
    examine_data,
    files_wanted,
    is_penalty,
    is_table_named,
    parse_model,
    verify_model,
)

_KEPT = 3
_WHOLE = 1e-5
"""A value this near to a whole number is written as one, where the variable is whole."""
_VIOLATED = 1e-9
"""Penalties below this are rounding and are not shown."""


class AlgebraicKind:
    """Models in the language; their instances are matrices."""

    name, title = "algebraic", "Model in the language"

    def __init__(self) -> None:
        # Few, because undo keeps many versions of a problem, and each reading holds its data a second time.
        self._known: deque[tuple[ref[Problem], _Reading]] = deque(maxlen=_KEPT)

    def check(self, problem: Problem) -> Sequence[Finding]:
        """Finds what is wrong in the text, and, once that is right, in the data."""
        reading = self._read(problem)
        return [*reading.findings, *(() if reading.errors else reading.data().findings)]

    def missing(self, problem: Problem) -> tuple[str, ...]:
        """Lists the data that is still missing, as ``name: what is expected``."""
        return self._read(problem).data().missing

    def files_wanted(self, problem: Problem) -> tuple[str, ...]:
        """Lists the data files that the model names and that the problem's tables do not stand for yet."""
        model = self._read(problem).model
        return tuple(file for file in files_wanted(model) if not any(is_table_named(t, file) for t in problem.tables))

    def bind(self, problem: Problem) -> MatrixInstance:
        """Binds the model to its data and compiles it for the chosen objective.

        Raises
        ------
        InputError
            With everything that is wrong in the text, or else in the data, or else in what the two make together.
        """
        if not problem.formulation.text.strip():
            raise InputError.at("There is no model yet: write one, or open one.")
        reading = self._read(problem)
        return compile_model(reading.model, reading.bound(), problem.choice.objective)

    def verify(self, problem: Problem, instance: Any, result: Result) -> Verification:
        """Checks an answer against the model's text, expression by expression."""
        reading = self._read(problem)
        answer = np.asarray(result.answer, dtype=np.float64)
        values = {
            block.name: dict(zip(block.labels(), _cut(answer, block).tolist(), strict=True))
            for block in instance.own_variables
            if not is_penalty(block)
        }
        return verify_model(
            reading.model, reading.bound(), values, objective=problem.choice.objective, claimed=result.objective
        )

    def values(self, instance: MatrixInstance, answer: Any) -> Mapping[str, Any]:
        """Reads an answer as numbers nested by index; of soft constraints, only the violations there are."""
        array = np.asarray(answer, dtype=np.float64)
        found: dict[str, Any] = {}
        for block in instance.own_variables:
            numbers = _cut(array, block)
            if is_penalty(block):
                missed = np.flatnonzero(numbers > _VIOLATED).tolist()
                if missed:
                    found[block.name] = _nested((block.label(k), float(numbers[k])) for k in missed)
                continue
            code = int(instance.integrality[block.start]) if block.count else 0
            listed = _numbers(numbers, whole=code in (INTEGER, SEMI_INTEGER))
            found[block.name] = _nested(zip(block.labels(), listed, strict=True))
        return found

    def _read(self, problem: Problem) -> _Reading:
        """Returns what is known of a problem's text and data; that of the last few problems is kept."""
        for known, reading in tuple(self._known):
            if known() is problem:
                return reading
        reading = _Reading(problem)
        self._known.append((ref(problem), reading))
        return reading


class _Reading:
    """A problem's model, what is wrong with it, and its data once it is asked for."""

    def __init__(self, problem: Problem) -> None:
        formulation = problem.formulation
        parsed = parse_model(formulation.text, formulation.source)
        self.model = parsed.model
        checked = check_model(parsed.model, formulation.text, formulation.source)
        self.findings = (*parsed.findings, *checked.findings)
        self.errors = [finding for finding in self.findings if finding.severity is Severity.ERROR]
        # Holding the problem itself would keep it alive; its parts are shared anyway.
        self._given = Problem(formulation=formulation, tables=problem.tables)
        self._data: ExaminedData | None = None

    def data(self) -> ExaminedData:
        """Returns what binding the data came to."""
        if self._data is None:
            self._data = examine_data(self.model, self._given)
        return self._data

    def bound(self) -> BoundModel:
        """Returns the data.

        Raises
        ------
        InputError
            With all errors in the text, or else in the data.
        """
        if self.errors:
            raise InputError(self.errors)
        return self.data().required()


def _cut(answer: np.ndarray, block: Block) -> np.ndarray:
    return answer[block.start : block.start + block.count]


def _numbers(values: np.ndarray, *, whole: bool) -> list[float | int]:
    if not whole:
        return list(values.tolist())
    return [round(value) if abs(value - round(value)) <= _WHOLE else value for value in values.tolist()]


def _nested(items: Any) -> Any:
    """Nests numbers by the labels of their indices; a number without index stands for itself."""
    found: dict[Label, Any] = {}
    for label, number in items:
        if not label:
            return number
        inner = found
        for part in label[:-1]:
            inner = inner.setdefault(part, {})
        inner[label[-1]] = number
    return found
