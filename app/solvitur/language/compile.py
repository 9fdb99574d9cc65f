"""Compiles a bound model to arrays: whole index sets at once, never one object per coefficient.

Constraints of forms alone come first; what they imply for the ranges of variables then serves to write logic and
functions of variables as rows and auxiliary columns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator, Variable
from solvitur.language.arrays_flat import Flat
from solvitur.language.arrays_forms import Form, Term
from solvitur.language.arrays_frames import Frame
from solvitur.language.arrays_spaces import Labels, Quantity, Space
from solvitur.language.compile_columns import Columns
from solvitur.language.compile_constraints import (
    Comparison,
    comparisons_of,
    is_plain,
    is_plain_constraint,
    relations_of,
    written_rows,
)
from solvitur.language.compile_matrix import MatrixRows
from solvitur.language.compile_quadratic import hessian_of
from solvitur.language.data import Bound
from solvitur.language.elements import (
    Binary,
    Compare,
    ConstraintElement,
    Domain,
    Expr,
    Model,
    ObjectiveElement,
    VarElement,
)
from solvitur.language.faults import Places
from solvitur.language.logic_conditions import Literals
from solvitur.language.logic_evaluate import LogicEvaluator
from solvitur.language.logic_writing import Writer
from solvitur.language.words import nearest
from solvitur.problem.convexity import is_convex
from solvitur.problem.errors import InputError
from solvitur.problem.implied_bounds import implied_bounds
from solvitur.problem.instance import (
    CONTINUOUS,
    INTEGER,
    SEMI_CONTINUOUS,
    Block,
    Denominator,
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


class _Compiler:
    """Compiles one model; also the scope in which its expressions are evaluated."""

    def __init__(self, model: Model, bound: Bound) -> None:
        self._model = model
        self._bound = bound
        self._variables: dict[str, Variable] = {}
        self._names = frozenset(element.name for element in model.variables)
        self._columns = Columns()
        self._groups: list[tuple[str, np.ndarray]] = []
        self._ranges: dict[tuple[int, int], Labels] = {}

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
        constraints = self._model.constraints
        plain = [element for element in constraints if is_plain_constraint(element, self._names)]
        comparisons = [each for element in plain for each in self._comparisons(element, sense)]
        others = [element for element in constraints if not is_plain_constraint(element, self._names)]
        if others or (chosen is not None and not is_plain(chosen.body, self._names)):
            self._learn(comparisons)
        comparisons += [each for element in others for each in self._comparisons(element, sense)]
        form, denominator = Form(), None
        if chosen is not None:
            evaluator = self._evaluator(chosen)
            form, denominator = self._objective(chosen, evaluator)
            comparisons += written_rows(chosen, evaluator, 1)
        rows = MatrixRows(comparisons, self._columns.count)
        return self._instance(chosen, sense, form, denominator, rows)

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

    def _evaluator(self, element: ConstraintElement | ObjectiveElement) -> LogicEvaluator:
        def refuse(text: str) -> Exception:
            return InputError.at(f"{text}.", place=self.places.of(element.body.span), element=element.name)

        writer = Writer(element.name, self._columns, refuse, groups=self._groups)
        return LogicEvaluator(self, element.name, writer, self._names)

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
        number = len(self._columns.blocks)
        start = self._columns.add(
            element.name, space, lower, upper, code, unit=element.unit, description=element.description
        )
        self._variables[element.name] = Variable(element.name, number, space, start)

    def _bounds(self, evaluator: Evaluator, expr: Expr | None, frame: Frame, default: float) -> np.ndarray:
        if expr is None:
            return np.full(frame.size, default)
        values = evaluator.spread(expr, frame)
        if math.isnan(float(values.sum())) and np.isnan(values).any():
            cell = int(np.flatnonzero(np.isnan(values))[0])
            raise evaluator.fail(f"The bound of '{evaluator.where(frame, cell)}' is no number.", expr.span)
        return values

    def _learn(self, comparisons: Sequence[Comparison]) -> None:
        """Takes in what constraints without logic imply for the ranges of columns."""
        columns = self._columns
        rows = MatrixRows(comparisons, columns.count)
        linear = np.ones(rows.count, bool)
        linear[[part.row for part in rows.quadratic]] = False
        sides = np.where(linear, rows.lower, -math.inf), np.where(linear, rows.upper, math.inf)
        columns.learn(*implied_bounds(rows.matrix(), sides, (columns.low, columns.high), columns.whole))

    # Constraints ---------------------------------------------------------------------------------------------

    def _comparisons(self, element: ConstraintElement, sense: str) -> list[Comparison]:
        evaluator = self._evaluator(element)
        frame = evaluator.grower.growth(Frame(), element.binders, element.condition).frame
        if relations_of(element.body) is not None:
            found = comparisons_of(element, evaluator, frame)
            found = [self._softened(comparison, sense) for comparison in found]
            return found + written_rows(element, evaluator, len(found))
        body = element.body
        if isinstance(body, Compare) and not {"<", ">"}.isdisjoint(body.ops):
            op = next(op for op in body.ops if op in ("<", ">"))
            raise evaluator.fail(
                f"'{op}' cannot be used between the sides of a constraint; write '{op}='.", body.span
            )
        escape = None if element.soft is None else self._escape(element, evaluator, frame, sense)
        evaluator.writer.require(evaluator.condition(body, frame, 1), escape, frame.space())
        return written_rows(element, evaluator, 0)

    def _escape(self, element: ConstraintElement, evaluator: LogicEvaluator, frame: Frame, sense: str) -> Literals:
        """Adds a column per claim of a soft constraint that is 1 where it is given up, at a price."""
        cost = self._price(element, evaluator, frame, sense)
        zero, one = np.zeros(frame.size), np.ones(frame.size)
        name = element.name + SHORTFALL
        start = self._columns.add(name, frame.space(), zero, one, INTEGER, cost=cost)
        return Literals.of(np.arange(start, start + frame.size)).opposite()

    def _price(self, element: ConstraintElement, evaluator: Evaluator, frame: Frame, sense: str) -> np.ndarray:
        assert element.soft is not None
        weight = evaluator.spread(element.soft, frame)
        wrong = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
        if len(wrong):
            name, price = evaluator.where(frame, int(wrong[0])), weight[wrong[0]]
            text = f"The penalty of '{name}' is {price:g}, but it must be at least 0."
            raise evaluator.fail(text, element.soft.span)
        return weight if sense == "min" else -weight

    def _softened(self, comparison: Comparison, sense: str) -> Comparison:
        """Adds to a soft constraint columns that make up for a violation at a price."""
        element, evaluator, frame = comparison.element, comparison.evaluator, comparison.frame
        if not isinstance(element, ConstraintElement) or element.soft is None:
            return comparison
        cost = self._price(element, evaluator, frame, sense)
        form = comparison.form
        for ending, side, sign in ((SHORTFALL, comparison.lower, 1.0), (EXCESS, comparison.upper, -1.0)):
            if np.isfinite(side).any():
                number = len(self._columns.blocks)
                zero, top = np.zeros(frame.size), np.full(frame.size, math.inf)
                start = self._columns.add(
                    comparison.name + ending, frame.space(), zero, top, CONTINUOUS, unit=element.unit, cost=cost
                )
                columns = np.arange(start, start + frame.size, dtype=np.int32).reshape(frame.shape)
                form = form.plus(Form(linear=(Term((columns,), np.array(sign), (number,)),)))
        return replace(comparison, form=form)

    # Objective -----------------------------------------------------------------------------------------------

    def _objective(self, chosen: ObjectiveElement, evaluator: LogicEvaluator) -> tuple[Form, Form | None]:
        """Evaluates the objective; a ratio of linear forms gives two, the second one positive."""
        body, frame, side = chosen.body, Frame(), 1 if chosen.sense == "min" else -1
        soft = any(element.soft is not None for element in self._model.constraints)
        if isinstance(body, Binary) and body.op == "/" and evaluator.varies(body.right, frame) and not soft:
            top, bottom = evaluator.number(body.left, frame, 0), evaluator.number(body.right, frame, 0)
            sign = evaluator.sign_of(Flat.of(bottom, frame))
            if sign and not top.quadratic and not bottom.quadratic:
                return top.times(np.array(float(sign)), frame), bottom.times(np.array(float(sign)), frame)
        return evaluator.number(body, frame, side), None

    # Instance ------------------------------------------------------------------------------------------------

    def _instance(
        self,
        chosen: ObjectiveElement | None,
        sense: str,
        form: Form,
        bottom: Form | None,
        rows: MatrixRows,
    ) -> MatrixInstance:
        columns = self._columns
        cost = np.zeros(columns.count)
        hessian = None
        if chosen is not None:
            cost = _dense_costs(form.linear, cost)
            hessian = hessian_of(form.quadratic, columns.count)
            bad = not np.isfinite(cost).all() or (hessian is not None and not np.isfinite(hessian.value).all())
            if bad or not np.isfinite(form.constant):
                raise InputError.at(
                    f"A coefficient of the objective '{chosen.name}'{self._culprit(cost)} is not a finite number; "
                    "check the data.",
                    place=self.places.of(chosen.body.span),
                    element=chosen.name,
                )
        denominator = None
        if bottom is not None:
            denominator = Denominator(_dense_costs(bottom.linear, np.zeros(columns.count)), float(bottom.constant))
        return MatrixInstance(
            sense,
            cost + columns.costs(),
            float(form.constant),
            rows.matrix(),
            rows.lower,
            rows.upper,
            columns.lower,
            columns.upper,
            columns.integrality(),
            tuple(each.block for each in columns.blocks),
            tuple(rows.blocks),
            hessian,
            tuple(rows.quadratic),
            chosen.name if chosen is not None else "",
            hessian is None or is_convex(hessian, sense),
            rows.conditional(),
            tuple(group for _, group in self._groups),
            denominator,
            tuple(name for name, _ in self._groups),
        )

    def _culprit(self, cost: np.ndarray) -> str:
        bad = np.flatnonzero(~np.isfinite(cost))
        return f", that of '{self._columns.name_of(int(bad[0]))}'," if len(bad) else ""


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
