"""Splits TSPLIB and VRPLIB texts into headers and sections, each line with its number."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from solvitur.api import InputError, Place

_HEADER = re.compile(r"^\s*([A-Z][A-Z0-9_ ]*?)\s*:\s*(.*?)\s*$")
_BARE = re.compile(r"^\s*([A-Z][A-Z0-9_]+)\s*$")
_SPOKEN = re.compile(r"^\s*(NAME|TYPE|COMMENT|DIMENSION|CAPACITY|EDGE_WEIGHT_TYPE|EDGE_WEIGHT_FORMAT)\s+(\S.*?)\s*$")
LARGEST = 1 << 30


@dataclass(eq=False)
class Section:
    """Rows of a section; ``line[k]`` is where row k stands, ``header`` where the section begins."""

    name: str
    header: int
    rows: list[list[str]] = field(default_factory=list)
    line: list[int] = field(default_factory=list)


@dataclass(eq=False)
class Sheet:
    """A file's headers and sections."""

    file: str
    headers: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    last: int = 0

    def fail(self, text: str, line: int = 0) -> InputError:
        """Builds the error for a line."""
        return InputError.at(text, place=Place(self.file, line))

    def number(self, name: str, default: float | None = None) -> float:
        """Returns a header as a number.

        Raises
        ------
        InputError
            If it is missing without a default, or no number.
        """
        if name not in self.headers:
            if default is None:
                raise self.fail(f"there is no line '{name}: ...'; expected a number", self.last)
            return default
        try:
            return float(self.headers[name])
        except ValueError:
            said = f"'{name}' is '{self.headers[name]}', expected a number"
            raise self.fail(said, self.lines[name]) from None

    def whole(self, name: str) -> int:
        """Returns a header as a whole number of at least 1."""
        value = self.number(name)
        if value != int(value) or value < 1:
            said = f"'{name}' is {self.headers[name]}, expected a whole number of at least 1"
            raise self.fail(said, self.lines[name])
        return int(value)

    def section(self, name: str) -> Section:
        """Returns a section.

        Raises
        ------
        InputError
            If it is missing.
        """
        if name not in self.sections:
            raise self.fail(f"there is no {name}; expected it, with one row for each node", self.last)
        return self.sections[name]

    def table(self, name: str, count: int, width: int, *, most: int = 0) -> np.ndarray:
        """Reads a section ``index value...`` as float64 by index, shape (count, columns).

        Raises
        ------
        InputError
            With the line, if rows are missing, doubled, too short or no numbers.
        """
        section = self.section(name)
        columns = max((len(row) - 1 for row in section.rows), default=width)
        found = np.full((count, max(width, columns)), np.nan)
        seen = np.zeros(count, bool)
        for row, line in zip(section.rows, section.line, strict=True):
            values = [self._value(cell, name, line) for cell in row]
            index = int(values[0])
            if values[0] != index or not 1 <= index <= count:
                raise self.fail(f"row {row[0]} of {name}: expected an index from 1 to {count}", line)
            if seen[index - 1]:
                raise self.fail(f"{name} has index {index} twice", line)
            if len(values) < width + 1 or (most and len(values) > most + 1) or len(values) != columns + 1:
                said = f"this row of {name} has {len(values)} numbers, expected {max(width, columns) + 1}"
                raise self.fail(said, line)
            seen[index - 1] = True
            found[index - 1] = values[1:]
        if not seen.all():
            missing = int(np.flatnonzero(~seen)[0]) + 1
            said = f"{name} has {int(seen.sum())} rows, expected {count}; the first missing index is {missing}"
            raise self.fail(said, section.line[-1] if section.line else section.header)
        return found

    def _value(self, cell: str, name: str, line: int) -> float:
        try:
            value = float(cell)
        except ValueError:
            raise self.fail(f"'{cell}' in {name} is no number", line) from None
        if not np.isfinite(value):
            raise self.fail(f"'{cell}' in {name} is not finite; expected a number", line)
        return value

    def flat(self, name: str) -> tuple[np.ndarray, list[int]]:
        """Returns all numbers of a section in order, and the line of each row."""
        section = self.section(name)
        try:
            values = np.array([float(cell) for row in section.rows for cell in row])
        except ValueError:
            for row, line in zip(section.rows, section.line, strict=True):
                for cell in row:
                    self._value(cell, name, line)
            raise
        return values, section.line


def text_of(path: Path) -> str:
    """Reads a file's text, plain or gzipped.

    Raises
    ------
    InputError
        If it is damaged, too large, empty, or no text.
    """
    place = Place(str(path))
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        try:
            with gzip.open(path, "rb") as packed:
                raw = packed.read(LARGEST + 1)
        except EOFError:
            said = "the compressed file breaks off before its end; it may be truncated, so fetch or copy it again"
            raise InputError.at(said, place=place) from None
        except (gzip.BadGzipFile, zlib.error):
            said = "this is no intact gzip file; fetch it again, or give the file without compression"
            raise InputError.at(said, place=place) from None
    if len(raw) > LARGEST:
        raise InputError.at(f"the file is larger than {LARGEST >> 20} MB", place=place)
    if not raw.strip():
        raise InputError.at("the file is empty", place=place)
    if b"\0" in raw:
        raise InputError.at("the file is not text but binary data", place=place)
    return raw.decode("utf-8-sig", "replace")


def head_of(head: bytes) -> str:
    """Returns the first bytes of a file as text, unpacked if they are gzipped."""
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 65536)
        except zlib.error:
            return ""
    return head.decode("utf-8", "replace")


def sheet_of(text: str, file: str) -> Sheet:
    """Splits a text into headers and sections.

    Raises
    ------
    InputError
        With the line that is neither.
    """
    sheet = Sheet(file)
    section: Section | None = None
    for number, line in enumerate(text.splitlines(), 1):
        cells = line.split()
        if not cells:
            continue
        sheet.last = number
        if cells[0] == "EOF":
            break
        first = line.lstrip()[0]
        if not first.isalpha():
            if section is None:
                raise sheet.fail(
                    f"'{line.strip()[:40]}' stands before any section; expected 'KEYWORD: value'", number
                )
            section.rows.append(cells)
            section.line.append(number)
            continue
        keyword = cells[0].rstrip(":").upper()
        if keyword.endswith("_SECTION"):
            if keyword in sheet.sections:
                raise sheet.fail(f"{keyword} is there twice", number)
            section = sheet.sections[keyword] = Section(keyword, number)
            continue
        header = _HEADER.match(line) or _SPOKEN.match(line)
        if header is None and not _BARE.match(line):
            if section is not None:
                raise sheet.fail(f"'{cells[0]}' in {section.name} is no number", number)
            raise sheet.fail(f"'{line.strip()[:40]}' is no header; expected 'KEYWORD: value'", number)
        if header is not None:
            name = header[1].replace(" ", "_")
            sheet.headers[name] = header[2].strip()
            sheet.lines[name] = number
            section = None
    return sheet
