"""Short forms for statements and for the five elements of their right models."""

from __future__ import annotations

import json
import random
from typing import Any

Tree = dict[str, Any]


def tree(
    sets: Tree, params: Tree, variables: list[Tree], aim: tuple[str, str], rules: list[tuple[str, str, str]]
) -> Tree:
    """Builds five elements from short forms: params as name -> (index, value), rules as (name, index, relation)."""
    return {
        "sets": [{"name": name, "members": members, "description": ""} for name, members in sets.items()],
        "parameters": [
            {"name": name, "index": index, "values": json.dumps(value), "unit": "", "description": ""}
            for name, (index, value) in params.items()
        ],
        "variables": variables,
        "objective": {"sense": aim[0], "name": "aim", "expression": aim[1]},
        "constraints": [
            {"name": name, "index": index, "relation": relation, "description": ""} for name, index, relation in rules
        ],
        "evidence": [],
        "questions": [],
        "assumptions": [],
    }


def var(name: str, index: str = "", domain: str = "continuous", lower: str = "0", upper: str = "") -> Tree:
    """Builds a variable."""
    bound = "" if domain == "binary" else lower
    return {
        "name": name,
        "index": index,
        "domain": domain,
        "lower": bound,
        "upper": upper,
        "unit": "",
        "description": "",
    }


def listed(words: list[str]) -> str:
    """Lists words as a sentence does."""
    return ", ".join(words[:-1]) + " and " + words[-1]


def numbers(random: random.Random, names: list[str], low: int, high: int, step: int = 1) -> dict[str, int]:
    """Draws a different number for each name."""
    picked = random.sample(range(low, high + 1, step), len(names))
    return dict(zip(names, picked, strict=True))
