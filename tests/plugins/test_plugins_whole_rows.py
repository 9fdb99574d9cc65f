"""CP-SAT gets models in exact whole numbers, or is said not to take them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from instances import INF, model
from standins import RecordedJob

from solvitur_ortools.cpsat_part import CpSat
from solvitur_ortools.whole_rows import NotWhole, whole_model


def test_decimal_and_other_fractions_are_scaled_row_by_row() -> None:
    rows = [([0.5, 0.25], -INF, 1.6), ([1 / 3, 2.0], 1.0, INF), ([3.0, 1.0], -INF, 7.0)]
    whole = whole_model(model([0.1, 0.02], rows, upper=[9.0, 9.0], whole=[1, 1]))
    assert whole.value.tolist() == [50, 25, 1, 6, 3, 1]
    assert whole.row_upper.tolist()[0] == 160
    assert whole.row_lower.tolist()[1] == 3
    assert (whole.cost.tolist(), whole.cost_scale) == ([10, 2], 100)


def test_a_side_between_two_whole_numbers_is_tightened() -> None:
    whole = whole_model(model([1.0], [([2.0], 0.5, 7.5)], upper=[9.0], whole=[1]))
    assert (whole.row_lower.tolist(), whole.row_upper.tolist()) == ([1], [7])


def test_noise_in_a_side_does_not_cut_answers_off() -> None:
    whole = whole_model(model([1.0], [([0.1], 0.1 + 0.2, 0.1 + 0.2)], upper=[9.0], whole=[1]))
    assert (whole.row_lower.tolist(), whole.row_upper.tolist()) == ([3], [3])


@pytest.mark.parametrize(
    ("instance", "words"),
    [
        (model([math.pi], upper=[9.0], whole=[1]), "the objective has the coefficient 3.14"),
        (model([1.0], [([math.e], 0.0, 9.0)], upper=[9.0], whole=[1]), "a constraint has the coefficient 2.71"),
        (model([1.0], upper=[2.0**50], whole=[1]), "'x1' is not"),
        (model([1.0], [([1e12], 0.0, 1.0)], upper=[1e9], whole=[1]), "'r1' are too large"),
        (model([1e12], upper=[1e9], whole=[1]), "objective's terms are too large"),
    ],
)
def test_what_has_no_exact_form_is_refused_in_words(instance: object, words: str) -> None:
    with pytest.raises(NotWhole, match=words):
        whole_model(instance)  # type: ignore[arg-type]
    assert words in CpSat().unable(instance)  # type: ignore[arg-type]


def test_fractional_costs_offset_and_sense_come_back_in_the_users_numbers() -> None:
    instance = model(
        [0.3, -0.2],
        [([1.0, 1.0], -INF, 4.0)],
        sense="max",
        offset=10.0,
        lower=[-3.0, -3.0],
        upper=[9.0, 9.0],
        whole=[1, 1],
    )
    job = RecordedJob()
    result = CpSat().solve(instance, CpSat.options(), job)  # type: ignore[misc]
    assert result.objective == pytest.approx(10.0 + 0.3 * 7 + 0.2 * 3)
    assert result.bound == pytest.approx(result.objective)
    assert np.array_equal(result.answer, [7.0, -3.0])
