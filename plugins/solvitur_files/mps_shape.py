"""Tells in one quick pass whether MPS text has the plain shape that a reader cannot misread."""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path

_S = rb"[ \t]++"
_NAME = rb"\S++"
_NUMBER = rb"[-+]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]{1,3}+)?+"
_WIDE = rb"(?:" + _NUMBER + rb"|[-+]?+[iI][nN][fF](?:[iI][nN][iI][tT][yY])?+)"
_END = rb"[ \t\r]*+\n"
_SKIP = rb"(?:\*[^\n]*+\n|[ \t\r]*+\n)"
_PAIR = _NAME + _S + _NUMBER
_PAIRS = _PAIR + rb"(?:" + _S + _PAIR + rb")?"
_BODIES = {
    b"NAME": rb"(?!)",
    b"OBJSENSE": _S + rb"(?:MIN|MAX|MINIMIZE|MAXIMIZE)" + _END,
    b"ROWS": _S + rb"[NLGE]" + _S + _NAME + _END,
    b"COLUMNS": _S + _NAME + _S + rb"(?:'MARKER'" + _S + rb"'INT(?:ORG|END)'|" + _PAIRS + rb")" + _END,
    b"RHS": _S + rb"(?:" + _NAME + _S + rb")?" + _PAIRS + _END,
    b"RANGES": _S + rb"(?:" + _NAME + _S + rb")?" + _PAIRS + _END,
    b"BOUNDS": _S
    + rb"(?:(?:UP|LO|FX|SC|SI|UI|LI)"
    + _S
    + _NAME
    + _S
    + rb"(?:"
    + _NAME
    + _S
    + rb")?"
    + _WIDE
    + rb"|(?:FR|MI|PL|BV)"
    + _S
    + _NAME
    + rb"(?:"
    + _S
    + _NAME
    + rb")?(?:"
    + _S
    + _WIDE
    + rb")?)"
    + _END,
    b"QUADOBJ": _S + _NAME + _S + _PAIR + _END,
    b"QMATRIX": _S + _NAME + _S + _PAIR + _END,
}
_SECTIONS = {name: re.compile(rb"(?:" + body + rb"|" + _SKIP + rb")*+") for name, body in _BODIES.items()}
_HEADER = re.compile(rb"([A-Z]++)(?:[ \t][^\n]*+)?[\r]?+\n")
_FREE_ROW = re.compile(rb"^[ \t]+N[ \t]+(\S+)", re.MULTILINE)
_TAIL = 1 << 16
_HEAD = 1 << 16
_SENSE = re.compile(rb"^OBJSENSE[ \t]*(?:\r?\n)?[ \t]+(MIN|MAX)", re.MULTILINE)
_REST = re.compile(rb"ENDATA\s*")
_LEAD = re.compile(_SKIP + rb"*+")


@dataclass(frozen=True)
class Shape:
    """What one quick pass found: whether every line has the plain shape of its section, and two names."""

    plain: bool
    objective: str = ""
    sense: str = ""
    """``min`` or ``max`` when the file says so: HiGHS only reads OBJSENSE with the word on a line of its own."""
    last_column: str = ""
    """The column that section COLUMNS ends with; any column beyond it was made up from BOUNDS."""


def shape(path: Path) -> Shape:
    """Passes over an MPS file once; a shape that is not plain only means that a scan must look."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        lead = _LEAD.match(text)
        at, objective, last = lead.end() if lead else 0, "", ""
        said = _SENSE.search(text[:_HEAD])
        sense = said[1].decode().lower() if said else ""
        while header := _HEADER.match(text, at):
            name, begin = header[1], header.end()
            if name == b"ENDATA":
                return Shape(_REST.match(text, at) is not None, objective, sense, last)
            matched = _SECTIONS[name].match(text, begin) if name in _SECTIONS else None
            if matched is None:
                break
            at = matched.end()
            if name == b"ROWS" and (found := _FREE_ROW.search(text, begin, at)):
                objective = found[1].decode("utf-8", "replace")
            if name == b"COLUMNS":
                last = _last_column(text[max(begin, at - _TAIL) : at])
    return Shape(False, objective, sense, last)


def _last_column(tail: bytes) -> str:
    for line in reversed(tail.split(b"\n")):
        words = line.split()
        if words and b"'MARKER'" not in words and not line.startswith(b"*"):
            return words[0].decode("utf-8", "replace")
    return ""
