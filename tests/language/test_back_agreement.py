"""Compilation and verification share no code, so their agreement on random models and points tests both."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from back_models import DATA, random_model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvitur.language.compile import compile_model
from solvitur.language.data import bind
from solvitur.language.parsing import parse
from solvitur.language.verify import verify
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.instance import MatrixInstance


def answer_of(instance: MatrixInstance, values: np.ndarray) -> dict[str, dict[tuple[object, ...], float]]:
    """Names the values of the columns."""
    return {
        block.name: dict(zip(block.labels(), values[block.start : block.start + block.count].tolist(), strict=True))
        for block in instance.variables
    }


def compare(text: str, seed: int, other: str = "") -> None:
    """Compiles a model, evaluates rows and objective at a random point both ways, and compares them.

    With ``other``, the verification is given the data of that model instead.
    """
    parsed = parse(text)
    assert not parsed.findings, [str(finding) for finding in parsed.findings]
    bound = bind(parsed.model, Problem(formulation=Formulation(text=text)))
    instance = compile_model(parsed.model, bound)
    if other:
        bound = bind(parse(other).model, Problem(formulation=Formulation(text=other)))
    values = np.random.default_rng(seed).integers(-8, 9, instance.columns) / 4
    found = verify(parsed.model, bound, answer_of(instance, values))
    assert found.objective == pytest.approx(instance.objective_at(values), rel=1e-9, abs=1e-9)
    activity = instance.row_activity(values)
    slack = np.minimum(instance.row_upper - activity, activity - instance.row_lower)
    ours = {instance.constraint_of(row): float(slack[row]) for row in range(instance.rows)}
    constraints = {element.name for element in parsed.model.constraints}
    theirs = {row.element: row.slack for row in found.rows if row.element.split("[")[0] in constraints}
    for name, value in ours.items():
        assert theirs[name] == pytest.approx(value, rel=1e-9, abs=1e-8), name
    for name in theirs.keys() - ours.keys():
        # Only rows that hold whatever the variables are may be dropped.
        assert theirs[name] >= -1e-8, name


@given(st.randoms(use_true_random=False), st.integers(0, 1000))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_and_objective_agree(random: Random, seed: int) -> None:
    """Every row and the objective have the same value by arrays and by walking the expressions."""
    compare(random_model(random), seed)


@pytest.mark.parametrize("seed", range(150))
def test_rows_and_objective_agree_on_fixed_models(seed: int) -> None:
    """The same for models that are the same in every run."""
    compare(random_model(Random(seed)), seed)


@pytest.mark.parametrize("change", [("k = 1.5", "k = 2.5"), ("Q: -1", "Q: -2"), ("P: {Q: 1,", "P: {Q: 7,")])
def test_the_comparison_can_fail(change: tuple[str, str]) -> None:
    """A verification of slightly other data is told apart, so the tests above mean something."""
    head, data = random_model(Random(0)).split("minimize")[0], DATA
    model = "minimize goal: w\nsubject to one[(i, j) in Arcs]: sum(c[i, j] * x[i] + a[i] * x[j] for n in 1..2) <= k"
    text = f"{head}{model}\n{data}"
    for seed in range(8):
        compare(text, seed)
    # At one point a factor may happen to be zero, at all of them it is not.
    with pytest.raises(AssertionError):
        for seed in range(8):
            compare(text, seed, text.replace(*change))
