"""Elements as blocks of lines in the model's text: taken out, put in, and put into another order.

All functions take a text and the model read from it, and return the new text; comments stay with their element.
"""

from __future__ import annotations

from collections.abc import Sequence

from solvitur.language.elements import (
    ConstraintElement,
    DataEntry,
    Element,
    Model,
    ObjectiveElement,
    ParamElement,
    SetElement,
    VarElement,
)

KINDS: tuple[type, ...] = (SetElement, ParamElement, VarElement, ObjectiveElement, ConstraintElement)
"""The five kinds of elements in the order of a model."""


def kind_of(element: Element) -> int:
    """Returns the position of an element's kind among the five."""
    return KINDS.index(type(element))


def block(text: str, element: Element | DataEntry) -> tuple[int, int]:
    """Returns the offsets of an element's lines, with the comment lines just above and the final line break.

    A comment at the very top of the text describes the whole model and is left out.
    """
    start = text.rfind("\n", 0, element.span.start) + 1
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above : start - 1].lstrip().startswith("#") or above == 0:
            break
        start = above
    end = text.find("\n", element.span.end)
    return start, len(text) if end < 0 else end + 1


def insert(text: str, model: Model, kind: int, declaration: str) -> str:
    """Puts a new declaration below the last of its kind, else where its kind belongs."""
    before = [e for e in model.elements if kind_of(e) <= kind]
    same = [e for e in before if kind_of(e) == kind]
    anchor = (same or before)[-1] if before else None
    if anchor is not None:
        at = block(text, anchor)[1]
        lead = "" if same else "\n"
        head = text[:at] if not at or text[:at].endswith("\n") else text[:at] + "\n"
        return head + lead + declaration + "\n" + _parted(text[at:], parted=not same)
    later = [*model.elements, *model.data]
    at = _data_start(text) if not model.elements else block(text, later[0])[0]
    head = text[:at] if not at or text[:at].endswith("\n") else text[:at] + "\n"
    return head + declaration + "\n" + _parted(text[at:], parted=True)


def remove(text: str, model: Model, name: str) -> str:
    """Takes an element and its data entries out of the text."""
    gone = [*(e for e in model.elements if e.name == name), *(d for d in model.data if d.name == name)]
    for start, end in sorted((block(text, thing) for thing in gone), reverse=True):
        text = text[:start] + text[end:]
    return text


def reorder(text: str, elements: Sequence[Element], order: Sequence[int]) -> str:
    """Puts elements into another order: ``order[k]`` is the position of the one that comes k-th."""
    slots = [block(text, element) for element in elements]
    blocks = [_ended(text[start:end]) for start, end in slots]
    for slot, source in reversed(list(zip(slots, order, strict=True))):
        text = text[: slot[0]] + blocks[source] + text[slot[1] :]
    return text


def replace_declaration(text: str, element: Element, declaration: str) -> str:
    """Replaces an element's own characters; comments above and behind it stay."""
    return text[: element.span.start] + declaration + text[element.span.end :]


def _data_start(text: str) -> int:
    """Returns where the data section begins, else the end of the text."""
    at = 0
    for line in text.splitlines(keepends=True):
        if line.split("#")[0].strip() == "data":
            return at
        at += len(line)
    return at


def _parted(rest: str, *, parted: bool) -> str:
    return "\n" + rest if parted and rest and not rest.startswith("\n") else rest


def _ended(lines: str) -> str:
    return lines if lines.endswith("\n") else lines + "\n"
