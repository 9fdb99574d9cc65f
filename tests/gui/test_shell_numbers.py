"""Numbers in the window read as the look asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvitur.gui.numbers import THIN, clock, counted, duration, exact, percent, show


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (float("nan"), "—"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (0, "0"),
        (-0.0, "0"),
        (7, "7"),
        (7.0, "7"),
        (7512500, "7 512 500"),
        (-1234.5678, "−1 234.57"),
        (1 / 3, "0.333333"),
        (0.1, "0.1"),
        (0.00123456789, "0.00123457"),
        (0.00001, "1e-5"),
        (1.5e20, "1.5e20"),
        (999999.96, "1 000 000"),
        (123456789.25, "123 456 789"),
    ],
)
def test_a_number_has_thin_thousands_and_no_needless_decimals(value: float | None, text: str) -> None:
    assert show(value) == text.replace(" ", THIN)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_what_is_shown_is_within_six_digits_of_the_value(value: float) -> None:
    shown = float(show(value).replace(THIN, "").replace("−", "-"))
    assert shown == pytest.approx(value, rel=1e-5, abs=1e-300)


def test_exact_keeps_every_digit() -> None:
    assert exact(1234567.125) == f"1{THIN}234{THIN}567.125"
    assert exact(0.1 + 0.2) == "0.30000000000000004"
    assert exact(5.0) == "5"


def test_percent_is_zero_only_when_it_is_zero() -> None:
    assert percent(0.0) == f"0{THIN}%"
    assert percent(0.0019) == f"0.19{THIN}%"
    assert percent(1e-9).startswith("<")


def test_durations_and_clocks() -> None:
    assert duration(0.417) == f"0.42{THIN}s"
    assert duration(75) == "01:15"
    assert clock(7.9) == "00:07"
    assert clock(3723) == "1:02:03"


def test_counts_carry_their_noun() -> None:
    assert counted(1, "variable") == "1 variable"
    assert counted(12000, "variable") == f"12{THIN}000 variables"
    assert counted(2, "index", "indices") == "2 indices"
