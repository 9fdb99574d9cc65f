"""The five elements as JSON: lossless, readable, and every wrong field has a sentence of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from front_models import EVERYTHING, TRANSPORT

from solvitur.language.forms_json import from_json, to_json
from solvitur.language.parsing import parse
from solvitur.language.printing import to_text
from solvitur.problem.errors import InputError


@pytest.mark.parametrize("text", [TRANSPORT, EVERYTHING], ids=["transport", "everything"])
def test_nothing_is_lost_through_json_text(text: str) -> None:
    """Order, comments, data and all: the model comes back equal, and so does its text."""
    model = parse(text).model
    again = from_json(json.loads(json.dumps(to_json(model))))
    assert again == model
    assert to_text(again) == to_text(model)


def test_expressions_are_text_and_silent_fields_are_left_out() -> None:
    """The form that people and language models read."""
    tree = to_json(parse(TRANSPORT).model)
    assert list(tree)[:6] == ["sets", "parameters", "variables", "objectives", "constraints", "data"]
    assert tree["sets"][1] == {"name": "Markets", "position": 1}
    assert tree["variables"][0] == {
        "name": "ship",
        "index": "p in Plants, m in Markets",
        "lower": "0",
        "unit": "case",
        "description": "shipped from p to m",
        "comment": "\n",
        "position": 5,
    }
    assert tree["constraints"][1]["relation"] == "sum(ship[p, m] for p in Plants) >= demand[m]"
    assert tree["data"][1] == {"name": "supply", "value": {"Seattle": 350, "San Diego": 600}}
    assert tree["data"][2]["file"] == "freight.csv"


def test_json_written_by_hand_needs_no_positions_and_may_use_numbers() -> None:
    """Elements without position come in the order of the five; a bound may be a JSON number."""
    tree = {
        "constraints": [{"name": "cap", "index": "i in Items", "relation": "x[i] <= 3", "soft": 10}],
        "objectives": [{"name": "worth", "sense": "max", "expression": "sum(x[i] for i in Items)"}],
        "variables": [{"name": "x", "index": "Items", "lower": 0, "upper": 2.5, "domain": "integer"}],
        "sets": [{"name": "Items", "members": 'a, b, "c d"'}],
        "data": [{"name": "n", "text": "{(a, b): inf}"}],
    }
    assert to_text(from_json(tree)) == (
        'set Items = {a, b, "c d"}\n'
        "var x[Items] >= 0 <= 2.5 integer\n"
        "maximize worth: sum(x[i] for i in Items)\n"
        "subject to cap[i in Items]: x[i] <= 3 soft(10)\n"
        "data\n"
        "  n = {(a, b): inf}\n"
    )


@pytest.mark.parametrize(
    "group, fields, sentence",
    [
        ("sets", {"members": "a"}, "sets 1, name: a name is needed."),
        ("sets", {"name": "sum"}, "'sum', name: 'sum' is a word of the language"),
        ("sets", {"name": "a b"}, "'a b', name: 'a b' is no name"),
        ("sets", {"name": "A\nset B"}, "is no name"),
        ("sets", {"name": "A", "within": "B *"}, "'A', within: A value is missing after '*'."),
        ("sets", {"name": "A", "members": "{a"}, "'A', members: This '{' is not closed"),
        ("sets", {"name": "A", "members": 3}, "'A', members: a text is expected"),
        ("sets", {"name": "A", "foo": 3}, "'A', foo: there is no such field here."),
        ("sets", {"name": "A", "description": "a\x00"}, "'A', description: it holds a control character"),
        ("parameters", {"name": "p", "index": "i in"}, "'p', index: An expression is expected after 'in'."),
        ("parameters", {"name": "p", "index": "A] >= 3 [B"}, "'p', index:"),
        ("parameters", {"name": "p", "lower": "1 <= 2 integer"}, "'p', lower:"),
        ("parameters", {"name": "p", "keyword": "var"}, "one of param, let is expected"),
        ("variables", {"name": "x", "domain": "whole"}, "'x', domain: one of continuous, integer"),
        ("variables", {"name": "x", "lower": "# none"}, "'x', lower: an expression is expected, not a comment."),
        ("objectives", {"name": "o", "expression": ""}, "'o', expression: an expression is needed."),
        ("objectives", {"name": "o", "expression": "x", "sense": "up"}, "one of min, max is expected"),
        ("constraints", {"name": "c", "relation": "x = 3"}, "'c', relation: Write '==' instead of '='."),
        ("data", {"name": "d"}, "'d', value: a value, a text or a file is needed."),
        ("data", {"name": "d", "value": True}, "numbers, labels, lists and objects are expected"),
        ("data", {"name": "d", "value": float("nan")}, "NaN is no number"),
        ("data", {"name": "d", "text": "1 2"}, "'d', text:"),
    ],
)
def test_a_wrong_field_is_told_by_name(group: str, fields: dict[str, Any], sentence: str) -> None:
    """The finding names the element and the field."""
    with pytest.raises(InputError) as caught:
        from_json({group: [fields]})
    assert sentence in str(caught.value)


@pytest.mark.parametrize("tree", [3, [], {"sets": 3}, {"sets": [3]}, {"stets": []}, {"sets": "abc"}, None])
def test_json_of_another_shape_is_refused(tree: object) -> None:
    """What is no model at all is told so."""
    with pytest.raises(InputError):
        from_json(tree)


def test_all_wrong_fields_are_told_at_once() -> None:
    """One finding per field, not only the first."""
    with pytest.raises(InputError) as caught:
        from_json({"variables": [{"name": "x", "lower": "+", "upper": "*"}, {"name": "y", "index": "["}]})
    assert len(caught.value.findings) == 3
    assert [finding.element for finding in caught.value.findings] == ["x", "x", "y"]


def test_json_cannot_smuggle_statements_in() -> None:
    """Line breaks in words and comments never become statements."""
    tree = {"sets": [{"name": "A", "description": "x\nset B", "comment": "set C", "remark": "hm\nset D"}]}
    assert [element.name for element in from_json(tree).elements] == ["A"]


def test_very_deep_json_is_refused() -> None:
    """Nesting is limited, as in the text."""
    deep: object = 1
    for _ in range(500):
        deep = [deep]
    with pytest.raises(InputError, match="nested deeper"):
        from_json({"data": [{"name": "d", "value": deep}]})
