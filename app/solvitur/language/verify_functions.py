"""Functions as verification evaluates them: piecewise linear ones, powers and roots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from solvitur.language.verify_loops import Env, Evaluation

_NOTHING = 1e-6
"""A number this little below zero is taken for zero where a negative one has no root."""


def piecewise(x: Evaluation, points: Sequence[tuple[Evaluation, Evaluation]]) -> Evaluation:
    """Returns the evaluation of a function that is linear between points, and goes on beyond the first and last."""

    def value(env: Env) -> Any:
        at = x(env)
        listed = [(place(env), height(env)) for place, height in points]
        if any(b[0] <= a[0] for a, b in pairwise(listed)):
            raise ValueError("breakpoints must rise")
        first = 0
        while first < len(listed) - 2 and at > listed[first + 1][0]:
            first += 1
        (start, low), (end, high) = listed[first], listed[first + 1]
        return low + (high - low) * (at - start) / (end - start)

    return value


def root(value: float) -> float:
    """Returns the square root; of what is negative by rounding, zero."""
    return math.sqrt(0.0 if -_NOTHING <= value < 0 else value)


def power(base: Any, exponent: Any) -> Any:
    """Raises to a power in floating point.

    Raises
    ------
    ValueError
        If there is no real value.
    """
    if base < 0 and not float(exponent).is_integer():
        base = 0.0 if base >= -_NOTHING else base
        if base < 0:
            raise ValueError("a negative number has no such power")
    return base**exponent


def exact_power(base: Any, exponent: Any) -> Any:
    """Raises to a power: exactly where the exponent is whole and small, else in floating point."""
    if float(exponent).is_integer() and abs(exponent) <= 64:
        return Fraction(base) ** int(exponent)
    return Fraction(power(float(base), float(exponent)))
