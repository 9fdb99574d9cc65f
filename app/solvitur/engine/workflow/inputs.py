"""What flows into a step: values and digests, and what becomes needless once enough of it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from solvitur.engine.workflow.events import State
from solvitur.engine.workflow.nodes import Source, StepNode
from solvitur.engine.workflow.store import Kept
from solvitur.problem.errors import InputError

_ENDED = (State.DONE, State.FAILED, State.SKIPPED)


def values_of(node: StepNode) -> dict[str, Any]:
    """Returns the inputs of a step by port; of one that takes what there is, what there is."""
    values: dict[str, Any] = {}
    for port, sources in node.inputs:
        if not port.many:
            there = sources and sources[0].node.made
            values[port.name] = _value(sources[0]) if there else None
            continue
        listed: list[Any] = []
        for source in sources:
            if source.node.made:
                value = _value(source)
                listed += value if source.spread else [value]
        values[port.name] = listed
    return values


def digests_into(node: StepNode) -> Iterator[tuple[str, list[str]]]:
    """Lists the digests that flow into each linked port of a step."""
    for port, sources in node.inputs:
        if sources:
            yield port.name, [_digest(source) for source in sources if source.node.made]


def _value(source: Source) -> Any:
    value = source.node.made[source.output]
    return value.load() if isinstance(value, Kept) else value


def _digest(source: Source) -> str:
    value = source.node.made[source.output]
    return value.digest if isinstance(value, Kept) else "?"


def check_any(node: StepNode) -> None:
    """Checks that something came about of what a step takes that could do without some of it.

    Raises
    ------
    InputError
        With the faults of all that failed, if nothing did.
    """
    sources = [source.node for _, listed in node.inputs for source in listed]
    if sources and not any(source.made for source in sources):
        texts = dict.fromkeys(f"{each.path}: {each.text}" for each in sources if each.state is State.FAILED)
        raise InputError.at("; ".join(texts) or "nothing that it takes is there")


def stop_others(node: StepNode, made: Mapping[str, Any]) -> None:
    """Stops what has become needless, where a step that takes this one's outcome says that it is enough."""
    for child in node.children:
        if not child.tolerant or not isinstance(child, StepNode) or child.known.enough is None:
            continue
        sources = [source for _, listed in child.inputs for source in listed]
        taken = [made[source.output] for source in sources if source.node is node]
        values = [value.load() if isinstance(value, Kept) else value for value in taken]
        if any(child.known.enough(value, child.options) for value in values):
            for source in sources:
                if source.node.state not in _ENDED:
                    source.node.halt("another one was enough")


def why_unmade(node: StepNode, part: StepNode) -> tuple[State, str]:
    """Tells why a part did not make its unfolded step's output: its own fault, or that of what it needs."""
    if node.halted:
        return (State.FAILED if node.late else State.SKIPPED), node.halted
    if part.state is State.FAILED:
        return State.FAILED, f"{part.path}: {part.text}"
    failed = next((each for each in (node.parts or {}).values() if each.state is State.FAILED), None)
    if failed is not None:
        return State.FAILED, f"{failed.path}: {failed.text}"
    return State.SKIPPED, part.text
