"""Reads columns of tables by field: numbers, clock times, words, yes and no; says what is wrong by row and name."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvitur.problem.findings import Finding, Place, Severity
from solvitur.problem.tables import Table

_CLOCK = re.compile(r"^\s*(\d{1,3}):(\d{2})(?::(\d{2}))?\s*$")
_INFINITE = {"inf", "infinite", "infinity", "unlimited", "none", "-"}
_MOST_SAID = 20
_YES, _NO = {"yes", "true", "1", "y", "x", "1.0"}, {"no", "false", "0", "n", "", "0.0"}


@dataclass(frozen=True)
class Field:
    """One column: its name, other names it goes by, what an empty cell means, what it is, and its least value."""

    name: str
    others: tuple[str, ...]
    default: float | str
    help: str
    lowest: float = -math.inf


def plain_name(text: str) -> str:
    """Returns a column's name as it is compared: lower case, words separated by single blanks."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^0-9a-z]+", " ", letters).strip()


def match_columns(table: Table, fields: tuple[Field, ...]) -> dict[str, int]:
    """Finds which column of a table is which field: exact names first, then other names."""
    header = [plain_name(name) for name in table.header]
    found: dict[str, int] = {}
    for candidates in (lambda f: (f.name,), lambda f: f.others):
        for field in fields:
            if field.name in found:
                continue
            hits = [k for k, name in enumerate(header) if name in candidates(field) and k not in found.values()]
            if hits:
                found[field.name] = hits[0]
    return found


class Columns:
    """The columns of one table by field, read on demand; ``findings`` gathers what is wrong."""

    def __init__(self, table: Table, fields: tuple[Field, ...]) -> None:
        self.table = table
        self.rows = table.row_count
        self.findings: list[Finding] = []
        self.clock = False
        """Whether clock times were read."""
        self._fields = {field.name: field for field in fields}
        self._at = match_columns(table, fields)

    def has(self, name: str) -> bool:
        """Whether the table has such a column."""
        return name in self._at

    def title(self, name: str) -> str:
        """Returns the user's own name for a column."""
        return self.table.header[self._at[name]] if name in self._at else name

    def words(self, name: str) -> list[str]:
        """Returns a column as stripped text; missing cells are empty."""
        if name not in self._at:
            return [str(self._fields[name].default)] * self.rows
        return [_word(cell) for cell in self.table.columns[self._at[name]].values.tolist()]

    def numbers(self, name: str, names: list[str] | None = None) -> np.ndarray:
        """Returns a column as float64; empty cells are the field's usual value, clock times minutes."""
        field = self._fields[name]
        if name not in self._at:
            return np.full(self.rows, float(field.default))
        return self._read(self._at[name], field, names)

    def several(self, name: str) -> tuple[list[str], np.ndarray]:
        """Returns a column and those named like it with a number ("demand 2"), shape (rows, k), with their titles."""
        first = self._at.get(name)
        found = [] if first is None else [first]
        pattern = re.compile(rf"^{re.escape(self.title(name))}[ _-]*\d+$", re.IGNORECASE)
        found += [k for k, title in enumerate(self.table.header) if k != first and pattern.match(title.strip())]
        if not found:
            return [name], np.full((self.rows, 1), float(self._fields[name].default))
        field = self._fields[name]
        return [self.table.header[k] for k in found], np.stack([self._read(k, field, None) for k in found], axis=1)

    def yes(self, name: str) -> np.ndarray:
        """Returns a column of yes and no as bool."""
        found = np.zeros(self.rows, bool)
        for row, word in enumerate(self.words(name)):
            low = word.lower()
            if low not in _YES | _NO:
                self.say(row, name, f"is '{word}', expected yes or no")
            found[row] = low in _YES if word else str(self._fields[name].default) == "yes"
        return found

    def say(self, row: int, name: str, what: str, element: str = "", severity: Severity = Severity.ERROR) -> None:
        """Notes what is wrong in one cell."""
        if len(self.findings) < _MOST_SAID:
            text = f"'{self.title(name)}' of {element or f'row {row + 1}'} {what}"
            place = Place(self.table.source or f"table '{self.table.name}'", row + 2 if self.table.source else 0)
            self.findings.append(Finding(severity, text, element, place))

    def _read(self, position: int, field: Field, names: list[str] | None) -> np.ndarray:
        raw = self.table.columns[position].values
        default = float(field.default)
        if raw.dtype != object:
            values = raw.astype(np.float64)
            values[np.isnan(values)] = default
        else:
            values = np.array([self._cell(k, cell, field) for k, cell in enumerate(raw.tolist())], np.float64)
        if math.isfinite(field.lowest):
            for row in np.flatnonzero(values < field.lowest)[:_MOST_SAID].tolist():
                shown = f"is {values[row]:g}, expected at least {field.lowest:g}"
                self.say(row, field.name, shown, f"'{names[row]}'" if names else "")
        return values

    def _cell(self, row: int, cell: Any, field: Field) -> float:
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return float(field.default)
        if isinstance(cell, str):
            clock = _CLOCK.match(cell)
            if clock:
                self.clock = True
                return int(clock[1]) * 60 + int(clock[2]) + int(clock[3] or 0) / 60
            if cell.strip().lower() in _INFINITE:
                return math.inf
        try:
            return float(cell)
        except (TypeError, ValueError):
            self.say(row, field.name, f"is '{cell}', expected a number or a clock time such as 12:30")
            return float(field.default)


def _word(cell: Any) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
