"""Work on matrix instances: parts that do not touch, fixing, relaxing, windows along a set."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from solvitur.api import (
    CONTINUOUS,
    INTEGER,
    SEMI_INTEGER,
    Block,
    ConditionalRows,
    InputError,
    MatrixInstance,
    SparseRows,
)


def whole_columns(instance: MatrixInstance) -> np.ndarray:
    """Returns a mask of the columns that must be whole, shape (columns,)."""
    return np.isin(instance.integrality, (INTEGER, SEMI_INTEGER))


def parts_of(instance: MatrixInstance) -> list[tuple[np.ndarray, np.ndarray]]:
    """Returns the parts that share no variable and no constraint, as positions of columns and rows.

    Rows without entries belong to the first part, so that nothing is lost.

    Raises
    ------
    InputError
        If the instance has quadratic parts, which may couple what the matrix does not.
    """
    if instance.hessian is not None or instance.quadratic_rows:
        raise InputError.at("a model with quadratic parts cannot be split here")
    if instance.denominator is not None:
        raise InputError.at("a model whose objective is a ratio cannot be split: all of it is coupled")
    leader = np.arange(instance.columns)

    def find(column: int) -> int:
        while leader[column] != column:
            leader[column] = leader[leader[column]]
            column = int(leader[column])
        return column

    matrix = instance.matrix
    for row in range(instance.rows):
        columns = matrix.column[matrix.start[row] : matrix.start[row + 1]]
        if len(columns):
            first = find(int(columns[0]))
            for column in columns[1:].tolist():
                leader[find(column)] = first
    for group in _coupled(instance):
        first = find(group[0])
        for column in group[1:]:
            leader[find(column)] = first
    roots = np.array([find(column) for column in range(instance.columns)])
    counts = np.diff(matrix.start)
    row_root = np.full(instance.rows, roots[0] if len(roots) else 0)
    filled = counts > 0
    row_root[filled] = roots[matrix.column[matrix.start[:-1][filled]]]
    if instance.conditional is not None:
        row_root[instance.conditional.row] = roots[instance.conditional.column]
    _, first_at = np.unique(roots, return_index=True)
    ordered = roots[np.sort(first_at)]
    return [(np.flatnonzero(roots == root), np.flatnonzero(row_root == root)) for root in ordered]


def _coupled(instance: MatrixInstance) -> list[list[int]]:
    """Lists columns that belong together for another reason than a row: a condition, or that they must differ."""
    groups = [group.tolist() for group in instance.all_different if len(group)]
    if (conditions := instance.conditional) is not None:
        start, column = instance.matrix.start, instance.matrix.column
        for at, row in enumerate(conditions.row.tolist()):
            groups.append([int(conditions.column[at]), *column[start[row] : start[row + 1]].tolist()])
    return groups


def cut(instance: MatrixInstance, columns: np.ndarray, rows: np.ndarray) -> MatrixInstance:
    """Returns the instance of some columns and rows; their names are kept."""
    matrix = instance.matrix
    place = np.full(instance.columns, -1)
    place[columns] = np.arange(len(columns))
    entries = [np.arange(matrix.start[row], matrix.start[row + 1]) for row in rows.tolist()]
    picked = np.concatenate(entries) if entries else np.zeros(0, np.int64)
    start = np.concatenate([[0], np.cumsum([len(each) for each in entries])]).astype(np.int32)
    column = place[matrix.column[picked]].astype(np.int32)
    return replace(
        instance,
        conditional=_conditions_of(instance, place, rows),
        all_different=tuple(
            place[group].astype(np.int32) for group in instance.all_different if len(group) and place[group[0]] >= 0
        ),
        cost=instance.cost[columns],
        offset=0.0,
        matrix=SparseRows(len(rows), len(columns), start, column, matrix.value[picked]),
        row_lower=instance.row_lower[rows],
        row_upper=instance.row_upper[rows],
        column_lower=instance.column_lower[columns],
        column_upper=instance.column_upper[columns],
        integrality=instance.integrality[columns],
        variables=_named([instance.variable_of(int(c)) for c in columns], "columns"),
        constraints=_named([instance.constraint_of(int(r)) for r in rows], "rows"),
    )


def _conditions_of(instance: MatrixInstance, place: np.ndarray, rows: np.ndarray) -> ConditionalRows | None:
    """Returns the conditions of some rows, with the places of columns and rows in the part."""
    whole = instance.conditional
    if whole is None:
        return None
    row_place = np.full(instance.rows, -1)
    row_place[rows] = np.arange(len(rows))
    kept = row_place[whole.row] >= 0
    if not kept.any():
        return None
    return ConditionalRows(
        place[whole.column[kept]].astype(np.int32),
        whole.value[kept],
        row_place[whole.row[kept]].astype(np.int32),
    )


def _named(names: list[str], set_name: str) -> tuple[Block, ...]:
    return (Block("", 0, len(names), (tuple(names),), (set_name,)),) if names else ()


def fixed(instance: MatrixInstance, columns: np.ndarray, answer: np.ndarray) -> MatrixInstance:
    """Returns the instance with whole columns (a mask) fixed at an answer's rounded values."""
    lower, upper = instance.column_lower.copy(), instance.column_upper.copy()
    values = np.rint(answer[columns])
    lower[columns], upper[columns] = values, values
    kinds = instance.integrality.copy()
    kinds[columns] = INTEGER  # a fixed semi-integer column is no longer one
    return replace(instance, column_lower=lower, column_upper=upper, integrality=kinds)


def relaxed(instance: MatrixInstance, columns: np.ndarray) -> MatrixInstance:
    """Returns the instance with some integer columns (a mask) made continuous."""
    kinds = instance.integrality.copy()
    kinds[columns & (kinds == INTEGER)] = CONTINUOUS
    return replace(instance, integrality=kinds)


def windows(instance: MatrixInstance, over: str, count: int) -> list[np.ndarray]:
    """Returns masks of the whole columns, by stretches of a set's labels in their order.

    Raises
    ------
    InputError
        If no whole variable runs over that set.
    """
    whole = whole_columns(instance)
    place = np.full(instance.columns, -1)
    length, known = 0, set[str]()
    for block in instance.own_variables:
        known.update(block.set_names)
        if over not in block.set_names:
            continue
        dimension = block.set_names.index(over)
        labels = block.sets[dimension]
        at = {label: number for number, label in enumerate(labels)}
        length = max(length, len(labels))
        for offset, label in enumerate(block.labels()):
            place[block.start + offset] = at[label[dimension]]
    if not (whole & (place >= 0)).any():
        text = (
            f"no whole variable runs over '{over}'; the variables run over: {', '.join(sorted(known)) or 'nothing'}"
        )
        raise InputError.at(text, element=over)
    edges = np.linspace(0, length, min(count, length) + 1).round().astype(int)
    return [whole & (place >= low) & (place < high) for low, high in pairwise(edges)]
