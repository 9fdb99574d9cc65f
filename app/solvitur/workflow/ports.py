"""Ports: the typed ends of steps, and which types fit which."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur.problem.records import Record

TYPES = {
    "any": "anything",
    "table": "a data table",
    "problem": "a problem",
    "instance": "a problem bound to its data",
    "solved": "a solved problem with its answer and check",
    "picture": "a picture",
    "text": "text",
    "number": "a number",
    "truth": "true or false",
    "file": "a file",
}
"""What a type's values are, in words. ``list[table]`` is a list of tables, and so on."""

SEEN_AS: dict[str, frozenset[str]] = {
    "solved": frozenset({"problem", "instance"}),
    "instance": frozenset({"problem"}),
    "truth": frozenset({"number"}),
}
"""A value of the key can stand where a value of one of the listed types is wanted."""


@dataclass(frozen=True)
class Port(Record, tag="workflow-port"):
    """One end of a step. A ``many`` input takes any number of links and hands their values over as a list."""

    name: str
    type: str = "any"
    many: bool = False
    optional: bool = False
    help: str = ""


def inside(type_name: str) -> str:
    """Returns ``table`` for ``list[table]``, else an empty text."""
    return type_name[5:-1] if type_name.startswith("list[") and type_name.endswith("]") else ""


def in_words(type_name: str) -> str:
    """Says what values of a type are."""
    if member := inside(type_name):
        return f"a list whose members are {in_words(member)}"
    return TYPES.get(type_name, f"'{type_name}'")


def fits(output: str, wanted: str) -> str:
    """Tells why a value of type ``output`` cannot go where ``wanted`` is expected; empty when it can."""
    if "any" in (output, wanted) or output == wanted or wanted in SEEN_AS.get(output, ()):
        return ""
    made, needed = inside(output), inside(wanted)
    if made and needed:
        return "" if not fits(made, needed) else f"this makes {in_words(output)}, expected {in_words(wanted)}"
    return f"this makes {in_words(output)}, expected {in_words(wanted)}"


def fits_port(output: Port, wanted: Port) -> str:
    """Tells why an output cannot be linked to an input; a ``many`` input also takes lists of its type."""
    why = fits(output.type, wanted.type)
    if why and wanted.many and not fits(output.type, f"list[{wanted.type}]"):
        return ""
    return why
