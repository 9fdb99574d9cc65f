"""Everything that people do to a workflow, each as one undoable edit of the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from solvitur.engine.session import Session
from solvitur.gui.graph.figure import GRID, HEAD, ROW, WIDTH, Figure
from solvitur.gui.graph.gestures import Grip, snapped
from solvitur.gui.graph.layered import layered
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.workflow.edits import (
    AddSteps,
    ChangeSteps,
    Connect,
    Disconnect,
    InsertOnLink,
    Remove,
    RenameStep,
    SetGroups,
    SetNotes,
    Several,
    WorkflowEdit,
)
from solvitur.workflow.model import Group, Link, Note, Step, Workflow
from solvitur.workflow.project_edit import EditWorkflow

Place = tuple[float, float]
_PASTE_SHIFT = 3 * GRID


class Editing:
    """Edits the open project's workflow; every method raises `WorkflowError` when a rule would be broken."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self._session = session
        self.catalogue = catalogue

    @property
    def workflow(self) -> Workflow:
        """The workflow; an empty one when the problem has none."""
        found = self._session.problem.workflow
        return found if isinstance(found, Workflow) else Workflow()

    def apply(self, edit: WorkflowEdit) -> None:
        """Applies an edit."""
        self._session.apply(EditWorkflow(edit))

    def add(self, type_name: str, place: Place, grip: Grip | None = None, port: str = "") -> str:
        """Adds a step, linked to a port if one is given, and returns its id."""
        step = self._fresh(type_name, place)
        links: tuple[Link, ...] = ()
        if grip is not None and port:
            ends = (grip.node, grip.port, step.id, port) if grip.output else (step.id, port, grip.node, grip.port)
            links = (Link(*ends),)
        self.apply(AddSteps(f"add '{self.catalogue.title(type_name)}'", (step,), links))
        return step.id

    def insert(self, type_name: str, link: Link) -> str:
        """Puts a new step on a link and returns its id; empty when the type does not fit there."""
        workflow = self.workflow
        source = self.catalogue.port(workflow, Grip(link.source, link.output, output=True))
        target = self.catalogue.port(workflow, Grip(link.target, link.input, output=False))
        ports = self.catalogue.between(type_name, source, target) if source and target else None
        before, after = workflow.step(link.source), workflow.step(link.target)
        if ports is None or before is None or after is None:
            return ""
        middle = [(a + b) / 2 for a, b in zip(before.position, after.position, strict=True)]
        step = self._fresh(type_name, (middle[0], middle[1]))
        title = f"insert '{self.catalogue.title(type_name)}'"
        self.apply(InsertOnLink(title, step, link, *ports))
        return step.id

    def connect(self, source: Grip, target: Grip) -> None:
        """Links an output to an input; a link that fills a single input already is replaced."""
        link = Link(source.node, source.port, target.node, target.port)
        wanted = self.catalogue.port(self.workflow, target)
        taken = None
        if wanted is not None and not wanted.many:
            into = self.workflow.links_into(target.node)
            taken = next((each for each in into if each.input == target.port and each != link), None)
        self.apply(Connect(f"link '{source.node}' to '{target.node}'", link, taken))

    def disconnect(self, links: frozenset[Link]) -> None:
        """Removes links."""
        self.apply(Disconnect(_counted("remove", len(links), "link"), links))

    def remove(self, ids: frozenset[str]) -> None:
        """Removes steps and notes; an open group is only dissolved, a collapsed one goes with its members."""
        members = [m for group in self.workflow.groups if group.id in ids and group.collapsed for m in group.members]
        gone = ids | set(members)
        name = next(iter(ids))
        self.apply(Remove(f"remove '{name}'" if len(ids) == 1 else f"remove {len(ids)} things", gone))

    def move(self, places: Mapping[str, Place], figure: Figure) -> None:
        """Moves steps, notes and collapsed groups."""
        workflow = self.workflow
        shifts: dict[str, Place] = {}
        for node in figure.nodes:
            if node.is_group and node.id in places:
                group = next(each for each in workflow.groups if each.id == node.id)
                x, y = places[node.id]
                shifts.update(dict.fromkeys(group.members, (x - node.position[0], y - node.position[1])))
        steps = []
        for step in workflow.steps:
            place = places.get(step.id)
            if place is None and step.id in shifts:
                dx, dy = shifts[step.id]
                place = (step.position[0] + dx, step.position[1] + dy)
            if place is not None and place != step.position:
                steps.append(replace(step, position=place))
        notes = tuple(replace(n, position=places[n.id]) for n in workflow.notes if n.id in places)
        edits: list[Any] = [ChangeSteps("move", tuple(steps))] if steps else []
        edits += [SetNotes("move", notes)] if notes else []
        if edits:
            self.apply(Several("move", tuple(edits)) if len(edits) > 1 else edits[0])

    def change(self, words: str, step_id: str, **values: Any) -> None:
        """Changes fields of a step; Undo shows ``words``."""
        step = self.workflow.step(step_id)
        if step is not None and replace(step, **values) != step:
            self.apply(ChangeSteps(words, (replace(step, **values),)))

    def rename(self, old: str, new: str) -> None:
        """Gives a step another id."""
        if new != old:
            self.apply(RenameStep(f"rename '{old}'", old, new))

    def recolour(self, ids: frozenset[str], colour: str) -> None:
        """Colours steps and groups; an empty text gives them their own colour back."""
        workflow = self.workflow
        steps = tuple(replace(step, colour=colour) for step in workflow.steps if step.id in ids)
        groups = tuple(replace(group, colour=colour) for group in workflow.groups if group.id in ids)
        self.apply(Several("colour", (ChangeSteps("colour", steps), SetGroups("colour", groups))))

    def group(self, ids: frozenset[str]) -> str:
        """Puts steps into a group of their own and returns its id; empty when there are none."""
        workflow = self.workflow
        members = tuple(step.id for step in workflow.steps if step.id in ids)
        if not members:
            return ""
        name = workflow.free_id("group")
        self.apply(SetGroups("group", (Group(name, "Group", members),)))
        return name

    def collapse(self, ids: frozenset[str]) -> None:
        """Shows groups as one box, or their members again."""
        chosen = [g for g in self.workflow.groups if g.id in ids or set(g.members) & ids]
        if chosen:
            fold = not chosen[0].collapsed
            self.apply(SetGroups("collapse" if fold else "open", tuple(replace(g, collapsed=fold) for g in chosen)))

    def retitle_group(self, group_id: str, title: str) -> None:
        """Names a group."""
        group = next((each for each in self.workflow.groups if each.id == group_id), None)
        if group is not None and group.title != title:
            self.apply(SetGroups("rename group", (replace(group, title=title),)))

    def note(self, place: Place, text: str = "") -> str:
        """Adds a note and returns its id."""
        name = self.workflow.free_id("note")
        self.apply(SetNotes("add note", (Note(name, text, _on_grid(place)),)))
        return name

    def write_note(self, note_id: str, text: str) -> None:
        """Changes the text of a note."""
        note = next((each for each in self.workflow.notes if each.id == note_id), None)
        if note is not None and note.text != text:
            self.apply(SetNotes("write note", (replace(note, text=text),)))

    def part(self, ids: frozenset[str]) -> Workflow:
        """Returns the steps, groups and notes of some ids with the links among them."""
        workflow = self.workflow
        inner = {m for group in workflow.groups if group.id in ids for m in group.members}
        steps = tuple(step for step in workflow.steps if step.id in ids | inner)
        names = {step.id for step in steps}
        return Workflow(
            steps=steps,
            links=tuple(link for link in workflow.links if link.source in names and link.target in names),
            groups=tuple(group for group in workflow.groups if set(group.members) <= names and group.id in ids),
            notes=tuple(note for note in workflow.notes if note.id in ids),
        )

    def paste(
        self, part: Workflow, shift: Place = (_PASTE_SHIFT, _PASTE_SHIFT), title: str = "paste"
    ) -> frozenset[str]:
        """Adds copies of steps, groups and notes under free names and returns the names."""
        after, named = self.workflow, dict[str, str]()
        things = [*(s.id for s in part.steps), *(g.id for g in part.groups), *(n.id for n in part.notes)]
        for name in things:
            named[name] = after.free_id(name)
            # A step of that name keeps it from being given away twice.
            after = replace(after, steps=(*after.steps, Step(named[name], "")))

        def moved(place: Place) -> Place:
            return _on_grid((place[0] + shift[0], place[1] + shift[1]))

        steps = tuple(replace(s, id=named[s.id], position=moved(s.position)) for s in part.steps)
        links = tuple(Link(named[k.source], k.output, named[k.target], k.input) for k in part.links)
        groups = tuple(
            replace(g, id=named[g.id], members=tuple(named[m] for m in g.members if m in named)) for g in part.groups
        )
        notes = tuple(replace(n, id=named[n.id], position=moved(n.position)) for n in part.notes)
        if named:
            self.apply(AddSteps(title, steps, links, groups, notes))
        return frozenset(named.values())

    def _fresh(self, type_name: str, place: Place) -> Step:
        name = type_name if type_name.isidentifier() else "step"
        return Step(self.workflow.free_id(name), type_name, position=_on_grid(place))


def tidy_places(figure: Figure) -> dict[str, Place]:
    """Lays a figure out in layers; its upper left corner stays where it is."""
    if not figure.nodes:
        return {}
    tails, heads = figure.ends
    boxes = figure.boxes
    centers = layered(boxes[:, 2:], tails, heads).centers
    corners = centers - boxes[:, 2:] / 2
    corners += boxes[:, :2].min(axis=0) - corners.min(axis=0)
    corners = np.round(corners / GRID) * GRID
    return {node.id: (float(x), float(y)) for node, (x, y) in zip(figure.nodes, corners.tolist(), strict=True)}


def aligned(figure: Figure, ids: Iterable[str], edge: str) -> dict[str, Place]:
    """Returns the places that align nodes by their left, right, top or bottom edges, or by their middles."""
    boxes = {name: figure.nodes[figure.index[name]].box for name in ids if name in figure.index}
    if len(boxes) < 2:
        return {}
    low = min((b.left() if edge in ("left", "right", "center") else b.top()) for b in boxes.values())
    high = max((b.right() if edge in ("left", "right", "center") else b.bottom()) for b in boxes.values())
    places = {}
    for name, box in boxes.items():
        at = {
            "left": (low, box.top()),
            "right": (high - box.width(), box.top()),
            "center": ((low + high - box.width()) / 2, box.top()),
            "top": (box.left(), low),
            "bottom": (box.left(), high - box.height()),
            "middle": (box.left(), (low + high - box.height()) / 2),
        }[edge]
        places[name] = _on_grid(at)
    return places


def distributed(figure: Figure, ids: Iterable[str], *, across: bool) -> dict[str, Place]:
    """Returns the places that leave equal gaps between nodes, the outermost staying where they are."""
    boxes = [(name, figure.nodes[figure.index[name]].box) for name in ids if name in figure.index]
    if len(boxes) < 3:
        return {}
    boxes.sort(key=lambda pair: pair[1].left() if across else pair[1].top())
    first, last = boxes[0][1], boxes[-1][1]
    room = (last.right() - first.left()) if across else (last.bottom() - first.top())
    gap = (room - sum(box.width() if across else box.height() for _, box in boxes)) / (len(boxes) - 1)
    at, places = (first.left() if across else first.top()), {}
    for name, box in boxes:
        places[name] = _on_grid((at, box.top()) if across else (box.left(), at))
        at += (box.width() if across else box.height()) + gap
    return places


def beside(place: Place, grip: Grip) -> Place:
    """Returns where a step goes whose first port is to be at a point."""
    x, y = place
    return (x if grip.output else x - WIDTH, y - HEAD - ROW / 2)


def _on_grid(place: Place) -> Place:
    return snapped(place[0]), snapped(place[1])


def _counted(verb: str, count: int, noun: str) -> str:
    return f"{verb} {noun}" if count == 1 else f"{verb} {count} {noun}s"
