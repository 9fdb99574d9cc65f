"""Places in a text: Qt counts UTF-16 units, Python code points, people lines and columns."""

from __future__ import annotations

from bisect import bisect_right

from solvitur.problem.findings import Place


def to_qt(text: str, offset: int) -> int:
    """Turns an offset in code points into a Qt position."""
    return offset if text.isascii() else len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


def from_qt(text: str, position: int) -> int:
    """Turns a Qt position into an offset in code points."""
    if text.isascii():
        return position
    head = text.encode("utf-16-le", "surrogatepass")[: 2 * position]
    return len(head.decode("utf-16-le", "replace"))


class Lines:
    """Where the lines of a text begin, for finding offsets by line and column and back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def __len__(self) -> int:
        return len(self._starts)

    def offset(self, line: int, column: int) -> int:
        """Returns the offset of a line and column counted from 1; what lies outside is brought inside."""
        line = min(max(line, 1), len(self._starts))
        return min(self._starts[line - 1] + max(column, 1) - 1, self._end(line))

    def line(self, offset: int) -> int:
        """Returns the line, counted from 1, that holds an offset."""
        return bisect_right(self._starts, offset)

    def span(self, place: Place) -> tuple[int, int]:
        """Returns the offsets of a place; a place without an end covers the word, or else the line, it begins."""
        start = self.offset(place.line, place.column)
        if place.end_line:
            return start, max(self.offset(place.end_line, place.end_column), start)
        end = start
        limit = self._end(min(max(place.line, 1), len(self._starts)))
        if not place.column:
            line = self._text[start:limit]
            return start + len(line) - len(line.lstrip()), start + len(line.rstrip())
        while end < limit and (self._text[end].isalnum() or self._text[end] == "_"):
            end += 1
        return start, max(end, min(start + 1, limit))

    def _end(self, line: int) -> int:
        return self._starts[line] - 1 if line < len(self._starts) else len(self._text)
