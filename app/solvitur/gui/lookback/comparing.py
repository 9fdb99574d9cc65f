"""Comparison of runs: figures side by side, and the values that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvitur.gui.lookback.answer_table import BlockTable, NumberColumn
from solvitur.gui.lookback.opened import Opened
from solvitur.gui.numbers import counted, duration, percent, show
from solvitur.gui.outcomes import brief
from solvitur.problem.instance import Block, Label
from solvitur.problem.result import relative_gap
from solvitur.problem.runs import Run

MOST_RUNS = 6
_MOST_MATCHED = 200_000
"""Blocks over different sets are matched label by label up to this size."""
_SAME = 1e-6
"""Values nearer than this, relative to their size, count as equal."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two or more runs: ``figures`` are rows of a word and one text per run; ``tables`` hold what differs."""

    runs: tuple[Run, ...]
    figures: tuple[tuple[str, tuple[str, ...]], ...]
    tables: tuple[BlockTable, ...]
    summary: str


def compare(opened: Sequence[Opened]) -> Comparison:
    """Compares runs; for a background thread."""
    runs = tuple(each.run for each in opened)
    titles = tuple(f"run {run.number}" for run in runs)
    tables: list[BlockTable] = []
    differing = total = 0
    unmatched: list[str] = []
    names = dict.fromkeys(table.block.name for each in opened for table in each.values)
    for name in names:
        found = [next((t for t in each.values if t.block.name == name), None) for each in opened]
        present = [table for table in found if table is not None]
        if len(present) < len(found):
            unmatched.append(name)
            continue
        table, count = _differences(present, titles)
        total += count
        if table is not None:
            differing += table.block.count
            tables.append(table)
    return Comparison(runs, _figures(runs), tuple(tables), _summary(opened, differing, total, unmatched))


def _figures(runs: Sequence[Run]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = {
        "state": [brief(run.status).word for run in runs],
        "verified": ["yes" if run.verified else "no" for run in runs],
        "objective": [show(run.objective) for run in runs],
        "bound": [show(run.bound) for run in runs],
        "gap": [percent(relative_gap(run.objective, run.bound)) for run in runs],
        "solve time": [duration(run.seconds.get("solve")) for run in runs],
        "whole time": [duration(sum(run.seconds.values())) for run in runs],
        "solver": [f"{run.solver} {run.version}".strip() for run in runs],
        "time limit": [f"{show(run.choice.limits.time_limit_s)} s" for run in runs],
        "wanted gap": [percent(run.choice.limits.relative_gap) for run in runs],
        "threads": [show(run.choice.limits.threads) for run in runs],
        "seed": [str(run.choice.limits.seed) for run in runs],
        "problem": _letters([run.problem_hash for run in runs]),
    }
    return tuple((word, tuple(texts)) for word, texts in rows.items())


def _letters(hashes: Sequence[str]) -> list[str]:
    """Names equal problems by equal letters, so that one sees whether the runs solved the same one."""
    known = list(dict.fromkeys(hashes))
    if len(known) == 1:
        return ["the same"] * len(hashes)
    return [f"version {chr(ord('A') + known.index(each) % 26)}" for each in hashes]


def _summary(opened: Sequence[Opened], differing: int, total: int, unmatched: Sequence[str]) -> str:
    without = [f"run {each.run.number}" for each in opened if not each.values]
    if without:
        return f"{' and '.join(without)} {'has' if len(without) == 1 else 'have'} no values to compare."
    words = "All values are equal." if not differing else f"{show(differing)} of {counted(total, 'value')} differ."
    if unmatched:
        named = ", ".join(f"'{name}'" for name in unmatched[:4])
        words += f" {named} is not in every run."
    return words


def _differences(tables: Sequence[BlockTable], titles: Sequence[str]) -> tuple[BlockTable | None, int]:
    """Returns the elements whose values differ, and how many elements were looked at."""
    first = tables[0].block
    if all(_same_shape(first, table.block) for table in tables):
        values = np.vstack([table.columns[0].values for table in tables])
        apart = _apart(values)
        picked = np.flatnonzero(apart)
        codes = tuple(tables[0].codes(d)[picked] for d in range(len(first.sets)))
        return _table(first, first.sets, codes, values[:, picked], titles), first.count
    if max(table.block.count for table in tables) > _MOST_MATCHED:
        return None, max(table.block.count for table in tables)
    return _matched(tables, titles)


def _matched(tables: Sequence[BlockTable], titles: Sequence[str]) -> tuple[BlockTable | None, int]:
    """Matches elements by their labels, when the index sets have changed between the runs."""
    known = [dict(zip(table.block.labels(), table.columns[0].values.tolist(), strict=True)) for table in tables]
    labels = list(dict.fromkeys(label for each in known for label in each))
    values = np.array([[each.get(label, np.nan) for label in labels] for each in known], dtype=np.float64)
    picked = np.flatnonzero(_apart(values))
    width = max((len(label) for label in labels), default=0)
    sets = tuple(tuple(dict.fromkeys(label[d] for label in labels)) for d in range(width))
    places = [{label: at for at, label in enumerate(one)} for one in sets]
    codes = tuple(np.array([places[d][labels[n][d]] for n in picked.tolist()], dtype=np.int64) for d in range(width))
    return _table(tables[0].block, sets, codes, values[:, picked], titles), len(labels)


def _apart(values: np.ndarray) -> np.ndarray:
    absent = np.isnan(values)
    filled = np.where(absent, 0.0, values)
    spread = filled.max(axis=0) - filled.min(axis=0)
    size = np.maximum(1.0, np.abs(filled).max(axis=0))
    apart: np.ndarray = (spread > _SAME * size) | (absent.any(axis=0) & ~absent.all(axis=0))
    return apart


def _table(
    block: Block,
    sets: tuple[tuple[Label, ...], ...],
    codes: tuple[np.ndarray, ...],
    values: np.ndarray,
    titles: Sequence[str],
) -> BlockTable | None:
    count = values.shape[1]
    if not count:
        return None
    kept = Block(block.name, 0, count, sets, block.set_names, codes if sets else None, block.unit, block.description)
    change = values[-1] - values[0]
    columns = [NumberColumn("change", change, block.unit, f"{titles[-1]} less {titles[0]}")]
    columns += [NumberColumn(title, row, block.unit) for title, row in zip(titles, values, strict=True)]
    return BlockTable(kept, tuple(columns))


def _same_shape(one: Block, other: Block) -> bool:
    if one.count != other.count or one.sets != other.sets or (one.codes is None) != (other.codes is None):
        return False
    if one.codes is None or other.codes is None:
        return True
    return all(np.array_equal(a, b) for a, b in zip(one.codes, other.codes, strict=True))
