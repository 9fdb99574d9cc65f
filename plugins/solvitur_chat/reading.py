"""Replies read: a five-element draft as JSON becomes a model's text, with evidence and questions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solvitur.api import Evidence, Question
from solvitur_chat.records import Attempt

_PLAIN = re.compile(r"[^\W\d]\w*\Z")
_RESERVED = frozenset(["in", "and", "or", "not", "if", "else", "for", "inf"])


class ReplyUnfit(ValueError):
    """A reply is JSON, but not of the shape asked for."""


def with_draft(attempt: Attempt, reply: str) -> Attempt:
    """Returns the attempt with the model of a reply; one that cannot be read becomes a fault."""
    try:
        tree = json.loads(reply)
        model = model_text(tree)
    except (ValueError, RecursionError) as error:
        return replace(attempt, model="", faults=(f"the reply could not be read as five elements: {error}",))
    text = attempt.task.text
    return replace(
        attempt,
        model=model,
        evidence=_evidence(tree, text),
        questions=_questions(tree),
        assumptions=tuple(str(each)[:300] for each in _items(tree, "assumptions", str)),
        faults=(),
        tests={},
        objective=None,
        status="",
    )


def model_text(tree: Any) -> str:
    """Writes five elements as a model's text.

    Raises
    ------
    ReplyUnfit
        If they are not of the shape asked for.
    """
    if not isinstance(tree, Mapping):
        raise ReplyUnfit("expected an object with sets, parameters, variables, objective and constraints")
    lines: list[str] = []
    data: list[str] = []
    for each in _items(tree, "sets", dict):
        lines.append(f"set {_text(each, 'name')}{_described(each)}")
        members = ", ".join(_label(str(member)) for member in _items(each, "members", object))
        data.append(f"  {_text(each, 'name')} = {members}")
    for each in _items(tree, "parameters", dict):
        lines.append(f"param {_headed(each)}{_united(each)}{_described(each)}")
        if values := _text(each, "values").strip():
            data.append(f"  {_text(each, 'name')} = {values}")
    for each in _items(tree, "variables", dict):
        domain = _text(each, "domain")
        lower, upper = _text(each, "lower").strip(), _text(each, "upper").strip()
        bounds = (f" >= {_bound(lower)}" if lower else "") + (f" <= {_bound(upper)}" if upper else "")
        kind = f" {domain}" if domain in ("integer", "binary") else ""
        lines.append(
            f"var {_headed(each)}{'' if domain == 'binary' else bounds}{kind}{_united(each)}{_described(each)}"
        )
    aim = tree.get("objective")
    if isinstance(aim, Mapping) and _text(aim, "expression").strip():
        name = f" {_text(aim, 'name')}" if _text(aim, "name") else ""
        lines.append(f"{_text(aim, 'sense') or 'minimize'}{name}: {_text(aim, 'expression')}")
    for each in _items(tree, "constraints", dict):
        lines.append(f"subject to {_headed(each)}: {_text(each, 'relation')}{_described(each)}")
    if not lines:
        raise ReplyUnfit("it has no elements")
    if data:
        lines += ["data", *data]
    return "\n".join(lines) + "\n"


def _items(tree: Any, name: str, kind: type) -> list[Any]:
    found = tree.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, kind) for each in found):
        raise ReplyUnfit(f"'{name}' is no list of the shape asked for")
    return found


def _text(tree: Mapping[str, Any], name: str) -> str:
    """Returns a field as one line: what a reply breaks must stay within its own statement."""
    found = tree.get(name, "")
    if found is None:
        return ""
    if isinstance(found, str):
        return " ".join(found.split())
    if isinstance(found, int | float):
        return repr(found)
    return json.dumps(found, ensure_ascii=False)


def _headed(tree: Mapping[str, Any]) -> str:
    index = _text(tree, "index").removeprefix("[").removesuffix("]")
    return _text(tree, "name") + (f"[{index}]" if index else "")


def _bound(text: str) -> str:
    return text if re.fullmatch(r"[-\w.\[\], ]+", text) else f"({text})"


def _label(text: str) -> str:
    if (_PLAIN.match(text) and text not in _RESERVED) or re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    flat = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{flat}"'


def _united(tree: Mapping[str, Any]) -> str:
    unit = _text(tree, "unit").strip()
    return f" unit {_quoted(unit)}" if unit else ""


def _described(tree: Mapping[str, Any]) -> str:
    said = _text(tree, "description").strip()
    return f" {_quoted(said)}" if said else ""


def _evidence(tree: Mapping[str, Any], statement: str) -> tuple[Evidence, ...]:
    """Finds the quoted words in the statement; what is not there word for word is no evidence."""
    found = []
    for each in _items(tree, "evidence", dict):
        quote = str(each.get("quote", "")).strip()
        start = statement.find(quote) if quote else -1
        if start >= 0 and _text(each, "element"):
            found.append(Evidence(_text(each, "element"), start, start + len(quote)))
    return tuple(found)


def _questions(tree: Mapping[str, Any]) -> tuple[Question, ...]:
    found = []
    for each in _items(tree, "questions", dict):
        text = _text(each, "text")
        if text:
            name = "_".join(re.findall(r"\w+", text.lower())[:8])
            choices = tuple(str(choice) for choice in _items(each, "choices", object))
            found.append(Question(name, text, choices))
    return tuple(found)
