"""The verb ``explain``."""

from __future__ import annotations

import argparse

from solvitur.cli.answers import exit_code
from solvitur.cli.running import Terminal
from solvitur.cli.solve import solve_file
from solvitur.engine.answers import answer_json, finding_json
from solvitur.engine.explaining import Explanation, explain_answer
from solvitur.engine.wording.answer_words import answer_sentences
from solvitur.engine.wording.naming import Sentence
from solvitur.engine.workers import Workers
from solvitur.problem.result import Status

_ROWS_SHOWN = 30


def explain(terminal: Terminal, given: argparse.Namespace) -> int:
    """Solves a file and says what decides its answer; returns the exit code."""
    finished = solve_file(terminal, given, draw=False)
    workers = Workers(spare=False)
    try:
        explanation = explain_answer(terminal.plugins, finished, workers)
    finally:
        workers.shutdown()
    run = finished.run
    sentences = answer_sentences(finished.solved) if finished.solved is not None else ()
    if given.json:
        told = answer_json(run, {})
        del told["values"], told["timeline"]
        terminal.result_json(
            {
                **told,
                "constraints": [vars(check) for check in explanation.checks],
                "rows": [vars(row) for row in explanation.rows],
                "explanations": [finding_json(finding) for finding in explanation.findings],
                "sentences": [vars(sentence) for sentence in sentences],
            }
        )
        return exit_code(run)
    objective = f", objective {run.objective:.10g}" if run.objective is not None else ""
    terminal.result(f"{run.status.value}{objective}")
    for finding in explanation.findings:
        terminal.result(str(finding))
    if run.status not in (Status.INFEASIBLE, Status.UNBOUNDED):
        _print_rows(terminal, explanation)
        _print_sentences(terminal, sentences)
    terminal.say_findings(run.findings)
    return exit_code(run)


def _print_sentences(terminal: Terminal, sentences: tuple[Sentence, ...]) -> None:
    section = ""
    for sentence in sentences:
        if sentence.section != section:
            section = sentence.section
            terminal.result(f"\n{section}:")
        terminal.result(f"  {sentence.text}")


def _print_rows(terminal: Terminal, explanation: Explanation) -> None:
    for check in explanation.checks:
        state = f"{check.tight} tight" if not check.violated else f"{check.violated} violated"
        terminal.result(f"  {check.name}: {check.count - check.violated} of {check.count} satisfied, {state}")
    if not explanation.rows:
        return
    terminal.result("")
    for row in explanation.rows[:_ROWS_SHOWN]:
        dual = f"   dual value {row.dual:.6g}" if row.dual is not None else ""
        terminal.result(f"  {row.element}   {row.state}, slack {row.slack:.6g}{dual}")
    if len(explanation.rows) > _ROWS_SHOWN:
        terminal.result(f"  ({_ROWS_SHOWN} of {len(explanation.rows)} rows; --json prints all of these)")
