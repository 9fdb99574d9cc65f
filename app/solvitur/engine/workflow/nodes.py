"""The nodes of a run: a workflow's steps as the scheduler sees them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.scheduling import Node, set_priorities
from solvitur.engine.workflow.store import Kept
from solvitur.engine.workflow.types import KnownType
from solvitur.workflow.checking import DryRun, Named, named_ports, options_of
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
        "attempts",
        "base",
        "from_cache",
        "halted",
        "heavy",
        "inputs",
        "key",
        "known",
        "late",
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
        "timer",
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
        self.timer: threading.Timer | None = None
        self.halted = ""
        """Why it was stopped alone."""
        self.late = False
        self.attempts = 0
        """How often it has unfolded and failed."""
        self.users = 0
        self.heavy = False
        """Whether something it made is in a file and may be let go from memory once all users are done."""
        self.wanted = True
        """Whether its outputs are asked for after the run."""

    def limit_parts(self) -> None:
        """Lets what this step unfolded into take only as long as the step's own time limit leaves."""
        limit = self.step.timeout_s
        if limit is not None:
            before, self.stop = self.stop, threading.Event()  # the old one may be that of a whole sub-workflow
            if before is not None and before.is_set():
                self.stop.set()
            self.timer = threading.Timer(max(0.0, limit - self.seconds), self.halt, [late(limit), True])
            self.timer.daemon = True
            self.timer.start()

    def end_limit(self) -> None:
        """Ends what `limit_parts` began."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def unfold_again(self) -> None:
        """Forgets what it unfolded into."""
        self.attempts += 1
        self.parts, self.halted, self.late = None, "", False
        if self.step.timeout_s is not None:
            self.stop = None
            self.seconds = 0.0

    def halt(self, why: str, late: bool = False) -> None:
        """Stops this step, and what it unfolded into; others go on."""
        self.halted, self.late = why, late
        if self.stop is not None:
            self.stop.set()
        for part in (self.parts or {}).values():
            part.halt(why)


def late(limit_s: float) -> str:
    """Says that a step's time was up."""
    return f"it took longer than its limit of {limit_s:g} s"


def build_nodes(
    workflow: Workflow,
    types: Mapping[str, KnownType],
    *,
    prefix: str = "",
    only: Collection[str] | None = None,
    again: Collection[str] = (),
    took: Callable[[str], float | None] | None = None,
    checked: DryRun | None = None,
) -> dict[str, StepNode]:
    """Builds the nodes of a workflow that the dry run has passed, by step id.

    Parameters
    ----------
    only : the steps that take part; None takes all.
    again : steps that run even where their results are known.
    took : how long the step at a path took before, for the critical path; where unknown, as the others on average.
    checked : what the dry run found: the order, and the options as they were read.
    """
    chosen = [step for step in workflow.steps if only is None or step.id in only]
    nodes: dict[str, StepNode] = {}
    ports: dict[str, Named] = {}
    of_type: dict[str, Named] = {}
    bare: dict[str, Any] = {}
    read = checked.options if checked is not None else {}
    order = checked.order if checked is not None else workflow.order()
    names: dict[int, tuple[str, ...]] = {}
    for step in chosen:
        known = types[step.type]
        node = nodes[step.id] = StepNode(step, known, prefix + step.id)
        if step.id in read:
            node.options = read[step.id]
        elif step.options or step.type not in bare:
            node.options = options_of(step, known.shape)
            if not step.options:
                bare[step.type] = node.options
        else:
            node.options = bare[step.type]
        node.again = step.id in again or known.volatile
        node.tolerant = known.enough is not None
        found = ports[step.id] = named_ports(step, known.shape, of_type)
        outputs = names.get(id(found[1]))
        if outputs is None:
            outputs = names[id(found[1])] = tuple(found[1])
        node.output_names = outputs
    _link(workflow, nodes, ports)
    lined_up = [nodes[step_id] for step_id in order if step_id in nodes]
    set_priorities(lined_up, _weights(lined_up, took))
    return nodes


def _weights(nodes: Sequence[StepNode], took: Callable[[str], float | None] | None) -> list[float]:
    """Returns how long each step is expected to take, in seconds; equal numbers where nothing is known."""
    times = [took(node.path) for node in nodes] if took is not None else [None] * len(nodes)
    known = [seconds for seconds in times if seconds is not None]
    usual = sum(known) / len(known) if known else 1.0
    return [usual if seconds is None else seconds for seconds in times]


def _link(workflow: Workflow, nodes: Mapping[str, StepNode], ports: Mapping[str, Named]) -> None:
    sources: dict[str, dict[str, list[Source]]] = {}
    spreads: dict[tuple[int, int], bool] = {}
    for link in workflow.links:
        source, target = nodes.get(link.source), nodes.get(link.target)
        if source is None or target is None:
            continue
        made, wanted = ports[link.source][1][link.output], ports[link.target][0][link.input]
        spread = spreads.get((id(made), id(wanted)))
        if spread is None:
            spread = wanted.many and made.type != wanted.type and bool(fits(made.type, wanted.type))
            spreads[id(made), id(wanted)] = spread
        into = sources.get(link.target)
        if into is None:
            into = sources[link.target] = {}
        into.setdefault(link.input, []).append(Source(source, link.output, spread))
        target.needs(source)
        source.users += 1
        if target.tolerant and source.stop is None:
            source.stop = threading.Event()
    sorted_ports: dict[int, list[Port]] = {}
    for step_id, node in nodes.items():
        inputs, linked = ports[step_id][0], sources.get(step_id, {})
        listed = sorted_ports.get(id(inputs))
        if listed is None:
            listed = sorted_ports[id(inputs)] = sorted(inputs.values(), key=lambda port: port.name)
        node.inputs = [(port, linked.get(port.name, [])) for port in listed]
