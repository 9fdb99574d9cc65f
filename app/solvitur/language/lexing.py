"""Characters to tokens, tokens to statements: where each one begins and ends, and which comments are its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from solvitur.language.words import OPERATOR_WORDS

NAME = r"[^\W\d]\w*+"
_TOKEN = re.compile(
    r"""[ \t\r\f\v\u00a0\ufeff]*+
    (?: (?P<newline>\n)
      | (?P<comment>\#[^\n]*+)
      | (?P<name>[^\W\d]\w*+)
      | (?P<number>(?:\d[\d_]*+(?:\.(?!\.)\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)
      | (?P<text>"(?:[^"\\\n\r]|\\[^\n\r])*+"|'(?:[^'\\\n\r]|\\[^\n\r])*+')
      | (?P<op>\.\.|\*\*|//|<=|>=|==|!=|<>|=<|=>|&&|\|\||[-+*/%<>=()\[\]{},:|&])
      | (?P<open>["'][^\n]*+)
      | (?P<other>.)
    )""",
    re.VERBOSE,
)
_ABOVE = re.compile(r"(?:[ \t\r\f\v\u00a0\ufeff]*+(?:\#[^\n]*+)?\n)*+")
BLANK = " \t\r\f\v\u00a0\ufeff"
"""The characters that only separate tokens."""
_STATEMENT = (
    rf"(?:(?:set|param|let|var)[ \t]++{NAME}|(?:minimi[sz]e|maximi[sz]e)\b(?![ \t]*+[=,\]}})])|subject[ \t]++to\b"
    r"|s\.t\.|constraint\b(?![ \t]*+[=,\]})])|data[ \t\r]*+:?[ \t\r]*+(?:\#[^\n]*+)?(?:\n|\Z))"
)
_ENTRY = rf"{NAME}[ \t]*+(?:=(?!=)|from[ \t]*+[\"'])"
STATEMENT_START = re.compile(_STATEMENT)
_ENTRY_START = re.compile(_ENTRY)
LINE_START = re.compile(rf"^[ \t]*+(?:(?P<statement>{_STATEMENT})|(?P<entry>{_ENTRY}))", re.MULTILINE)
"""A line that opens a statement of the model, or (in the data section) an entry."""

OPENERS = {"(": ")", "[": "]", "{": "}"}
CLOSERS = {closer: opener for opener, closer in OPENERS.items()}
_OPEN_ENDED = frozenset(
    ("+", "-", "*", "/", "//", "%", "**", "..", "<=", ">=", "==", "!=", "<", ">", "=", ",", ":", "|", "&")
)
_OPEN_ENDED_WORDS = frozenset((*OPERATOR_WORDS, "within", "default", "unit", "to", "from"))


class Token(NamedTuple):
    """One token: its kind (name, number, text, op, open, other), characters and offsets."""

    kind: str
    text: str
    start: int
    end: int


@dataclass
class Reader:
    """Reads the tokens of one statement and keeps the comments that belong to it."""

    text: str
    start: int
    limit: int
    """Most characters that the statement may have."""
    entries: bool = False
    """True in the data section, where ``Name =`` opens the next statement."""
    inner: list[str] = field(default_factory=list)
    """Comments inside the statement, except on its last line."""
    remark: str = ""
    """The comment at the end of the last line."""
    end: int = 0
    """End of the last token."""
    resume: int = 0
    """Where the line after the statement begins."""
    too_long: bool = False

    def tokens(self) -> Iterator[Token]:
        """Yields the statement's tokens; afterwards ``inner``, ``remark``, ``end`` and ``resume`` are set."""
        text, indent = self.text, self._column(self.start)
        depth, last, fresh, self.end = 0, "", False, self.start
        pending: list[tuple[str, bool]] = []
        for match in _TOKEN.finditer(text, self.start):
            kind = match.lastgroup or "other"
            if kind == "newline":
                fresh = True
                continue
            start, end = match.span(kind)
            if end - self.start > self.limit:
                self.too_long = True
                break
            if kind == "comment":
                pending.append((text[start:end].rstrip(BLANK), fresh))
                continue
            if fresh and not self._continues(start, indent, depth, last):
                break
            fresh = False
            if pending:
                self.inner.extend(comment for comment, _ in pending)
                pending.clear()
            word = text[start:end]
            if kind == "op":
                depth += (word in OPENERS) - (word in CLOSERS and depth > 0)
            last, self.end = word, end
            yield Token(kind, word, start, end)
        self.remark = next((comment for comment, below in pending if not below), "")
        after = text.find("\n", self.end)
        self.resume = len(text) if after < 0 else after + 1

    def _continues(self, start: int, indent: int, depth: int, last: str) -> bool:
        """Tells whether the token that opens a new line still belongs to this statement."""
        column = self._column(start)
        if (depth == 0 or column <= indent) and STATEMENT_START.match(self.text, start):
            return False
        if self.entries and _ENTRY_START.match(self.text, start):
            return False
        return depth > 0 or column > indent or last in _OPEN_ENDED or last in _OPEN_ENDED_WORDS

    def _column(self, offset: int) -> int:
        return offset - (self.text.rfind("\n", 0, offset) + 1)


def tokens_between(text: str, start: int, end: int) -> list[Token]:
    """Returns the tokens of a stretch of text, without comments."""
    found = []
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or "other"
        if kind not in ("newline", "comment"):
            found.append(Token(kind, match[kind], match.start(kind), match.end(kind)))
    return found


def skip_above(text: str, position: int) -> tuple[str, int]:
    """Returns the blank and comment lines at ``position``, one per line, and where the next statement's token is.

    At the end of the text the second value is its length, and the first one holds the last comment too.
    """
    match = _ABOVE.match(text, position)
    end = match.end() if match else position
    above = "".join(line.strip(BLANK) + "\n" for line in text[position:end].split("\n")[:-1])
    start = end
    while start < len(text) and text[start] in BLANK:
        start += 1
    if start < len(text) and text[start] == "#":
        return above + text[start:].rstrip(BLANK) + "\n", len(text)
    return above, start


def unquote(token: str) -> str:
    """Returns the characters inside a quoted text; a backslash escapes a quote or a backslash, nothing else."""
    body = token[1:-1]
    return re.sub(r"\\([\"'\\])", r"\1", body) if "\\" in body else body


def quote(value: str) -> str:
    """Writes a quoted text that `unquote` reads back."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
