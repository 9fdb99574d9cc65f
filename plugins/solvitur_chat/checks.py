"""The pipeline's middle: parse and bind, critic, solve and verify; what fails goes back to be mended, so often."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from solvitur.api import (
    Choice,
    InputError,
    Limits,
    Link,
    Severity,
    SolviturError,
    Status,
    Step,
    StepContext,
    Workflow,
    check_model,
    option,
    parse_model,
)
from solvitur_chat.beginning import ATTEMPT, CATEGORY
from solvitur_chat.grounding import unfounded, unused
from solvitur_chat.prompts import CHECKLIST_SCHEMA, MODEL_SCHEMA, critique, repair
from solvitur_chat.reading import with_draft
from solvitur_chat.records import Attempt

_SHOWN_FAULTS = 8
_CHAIN = ("check_draft", "critique", "solve_draft")


class CheckDraft:
    """Parses a draft, checks it and binds it to its data."""

    name, title, category, options = "check_draft", "Parse, check, bind", CATEGORY, None
    help = "Reads the draft as a model, checks it and binds its data; errors go back to the language model."
    inputs = ATTEMPT
    outputs = ATTEMPT

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any] | Workflow:
        """Checks, and unfolds into a repair where that can help."""
        attempt: Attempt = inputs["attempt"]
        if attempt.dead:
            return {"attempt": attempt}
        faults = attempt.faults or _faults(attempt, context)
        if not faults:
            return {"attempt": attempt.noting("check", "reads, and binds")}
        return sent_back(replace(attempt, faults=faults), "check", context, until="check_draft")


class Critique:
    """Compares a model with the statement: number by number, and limit by limit with the language model."""

    name, title, category, options = "critique", "Critic", CATEGORY, None
    help = "Compares the model with the statement: its numbers here, its limits with the language model."
    resource = "network"
    inputs = ATTEMPT
    outputs = ATTEMPT

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any] | Workflow:
        """Criticises, and unfolds into a repair where something seems wrong."""
        attempt: Attempt = inputs["attempt"]
        if attempt.dead or not attempt.task.plan.critic:
            return {"attempt": attempt}
        attempt, faults = _numbers(attempt)
        if not faults:
            attempt, faults = _limits(attempt, context)
        if faults and attempt.repairs_left > 0:
            return sent_back(replace(attempt, faults=faults), "critic", context, until="critique")
        return {"attempt": attempt.noting("critic", faults[0] if faults else "nothing missing")}


class SolveDraft:
    """Solves a draft and verifies the answer."""

    name, title, category, options = "solve_draft", "Solve and verify", CATEGORY, None
    help = "Solves the draft and verifies its answer; a model without an answer goes back to the language model."
    resource = "worker"
    inputs = ATTEMPT
    outputs = ATTEMPT

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any] | Workflow:
        """Solves, and unfolds into a repair where there is no answer."""
        attempt: Attempt = inputs["attempt"]
        if attempt.dead:
            return {"attempt": attempt}
        solved, fault = solved_draft(attempt, context)
        if not fault:
            return {"attempt": solved.noting("solve", f"{solved.status}, objective {solved.objective:.6g}")}
        if solved.repairs_left == 0 and solved.status in (Status.INFEASIBLE, Status.UNBOUNDED):
            return {"attempt": solved.noting("solve", fault)}  # perhaps the problem is so
        return sent_back(replace(solved, faults=(fault,)), "solve", context, until="solve_draft")


@dataclass(frozen=True)
class RepairOptions:
    """Which stage found the faults."""

    stage: str = option("check", "Stage", help="for the account of costs")


class RepairDraft:
    """Sends a model back to the language model with what was found."""

    name, title, category, options = "repair_draft", "Mend the model", CATEGORY, RepairOptions
    help = "Sends the model back to the language model with what the checks found."
    resource = "network"
    inputs = ATTEMPT
    outputs = ATTEMPT

    def run(self, inputs: Mapping[str, Any], options: RepairOptions, context: StepContext) -> dict[str, Any]:
        """Asks for the corrected model."""
        attempt: Attempt = inputs["attempt"]
        reply, usage = context.chat(repair(attempt), schema=MODEL_SCHEMA, purpose="repair")
        mended = with_draft(replace(attempt, repairs_left=attempt.repairs_left - 1), reply)
        return {"attempt": mended.spending("repair", usage)}


def sent_back(attempt: Attempt, stage: str, context: StepContext, *, until: str) -> dict[str, Any] | Workflow:
    """Unfolds into a repair and all checks up to that one; an attempt that may not be mended any more is given up."""
    told = "; ".join(attempt.faults[:2])
    context.log(f"{told}\n")
    if attempt.repairs_left <= 0:
        return {"attempt": replace(attempt, dead=True).noting(stage, f"given up: {told}")}
    steps = [
        Step("faulty", "value", {"value": attempt}),
        Step("mended", "repair_draft", {"stage": stage}),
    ]
    links = [Link("faulty", "value", "mended", "attempt")]
    before = "mended"
    for kind in _CHAIN[: _CHAIN.index(until) + 1]:
        step_id = "attempt" if kind == until else kind
        steps.append(Step(step_id, kind))
        links.append(Link(before, "attempt", step_id, "attempt"))
        before = step_id
    return Workflow("Mend", tuple(steps), tuple(links))


def solved_draft(attempt: Attempt, context: StepContext) -> tuple[Attempt, str]:
    """Solves a draft; also returns what is wrong in words, empty when the answer is proven and verified."""
    problem = replace(attempt.problem, choice=Choice(limits=Limits(time_limit_s=30.0)))
    try:
        solved = context.solve(problem)
    except SolviturError as error:
        return attempt, str(error)
    result, checked = solved.result, solved.verification
    attempt = replace(attempt, status=result.status.value, answer=result.answer)
    if result.status is Status.INFEASIBLE:
        return attempt, "no answer can meet all constraints of this model at once"
    if result.status is Status.UNBOUNDED:
        return attempt, "the objective of this model can be improved without end: a limit is missing or turned round"
    if checked is None or not checked.passed:
        return (
            attempt,
            f"no verified answer was found ({result.status.value}{': ' if result.reason else ''}{result.reason})",
        )
    return replace(attempt, objective=checked.objective), ""


def _faults(attempt: Attempt, context: StepContext) -> tuple[str, ...]:
    parsed = parse_model(attempt.model)
    checked = check_model(parsed.model, attempt.model)
    errors = [each for each in (*parsed.findings, *checked.findings) if each.severity is Severity.ERROR]
    if errors:
        return tuple(str(error) for error in errors[:_SHOWN_FAULTS])
    if not parsed.model.variables:
        return ("the model has no variables: say what is to be decided",)
    try:
        context.bind(attempt.problem)
    except InputError as error:
        return tuple(str(finding) for finding in error.findings[:_SHOWN_FAULTS])
    return ()


def _numbers(attempt: Attempt) -> tuple[Attempt, tuple[str, ...]]:
    """Compares the numbers of statement and model, which costs nothing."""
    data = " ".join([attempt.task.text, *map(str, attempt.task.answers.values())])
    left = unused(attempt.task.text, attempt.model)
    strange = () if attempt.task.tables else unfounded(data, attempt.model)
    tests = {**attempt.tests, "all numbers used": not left, "no number invented": not strange}
    faults = [f"the statement's number '{each}' is nowhere in the model" for each in left[:4]]
    faults += [f"the model's number {each:g} does not follow from the statement" for each in strange[:4]]
    return replace(attempt, tests=tests), tuple(faults)


def _limits(attempt: Attempt, context: StepContext) -> tuple[Attempt, tuple[str, ...]]:
    """Lets the language model go through the statement's limits one by one."""
    try:
        reply, usage = context.chat(critique(attempt), schema=CHECKLIST_SCHEMA, purpose="critic")
        items = json.loads(reply).get("items", [])
    except (ValueError, AttributeError):
        return attempt.noting("critic", "the critic's reply could not be read"), ()
    attempt = attempt.spending("critic", usage)
    bad = [item for item in items if isinstance(item, dict) and item.get("verdict") in ("missing", "wrong")]
    faults = tuple(
        f"a critic says '{str(item.get('quote', ''))[:160]}' is {item['verdict']}"
        + (f" in '{item['element']}'" if item.get("element") else "")
        + (f": {str(item.get('remark'))[:200]}" if item.get("remark") else "")
        for item in bad[:_SHOWN_FAULTS]
    )
    return replace(attempt, tests={**attempt.tests, "critic": not bad}), faults
