"""Opens data in JSON: each key of the top object becomes a table.

====================================  =========================================================
value                                 table, named after the key
====================================  =========================================================
number, text                          one row, one column named after the key
list of numbers or texts              one column named after the key
``{"a": {"x": 2}}``                   index columns without names, in order of nesting, then the value's
``[[2, 3], [4, 5]]``                  columns ``#1``, ``#2`` of positions from 0, then the value's
``[["a", "b"], ["a", "c"]]``          rows as they stand: index columns without names; a last number is the value
``[{"from": "a", "cost": 2}, ...]``   a table of these records
====================================  =========================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvitur.api import Column, Imported, InputError, Place, Table, column_values
from solvitur_files.cells import read_cell
from solvitur_files.decoding import decoded

_DEEPEST = 20
_LARGEST = 1 << 28
"""A parsed JSON file takes many times its size in memory."""


class JsonData:
    """Reads data tables from JSON."""

    name, title = "json", "Data (JSON)"
    suffixes: tuple[str, ...] = (".json",)

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by suffix, else by the opening brace."""
        if path.suffix.lower() == ".json":
            return 0.9
        return 0.1 if head.lstrip()[:1] == b"{" else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads one table per key.

        Raises
        ------
        InputError
            With line and column where the text is no JSON, or with the key whose nesting is uneven.
        """
        text, findings = decoded(path, largest=_LARGEST)
        place = Place(str(path))
        try:
            data = json.loads(text, object_pairs_hook=_distinct, parse_constant=_constant)
        except json.JSONDecodeError as error:
            at = Place(str(path), error.lineno, error.colno)
            raise InputError.at(f"this is not JSON: {error.msg.lower()}", place=at) from None
        except RecursionError:
            raise InputError.at("the data is nested too deeply", place=place) from None
        except ValueError as error:
            raise InputError.at(str(error), place=place) from None
        if not isinstance(data, dict):
            text = "the data must be an object whose keys are the names of sets and parameters"
            raise InputError.at(f'{text}, such as {{"Plants": ["Seattle"]}}', place=place)
        return Imported(
            tables=tuple(_table(name, value, str(path)) for name, value in data.items()), findings=findings
        )


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"key '{twice}' stands twice in one object; rename or join them")
    return found


def _constant(word: str) -> float:
    if word == "NaN":
        raise ValueError("NaN is no value; leave the entry out, or write null")
    return float(word)


def _table(name: str, value: Any, source: str) -> Table:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return _records(name, value, source)
    if isinstance(value, list) and value and all(_is_row(item) for item in value) and _has_text(value):
        return _listed_rows(name, value, source)
    rows: list[tuple[Any, ...]] = []
    levels: list[str] = []
    _flatten(value, (), rows, levels, name, source)
    header = [*levels, name] if levels != ["#1"] else [name]
    if levels == ["#1"]:
        rows = [(row[-1],) for row in rows]
    return _built(name, header, rows, source)


def _flatten(
    value: Any, path: tuple[Any, ...], rows: list[tuple[Any, ...]], levels: list[str], name: str, source: str
) -> None:
    """Walks nested objects and lists down to scalars; every branch must be equally deep."""
    depth = len(path)
    if isinstance(value, dict | list):
        kind = "" if isinstance(value, dict) else f"#{depth + 1}"
        if depth >= _DEEPEST:
            raise _uneven(name, path, source, f"nested more than {_DEEPEST} levels deep")
        if depth == len(levels) and not rows:
            levels.append(kind)
        elif depth >= len(levels) or levels[depth] != kind:
            raise _uneven(name, path, source, "nested unlike the entries before it")
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            _flatten(item, (*path, read_cell(key) if isinstance(key, str) else key), rows, levels, name, source)
    elif depth != len(levels):
        raise _uneven(name, path, source, "less deep than the entries before it")
    else:
        rows.append((*path, _scalar(value)))


def _uneven(name: str, path: tuple[Any, ...], source: str, how: str) -> InputError:
    where = "".join(f"[{step}]" for step in path)
    return InputError.at(f"'{name}{where}' is {how}", place=Place(source), element=name)


def _is_row(item: Any) -> bool:
    return isinstance(item, list) and bool(item) and not any(isinstance(cell, dict | list) for cell in item)


def _has_text(rows: list[list[Any]]) -> bool:
    return any(isinstance(cell, str) for row in rows for cell in row)


def _listed_rows(name: str, rows: list[list[Any]], source: str) -> Table:
    width = len(rows[0])
    for position, row in enumerate(rows):
        if len(row) != width:
            text = f"'{name}[{position}]' has {len(row)} entries, but the first has {width}"
            raise InputError.at(text, place=Place(source), element=name)
    valued = width > 1 and not any(isinstance(row[-1], str) for row in rows)
    header = [""] * (width - valued) + [name] * valued
    return _built(name, header, [tuple(map(_scalar, row)) for row in rows], source)


def _records(name: str, records: list[dict[str, Any]], source: str) -> Table:
    header = list(dict.fromkeys(key for record in records for key in record))
    for position, record in enumerate(records):
        for key, cell in record.items():
            if isinstance(cell, dict | list):
                text = f"'{name}[{position}].{key}' is nested; a table's cells must be numbers or texts"
                raise InputError.at(text, place=Place(source), element=name)
    return _built(name, header, [tuple(_scalar(r.get(key)) for key in header) for r in records], source)


def _scalar(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return read_cell(value) if isinstance(value, str) else value


def _built(name: str, header: list[str], rows: list[tuple[Any, ...]], source: str) -> Table:
    cells: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in header]
    columns = tuple(Column(title, column_values(column)) for title, column in zip(header, cells, strict=True))
    return Table(name, columns, source)
