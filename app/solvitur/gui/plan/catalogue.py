"""The step types at hand, and what fits what, for the editor of workflows."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur.engine.workflow.types import KnownType, known_types
from solvitur.gui.graph.figure import PortMark
from solvitur.gui.graph.gestures import Grip
from solvitur.hooks.loading import Plugins
from solvitur.workflow.checking import Ports, ports_of
from solvitur.workflow.model import Step, Workflow
from solvitur.workflow.ports import Port, fits_port, in_words


@dataclass(frozen=True)
class Offer:
    """A step type, with the port that would be joined to the link at hand."""

    type: str
    port: str = ""
    score: int = 0


class Catalogue:
    """What can be put into a workflow here."""

    def __init__(self, plugins: Plugins) -> None:
        self.types: dict[str, KnownType] = known_types(plugins)
        self.categories = sorted({str(known.shape.category) for known in self.types.values()})
        self.drawn: dict[str, tuple[tuple[PortMark, ...], tuple[PortMark, ...]]] = {}
        """The ports of types as they are drawn, for steps without options."""

    def title(self, type_name: str) -> str:
        """Returns a type's title; its name when nobody provides it."""
        known = self.types.get(type_name)
        return str(known.shape.title) if known is not None else type_name

    def help(self, type_name: str) -> str:
        """Returns the sentence about a type."""
        known = self.types.get(type_name)
        return str(getattr(known.shape, "help", "")) if known is not None else ""

    def category(self, type_name: str) -> str:
        """Returns a type's category; empty when nobody provides it."""
        known = self.types.get(type_name)
        return str(known.shape.category) if known is not None else ""

    def colour(self, type_name: str) -> int:
        """Returns the position of a type's colour among the category colours."""
        category = self.category(type_name)
        return self.categories.index(category) if category else 0

    def ports(self, step: Step, workflow: Workflow | None = None) -> Ports:
        """Returns a step's ports; those of an absent type are the ones that its links name."""
        known = self.types.get(step.type)
        if known is not None:
            return ports_of(step, known.shape)
        links = workflow.links if workflow is not None else ()
        ins = dict.fromkeys(link.input for link in links if link.target == step.id)
        outs = dict.fromkeys(link.output for link in links if link.source == step.id)
        return tuple(Port(name, many=True) for name in ins), tuple(Port(name) for name in outs)

    def port(self, workflow: Workflow, grip: Grip) -> Port | None:
        """Returns the port that a grip is on."""
        step = workflow.step(grip.node)
        if step is None:
            return None
        return next((port for port in self.ports(step, workflow)[int(grip.output)] if port.name == grip.port), None)

    def targets(self, workflow: Workflow, grip: Grip) -> dict[tuple[str, str], str]:
        """Tells for every port at the other side why a link from a grip may not end there; empty when it may."""
        held = self.port(workflow, grip)
        if held is None:
            return {}
        barred = workflow.ancestors([grip.node]) if grip.output else workflow.descendants([grip.node])
        found: dict[tuple[str, str], str] = {}
        for step in workflow.steps:
            for port in self.ports(step, workflow)[int(not grip.output)]:
                why = fits_port(held, port) if grip.output else fits_port(port, held)
                if step.id == grip.node:
                    why = "a step cannot feed itself"
                elif step.id in barred:
                    first, second = (grip.node, step.id) if grip.output else (step.id, grip.node)
                    why = f"'{first}' needs what '{second}' makes, so it cannot feed it"
                found[step.id, port.name] = why
        return found

    def offers(self, held: Port | None = None, *, output: bool = True) -> list[Offer]:
        """Lists the types, or those that a link from a port can end at, best first."""
        found: list[tuple[tuple[int, str, str], Offer]] = []
        for name, known in self.types.items():
            best = Offer(name) if held is None else _best(known, name, held, output=output)
            if best is not None:
                found.append(((-best.score, self.category(name), self.title(name)), best))
        return [offer for _, offer in sorted(found, key=lambda pair: pair[0])]

    def between(self, type_name: str, source: Port, target: Port) -> tuple[str, str] | None:
        """Returns the input and output through which a type can stand on a link; None when it cannot."""
        known = self.types.get(type_name)
        if known is None:
            return None
        into = next((port.name for port in known.shape.inputs if not fits_port(source, port)), "")
        out = next((port.name for port in known.shape.outputs if not fits_port(port, target)), "")
        return (into, out) if into and out else None


def _best(known: KnownType, name: str, held: Port, *, output: bool) -> Offer | None:
    """Returns the port of a type that fits best; the same type before one that is seen as it, before anything."""
    best: Offer | None = None
    for port in known.shape.inputs if output else known.shape.outputs:
        if fits_port(held, port) if output else fits_port(port, held):
            continue
        score = 4 if port.type == held.type else 1 if "any" in (port.type, held.type) else 2
        score -= int(port.optional)
        if best is None or score > best.score:
            best = Offer(name, port.name, score)
    return best


def port_words(port: Port) -> str:
    """Says what a port takes or makes."""
    said = port.help or in_words(port.type)
    return f"{said} (optional)" if port.optional else said
