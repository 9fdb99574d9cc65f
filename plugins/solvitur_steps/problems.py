"""Steps that load, build, change, bind and solve problems."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from solvitur.api import (
    Choice,
    Formulation,
    InputError,
    Limits,
    Link,
    MatrixInstance,
    Port,
    Problem,
    Solved,
    Step,
    StepContext,
    Workflow,
    option,
)

PROBLEM = (Port("problem", "problem"),)
SOLVED = (Port("solved", "solved"),)


def problem_of(value: Any) -> Problem:
    """Returns the problem that a value is or holds."""
    return value.problem if isinstance(value, Solved) else value


def matrix_of(value: Any, context: StepContext) -> MatrixInstance:
    """Returns a problem's matrix instance, binding it where that is not done yet."""
    if isinstance(value, Solved):
        instance = value.instance
    else:
        content = value.formulation.content
        instance = content if isinstance(content, MatrixInstance) else context.bind(value)
    if not isinstance(instance, MatrixInstance):
        raise InputError.at("this step works on models with variables and constraints only")
    return instance


def instance_of(value: Any, context: StepContext) -> Any:
    """Returns a problem's bound instance, of whatever kind; see `matrix_of`."""
    if isinstance(value, Solved):
        return value.instance
    content = value.formulation.content
    return content if is_bound(content) else context.bind(value)


def is_bound(content: Any) -> bool:
    """Tells whether a formulation's content is a bound instance."""
    return hasattr(content, "features") and hasattr(content, "kind")


def as_problem(instance: MatrixInstance, like: Problem, **layout: Any) -> Problem:
    """Wraps a matrix instance as a problem, solved as another one is."""
    return Problem(like.name, "", Formulation("matrix", "", instance), (), like.choice, layout=layout)


@dataclass(frozen=True)
class LoadOptions:
    """Which file."""

    file: str = option("", "File", help="beside the workflow's own file; none: the problem that is open")


class LoadProblem:
    """Reads a problem."""

    name, title, category, options = "load_problem", "Load problem", "Problem", LoadOptions
    help = "Reads a model with the data files that it names, or takes the problem that is open, unsaved edits too."
    volatile = True  # which data files the model names is known only once it is read
    inputs: tuple[Port, ...] = ()
    outputs = PROBLEM

    def reads(self, options: LoadOptions) -> tuple[str, ...]:
        """Names the file."""
        return (options.file,)

    def run(self, inputs: Mapping[str, Any], options: LoadOptions, context: StepContext) -> dict[str, Any]:
        """Reads the problem."""
        imported = context.read(context.folder / options.file)
        if imported.problem is None:
            raise InputError.at(f"'{options.file}' holds data, expected a model")
        # The project's own plan and its drawing decide nothing: they may change without anything running again.
        return {"problem": replace(imported.problem, workflow=None, layout={})}


@dataclass(frozen=True)
class ExampleOptions:
    """Which example."""

    name: str = option("transport", "Example", help="see 'solvitur examples list'")


class LoadExample:
    """Takes one of the bundled examples."""

    name, title, category, options = "load_example", "Load example", "Problem", ExampleOptions
    help = "Takes one of the examples that come with Solvitur, with its data."
    volatile = True
    inputs: tuple[Port, ...] = ()
    outputs = PROBLEM

    def run(self, inputs: Mapping[str, Any], options: ExampleOptions, context: StepContext) -> dict[str, Any]:
        """Reads the example."""
        root = Path(str(files("solvitur_resources"))) / "examples"
        names = (root / "order.txt").read_text("utf-8").split()
        if options.name not in names:
            raise InputError.at(f"there is no example '{options.name}'; there are: {', '.join(sorted(names))}")
        facts = tomllib.loads((root / options.name / "example.toml").read_text("utf-8"))
        return {"problem": context.read(root / options.name / facts["model"]).problem}


@dataclass(frozen=True)
class ModelOptions:
    """The model."""

    model: str = option("", "Model", help="in the modelling language")
    title: str = option("model", "Title")


class BuildModel:
    """Makes a problem of a model's text and tables."""

    name, title, category, options = "build_model", "Build model", "Problem", ModelOptions
    help = "Makes a problem from a model's text and tables."
    inputs = (Port("tables", "table", many=True, optional=True),)
    outputs = PROBLEM

    def run(self, inputs: Mapping[str, Any], options: ModelOptions, context: StepContext) -> dict[str, Any]:
        """Builds the problem."""
        formulation = Formulation("algebraic", options.model)
        return {"problem": Problem(options.title, "", formulation, tuple(inputs["tables"]))}


@dataclass(frozen=True)
class ChangeOptions:
    """What is changed."""

    name: str = option("", "Parameter", help="a single number in the model's data section")
    relative: bool = option(False, "As a factor", help="multiply the number instead of replacing it")


class Change:
    """Gives a single number of the data another value."""

    name, title, category, options = "change", "Change a number", "Problem", ChangeOptions
    help = "Gives a single number in the model's data another value."
    inputs = (Port("problem", "problem"), Port("value", "number"))
    outputs = PROBLEM

    def run(self, inputs: Mapping[str, Any], options: ChangeOptions, context: StepContext) -> dict[str, Any]:
        """Changes the number."""
        problem = problem_of(inputs["problem"])
        text = problem.formulation.text
        head, data, body = text.rpartition("\ndata")
        pattern = re.compile(rf"^(\s*{re.escape(options.name)}\s*=\s*)([-+0-9.eE]+)", re.MULTILINE)
        found = pattern.search(body) if data and options.name else None
        if found is None:
            raise InputError.at(f"the model's data holds no number '{options.name} = ...'", element=options.name)
        value = inputs["value"] * float(found[2]) if options.relative else inputs["value"]
        number = f"{value:.12g}"
        changed = f"{head}{data}{body[: found.start()]}{found[1]}{number}{body[found.end() :]}"
        return {"problem": replace(problem, formulation=replace(problem.formulation, text=changed))}


class Bind:
    """Binds a problem to its data."""

    name, title, category, options = "bind", "Bind data", "Problem", None
    help = "Binds a problem to its data: what comes out is a matrix that every step can work on."
    inputs = PROBLEM
    outputs = (Port("instance", "instance"),)

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Binds."""
        problem = problem_of(inputs["problem"])
        return {"instance": as_problem(matrix_of(inputs["problem"], context), problem)}


@dataclass(frozen=True)
class SolveOptions:
    """How to solve."""

    solver: str = option("auto", "Solver")
    time_limit_s: float = option(60.0, "Time limit", minimum=0.01, unit="s")
    gap: float = option(1e-6, "Relative gap", minimum=0.0, advanced=True)
    own_seed: bool = option(False, "Its own seed", help="so that equal steps may find different answers")


class Solve:
    """Solves a problem; the answer is checked."""

    name, title, category, options = "solve", "Solve", "Solve", SolveOptions
    help = "Solves a problem with a solver and checks the answer."
    resource = "worker"
    inputs = PROBLEM
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: SolveOptions, context: StepContext) -> dict[str, Any]:
        """Solves."""
        seed = context.seed if options.own_seed else 0
        return {"solved": answered(problem_of(inputs["problem"]), options, context, seed)}


def answered(problem: Problem, options: SolveOptions, context: StepContext, seed: int = 0) -> Solved:
    """Solves a problem.

    Raises
    ------
    InputError
        If no answer was found; the status and the reason are told.
    """
    limits = Limits(options.time_limit_s, options.gap, 1, seed)
    choice = Choice(options.solver, {}, limits, problem.choice.objective)
    content = problem.formulation.content
    solved = context.solve(replace(problem, choice=choice), content if is_bound(content) else None)
    if solved.result.answer is None:
        reason = f": {solved.result.reason}" if solved.result.reason else ""
        raise InputError.at(f"there is no answer, the status is '{solved.result.status.value}'{reason}")
    return solved


@dataclass(frozen=True)
class RaceOptions:
    """Who takes part."""

    solvers: str = option("highs, cp-sat", "Solvers", help="their names, with commas between")
    ends: str = option(
        "proven", "Ends with", choices=("proven", "first", "all"), help="a proven, the first, or all answers"
    )
    time_limit_s: float = option(60.0, "Time limit of each", minimum=0.01, unit="s")


class Race:
    """Lets several solvers work on the same problem side by side; when one has proven its answer the others stop."""

    name, title, category, options = "race", "Race solvers", "Solve", RaceOptions
    help = "Lets several solvers work side by side; once one has proven its answer, the others stop."
    inputs = PROBLEM
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: RaceOptions, context: StepContext) -> Workflow:
        """Unfolds into one solve per solver and the choice of the best."""
        names = [name.strip() for name in options.solvers.split(",") if name.strip()]
        if not names:
            raise InputError.at("name at least one solver")
        steps = [
            Step("given", "value", {"value": problem_of(inputs["problem"])}),
            Step("solved", "first", {"ends": options.ends}),
        ]
        links = []
        for at, name in enumerate(names):
            settings = {"solver": name, "time_limit_s": options.time_limit_s}
            steps.append(Step(f"by_{at}", "solve", settings, title=name))
            links += [
                Link("given", "value", f"by_{at}", "problem"),
                Link(f"by_{at}", "solved", "solved", "candidates"),
            ]
        return Workflow("Race", tuple(steps), tuple(links))
