"""The dry run: everything that is wrong with a workflow, its order, and what needs approval, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.options import read_options
from solvitur.workflow.model import Link, Step, Workflow
from solvitur.workflow.ports import Port, fits_port
from solvitur.workflow.rules import NameUnfit, check_name


class StepShape(Protocol):
    """What the dry run asks of a step type."""

    name: str
    title: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    options: Any


@dataclass(frozen=True)
class DryRun:
    """What a dry run found. ``order`` is empty when there is a cycle; ``approvals`` are steps that need a yes."""

    findings: tuple[Finding, ...]
    order: tuple[str, ...]
    approvals: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The options of the steps that have some, as they were read."""

    @property
    def can_run(self) -> bool:
        """Whether nothing is wrong."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


Ports = tuple[tuple[Port, ...], tuple[Port, ...]]
Named = tuple[dict[str, Port], dict[str, Port]]
"""The input and output ports of a step by name."""


def options_of(step: Step, shape: StepShape) -> Any:
    """Builds a step's options value.

    Raises
    ------
    InputError
        If an option is unknown or has a wrong value.
    """
    own = getattr(shape, "read_options", None)
    return read_options(shape.options, step.options) if own is None else own(step.options)


def ports_of(step: Step, shape: StepShape) -> Ports:
    """Returns a step's input and output ports; they may depend on its options."""
    dynamic = getattr(shape, "ports", None)
    if dynamic is None:
        return shape.inputs, shape.outputs
    try:
        inputs, outputs = dynamic(options_of(step, shape))
    except SolviturError:  # the options are at fault, which the dry run says of them
        return shape.inputs, shape.outputs
    return tuple(inputs), tuple(outputs)


def named_ports(step: Step, shape: StepShape, of_type: dict[str, Named]) -> Named:
    """Returns a step's ports by name; those that all steps of a type share are noted in ``of_type``."""
    found = of_type.get(step.type)
    if found is None:
        inputs, outputs = ports_of(step, shape)
        found = {port.name: port for port in inputs}, {port.name: port for port in outputs}
        if getattr(shape, "ports", None) is None:
            of_type[step.type] = found
    return found


def dry_run(workflow: Workflow, shapes: Mapping[str, StepShape]) -> DryRun:
    """Checks a workflow against the step types there are."""
    findings = _name_findings(workflow)
    ports: dict[str, Named] = {}
    of_type: dict[str, Named] = {}
    options: dict[str, Any] = {}
    approvals = []
    for step in workflow.steps:
        shape = shapes.get(step.type)
        if shape is None:
            findings.append(_unknown_type(step, shapes))
            continue
        if step.options:
            try:
                options[step.id] = options_of(step, shape)
            except InputError as error:
                findings += [_error(f"step '{step.id}': {each.text}", step.id) for each in error.findings]
        ports[step.id] = named_ports(step, shape, of_type)
        if getattr(shape, "irreversible", False) or getattr(shape, "is_code", False):
            approvals.append(step.id)
    findings += _link_findings(workflow, ports)
    findings += _missing_findings(workflow, ports)
    try:
        order = workflow.order()
    except ValueError:
        order = ()
        findings.append(_cycle(workflow))
    return DryRun(tuple(findings), order, tuple(approvals), options)


def _error(text: str, element: str) -> Finding:
    return Finding(Severity.ERROR, text, element)


def _name_findings(workflow: Workflow) -> list[Finding]:
    found, seen = [], set[str]()
    groups, notes = [group.id for group in workflow.groups], [note.id for note in workflow.notes]
    for name in (*(step.id for step in workflow.steps), *groups, *notes):
        if name in seen:
            found.append(_error(f"'{name}' is there twice", name))
        seen.add(name)
    for step in workflow.steps:
        try:
            check_name(step.id)
        except NameUnfit as error:
            found += error.findings
    for each in workflow.ranges:
        if workflow.step(each.step) is None:
            found.append(_error(f"a range names the step '{each.step}', which is not there", each.step))
    return found


def _unknown_type(step: Step, shapes: Mapping[str, StepShape]) -> Finding:
    near = get_close_matches(step.type, shapes, 1)
    hint = f"did you mean '{near[0]}'?" if near else "the plugin that offers it may be absent"
    return _error(f"step '{step.id}': there is no step type '{step.type}'; {hint}", step.id)


def _link_findings(workflow: Workflow, ports: Mapping[str, Named]) -> list[Finding]:
    found = []
    ids = {step.id for step in workflow.steps}
    taken: dict[tuple[str, str], Link] = {}
    for link in workflow.links:
        ends = [end for end in (link.source, link.target) if end not in ids]
        if ends:
            found.append(_error(f"link {link}: there is no step '{ends[0]}'", ends[0]))
            continue
        output = _port(ports, link.source, 1, link.output)
        wanted = _port(ports, link.target, 0, link.input)
        if isinstance(output, str) or isinstance(wanted, str):
            found += [
                _error(f"link {link}: {each}", link.target) for each in (output, wanted) if isinstance(each, str)
            ]
            continue
        if output is not None and wanted is not None and (why := fits_port(output, wanted)):
            found.append(_error(f"link {link}: {why}", link.target))
        if wanted is not None and not wanted.many and taken.setdefault((link.target, link.input), link) != link:
            first = taken[link.target, link.input]
            found.append(_error(f"link {link}: this input takes one link and has {first} already", link.target))
    return found


def _port(ports: Mapping[str, Named], step: str, side: int, name: str) -> Port | str | None:
    """Returns a port, or what is wrong with its name, or None where the step's type is unknown."""
    if step not in ports:
        return None
    offered = ports[step][side]
    if name in offered:
        return offered[name]
    return f"'{step}' has no {'output' if side else 'input'} '{name}'; it has " + (", ".join(offered) or "none")


def _missing_findings(workflow: Workflow, ports: Mapping[str, Named]) -> list[Finding]:
    linked = {(link.target, link.input) for link in workflow.links}
    wanted: dict[int, list[Port]] = {}
    found = []
    for step in workflow.steps:
        if step.id not in ports:
            continue
        inputs = ports[step.id][0]
        needed = wanted.get(id(inputs))
        if needed is None:
            needed = wanted[id(inputs)] = [port for port in inputs.values() if not port.optional]
        for port in needed:
            if (step.id, port.name) not in linked:
                text = f"step '{step.id}': nothing is linked to its input '{port.name}'"
                found.append(_error(text, step.id))
    return found


def _cycle(workflow: Workflow) -> Finding:
    parents = workflow.parents()
    ahead = next(step.id for step in workflow.steps if step.id in _all_ancestors(parents, step.id))
    return _error(f"step '{ahead}' needs its own output, so there is no order in which the steps can run", ahead)


def _all_ancestors(parents: Mapping[str, tuple[str, ...]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen
