"""The workflow: steps, links, groups, notes and option ranges, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from solvitur.problem.records import Record

VERSION = 1
"""Version of the form that is stored; older ones are migrated when read."""


@dataclass(frozen=True)
class Step(Record, tag="workflow-step"):
    """One node: ``id`` is a Python-like name, unique in the workflow; ``type`` names a step type of a plugin."""

    id: str
    type: str
    options: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    colour: str = ""
    """Name of a category colour; empty for the type's own."""
    note: str = ""
    retries: int = 0
    timeout_s: float | None = None


@dataclass(frozen=True, order=True)
class Link(Record, tag="workflow-link"):
    """One edge: what port ``output`` of step ``source`` makes flows into port ``input`` of step ``target``."""

    source: str
    output: str
    target: str
    input: str

    def __str__(self) -> str:
        return f"{self.source}.{self.output} -> {self.target}.{self.input}"


@dataclass(frozen=True)
class Group(Record, tag="workflow-group"):
    """Steps drawn together; ``collapsed`` shows them as one box. Groups do not overlap."""

    id: str
    title: str
    members: tuple[str, ...] = ()
    collapsed: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Note(Record, tag="workflow-note"):
    """A comment on the canvas."""

    id: str
    text: str
    position: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float] = (200.0, 96.0)


@dataclass(frozen=True)
class OptionRange(Record, tag="workflow-range"):
    """Turns an option of a step into a range for a sweep, without touching the step.

    Either ``values`` lists the choices, or ``low`` and ``high`` bound a number (``scale``: linear or log).
    """

    step: str
    option: str
    values: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    scale: str = "linear"


@dataclass(frozen=True)
class Workflow(Record, tag="workflow"):
    """A directed acyclic graph of typed steps."""

    title: str = ""
    steps: tuple[Step, ...] = ()
    links: tuple[Link, ...] = ()
    groups: tuple[Group, ...] = ()
    notes: tuple[Note, ...] = ()
    ranges: tuple[OptionRange, ...] = ()
    version: int = VERSION

    def step(self, step_id: str) -> Step | None:
        """Returns the step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)

    def group_of(self, step_id: str) -> Group | None:
        """Returns the group that holds a step, or None."""
        return next((group for group in self.groups if step_id in group.members), None)

    def links_into(self, step_id: str) -> tuple[Link, ...]:
        """Returns the links that end at a step, in the order they were made."""
        return tuple(link for link in self.links if link.target == step_id)

    def links_out(self, step_id: str) -> tuple[Link, ...]:
        """Returns the links that begin at a step, in the order they were made."""
        return tuple(link for link in self.links if link.source == step_id)

    def parents(self) -> dict[str, tuple[str, ...]]:
        """Returns, for every step, the steps it needs, each once."""
        return _neighbours(self, lambda link: (link.target, link.source))

    def children(self) -> dict[str, tuple[str, ...]]:
        """Returns, for every step, the steps that need it, each once."""
        return _neighbours(self, lambda link: (link.source, link.target))

    def ancestors(self, step_ids: Iterable[str]) -> frozenset[str]:
        """Returns all steps that the given ones need, directly or not, without themselves."""
        return _reached(self.parents(), step_ids)

    def descendants(self, step_ids: Iterable[str]) -> frozenset[str]:
        """Returns all steps that need the given ones, directly or not, without themselves."""
        return _reached(self.children(), step_ids)

    def order(self) -> tuple[str, ...]:
        """Returns the steps in an order in which each comes after all it needs, ties as they stand.

        Raises
        ------
        ValueError
            If there is a cycle; edits never make one.
        """
        children: dict[str, list[str]] = {step.id: [] for step in self.steps}
        waiting = dict.fromkeys(children, 0)
        for link in self.links:
            if link.target in waiting and link.source in children:
                children[link.source].append(link.target)
                waiting[link.target] += 1
        done = [step_id for step_id, count in waiting.items() if count == 0]
        for step_id in done:
            for child in children[step_id]:
                waiting[child] -= 1
                if waiting[child] == 0:
                    done.append(child)
        if len(done) < len(children):
            raise ValueError("the workflow has a cycle")
        return tuple(done)

    def free_id(self, wanted: str) -> str:
        """Returns ``wanted``, or it with the first number that no step, group or note has taken."""
        taken = {thing.id for things in (self.steps, self.groups, self.notes) for thing in things}
        if wanted not in taken:
            return wanted
        number = 2
        while f"{wanted}_{number}" in taken:
            number += 1
        return f"{wanted}_{number}"

    def with_step(self, step: Step) -> Workflow:
        """Returns the workflow with the step of that id replaced."""
        return replace(self, steps=tuple(step if old.id == step.id else old for old in self.steps))


def _neighbours(workflow: Workflow, ends: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {step.id: {} for step in workflow.steps}
    for link in workflow.links:
        key, other = ends(link)
        if key in found and other in found:
            found[key][other] = None
    return {key: tuple(others) for key, others in found.items()}


def _reached(neighbours: Mapping[str, tuple[str, ...]], starts: Iterable[str]) -> frozenset[str]:
    starts = list(starts)
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        for other in neighbours.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return frozenset(seen - set(starts))
