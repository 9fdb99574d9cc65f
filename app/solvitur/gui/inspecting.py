"""What the inspector says of an element: its declaration as facts, and its values in an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvitur.gui.numbers import percent, show
from solvitur.hooks.contracts import Solved
from solvitur.language.elements import (
    ConstraintElement,
    Domain,
    Element,
    Model,
    ObjectiveElement,
    ParamElement,
    SetElement,
    VarElement,
)
from solvitur.language.printing import expression_text, indices_text, statement_text
from solvitur.problem.drafts import Origins
from solvitur.problem.instance import Block, MatrixInstance

_MOST_PHRASES = 6
Fact = tuple[str, str]
"""A word and what it stands for."""

_ROLES: tuple[tuple[type, str], ...] = (
    (SetElement, "set"),
    (ParamElement, "parameter"),
    (VarElement, "variable"),
    (ObjectiveElement, "objective"),
    (ConstraintElement, "constraint"),
)
_DOMAINS = {
    Domain.INTEGER: "whole numbers",
    Domain.BINARY: "0 or 1",
    Domain.SEMI_CONTINUOUS: "0, or within its bounds",
}


@dataclass(frozen=True)
class Described:
    """An element as the model declares it."""

    role: str
    name: str
    description: str = ""
    facts: tuple[Fact, ...] = ()
    definition: str = ""


def describe(model: Model, name: str) -> Described | None:
    """Describes the element of that name; None when the model has none."""
    element = model.element(name)
    if element is None:
        return None
    role = next(word for kind, word in _ROLES if isinstance(element, kind))
    return Described(role, name, element.description, tuple(_facts(element)), statement_text(element))


def _facts(element: Element) -> list[Fact]:
    facts: list[Fact] = []
    if isinstance(element, ParamElement | VarElement | ConstraintElement) and element.binders:
        facts.append(("Index", indices_text(element.binders, element.condition).strip("[]")))
    if isinstance(element, SetElement):
        if element.within is not None:
            facts.append(("Within", expression_text(element.within)))
        return facts
    if isinstance(element, ParamElement | VarElement):
        facts.extend(_value_facts(element))
    if isinstance(element, ObjectiveElement):
        facts.append(("Sense", "as small as possible" if element.sense == "min" else "as large as possible"))
    if isinstance(element, ConstraintElement) and element.soft is not None:
        facts.append(("Penalty", f"{expression_text(element.soft)} for each unit it is broken"))
    if element.unit:
        facts.append(("Unit", element.unit))
    return facts


def _value_facts(element: ParamElement | VarElement) -> list[Fact]:
    facts: list[Fact] = []
    if element.domain in _DOMAINS:
        facts.append(("Values", _DOMAINS[element.domain]))
    lower = "" if element.lower is None else expression_text(element.lower)
    upper = "" if element.upper is None else expression_text(element.upper)
    if lower and upper:
        facts.append(("Bounds", f"{lower} to {upper}"))
    elif lower or upper:
        facts.append(("Bounds", f"at least {lower}" if lower else f"at most {upper}"))
    if isinstance(element, ParamElement):
        if element.value is not None:
            facts.append(("Computed as", expression_text(element.value)))
        if element.default is not None:
            facts.append(("Otherwise", expression_text(element.default)))
    return facts


def origin_facts(origins: Origins, element: str) -> tuple[Fact, ...]:
    """Tells which words an element came from, and what is still to be asked about it."""
    if origins.draft is None:
        return ()
    name = element.partition("[")[0]
    evidence = [each for each in origins.draft.evidence if each.element == element]
    evidence = evidence or [each for each in origins.draft.evidence if each.element.partition("[")[0] == name]
    said = dict.fromkeys(" ".join(origins.statement[each.start : each.end].split()) for each in evidence)
    quoted = ", ".join(f"\u201c{phrase}\u201d" for phrase in list(said)[:_MOST_PHRASES])
    facts = [("Words", quoted)] if quoted else []
    facts += [
        ("Open question", each.text) for each in origins.open_questions if each.element.partition("[")[0] == name
    ]
    return tuple(facts)


def answer_facts(solved: Solved, name: str, index: tuple[str, ...]) -> tuple[Fact, ...]:
    """Tells what an element came to in an answer: one of its elements with an index, else all together."""
    instance, answer = solved.instance, solved.result.answer
    if not isinstance(instance, MatrixInstance):
        return ()
    if name == instance.objective_name:
        return _objective_facts(solved)
    if isinstance(answer, np.ndarray):
        variable = _block(instance.variables, name)
        if variable is not None:
            return _variable_facts(solved, instance, answer, variable, index)
    constraint = _block(instance.constraints, name)
    if constraint is not None:
        return _constraint_facts(solved, instance, constraint, index)
    return ()


def _objective_facts(solved: Solved) -> tuple[Fact, ...]:
    result = solved.result
    facts = [("Objective", show(result.objective))]
    if result.bound is not None:
        facts.append(("Bound", show(result.bound)))
    return tuple(facts)


def _variable_facts(
    solved: Solved, instance: MatrixInstance, answer: Any, block: Block, index: tuple[str, ...]
) -> tuple[Fact, ...]:
    if index or not block.sets:
        at = position(block, index)
        if at is None:
            return (("Value", "not in the answer"),)
        column = block.start + at
        facts = [("Value", show(float(answer[column])))]
        facts.append(("Bounds", _between(instance.column_lower[column], instance.column_upper[column])))
        if solved.result.reduced_costs is not None:
            facts.append(("Reduced cost", show(float(solved.result.reduced_costs[column]))))
        return tuple(facts)
    values = answer[block.start : block.start + block.count]
    if not len(values):
        return (("Elements", "none"),)
    used = int(np.count_nonzero(np.abs(values) > 1e-9))
    return (
        ("Elements", show(block.count)),
        ("Not zero", f"{show(used)} ({percent(used / block.count)})"),
        ("Smallest", show(float(values.min()))),
        ("Largest", show(float(values.max()))),
        ("Sum", show(float(values.sum()))),
    )


def _constraint_facts(
    solved: Solved, instance: MatrixInstance, block: Block, index: tuple[str, ...]
) -> tuple[Fact, ...]:
    verification = solved.verification
    facts: list[Fact] = []
    if index or not block.sets:
        at = position(block, index)
        if at is None:
            return (("State", "not in the answer"),)
        row = block.start + at
        facts.append(("Limits", _between(instance.row_lower[row], instance.row_upper[row])))
        wanted = block.element(at)
        check = next((c for c in verification.rows if c.element == wanted), None) if verification else None
        if check is not None:
            facts += [("Came to", show(check.activity)), ("Slack", show(check.slack)), ("State", check.state)]
        if solved.result.row_duals is not None:
            facts.append(("Dual value", show(float(solved.result.row_duals[row]))))
        return tuple(facts)
    facts.append(("Elements", show(block.count)))
    total = next((c for c in verification.checks if c.name == block.name), None) if verification else None
    if total is not None:
        facts.append(("Satisfied", f"{show(total.satisfied)}, {show(total.tight)} of them tight"))
        if total.violated:
            facts.append(("Violated", f"{show(total.violated)}, by at most {show(total.max_violation)}"))
        if total.worst:
            facts.append(("Nearest to its limit", total.worst))
    return tuple(facts)


def position(block: Block, index: tuple[str, ...]) -> int | None:
    """Finds the position of an index, given as text, within a block; None when it is not there."""
    if len(index) != len(block.sets):
        return None
    codes: list[int] = []
    for labels, wanted in zip(block.sets, index, strict=True):
        at = next((i for i, label in enumerate(labels) if str(label) == wanted), None)
        if at is None:
            return None
        codes.append(at)
    if block.codes is None:
        found = 0
        for labels, code in zip(block.sets, codes, strict=True):
            found = found * len(labels) + code
        return found
    same = np.ones(block.count, dtype=bool)
    for column, code in zip(block.codes, codes, strict=True):
        same &= column == code
    hits = np.flatnonzero(same)
    return int(hits[0]) if len(hits) else None


def _block(blocks: tuple[Block, ...], name: str) -> Block | None:
    return next((block for block in blocks if block.name == name), None)


def _between(low: float, high: float) -> str:
    if low == high:
        return f"exactly {show(float(low))}"
    if np.isinf(low) and np.isinf(high):
        return "none"
    if np.isinf(high):
        return f"at least {show(float(low))}"
    if np.isinf(low):
        return f"at most {show(float(high))}"
    return f"{show(float(low))} to {show(float(high))}"
