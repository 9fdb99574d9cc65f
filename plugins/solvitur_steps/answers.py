"""Steps that compare, check, and show answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvitur.api import (
    InputError,
    Lines,
    Port,
    Solved,
    Status,
    StepContext,
    Table,
    TablePicture,
    column_values,
    option,
)
from solvitur_steps.problems import SOLVED


def objective_of(solved: Solved) -> float:
    """Returns the objective as our own check counted it."""
    checked = solved.verification
    value = checked.objective if checked is not None and checked.passed else solved.result.objective
    if value is None:
        raise InputError.at("an answer without an objective cannot be compared")
    return float(value)


def best_of(candidates: list[Solved]) -> Solved:
    """Returns the best of several answers that passed the check; the first one of equals."""
    good = [each for each in candidates if each.verification is not None and each.verification.passed]
    if not good:
        raise InputError.at("none of the answers passed the check")
    if good[0].instance.sense == "max":
        return max(good, key=objective_of)
    return min(good, key=objective_of)


class Best:
    """Takes the best of several answers."""

    name, title, category, options = "best", "Best of", "Solve", None
    help = "Takes the best of several answers that passed the check."
    inputs = (Port("candidates", "solved", many=True),)
    outputs = SOLVED

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Compares."""
        return {"solved": best_of(inputs["candidates"])}


@dataclass(frozen=True)
class FirstOptions:
    """Which answer is enough."""

    ends: str = option(
        "proven", "Ends with", choices=("proven", "first", "all"), help="a proven, the first, or all answers"
    )


class First:
    """Takes the best of the answers that are there once one is enough; what would make the others is stopped."""

    name, title, category, options = "first", "First that suffices", "Solve", FirstOptions
    help = "Takes the best answer there is once one is enough, and stops what would make the others."
    inputs = (Port("candidates", "solved", many=True),)
    outputs = SOLVED

    def enough(self, value: Any, options: FirstOptions) -> bool:
        """Tells whether an answer that came in makes the others needless."""
        if not isinstance(value, Solved) or value.verification is None or not value.verification.passed:
            return False
        return options.ends == "first" or (options.ends == "proven" and value.result.status is Status.OPTIMAL)

    def run(self, inputs: Mapping[str, Any], options: FirstOptions, context: StepContext) -> dict[str, Any]:
        """Compares what is there."""
        return {"solved": best_of(inputs["candidates"])}


@dataclass(frozen=True)
class ConsensusOptions:
    """When answers agree."""

    tolerance: float = option(1e-6, "Tolerance", minimum=0.0, help="relative difference of objectives that agree")


class Consensus:
    """Groups answers by their objective and takes one of the largest group."""

    name, title, category, options = "consensus", "Consensus", "Solve", ConsensusOptions
    help = "Groups answers that agree in their objective and takes one of the largest group."
    inputs = (Port("candidates", "solved", many=True),)
    outputs = (Port("solved", "solved"), Port("agreeing", "number"), Port("groups", "number"))

    def run(self, inputs: Mapping[str, Any], options: ConsensusOptions, context: StepContext) -> dict[str, Any]:
        """Groups; of groups of the same size the one with the better answer wins."""
        groups: list[list[Solved]] = []
        for each in inputs["candidates"]:
            value = objective_of(each)
            for group in groups:
                if abs(value - objective_of(group[0])) <= options.tolerance * max(1.0, abs(value)):
                    group.append(each)
                    break
            else:
                groups.append([each])
        size = max(map(len, groups))
        largest = [group for group in groups if len(group) == size]
        chosen = best_of([group[0] for group in largest])
        return {"solved": chosen, "agreeing": size, "groups": len(groups)}


class Verify:
    """Checks an answer afresh."""

    name, title, category, options = "verify", "Verify", "Check", None
    help = "Checks an answer against its problem, independently of the solver."
    inputs = SOLVED
    outputs = (Port("solved", "solved"), Port("passed", "truth"), Port("report", "text"))

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Checks."""
        solved: Solved = inputs["solved"]
        found = context.verify(solved)
        broken = [check.worst or check.name for check in found.checks if check.violated]
        said = "every constraint holds" if found.passed else "broken: " + ", ".join(broken or ["the answer"])
        return {"solved": replace(solved, verification=found), "passed": found.passed, "report": said}


class Values:
    """Lists an answer's values as a table."""

    name, title, category, options = "values", "Values as table", "Output", None
    help = "Lists the values of an answer that are not zero."
    inputs = SOLVED
    outputs = (Port("table", "table"),)

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Lists."""
        rows: list[tuple[str, Any]] = []

        def walk(name: str, index: tuple[str, ...], value: Any) -> None:
            if isinstance(value, Mapping):
                for label, inner in value.items():
                    walk(name, (*index, str(label)), inner)
            elif value:
                rows.append((f"{name}[{', '.join(index)}]" if index else name, value))

        for name, value in context.values(inputs["solved"]).items():
            walk(name, (), value)
        return {"table": Table.from_rows("values", ("variable", "value"), rows)}


class Summary:
    """Puts several answers side by side in a table."""

    name, title, category, options = "summary", "Compare in a table", "Output", None
    help = "Puts answers side by side: status, objective, bound, whether they passed the check."
    inputs = (Port("answers", "solved", many=True), Port("labels", "any", optional=True))
    outputs = (Port("table", "table"),)

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Compares."""
        answers: list[Solved] = inputs["answers"]
        labels = inputs["labels"]
        if labels is None:
            labels = [each.problem.choice.solver for each in answers]
        if len(labels) != len(answers):
            raise InputError.at(f"there are {len(labels)} labels for {len(answers)} answers")
        rows = [
            (
                label,
                each.result.status.value,
                objective_of(each),
                each.result.bound,
                "yes" if each.verification is not None and each.verification.passed else "no",
            )
            for label, each in zip(labels, answers, strict=True)
        ]
        return {"table": Table.from_rows("summary", ("case", "status", "objective", "bound", "verified"), rows)}


@dataclass(frozen=True)
class CurveOptions:
    """Which columns."""

    x: str = option("case", "Across")
    y: str = option("objective", "Up")


class Slopes:
    """Adds how much one column changes per unit of another."""

    name, title, category, options = "slopes", "Slopes", "Data", CurveOptions
    help = "Adds the change of one column per unit of another, from row to row."
    inputs = (Port("table", "table"),)
    outputs = (Port("table", "table"),)

    def run(self, inputs: Mapping[str, Any], options: CurveOptions, context: StepContext) -> dict[str, Any]:
        """Computes the slopes."""
        table: Table = inputs["table"]
        x, y = _numbers(table, options.x), _numbers(table, options.y)
        steps = [
            None,
            *((b - a) / (q - p) if q != p else None for a, b, p, q in zip(y, y[1:], x, x[1:], strict=False)),
        ]
        added = replace(table.columns[0], name="slope", values=column_values(steps), unit="")
        return {"table": replace(table, columns=(*table.columns, added))}


def _numbers(table: Table, name: str) -> np.ndarray:
    column = table.column(name)
    if column is None:
        raise InputError.at(f"the table has no column '{name}'; it has: {', '.join(table.header)}", element=name)
    try:
        return column.values.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError.at(f"column '{name}' holds words, expected numbers", element=name) from None


class Curve:
    """Draws one column of a table over another."""

    name, title, category, options = "curve", "Curve", "Output", CurveOptions
    help = "Draws one column of a table over another."
    inputs = (Port("table", "table"),)
    outputs = (Port("picture", "picture"),)

    def run(self, inputs: Mapping[str, Any], options: CurveOptions, context: StepContext) -> dict[str, Any]:
        """Draws."""
        table: Table = inputs["table"]
        x, y = _numbers(table, options.x), _numbers(table, options.y)
        title = f"{options.y} by {options.x}"
        return {"picture": Lines(title, "", (options.y,), (x,), (y,), options.x, options.y)}


class Draw:
    """Draws an answer with the visualiser that suits it best, or a table as it is."""

    name, title, category, options = "picture", "Picture", "Output", None
    help = "Draws an answer as the picture that suits it best; a table is shown as it is."
    inputs = (Port("thing", "any"),)
    outputs = (Port("picture", "picture"),)

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Draws."""
        thing = inputs["thing"]
        if isinstance(thing, Table):
            columns = tuple(column.values for column in thing.columns)
            return {
                "picture": TablePicture(thing.name, "", thing.header, columns, tuple(c.unit for c in thing.columns))
            }
        if not isinstance(thing, Solved):
            raise InputError.at("only an answer or a table can be drawn")
        pictures = context.draw(thing)
        if not pictures:
            raise InputError.at("nothing here draws this answer")
        return {"picture": pictures[0]}
