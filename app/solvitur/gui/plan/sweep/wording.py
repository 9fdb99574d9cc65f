"""Ranges of options as people type them, and what can be judged in a workflow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from solvitur.engine.workflow.sweep import parse_range
from solvitur.engine.workflow.types import KnownType
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.problem.options import OptionSpec
from solvitur.workflow.model import OptionRange, Step, Workflow

_BETWEEN = re.compile(
    r"^\s*(\S+?)\s*(?:\bto\b|\.\.+|\u2026|:)\s*(\S+?)\s*(?:[,:]?\s*\b(log|linear)\b)?\s*$", re.IGNORECASE
)
_JUDGED = ("solved", "number", "truth")
TIME = "time"


def shown_range(each: OptionRange) -> str:
    """Writes a range: ``1 to 100, log`` or ``a, b, c``."""
    if each.values:
        return ", ".join(_value(value) for value in each.values)
    scale = ", log" if each.scale == "log" else ""
    return f"{_value(each.low)} to {_value(each.high)}{scale}"


def read_range(text: str, step: str, option: str, workflow: Workflow, types: Mapping[str, KnownType]) -> OptionRange:
    """Reads what was typed for the range of an option.

    Raises
    ------
    InputError
        If it is no range of that option.
    """
    between = _BETWEEN.match(text)
    said = ":".join(part for part in between.groups() if part).lower() if between is not None else text
    return parse_range(f"{step}.{option}={said}", workflow, types)


def usual_range(step: Step, spec: OptionSpec) -> OptionRange:
    """Returns the range that an option starts with: around its value, or all there is to choose from."""
    value = step.options.get(spec.name, spec.default)
    if spec.choices:
        return OptionRange(step.id, spec.name, tuple(spec.choices))
    if spec.kind is bool:
        return OptionRange(step.id, spec.name, (False, True))
    if spec.kind in (int, float) and isinstance(value, int | float):
        low, high = (value / 2, value * 2) if value > 0 else (value * 2, value / 2) if value < 0 else (0.0, 1.0)
        low = low if spec.minimum is None else max(low, spec.minimum)
        high = high if spec.maximum is None else min(high, spec.maximum)
        if spec.kind is int:
            low, high = float(int(low)), float(max(int(high), int(low) + 1))
        return OptionRange(step.id, spec.name, (), float(low), float(high))
    return OptionRange(step.id, spec.name, (value,))


def measures(workflow: Workflow, catalogue: Catalogue) -> tuple[str, ...]:
    """Lists the outputs that can be judged as ``step.port``, the likeliest first: the last answer of the plan."""
    try:
        order = workflow.order()
    except ValueError:
        return ()
    steps = {step.id: step for step in workflow.steps}
    found: list[tuple[int, int, str]] = []
    for at, name in enumerate(order):
        for port in catalogue.ports(steps[name], workflow)[1]:
            if port.type in _JUDGED:
                found.append((_JUDGED.index(port.type), -at, f"{name}.{port.name}"))
    return tuple(name for *_, name in sorted(found))


def title_of(each: OptionRange, workflow: Workflow) -> str:
    """Says which option of which step ranges."""
    step = workflow.step(each.step)
    return f"{(step.title if step is not None else '') or each.step} \u00b7 {each.option}"


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
