"""Findings: one sentence for the user about one named element."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from solvitur.problem.records import Record


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Place(Record, tag="place"):
    """Where a finding points to: a file or table, and lines and columns counted from 1 (0: unknown)."""

    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.line:
            parts.append(f"line {self.line}" + (f", column {self.column}" if self.column else ""))
        return ", ".join(parts)


@dataclass(frozen=True)
class Finding(Record, tag="finding"):
    """One sentence about one named element, with what to do in it."""

    severity: Severity
    text: str
    element: str = ""
    place: Place = Place()
    fix: str = ""
    """Replacement text for the place, offered as a one-click fix; empty when there is none."""

    def __str__(self) -> str:
        where = str(self.place)
        return f"{where}: {self.text}" if where else self.text
