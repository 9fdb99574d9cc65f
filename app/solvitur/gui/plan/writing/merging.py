"""Brings what was typed and what was drawn meanwhile together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any

from solvitur.workflow.edits import Restore
from solvitur.workflow.model import Workflow

_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "steps": lambda step: step.id,
    "links": lambda link: link,
    "groups": lambda group: group.id,
    "notes": lambda note: note.id,
    "ranges": lambda each: (each.step, each.option),
}


def merged(base: Workflow, typed: Workflow, drawn: Workflow) -> Workflow:
    """Returns a workflow with both the changes from ``base`` to ``typed`` and those from ``base`` to ``drawn``.

    Where both changed the same step, group, note or range, what was typed counts.
    """
    if drawn is base or drawn == base:
        return typed
    parts: dict[str, Any] = {"title": typed.title if typed.title != base.title else drawn.title}
    for name, key in _KEYS.items():
        parts[name] = _both(getattr(base, name), getattr(typed, name), getattr(drawn, name), key)
    ids = {step.id for step in parts["steps"]}
    parts["links"] = tuple(link for link in parts["links"] if {link.source, link.target} <= ids)
    parts["ranges"] = tuple(each for each in parts["ranges"] if each.step in ids)
    parts["groups"] = tuple(
        replace(group, members=tuple(member for member in group.members if member in ids))
        for group in parts["groups"]
    )
    return replace(typed, **parts)


def _both(
    base: Iterable[Any], typed: Iterable[Any], drawn: Iterable[Any], key: Callable[[Any], Hashable]
) -> tuple[Any, ...]:
    was = {key(each): each for each in base}
    mine = {key(each): each for each in typed}
    theirs = {key(each): each for each in drawn}
    found = []
    for name, each in mine.items():
        if name in was and each == was[name]:
            if name in theirs:
                found.append(theirs[name])
        else:
            found.append(each)
    return (*found, *(each for name, each in theirs.items() if name not in mine and name not in was))


def change(title: str, before: Workflow, after: Workflow) -> Restore | None:
    """Returns the edit that turns one workflow into another; None when they are equal."""
    names = ("title", "steps", "links", "groups", "notes", "ranges")
    parts = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
    return Restore(title, parts) if parts else None
