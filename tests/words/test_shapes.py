"""Fences, boxes, cans and pairs of numbers become nonlinear models."""

# ruff: noqa: E501 - statements are quoted whole

from __future__ import annotations

from collections.abc import Callable

import pytest

from solvitur.api import Draft

Drafting = Callable[..., Draft]

SHAPES = {
    "Find two positive numbers whose sum is 48 and whose product is as large as possible: maximize the product.": (
        "maximize product: first * second", "first + second == 48",
    ),
    "A shepherd has 240 m of fencing for a rectangular pen along a river, which needs no fence. What is the largest "
    "area that the pen can have?": ("maximize area: width * length", "2 * width + length <= 240"),
    "A gardener encloses a rectangular plot with 60 ft of fencing. Find the maximum area of the garden.": (
        "maximize area: width * length", "2 * width + 2 * length <= 60",
    ),
    "A box with a square base and no top must hold 500 cubic cm. Find the dimensions that minimize the material.": (
        "minimize material: side ** 2 + 4 * side * height", "side ** 2 * height >= 500",
    ),
    "Squares are cut out of the corners of a sheet of 40 cm by 25 cm, and the sides are folded up into a box. Find the "
    "maximum volume of the box.": ("maximize volume: height * (40 - 2 * height) * (25 - 2 * height)", "height >= 0 <= 12.5"),
}  # fmt: skip


@pytest.mark.parametrize("statement", SHAPES)
def test_a_shape_becomes_its_formulas(statement: str, draft: Drafting) -> None:
    """The model has the goal and the limit that geometry gives."""
    made = draft(statement)
    assert made.complete, made.questions
    for part in SHAPES[statement]:
        assert part in made.model


def test_a_shape_it_does_not_know_is_not_taken_for_one_it_knows(draft: Drafting) -> None:
    """A can with a hemispherical top is asked about."""
    made = draft(
        "A can has a hemispherical top and a volume of 90 cubic inches. Find the can with the least material."
    )
    assert not made.complete
