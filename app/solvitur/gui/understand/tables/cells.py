"""Cells as text: what people type or paste becomes numbers and labels, and values become text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from solvitur.gui.numbers import exact
from solvitur.problem.instance import Label

_SPACES = str.maketrans("", "", "\u00a0\u2009\u202f\u2007 '_")
_POINT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_GROUPED_POINT = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+([eE][-+]?\d+)?")
_SURELY_GROUPED = re.compile(r"\d,\d{3},\d{3}|\d,\d{3}\.\d")
_GROUPED_FROM = 10_000
_LARGEST_WHOLE = 2**63


def read_cell(text: str, *, grouped: bool = False) -> Label | None:
    """Reads a cell: a number, a label, or None when it is blank.

    A comma is a decimal comma, unless ``grouped`` says that commas group thousands, or the text can only mean that.
    """
    text = text.strip()
    if not text:
        return None
    number = _number(text.replace("\u2212", "-").translate(_SPACES) if text[-1:].isdigit() else text, grouped)
    return text if number is None else number


def read_block(rows: Sequence[Sequence[str]]) -> list[list[Label | None]]:
    """Reads a block of cells; what commas mean is decided once per column."""
    width = max((len(row) for row in rows), default=0)
    grouped = [any(_SURELY_GROUPED.search(row[c]) for row in rows if c < len(row)) for c in range(width)]
    return [[read_cell(cell, grouped=grouped[c]) for c, cell in enumerate(row)] for row in rows]


def show_cell(value: object, *, plain: bool = False) -> str:
    """Writes a cell for the eye; ``plain`` numbers, such as years used as labels, get no spaces."""
    if is_missing(value):
        return ""
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float | np.number):
        number = float(value)
        return (
            exact(number)
            if not plain and abs(number) >= _GROUPED_FROM
            else edit_text(value).replace("-", "\u2212", 1)
        )
    return str(value)


def edit_text(value: object) -> str:
    """Writes a cell as it is typed and copied; `read_cell` reads it back."""
    if is_missing(value):
        return ""
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(value)


def is_missing(value: object) -> bool:
    """Tells whether a cell is empty: None or NaN."""
    return value is None or (isinstance(value, float | np.floating) and math.isnan(value))


def is_number(value: object) -> bool:
    """Tells whether a cell holds a number."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def column_of(cells: Iterable[Any]) -> np.ndarray:
    """Packs values for `Cells`: float64 when all are numbers or missing, int64 when all are whole, else object."""
    values = list(cells)
    if values and all(isinstance(v, int) and not isinstance(v, bool) for v in values):
        return np.array(values, dtype=np.int64)
    if values and all(v is None or is_number(v) for v in values):
        return np.array([np.nan if v is None else float(v) for v in values])
    packed = np.empty(len(values), dtype=object)
    packed[:] = values
    return packed


def _number(text: str, grouped: bool) -> int | float | None:
    if grouped and _GROUPED_POINT.fullmatch(text):
        text = text.replace(",", "")
    elif _COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _GROUPED_POINT.fullmatch(text):
        text = text.replace(",", "")
    if not _POINT.fullmatch(text):
        return {"inf": math.inf, "-inf": -math.inf, "+inf": math.inf}.get(text.casefold())
    if text.lstrip("+-").isdigit():
        whole = int(text)
        return whole if abs(whole) < _LARGEST_WHOLE else float(whole)
    return float(text)
