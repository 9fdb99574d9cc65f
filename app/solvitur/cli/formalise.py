"""The verb ``formalise``: from words to a checked model and, when nothing is left open, its answer."""

from __future__ import annotations

import argparse
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from solvitur.cli.answers import exit_code, print_summary, refusal_json, values_of
from solvitur.cli.running import Exit, Terminal
from solvitur.engine.answers import answer_json, finding_json
from solvitur.engine.chats import Allowed, Cancelled, Chats
from solvitur.engine.formalising import Formalised, Statement, check_readable, formalise_with
from solvitur.engine.importing import open_tables
from solvitur.engine.readers import reader_named
from solvitur.engine.settings import SettingsFile
from solvitur.engine.thinking import ModelFormaliser
from solvitur.engine.workers import Workers
from solvitur.problem.document import Choice, Problem
from solvitur.problem.drafts import Draft, unanswered
from solvitur.problem.errors import InputError, SolviturError
from solvitur.problem.findings import Finding, Place, Severity
from solvitur.problem.result import Limits, Status


def formalise(terminal: Terminal, given: argparse.Namespace) -> int:
    """Reads a statement, prints the model, what is open and the answer; returns the exit code."""
    workers = Workers(spare=False)
    workers.warm()
    try:
        statement = _read(terminal, given)
        made = _formalised(terminal, given, statement, workers)
    except (SolviturError, KeyboardInterrupt) as error:
        if given.json:
            terminal.result_json(_refusal(given.backend, error))
        raise
    finally:
        workers.shutdown()
    answer: Any = None
    code = Exit.NO_ANSWER_IN_TIME  # something is open: there is no answer until it is said
    if made.finished is not None:
        answer = answer_json(made.finished.run, values_of(terminal.plugins, made.finished))
        code = exit_code(made.finished.run)
    elif any(finding.severity is Severity.ERROR for finding in made.findings):
        answer = refusal_json(made.problem, made.findings, Status.FAILED) if made.draft.complete else None
        code = Exit.FAILED if made.draft.model.strip() else Exit.BAD_INPUT
    if given.json:
        terminal.result_json(_json(made, answer))
    else:
        _print(terminal, made, statement)
    return code


def _formalised(terminal: Terminal, given: argparse.Namespace, statement: Statement, workers: Workers) -> Formalised:
    settings, notices = SettingsFile(terminal.folders.settings_file).read()
    for notice in notices:
        terminal.say(f"{notice.severity}: {notice.text}")
    plugins = terminal.plugins
    allowed = Allowed.of(settings)
    if any(part.name == given.backend for part in plugins.chat_models()):  # naming it turns it on for this run
        options = {**allowed.options.get(given.backend, {}), **dict(given.option)}
        allowed = replace(allowed, on=given.backend, options={**allowed.options, given.backend: options})
    elif given.option and allowed.on:
        options = {**allowed.options.get(allowed.on, {}), **dict(given.option)}
        allowed = replace(allowed, options={**allowed.options, allowed.on: options})
    chats = Chats(plugins, replace(allowed, record=given.record))
    cancel = threading.Event()
    model = ModelFormaliser(plugins, workers, chats, settings, cancel=cancel)
    reader = reader_named(plugins, chats, model, given.backend)

    def tell(stage: str, state: str, text: str, seconds: float) -> None:
        if state in ("done", "failed"):
            terminal.say(f"{state:8}{stage}" + (f": {text}" if text else "") + f" ({seconds:.2f} s)")

    model.tell = tell
    try:
        return formalise_with(plugins, workers, reader, statement, cancel=cancel, tell=tell)
    except Cancelled:
        raise KeyboardInterrupt from None
    except KeyboardInterrupt:
        cancel.set()
        raise
    finally:
        if left := chats.budget_left():
            terminal.say(f"left of the budget: {left}")
        chats.close()


def _read(terminal: Terminal, given: argparse.Namespace) -> Statement:
    """Reads the statement and the tables that the arguments name."""
    path = Path(given.file)
    try:
        raw = sys.stdin.buffer.read() if given.file == "-" else path.read_bytes()
    except FileNotFoundError:
        raise InputError.at("there is no such file", place=Place(str(path))) from None
    except OSError as error:
        raise InputError.at(f"it cannot be read: {error.strerror or error}", place=Place(str(path))) from None
    if b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError.at("this is no text; expected a statement in words", place=Place(str(path)))
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = raw.decode(encoding, "replace").replace("\r\n", "\n")
    check_readable(text)
    tables = tuple(table for file in given.data for table in open_tables(terminal.plugins, file))
    limits = Limits() if given.time_limit is None else Limits(time_limit_s=given.time_limit)
    return Statement(text, tables, dict(given.answer), Choice(limits=limits))


def _json(made: Formalised, answer: Any) -> dict[str, Any]:
    draft = made.draft
    return {
        "model": draft.model,
        "elements": made.elements,
        "evidence": [{"element": each.element, "span": [each.start, each.end]} for each in draft.evidence],
        "questions": [
            {
                "name": question.name,
                "text": question.text,
                "choices": list(question.choices),
                "element": question.element or None,
                "span": [question.start, question.end] if question.end > question.start else None,
                "weight": question.weight,
            }
            for question in sorted(draft.questions, key=lambda each: -each.weight)
        ],
        "answer": answer,
        "backend": draft.backend,
        "complete": draft.complete,
        "unread": [list(span) for span in draft.unread],
        "missing": list(made.missing),
        "findings": [finding_json(finding) for finding in made.findings],
        "stages": dict(draft.facts),
        "seconds": made.seconds,
    }


def _refusal(backend: str, error: BaseException) -> dict[str, Any]:
    """Builds the same object for a statement that could not be read."""
    findings = error.findings if isinstance(error, InputError) else (Finding(Severity.ERROR, str(error)),)
    refused = Formalised(Draft(findings=findings, backend=backend), Problem(), findings=findings)
    return {**_json(refused, None), "backend": backend or None}


def _print(terminal: Terminal, made: Formalised, statement: Statement) -> None:
    if made.draft.model.strip():
        terminal.result(made.draft.model.rstrip("\n"))
    else:
        terminal.say("no model could be made of this statement")
    terminal.say_findings(made.findings)
    for name in made.missing:
        terminal.say(f"missing: {name}")
    for start, end in made.draft.unread:
        terminal.say(f"not understood: {' '.join(statement.text[start:end].split())!r}")
    waiting = unanswered(made.draft, statement.answers)
    if waiting:
        terminal.result("")
        terminal.result("To be answered first, with --answer name=answer:")
        for question in waiting:
            choices = f"   ({' | '.join(question.choices)})" if question.choices else ""
            terminal.result(f"  {question.name}: {question.text}{choices}")
    for stage, told in made.draft.facts.items():
        terminal.say(f"  {stage}: {told}")
    if made.finished is not None:
        terminal.result("")
        print_summary(terminal, made.finished, values_of(terminal.plugins, made.finished))
