"""Reads MPS text patiently, line by line: names what is wrong in it, or rewrites it plainly.

Not on the path of plain files. HiGHS's reader can hang on files of odd shape, so it only ever gets plain ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from solvitur.api import Finding, Place, Severity

MOST = 20
"""A scan stops after this many findings."""
_HUGE = 1e300
_FIXED = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
"""Where the fields of fixed MPS stand; names may hold spaces there."""
_SECTIONS = (
    "NAME",
    "OBJSENSE",
    "ROWS",
    "COLUMNS",
    "RHS",
    "RANGES",
    "BOUNDS",
    "QUADOBJ",
    "QMATRIX",
    "QCMATRIX",
    "ENDATA",
)
_FOREIGN = {
    "QSECTION": "a quadratic part per row",
    "SOS": "special ordered sets",
    "SETS": "special ordered sets",
    "SOS1": "special ordered sets",
    "SOS2": "special ordered sets",
    "INDICATORS": "indicator constraints",
    "CSECTION": "cones",
    "LAZYCONS": "lazy constraints",
    "USERCUTS": "user cuts",
}
_VALUED = {"UP", "LO", "FX", "SC", "UI", "LI", "SI"}
_VALUELESS = {"FR", "MI", "PL", "BV"}


BLANK = "\x1f"
"""Stands for a space within a name in what `scan` rewrites."""


@dataclass(frozen=True)
class Scanned:
    """What a scan found wrong (up to `MOST` findings), and quadratic terms by row: two columns and a factor."""

    findings: tuple[Finding, ...]
    products: dict[str, list[tuple[str, str, float]]]


def scan(path: Path, shown: str, plain: Path | None = None) -> Scanned:
    """Reads an MPS file to its end or to the last finding that is told.

    With ``plain`` the file is rewritten there in free form, names with spaces held together by `BLANK` and
    sections QCMATRIX left out.
    """
    if plain is None:
        return _Scan(shown, None).run(path)
    with plain.open("w", encoding="utf-8", newline="\n") as sink:
        return _Scan(shown, sink).run(path)


class _Enough(Exception):
    """Enough findings; the rest of the file would repeat them."""


class _Scan:
    """One pass over a file."""

    def __init__(self, shown: str, sink: TextIO | None) -> None:
        self._shown = shown
        self._sink = sink
        self._findings: list[Finding] = []
        self._rows: dict[str, int] = {}
        self._columns: dict[str, int] = {}
        self._column = ""
        self._entries: set[str] = set()
        self._section = ""
        self._spaced = False
        self._products: dict[str, list[tuple[str, str, float]]] = {}
        self._row = ""
        self._seen: dict[str, int] = {}
        self._line = 0
        self._text = ""
        self._judges: dict[str, Callable[[list[str]], bool]] = {
            "OBJSENSE": self._sense,
            "ROWS": self._row_line,
            "COLUMNS": self._entry,
            "RHS": self._side,
            "RANGES": self._side,
            "BOUNDS": self._bound,
            "QUADOBJ": self._product,
            "QMATRIX": self._product,
            "QCMATRIX": self._row_product,
        }

    def run(self, path: Path) -> Scanned:
        """Reads the file."""
        try:
            for text in _lines(path):
                self._line += 1
                self._text = text
                if not text.strip() or text.startswith("*"):
                    continue
                if text[0] in " \t":
                    self._data(text)
                else:
                    self._header(text.split())
                if self._section == "ENDATA":
                    break
            self._ending()
        except _Enough:
            pass
        return Scanned(tuple(self._findings), self._products)

    def _say(self, text: str, token: str = "", line: int = 0) -> None:
        column = self._text.find(token) + 1 if token and not line else 0
        place = Place(
            self._shown, line or self._line, column, line or self._line, column + len(token) if column else 0
        )
        self._findings.append(Finding(Severity.ERROR, text, token, place))
        if len(self._findings) >= MOST:
            raise _Enough

    def _header(self, words: list[str]) -> None:
        name = words[0]
        if name.upper() in ("OBJSENSE", "NAME", "OBJSENSE:") and name != name.upper():
            self._say(f"section '{name}' must be written in capitals: '{name.upper()}'", name)
        if name in _FOREIGN:
            self._say(f"section {name} holds {_FOREIGN[name]}, which cannot be read from MPS here", name)
        elif name not in _SECTIONS:
            near = get_close_matches(name.upper(), _SECTIONS, 1)
            hint = f"did you mean '{near[0]}'?" if near else "expected one of " + ", ".join(_SECTIONS)
            if not self._seen:
                hint += "; an MPS file begins with NAME or ROWS"
            self._say(f"'{name}' is no section of an MPS file; {hint} (data lines begin with a space)", name)
        elif name in self._seen and name not in ("NAME", "QCMATRIX"):
            self._say(f"section {name} stands twice; the first is on line {self._seen[name]}", name)
        if name == "COLUMNS" and "ROWS" not in self._seen:
            self._say("section COLUMNS comes before any ROWS; the rows must be named first", name)
        self._seen.setdefault(name, self._line)
        self._section = name
        if name == "QCMATRIX":
            self._row = words[1] if len(words) > 1 else ""
            self._known(self._row, self._rows, "row")
        elif self._sink is not None:
            self._sink.write(name + ("\n" if name != "NAME" else " model\n"))
        if name == "OBJSENSE" and len(words) > 1 and self._sense(words[1:]):
            self._write(words[1:])

    def _data(self, text: str) -> None:
        judge = self._judges.get(self._section)
        if judge is None:
            if self._section in ("", "NAME"):
                self._say("expected a section such as ROWS here, found data (data lines begin with a space)")
            return
        free = text.split()
        fixed = [text[low:high].strip() for low, high in _FIXED if text[low:high].strip()]
        ways = (fixed, free) if self._spaced else (free, fixed)
        words = next((words for words in ways if judge(words)), None)
        if words is None:
            self._explain(free)
            return
        self._write(words)
        # Once a line has only made sense by position, names with spaces are about, and position goes first.
        self._spaced = self._spaced or (self._section == "ROWS" and len(free) > 2)

    def _write(self, words: list[str]) -> None:
        if self._sink is not None and self._section != "QCMATRIX":
            if self._section in ("OBJSENSE", "ROWS", "BOUNDS"):
                words = [words[0].upper(), *words[1:]]
            self._sink.write(" " + " ".join(word.replace(" ", BLANK) for word in words) + "\n")

    def _explain(self, words: list[str]) -> None:
        expected = {
            "OBJSENSE": "MIN or MAX",
            "ROWS": "a type (N, L, G or E) and a name",
            "COLUMNS": "a column, a row and a number (and perhaps a second row and number)",
            "RHS": "a name of the set, a row and a number (and perhaps a second row and number)",
            "RANGES": "a name of the set, a row and a number (and perhaps a second row and number)",
            "BOUNDS": "a type, a name of the set, a column and a number",
            "QUADOBJ": "two columns and a number",
            "QMATRIX": "two columns and a number",
            "QCMATRIX": "two columns and a number",
        }[self._section]
        bad = self._bad_number(words)
        shown = " ".join(words)[:80]
        if bad is not None:
            self._say(f"'{bad}' is not a number; expected {expected}, found '{shown}'", bad)
        else:
            self._say(f"expected {expected}, found '{shown}'", words[0])

    def _bad_number(self, words: list[str]) -> str | None:
        at = {
            "COLUMNS": (2, 4),
            "QUADOBJ": (2,),
            "QMATRIX": (2,),
            "QCMATRIX": (2,),
            "RHS": (2, 4),
            "RANGES": (2, 4),
            "BOUNDS": (3,),
        }
        for position in at.get(self._section, ()):
            if position < len(words) and _number(words[position]) is None:
                return words[position]
        return None

    # Each judge returns False when the words do not have its shape; what has the shape and is wrong it says itself.

    def _sense(self, words: list[str]) -> bool:
        return words[0].upper() in ("MIN", "MAX", "MINIMIZE", "MAXIMIZE")

    def _row_line(self, words: list[str]) -> bool:
        if len(words) != 2 or words[0].upper() not in ("N", "L", "G", "E"):
            return False
        name = words[1]
        if name in self._rows:
            self._say(f"row '{name}' is named twice; the first is on line {self._rows[name]}", name)
        self._rows.setdefault(name, self._line)
        return True

    def _entry(self, words: list[str]) -> bool:
        if len(words) == 3 and words[1].strip("'") == "MARKER":
            return words[2].strip("'") in ("INTORG", "INTEND")
        if len(words) not in (3, 5) or not _numbers(words[2::2]):
            return False
        name = words[0]
        if name != self._column:
            if name in self._columns:
                text = f"column '{name}' begins again; its entries must stand together (it began on line "
                self._say(f"{text}{self._columns[name]})", name)
            self._columns.setdefault(name, self._line)
            self._column, self._entries = name, set()
        for row, value in zip(words[1::2], words[2::2], strict=True):
            self._known(row, self._rows, "row")
            self._finite(value)
            if row in self._entries:
                self._say(f"column '{name}' has a second entry in row '{row}'; join the two", row)
            self._entries.add(row)
        return True

    def _side(self, words: list[str]) -> bool:
        pairs = words[1:] if len(words) in (3, 5) else words
        if len(pairs) not in (2, 4) or not _numbers(pairs[1::2]):
            return False
        for row, value in zip(pairs[::2], pairs[1::2], strict=True):
            self._known(row, self._rows, "row")
            self._finite(value)
        return True

    def _bound(self, words: list[str]) -> bool:
        kind, rest = words[0].upper(), words[1:]
        if kind in _VALUELESS:
            if rest and rest[-1] not in self._columns and len(rest) > 1 and _number(rest[-1]) is not None:
                rest = rest[:-1]
            if len(rest) not in (1, 2):
                return False
            self._known(rest[-1], self._columns, "column")
            return True
        if kind not in _VALUED or len(rest) not in (2, 3) or _number(rest[-1]) is None:
            return False
        self._known(rest[-2], self._columns, "column")
        if math.isnan(_number(rest[-1]) or 0.0):
            self._say(f"'{rest[-1]}' is no usable number for the bound of '{rest[-2]}'", rest[-1])
        return True

    def _product(self, words: list[str]) -> bool:
        if len(words) != 3 or not _numbers(words[2:]):
            return False
        self._known(words[0], self._columns, "column")
        self._known(words[1], self._columns, "column")
        self._finite(words[2])
        return True

    def _row_product(self, words: list[str]) -> bool:
        if not self._product(words):
            return False
        self._products.setdefault(self._row, []).append((words[0], words[1], float(words[2])))
        return True

    def _known(self, name: str, names: dict[str, int], what: str) -> None:
        if name in names:
            return
        near = get_close_matches(name, list(names)[:5000], 1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        where = "ROWS" if what == "row" else "COLUMNS"
        self._say(f"{what} '{name}' is not among the {where}{hint}", name)

    def _finite(self, token: str) -> None:
        value = _number(token)
        if value is not None and not abs(value) <= _HUGE:
            self._say(f"'{token}' is no usable number: expected a finite one, at most 1e300", token)

    def _ending(self) -> None:
        if not self._seen:
            self._say("the file holds no section of an MPS file; expected NAME or ROWS", line=max(1, self._line))
        elif self._section != "ENDATA":
            text = f"the file ends in section {self._section} without ENDATA; it may be truncated"
            self._say(text + " (fetch it again, or add a last line ENDATA if it is whole)", line=self._line)
        elif "ROWS" not in self._seen or "COLUMNS" not in self._seen:
            self._say("the file has no section " + ("ROWS" if "ROWS" not in self._seen else "COLUMNS"))


def _numbers(words: list[str]) -> bool:
    return all(_number(word) is not None for word in words)


def _number(word: str) -> float | None:
    if "_" in word:
        return None
    try:
        return float(word)
    except ValueError:
        return None


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        yield from file
