"""Where in a table findings and elements are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.gui.selection import Selected
from solvitur.gui.understand.tables.cells import edit_text
from solvitur.language.data_rows import table_origin
from solvitur.problem.findings import Finding
from solvitur.problem.tables import Table

_MOST_ROWS_SEARCHED = 200_000


def bad_cells(table: Table, findings: Sequence[Finding]) -> dict[tuple[int, int], Finding]:
    """Returns the findings that point at rows of this table, by row and column; the first one of each cell."""
    origin = table_origin(table)
    found: dict[tuple[int, int], Finding] = {}
    if not table.columns:
        return found
    for finding in findings:
        place = finding.place
        row = place.line - origin.first_row
        if not place.file or place.file != origin.place.file or not 0 <= row < table.row_count:
            continue
        name = finding.element.partition("[")[0]
        named = [k for k, column in enumerate(table.columns) if column.name == name]
        column = place.column - 1 if 0 < place.column <= len(table.columns) else (named or [0])[0]
        found.setdefault((row, column), finding)
    return found


def find_element(table: Table, selected: Selected, label_columns: Sequence[int]) -> tuple[int, int] | None:
    """Returns the cell of an element such as ``cost[Seattle, Chicago]``; None when this table does not hold it."""
    columns = [k for k, column in enumerate(table.columns) if column.name == selected.name]
    if not columns or not selected.index or len(label_columns) != len(selected.index):
        return None
    if table.row_count > _MOST_ROWS_SEARCHED:
        return None
    fitting = np.ones(table.row_count, dtype=bool)
    for k, label in zip(label_columns, selected.index, strict=True):
        fitting &= np.array([edit_text(value) == label for value in table.columns[k].values.tolist()], dtype=bool)
    rows = np.flatnonzero(fitting)
    return (int(rows[0]), columns[0]) if len(rows) else None
