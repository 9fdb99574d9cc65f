"""Colours of a workflow's text and JSON, given only to the lines in view."""

from __future__ import annotations

import re
from bisect import bisect_right

from PySide6.QtGui import QTextDocument

from solvitur.gui.tokens import Tokens
from solvitur.gui.understand.editor.highlighter import Highlighter
from solvitur.gui.understand.positions import to_qt

_TOKEN = re.compile(
    r"""(?P<comment>\#.*)
      | (?P<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)
      | (?P<var>^[^\W\d]\w*(?=\s*=(?!=)))
      | (?P<keyword>\.?[^\W\d]\w*(?=\s*\())
      | (?P<param>[^\W\d]\w*(?=\s*=(?!=)))
      | (?P<set>[^\W\d]\w*\.[^\W\d]\w*)
      | (?P<word>\b(?:True|False|None|nan)\b)
      | (?P<number>(?<![\w.])-?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)""",
    re.VERBOSE,
)
_JSON = re.compile(
    r"""(?P<param>"(?:[^"\\]|\\.)*"(?=\s*:))
      | (?P<string>"(?:[^"\\]|\\.)*"?)
      | (?P<word>\b(?:true|false|null|NaN|Infinity)\b)
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)""",
    re.VERBOSE,
)
_LONG = re.compile(r'"""(?:[^\\]|\\.)*?(?:"""|\Z)', re.DOTALL)


class FlowColours(Highlighter):
    """Colours step names, types, options and values; texts in triple quotes may span lines."""

    def __init__(self, document: QTextDocument, tokens: Tokens) -> None:
        self.form = "text"
        self._long: list[tuple[int, int]] = []
        super().__init__(document, tokens)

    def read(self, text: str, form: str) -> None:
        """Takes the whole text, to know where texts in triple quotes are."""
        self.form = form
        found = _LONG.finditer(text) if form == "text" else ()
        self._long = [(to_qt(text, m.start()), to_qt(text, m.end())) for m in found]
        self.renew()

    def highlightBlock(self, text: str) -> None:
        """Colours one line if it is in view."""
        block = self.currentBlock()
        if not self._first <= block.blockNumber() <= self._last:
            self.setCurrentBlockState(0)
            return
        wide = not text.isascii()
        for start, end, role in spans(text, self.form, self._inside(block.position(), len(text))):
            if wide:
                start, end = to_qt(text, start), to_qt(text, end)
            self.setFormat(start, end - start, self._formats["keyword" if role == "word" else role])
        self.setCurrentBlockState(self._stamp)

    def _inside(self, start: int, length: int) -> tuple[tuple[int, int], ...]:
        """Returns the stretches of a line that lie in a text over several lines."""
        at = max(bisect_right(self._long, (start, 0)) - 1, 0)
        found = []
        for first, last in self._long[at:]:
            if first >= start + length:
                break
            if last > start:
                found.append((max(first - start, 0), min(last - start, length)))
        return tuple(found)


def spans(line: str, form: str, inside: tuple[tuple[int, int], ...] = ()) -> list[tuple[int, int, str]]:
    """Cuts a line into coloured spans; ``inside`` are the stretches that belong to a longer text."""
    found = [(start, end, "string") for start, end in inside]
    for match in (_JSON if form == "json" else _TOKEN).finditer(line):
        if not any(start <= match.start() < end for start, end in inside):
            found.append((match.start(), match.end(), match.lastgroup or "word"))
    return found
