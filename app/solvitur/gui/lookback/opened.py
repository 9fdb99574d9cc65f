"""What is read of a run when it is opened: all of it off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.engine.explaining import explain_answer, explained_by_plugins
from solvitur.engine.session import Session
from solvitur.engine.solving import Finished
from solvitur.engine.wording.answer_words import answer_sentences
from solvitur.engine.wording.naming import Sentence
from solvitur.gui.lookback.answer_table import BlockTable, NumberColumn
from solvitur.gui.numbers import show
from solvitur.hooks.contracts import Solved
from solvitur.problem.errors import SolviturError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.instance import Block, MatrixInstance
from solvitur.problem.pictures import Picture
from solvitur.problem.result import Status
from solvitur.problem.runs import Run

_TERMS = {
    "value": "The value in this answer.",
    "reduced cost": "How much the objective changes per unit that this value is moved off its bound.",
    "left side": "What the left side of the constraint comes to in this answer.",
    "slack": "How much room is left before the constraint binds; 0: it binds.",
    "dual value": "How much the objective changes per unit of the constraint's right side.",
    "lower": "The least that is allowed.",
    "upper": "The most that is allowed.",
}


@dataclass(frozen=True, eq=False)
class Opened:
    """A run with everything the place shows of it."""

    run: Run
    solved: Solved | None = None
    pictures: tuple[Picture, ...] = ()
    values: tuple[BlockTable, ...] = ()
    variables: tuple[BlockTable, ...] = ()
    """With reduced costs, for the sensitivity table; empty when the solver gave none."""
    constraints: tuple[BlockTable, ...] = ()
    findings: tuple[Finding, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    """The answer, or why there is none, in plain sentences."""


def open_run(session: Session, number: int) -> Opened:
    """Reads a run from the store, binds it, draws it, and works out slacks; for a background thread.

    Raises
    ------
    InputError
        If the run is not there or is damaged.
    """
    run = session.runs.load(number)
    if run.result is None or run.result.answer is None:
        ended = None if run.result is None else Solved(session.runs.problem_of(number), None, run.result)
        findings = (*run.findings, *_conflict(session, run))
        return Opened(run, findings=findings, sentences=() if ended is None else _in_words(ended))
    try:
        solved = session.solved(run)
        pictures, trouble = session.pictures_of(run)
    except SolviturError as error:
        said = Finding(Severity.WARNING, f"the answer cannot be shown in full: {error}")
        return Opened(run, findings=(*run.findings, said))
    return opened(session, run, solved, pictures, trouble)


def _conflict(session: Session, run: Run) -> tuple[Finding, ...]:
    """Says which constraints are in conflict in a run whose model has no answer."""
    if run.status is not Status.INFEASIBLE:
        return ()
    try:
        solved = session.solved(run)
    except SolviturError:
        return ()
    return tuple(explained_by_plugins(session.plugins, solved, session.jobs.workers))


def opened(
    session: Session,
    run: Run,
    solved: Solved | None,
    pictures: tuple[Picture, ...],
    trouble: tuple[Finding, ...] = (),
) -> Opened:
    """Builds what is shown of a run whose answer is at hand; for a background thread."""
    explained = explain_answer(session.plugins, Finished(run, pictures, solved), session.jobs.workers).findings
    findings = tuple(dict.fromkeys((*run.findings, *explained, *trouble)))
    sentences = () if solved is None else _in_words(solved)
    if solved is None or not isinstance(solved.instance, MatrixInstance):
        return Opened(run, solved, pictures, findings=findings, sentences=sentences)
    answer = solved.result.answer
    if not isinstance(answer, np.ndarray) or answer.shape != (solved.instance.columns,):
        return Opened(run, solved, pictures, findings=findings, sentences=sentences)
    return Opened(
        run,
        solved,
        pictures,
        values=_values(solved.instance, answer),
        variables=_variables(solved, answer),
        constraints=_constraints(solved, answer),
        findings=findings,
        sentences=sentences,
    )


def _in_words(solved: Solved) -> tuple[Sentence, ...]:
    return answer_sentences(solved, number=show)


def _column(title: str, values: np.ndarray, unit: str = "") -> NumberColumn:
    return NumberColumn(title, values, unit, _TERMS[title])


def _part(block: Block) -> slice:
    return slice(block.start, block.start + block.count)


def _values(instance: MatrixInstance, answer: np.ndarray) -> tuple[BlockTable, ...]:
    return tuple(BlockTable(b, (_column("value", answer[_part(b)], b.unit),)) for b in instance.own_variables)


def _variables(solved: Solved, answer: np.ndarray) -> tuple[BlockTable, ...]:
    costs = solved.result.reduced_costs
    instance = solved.instance
    if costs is None or len(costs) != instance.columns:
        return ()
    return tuple(
        BlockTable(
            block,
            (
                _column("reduced cost", costs[_part(block)]),
                _column("value", answer[_part(block)], block.unit),
                _column("lower", instance.column_lower[_part(block)]),
                _column("upper", instance.column_upper[_part(block)]),
            ),
        )
        for block in instance.own_variables
    )


def _constraints(solved: Solved, answer: np.ndarray) -> tuple[BlockTable, ...]:
    instance, duals = solved.instance, solved.result.row_duals
    activity = instance.row_activity(answer)
    slack = np.minimum(activity - instance.row_lower, instance.row_upper - activity)
    known = duals is not None and len(duals) == instance.rows
    tables = []
    for block in instance.own_constraints:
        part = _part(block)
        columns = [_column("dual value", duals[part])] if known and duals is not None else []
        columns += [
            _column("slack", slack[part], block.unit),
            _column("left side", activity[part], block.unit),
            _column("lower", instance.row_lower[part]),
            _column("upper", instance.row_upper[part]),
        ]
        tables.append(BlockTable(block, tuple(columns)))
    return tuple(tables)
