"""The readable form of a workflow: text that looks like Python, one statement per step. It is never executed."""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterable
from typing import Any

from solvitur.workflow.forms_json import packed_option
from solvitur.workflow.model import Group, Link, Note, OptionRange, Step, Workflow
from solvitur.workflow.rules import check_name

_WIDTH = 110
WORDS = frozenset({"workflow", "step", "link", "link_order", "group", "note", "sweep", "packed"})
"""Names of statements; a step type of such a name is written with ``step("name", ...)``."""


def to_text(workflow: Workflow) -> str:
    """Writes a workflow as text.

    Raises
    ------
    WorkflowError
        If a step's id is no plain name.
    InputError
        If an option holds what no text can.
    """
    ids = {step.id for step in workflow.steps}
    plain = [link for link in workflow.links if _is_plain(link, ids)]
    others = [link for link in workflow.links if not _is_plain(link, ids)]
    into: dict[str, list[Link]] = {}
    for link in plain:
        into.setdefault(link.target, []).append(link)
    lines = [_call("workflow", [_text(workflow.title), f"version={workflow.version}"]), ""]
    lines += [_step(step, into.get(step.id, [])) for step in workflow.steps]
    if others:
        lines += ["", *(_call("link", [*map(_text, (e.source, e.output, e.target, e.input))]) for e in others)]
    written = written_order([step.id for step in workflow.steps], plain) + others
    if tuple(written) != workflow.links:
        places: dict[Link, list[int]] = {}
        for at, link in enumerate(written):
            places.setdefault(link, []).append(at)
        order = [places[link].pop(0) for link in workflow.links]
        lines += ["", _call("link_order", [*map(str, order)])]
    for listed in (map(_group, workflow.groups), map(_note, workflow.notes), map(_range, workflow.ranges)):
        written_lines = list(listed)
        lines += ["", *written_lines] if written_lines else []
    return "\n".join(lines) + "\n"


def written_order(steps: Iterable[str], links: Iterable[Link]) -> list[Link]:
    """Returns links in the order in which the text names them: by target as it stands, then by input."""
    by_target: dict[str, dict[str, list[Link]]] = {}
    for link in links:
        by_target.setdefault(link.target, {}).setdefault(link.input, []).append(link)
    return [link for step in steps for inputs in [by_target.get(step, {})] for one in inputs.values() for link in one]


def _is_plain(link: Link, ids: set[str]) -> bool:
    named = all(map(_is_name, (link.source, link.output, link.input)))
    return named and link.source in ids and link.target in ids


def _is_name(text: str) -> bool:
    return text.isidentifier() and text.isascii() and not keyword.iskeyword(text)


def _step(step: Step, links: list[Link]) -> str:
    check_name(step.id)
    arguments: list[str] = []
    inputs: dict[str, list[str]] = {}
    for link in links:
        inputs.setdefault(link.input, []).append(f"{link.source}.{link.output}")
    for name, sources in inputs.items():
        arguments.append(f"{name}={sources[0]}" if len(sources) == 1 else f"{name}=[{', '.join(sources)}]")
    strange = {name: value for name, value in step.options.items() if not _is_name(name) or _comes_late(step, name)}
    for name, value in step.options.items():
        if name not in strange:
            arguments.append(f"{name}={literal(value)}")
    if strange:
        arguments.append("**{" + ", ".join(f"{_text(n)}: {literal(v)}" for n, v in strange.items()) + "}")
    if _is_name(step.type) and step.type not in WORDS:
        head = step.type
    else:
        head, arguments = "step", [_text(step.type), *arguments]
    marks = [f".titled({_text(step.title)})"] if step.title else []
    marks += [f".at({_number(step.position[0])}, {_number(step.position[1])})"] if any(step.position) else []
    marks += [f".coloured({_text(step.colour)})"] if step.colour else []
    marks += [f".noted({_text(step.note)})"] if step.note else []
    marks += [f".retried({step.retries})"] if step.retries else []
    marks += [f".limited({_number(step.timeout_s)})"] if step.timeout_s is not None else []
    return _call(f"{step.id} = {head}", arguments) + "".join(marks)


def _comes_late(step: Step, name: str) -> bool:
    """Tells whether an option comes after one that no keyword can name, so that keeping the order takes a mapping."""
    for other in step.options:
        if other == name:
            return False
        if not _is_name(other):
            return True
    return False


def _group(group: Group) -> str:
    members = ", ".join(map(_text, group.members))
    arguments = [_text(group.id), _text(group.title), f"members=[{members}]"]
    arguments += ["collapsed=True"] if group.collapsed else []
    arguments += [f"colour={_text(group.colour)}"] if group.colour else []
    return _call("group", arguments)


def _note(note: Note) -> str:
    at, size = (f"({_number(pair[0])}, {_number(pair[1])})" for pair in (note.position, note.size))
    return _call("note", [_text(note.id), _text(note.text), f"at={at}", f"size={size}"])


def _range(each: OptionRange) -> str:
    arguments = [_text(each.step), _text(each.option)]
    arguments += [f"values={literal(list(each.values))}"] if each.values else []
    arguments += [f"low={literal(each.low)}"] if each.low is not None else []
    arguments += [f"high={literal(each.high)}"] if each.high is not None else []
    arguments += [f"scale={_text(each.scale)}"] if each.scale != "linear" else []
    return _call("sweep", arguments)


def _call(head: str, arguments: list[str]) -> str:
    line = f"{head}({', '.join(arguments)})"
    if len(line) <= _WIDTH or not arguments:
        return line
    return f"{head}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"


def literal(value: Any) -> str:
    """Writes an option's value as a literal; what Python has no literal for as ``packed(...)``."""
    if value is None or isinstance(value, bool):
        return str(value)
    if type(value) is int:
        return str(value)
    if type(value) is float:
        return _number(value)
    if type(value) is str:
        return _text(value)
    if type(value) is list:
        return "[" + ", ".join(map(literal, value)) + "]"
    if type(value) is tuple:
        return "(" + ", ".join(map(literal, value)) + ("," if len(value) == 1 else "") + ")"
    if type(value) is dict:
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    return f"packed({literal(packed_option(value))})"


def _number(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("1e999" if value > 0 else "-1e999")
    return repr(value)


def _text(value: str) -> str:
    if "\n" in value and '"""' not in value and "\\" not in value:
        body = value.replace("\n", "")
        if body.isprintable() and not value.endswith('"'):
            return f'"""{value}"""'
    return _quoted(value)


def _quoted(value: str) -> str:
    shown = repr(value)
    if shown.startswith("'") and '"' not in shown:
        return f'"{shown[1:-1]}"'
    return shown
