"""Tables as CSV beside a small schema, so that every value comes back with its type."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from solvitur.engine.texttrees import from_tree, to_tree
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Place
from solvitur.problem.tables import Column, Table

_CELL_LIMIT = 2**27
_GAPS = np.array([0x7FF8 << 48, 0xFFF8 << 48], dtype=np.uint64)
"""The bits of the missing numbers that text brings back."""


def table_text(table: Table) -> tuple[str, list[dict[str, Any]]]:
    """Returns a table as CSV, and what is to be known of its columns."""
    schemas, texts = [], []
    for column in table.columns:
        cells, written, packed = _written(column.values)
        schema: dict[str, Any] = {"name": column.name, "unit": column.unit, "cells": cells}
        if packed is not None:
            schema["packed"] = packed
        schemas.append(schema)
        texts.append(written)
    stream = io.StringIO()
    # A lone carriage return is not quoted by every version of the writer, unless everything is.
    header = csv.writer(stream, lineterminator="\n", quoting=_quoting(table.header))
    header.writerow(table.header)
    csv.writer(stream, lineterminator="\n").writerows(zip(*texts, strict=True))
    return stream.getvalue(), schemas


def read_table(path: Path, schema: Mapping[str, Any]) -> Table:
    """Reads a table back; rows may have been edited by hand.

    Raises
    ------
    InputError
        With file and line, if a cell does not have its column's type or a row its length.
    """
    columns = schema["columns"]
    numbers, rows = _rows(path, len(columns))
    texts: Sequence[Sequence[str]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    read = []
    for described, cells in zip(columns, texts, strict=True):
        values = _read_column(path, described, cells, numbers)
        read.append(Column(str(described["name"]), values, str(described.get("unit", ""))))
    return Table(str(schema["name"]), tuple(read), str(schema.get("source", "")))


def _rows(path: Path, width: int) -> tuple[list[int], list[list[str]]]:
    """Reads the rows below the header, and the line each ends at."""
    numbers: list[int] = []
    rows: list[list[str]] = []
    before = csv.field_size_limit(_CELL_LIMIT)
    try:
        with path.open(encoding="utf-8", errors="surrogatepass", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            next(reader, None)
            for row in reader:
                if not row and width != 0:
                    row = [""]
                if len(row) != width:
                    text = f"this row has {len(row)} cells, expected {width}"
                    raise InputError.at(text, place=Place(str(path), reader.line_num))
                numbers.append(reader.line_num)
                rows.append(row)
    except OSError as error:
        raise InputError.at(f"it cannot be read: {error.strerror or error}", place=Place(str(path))) from None
    except (csv.Error, UnicodeDecodeError) as error:
        place = Place(str(path), len(rows) + 2)
        raise InputError.at(f"expected CSV in UTF-8 ({error})", place=place) from None
    finally:
        csv.field_size_limit(before)
    return numbers, rows


def _written(values: np.ndarray) -> tuple[str, list[str], Any]:
    """Returns how a column's cells are written, the cells, and the packed column where text is not enough."""
    if values.dtype == np.int64:
        return "integer", [str(x) for x in values.tolist()], None
    if values.dtype == np.float64 and _has_plain_gaps(values):
        return "number", [_number_text(x) for x in values.tolist()], None
    if values.dtype != object:
        return "packed", [str(x) for x in values.tolist()], to_tree(values)
    cells = values.tolist()
    kinds = {type(cell) for cell in cells}
    # Some versions of csv do not give lone carriage returns and zeros back; JSON does.
    plain = kinds <= {str, type(None)} and all(_is_plain(cell) for cell in cells if cell is not None)
    if plain and kinds <= {str}:
        return "text", cells, None
    if plain and "" not in cells:
        return "text or nothing", [cell or "" for cell in cells], None
    if kinds <= {str, int, float, bool, type(None)}:
        return "JSON", [json.dumps(cell) for cell in cells], None
    return "packed", [str(cell) if _is_plain(str(cell)) else "" for cell in cells], to_tree(values)


def _read_column(
    path: Path, described: Mapping[str, Any], cells: Sequence[str], numbers: Sequence[int]
) -> np.ndarray:
    how = described["cells"]
    if how == "packed":
        values = from_tree(described["packed"])
        if not isinstance(values, np.ndarray) or len(values) != len(cells):
            text = f"column '{described['name']}' cannot be edited as text; take rows in and out in Solvitur"
            raise InputError.at(text, place=Place(str(path)), element=str(described["name"]))
        return values
    readers: dict[str, tuple[Callable[[str], Any], Any, str]] = {
        "integer": (int, np.int64, "a whole number"),
        "number": (_number, np.float64, "a number"),
        "text": (str, object, "text"),
        "text or nothing": (_text_or_nothing, object, "text"),
        "JSON": (json.loads, object, 'JSON, such as "text" in quotes or a number'),
    }
    read, dtype, expected = readers[how]
    values = np.empty(len(cells), dtype=dtype)
    for row, cell in enumerate(cells):
        try:
            values[row] = read(cell)
        except (ValueError, OverflowError, RecursionError):
            text = f"'{described['name']}' is {cell!r}, expected {expected}"
            place = Place(str(path), numbers[row])
            raise InputError.at(text, place=place, element=str(described["name"])) from None
    return values


def _is_plain(text: str) -> bool:
    return "\r" not in text and "\x00" not in text


def _quoting(names: Sequence[str]) -> Literal[0, 1]:
    return csv.QUOTE_MINIMAL if all(map(_is_plain, names)) else csv.QUOTE_ALL


def _has_plain_gaps(values: np.ndarray) -> bool:
    """Tells whether missing numbers are the usual ones; text knows no others."""
    gaps = values[np.isnan(values)].view(np.uint64)
    return bool(np.isin(gaps, _GAPS).all())


def _number_text(x: float) -> str:
    if math.isnan(x):
        return "-nan" if math.copysign(1.0, x) < 0 else ""
    return repr(x)


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _text_or_nothing(text: str) -> str | None:
    return text or None
