"""The nodes of a run: a workflow's steps as the scheduler sees them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.scheduling import Node, set_priorities
from solvitur.engine.workflow.store import Kept
from solvitur.engine.workflow.types import KnownType
from solvitur.workflow.checking import options_of, ports_of
from solvitur.workflow.model import Step, Workflow
from solvitur.workflow.ports import Port, fits


class Source:
    """Where one link's value comes from; ``spread`` hands the members of a list over one by one."""

    __slots__ = ("node", "output", "spread")

    def __init__(self, node: StepNode, output: str, spread: bool) -> None:
        self.node = node
        self.output = output
        self.spread = spread


class StepNode(Node):
    """One step of a run, or of a sub-workflow that unfolded in it."""

    __slots__ = (
        "again",
        "base",
        "from_cache",
        "heavy",
        "inputs",
        "key",
        "known",
        "made",
        "options",
        "output_names",
        "parts",
        "path",
        "seconds",
        "state",
        "step",
        "stop",
        "text",
        "users",
        "wanted",
    )

    def __init__(self, step: Step, known: KnownType, path: str) -> None:
        super().__init__(known.resource)
        self.step = step
        self.known = known
        self.path = path
        self.options: Any = None
        self.base = ""
        self.key = ""
        self.inputs: list[tuple[Port, list[Source]]] = []
        self.output_names: tuple[str, ...] = ()
        self.made: dict[str, Kept] | dict[str, Any] = {}
        self.parts: dict[str, StepNode] | None = None
        """The steps of the sub-workflow that it unfolded into."""
        self.state = State.WAITING
        self.text = ""
        self.seconds = 0.0
        self.from_cache = False
        self.again = False
        """Whether it runs even where its result is known already."""
        self.stop: threading.Event | None = None
        """Stops this step alone, where others may make it needless; the run's own stop counts besides."""
        self.users = 0
        self.heavy = False
        """Whether something it made is in a file and may be let go from memory once all users are done."""
        self.wanted = True
        """Whether its outputs are asked for after the run."""

    def halt(self) -> None:
        """Stops this step, and what it unfolded into; others go on."""
        if self.stop is not None:
            self.stop.set()
            for part in (self.parts or {}).values():
                part.halt()


def build_nodes(
    workflow: Workflow,
    types: Mapping[str, KnownType],
    *,
    prefix: str = "",
    only: Collection[str] | None = None,
    again: Collection[str] = (),
    seconds: Mapping[str, float] | None = None,
    order: Sequence[str] = (),
) -> dict[str, StepNode]:
    """Builds the nodes of a workflow that the dry run has passed, by step id.

    Parameters
    ----------
    only : the steps that take part; None takes all.
    again : steps that run even where their results are known.
    seconds : how long steps took before, for the critical path; one second each where unknown.
    order : the steps in an order that runs, where it is known already.
    """
    chosen = [step for step in workflow.steps if only is None or step.id in only]
    nodes: dict[str, StepNode] = {}
    ports: dict[str, tuple[dict[str, Port], dict[str, Port]]] = {}
    shapes: dict[str, tuple[dict[str, Port], dict[str, Port]]] = {}
    bare: dict[str, Any] = {}
    for step in chosen:
        known = types[step.type]
        node = nodes[step.id] = StepNode(step, known, prefix + step.id)
        node.options = options_of(step, known.shape) if step.options or step.type not in bare else bare[step.type]
        if not step.options:
            bare[step.type] = node.options
        node.again = step.id in again or known.volatile
        node.tolerant = known.enough is not None
        found = shapes.get(step.type)
        if found is None:
            inputs, outputs = ports_of(step, known.shape)
            found = {port.name: port for port in inputs}, {port.name: port for port in outputs}
            if getattr(known.shape, "ports", None) is None:
                shapes[step.type] = found
        ports[step.id] = found
        node.output_names = tuple(found[1])
    _link(workflow, nodes, ports)
    known_seconds = seconds or {}
    lined_up = [nodes[step_id] for step_id in order or workflow.order() if step_id in nodes]
    set_priorities(lined_up, [known_seconds.get(node.path, 1.0) for node in lined_up])
    return nodes


def _link(
    workflow: Workflow,
    nodes: Mapping[str, StepNode],
    ports: Mapping[str, tuple[dict[str, Port], dict[str, Port]]],
) -> None:
    sources: dict[str, dict[str, list[Source]]] = {step_id: {} for step_id in nodes}
    needed: set[tuple[str, str]] = set()
    for link in workflow.links:
        if link.source not in nodes or link.target not in nodes:
            continue
        source, target = nodes[link.source], nodes[link.target]
        made, wanted = ports[link.source][1][link.output], ports[link.target][0][link.input]
        spread = wanted.many and made.type != wanted.type and bool(fits(made.type, wanted.type))
        sources[link.target].setdefault(link.input, []).append(Source(source, link.output, spread))
        if (link.source, link.target) not in needed:
            needed.add((link.source, link.target))
            target.needs(source)
            source.users += 1
            if target.tolerant and source.stop is None:
                source.stop = threading.Event()
    sorted_ports: dict[int, list[Port]] = {}
    for step_id, node in nodes.items():
        inputs, linked = ports[step_id][0], sources[step_id]
        listed = sorted_ports.get(id(inputs))
        if listed is None:
            listed = sorted_ports[id(inputs)] = sorted(inputs.values(), key=lambda port: port.name)
        node.inputs = [(port, linked.get(port.name, [])) for port in listed]
