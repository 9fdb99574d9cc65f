"""Drafting and solving of statements for the tests of the offline reader, without workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from solvitur.api import Draft, Formulation, Problem, bind_model, compile_model, parse_model
from solvitur_highs.model import Handed
from solvitur_words.part import Words

Drafting = Callable[..., Draft]
Optimum = Callable[[str], float]


@pytest.fixture(scope="session")
def draft() -> Drafting:
    """Drafts a statement."""

    def drafted(statement: str, answers: Mapping[str, str] | None = None) -> Draft:
        return Words().draft(statement, (), answers or {})

    return drafted


@pytest.fixture(scope="session")
def optimum() -> Optimum:
    """Solves a linear model's text and returns its optimum."""

    def solved(text: str) -> float:
        parsed = parse_model(text)
        assert not parsed.findings, parsed.findings
        problem = Problem(formulation=Formulation("algebraic", text))
        handed = Handed(compile_model(parsed.model, bind_model(parsed.model, problem)))
        handed.highs.run()
        return float(handed.highs.getInfo().objective_function_value)

    return solved
