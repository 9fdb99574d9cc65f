"""Edits of a workflow: each has a title, gives the next workflow, and returns the edit that takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from solvitur.problem.records import Record
from solvitur.workflow.model import Group, Link, Note, OptionRange, Step, Workflow
from solvitur.workflow.rules import (
    GroupsOverlap,
    NameTaken,
    StepUnknown,
    check_name,
    check_no_cycle,
)


class WorkflowEdit(Protocol):
    """One undoable change of a workflow."""

    @property
    def title(self) -> str: ...

    def apply(self, workflow: Workflow) -> tuple[Workflow, WorkflowEdit]:
        """Returns the changed workflow and the edit that takes it back."""
        ...


@dataclass(frozen=True)
class Restore(Record, tag="workflow-edit-restore"):
    """Replaces the parts of a workflow that a change touched; the inverse of every edit here."""

    title: str
    parts: dict[str, Any]

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        before = {name: getattr(workflow, name) for name in self.parts}
        return replace(workflow, **self.parts), Restore(self.title, before)


def _changed(said: str, workflow: Workflow, /, **parts: Any) -> tuple[Workflow, Restore]:
    return Restore(said, parts).apply(workflow)


def _known(workflow: Workflow, step_id: str) -> Step:
    step = workflow.step(step_id)
    if step is None:
        raise StepUnknown(f"there is no step '{step_id}'", step_id)
    return step


def _check_free(workflow: Workflow, name: str) -> None:
    check_name(name)
    if workflow.free_id(name) != name:
        raise NameTaken(f"'{name}' is taken already; '{workflow.free_id(name)}' is free", name)


@dataclass(frozen=True)
class AddSteps(Record, tag="workflow-edit-add"):
    """Adds steps with links, groups and notes among them: a new step, a paste, a pattern."""

    title: str
    steps: tuple[Step, ...]
    links: tuple[Link, ...] = ()
    groups: tuple[Group, ...] = ()
    notes: tuple[Note, ...] = ()

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        after = workflow
        for kind in ("steps", "groups", "notes"):
            for thing in getattr(self, kind):
                _check_free(after, thing.id)
                parts: dict[str, Any] = {kind: (*getattr(after, kind), thing)}
                after = replace(after, **parts)
        for link in self.links:
            after = _linked(after, link)
        kinds = ("steps", "links", "groups", "notes")
        return _changed(self.title, workflow, **{kind: getattr(after, kind) for kind in kinds})


@dataclass(frozen=True)
class Remove(Record, tag="workflow-edit-remove"):
    """Removes steps (with their links and ranges), groups (their members stay) and notes by id."""

    title: str
    ids: frozenset[str]

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        gone = self.ids
        groups = []
        for group in workflow.groups:
            members = tuple(member for member in group.members if member not in gone)
            if group.id not in gone and members:
                groups.append(replace(group, members=members))
        return _changed(
            self.title,
            workflow,
            steps=tuple(step for step in workflow.steps if step.id not in gone),
            links=tuple(link for link in workflow.links if link.source not in gone and link.target not in gone),
            groups=tuple(groups),
            notes=tuple(note for note in workflow.notes if note.id not in gone),
            ranges=tuple(each for each in workflow.ranges if each.step not in gone),
        )


def _linked(workflow: Workflow, link: Link) -> Workflow:
    _known(workflow, link.source)
    _known(workflow, link.target)
    if link in workflow.links:
        return workflow
    check_no_cycle(workflow, link)
    return replace(workflow, links=(*workflow.links, link))


@dataclass(frozen=True)
class Connect(Record, tag="workflow-edit-connect"):
    """Adds a link; with ``replaces`` it takes the place of another into the same input."""

    title: str
    link: Link
    replaces: Link | None = None

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        cut = replace(workflow, links=tuple(each for each in workflow.links if each != self.replaces))
        return _changed(self.title, workflow, links=_linked(cut, self.link).links)


@dataclass(frozen=True)
class Disconnect(Record, tag="workflow-edit-disconnect"):
    """Removes links."""

    title: str
    links: frozenset[Link]

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        return _changed(self.title, workflow, links=tuple(each for each in workflow.links if each not in self.links))


@dataclass(frozen=True)
class InsertOnLink(Record, tag="workflow-edit-insert"):
    """Puts a new step between the two ends of a link."""

    title: str
    step: Step
    link: Link
    input: str
    output: str

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        _check_free(workflow, self.step.id)
        into = Link(self.link.source, self.link.output, self.step.id, self.input)
        out = Link(self.step.id, self.output, self.link.target, self.link.input)
        links = []
        for each in workflow.links:
            links += [into, out] if each == self.link else [each]
        return _changed(self.title, workflow, steps=(*workflow.steps, self.step), links=tuple(links))


@dataclass(frozen=True)
class ChangeSteps(Record, tag="workflow-edit-change"):
    """Replaces steps by ones of the same ids: options, titles, positions, colours, notes, retries, time limits."""

    title: str
    steps: tuple[Step, ...]

    def apply(self, workflow: Workflow) -> tuple[Workflow, ChangeSteps]:
        """Returns the changed workflow and the edit that takes it back, which holds no other steps than these."""
        new = {step.id: step for step in self.steps}
        old = tuple(step for step in workflow.steps if step.id in new)
        for step_id in new:
            if len(old) < len(new):
                _known(workflow, step_id)
        after = replace(workflow, steps=tuple(new.get(step.id, step) for step in workflow.steps))
        return after, ChangeSteps(self.title, old)


@dataclass(frozen=True)
class RenameStep(Record, tag="workflow-edit-rename"):
    """Gives a step another id, everywhere it is named."""

    title: str
    old: str
    new: str

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        _known(workflow, self.old)
        _check_free(workflow, self.new)

        def named(step_id: str) -> str:
            return self.new if step_id == self.old else step_id

        return _changed(
            self.title,
            workflow,
            steps=tuple(replace(step, id=named(step.id)) for step in workflow.steps),
            links=tuple(
                replace(link, source=named(link.source), target=named(link.target)) for link in workflow.links
            ),
            groups=tuple(replace(group, members=tuple(map(named, group.members))) for group in workflow.groups),
            ranges=tuple(replace(each, step=named(each.step)) for each in workflow.ranges),
        )


@dataclass(frozen=True)
class SetGroups(Record, tag="workflow-edit-groups"):
    """Adds or replaces groups by id: making, renaming, colouring, collapsing, changing members."""

    title: str
    groups: tuple[Group, ...]

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        groups = {group.id: group for group in workflow.groups}
        for group in self.groups:
            if group.id not in groups:
                _check_free(workflow, group.id)
            groups[group.id] = group
        _check_apart(workflow, groups.values())
        return _changed(self.title, workflow, groups=tuple(groups.values()))


def _check_apart(workflow: Workflow, groups: Iterable[Group]) -> None:
    owner: dict[str, Group] = {}
    for group in groups:
        for member in group.members:
            _known(workflow, member)
            other = owner.setdefault(member, group)
            if other.id != group.id:
                raise GroupsOverlap(f"'{member}' is in group '{other.title}' already; take it out first", member)


@dataclass(frozen=True)
class SetNotes(Record, tag="workflow-edit-notes"):
    """Adds or replaces notes by id."""

    title: str
    notes: tuple[Note, ...]

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        notes = {note.id: note for note in workflow.notes}
        for note in self.notes:
            if note.id not in notes:
                _check_free(workflow, note.id)
            notes[note.id] = note
        return _changed(self.title, workflow, notes=tuple(notes.values()))


@dataclass(frozen=True)
class SetRange(Record, tag="workflow-edit-range"):
    """Turns an option of a step into a range, or (with ``range`` None) back into its one value."""

    title: str
    step: str
    option: str
    range: OptionRange | None

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        _known(workflow, self.step)
        kept = [each for each in workflow.ranges if (each.step, each.option) != (self.step, self.option)]
        if self.range is not None:
            kept.append(self.range)
        return _changed(self.title, workflow, ranges=tuple(kept))


@dataclass(frozen=True)
class Several(Record, tag="workflow-edit-several"):
    """Several edits as one undoable step; all of them or none."""

    title: str
    edits: tuple[Any, ...]

    def apply(self, workflow: Workflow) -> tuple[Workflow, Restore]:
        """Returns the changed workflow and the edit that takes it back."""
        after = workflow
        for edit in self.edits:
            after, _ = edit.apply(after)
        names = ("title", "steps", "links", "groups", "notes", "ranges")
        return _changed(self.title, workflow, **{name: getattr(after, name) for name in names})
