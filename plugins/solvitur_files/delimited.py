"""Opens and writes tables as delimited text (.csv, .tsv), finding out delimiter, decimal sign and encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from solvitur.api import Column, Finding, Imported, InputError, Place, Severity, Table, option
from solvitur_files.cells import cell_text, narrowed
from solvitur_files.decoding import decoded
from solvitur_files.text_checks import refuse_endless_lines

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_LOOK = 20
"""How many lines are looked at to find the delimiter."""


@dataclass(frozen=True)
class Options:
    """How a delimited text is read; ``auto`` finds out."""

    delimiter: str = option(
        "auto", "Delimiter", choices=("auto", *_DELIMITERS), help="What stands between two cells."
    )
    decimal: str = option("auto", "Decimal sign", choices=("auto", "point", "comma"), help="How 1/2 is written.")
    header: str = option("auto", "First line is a header", choices=("auto", "yes", "no"))


class DelimitedText:
    """Reads and writes comma-, semicolon- and tab-separated tables."""

    name, title = "csv", "Table (CSV, TSV)"
    suffixes: tuple[str, ...] = (".csv", ".tsv")
    options: ClassVar[type | None] = Options

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by suffix, else by whether the first lines split evenly."""
        if path.suffix.lower() in self.suffixes:
            return 1.0
        lines = head.decode("utf-8", "replace").splitlines()[:-1]
        return 0.2 if len(lines) > 1 and _delimiter(lines) else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads one table, named after the file.

        Raises
        ------
        InputError
            With the line, if a row has more or fewer cells than the header, or the text cannot be decoded.
        """
        refuse_endless_lines(path, str(path))
        text, findings = decoded(path)
        place = Place(str(path))
        lines = _first_lines(text)
        if not lines:
            raise InputError.at("the table is empty; its first line should name the columns", place=place)
        chosen = str(options.get("delimiter", "auto"))
        delimiter = _DELIMITERS.get(chosen) or _delimiter(lines) or ("\t" if path.suffix.lower() == ".tsv" else ",")
        header, columns, first = _split(text, delimiter, str(path), str(options.get("header", "auto")))
        if first == 1:
            told = "the first line holds numbers, so it was read as data and the columns are known by position"
            findings = (*findings, Finding(Severity.INFO, told, place=place))
        decimal = str(options.get("decimal", "auto"))
        comma = decimal == "comma" or (decimal == "auto" and delimiter != ",")
        values = [narrowed(column, decimal_comma=comma) for column in columns]
        table = Table(path.stem, tuple(map(Column, header, values)), str(path))
        return Imported(tables=(table,), findings=findings)

    def accepts(self, thing: object) -> bool:
        """Accepts tables."""
        return isinstance(thing, Table)

    def write(self, thing: Any, path: Path) -> None:
        """Writes a table with its header; missing values become empty cells."""
        delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
        columns = [cell_text(column.values) for column in thing.columns]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
            writer.writerow(thing.header)
            writer.writerows(zip(*columns, strict=True))


def _first_lines(text: str) -> list[str]:
    end = 0
    for _ in range(_LOOK):
        end = text.find("\n", end) + 1
        if not end:
            return [line for line in text.splitlines() if line.strip()]
    return [line for line in text[:end].splitlines() if line.strip()]


def _delimiter(lines: list[str]) -> str:
    """Returns the delimiter that splits the first lines most evenly; empty when none splits them."""
    best, best_score = "", (0.0, 0)
    for delimiter in _DELIMITERS.values():
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:  # said with its line when the rows are really read
            continue
        width = len(rows[0])
        even = sum(len(row) == width for row in rows) / len(rows)
        if width > 1 and (even, width) > best_score:
            best, best_score = delimiter, (even, width)
    return best


def _split(text: str, delimiter: str, source: str, header: str) -> tuple[list[str], list[list[str]], int]:
    """Returns header, cells by column, and the line where data begins."""
    quick = _split_evenly(text, delimiter)
    numbers: list[int] | None = None
    if quick is None:
        rows, numbers = _rows(text, delimiter, source)
        columns = [list(column) for column in zip(*rows, strict=True)]
    else:
        columns = quick
    while len(columns) > 1 and _blank_from(columns[-1], 0):
        columns.pop()  # what a delimiter at every line's end leaves
    names = [column[0].strip() for column in columns]
    is_data = header == "no" or (header == "auto" and all(_is_number(name) for name in names))
    if is_data:
        return [f"#{k + 1}" for k in range(len(names))], columns, 1
    _refuse_twins(names, Place(source, numbers[0] if numbers else 1))
    return names, [column[1:] for column in columns], 2


def _split_evenly(text: str, delimiter: str) -> list[list[str]] | None:
    """Splits a text without quotes whose lines all have the same number of cells; None for any other."""
    if '"' in text or "\r" in text:
        return None
    if not text.endswith("\n"):
        text += "\n"
    width = text.count(delimiter, 0, text.index("\n")) + 1
    raw = np.frombuffer(text.encode("utf-8"), np.uint8)
    marks = raw[(raw == ord(delimiter)) | (raw == 10)]
    if len(marks) % width:
        return None
    marks = marks.reshape(-1, width)
    if not (marks[:, -1] == 10).all() or (marks[:, :-1] == 10).any():
        return None
    if width == 1 and "\n\n" in text:
        return None
    cells = text[:-1].replace("\n", delimiter).split(delimiter)
    return [cells[k::width] for k in range(width)]


def _rows(text: str, delimiter: str, source: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                numbers.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        text = f"this line cannot be read as a table: {error}"
        raise InputError.at(text, place=Place(source, reader.line_num)) from None
    width = len(rows[0]) if rows else 0
    findings = []
    for row, number in zip(rows, numbers, strict=True):
        if len(row) > width and _blank_from(row, width):
            del row[width:]
        if len(row) != width:
            said = f"this line has {len(row)} cells, but the header has {width}: {_shown(rows[0])}"
            findings.append(Finding(Severity.ERROR, said, place=Place(source, number)))
    if findings:
        raise InputError(findings[:20])
    return rows, numbers


def _blank_from(row: list[str], position: int) -> bool:
    return not any(cell.strip() for cell in row[position:])


def _shown(header: list[str]) -> str:
    names = ", ".join(header[:6])
    return names + (", ..." if len(header) > 6 else "")


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _refuse_twins(names: list[str], place: Place) -> None:
    seen: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        if name and name in seen:
            text = f"columns {seen[name]} and {position} are both named '{name}'; rename one"
            raise InputError.at(text, place=place, element=name)
        seen[name] = position
