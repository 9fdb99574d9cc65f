"""Tables in the text: Markdown, LaTeX and pasted CSV, found, read and taken out of the sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from solvitur.api import Table

_NUMBER = re.compile(r"^[\s$€£\\]*(-?\d[\d,]*(?:\.\d+)?|-?\.\d+)\s*(%|\\%)?")
_RULE = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")
_TABULAR = re.compile(r"\\begin\{(tabular|array)\}(?:\{[^}]*\})?(.*?)\\end\{\1\}", re.S)


@dataclass(frozen=True)
class Cell:
    """One cell: its text and where it begins in the statement."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def value(self) -> float | None:
        """Its number, if it begins with one."""
        found = _NUMBER.match(self.text)
        if found is None:
            return None
        number = float(found.group(1).replace(",", ""))
        return number / 100 if found.group(2) else number


@dataclass(frozen=True)
class Grid:
    """A table of the text: header, rows of as many cells, its place and the line above it."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int
    title: str = ""

    def table(self, number: int) -> Table:
        """Makes a data table of it."""
        names = _distinct([cell.text or f"column {at + 1}" for at, cell in enumerate(self.header)])
        rows = [[_plain(cell) for cell in row] for row in self.rows]
        return Table.from_rows(f"table {number}", names, rows, "statement")


def grids_of(statement: str) -> list[Grid]:
    """Finds all tables of a statement, in order."""
    found = [*_markdown(statement), *_latex(statement)]
    taken = [(grid.start, grid.end) for grid in found]
    found += [
        grid for grid in _csv(statement) if not any(low < grid.end and grid.start < high for low, high in taken)
    ]
    return sorted(found, key=lambda grid: grid.start)


def without(statement: str, grids: Sequence[Grid]) -> str:
    """Blanks the tables out, keeping every other place; a table ends a sentence."""
    for grid in grids:
        inside = statement[grid.start : grid.end]
        blank = re.sub(r"[^\n]", " ", inside)
        statement = statement[: grid.start] + blank + statement[grid.end :]
    return statement


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _markdown(text: str) -> Iterator[Grid]:
    block: list[tuple[int, str]] = []
    before = last = ""
    for at, line in [*_lines(text), (len(text), "")]:
        if line.count("|") >= 2:
            if not block:
                before = last
            block.append((at, line))
            continue
        if len(block) >= 2:
            grid = _grid([(start, row) for start, row in block if not _RULE.match(row)], before, "|")
            if grid is not None:
                yield grid
        block = []
        last = line.strip() or last


def _grid(lines: Sequence[tuple[int, str]], title: str, mark: str) -> Grid | None:
    rows = [tuple(_cells(start, line, mark)) for start, line in lines]
    width = max((len(row) for row in rows), default=0)
    rows = [row for row in rows if len(row) == width]
    if len(rows) < 2 or width < 2:
        return None
    start, end = lines[0][0], lines[-1][0] + len(lines[-1][1])
    return Grid(rows[0], tuple(rows[1:]), start, end, title)


def _cells(start: int, line: str, mark: str) -> Iterator[Cell]:
    at = 0
    pieces = line.split(mark)
    for number, piece in enumerate(pieces):
        edge = mark == "|" and number in (0, len(pieces) - 1) and not piece.strip()
        if not edge:
            text = piece.strip().strip("\\").strip()
            text = re.sub(r"^(?:\$|\*\*|\\text\{|\\hline)+\s*(?=\D)|(?:\*\*|\})$", "", text).strip()
            yield Cell(text, start + at + max(0, piece.find(text)))
        at += len(piece) + len(mark)


def _latex(text: str) -> Iterator[Grid]:
    for match in _TABULAR.finditer(text):
        base = match.start(2)
        rows, at = [], 0
        for piece in re.split(r"\\\\", match.group(2)):
            clean = re.sub(r"\\(?:hline|toprule|midrule|bottomrule)", lambda m: " " * len(m.group()), piece)
            if clean.strip() and "&" in clean:
                rows.append((base + at, clean.replace("\n", " ")))
            at += len(piece) + 2
        grid = _grid(rows, text[: match.start()].strip().rsplit("\n", 1)[-1], "&") if rows else None
        if grid is not None:
            yield Grid(grid.header, grid.rows, match.start(), match.end(), grid.title)


def _csv(text: str) -> Iterator[Grid]:
    block: list[tuple[int, str]] = []
    for at, line in [*_lines(text), (len(text), "")]:
        commas = re.sub(r"\d,\d{3}(?!\d)", "", line).count(",")
        short = all(len(cell.split()) <= 5 for cell in line.split(","))
        if commas >= 1 and short and line.strip()[-1:] not in ".?:" and (
            not block or line.count(",") == block[0][1].count(",")
        ):  # fmt: skip
            block.append((at, line))
            continue
        numbers = [cell for _, row in block[1:] for cell in row.split(",")[1:]]
        if len(block) >= 3 and numbers and sum(bool(_NUMBER.match(cell)) for cell in numbers) >= 0.8 * len(numbers):
            grid = _grid(block, "", ",")
            if grid is not None:
                yield grid
        block = []


def _distinct(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out


def _plain(cell: Cell) -> Any:
    value = cell.value
    bare = re.fullmatch(r"[\s$€£]*-?[\d,]*\.?\d+\s*%?", cell.text)
    if value is None or not bare:
        return cell.text
    return int(value) if value == int(value) and "." not in cell.text and "%" not in cell.text else value
