"""Small answers with known values, for tests of visualisers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solvitur.api import INTEGER, Block, MatrixInstance, Problem, Result, Solved, SparseRows, Status, Table


@dataclass
class World:
    """Gathers variables, constraints and tables into a `Solved`."""

    blocks: list[Block] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    costs: list[np.ndarray] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def variable(
        self,
        name: str,
        sets: dict[str, Sequence[Any]],
        values: Any,
        *,
        cost: float = 0.0,
        binary: bool = False,
        unit: str = "",
        description: str = "",
    ) -> World:
        """Adds a variable over the product of named sets; ``values`` in that shape."""
        array = np.asarray(values, dtype=np.float64).ravel()
        start = sum(block.count for block in self.blocks)
        labels = tuple(tuple(one) for one in sets.values())
        self.blocks.append(Block(name, start, len(array), labels, tuple(sets), None, unit, description))
        self.values.append(array)
        self.costs.append(np.full(len(array), cost))
        self.whole.append(binary)
        self.upper.append(1.0 if binary else np.inf)
        return self

    def table(self, name: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> World:
        """Adds a data table."""
        self.tables.append(Table.from_rows(name, header, rows))
        return self

    def solved(
        self, constraints: tuple[Block, ...] = (), matrix: SparseRows | None = None, upper: Any = ()
    ) -> Solved:
        """Builds the answer."""
        count = sum(block.count for block in self.blocks)
        answer = np.concatenate(self.values)
        whole = np.concatenate([np.full(b.count, w) for b, w in zip(self.blocks, self.whole, strict=True)])
        top = np.concatenate([np.full(b.count, u) for b, u in zip(self.blocks, self.upper, strict=True)])
        rows = matrix if matrix is not None else SparseRows.empty(0, count)
        instance = MatrixInstance(
            sense="min",
            cost=np.concatenate(self.costs),
            offset=0.0,
            matrix=rows,
            row_lower=np.full(rows.rows, -np.inf),
            row_upper=np.asarray(upper, dtype=np.float64) if rows.rows else np.zeros(0),
            column_lower=np.zeros(count),
            column_upper=top,
            integrality=np.where(whole, INTEGER, 0).astype(np.uint8),
            variables=tuple(self.blocks),
            constraints=constraints,
            objective_name="cost",
        )
        result = Result(Status.OPTIMAL, answer, instance.objective_at(answer))
        return Solved(Problem("test", tables=tuple(self.tables)), instance, result)
