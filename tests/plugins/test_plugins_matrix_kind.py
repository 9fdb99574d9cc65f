"""Our own check of answers over rows and columns catches what it must, and forgives only rounding."""

from __future__ import annotations

import math

import numpy as np
import pytest
from instances import INF, knapsack, model, product_mix

from solvitur.api import (
    Formulation,
    InputError,
    MatrixInstance,
    Problem,
    QuadraticRow,
    Result,
    Status,
    Verification,
    is_convex,
    tidied,
    worst_violation,
)
from solvitur_files.matrix_kind import MatrixKind


def checked(instance: MatrixInstance, answer: list[float], objective: float | None = None) -> Verification:
    """Checks an answer that claims its own true objective unless told otherwise."""
    values = np.array(answer, dtype=np.float64)
    claim = instance.objective_at(values) if objective is None and len(values) == instance.columns else objective
    problem = Problem(formulation=Formulation("matrix", content=instance))
    return MatrixKind().verify(problem, instance, Result(Status.FEASIBLE, values, claim))


def test_a_right_answer_passes_and_its_tight_rows_are_told() -> None:
    found = checked(product_mix(), [2.0, 6.0])
    assert found.passed
    assert (found.objective, found.max_violation) == (36.0, 0.0)
    assert {row.element: row.state for row in found.rows} == {"r1": "satisfied", "r2": "tight", "r3": "tight"}
    assert [(check.name, check.violated) for check in found.checks] == [("constraints", 0), ("bounds", 0)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([2.0, 7.0], "'r2' most: 14 is 2 outside at most 12"),
        ([-1.0, 6.0], "'x1' most: -1 is 1 outside at least 0"),
        ([2.0], "1 values for 2 variables"),
        ([math.nan, 6.0], "gives 'x1' no finite value"),
    ],
)
def test_a_wrong_answer_fails_and_names_the_worst(answer: list[float], words: str) -> None:
    found = checked(product_mix(), answer)
    assert not found.passed
    assert words in str(found.findings[0])


def test_a_wrong_claim_about_the_objective_fails() -> None:
    found = checked(product_mix(), [2.0, 6.0], objective=36.1)
    assert not found.passed
    assert "the objective is 36, but the solver said 36.1" in str(found.findings[0])


def test_a_fraction_in_a_whole_variable_fails() -> None:
    assert not checked(knapsack(), [0.0, 1.0, 1.0, 0.9999]).passed
    assert checked(knapsack(), [0.0, 1.0, 1.0, 1.0 - 1e-7]).passed


def test_a_semi_continuous_variable_is_zero_or_within_its_bounds() -> None:
    instance = model([1.0], lower=[5.0], upper=[9.0], whole=[2])
    assert checked(instance, [0.0]).passed
    assert checked(instance, [7.0]).passed
    assert not checked(instance, [3.0]).passed


def test_a_miss_is_measured_against_the_size_of_the_terms() -> None:
    """Sums of huge terms may be off by their rounding; sums of small ones may not be off by the same."""
    huge = model([0.0, 0.0], [([1e9, -1e9], 0.0, 0.0)])
    assert checked(huge, [1.0, 1.0 + 1e-7]).passed
    small = model([0.0, 0.0], [([1.0, -1.0], 0.0, 0.0)])
    assert not checked(small, [1.0, 1.0 + 1e-5]).passed


def test_sums_are_exact_where_plain_addition_loses_everything() -> None:
    instance = model([1e16, 1.0, -1e16], [([1e16, 1.0, -1e16], 1.0, 1.0)], lower=[-INF] * 3)
    found = checked(instance, [1.0, 1.0, 1.0], objective=1.0)
    assert (found.passed, found.objective, found.max_violation) == (True, 1.0, 0.0)


def test_quadratic_parts_are_evaluated() -> None:
    disc = QuadraticRow(0, np.array([0, 1]), np.array([0, 1]), np.array([1.0, 1.0]))
    rows = [([0.0, 0.0], -INF, 25.0)]
    instance = model([0.0, 1.0], rows, hessian=[[2.0, 1.0], [1.0, 0.0]], quadratic_rows=(disc,))
    found = checked(instance, [3.0, 4.0])
    assert (found.passed, found.objective) == (True, 9.0 + 12.0 + 4.0)
    assert not checked(instance, [3.0, 4.1]).passed


def test_values_are_flat_by_name_and_a_problem_without_a_model_says_what_to_open() -> None:
    kind = MatrixKind()
    assert kind.values(product_mix(), np.array([2.0, 6.0])) == {"x1": 2.0, "x2": 6.0}
    with pytest.raises(InputError, match=r"open an \.mps or \.lp file"):
        kind.bind(Problem(formulation=Formulation("matrix")))


def test_crossed_bounds_are_pointed_out_before_solving() -> None:
    instance = model([1.0], lower=[3.0], upper=[2.0])
    (finding,) = MatrixKind().check(Problem(formulation=Formulation("matrix", content=instance)))
    assert "'x1' has lower bound 3 above its upper bound 2" in str(finding)


def test_inspection_counts_measures_and_draws_the_structure() -> None:
    rows = [([1e-3 if j == i else 0.0 for j in range(300)], -INF, 5.0) for i in range(300)]
    instance = model([2.0] * 300, rows, whole=[1] * 150 + [0] * 150, upper=[1.0] * 100 + [9.0] * 200)
    facts, (picture,) = MatrixKind().inspect(instance)
    told = {name: facts[name] for name in ("variables", "binary", "integer", "continuous", "at most", "nonzeros")}
    assert told == {
        "variables": 300,
        "binary": 100,
        "integer": 50,
        "continuous": 150,
        "at most": 300,
        "nonzeros": 300,
    }
    assert (facts["smallest matrix"], facts["largest bounds"]) == (1e-3, 9.0)
    assert picture.values.shape == (120, 120)  # type: ignore[attr-defined]
    assert np.nansum(picture.values) == 300  # type: ignore[attr-defined]
    assert "each cell sums up" in picture.caption


def test_tidying_takes_noise_away_but_never_feasibility() -> None:
    noisy = np.array([1e-9, 1.0 - 1e-8, 1.0 + 1e-9, 1.0])
    assert tidied(knapsack(), noisy).tolist() == [0.0, 1.0, 1.0, 1.0]
    large = model([0.0, 1.0], [([1e7, -1.0], 0.0, 0.0)], upper=[9.0, INF], whole=[1, 0])
    needed = np.array([1.0 + 1e-6, 1e7 + 10.0])
    assert worst_violation(large, needed) <= 1e-9
    assert tidied(large, needed).tolist() == needed.tolist()


@pytest.mark.parametrize(
    ("hessian", "sense", "convex"),
    [
        ([[2.0, 1.0], [1.0, 2.0]], "min", True),
        ([[2.0, 3.0], [3.0, 2.0]], "min", False),
        ([[-2.0, 1.0], [1.0, -2.0]], "max", True),
        ([[2.0, 0.0], [0.0, 2.0]], "max", False),
        ([[1.0, 1.0], [1.0, 1.0]], "min", True),
        ([[0.0, 1.0], [1.0, 0.0]], "min", False),
    ],
)
def test_convexity_is_told_from_the_eigenvalues_and_the_sense(
    hessian: list[list[float]], sense: str, convex: bool
) -> None:
    assert model([0.0, 0.0], sense=sense, hessian=hessian).convex is convex


def test_convexity_of_a_large_connected_matrix_is_searched() -> None:
    size = 1000
    dense = np.diag(np.full(size, 2.0)) + np.diag(np.full(size - 1, -1.0), 1) + np.diag(np.full(size - 1, -1.0), -1)
    good = model([0.0] * size, hessian=dense.tolist())
    assert good.convex
    dense[0, 1] = dense[1, 0] = -3.0
    bad = model([0.0] * size, hessian=dense.tolist()).hessian
    assert bad is not None
    assert not is_convex(bad, "min")
