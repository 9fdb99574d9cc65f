"""The kind ``algebraic``: checks, binds, verifies and reads back models in the five-element language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from solvitur.api import (
    INTEGER,
    SEMI_INTEGER,
    Block,
    BoundModel,
    Finding,
    InputError,
    Label,
    MatrixInstance,
    Model,
    Problem,
    Result,
    Severity,
    Verification,
    bind_model,
    check_model,
    compile_model,
    data_faults,
    files_wanted,
    is_penalty,
    is_table_named,
    missing_data,
    parse_model,
    verify_model,
)

_WHOLE = 1e-5
"""A value this near to a whole number is written as one, where the variable is whole."""
_VIOLATED = 1e-9
"""Penalties below this are rounding and are not shown."""


class AlgebraicKind:
    """Models in the language; their instances are matrices."""

    name, title = "algebraic", "Model in the language"

    def __init__(self) -> None:
        self._bound: WeakKeyDictionary[Problem, tuple[Model, BoundModel]] = WeakKeyDictionary()

    def check(self, problem: Problem) -> Sequence[Finding]:
        """Finds what is wrong in the text, and, once that is right, in the data."""
        formulation = problem.formulation
        parsed = parse_model(formulation.text, formulation.source)
        checked = check_model(parsed.model, formulation.text, formulation.source)
        findings = [*parsed.findings, *checked.findings]
        if not any(finding.severity is Severity.ERROR for finding in findings):
            findings += data_faults(parsed.model, problem)
        return findings

    def missing(self, problem: Problem) -> tuple[str, ...]:
        """Lists the data that is still missing, as ``name: what is expected``."""
        return missing_data(parse_model(problem.formulation.text, problem.formulation.source).model, problem)

    def files_wanted(self, problem: Problem) -> tuple[str, ...]:
        """Lists the data files that the model names and that the problem's tables do not stand for yet."""
        model = parse_model(problem.formulation.text, problem.formulation.source).model
        return tuple(file for file in files_wanted(model) if not any(is_table_named(t, file) for t in problem.tables))

    def bind(self, problem: Problem) -> MatrixInstance:
        """Binds the model to its data and compiles it for the chosen objective.

        Raises
        ------
        InputError
            With everything that is wrong in the text, or else in the data, or else in what the two make together.
        """
        formulation = problem.formulation
        if not formulation.text.strip():
            raise InputError.at("There is no model yet: write one, or open one.")
        model, bound = self._model_of(problem)
        return compile_model(model, bound, problem.choice.objective)

    def verify(self, problem: Problem, instance: Any, result: Result) -> Verification:
        """Checks an answer against the model's text, expression by expression."""
        model, bound = self._model_of(problem)
        answer = np.asarray(result.answer, dtype=np.float64)
        values = {
            block.name: dict(zip(block.labels(), _cut(answer, block).tolist(), strict=True))
            for block in instance.variables
            if not is_penalty(block)
        }
        return verify_model(model, bound, values, objective=problem.choice.objective, claimed=result.objective)

    def values(self, instance: MatrixInstance, answer: Any) -> Mapping[str, Any]:
        """Reads an answer as numbers nested by index; of soft constraints, only the violations there are."""
        array = np.asarray(answer, dtype=np.float64)
        found: dict[str, Any] = {}
        for block in instance.variables:
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

    def _model_of(self, problem: Problem) -> tuple[Model, BoundModel]:
        """Returns the checked model and its data, kept as long as the problem value lives."""
        known = self._bound.get(problem)
        if known is None:
            formulation = problem.formulation
            parsed = parse_model(formulation.text, formulation.source)
            checked = check_model(parsed.model, formulation.text, formulation.source)
            findings = [*parsed.findings, *checked.findings]
            errors = [finding for finding in findings if finding.severity is Severity.ERROR]
            if errors:
                raise InputError(errors)
            known = parsed.model, bind_model(parsed.model, problem)
            self._bound[problem] = known
        return known


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
