"""How far the columns and rows of an instance reach: by the bounds given, and by what the rows imply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvitur.problem.implied_bounds import implied_bounds
from solvitur.problem.instance import INTEGER, SEMI_CONTINUOUS, SEMI_INTEGER, Block, MatrixInstance


@dataclass(frozen=True, eq=False)
class Reach:
    """Least and greatest values of columns, float64, shape (columns,)."""

    instance: MatrixInstance
    low: np.ndarray
    high: np.ndarray

    def rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns the least and greatest value of every row's left-hand side."""
        instance = self.instance
        matrix = instance.matrix
        row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
        a, b = matrix.value * self.low[matrix.column], matrix.value * self.high[matrix.column]
        least = np.bincount(row, weights=np.minimum(a, b), minlength=matrix.rows)
        most = np.bincount(row, weights=np.maximum(a, b), minlength=matrix.rows)
        for part in instance.quadratic_rows:
            a, b = self.products(part.first, part.second)
            ends = part.value * a, part.value * b
            least[part.row] += np.minimum(*ends).sum()
            most[part.row] += np.maximum(*ends).sum()
        return least, most

    def products(self, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the least and greatest values of products of two columns."""
        with np.errstate(invalid="ignore"):
            corners = np.array([a[first] * b[second] for a in (self.low, self.high) for b in (self.low, self.high)])
        corners = np.where(np.isnan(corners), 0.0, corners)
        least, most = corners.min(axis=0), corners.max(axis=0)
        return np.where((first == second) & (least < 0), 0.0, least), most

    def wanted(self, row: int, *, top: bool, what: str = "") -> str:
        """Says which variable needs a bound so that a row has one."""
        name = self.instance.constraint_of(row).split(":")[0].split("[")[0]
        column, upper = self._culprit(row, top=top)
        if column < 0:
            return f"it needs {what}bounds on the variables of '{name}'"
        side = "an upper" if upper else "a lower"
        side = side if not what else ("a narrower upper" if upper else "a narrower lower")
        variable = self.instance.variable_of(column)
        return f"it needs {side} bound on '{variable}', because of the condition in '{name}'"

    def _culprit(self, row: int, *, top: bool) -> tuple[int, bool]:
        """Finds a variable of the model that makes a row reach furthest, through auxiliary columns if need be."""
        waiting, seen = [(row, top)], {row}
        while waiting:
            at, high = waiting.pop(0)
            for column, upper in self._widest(at, high=high):
                if not self._block(column).auxiliary:
                    return column, upper
                for other in self._rows_with(column):
                    if other not in seen:
                        seen.add(other)
                        waiting.append((other, upper))
        return -1, True

    def _widest(self, row: int, *, high: bool) -> list[tuple[int, bool]]:
        """Lists the columns of a row, those that reach furthest first, and whether by their upper bound."""
        matrix = self.instance.matrix
        part = slice(matrix.start[row], matrix.start[row + 1])
        columns, values = matrix.column[part], matrix.value[part]
        up = (values > 0) == high
        size = np.abs(values * np.where(up, self.high[columns], self.low[columns]))
        order = [k for k in np.argsort(-size, kind="stable").tolist() if size[k] > 1e3]
        return [(int(columns[k]), bool(up[k])) for k in order]

    def _rows_with(self, column: int) -> list[int]:
        matrix = self.instance.matrix
        entries = np.flatnonzero(matrix.column == column)
        rows: list[int] = (np.searchsorted(matrix.start, entries, "right") - 1).tolist()
        return rows

    def _block(self, column: int) -> Block:
        return next(b for b in self.instance.variables if b.start <= column < b.start + b.count)


def reach_of(instance: MatrixInstance, *, given_only: bool = False) -> Reach:
    """Returns how far an instance reaches: by its bounds, and unless ``given_only`` by its rows that always hold."""
    low, high = instance.column_lower.copy(), instance.column_upper.copy()
    semi = (instance.integrality == SEMI_CONTINUOUS) | (instance.integrality == SEMI_INTEGER)
    low[semi], high[semi] = np.minimum(low[semi], 0.0), np.maximum(high[semi], 0.0)
    if given_only:
        return Reach(instance, low, high)
    always = np.ones(instance.rows, bool)
    always[[part.row for part in instance.quadratic_rows]] = False
    if instance.conditional is not None:
        always[instance.conditional.row] = False
    sides = np.where(always, instance.row_lower, -np.inf), np.where(always, instance.row_upper, np.inf)
    whole = (instance.integrality == INTEGER) | (instance.integrality == SEMI_INTEGER)
    return Reach(instance, *implied_bounds(instance.matrix, sides, (low, high), whole))
