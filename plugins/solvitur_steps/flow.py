"""Steps that steer: values, maps over parts, branches, repetition, people and code."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from solvitur.api import (
    InputError,
    Link,
    Port,
    Solved,
    Step,
    StepContext,
    Workflow,
    option,
    parse_workflow,
    read_options,
)
from solvitur_steps.answers import objective_of
from solvitur_steps.expressions import compiled

ANY = (Port("value", "any"),)


@dataclass(frozen=True)
class ValueOptions:
    """The value: a number, a text, or anything that a run hands over."""

    value: Any = None
    type: str = option("any", "Type", choices=("any", "number", "text", "truth"), help="what text is read as")


class Value:
    """Holds a value."""

    name, title, category, options = "value", "Value", "Flow", ValueOptions
    help = "Holds a number or a text; with the type 'number' text such as 3.5 becomes a number."
    inputs: tuple[Port, ...] = ()
    outputs = ANY

    def read_options(self, given: Mapping[str, Any]) -> ValueOptions:
        """Takes the value as its type says, else as it is."""
        wanted = read_options(ValueOptions, {name: said for name, said in given.items() if name != "value"}).type
        value = given.get("value")
        if wanted == "number":
            value = _number(value)
        elif wanted == "text":
            value = "" if value is None else str(value)
        elif wanted == "truth":
            value = read_options(_Truth, {"value": value}).value
        return ValueOptions(value, wanted)

    def ports(self, options: ValueOptions) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
        """Gives the output the type."""
        return (), (Port("value", options.type),)

    def run(self, inputs: Mapping[str, Any], options: ValueOptions, context: StepContext) -> dict[str, Any]:
        """Gives the value."""
        return {"value": options.value}


@dataclass(frozen=True)
class _Truth:
    value: bool = False


def _number(value: Any) -> float:
    """Reads a number; whole ones stay whole."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        number = float(str(value).strip())
    except ValueError:
        raise InputError.at(f"option 'value' is {value!r}, expected a number", element="value") from None
    text = str(value).strip().lstrip("+-")
    return int(number) if text.isdigit() else number


@dataclass(frozen=True)
class NumbersOptions:
    """Which numbers."""

    low: float = option(0.0, "From")
    high: float = option(1.0, "To")
    count: int = option(5, "How many", minimum=1, maximum=100_000)


class Numbers:
    """Lists evenly spaced numbers."""

    name, title, category, options = "numbers", "Numbers", "Flow", NumbersOptions
    help = "Lists evenly spaced numbers, to be gone through one by one."
    inputs: tuple[Port, ...] = ()
    outputs = (Port("values", "list[number]"),)

    def run(self, inputs: Mapping[str, Any], options: NumbersOptions, context: StepContext) -> dict[str, Any]:
        """Lists."""
        gaps = max(1, options.count - 1)
        span = options.high - options.low
        return {"values": [options.low + span * at / gaps for at in range(options.count)]}


@dataclass(frozen=True)
class MapOptions:
    """What is done with each part."""

    each: str = option(
        "out = solve(problem=part.value)",
        "For each part",
        help="steps as text; 'part' and 'shared' are there, 'out' is what comes out",
    )


class Map:
    """Does the same with each part, all at once."""

    name, title, category, options = "map", "Map over parts", "Parts", MapOptions
    help = "Does the same steps with each part, as many at once as there is room for."
    inputs = (Port("parts", "any"), Port("shared", "any", optional=True))
    outputs = (Port("results", "list[any]"),)

    def run(self, inputs: Mapping[str, Any], options: MapOptions, context: StepContext) -> Workflow:
        """Unfolds into one copy of the steps per part."""
        parts = inputs["parts"]
        if not isinstance(parts, list | tuple):
            raise InputError.at("the input 'parts' is no list")
        steps, links = [Step("results", "collect")], []
        for at, part in enumerate(parts):
            given = {"part": part, "shared": inputs["shared"]}
            steps.append(Step(f"part_{at + 1}", "each", {"body": options.each, "given": given}))
            links.append(Link(f"part_{at + 1}", "out", "results", "values"))
        return Workflow("Map", tuple(steps), tuple(links))


class Collect:
    """Makes a list of values."""

    name, title, category, options = "collect", "Collect", "Parts", None
    help = "Makes a list of values."
    inputs = (Port("values", "any", many=True, optional=True),)
    outputs = (Port("list", "list[any]"),)

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Collects."""
        return {"list": list(inputs["values"])}


@dataclass(frozen=True)
class EachOptions:
    """Steps as text, and the values that they start from, by name."""

    body: str = ""
    given: Mapping[str, Any] | None = None


class Each:
    """Runs steps that are written as text, on values that are given."""

    name, title, category, options = "each", "Steps as text", "Flow", EachOptions
    help = "Runs steps that are written as text; what its step 'out' makes first comes out."
    inputs: tuple[Port, ...] = ()
    outputs = (Port("out", "any"),)

    def read_options(self, given: Mapping[str, Any]) -> EachOptions:
        """Takes the values as they are."""
        return EachOptions(str(given.get("body", "")), given.get("given"))

    def run(self, inputs: Mapping[str, Any], options: EachOptions, context: StepContext) -> Workflow:
        """Unfolds into the steps."""
        return unfolded(options.body, options.given or {})


def unfolded(text: str, given: Mapping[str, Any]) -> Workflow:
    """Reads steps as text, with a step for each given value.

    Raises
    ------
    InputError
        If the text cannot be read, or has no step 'out'.
    """
    heads = "".join(f"{name} = value()\n" for name in given)
    body = parse_workflow(heads + text, "steps as text")
    if body.step("out") is None:
        raise InputError.at("these steps have no step 'out', whose result comes out")
    steps = tuple(
        replace(step, options={"value": given[step.id]}) if step.id in given else step for step in body.steps
    )
    return replace(body, steps=steps)


def facts(value: Any) -> dict[str, Any]:
    """Names what conditions can ask of a value: ``value`` itself, and of an answer its objective and so on."""
    if not isinstance(value, Solved):
        return {"value": value}
    checked = value.verification
    return {
        "value": objective_of(value),
        "objective": objective_of(value),
        "bound": value.result.bound,
        "status": value.result.status.value,
        "verified": checked is not None and checked.passed,
        "violation": checked.max_violation if checked is not None else None,
    }


def holds(condition: str, value: Any) -> bool:
    """Tells whether a condition holds for a value."""
    known = facts(value)
    return bool(compiled(condition, tuple(known))(known))


@dataclass(frozen=True)
class BranchOptions:
    """The condition and the two ways."""

    condition: str = option("value > 0", "If", help="over value; of an answer also objective, status, verified")
    then: str = option("out = collect(values=given.value)", "Then", help="steps as text; 'given' is there")
    otherwise: str = option("out = collect(values=given.value)", "Else", help="steps as text; 'given' is there")


class Branch:
    """Goes one of two ways."""

    name, title, category, options = "branch", "Branch", "Flow", BranchOptions
    help = "Goes one of two ways, as a condition says."
    inputs = ANY
    outputs = (Port("out", "any"),)

    def run(self, inputs: Mapping[str, Any], options: BranchOptions, context: StepContext) -> Workflow:
        """Unfolds into the way taken."""
        value = inputs["value"]
        return unfolded(options.then if holds(options.condition, value) else options.otherwise, {"given": value})


@dataclass(frozen=True)
class RepeatOptions:
    """What is repeated, and until when."""

    each: str = option("out = improve(solved=given.value)", "Do", help="steps as text; 'given' is there")
    until: str = option("value <= 0", "Until", help="over value; of an answer also objective, status, verified")
    most: int = option(10, "At most", minimum=0, maximum=1000, unit="times")


class Repeat:
    """Repeats steps until a condition holds."""

    name, title, category, options = "repeat", "Repeat until", "Flow", RepeatOptions
    help = "Repeats steps on their own outcome until a condition holds."
    inputs = ANY
    outputs = (Port("out", "any"),)

    def run(self, inputs: Mapping[str, Any], options: RepeatOptions, context: StepContext) -> Any:
        """Ends, or unfolds into the steps once and the rest of the repetition."""
        value = inputs["value"]
        if options.most == 0 or holds(options.until, value):
            return {"out": value}
        rest = {"each": options.each, "until": options.until, "most": options.most - 1}
        steps = (Step("once", "each", {"body": options.each, "given": {"given": value}}), Step("out", "repeat", rest))
        return Workflow("Again", steps, (Link("once", "out", "out", "value"),))


@dataclass(frozen=True)
class ReviewOptions:
    """The question, and what happens when nobody is there."""

    question: str = option("Is this good?", "Question")
    alone: str = option("refuse", "With nobody there", choices=("approve", "refuse"))
    edit: bool = option(False, "The value may be changed", help="a number, a text, or a list of them")


class Review:
    """Pauses, shows a value to a person and goes on with the decision."""

    name, title, category, options = "review", "Review by a person", "Flow", ReviewOptions
    help = "Pauses, shows a value, and goes on with a person's decision."
    resource = "person"
    inputs = ANY
    outputs = (Port("value", "any"), Port("approved", "truth"), Port("answer", "text"))

    def run(self, inputs: Mapping[str, Any], options: ReviewOptions, context: StepContext) -> dict[str, Any]:
        """Asks; a changed value comes as a literal in the lines below the decision."""
        said = context.ask(options.question, inputs["value"]) or options.alone
        answer, _, changed = said.partition("\n")
        value = _literal(changed) if changed and options.edit else inputs["value"]
        return {"value": value, "approved": answer in ("approve", "yes"), "answer": answer}


def _literal(text: str) -> Any:
    """Reads a number, a text, true or false, or lists of them.

    Raises
    ------
    InputError
        If it is none of these.
    """
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise InputError.at(f"the changed value {text.strip()!r} is no number, text or list of them") from None


@dataclass(frozen=True)
class PythonOptions:
    """The code."""

    code: str = option("def step(value):\n    return value\n", "Code", help="defines 'step(value)'")


class PythonFunction:
    """Runs a person's own Python function in a worker process; it is approved before it runs."""

    name, title, category, options = "python", "Python function", "Flow", PythonOptions
    help = "Runs your own Python function in a worker process, once you have agreed to it."
    is_code = True
    resource = "worker"
    inputs = ANY
    outputs = (Port("out", "any"),)

    def run(self, inputs: Mapping[str, Any], options: PythonOptions, context: StepContext) -> dict[str, Any]:
        """Runs the function."""
        return {"out": context.call(options.code, "step", {"value": inputs["value"]})}
