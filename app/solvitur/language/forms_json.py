"""The five elements as JSON and back without loss: expressions are text, as forms and language models write them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solvitur.language.elements import (
    ConstraintElement,
    DataEntry,
    Element,
    Expr,
    Model,
    ObjectiveElement,
    ParamElement,
    SetElement,
    VarElement,
)
from solvitur.language.forms_fields import Fields
from solvitur.language.parsing import parse
from solvitur.language.printing import expression_text, indices_text, literal_text, to_text
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity

_GROUPS: tuple[tuple[str, type[Element]], ...] = (
    ("sets", SetElement),
    ("parameters", ParamElement),
    ("variables", VarElement),
    ("objectives", ObjectiveElement),
    ("constraints", ConstraintElement),
)


# To JSON -----------------------------------------------------------------------------------------------------


def to_json(model: Model) -> dict[str, Any]:
    """Returns the model as JSON values: a list for each of the five elements, and one for the data section.

    Fields that say nothing are left out; ``position`` is an element's place among all elements.
    """
    groups: dict[str, Any] = {title: [] for title, _ in _GROUPS}
    for position, element in enumerate(model.elements):
        title = next(title for title, kind in _GROUPS if isinstance(element, kind))
        groups[title].append(_told({**_element_json(element), "position": position}))
    groups["data"] = [_told(_entry_json(entry)) for entry in model.data]
    return groups | _told({"data_comment": model.data_comment, "trailing": model.trailing})


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    silent = {key for key, value in fields.items() if value is False or (value == "" and key != "value")}
    return {key: value for key, value in fields.items() if key not in silent}


def _element_json(element: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": element.name}
    if isinstance(element, SetElement):
        fields |= {"within": _written(element.within), "members": _written(element.value)}
    elif isinstance(element, ObjectiveElement):
        fields |= {"sense": element.sense, "expression": _written(element.body), "unit": element.unit}
    else:
        fields |= {"index": indices_text(element.binders, element.condition)[1:-1], "unit": element.unit}
    if isinstance(element, ConstraintElement):
        fields |= {"relation": _written(element.body), "soft": _written(element.soft)}
    if isinstance(element, ParamElement | VarElement):
        fields |= {
            "lower": _written(element.lower),
            "upper": _written(element.upper),
            "domain": "" if element.domain == "continuous" else element.domain.value,
        }
    if isinstance(element, ParamElement):
        fields |= {
            "above_lower": element.lower_strict,
            "below_upper": element.upper_strict,
            "default": _written(element.default),
            "expression": _written(element.value),
            "keyword": "" if element.keyword == "param" else element.keyword,
        }
    return fields | {"description": element.description, "comment": element.comment, "remark": element.remark}


def _written(expr: Expr | None) -> str:
    return expression_text(expr) if expr is not None else ""


def _entry_json(entry: DataEntry) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": entry.name}
    if entry.file:
        fields["file"] = entry.file
    elif _is_plain(entry.literal):
        fields["value"] = entry.literal
    else:
        fields["text"] = literal_text(entry.literal)
    return fields | {"comment": entry.comment, "remark": entry.remark}


def _is_plain(literal: object) -> bool:
    """Tells whether JSON can say the literal as it is: finite numbers, texts, lists, and dicts by text."""
    if isinstance(literal, dict):
        return all(isinstance(key, str) and _is_plain(value) for key, value in literal.items())
    if isinstance(literal, list):
        return all(_is_plain(item) for item in literal)
    return isinstance(literal, str) or (isinstance(literal, int | float) and math.isfinite(literal))


# From JSON ---------------------------------------------------------------------------------------------------


def from_json(tree: object) -> Model:
    """Builds a model from what `to_json` returned, or from JSON that somebody wrote in the same form.

    Without ``position`` the elements come in the order of the five. The spans are those in ``to_text`` of the model.

    Raises
    ------
    InputError
        With one finding per field that cannot be read.
    """
    findings: list[Finding] = []
    if not isinstance(tree, Mapping):
        raise InputError.at("A model as JSON is an object with sets, parameters, variables, objectives, constraints.")
    known = {title for title, _ in _GROUPS} | {"data", "data_comment", "trailing"}
    for key in tree:
        if key not in known:
            findings.append(_error(f"'{key}' is no part of a model; its parts are {', '.join(sorted(known))}."))
    placed: list[tuple[float, Element]] = []
    for title, kind in _GROUPS:
        for fields in _objects(tree, title, findings):
            position = fields.number("position", math.inf)
            placed.append((position, _READERS[kind](fields)))
            fields.refuse_others()
    data = [_entry(fields) for fields in _objects(tree, "data", findings)]
    if findings:
        raise InputError(findings)
    placed.sort(key=lambda pair: pair[0])
    elements = tuple(element for _, element in placed)
    whole = Fields(tree, "the model", findings)
    model = Model(elements, tuple(data), whole.lines("data_comment"), whole.lines("trailing"))
    return parse(to_text(model)).model


def _objects(tree: Mapping[str, Any], title: str, findings: list[Finding]) -> Iterator[Fields]:
    group = tree.get(title, [])
    if not isinstance(group, Sequence) or isinstance(group, str):
        findings.append(_error(f"'{title}' is a list of objects."))
        return
    for number, fields in enumerate(group, start=1):
        if isinstance(fields, Mapping):
            yield Fields(fields, f"{title} {number}", findings)
        else:
            findings.append(_error(f"Number {number} of '{title}' is an object with a name and fields."))


def _error(sentence: str) -> Finding:
    return Finding(Severity.ERROR, sentence)


def _set(fields: Fields) -> SetElement:
    return SetElement(
        fields.name(), fields.expression("within"), fields.members("members"), **fields.words(unit=False)
    )


def _param(fields: Fields) -> ParamElement:
    binders, condition = fields.indices()
    value = fields.expression("expression")
    keyword = fields.word("keyword", ("param", "let")) or "param"
    return ParamElement(
        fields.name(),
        binders,
        condition,
        fields.expression("lower"),
        fields.expression("upper"),
        fields.domain(),
        fields.expression("default"),
        value,
        keyword=keyword if value is not None else "param",
        lower_strict=fields.flag("above_lower"),
        upper_strict=fields.flag("below_upper"),
        **fields.words(),
    )


def _var(fields: Fields) -> VarElement:
    binders, condition = fields.indices()
    return VarElement(
        fields.name(),
        binders,
        condition,
        fields.expression("lower"),
        fields.expression("upper"),
        fields.domain(),
        **fields.words(),
    )


def _objective(fields: Fields) -> ObjectiveElement:
    sense = fields.word("sense", ("min", "max")) or "min"
    return ObjectiveElement(fields.name(), sense, fields.required("expression"), **fields.words())


def _constraint(fields: Fields) -> ConstraintElement:
    binders, condition = fields.indices()
    body = fields.required("relation")
    return ConstraintElement(fields.name(), body, binders, condition, fields.expression("soft"), **fields.words())


_READERS: Mapping[type[Element], Any] = {
    SetElement: _set,
    ParamElement: _param,
    VarElement: _var,
    ObjectiveElement: _objective,
    ConstraintElement: _constraint,
}


def _entry(fields: Fields) -> DataEntry:
    entry = fields.entry()
    fields.refuse_others()
    return entry
