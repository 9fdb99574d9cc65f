"""The JSON form of a workflow: what is usual is left out, what is there is named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Place, Severity
from solvitur.problem.records import RecordUnknown, pack, unpack
from solvitur.workflow.model import VERSION, Group, Link, Note, OptionRange, Step, Workflow

_KINDS: dict[str, type] = {"steps": Step, "links": Link, "groups": Group, "notes": Note, "ranges": OptionRange}
_TUPLES = {"position", "size", "members", "values"}


def to_json(workflow: Workflow) -> str:
    """Writes a workflow as JSON text.

    Raises
    ------
    InputError
        If an option holds what no text can.
    """
    tree: dict[str, Any] = {"workflow": workflow.title, "version": workflow.version}
    for name, kind in _KINDS.items():
        listed = [_shortened(thing, kind) for thing in getattr(workflow, name)]
        if listed:
            tree[name] = listed
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str, file: str = "") -> Workflow:
    """Reads the JSON form.

    Raises
    ------
    InputError
        If it is no JSON, or no workflow, or of a version that is newer than this program; with the place.
    """
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise InputError([Finding(Severity.ERROR, f"this is no JSON: {error.msg}", "", place)]) from None
    except RecursionError:
        raise InputError.at("this JSON is nested too deeply", place=Place(file)) from None
    if not isinstance(tree, dict) or "workflow" not in tree:
        raise InputError.at("this JSON holds no workflow, expected an object with 'workflow'", place=Place(file))
    tree = migrated(tree, file)
    parts: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        listed = tree.get(name, [])
        if not isinstance(listed, list):
            raise InputError.at(f"'{name}' is no list", place=Place(file), element=name)
        parts[name] = tuple(_read(item, kind, f"{name}[{at}]", file) for at, item in enumerate(listed))
    return Workflow(title=str(tree["workflow"]), version=VERSION, **parts)


def migrated(tree: Mapping[str, Any], file: str = "") -> dict[str, Any]:
    """Brings a read tree to the version of this program.

    Raises
    ------
    InputError
        If it was written by a newer program.
    """
    version = tree.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError.at(f"version {version!r} is no workflow version", place=Place(file))
    if version > VERSION:
        text = f"it was written by a newer Solvitur (workflow version {version}); this one reads up to {VERSION}"
        raise InputError.at(text, place=Place(file))
    return {**tree, "version": VERSION}


def packed_option(value: Any) -> Any:
    """Packs one option's value into a JSON-ready tree.

    Raises
    ------
    InputError
        If it holds arrays or objects that no text can hold.
    """
    try:
        tree, arrays = pack(value)
    except TypeError as error:
        raise InputError.at(f"an option cannot be written as text: {error}") from None
    if arrays:
        raise InputError.at("an option holds an array; keep it in a table or a file")
    return tree


def unpacked_option(tree: Any) -> Any:
    """Restores what `packed_option` packed.

    Raises
    ------
    InputError
        If it cannot be restored here.
    """
    if not isinstance(tree, list | dict):
        return tree
    if isinstance(tree, list) and not any(isinstance(each, list | dict) for each in tree):
        return list(tree)
    try:
        return unpack(tree, [])
    except (RecordUnknown, ValueError, TypeError, KeyError, IndexError) as error:
        raise InputError.at(f"an option cannot be read: {error}") from None


def _shortened(thing: Any, kind: type) -> dict[str, Any]:
    """Names the fields that differ from a bare one of its kind."""
    bare = kind(**{f.name: "" for f in fields(kind) if f.name in _REQUIRED[kind]})
    found: dict[str, Any] = {}
    for f in fields(kind):
        value = getattr(thing, f.name)
        if f.name in _REQUIRED[kind] or value != getattr(bare, f.name):
            plain = list(value) if f.name in _TUPLES else value
            found[f.name] = packed_option(plain)
    return found


_REQUIRED: dict[type, tuple[str, ...]] = {
    Step: ("id", "type"),
    Link: ("source", "output", "target", "input"),
    Group: ("id", "title"),
    Note: ("id", "text"),
    OptionRange: ("step", "option"),
}


def _read(item: Any, kind: type, where: str, file: str) -> Any:
    if not isinstance(item, dict):
        raise InputError.at(f"{where} is no object", place=Place(file), element=where)
    known = {f.name for f in fields(kind)}
    for name in _REQUIRED[kind]:
        if not isinstance(item.get(name), str):
            raise InputError.at(f"{where} lacks '{name}', expected a text", place=Place(file), element=where)
    strange = [name for name in item if name not in known]
    if strange:
        text = f"{where} has '{strange[0]}', expected only: {', '.join(sorted(known))}"
        raise InputError.at(text, place=Place(file), element=where)
    values = {}
    for name, tree in item.items():
        value = unpacked_option(tree)
        fault = fault_of_field(name, value)
        if fault:
            raise InputError.at(f"{where}: {fault}", place=Place(file), element=where)
        values[name] = tuple(value) if name in _TUPLES else value
    return kind(**values)


def fault_of_field(name: str, value: Any) -> str:
    """Tells why a value cannot be a field of a part of a workflow; empty when it can."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if name in ("position", "size"):
        pair = isinstance(value, list | tuple) and len(value) == 2
        fine = pair and all(isinstance(part, int | float) and not isinstance(part, bool) for part in value)
        expected = "two numbers"
    elif name == "members":
        fine, expected = isinstance(value, list | tuple) and all(isinstance(m, str) for m in value), "a list of steps"
    elif name == "values":
        fine, expected = isinstance(value, list | tuple), "a list"
    elif name == "options":
        fine = isinstance(value, dict) and all(isinstance(key, str) for key in value)
        expected = "names and values"
    elif name == "retries":
        fine, expected = isinstance(value, int) and not isinstance(value, bool) and value >= 0, "a whole number"
    elif name in ("timeout_s", "low", "high"):
        fine, expected = value is None or number, "a number"
    elif name == "collapsed":
        fine, expected = isinstance(value, bool), "true or false"
    else:
        fine, expected = isinstance(value, str), "a text"
    return "" if fine else f"'{name}' is {value!r}, expected {expected}"
