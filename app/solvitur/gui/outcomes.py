"""How a run ended, in the words, icon and colour that every view uses for it."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur.gui.numbers import percent, show
from solvitur.problem.result import Status, relative_gap
from solvitur.problem.runs import Run


@dataclass(frozen=True)
class Outcome:
    """One way to end: icon, token of its colour, one word, a sentence, and what to do next (may be empty)."""

    icon: str
    token: str
    word: str
    sentence: str = ""
    advice: str = ""


_BY_STATUS = {
    Status.OPTIMAL: Outcome("good", "good", "optimal"),
    Status.FEASIBLE: Outcome("good", "good", "feasible"),
    Status.INFEASIBLE: Outcome("warning", "warn", "infeasible"),
    Status.UNBOUNDED: Outcome("warning", "warn", "unbounded"),
    Status.UNKNOWN: Outcome("warning", "warn", "no answer"),
    Status.CANCELLED: Outcome("stop", "text_soft", "stopped"),
    Status.FAILED: Outcome("error", "bad", "failed"),
}
WAITING = Outcome("waiting", "text_soft", "waiting")
RUNNING = Outcome("play", "accent", "solving")


def brief(status: Status) -> Outcome:
    """Returns icon, colour and word of a status, for lists."""
    return _BY_STATUS[status]


def outcome(run: Run) -> Outcome:
    """Explains how a run ended, and what to do next."""
    found = _BY_STATUS[run.status]
    sentence, advice = _told(run)
    return Outcome(found.icon, found.token, found.word, sentence, advice)


def _told(run: Run) -> tuple[str, str]:
    gap = relative_gap(run.objective, run.bound)
    proven = f" It is within {percent(gap)} of the best possible." if gap is not None else ""
    match run.status:
        case Status.OPTIMAL:
            return f"No better answer exists: {show(run.objective)}.", ""
        case Status.FEASIBLE:
            return (
                f"An answer of {show(run.objective)} was found, not proven the best.{proven}",
                "Allow more time, or ask for a smaller gap, if this is not good enough.",
            )
        case Status.INFEASIBLE:
            return (
                "No answer can meet all constraints at once." + _why(run),
                "Relax or remove a constraint that may be too strict, or check the data it uses.",
            )
        case Status.UNBOUNDED:
            return (
                "The objective can be improved without end." + _why(run),
                "A bound or a constraint is missing: give every variable in the objective a limit.",
            )
        case Status.UNKNOWN:
            return (
                "No answer was found within the limits." + _why(run),
                "Allow more time, or try another solver.",
            )
        case Status.CANCELLED if run.objective is not None:
            return f"You stopped the run; the best answer so far, {show(run.objective)}, was kept.{proven}", ""
        case Status.CANCELLED:
            return "You stopped the run before it had an answer.", "Solve again and let it run longer."
    reason = run.reason or "the solver failed without saying why"
    sentence = f"{reason[:1].upper()}{reason[1:]}".rstrip(".") + "."
    if run.verification is not None and not run.verified:
        return sentence, "Do not use this answer. Try another solver, or tighter tolerances in its options."
    if run.findings and not run.plugin:
        return sentence, "Mend the model or its data, then solve again."
    return sentence, "Try another solver; the log tells more."


def _why(run: Run) -> str:
    return f" The solver says: {run.reason.rstrip('.')}." if run.reason else ""


def verdict(run: Run) -> Outcome:
    """Says whether the answer of a run was checked, and how that went."""
    check = run.verification
    if check is None:
        word = "no answer to check" if run.objective is None else "not verified"
        return Outcome("info", "text_soft", word, "There is no answer that our own check could look at.")
    if check.passed:
        rows = sum(each.count for each in check.checks)
        sentence = f"All {show(rows)} conditions hold" if rows else "Every condition holds"
        worst = f"; the largest violation is {show(check.max_violation, 3)}" if check.max_violation > 0 else ""
        return Outcome("good", "good", "verified", f"{sentence}{worst}, and the objective is what the solver said.")
    broken = [each for each in check.checks if each.violated]
    if not broken:
        sentence = "The objective of this answer is not what the solver said."
    else:
        first = max(broken, key=lambda each: each.max_violation)
        sentence = f"'{first.worst or first.name}' is missed by {show(first.max_violation)}"
        others = sum(each.violated for each in broken) - 1
        sentence += f", and {show(others)} more." if others else "."
    return Outcome("error", "bad", "failed our check", sentence)
