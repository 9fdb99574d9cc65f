"""What a change would do to the answer, in one sentence."""

from __future__ import annotations

from solvitur.engine.wording.naming import NumberWriter, plain_number, sentence
from solvitur.problem.result import Status
from solvitur.problem.runs import Run

_SAME = 1e-9


def what_if_sentence(before: Run | None, after: Run, *, number: NumberWriter = plain_number) -> str:
    """Says what the objective would come to, beside what it is now."""
    if after.status is Status.INFEASIBLE:
        return sentence("then no answer would meet all the constraints")
    if after.status is Status.UNBOUNDED:
        return sentence("then the objective could be improved without end")
    if after.objective is None:
        why = after.reason or "the run ended without one"
        return sentence(f"no answer was found: {why}")
    proven = "" if after.status is Status.OPTIMAL else " at best, as far as was found in time"
    if before is None or before.objective is None:
        return sentence(
            f"the objective would be {number(after.objective)}{proven}; there is no answer yet to compare"
        )
    change = after.objective - before.objective
    if abs(change) <= _SAME * max(1.0, abs(before.objective)):
        return sentence(f"the objective would stay at {number(before.objective)}{proven}")
    share = f" ({number(round(100 * abs(change) / abs(before.objective), 2))} %)" if before.objective else ""
    way = "more" if change > 0 else "less"
    better = (change < 0) == (after.sense == "min")
    verdict = "better" if better else "worse"
    return sentence(
        f"the objective would be {number(after.objective)} instead of {number(before.objective)}: "
        f"{number(abs(change))} {way}{share}, which is {verdict}{proven}"
    )
