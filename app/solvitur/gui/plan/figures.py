"""A workflow as the figure that the canvas shows; collapsed groups stand for their members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

from solvitur.gui.graph.figure import Figure, Frame, Node, NoteMark, PortMark, Wire
from solvitur.gui.graph.gestures import Grip
from solvitur.gui.plan.catalogue import Catalogue, port_words
from solvitur.workflow.model import Group, Link, Step, Workflow
from solvitur.workflow.ports import Port


class Nodes:
    """The boxes of steps; those of steps that an edit left as they were are not built again."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._built: dict[str, tuple[Step, Node]] = {}

    def of(self, workflow: Workflow, inside: Mapping[str, Group]) -> list[Node]:
        """Returns the boxes of the steps that are not inside a collapsed group."""
        links = links_by_step(workflow)
        before, self._built = self._built, {}
        nodes = []
        for step in workflow.steps:
            if step.id in inside:
                continue
            known = before.get(step.id)
            if known is not None and known[0] is step and not known[1].absent:
                node = known[1]
            else:
                node = node_of(step, self._catalogue, links)
            self._built[step.id] = step, node
            nodes.append(node)
        return nodes


def figure_of(workflow: Workflow, catalogue: Catalogue, built: Nodes | None = None) -> Figure:
    """Builds the figure of a workflow; ``built`` are the boxes of the one before."""
    inside = {member: group for group in workflow.groups if group.collapsed for member in group.members}
    nodes = (built or Nodes(catalogue)).of(workflow, inside)
    nodes += [_box(group, workflow) for group in workflow.groups if group.collapsed and group.members]
    wires = []
    for link in workflow.links:
        source, target = inside.get(link.source), inside.get(link.target)
        if source is not None and source is target:
            continue
        wires.append(
            Wire(
                source.id if source else link.source,
                f"{link.source}.{link.output}" if source else link.output,
                target.id if target else link.target,
                f"{link.target}.{link.input}" if target else link.input,
                link,
            )
        )
    known = {node.id for node in nodes}
    frames = tuple(
        Frame(group.id, group.title or group.id, group.members, colour_of(group.colour))
        for group in workflow.groups
        if not group.collapsed
    )
    notes = tuple(NoteMark(n.id, n.text, QRectF(QPointF(*n.position), QSizeF(*n.size))) for n in workflow.notes)
    kept = tuple(wire for wire in wires if wire.source in known and wire.target in known)
    return Figure(tuple(nodes), kept, frames, notes)


def real_end(workflow: Workflow, grip: Grip) -> Grip:
    """Returns the step's own port behind a port of a collapsed group."""
    if workflow.step(grip.node) is None and "." in grip.port:
        step, _, port = grip.port.partition(".")
        return Grip(step, port, grip.output)
    return grip


def shown_end(figure: Figure, step: str, port: str, *, output: bool) -> tuple[str, str]:
    """Returns the node and port that stand for a step's port, in a group when it is collapsed."""
    if step in figure.index:
        return step, port
    for node in figure.nodes:
        marks = node.outputs if output else node.inputs
        if node.is_group and any(mark.name == f"{step}.{port}" for mark in marks):
            return node.id, f"{step}.{port}"
    return step, port


def colour_of(name: str, usual: int = 0) -> int:
    """Returns the position of a colour that is stored as text; ``usual`` when none is."""
    return int(name) if name.isdigit() else usual


def _mark(port: Port) -> PortMark:
    return PortMark(port.name, port.type, port.optional, port.many, port_words(port))


LinksByStep = Mapping[str, Sequence[Link]]


def links_by_step(workflow: Workflow) -> LinksByStep:
    """Returns the links at each step."""
    found: dict[str, list[Link]] = {}
    for link in workflow.links:
        found.setdefault(link.source, []).append(link)
        found.setdefault(link.target, []).append(link)
    return found


def node_of(step: Step, catalogue: Catalogue, links: LinksByStep) -> Node:
    """Builds the box of a step."""
    absent = step.type not in catalogue.types
    inputs, outputs = _marks(step, catalogue, links)
    title = catalogue.title(step.type)
    subtitle = (
        f"no plugin here offers '{step.type}'" if absent else title if step.title else catalogue.category(step.type)
    )
    return Node(
        step.id,
        step.title or title,
        subtitle,
        step.position,
        inputs,
        outputs,
        colour_of(step.colour, catalogue.colour(step.type)),
        absent,
        note=step.note,
    )


def _marks(step: Step, catalogue: Catalogue, links: LinksByStep) -> tuple[tuple[PortMark, ...], tuple[PortMark, ...]]:
    """Returns the ports of a step as they are drawn; all steps of a type without options share theirs."""
    if step.type in catalogue.types and not step.options:
        if step.type not in catalogue.drawn:
            inputs, outputs = catalogue.ports(step)
            catalogue.drawn[step.type] = tuple(map(_mark, inputs)), tuple(map(_mark, outputs))
        return catalogue.drawn[step.type]
    inputs, outputs = catalogue.ports(step, Workflow(links=tuple(links.get(step.id, ()))))
    return tuple(map(_mark, inputs)), tuple(map(_mark, outputs))


def _box(group: Group, workflow: Workflow) -> Node:
    members = set(group.members)
    steps = [step for step in workflow.steps if step.id in members]
    into = [link for link in workflow.links if link.target in members and link.source not in members]
    out = [link for link in workflow.links if link.source in members and link.target not in members]
    return Node(
        group.id,
        group.title or group.id,
        f"{len(steps)} steps",
        (min((step.position[0] for step in steps), default=0.0), min((s.position[1] for s in steps), default=0.0)),
        tuple(PortMark(name) for name in dict.fromkeys(f"{link.target}.{link.input}" for link in into)),
        tuple(PortMark(name) for name in dict.fromkeys(f"{link.source}.{link.output}" for link in out)),
        colour_of(group.colour),
        is_group=True,
    )


def links_of(figure: Figure, wires: frozenset[int]) -> frozenset[Link]:
    """Returns the links that some wires stand for."""
    keys = (figure.wires[at].key for at in wires)
    return frozenset(key for key in keys if isinstance(key, Link))
