"""Colours of the model's text, given only to the lines in view: a long model costs no more than a short one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument

from solvitur.gui.tokens import Tokens
from solvitur.gui.understand.positions import to_qt
from solvitur.language.words import (
    FUNCTIONS,
    INFINITY_WORDS,
    MODIFIER_WORDS,
    OPERATOR_WORDS,
    STATEMENT_WORDS,
)

_TOKEN = re.compile(
    r"""(?P<comment>\#.*)
      | (?P<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)
      | (?P<keyword>s\.t\.)
      | (?P<name>[^\W\d]\w*)
      | (?P<number>(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)""",
    re.VERBOSE,
)
_KEYWORDS = frozenset((*STATEMENT_WORDS, *MODIFIER_WORDS, *OPERATOR_WORDS, *INFINITY_WORDS, "to"))
_FUNCTIONS = frozenset(FUNCTIONS)
_ROLE_TOKENS = {
    "set": "name_set",
    "param": "name_param",
    "var": "name_var",
    "objective": "text",
    "constraint": "text",
    "index": "text_soft",
}


class Highlighter(QSyntaxHighlighter):
    """Colours names by their role in the model; `show` tells which lines are in view."""

    def __init__(self, document: QTextDocument, tokens: Tokens) -> None:
        super().__init__(document)
        self._first, self._last = 0, -1
        self._stamp = 1
        self._roles: Mapping[str, str] = {}
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_tokens(tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Takes the colours of a theme."""
        plain = {
            "keyword": tokens.keyword,
            "number": tokens.number,
            "string": tokens.string,
            "comment": tokens.comment,
        }
        plain |= {role: getattr(tokens, token) for role, token in _ROLE_TOKENS.items()}
        self._formats = {role: _format(colour) for role, colour in plain.items()}
        self._formats["function"] = _format(tokens.keyword)
        self._formats["var"].setFontWeight(QFont.Weight.DemiBold)
        self._formats["comment"].setFontItalic(True)
        self._formats["index"].setFontItalic(True)
        self.renew()

    def set_roles(self, roles: Mapping[str, str]) -> None:
        """Takes the names of the model and what each is: set, param, var, objective, constraint or index."""
        if roles != self._roles:
            self._roles = roles
            self.renew()

    def renew(self) -> None:
        """Makes every line stale; those in view are coloured at once, the others when they come into view."""
        self._stamp += 1
        self.show(self._first, self._last)

    def show(self, first: int, last: int) -> None:
        """Colours the lines from ``first`` to ``last`` (counted from 0) that are not up to date."""
        self._first, self._last = first, last
        block = self.document().findBlockByNumber(first)
        while block.isValid() and block.blockNumber() <= last:
            if block.userState() != self._stamp:
                self.rehighlightBlock(block)
            block = block.next()

    def highlightBlock(self, text: str) -> None:
        """Colours one line if it is in view."""
        block = self.currentBlock()
        if not self._first <= block.blockNumber() <= self._last:
            self.setCurrentBlockState(0)
            return
        wide = not text.isascii()
        for start, end, role in spans(text, self._roles):
            if wide:
                start, end = to_qt(text, start), to_qt(text, end)
            self.setFormat(start, end - start, self._formats[role])
        self.setCurrentBlockState(self._stamp)

    def role_formats(self, block: QTextBlock) -> list[tuple[int, int, QColor]]:
        """Lists start, length and colour of what is coloured in a line."""
        return [(f.start, f.length, f.format.foreground().color()) for f in block.layout().formats()]


def spans(line: str, roles: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Cuts a line into coloured spans: start, end (in code points) and role."""
    found = []
    for match in _TOKEN.finditer(line):
        kind = match.lastgroup or ""
        if kind == "name":
            word = match.group()
            kind = roles.get(word, "")
            if word in _KEYWORDS:
                kind = "keyword"
            elif word in _FUNCTIONS and line[match.end() :].lstrip().startswith("("):
                kind = "function"
        if kind:
            found.append((match.start(), match.end(), kind))
    return found


def _format(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    return made
