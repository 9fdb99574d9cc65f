"""Faults: what stops the reading of one statement, turned into findings with a place in the text."""

from __future__ import annotations

from bisect import bisect_right

from solvitur.language.elements import Span
from solvitur.problem.findings import Finding, Place, Severity


class Fault(Exception):
    """Text that cannot be read: the sentence for the user, the characters it is about, and a replacement for them."""

    def __init__(self, text: str, start: int, end: int, fix: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.start = start
        self.end = end
        self.fix = fix


class Places:
    """Turns character offsets of one text into lines and columns."""

    def __init__(self, text: str, file: str = "") -> None:
        self._file = file
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def place(self, start: int, end: int) -> Place:
        """Returns the place of the characters from ``start`` to ``end``, counted from 1."""
        line, column = self._line_column(start)
        end_line, end_column = self._line_column(max(start, end))
        return Place(self._file, line, column, end_line, end_column)

    def of(self, span: Span) -> Place:
        """Returns the place of a span."""
        return self.place(span.start, span.end)

    def finding(self, fault: Fault, element: str = "", severity: Severity = Severity.ERROR) -> Finding:
        """Turns a fault into a finding about the named element."""
        return Finding(severity, fault.text, element, self.place(fault.start, fault.end), fault.fix)

    def _line_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
