"""Answers as the command line tells them: one JSON object, or a summary for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from solvitur.cli.running import Exit, Terminal
from solvitur.engine.answers import finding_json, jsonable
from solvitur.engine.solving import Finished
from solvitur.hooks.faults import sentence_of
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Problem
from solvitur.problem.errors import PluginError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.result import Status, relative_gap
from solvitur.problem.runs import Run

_ROWS_SHOWN = 40
_STATED = {
    Status.OPTIMAL: "optimal: no better answer exists",
    Status.FEASIBLE: "feasible: an answer, not proven the best",
    Status.INFEASIBLE: "infeasible: no answer can meet all constraints",
    Status.UNBOUNDED: "unbounded: the objective can be made as good as you like",
    Status.UNKNOWN: "unknown: no answer was found within the limits",
    Status.CANCELLED: "cancelled",
    Status.FAILED: "failed",
}


def exit_code(run: Run) -> Exit:
    """Returns the exit code that a run deserves."""
    if run.status in (Status.INFEASIBLE, Status.UNBOUNDED):
        return Exit.NO_ANSWER_EXISTS
    if run.status is Status.UNKNOWN or (run.status is Status.CANCELLED and not run.verified):
        return Exit.NO_ANSWER_IN_TIME
    return Exit.ANSWERED if run.verified and run.status is not Status.FAILED else Exit.FAILED


def values_of(plugins: Plugins, finished: Finished) -> dict[str, Any]:
    """Reads the answer as names and values, nested by index; empty when there is none.

    Raises
    ------
    PluginError
        If the kind's plugin failed to read it.
    """
    solved = finished.solved
    if solved is None or solved.result.answer is None:
        return {}
    part = plugins.find("kinds", solved.problem.formulation.kind)
    try:
        return dict(part.part.values(solved.instance, solved.result.answer))
    except Exception as error:
        raise PluginError(f"plugin '{part.plugin}' failed to read the answer: {sentence_of(error)}") from error


def refusal_json(problem: Problem | None, findings: tuple[Finding, ...], status: Status) -> dict[str, Any]:
    """Builds the same object for a problem that never came to be solved."""
    return {
        "status": status.value,
        **dict.fromkeys(("objective", "bound", "gap", "sense")),
        "verified": False,
        "max_violation": None,
        "solver": None,
        "seed": problem.choice.limits.seed if problem is not None else None,
        "seconds": dict.fromkeys(("load", "compile", "solve", "verify"), 0.0),
        "values": {},
        "timeline": [],
        "findings": [finding_json(finding) for finding in findings],
    }


def print_summary(terminal: Terminal, finished: Finished, values: Mapping[str, Any]) -> None:
    """Prints the answer for people: status, objective, bound, the check, and the values that are not zero."""
    run = finished.run
    terminal.result(f"status     {_STATED[run.status]}" + (f" ({run.reason})" if run.reason else ""))
    if run.objective is not None:
        name = getattr(finished.solved.instance, "objective_name", "") if finished.solved is not None else ""
        terminal.result(f"objective  {run.objective:.10g}   ({run.sense} {name}".rstrip() + ")")
    if run.bound is not None:
        gap = relative_gap(run.objective, run.bound)
        terminal.result(f"bound      {run.bound:.10g}" + (f"   gap {gap:.4%}" if gap is not None else ""))
    if run.verification is not None:
        said = "yes, by our own check" if run.verified else "no"
        terminal.result(f"verified   {said} (largest violation {run.verification.max_violation:.3g})")
    terminal.result(f"solver     {run.solver}   seed {run.choice.limits.seed}")
    terminal.result("seconds    " + "  ".join(f"{key} {value:.3f}" for key, value in run.seconds.items()))
    if values:
        _print_values(terminal, values)
    for finding in run.findings:
        if finding.severity is not Severity.INFO:
            terminal.say(f"{finding.severity.value}: {finding}")


def leaves(values: Any, index: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Walks nested values; yields each index and what is there."""
    if isinstance(values, Mapping):
        for key, item in values.items():
            yield from leaves(item, (*index, str(key)))
    else:
        yield index, values


def _print_values(terminal: Terminal, values: Mapping[str, Any]) -> None:
    total, nonzero = 0, 0
    rows: list[tuple[str, str]] = []
    for variable, nested in values.items():
        for index, value in leaves(nested):
            total += 1
            if value == 0:
                continue
            nonzero += 1
            if len(rows) < _ROWS_SHOWN:
                name = f"{variable}[{', '.join(index)}]" if index else variable
                rows.append((name, _value_text(value)))
    width = max((len(name) for name, _ in rows), default=0)
    terminal.result("")
    for name, text in rows:
        terminal.result(f"  {name.ljust(width)}  {text}")
    shown = f"{len(rows)} of {nonzero} values that are not zero" if nonzero > len(rows) else f"{nonzero} not zero"
    terminal.result(f"  ({shown}; {total} in all; --json prints every value)")


def _value_text(value: Any) -> str:
    plain = jsonable(value)
    if isinstance(plain, float):
        return f"{plain:.10g}"
    return str(plain)
