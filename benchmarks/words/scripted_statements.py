"""Statements with known right models for the scripted language model: families, each with several sets of data."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import scripted_making as making
import scripted_others as others
from scripted_shapes import Tree

FAMILIES: tuple[Callable[[random.Random], tuple[str, Tree]], ...] = (
    making.workshop,
    making.feed,
    making.freight,
    making.projects,
    making.brewery,
    making.drivers,
    making.depots,
    making.nurses,
    others.savings,
    others.machines,
    others.masts,
    others.bakery,
    others.ships,
    others.adverts,
    others.power,
    others.farm,
)
"""Sixteen kinds of statement."""


@dataclass(frozen=True)
class Stated:
    """A statement and its right model, as the five elements of a reply."""

    name: str
    text: str
    model: Tree


def statements(variants: int = 4) -> list[Stated]:
    """Makes all statements; the data of each variant are drawn anew, from a fixed seed."""
    found = []
    for family in FAMILIES:
        for variant in range(variants):
            text, model = family(random.Random(f"_{family.__name__}{variant}"))
            found.append(Stated(f"{family.__name__} {variant + 1}", text, model))
    return found
