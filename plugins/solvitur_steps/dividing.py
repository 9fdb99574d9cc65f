"""Steps that split problems and reunite the answers, with the decomposers of all plugins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solvitur.api import (
    Formulation,
    InputError,
    Link,
    Port,
    Problem,
    Result,
    Solved,
    Status,
    Step,
    StepContext,
    Workflow,
    option,
)
from solvitur_steps.problems import PROBLEM, SOLVED, SolveOptions, answered, instance_of, problem_of
from solvitur_steps.searching import checked

_SPLIT = "split"


def part_problems(problem: Problem, by: str, parts: Sequence[Any], inverse: Any) -> list[Problem]:
    """Wraps parts as problems; each knows its place, and the first one what puts the answers together."""
    found = []
    for number, part in enumerate(parts):
        place: dict[str, Any] = {"by": by, "part": number, "parts": len(parts)}
        if number == 0:
            place["inverse"] = inverse
        formulation = Formulation(str(part.kind), "", part)
        found.append(Problem(problem.name, "", formulation, (), problem.choice, layout={_SPLIT: place}))
    return found


@dataclass(frozen=True)
class SplitOptions:
    """How it is split."""

    by: str = option("auto", "By", help="the name of a decomposer, such as components; auto: the most suitable one")


class Split:
    """Splits a problem into parts."""

    name, title, category, options = "split", "Split", "Parts", SplitOptions
    help = "Splits a problem into parts, with the decomposer that suits it best or the one that is named."
    inputs = PROBLEM
    outputs = (Port("parts", "list[instance]"),)

    def run(self, inputs: Mapping[str, Any], options: SplitOptions, context: StepContext) -> dict[str, Any]:
        """Splits."""
        instance = instance_of(inputs["problem"], context)
        by, parts, inverse = context.split(instance, options.by)
        context.log(f"{len(parts)} parts, by {by}\n")
        return {"parts": part_problems(problem_of(inputs["problem"]), by, parts, inverse)}


class Merge:
    """Puts the answers of parts together into one of the whole."""

    name, title, category, options = "merge", "Merge", "Parts", None
    help = "Puts the answers of the parts together and checks the whole."
    inputs = (Port("problem", "problem"), Port("answers", "solved", many=True))
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Merges; the whole is optimal only when every part is and nothing was lost by cutting."""
        instance = instance_of(inputs["problem"], context)
        answers: list[Solved] = inputs["answers"]
        by, inverse, ordered = _in_order(answers)
        answer = context.reunite(by, inverse, [part.result.answer for part in ordered])
        objective = _objective_at(instance, answer)
        proven = by == "components" and all(part.result.status is Status.OPTIMAL for part in ordered)
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        result = Result(status, answer, objective, objective if proven else None)
        return {"solved": checked(problem_of(inputs["problem"]), instance, result, context)}


def _in_order(answers: Sequence[Solved]) -> tuple[str, Any, list[Solved]]:
    """Returns the decomposer, what it needs to reunite, and the answers in the order of the parts."""
    by, inverse, count = "", None, 0
    placed: dict[int, Solved] = {}
    for each in answers:
        place = each.problem.layout.get(_SPLIT)
        if not isinstance(place, Mapping) or each.result.answer is None:
            raise InputError.at("an answer is not that of a part made by 'split'")
        placed[int(place["part"])] = each
        by, count = str(place["by"]), int(place["parts"])
        inverse = place.get("inverse", inverse)
    missing = [str(number + 1) for number in range(count) if number not in placed]
    if missing or not count:
        raise InputError.at(f"the answers of these parts are missing: {', '.join(missing) or 'all'}")
    return by, inverse, [placed[number] for number in range(count)]


def _objective_at(instance: Any, answer: Any) -> float | None:
    """Returns an answer's objective where the instance can tell; else the check tells."""
    own = getattr(instance, "objective_at", None)
    return float(own(answer)) if own is not None else None


@dataclass(frozen=True)
class ConquerOptions:
    """When a part is small enough."""

    small: int = option(100, "Small enough", minimum=1, unit="variables")
    time_limit_s: float = option(60.0, "Time limit of a part", minimum=0.01, unit="s")


class Conquer:
    """Splits again and again until the parts are small enough, and solves those."""

    name, title, category, options = "conquer", "Divide and conquer", "Parts", ConquerOptions
    help = "Splits a problem in two until each part is small enough or cannot be split, and solves those."
    resource = "worker"
    inputs = PROBLEM
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: ConquerOptions, context: StepContext) -> Any:
        """Solves, or unfolds into two halves."""
        problem = problem_of(inputs["problem"])
        instance = instance_of(inputs["problem"], context)
        size = int(getattr(instance, "columns", 0)) or int(getattr(instance, "size", 0))
        halves: Sequence[Any] = ()
        if size > options.small:
            by, halves, inverse = context.split(instance, "halves")
        if len(halves) < 2:
            return {"solved": answered(problem, SolveOptions(time_limit_s=options.time_limit_s), context)}
        settings = {"small": options.small, "time_limit_s": options.time_limit_s}
        steps = [Step("whole", "value", {"value": problem}), Step("solved", "merge")]
        links = [Link("whole", "value", "solved", "problem")]
        for number, part in enumerate(part_problems(problem, by, halves, inverse)):
            half = "left" if number == 0 else "right"
            steps += [Step(f"{half}_part", "value", {"value": part}), Step(half, "conquer", settings)]
            links += [Link(f"{half}_part", "value", half, "problem"), Link(half, "solved", "solved", "answers")]
        return Workflow("Divide", tuple(steps), tuple(links))
