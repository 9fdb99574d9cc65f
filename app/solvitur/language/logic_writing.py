"""Writes conditions as rows: what holds always, what holds under a condition, and columns for truths.

A column for a truth is written one way only where one way is enough: in ``count(...) <= 3`` a condition that holds
must count, but one that does not may; this spares rows and tolerances (Plaisted and Greenbaum 1986).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from solvitur.language.arrays_flat import Flat
from solvitur.language.arrays_spaces import Space
from solvitur.language.compile_columns import Columns
from solvitur.language.logic_conditions import (
    Atom,
    Condition,
    Different,
    Joined,
    Literals,
    Over,
    Same,
    negated,
    taken,
)

STRICT = 1e-4
"""How far apart two sides of ``<`` must be where they are not whole numbers, relative to ``max(1, |constant|)``."""
_ZERO = 1e-12


@dataclass(frozen=True, eq=False)
class FlatRow:
    """Rows ``lower <= form <= upper`` of one element, each under a condition or always (``when`` None)."""

    form: Flat
    lower: np.ndarray
    upper: np.ndarray
    when: Literals | None = None
    space: Space | None = None


@dataclass(eq=False)
class Writer:
    """Writes the conditions of one element of the model."""

    element: str
    columns: Columns
    refuse: Callable[[str], Exception]
    """Builds the error for the part of the text at hand."""
    rows: list[FlatRow] = field(default_factory=list)
    groups: list[tuple[str, np.ndarray]] = field(default_factory=list)
    """Columns no two of which may be equal, with the name of the element that says so."""
    _both: dict[int, tuple[Condition, Literals]] = field(default_factory=dict)

    # What holds ----------------------------------------------------------------------------------------------

    def require(self, condition: Condition, when: Literals | None = None, space: Space | None = None) -> None:
        """Writes that a condition holds, wherever the literals ``when`` do."""
        if when is not None and not when.sign.any() and when.fixed.all():
            when = None
        match condition:
            case Literals():
                self._clause([condition], when, condition.count)
            case Atom():
                self._require_atom(condition, when, space)
            case Joined(op="and", parts=parts):
                for part in parts:
                    self.require(part, when, space)
            case Joined(parts=parts, count=count):
                self._any_of(parts, when, count)
            case Over(op="and", owner=owner, body=body):
                self.require(body, when.taken(owner) if when is not None else None)
            case Over(owner=owner, body=body, count=count):
                total = self.literals(body).number().summed(owner, count)
                self._at_least_one(total if when is None else total.plus(when.opposite().number()))
            case Same():
                self._same(condition, when)
            case Different():
                if when is None:
                    self._different(condition)
                else:
                    self.require(condition.pairs(), when)

    def add(self, form: Flat, lower: np.ndarray | float, upper: np.ndarray | float) -> None:
        """Adds rows that always hold."""
        sides = [np.broadcast_to(np.asarray(side, np.float64), (form.count,)) for side in (lower, upper)]
        self.rows.append(FlatRow(form, sides[0] - form.constant, sides[1] - form.constant))

    def linear(self, form: Flat) -> Flat:
        """Returns a form without products: columns that are equal to it, if it has some."""
        if not len(form.products.point):
            return form
        grain = form.grain(self.columns)
        least, most = form.range(self.columns)
        step = grain or 1.0
        column = self.columns.add_parts(self.element, least / step, most / step, whole=grain > 0)
        fresh = Flat.columns(column, step)
        self.add(form.minus(fresh), 0.0, 0.0)
        return fresh

    def _at_least_one(self, total: Flat) -> None:
        least, _ = total.range(self.columns)
        open_cells = np.flatnonzero(least < 1.0 - _ZERO)
        if len(open_cells):
            total = total.taken(open_cells)
            self.add(total, 1.0, np.inf)

    def _clause(self, parts: Sequence[Literals], when: Literals | None, count: int) -> None:
        total = Flat.numbers(np.zeros(count))
        for part in [*parts, *([when.opposite()] if when is not None else [])]:
            total = total.plus(part.number())
        self._at_least_one(total)

    def _require_atom(self, atom: Atom, when: Literals | None, space: Space | None) -> None:
        if atom.op == "!=":
            below, above = Atom(atom.form, "<"), Atom(atom.form.times(-1.0), "<")
            self._any_of([below, above], when, atom.count)
            return
        if when is None:
            self._write_rows(atom, None, space)
            return
        known, literals = self._plain(atom)
        cells = np.flatnonzero(known)
        if len(cells):
            self._clause([literals.taken(cells)], when.taken(cells), len(cells))
        always = np.flatnonzero(~known & (when.sign == 0) & when.fixed)
        if len(always):
            self._write_rows(Atom(atom.form.taken(always), atom.op), None, None)
        under = np.flatnonzero(~known & (when.sign != 0))
        if len(under):
            self._write_rows(Atom(atom.form.taken(under), atom.op), when.taken(under), None)

    def _write_rows(self, atom: Atom, when: Literals | None, space: Space | None) -> None:
        form = atom.form if when is None else self.linear(atom.form)
        form = form.merged()
        upper = -form.constant
        if atom.op == "<":
            upper = upper - self._gap(form)
        lower = upper if atom.op == "==" else np.full(form.count, -np.inf)
        if when is None and space is None:
            _, most = form.range(self.columns)
            open_cells = np.flatnonzero((most > upper + form.constant + _ZERO) | (atom.op == "=="))
            if len(open_cells) < form.count:
                form, lower, upper = form.taken(open_cells), lower[open_cells], upper[open_cells]
        if form.count:
            self.rows.append(FlatRow(form, lower, upper, when, space))

    def _gap(self, form: Flat) -> np.ndarray:
        """Returns by how much a form must be below zero to count as below: one step where it has steps."""
        grain = form.grain(self.columns)
        if grain:
            return np.full(form.count, grain)
        gap: np.ndarray = STRICT * np.maximum(1.0, np.abs(form.constant))
        return gap

    # Alternatives --------------------------------------------------------------------------------------------

    def _any_of(self, parts: Sequence[Condition], when: Literals | None, count: int) -> None:
        """Writes that one of several conditions holds."""
        literals = [when.opposite()] if when is not None else []
        heavy: list[Condition] = []
        for part in parts:
            ready = self._ready(part)
            if ready is None:
                heavy.append(part)
            else:
                literals.append(ready)
        alone = len(literals) == 1 and (literals[0].sign != 0).all()
        if len(heavy) == 1 and (alone or not literals):
            self.require(heavy[0], literals[0].opposite() if literals else None)
        elif len(heavy) == 2 and not literals:
            choice = Literals.of(self.columns.add_binaries(self.element, count))
            self.require(heavy[0], choice)
            self.require(heavy[1], choice.opposite())
        else:
            self._clause([*literals, *(self.literals(part) for part in heavy)], None, count)

    def _same(self, condition: Same, when: Literals | None) -> None:
        left, right = condition.left, condition.right
        if self._ready(left) is None and self._ready(right) is not None:
            left, right = right, left
        truth = self.both(left)
        if not condition.positive:
            truth = truth.opposite()
        if when is None:
            self.require(right, truth)
            self.require(negated(right), truth.opposite())
        else:
            other = self.both(right)
            self._clause([truth.opposite(), other], when, condition.count)
            self._clause([truth, other.opposite()], when, condition.count)

    def _different(self, condition: Different) -> None:
        form = condition.form.merged()
        grain = form.grain(self.columns)
        if not grain:
            raise self.refuse("'all_different' compares whole numbers, but here a value may be fractional")
        counts = np.bincount(form.point, minlength=form.count)
        plain = bool((counts == 1).all() and (form.value == 1).all() and not form.constant.any())
        if plain and not len(form.products.point):
            column = form.column
        else:
            least, most = form.range(self.columns)
            column = self.columns.add_parts(self.element, least / grain, most / grain, whole=True)
            self.add(form.minus(Flat.columns(column, grain)), 0.0, 0.0)
        ends = np.searchsorted(condition.owner, np.arange(condition.count + 1))
        groups = (column[start:end] for start, end in pairwise(ends.tolist()))
        self.groups.extend((self.element, np.ascontiguousarray(group)) for group in groups if len(group) > 1)

    # Truths --------------------------------------------------------------------------------------------------

    def literals(self, condition: Condition) -> Literals:
        """Returns literals that hold only where the condition does."""
        ready = self._ready(condition)
        if ready is not None:
            return ready
        if isinstance(condition, Atom):
            known, literals = self._plain(condition)
            cells = np.flatnonzero(~known)
            fresh = self.columns.add_binaries(self.element, len(cells))
            self.require(taken(condition, cells), Literals.of(fresh))
            return _filled(literals, cells, fresh)
        if isinstance(condition, Over):
            return self._over(condition)
        truth = Literals.of(self.columns.add_binaries(self.element, condition.count))
        self.require(condition, truth)
        return truth

    def _over(self, condition: Over) -> Literals:
        """Fixes groups without members, so that a choice by data costs nothing."""
        filled = np.bincount(condition.owner, minlength=condition.count) > 0
        literals = Literals.known(np.full(condition.count, condition.op == "and"))
        cells = np.flatnonzero(filled)
        fresh = self.columns.add_binaries(self.element, len(cells))
        again = np.searchsorted(cells, condition.owner)
        self.require(Over(condition.op, again, condition.body, len(cells)), Literals.of(fresh))
        return _filled(literals, cells, fresh)

    def both(self, condition: Condition) -> Literals:
        """Returns literals that hold just where the condition does."""
        ready = self._ready(condition)
        if ready is not None:
            return ready
        kept = self._both.get(id(condition))
        if kept is not None:
            return kept[1]
        fresh = Literals.of(self.columns.add_binaries(self.element, condition.count))
        self._both[id(condition)] = (condition, fresh)
        self.require(condition, fresh)
        self.require(negated(condition), fresh.opposite())
        return fresh

    def _ready(self, condition: Condition) -> Literals | None:
        """Returns the literals of a condition that needs no new column; None when it does."""
        if isinstance(condition, Literals):
            return condition
        if isinstance(condition, Atom):
            known, literals = self._plain(condition)
            return literals if known.all() else None
        return None

    def _plain(self, atom: Atom) -> tuple[np.ndarray, Literals]:
        """Finds cells that are decided by the ranges of their columns, or by a single binary column."""
        form = atom.form.merged()
        least, most = form.range(self.columns)
        holds, fails = _decided(atom.op, least, most)
        known, fixed = holds | fails, holds
        column, sign = np.zeros(form.count, np.int32), np.zeros(form.count, np.int8)
        if not len(form.products.point):
            single = np.bincount(form.point, minlength=form.count) == 1
            entry = np.flatnonzero(single[form.point])
            cells, columns = form.point[entry], form.column[entry]
            binary = self.columns.binary[columns]
            cells, columns, value = cells[binary], columns[binary], form.value[entry][binary]
            at_zero = _truth(atom.op, form.constant[cells])
            at_one = _truth(atom.op, form.constant[cells] + value)
            column[cells], sign[cells] = columns, np.where(at_zero == at_one, 0, np.where(at_one, 1, -1))
            fixed[cells] = at_zero & at_one
            known[cells] = True
        return known, Literals(column, sign, fixed & (sign == 0))


def _filled(literals: Literals, cells: np.ndarray, fresh: np.ndarray) -> Literals:
    """Puts new columns in the place of cells."""
    column, sign, fixed = literals.column.copy(), literals.sign.copy(), literals.fixed.copy()
    column[cells], sign[cells], fixed[cells] = fresh, 1, False
    return Literals(column, sign, fixed)


def _decided(op: str, least: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tells from the ranges of forms where they certainly compare so with zero, and where they certainly do not."""
    match op:
        case "<=":
            return most <= 0, least > _ZERO
        case "<":
            return most < -_ZERO, least >= 0
        case "==":
            return (least == 0) & (most == 0), (least > _ZERO) | (most < -_ZERO)
    return (least > _ZERO) | (most < -_ZERO), (least == 0) & (most == 0)


def _truth(op: str, values: np.ndarray) -> np.ndarray:
    match op:
        case "<=":
            found = values <= _ZERO
        case "<":
            found = values < -_ZERO
        case "==":
            found = np.abs(values) <= _ZERO
        case _:
            found = np.abs(values) > _ZERO
    return np.asarray(found)
