"""The pipeline's first steps: the statement, what is recalled for it, and drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from solvitur.api import InputError, Port, StepContext, option
from solvitur_chat.prompts import MODEL_SCHEMA, proposal
from solvitur_chat.reading import with_draft
from solvitur_chat.records import Attempt, Plan, WordsTask
from solvitur_chat.retrieving import Library

TASK = (Port("task", "any", help="the statement, with its plan"),)
ATTEMPT = (Port("attempt", "any", help="a model for the statement, with what is known of it"),)
CATEGORY = "Words"


@dataclass(frozen=True)
class StatementOptions:
    """The statement, and which stages are on."""

    text: str = option("", "Statement", help="the problem in words")
    critic: bool = option(True, "Critic", help="compares each model with the statement, limit by limit")
    repairs: int = option(2, "Repairs", minimum=0, maximum=10, help="how often a faulty model is sent back")
    round_trip: bool = option(True, "Round trip", help="models the model's own words again, to the same optimum")
    consensus: bool = option(True, "Consensus", help="compares several drafts by behaviour; off takes the first")
    candidates: int = option(9, "Drafts at most", minimum=1, maximum=50)
    sure: float = option(0.95, "Sure from", minimum=0.5, maximum=0.999, help="probability at which drafting ends")


class Statement:
    """Holds the words that are to become a model."""

    name, title, category, options = "statement", "Statement", CATEGORY, StatementOptions
    help = "Holds the problem in words, and says which stages of modelling are on."
    inputs = (
        Port("text", "text", optional=True, help="the problem in words, instead of the option's"),
        Port("tables", "list[table]", optional=True, help="data that comes with it"),
        Port("answers", "any", optional=True, help="answers to earlier questions, by the question's name"),
    )
    outputs = TASK

    def run(self, inputs: Mapping[str, Any], options: StatementOptions, context: StepContext) -> dict[str, Any]:
        """Makes the task."""
        text = inputs["text"] or options.text
        if not text.strip():
            raise InputError.at("the statement is empty: write the problem in words into the option", element="text")
        given = WordsTask(text, tuple(inputs["tables"] or ()), dict(inputs["answers"] or {}))
        plan = Plan(
            critic=options.critic,
            repairs=options.repairs,
            round_trip=options.round_trip,
            consensus=options.consensus,
            candidates=options.candidates,
            sure=options.sure,
        )
        return {"task": replace(given, plan=plan)}


@dataclass(frozen=True)
class RecallOptions:
    """What is recalled."""

    on: bool = option(True, "On")
    examples: int = option(2, "Solved examples", minimum=0, maximum=8)
    templates: int = option(5, "Templates", minimum=0, maximum=20, help="of constraints, logic among them")


class Recall:
    """Finds solved examples and templates of constraints that resemble the statement."""

    name, title, category, options = "recall", "Recall", CATEGORY, RecallOptions
    help = "Finds similar solved examples and templates of constraints for the prompt; asks nobody."
    inputs = TASK
    outputs = TASK

    def __init__(self) -> None:
        self._library = Library()

    def run(self, inputs: Mapping[str, Any], options: RecallOptions, context: StepContext) -> dict[str, Any]:
        """Finds them."""
        task: WordsTask = inputs["task"]
        if not options.on:
            return {"task": task}
        found = self._library.for_statement(task.text, options.examples, options.templates)
        context.progress(1.0, found.summary)
        return {"task": replace(task, examples=found.text)}


@dataclass(frozen=True)
class ProposeOptions:
    """Which draft this is."""

    number: int = option(1, "Draft number", minimum=1)


class Propose:
    """Asks the language model for the five elements."""

    name, title, category, options = "propose", "Propose a model", CATEGORY, ProposeOptions
    help = "Asks the language model for a draft: sets, parameters, variables, objective, constraints."
    resource = "network"
    inputs = TASK
    outputs = ATTEMPT

    def run(self, inputs: Mapping[str, Any], options: ProposeOptions, context: StepContext) -> dict[str, Any]:
        """Asks for a draft."""
        task: WordsTask = inputs["task"]
        reply, usage = context.chat(proposal(task, options.number), schema=MODEL_SCHEMA, purpose="propose")
        attempt = with_draft(Attempt(task, repairs_left=task.plan.repairs), reply)
        return {"attempt": attempt.spending("propose", usage)}
