"""The ten kinds of wrong model, each made anew from a right one; where a kind finds nothing to spoil, a number is."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

Tree = dict[str, Any]


def sign(model: Tree, drawn: random.Random) -> None:
    """Turns a limit round."""
    turned = [each for each in model["constraints"] if re.search(r"[<>]=", each["relation"])]
    if not turned:
        wrong_bound(model, drawn)
        return
    rule = drawn.choice(turned)
    rule["relation"] = re.sub(r"[<>]=", lambda match: {"<=": ">=", ">=": "<="}[match.group()], rule["relation"])


def swapped_index(model: Tree, drawn: random.Random) -> None:
    """Gives two members of a set each other's numbers, as when rows or columns are mixed up."""
    tables = [each for each in model["parameters"] if isinstance(json.loads(each["values"]), dict)]
    param = drawn.choice(tables)
    values = json.loads(param["values"])
    first, second = drawn.sample(sorted(values), 2)
    values[first], values[second] = values[second], values[first]
    param["values"] = json.dumps(values)


def dropped_constraint(model: Tree, drawn: random.Random) -> None:
    """Forgets a limit."""
    model["constraints"].remove(drawn.choice(model["constraints"]))


def wrong_bound(model: Tree, drawn: random.Random) -> None:
    """Misreads a number."""
    param = drawn.choice(model["parameters"])
    param["values"] = _changed(param["values"], drawn, lambda value: value + drawn.choice([-2, -1, 1, 2, 10]))


def wrong_integrality(model: Tree, drawn: random.Random) -> None:
    """Lets things that come whole be split, or the other way round."""
    variable = drawn.choice(model["variables"])
    if variable["domain"] == "continuous":
        variable["domain"] = "integer"
    else:
        if variable["domain"] == "binary":
            variable["lower"], variable["upper"] = "0", "1"
        variable["domain"] = "continuous"


def syntax_error(model: Tree, drawn: random.Random) -> None:
    """Writes something that cannot be read."""
    places = [model["objective"], *model["constraints"]]
    place = drawn.choice(places)
    field = "expression" if "expression" in place else "relation"
    broken = [
        lambda text: text.replace(")", "", 1) if ")" in text else text + " +",
        lambda text: text.replace("*", "", 1) if "*" in text else text + " *",
        lambda text: text.replace("[", "[[", 1) if "[" in text else "(" + text,
        lambda text: text.replace("sum", "total", 1) if "sum" in text else text + " and then",
    ]
    place[field] = drawn.choice(broken)(place[field])


def invented_data(model: Tree, drawn: random.Random) -> None:
    """Adds a limit that nobody stated."""
    variable = drawn.choice(model["variables"])
    names = [each.split(" in ")[0].strip() for each in variable["index"].split(",") if each.strip()]
    of = f"{variable['name']}[{', '.join(names)}]" if names else variable["name"]
    limit = drawn.randint(1, 40)
    rule = {"name": "extra", "index": variable["index"], "relation": f"{of} <= {limit}", "description": ""}
    model["constraints"].append(rule)


def wrong_sense(model: Tree, drawn: random.Random) -> None:
    """Wants the opposite."""
    model["objective"]["sense"] = "minimize" if model["objective"]["sense"] == "maximize" else "maximize"


def missing_term(model: Tree, drawn: random.Random) -> None:
    """Leaves a part of the aim out."""
    expression = model["objective"]["expression"]
    terms = expression.split(" + ")
    if len(terms) > 1:
        terms.remove(drawn.choice(terms))
        model["objective"]["expression"] = " + ".join(terms)
        return
    loops = re.findall(r"for (\w+) in (\w+)", expression)
    if not loops:
        wrong_sense(model, drawn)
        return
    index, members = drawn.choice(loops)
    left_out = drawn.choice(next(each["members"] for each in model["sets"] if each["name"] == members))
    label = left_out if left_out.isdigit() else json.dumps(left_out)
    model["objective"]["expression"] = expression.removesuffix(")") + f" if {index} != {label})"


def unit_slip(model: Tree, drawn: random.Random) -> None:
    """Takes one number for a smaller or larger unit."""
    param = drawn.choice(model["parameters"])
    factor = drawn.choice([10, 60, 100, 1000, 0.1, 0.01, 0.001])
    param["values"] = _changed(param["values"], drawn, lambda value: value * factor)


WRONGS: dict[str, Callable[[Tree, random.Random], None]] = {
    "sign": sign,
    "swapped index": swapped_index,
    "dropped constraint": dropped_constraint,
    "wrong bound": wrong_bound,
    "wrong integrality": wrong_integrality,
    "syntax error": syntax_error,
    "invented data": invented_data,
    "wrong objective sense": wrong_sense,
    "missing objective term": missing_term,
    "unit slip": unit_slip,
}
"""The ten kinds."""


def _changed(values: str, drawn: random.Random, change: Callable[[float], float]) -> str:
    """Changes one number of a parameter's data."""
    tree = json.loads(values)
    if not isinstance(tree, dict):
        return json.dumps(change(tree))
    place = tree
    key = drawn.choice(sorted(place))
    while isinstance(place[key], dict):
        place = place[key]
        key = drawn.choice(sorted(place))
    place[key] = change(place[key])
    return json.dumps(tree)
