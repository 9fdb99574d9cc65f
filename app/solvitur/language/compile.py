"""Compiles a bound model to arrays: whole index sets at once, never one object per coefficient."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator, Variable
from solvitur.language.arrays_forms import Form, Term
from solvitur.language.arrays_frames import Frame
from solvitur.language.arrays_spaces import Labels, Quantity, Space
from solvitur.language.compile_constraints import bounded, sides
from solvitur.language.compile_quadratic import hessian_of, quadratic_rows
from solvitur.language.compile_rows import RowPart, rows_of
from solvitur.language.data import Bound
from solvitur.language.elements import (
    ConstraintElement,
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
    QuadraticRow,
    SparseRows,
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


@dataclass(frozen=True, eq=False)
class _Rows:
    block: Block
    part: RowPart
    lower: np.ndarray
    upper: np.ndarray


class _Compiler:
    """Compiles one model; also the scope in which its expressions are evaluated."""

    def __init__(self, model: Model, bound: Bound) -> None:
        self._model = model
        self._bound = bound
        self._variables: dict[str, Variable] = {}
        self._columns: list[_Columns] = []
        self._rows: list[_Rows] = []
        self._quadratic: list[QuadraticRow] = []
        self._ranges: dict[tuple[int, int], Labels] = {}
        self._column_count = 0
        self._row_count = 0

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
        for constraint in self._model.constraints:
            self._add_constraint(constraint, sense)
        form = Form()
        if chosen is not None:
            form = Evaluator(self, chosen.name).form(chosen.body, Frame())
        return self._instance(chosen, sense, form)

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
        binary = element.domain is Domain.BINARY
        lower = np.full(space.count, 0.0 if binary else -math.inf)
        upper = np.full(space.count, 1.0 if binary else math.inf)
        if element.lower is not None:
            lower = np.maximum(lower, self._bounds(evaluator, element.lower, frame))
        if element.upper is not None:
            upper = np.minimum(upper, self._bounds(evaluator, element.upper, frame))
        code = _CODES[element.domain]
        if code == SEMI_CONTINUOUS:
            lower = np.maximum(lower, 0.0)
        number = len(self._columns)
        start = self._add_columns(element.name, space, element.unit, element.description, lower, upper, code)
        self._variables[element.name] = Variable(element.name, number, space, start)

    def _bounds(self, evaluator: Evaluator, expr: Expr, frame: Frame) -> np.ndarray:
        values = evaluator.spread(expr, frame)
        if np.isnan(values).any():
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
        block = _block(name, start, space, unit, description)
        self._columns.append(_Columns(block, lower, upper, code, cost))
        return start

    # Constraints ---------------------------------------------------------------------------------------------

    def _add_constraint(self, element: ConstraintElement, sense: str) -> None:
        evaluator = Evaluator(self, element.name)
        frame = evaluator.grower.growth(Frame(), element.binders, element.condition).frame
        parts = [
            part
            for low, middle, high in sides(element.body, evaluator)
            for part in bounded(evaluator, low, middle, high, frame)
        ]
        for number, (form, lower, upper) in enumerate(parts, 1):
            name = element.name if number == 1 else f"{element.name}:{number}"
            if element.soft is not None:
                form = self._softened(element, name, evaluator, frame, form, lower, upper, sense)
            self._add_rows(element, name, evaluator, frame, form, lower, upper)

    def _softened(
        self,
        element: ConstraintElement,
        name: str,
        evaluator: Evaluator,
        frame: Frame,
        form: Form,
        lower: np.ndarray,
        upper: np.ndarray,
        sense: str,
    ) -> Form:
        """Adds columns that make up for a violation at a price."""
        assert element.soft is not None
        weight = evaluator.spread(element.soft, frame)
        if not (np.isfinite(weight) & (weight >= 0)).all():
            cell = int(np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))[0])
            raise evaluator.fail(
                f"The penalty of '{evaluator.where(frame, cell)}' is {weight[cell]:g}, but it must be at least 0.",
                element.soft.span,
            )
        cost = weight if sense == "min" else -weight
        terms = []
        for ending, side, sign in ((SHORTFALL, lower, 1.0), (EXCESS, upper, -1.0)):
            if not np.isfinite(side).any():
                continue
            number = len(self._columns)
            zero, top = np.zeros(frame.size), np.full(frame.size, math.inf)
            start = self._add_columns(name + ending, frame.space(), element.unit, "", zero, top, CONTINUOUS, cost)
            columns = np.arange(start, start + frame.size, dtype=np.int32).reshape(frame.shape)
            terms.append(Term((columns,), np.array(sign), (number,)))
        return Form(form.constant, form.linear + tuple(terms), form.quadratic)

    def _add_rows(
        self,
        element: ConstraintElement,
        name: str,
        evaluator: Evaluator,
        frame: Frame,
        form: Form,
        lower: np.ndarray,
        upper: np.ndarray,
    ) -> None:
        space = frame.space()
        part = rows_of(form.linear, frame)
        self._require_finite(part, lower, upper, evaluator, frame, element)
        products = quadratic_rows(form.quadratic, frame, self._column_count, 0) if form.quadratic else []
        constant = np.diff(part.start) == 0
        constant[np.array([row.row for row in products], np.intp)] = False
        if constant.any():
            slack = 1e-9 * np.maximum(1.0, np.minimum(np.abs(lower), np.abs(upper)))
            kept = ~(constant & (lower <= slack) & (upper >= -slack))
            if not kept.all():
                numbers = np.cumsum(kept) - 1
                products = [QuadraticRow(int(numbers[q.row]), q.first, q.second, q.value) for q in products]
                part, lower, upper, space = _selected(part, lower, upper, space, np.flatnonzero(kept))
        block = _block(name, self._row_count, space, element.unit, element.description)
        self._rows.append(_Rows(block, part, lower, upper))
        self._quadratic += [QuadraticRow(self._row_count + q.row, q.first, q.second, q.value) for q in products]
        self._row_count += space.count

    def _require_finite(
        self,
        part: RowPart,
        lower: np.ndarray,
        upper: np.ndarray,
        evaluator: Evaluator,
        frame: Frame,
        element: ConstraintElement,
    ) -> None:
        # The sum is not finite if a coefficient is not; it needs no temporary array of truths.
        doubtful = not math.isfinite(float(part.value.sum()))
        if doubtful and not np.isfinite(part.value).all():
            entry = int(np.flatnonzero(~np.isfinite(part.value))[0])
            row = int(np.searchsorted(part.start, entry, "right")) - 1
            what = "A coefficient"
        else:
            wrong = np.flatnonzero(~((lower < math.inf) & (upper > -math.inf)))
            if not len(wrong):
                return
            row, what = int(wrong[0]), "A side"
        raise evaluator.fail(
            f"{what} of '{evaluator.where(frame, row)}' is not a finite number; check the data.", element.body.span
        )

    # Instance ------------------------------------------------------------------------------------------------

    def _instance(self, chosen: ObjectiveElement | None, sense: str, form: Form) -> MatrixInstance:
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
            self._matrix(),
            _joined([each.lower for each in self._rows]),
            _joined([each.upper for each in self._rows]),
            _joined([each.lower for each in self._columns]),
            _joined([each.upper for each in self._columns]),
            integrality,
            tuple(each.block for each in self._columns),
            tuple(each.block for each in self._rows),
            hessian,
            tuple(self._quadratic),
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

    def _matrix(self) -> SparseRows:
        parts = [each.part for each in self._rows]
        total = sum(len(part.column) for part in parts)
        kind = np.int32 if total < 2**31 else np.int64
        start = np.zeros(self._row_count + 1, kind)
        row, entries = 0, 0
        for part in parts:
            start[row + 1 : row + part.rows + 1] = part.start[1:] + entries
            row += part.rows
            entries += len(part.column)
        column = _joined([part.column for part in parts], np.int32)
        return SparseRows(self._row_count, self._column_count, start, column, _joined([part.value for part in parts]))


def _joined(arrays: Sequence[np.ndarray], kind: type = np.float64) -> np.ndarray:
    if len(arrays) == 1:
        return np.ascontiguousarray(arrays[0])
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def _block(name: str, start: int, space: Space, unit: str, description: str) -> Block:
    labels = tuple(universe.labels for universe in space.universes)
    names = tuple(universe.name for universe in space.universes)
    return Block(name, start, space.count, labels, names, space.codes, unit, description)


def _selected(
    part: RowPart, lower: np.ndarray, upper: np.ndarray, space: Space, rows: np.ndarray
) -> tuple[RowPart, np.ndarray, np.ndarray, Space]:
    """Keeps some rows; those that go have no entries."""
    start = np.append(part.start[rows], part.start[-1])
    codes = tuple(space.component(d)[rows] for d in range(space.arity))
    kept = Space(space.universes, space.names, codes) if space.arity else space
    if not space.arity and not len(rows):
        kept = Space((Labels("", ()),), ("",))
    return RowPart(start, part.column, part.value), lower[rows], upper[rows], kept


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
