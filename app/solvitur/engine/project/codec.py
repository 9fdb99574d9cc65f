"""How the parts of a problem become bytes in the database, and come back equal."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

import solvitur.workflow.project_edit  # noqa: F401 - declares the records of workflows and their edits
from solvitur.problem.records import from_bytes, to_bytes

PIECES = ("name", "statement", "formulation", "choice", "workflow", "layout", "origins")
"""The fields of a problem that are stored whole; tables are stored column by column."""

_JSON, _RECORD = b"J", b"R"


def encode(value: Any) -> bytes:
    """Packs a piece."""
    return to_bytes(value)


def decode(body: bytes) -> Any:
    """Restores a piece; records of absent plugins stay packed inside it."""
    return from_bytes(body, keep_unknown=True)


def encode_column(values: np.ndarray) -> bytes:
    """Packs a column; mixed ones take a faster way than records do, which a million cells need."""
    cells = values.tolist() if values.dtype == object else []
    if values.ndim == 1 and {*map(type, cells)} - {str}:
        try:
            return _JSON + json.dumps(cells, separators=(",", ":")).encode()
        except (TypeError, ValueError):
            return _RECORD + to_bytes(values)
    return _RECORD + to_bytes(values)


def decode_column(body: bytes) -> np.ndarray:
    """Restores a column.

    Raises
    ------
    ValueError
        If the bytes are not a column.
    """
    if body[:1] == _JSON:
        cells = json.loads(body[1:])
        values = np.empty(len(cells), dtype=object)
        values[:] = cells
        return values
    values = from_bytes(memoryview(body)[1:], keep_unknown=True)
    if not isinstance(values, np.ndarray):
        raise ValueError("not a column")
    return values
