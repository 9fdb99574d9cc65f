"""What a sweep is to do, what is wrong with it, and what came of each of its points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

from solvitur.engine.workflow.sampling import METHODS, RangeKind, grid_size
from solvitur.engine.workflow.types import KnownType
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.options import OptionSpec, option_specs
from solvitur.problem.records import Record
from solvitur.problem.tables import Table
from solvitur.workflow.checking import options_of, ports_of
from solvitur.workflow.edits import ChangeSteps
from solvitur.workflow.model import OptionRange, Step, Workflow

TIME = "time"
_NUMBERS = ("number", "truth", "solved", "any")
"""Types of outputs that may hold a number; of a solved problem its objective counts."""


@dataclass(frozen=True)
class SweepPlan(Record, tag="workflow-sweep"):
    """Which options range over what, what is judged, and how combinations are chosen."""

    ranges: tuple[OptionRange, ...] = ()
    quality: str = ""
    """``step.port`` of a number, or of a solved problem, whose objective counts."""
    cost: str = TIME
    """``time``, the seconds of all steps as they were measured when they ran, or ``step.port``."""
    higher_is_better: bool | None = None
    """Of the quality; None takes the sense of the solved problem, and higher for plain numbers."""
    method: str = "grid"
    runs: int = 20
    """The most combinations."""
    seed: int = 0
    parallel: int = 0
    """How many combinations run at once; 0 is as many as worker steps may."""


@dataclass(frozen=True)
class SweepPoint(Record, tag="workflow-sweep-point"):
    """One combination: its values in the order of the plan's ranges, and what came of it.

    ``state`` is waiting, running, done, failed or skipped; ``seconds`` is the wall time of this run, in which what
    was known already cost nothing; ``on_front`` tells that no other point is as good in both and better in one.
    """

    number: int
    values: tuple[Any, ...]
    state: str = "waiting"
    quality: float | None = None
    cost: float | None = None
    seconds: float = 0.0
    fault: str = ""
    on_front: bool = False


def parse_range(text: str, workflow: Workflow, types: Mapping[str, KnownType]) -> OptionRange:
    """Reads ``step.option=a:b``, ``step.option=a:b:log`` or ``step.option=v1,v2``.

    Raises
    ------
    InputError
        If it is neither, or names no option of a step.
    """
    name, equals, said = text.partition("=")
    step_id, dot, option = name.strip().partition(".")
    step = workflow.step(step_id)
    if not equals or not dot or not option or step is None:
        steps = ", ".join(each.id for each in workflow.steps)
        expected = "expected step.option=a:b or step.option=v1,v2"
        raise InputError.at(f"'{text}' is no range, {expected}; steps are: {steps}")
    spec = _spec(step, option, types)
    ends = said.split(":")
    numeric = spec is None or spec.kind in (int, float)
    if len(ends) in (2, 3) and numeric and all(_number(end) is not None for end in ends[:2]):
        scale = ends[2].strip() if len(ends) == 3 else "linear"
        return OptionRange(step_id, option, (), float(ends[0]), float(ends[1]), scale)
    return OptionRange(step_id, option, tuple(_cell(cell.strip(), spec) for cell in said.split(",")))


def range_kinds(plan: SweepPlan, workflow: Workflow, types: Mapping[str, KnownType]) -> tuple[RangeKind, ...]:
    """Returns what each of the plan's ranges is to be drawn from."""
    kinds = []
    for each in plan.ranges:
        step = workflow.step(each.step)
        spec = _spec(step, each.option, types) if step is not None else None
        kinds.append(RangeKind(each, whole=spec is not None and spec.kind is int))
    return tuple(kinds)


def sweep_findings(workflow: Workflow, plan: SweepPlan, types: Mapping[str, KnownType]) -> tuple[Finding, ...]:
    """Finds all that is wrong with a plan, in words; the workflow itself has its own dry run."""
    found: list[str] = []
    if plan.method not in METHODS:
        found.append(f"there is no method '{plan.method}'; there are: {', '.join(METHODS)}")
    if plan.method == "bayes" and find_spec("optuna") is None:
        found.append("a Bayesian sweep needs the package 'optuna', which is absent; install 'solvitur[sweep]'")
    if plan.runs < 1:
        found.append(f"{plan.runs} runs are too few, expected at least 1")
    if not plan.ranges:
        found.append("no option ranges over anything; turn an option of a step into a range first")
    ranges = [said for each in plan.ranges for said in _range_faults(each, workflow, types)]
    names = [f"{each.step}.{each.option}" for each in plan.ranges]
    ranges += [f"there are two ranges for '{name}'" for name in dict.fromkeys(names) if names.count(name) > 1]
    found += ranges
    found += _measure_faults("quality", plan.quality, workflow, types)
    if plan.cost != TIME:
        found += _measure_faults("cost", plan.cost, workflow, types)
    if plan.method == "grid" and plan.ranges and not ranges and plan.runs >= 1:
        size = grid_size(range_kinds(plan, workflow, types), plan.runs)
        if size > plan.runs:
            found.append(f"the grid has {size} combinations and {plan.runs} runs are allowed; take more, or 'random'")
    return tuple(Finding(Severity.ERROR, text) for text in found)


def choose(workflow: Workflow, plan: SweepPlan, point: SweepPoint) -> ChangeSteps:
    """Returns the edit that gives a workflow the options of a point; the ranges stay."""
    return ChangeSteps("Take the options of a sweep", with_values(workflow, plan, point.values))


def with_values(workflow: Workflow, plan: SweepPlan, values: Sequence[Any]) -> tuple[Step, ...]:
    """Returns the steps that have other options, with those."""
    changed: dict[str, Step] = {}
    for each, value in zip(plan.ranges, values, strict=True):
        step = changed.get(each.step) or workflow.step(each.step)
        if step is not None:
            changed[each.step] = replace(step, options={**step.options, each.option: value})
    return tuple(changed.values())


def fronted(points: Iterable[SweepPoint], higher_is_better: bool) -> tuple[SweepPoint, ...]:
    """Marks the points that no other point beats: by quality as wanted, and by less cost."""
    points = tuple(points)
    sign = -1.0 if higher_is_better else 1.0
    judged = [
        (sign * point.quality, point.cost)
        for point in points
        if point.state == "done" and point.quality is not None and point.cost is not None
    ]
    front: set[tuple[float, float]] = set()
    best = math.inf
    for cost, quality in sorted((cost, quality) for quality, cost in set(judged)):
        if quality < best:
            best = quality
            front.add((quality, cost))
    return tuple(
        replace(
            point,
            on_front=point.state == "done"
            and point.quality is not None
            and point.cost is not None
            and (sign * point.quality, point.cost) in front,
        )
        for point in points
    )


def sweep_table(plan: SweepPlan, points: Iterable[SweepPoint]) -> Table:
    """Returns the points as a table."""
    names = [f"{each.step}.{each.option}" for each in plan.ranges]
    rows = [
        (*map(_shown, point.values), point.quality, point.cost, point.state, "yes" if point.on_front else "no")
        for point in points
    ]
    return Table.from_rows("sweep", (*names, "quality", "cost", "state", "front"), rows)


def _shown(value: Any) -> Any:
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else str(value)


def _spec(step: Step, option: str, types: Mapping[str, KnownType]) -> OptionSpec | None:
    """Returns what is known of an option; None where it takes anything, or the step's type reads it itself."""
    known = types.get(step.type)
    specs = option_specs(known.shape.options) if known is not None else ()
    return next((spec for spec in specs if spec.name == option and spec.kind in (bool, int, float, str)), None)


def _cell(text: str, spec: OptionSpec | None) -> Any:
    kind = spec.kind if spec is not None else None
    if kind is str:
        return text
    if kind in (None, int, float) and (number := _number(text)) is not None:
        return int(number) if number.is_integer() and kind is not float else number
    if kind in (None, bool) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _range_faults(each: OptionRange, workflow: Workflow, types: Mapping[str, KnownType]) -> list[str]:
    name = f"{each.step}.{each.option}"
    step = workflow.step(each.step)
    if step is None:
        return [f"range '{name}': there is no step '{each.step}'"]
    tried: tuple[Any, ...] = each.values
    if not each.values:
        low, high = each.low, each.high
        if low is None or high is None:
            return [f"range '{name}': expected its values, or its two ends"]
        if not (math.isfinite(low) and math.isfinite(high) and low <= high):
            return [f"range '{name}': its ends are {low:g} and {high:g}, expected the lower one first"]
        if each.scale not in ("linear", "log"):
            return [f"range '{name}': its scale is '{each.scale}', expected linear or log"]
        if each.scale == "log" and low <= 0:
            return [f"range '{name}': a log scale needs ends above 0"]
        spec = _spec(step, each.option, types)
        if spec is not None and spec.kind not in (int, float):
            return [f"range '{name}': this option is no number; list its values"]
        whole = spec is not None and spec.kind is int
        tried = (math.ceil(low), math.floor(high)) if whole else (low, high)
        if whole and tried[0] > tried[1]:
            return [f"range '{name}': there is no whole number between {low:g} and {high:g}"]
    known = types.get(step.type)
    if known is None:  # the dry run says so
        return []
    said = []
    for value in tried:
        try:
            options_of(replace(step, options={**step.options, each.option: value}), known.shape)
        except InputError as error:
            said += [f"range '{name}': {finding.text}" for finding in error.findings]
    return list(dict.fromkeys(said))


def _measure_faults(what: str, name: str, workflow: Workflow, types: Mapping[str, KnownType]) -> list[str]:
    step_id, _, port = name.partition(".")
    step = workflow.step(step_id)
    if not name or not port or step is None:
        return [f"the {what} is '{name}', expected step.output of a step that is there"]
    known = types.get(step.type)
    if known is None:
        return []
    outputs = {each.name: each for each in ports_of(step, known.shape)[1]}
    if port not in outputs:
        return [f"the {what}: '{step_id}' has no output '{port}'; it has " + (", ".join(outputs) or "none")]
    if outputs[port].type not in _NUMBERS:
        return [f"the {what}: '{name}' is of type {outputs[port].type}, expected a number or a solved problem"]
    return []
