"""An answer as plain sentences: what it comes to, what is done, what binds it, what is left."""

from __future__ import annotations

import math

import numpy as np

from solvitur.engine.explaining import row_duals
from solvitur.engine.wording.expressions import Speaker
from solvitur.engine.wording.naming import NumberWriter, Sentence, listed, plain_number, sentence, spoken, with_unit
from solvitur.engine.wording.rows import value_words
from solvitur.hooks.contracts import Solved
from solvitur.language.elements import Model
from solvitur.language.parsing import parse
from solvitur.problem.instance import INTEGER, Block, MatrixInstance
from solvitur.problem.result import Status, relative_gap
from solvitur.problem.verification import RowCheck, Verification

OUTCOME, DONE, BINDS, LEFT = "What it comes to", "What is done", "What binds", "What is left"
_MOST_DONE, _MOST_ROWS, _MOST_OF_ONE = 12, 9, 4
_ZERO = 1e-7


def answer_sentences(solved: Solved, *, number: NumberWriter = plain_number) -> tuple[Sentence, ...]:
    """Says an answer, or why there is none."""
    model = (
        parse(solved.problem.formulation.text).model if solved.problem.formulation.kind == "algebraic" else Model()
    )
    speaker = Speaker(model, number)
    said = [Sentence(text, _objective_name(solved), OUTCOME) for text in _outcome(speaker, solved)]
    instance, answer = solved.instance, solved.result.answer
    if isinstance(instance, MatrixInstance) and isinstance(answer, np.ndarray) and len(answer) == instance.columns:
        for block in instance.own_variables:
            said += _done(speaker, instance, block, answer)
    if solved.verification is not None and answer is not None:
        said += _binding(speaker, solved, solved.verification)
    return tuple(said)


def _objective_name(solved: Solved) -> str:
    return str(getattr(solved.instance, "objective_name", ""))


def _outcome(speaker: Speaker, solved: Solved) -> list[str]:
    result, name = solved.result, _objective_name(solved)
    status = result.status
    if result.answer is None:
        why = {
            Status.INFEASIBLE: "no answer can meet all the constraints at once",
            Status.UNBOUNDED: "the objective can be improved without end; a limit is missing",
            Status.UNKNOWN: "no answer was found within the limits",
            Status.CANCELLED: "the run was stopped before it found an answer",
        }.get(status, "the run failed")
        return [sentence(why)]
    element = speaker.model.element(name)
    unit = getattr(element, "unit", "")
    sense = getattr(solved.instance, "sense", "min")
    value = result.objective if solved.verification is None else solved.verification.objective
    amount = with_unit(value, unit, speaker.number) if value is not None else "an unknown amount"
    extreme = "smallest" if sense == "min" else "largest"
    what = spoken(name) if name else "objective"
    if status is Status.OPTIMAL:
        said = [sentence(f"the {extreme} possible {what} is {amount}; no answer does better")]
    else:
        gap = relative_gap(value, result.bound)
        near = f", at most {speaker.number(100 * gap)} % from the best possible" if gap is not None else ""
        said = [sentence(f"the best {what} found is {amount}{near}")]
    if solved.verification is not None:
        fine = "our own check agrees: every constraint holds and the objective is right"
        bad = "our own check does not agree: look at the findings before you trust it"
        said.append(sentence(fine if solved.verification.passed else bad))
    return said


def _done(speaker: Speaker, instance: MatrixInstance, block: Block, answer: np.ndarray) -> list[Sentence]:
    part = slice(block.start, block.start + block.count)
    values = answer[part]
    if block.name.startswith("$") or not len(values):
        return []
    whole = bool(
        (instance.integrality[part] == INTEGER).all()
        and (instance.column_lower[part] >= 0).all()
        and (instance.column_upper[part] <= 1).all()
    )
    used = np.flatnonzero(np.abs(values) > _ZERO)
    if not len(used):
        return [Sentence(sentence(f"nothing in '{block.name}': all its values are 0"), block.name, DONE)]
    if whole and block.sets and len(block.sets) == 1:
        return _choices(speaker, block, values)
    order = used[np.argsort(-np.abs(values[used]), kind="stable")][:_MOST_DONE]
    said = [
        Sentence(
            value_words(speaker, block, int(at), _clean(float(values[at])), whole=whole), block.element(int(at)), DONE
        )
        for at in sorted(order.tolist())
    ]
    if len(used) > len(order):
        more = sentence(f"and {speaker.number(len(used) - len(order))} smaller ones in '{block.name}'")
        said.append(Sentence(more, block.name, DONE))
    return said


def _choices(speaker: Speaker, block: Block, values: np.ndarray) -> list[Sentence]:
    chosen = [str(block.label(int(at))[0]) for at in np.flatnonzero(values > 0.5)]
    left = [str(block.label(int(at))[0]) for at in np.flatnonzero(values <= 0.5)]
    shown = listed(chosen[:_MOST_DONE]) + (
        f" and {len(chosen) - _MOST_DONE} more" if len(chosen) > _MOST_DONE else ""
    )
    not_these = f"; not {listed(left, 'or')}" if 0 < len(left) <= 4 else ""
    return [Sentence(sentence(f"{spoken(block.name)}: {shown}{not_these}"), block.name, DONE)]


def _clean(value: float) -> float:
    near = round(value)
    return float(near) if abs(value - near) < 1e-6 else value


def _binding(speaker: Speaker, solved: Solved, verification: Verification) -> list[Sentence]:
    duals = row_duals(solved)
    objective = spoken(_objective_name(solved)) or "the objective"
    blocks = {block.name: block for block in getattr(solved.instance, "constraints", ())}
    tight = [
        row for row in verification.rows if row.state == "tight" and (row.lower < row.upper or row.element in duals)
    ]
    tight.sort(key=lambda row: (-abs(duals.get(row.element, 0.0)), _side(row) == 0))
    shown = _spread(tight)
    said = [Sentence(_tight(speaker, row, duals.get(row.element), objective), row.element, BINDS) for row in shown]
    if len(tight) > len(shown):
        said.append(Sentence(sentence(f"{speaker.number(len(tight) - len(shown))} more bind"), "", BINDS))
    for row in _spread([row for row in verification.rows if row.state == "satisfied" and row.slack > _ZERO]):
        unit = getattr(speaker.model.element(row.element.partition("[")[0]), "unit", "")
        block = blocks.get(row.element.partition("[")[0])
        unit = unit or (block.unit if block is not None else "")
        room = with_unit(_clean(row.slack), unit, speaker.number)
        said.append(Sentence(sentence(f"{_named(row.element)} has {room} to spare"), row.element, LEFT))
    return said


def _spread(rows: list[RowCheck]) -> list[RowCheck]:
    """Picks the first rows, but few of each constraint."""
    taken: dict[str, int] = {}
    picked = []
    for row in rows:
        name = row.element.partition("[")[0]
        taken[name] = taken.get(name, 0) + 1
        if taken[name] <= _MOST_OF_ONE:
            picked.append(row)
    return picked[:_MOST_ROWS]


def _side(row: RowCheck) -> float:
    return row.upper if math.isfinite(row.upper) else row.lower


def _tight(speaker: Speaker, row: RowCheck, dual: float | None, objective: str) -> str:
    side = _side(row)
    at = f" at {speaker.number(_clean(side))}" if math.isfinite(side) else ""
    worth = ""
    if dual is not None:
        way = "raises" if dual > 0 else "lowers"
        worth = f"; one unit more of it {way} the {objective} by {speaker.number(abs(dual))}"
    return sentence(f"{_named(row.element)} is at its limit{at}{worth}")


def _named(element: str) -> str:
    name, _, index = element.partition("[")
    return f"{spoken(name)} of {index.rstrip(']')}" if index else spoken(name)
