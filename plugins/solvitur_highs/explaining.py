"""The explainer of models without an answer, as Solvitur sees it. Light: highspy loads when it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from solvitur.api import Finding, MatrixInstance, Severity, Solved, Status

if TYPE_CHECKING:
    from solvitur_highs.conflicts import Conflict, Member

_TIME_LIMIT_S = 8.0
_MOST_NAMED = 12
_MOST_TERMS = 6


class ConflictFinder:
    """Names a smallest conflict of a model that has no answer."""

    name, title = "conflict", "Constraints in conflict"
    in_worker = True
    """It runs native code for as long as a model may take."""

    def explain(self, solved: Solved) -> Sequence[Finding]:
        """Says which constraints and bounds cannot hold together."""
        instance = solved.instance
        if solved.result.status is not Status.INFEASIBLE or not isinstance(instance, MatrixInstance):
            return []
        if instance.quadratic_rows:
            return []
        # highspy is loaded only where it is needed
        from solvitur_highs.conflicts import conflict_of, is_written_by_rows  # noqa: PLC0415

        if is_written_by_rows(instance):
            return [
                Finding(Severity.INFO, "Give every variable a lower and an upper bound to have the conflict named.")
            ]
        if instance.quadratic_rows or instance.conditional is not None or instance.all_different:
            return []
        conflict = conflict_of(instance, time_limit_s=_TIME_LIMIT_S)
        return [] if conflict is None or not conflict.members else list(_told(instance, conflict))


def _told(instance: MatrixInstance, conflict: Conflict) -> list[Finding]:
    members = conflict.members
    names = [f"'{member.name}'" for member in members[:_MOST_NAMED]]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if len(members) > _MOST_NAMED:
        listed = f"{', '.join(names)} and {len(members) - _MOST_NAMED} more"
    verb = "cannot hold" if len(members) == 1 else "cannot hold together"
    rest = "without any one of them there is no such conflict" if len(members) > 1 else "it contradicts itself"
    if not conflict.irreducible:
        rest = "there was no time to find out whether fewer of them do"
    more = " It takes that variables are whole." if conflict.needs_whole else ""
    bounds = " within the bounds of the variables" if conflict.within_bounds else ""
    found = [Finding(Severity.INFO, f"{listed} {verb}{bounds}; {rest}.{more}", _element(members[0]))]
    for member in members[:_MOST_NAMED]:
        text = _row_text(instance, member)
        if text:
            found.append(Finding(Severity.INFO, f"In the conflict, '{member.name}' asks for {text}.", member.name))
    return found


def _element(member: Member) -> str:
    return member.name if member.rows else member.name.split(" ")[0]


def _row_text(instance: MatrixInstance, member: Member) -> str:
    """Writes a short row out; empty for long ones and for logic."""
    if len(member.rows) != 1 or member.column >= 0:
        return ""
    (row,) = member.rows
    matrix = instance.matrix
    part = slice(matrix.start[row], matrix.start[row + 1])
    if part.stop - part.start > _MOST_TERMS or any(
        b.auxiliary and b.start <= row < b.start + b.count for b in instance.constraints
    ):
        return ""
    text = ""
    for column, value in zip(matrix.column[part].tolist(), matrix.value[part].tolist(), strict=True):
        size = "" if abs(value) == 1 else f"{abs(value):g} * "
        sign = (" - " if value < 0 else " + ") if text else ("-" if value < 0 else "")
        text += f"{sign}{size}{instance.variable_of(column)}"
    low, high = float(instance.row_lower[row]), float(instance.row_upper[row])
    if low == high:
        return f"{text or '0'} == {low:g}"
    if high == float("inf"):
        return f"{text or '0'} >= {low:g}"
    return f"{text or '0'} <= {high:g}" if low == -float("inf") else f"{low:g} <= {text or '0'} <= {high:g}"
