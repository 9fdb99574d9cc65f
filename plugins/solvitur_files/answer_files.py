"""Writes answers: values by name, as a table (CSV) or with status and objective (JSON)."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from solvitur.api import Block, InputError, MatrixInstance, Solved


class AnswerTable:
    """Writes one line per variable element: its name, its indices, its value."""

    name, title = "answer-csv", "Answer as a table (CSV)"
    suffixes: tuple[str, ...] = (".csv",)

    def accepts(self, thing: object) -> bool:
        """Accepts answers over rows and columns."""
        return _is_answer(thing)

    def write(self, thing: Any, path: Path) -> None:
        """Writes the values.

        Raises
        ------
        InputError
            If there is no answer.
        """
        values = _values(thing)
        blocks: tuple[Block, ...] = thing.instance.own_variables
        width = max((len(block.sets) for block in blocks), default=0)
        plain = all(not block.name for block in blocks)
        header = ["variable", "value"] if plain else ["variable", *(f"index {k + 1}" for k in range(width)), "value"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for block in blocks:
                for label, value in zip(block.labels(), values[block.start :].tolist(), strict=False):
                    indices = [*label, *[""] * (width - len(label))]
                    writer.writerow([*label, repr(value)] if plain else [block.name, *indices, repr(value)])


class AnswerJson:
    """Writes status, objective and values, nested by index."""

    name, title = "answer-json", "Answer (JSON)"
    suffixes: tuple[str, ...] = (".json",)

    def accepts(self, thing: object) -> bool:
        """Accepts answers over rows and columns."""
        return _is_answer(thing)

    def write(self, thing: Any, path: Path) -> None:
        """Writes the answer.

        Raises
        ------
        InputError
            If there is no answer.
        """
        values = _values(thing)
        result, verification = thing.result, thing.verification
        document = {
            "problem": thing.problem.name,
            "status": result.status.value,
            "objective": _finite(result.objective),
            "bound": _finite(result.bound),
            "sense": thing.instance.sense,
            "verified": bool(verification and verification.passed),
            "values": dict(_nested(thing.instance.own_variables, values)),
        }
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _is_answer(thing: object) -> bool:
    return isinstance(thing, Solved) and isinstance(thing.instance, MatrixInstance)


def _values(thing: Any) -> np.ndarray:
    if not _is_answer(thing) or thing.result.answer is None:
        raise InputError.at("there is no answer to write; solve the problem first")
    return np.asarray(thing.result.answer, dtype=np.float64)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _nested(blocks: tuple[Block, ...], values: np.ndarray) -> Iterator[tuple[str, Any]]:
    for block in blocks:
        part = values[block.start : block.start + block.count].tolist()
        if not block.name:
            yield from zip((str(label[0]) for label in block.labels()), part, strict=True)
        elif not block.sets:
            yield block.name, part[0]
        else:
            tree: dict[str, Any] = {}
            for label, value in zip(block.labels(), part, strict=True):
                at = tree
                for step in label[:-1]:
                    at = at.setdefault(str(step), {})
                at[str(label[-1])] = value
            yield block.name, tree
