"""Compiles a bound model to arrays: whole index sets at once, never one object per coefficient."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator, Variable
from solvitur.language.arrays_forms import Form, Term
from solvitur.language.arrays_frames import Frame
from solvitur.language.arrays_spaces import Labels, Quantity, Space
from solvitur.language.compile_constraints import Comparison, comparisons_of
from solvitur.language.compile_matrix import MatrixRows, block_of, joined
from solvitur.language.compile_quadratic import hessian_of
from solvitur.language.data import Bound
from solvitur.language.elements import (
    Domain,
    Expr,
    Model,
    ObjectiveElement,
    VarElement,
)
from solvitur.language.faults import Places
from solvitur.language.words import nearest
from solvitur.problem.convexity import is_convex
from solvitur.problem.errors import InputError
from solvitur.problem.instance import (
    CONTINUOUS,
    INTEGER,
    SEMI_CONTINUOUS,
    Block,
    MatrixInstance,
)

SHORTFALL, EXCESS = ".shortfall", ".excess"
"""Ends of the names of penalty columns; no variable of a model has a dot in its name."""

_CODES = {
    Domain.CONTINUOUS: CONTINUOUS,
    Domain.INTEGER: INTEGER,
    Domain.BINARY: INTEGER,
    Domain.SEMI_CONTINUOUS: SEMI_CONTINUOUS,
}
_MOST_COLUMNS = 2**31 - 1


def is_penalty(block: Block) -> bool:
    """Tells whether a block of columns measures the violation of a soft constraint, and is no variable."""
    return block.name.endswith((SHORTFALL, EXCESS))


def compile_model(model: Model, bound: Bound, objective: str = "") -> MatrixInstance:
    """Compiles a model whose data is bound.

    Parameters
    ----------
    objective : str
        The objective to compile when there are several; empty for the first.

    Raises
    ------
    InputError
        If an element cannot be compiled: nonlinear, a missing index, coefficients that are not finite.
    """
    # What overflows or is undefined is looked for in the coefficients themselves.
    with np.errstate(all="ignore"):
        return _Compiler(model, bound).compile(objective)


@dataclass(frozen=True, eq=False)
class _Columns:
    block: Block
    lower: np.ndarray
    upper: np.ndarray
    code: int
    cost: np.ndarray | None = None


class _Compiler:
    """Compiles one model; also the scope in which its expressions are evaluated."""

    def __init__(self, model: Model, bound: Bound) -> None:
        self._model = model
        self._bound = bound
        self._variables: dict[str, Variable] = {}
        self._columns: list[_Columns] = []
        self._ranges: dict[tuple[int, int], Labels] = {}
        self._column_count = 0

    @property
    def places(self) -> Places:
        return self._bound.places

    def space(self, name: str) -> Space | None:
        return self._bound.sets.get(name)

    def quantity(self, name: str) -> Quantity | None:
        return self._bound.params.get(name)

    def variable(self, name: str) -> Variable | None:
        return self._variables.get(name)

    def range_labels(self, low: int, high: int) -> Labels:
        return self._ranges.setdefault((low, high), Labels("", tuple(range(low, high + 1))))

    def compile(self, objective: str) -> MatrixInstance:
        """Compiles variables, constraints and the chosen objective."""
        for variable in self._model.variables:
            self._add_variable(variable)
        chosen = self._choose(objective)
        sense = chosen.sense if chosen is not None else "min"
        comparisons = [
            self._softened(comparison, sense)
            for constraint in self._model.constraints
            for comparison in comparisons_of(constraint, Evaluator(self, constraint.name))
        ]
        form = Form()
        if chosen is not None:
            form = Evaluator(self, chosen.name).form(chosen.body, Frame())
        return self._instance(chosen, sense, form, MatrixRows(comparisons, self._column_count))

    def _choose(self, name: str) -> ObjectiveElement | None:
        objectives = self._model.objectives
        if not name:
            return objectives[0] if objectives else None
        found = next((each for each in objectives if each.name == name), None)
        if found is None:
            close = nearest(name, [each.name for each in objectives])
            hint = f" Did you mean '{close}'?" if close else ""
            raise InputError.at(f"The model has no objective '{name}'.{hint}", element=name)
        return found

    # Variables -----------------------------------------------------------------------------------------------

    def _add_variable(self, element: VarElement) -> None:
        evaluator = Evaluator(self, element.name)
        frame = evaluator.grower.growth(Frame(), element.binders, element.condition).frame
        space = frame.space()
        least, most = (0.0, 1.0) if element.domain is Domain.BINARY else (-math.inf, math.inf)
        lower = self._bounds(evaluator, element.lower, frame, least)
        upper = self._bounds(evaluator, element.upper, frame, most)
        if element.domain is Domain.BINARY:
            lower, upper = np.maximum(lower, least), np.minimum(upper, most)
        code = _CODES[element.domain]
        if code == SEMI_CONTINUOUS:
            lower = np.maximum(lower, 0.0)
        number = len(self._columns)
        start = self._add_columns(element.name, space, element.unit, element.description, lower, upper, code)
        self._variables[element.name] = Variable(element.name, number, space, start)

    def _bounds(self, evaluator: Evaluator, expr: Expr | None, frame: Frame, default: float) -> np.ndarray:
        if expr is None:
            return np.full(frame.size, default)
        values = evaluator.spread(expr, frame)
        if math.isnan(float(values.sum())) and np.isnan(values).any():
            cell = int(np.flatnonzero(np.isnan(values))[0])
            raise evaluator.fail(f"The bound of '{evaluator.where(frame, cell)}' is no number.", expr.span)
        return values

    def _add_columns(
        self,
        name: str,
        space: Space,
        unit: str,
        description: str,
        lower: np.ndarray,
        upper: np.ndarray,
        code: int,
        cost: np.ndarray | None = None,
    ) -> int:
        start = self._column_count
        self._column_count += space.count
        if self._column_count > _MOST_COLUMNS:
            raise InputError.at(f"The model has {self._column_count:,} variables; that is too many.", element=name)
        block = block_of(name, start, space, unit, description)
        self._columns.append(_Columns(block, lower, upper, code, cost))
        return start

    # Constraints ---------------------------------------------------------------------------------------------

    def _softened(self, comparison: Comparison, sense: str) -> Comparison:
        """Adds to a soft constraint columns that make up for a violation at a price."""
        element, evaluator, frame = comparison.element, comparison.evaluator, comparison.frame
        if element.soft is None:
            return comparison
        weight = evaluator.spread(element.soft, frame)
        wrong = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
        if len(wrong):
            name, price = evaluator.where(frame, int(wrong[0])), weight[wrong[0]]
            text = f"The penalty of '{name}' is {price:g}, but it must be at least 0."
            raise evaluator.fail(text, element.soft.span)
        cost = weight if sense == "min" else -weight
        form = comparison.form
        for ending, side, sign in ((SHORTFALL, comparison.lower, 1.0), (EXCESS, comparison.upper, -1.0)):
            if np.isfinite(side).any():
                number = len(self._columns)
                zero, top = np.zeros(frame.size), np.full(frame.size, math.inf)
                name = comparison.name + ending
                start = self._add_columns(name, frame.space(), element.unit, "", zero, top, CONTINUOUS, cost)
                columns = np.arange(start, start + frame.size, dtype=np.int32).reshape(frame.shape)
                form = form.plus(Form(linear=(Term((columns,), np.array(sign), (number,)),)))
        return replace(comparison, form=form)

    # Instance ------------------------------------------------------------------------------------------------

    def _instance(self, chosen: ObjectiveElement | None, sense: str, form: Form, rows: MatrixRows) -> MatrixInstance:
        cost = np.zeros(self._column_count)
        hessian = None
        if chosen is not None:
            cost = _dense_costs(form.linear, cost)
            hessian = hessian_of(form.quadratic, self._column_count)
            bad = not np.isfinite(cost).all() or (hessian is not None and not np.isfinite(hessian.value).all())
            if bad or not np.isfinite(form.constant):
                raise InputError.at(
                    f"A coefficient of the objective '{chosen.name}'{self._culprit(cost)} is not a finite number; "
                    "check the data.",
                    place=self.places.of(chosen.body.span),
                    element=chosen.name,
                )
        for column in self._columns:
            if column.cost is not None:
                cost[column.block.start : column.block.start + column.block.count] += column.cost
        integrality = np.empty(self._column_count, np.uint8)
        for column in self._columns:
            integrality[column.block.start : column.block.start + column.block.count] = column.code
        return MatrixInstance(
            sense,
            cost,
            float(form.constant),
            rows.matrix(),
            rows.lower,
            rows.upper,
            joined([each.lower for each in self._columns]),
            joined([each.upper for each in self._columns]),
            integrality,
            tuple(each.block for each in self._columns),
            tuple(rows.blocks),
            hessian,
            tuple(rows.quadratic),
            chosen.name if chosen is not None else "",
            hessian is None or is_convex(hessian, sense),
        )

    def _culprit(self, cost: np.ndarray) -> str:
        bad = np.flatnonzero(~np.isfinite(cost))
        for column in self._columns:
            block = column.block
            if len(bad) and block.start <= bad[0] < block.start + block.count:
                return f", that of '{block.element(int(bad[0]) - block.start)}',"
        return ""


def _dense_costs(terms: Sequence[Term], cost: np.ndarray) -> np.ndarray:
    """Adds linear terms without indices up to one coefficient per column."""
    for term in terms:
        shape = term.extra if term.point is None else term.columns[0].shape
        column = np.broadcast_to(term.columns[0], shape).reshape(-1)
        factor = np.broadcast_to(term.factor, shape).reshape(-1)
        if len(column) and len(column) == int(column[-1]) - int(column[0]) + 1 and (column[1:] > column[:-1]).all():
            cost[int(column[0]) : int(column[-1]) + 1] += factor
        else:
            cost += np.bincount(column, weights=factor, minlength=len(cost))
    return cost
