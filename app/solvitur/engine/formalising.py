"""From words to a checked model: draft, check, bind and, when nothing is left open, solve and verify."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from solvitur.engine.chats import Cancelled
from solvitur.engine.solving import Finished, Task, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.contracts import Formaliser
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.language.forms_json import to_json
from solvitur.language.parsing import parse
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.drafts import Draft, unanswered
from solvitur.problem.errors import InputError, PluginError, SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.tables import Table

Tell = Callable[[str, str, str, float], None]
"""Hears stages: name, state (running, done, failed, skipped), what it found, seconds."""

LONGEST_STATEMENT = 2_000_000
"""Characters; longer ones are no statement of a problem and would only fill the memory."""


@dataclass(frozen=True, eq=False)
class Formalised:
    """What a statement became: the draft, the problem it makes, what is wrong or missing, and its answer if any."""

    draft: Draft
    problem: Problem
    elements: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    finished: Finished | None = None
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Whether there is a model without errors and with all its data."""
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return bool(self.draft.model.strip()) and not errors and not self.missing


@dataclass(frozen=True, eq=False)
class Statement:
    """Words to be read: the text, the tables at hand, and what was answered to earlier questions."""

    text: str
    tables: tuple[Table, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    choice: Choice = Choice()


def formalise_with(
    plugins: Plugins,
    workers: Workers,
    formaliser: Formaliser,
    statement: Statement,
    *,
    cancel: threading.Event | None = None,
    tell: Tell = lambda stage, state, text, seconds: None,
) -> Formalised:
    """Drafts a model, checks and binds it, and solves and verifies it when the draft claims that nothing is open.

    Raises
    ------
    InputError
        If there is nothing to read.
    PluginError
        If the formaliser failed.
    Cancelled
        If it was stopped.
    """
    check_readable(statement.text)
    began = time.monotonic()
    cancel = cancel or threading.Event()
    tell("read", "running", "", 0.0)
    draft = _drafted(formaliser, statement)
    if cancel.is_set():
        raise Cancelled("stopped")
    tell("read", "done", _said_of(draft, statement.answers), time.monotonic() - began)
    made = examined(plugins, draft, statement)
    tell("check", "done" if made.sound else "failed", _said_of_check(made), 0.0)
    if made.sound and draft.complete and not unanswered(draft, statement.answers):
        try:
            made = replace(made, finished=_solved(plugins, workers, made.problem, cancel, tell))
        except InputError as error:  # it reads well and can still not be compiled, as some nonlinear models
            made = replace(made, findings=(*made.findings, *error.findings))
    return replace(made, seconds=time.monotonic() - began)


def check_readable(text: str) -> None:
    """Checks that a text may be a statement.

    Raises
    ------
    InputError
        If it is empty or far too long.
    """
    if not text.strip():
        raise InputError.at("the statement is empty; say what is to be decided, what is wanted and what limits it")
    if len(text) > LONGEST_STATEMENT:
        raise InputError.at(f"the statement has {len(text)} characters, at most {LONGEST_STATEMENT} are read")


def examined(plugins: Plugins, draft: Draft, statement: Statement) -> Formalised:
    """Makes a problem of a draft and finds what is wrong with it or missing."""
    tables = {table.name: table for table in (*statement.tables, *draft.tables)}
    problem = Problem(
        _name_of(statement.text),
        statement.text,
        Formulation(draft.kind, draft.model),
        tuple(tables.values()),
        statement.choice,
    )
    elements: dict[str, Any] = {}
    if draft.kind == "algebraic" and draft.model.strip():
        elements = to_json(parse(draft.model).model)
    if not draft.model.strip():
        return Formalised(draft, problem, elements, draft.findings)
    part = plugins.find("kinds", draft.kind)
    try:
        found = tuple(part.part.check(problem))
        missing = getattr(part.part, "missing", None)
        wanted = tuple(missing(problem)) if missing is not None else ()
    except SolviturError:
        raise
    except Exception as error:
        raise PluginError(f"plugin '{part.plugin}' failed to check the model: {sentence_of(error)}") from error
    return Formalised(draft, problem, elements, (*draft.findings, *found), wanted)


def _drafted(formaliser: Formaliser, statement: Statement) -> Draft:
    try:
        draft = formaliser.draft(statement.text, statement.tables, statement.answers)
    except SolviturError:
        raise
    except Exception as error:
        raise PluginError(f"formaliser '{formaliser.name}' failed: {sentence_of(error)}") from error
    if not isinstance(draft, Draft):
        raise PluginError(f"formaliser '{formaliser.name}' gave no draft")
    return draft if draft.backend else replace(draft, backend=formaliser.name)


def _solved(plugins: Plugins, workers: Workers, problem: Problem, cancel: threading.Event, tell: Tell) -> Finished:
    began = time.monotonic()
    tell("solve", "running", "", 0.0)
    try:
        finished = run_problem(plugins, workers, Task(problem, draw=False, cancel=cancel))
    except SolviturError as error:
        tell("solve", "failed", str(error), time.monotonic() - began)
        raise
    run = finished.run
    objective = "" if run.objective is None else f", objective {run.objective:.6g}"
    checked = ", verified" if run.verified else ""
    tell("solve", "done", f"{run.status.value}{objective}{checked}", time.monotonic() - began)
    return finished


def _said_of(draft: Draft, answers: Mapping[str, str]) -> str:
    waiting = len(unanswered(draft, answers))
    if not draft.model.strip():
        return "no model" + (f", {_counted(waiting, 'question')}" if waiting else "")
    return "a complete model" if draft.complete and not waiting else f"a draft, {_counted(waiting, 'open question')}"


def _said_of_check(made: Formalised) -> str:
    errors = [finding for finding in made.findings if finding.severity is Severity.ERROR]
    if errors:
        return str(errors[0])
    return f"missing: {made.missing[0]}" if made.missing else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _name_of(text: str) -> str:
    words = text.split()[:6]
    return " ".join(words)[:60] if words else "Untitled"
