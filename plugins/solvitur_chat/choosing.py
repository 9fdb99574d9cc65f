"""The pipeline's end: consensus of behaviour among the attempts, and the round trip of the one that is chosen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from solvitur.api import (
    Draft,
    Finding,
    InputError,
    Link,
    Port,
    Record,
    Severity,
    SolviturError,
    Step,
    StepContext,
    Usage,
    Workflow,
    check_model,
    parse_model,
)
from solvitur_chat.beginning import CATEGORY
from solvitur_chat.behaviour import Behaviour, alike, behaviour_of, same_optimum
from solvitur_chat.checks import solved_draft
from solvitur_chat.posterior import posterior
from solvitur_chat.prompts import MODEL_SCHEMA, WORDS_SCHEMA, back_translation, proposal
from solvitur_chat.reading import with_draft
from solvitur_chat.records import Attempt, WordsTask, added

_TRIPS = 5
"""A round trip that fails is tried so often: it may have been the way back that was wrong."""
_MOST_TOLD = 3
_HOPELESS = 5
"""When not one of so many drafts could be read, even mended, more of them would only cost."""


@dataclass(frozen=True, eq=False)
class Choice(Record, tag="words-choice"):
    """The attempts that behave like the best one, best first; all attempts; and how sure the choice is."""

    alike: tuple[Attempt, ...]
    attempts: tuple[Attempt, ...]
    sure: float
    groups: int = 0

    @property
    def task(self) -> WordsTask:
        """What all were made for."""
        return self.attempts[0].task


class Agree:
    """Groups the attempts by behaviour, and asks for more until one group is probable enough."""

    name, title, category, options = "agree", "Consensus of behaviour", CATEGORY, None
    help = "Groups the models by behaviour (same optimum, same answers allowed) and takes the most probable group."
    inputs = (Port("attempts", "any", many=True),)
    outputs = (Port("choice", "any"),)

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any] | Workflow:
        """Chooses, or unfolds into more drafts."""
        attempts = tuple(_flat(inputs["attempts"]))
        if not attempts:
            raise InputError.at("there is no attempt to choose from")
        plan = attempts[0].task.plan
        if not plan.consensus:
            first = next((each for each in attempts if not each.dead), None)
            return {"choice": Choice(() if first is None else (first,), attempts, 0.0, 1)}
        groups = _groups(attempts, context)
        chances = posterior([[attempt.tests for attempt in group] for group in groups])
        best = max(range(len(groups)), key=lambda at: chances[at], default=None)
        sure = 0.0 if best is None else chances[best]
        context.progress(None, f"{len(attempts)} drafts, {len(groups)} behaviours, {sure:.0%} sure of the best")
        decided = best is not None and sure >= plan.sure and len(groups[best]) > 1
        hopeless = len(attempts) >= _HOPELESS and all(attempt.dead for attempt in attempts)
        if decided or hopeless or len(attempts) >= plan.candidates:
            chosen = () if best is None else tuple(sorted(groups[best], key=_worth, reverse=True))
            return {"choice": Choice(chosen, attempts, sure, len(groups))}
        return _more(attempts, min(plan.at_once, plan.candidates - len(attempts)))


class RoundTrip:
    """Lets the chosen model be told in words and modelled again, and accepts it if that reaches the same optimum."""

    name, title, category, options = "round_trip", "Round trip", CATEGORY, None
    help = "Has the model told in words and modelled again from these alone: accepted if the optimum is the same."
    resource = "network"
    inputs = (Port("choice", "any"),)
    outputs = (Port("draft", "any"), Port("problem", "problem"))

    def run(self, inputs: Mapping[str, Any], options: None, context: StepContext) -> dict[str, Any]:
        """Tries the trip with the best attempts, one after the other."""
        choice: Choice = inputs["choice"]
        plan = choice.task.plan
        decided = bool(choice.alike) and (not plan.consensus or (choice.sure >= plan.sure and len(choice.alike) > 1))
        spent: dict[str, Usage] = {}
        told = "off"
        returned = not plan.round_trip
        if decided and plan.round_trip:
            returned, told, spent = _travelled(choice, context)
        elif plan.round_trip:
            told = "not tried: no model was chosen"
        draft = _draft(choice, decided and returned, told, spent)
        problem = replace(choice.attempts[0], model=draft.model).problem
        return {"draft": draft, "problem": problem}


def _travelled(choice: Choice, context: StepContext) -> tuple[bool, str, dict[str, Usage]]:
    spent = {"round_trip": Usage()}
    attempt = choice.alike[0]
    reason = ""
    for trip in range(_TRIPS):
        if context.cancelled:
            break
        context.progress(trip / _TRIPS, f"trip {trip + 1}")
        words, usage = context.chat(back_translation(attempt), schema=WORDS_SCHEMA, purpose="round_trip")
        spent["round_trip"] += usage
        text = _told(words)
        if not text:
            reason = "the model was not told in words"
            continue
        task = replace(attempt.task, text=text, answers={}, examples="")
        reply, usage = context.chat(proposal(task, trip + 1), schema=MODEL_SCHEMA, purpose="round_trip")
        spent["round_trip"] += usage
        again = with_draft(Attempt(task), reply)
        if again.faults:
            reason = "what came back could not be read"
            continue
        solved, fault = solved_draft(again, context)
        if same_optimum(solved.objective, attempt.objective) and solved.status == attempt.status:
            return True, f"the same optimum came back on trip {trip + 1}", spent
        reached = "none" if solved.objective is None else f"{solved.objective:.6g}"
        reason = fault or f"another optimum came back: {reached}"
    return False, f"refused after {_TRIPS} trips: {reason}", spent


def _told(reply: str) -> str:
    try:
        found = json.loads(reply).get("statement", "")
    except (ValueError, AttributeError):
        return ""
    return found if isinstance(found, str) else ""


def _groups(attempts: Sequence[Attempt], context: StepContext) -> list[list[Attempt]]:
    groups: list[list[Attempt]] = []
    seen: list[Behaviour] = []
    for attempt in attempts:
        if attempt.dead or not attempt.status:
            continue
        try:
            instance = context.bind(attempt.problem)
        except SolviturError:
            continue
        behaviour = behaviour_of(instance, attempt.answer, attempt.objective, attempt.status)
        at = next((at for at, other in enumerate(seen) if alike(other, behaviour)), None)
        if at is None:
            seen.append(behaviour)
            groups.append([attempt])
        else:
            groups[at].append(attempt)
    return groups


def _worth(attempt: Attempt) -> tuple[int, int, int]:
    """Ranks the attempts of a group: more tests passed, more of the statement pointed at, fewer questions."""
    return sum(attempt.tests.values()), len(attempt.evidence), -len(attempt.questions)


def _more(attempts: Sequence[Attempt], count: int) -> Workflow:
    """Unfolds into more drafts beside those there are, and the choice among all."""
    steps = [Step("task", "value", {"value": attempts[0].task}), Step("drafts", "value", {"value": list(attempts)})]
    links = [Link("drafts", "value", "choice", "attempts")]
    for number in range(len(attempts) + 1, len(attempts) + count + 1):
        steps.append(Step(f"propose_{number}", "propose", {"number": number}))
        links.append(Link("task", "value", f"propose_{number}", "task"))
        before = f"propose_{number}"
        for kind, word in (("check_draft", "check"), ("critique", "critique"), ("solve_draft", "solve")):
            steps.append(Step(f"{word}_{number}", kind))
            links.append(Link(before, "attempt", f"{word}_{number}", "attempt"))
            before = f"{word}_{number}"
        links.append(Link(before, "attempt", "choice", "attempts"))
    steps.append(Step("choice", "agree"))
    return Workflow("More drafts", tuple(steps), tuple(links))


def _flat(values: Any) -> list[Attempt]:
    found: list[Attempt] = []
    for value in values:
        found += _flat(value) if isinstance(value, list | tuple) else [value]
    return [value for value in found if isinstance(value, Attempt)]


def _draft(choice: Choice, accepted: bool, trip: str, spent: dict[str, Usage]) -> Draft:
    """Makes the draft that the user sees, with what each stage did and cost."""
    usable = [attempt for attempt in choice.attempts if not attempt.dead]
    best = choice.alike[0] if choice.alike else (usable or choice.attempts)[0]
    findings = [Finding(Severity.INFO, f"assumed: {text}") for text in best.assumptions[:_MOST_TOLD]]
    asking = [attempt for attempt in usable if attempt.questions]
    questions = best.questions
    if not questions and len(asking) * 2 > len(usable):
        questions = asking[0].questions
    readable = bool(best.model) and not _broken(best.model)
    if not readable:
        text = "none of the drafts could be read as a model; try another language model, or state the problem anew"
        findings.append(Finding(Severity.WARNING, text))
    elif not accepted:
        why = "the round trip did not lead back to it" if "refused" in trip else "the drafts do not agree well enough"
        text = f"this model was not accepted: {why}; read it against your words before you use it"
        findings.append(Finding(Severity.WARNING, text))
    facts = _facts(choice, trip, spent)
    return Draft(
        best.model if readable else "",
        best.evidence if readable else (),
        questions,
        accepted and readable and not questions,
        findings=tuple(findings),
        facts=facts,
    )


def _broken(model: str) -> bool:
    parsed = parse_model(model)
    found = (*parsed.findings, *check_model(parsed.model, model).findings)
    return any(finding.severity is Severity.ERROR for finding in found)


def _facts(choice: Choice, trip: str, spent: dict[str, Usage]) -> dict[str, str]:
    attempts = choice.attempts
    total: dict[str, Usage] = dict(spent)
    for attempt in attempts:
        total = added(total, attempt.spent)
    dead = sum(attempt.dead for attempt in attempts)
    mended = sum(attempt.task.plan.repairs - attempt.repairs_left for attempt in attempts)
    plan = choice.task.plan
    doubted = sum(not all(attempt.tests.values()) for attempt in attempts)
    agreed = (
        f"{len(choice.alike)} of {len(attempts)} behave alike, {choice.groups} behaviours, {choice.sure:.0%} sure"
    )
    found = {
        "recall": "similar examples and templates were shown" if choice.task.examples else "off",
        "propose": f"{len(attempts)} drafts",
        "check and repair": f"{mended} sent back, {dead} given up",
        "critic": f"{doubted} still doubted" if plan.critic else "off",
        "solve": f"{sum(attempt.objective is not None for attempt in attempts)} with a verified optimum",
        "consensus": agreed if plan.consensus else "off",
        "round trip": trip,
    }
    costs = {"propose": "propose", "check and repair": "repair", "critic": "critic", "round trip": "round_trip"}
    for stage, purpose in costs.items():
        if total.get(purpose, Usage()).calls:
            found[stage] += f" ({total[purpose]})"
    found["in all"] = str(sum(total.values(), Usage()))
    return found
