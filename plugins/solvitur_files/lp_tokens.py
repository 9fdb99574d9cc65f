"""Cuts LP text into tokens, with section keywords told from names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from solvitur.api import InputError, Place

_LETTER = r"A-Za-z!\"#$%&(),;?@_`'{}|~\u00a1-\uffff"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\f\v]+)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[{_LETTER}][{_LETTER}0-9.]*(?:\[[^\s\[\]]*\])*)
    |(?P<arrow>->)
    |(?P<relation><=|>=|=<|=>|<|>|=)
    |(?P<sign>[+-])
    |(?P<mark>[*^/:\[\]])""",
    re.VERBOSE,
)
_TERM = re.compile(
    rf"""([+-])[ \t]*(?:((?>\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?+)[ \t]*)?+
    (?!(?:inf|infinity)\b)([{_LETTER}][{_LETTER}0-9.]*(?:\[[^\s\[\]]*\])*)
    (?=[ \t]*(?:[-+<>=\r]|$))""",
    re.VERBOSE | re.IGNORECASE,
)
"""A whole linear term, signed and followed by what cannot belong to it: most of a large file, cut in one go.

Its number is taken whole, since 1e-9 is no 1 times e."""
_SECTIONS = {
    "objective": r"minimi[sz]e|minimum|min|maximi[sz]e|maximum|max",
    "constraints": r"subject\s+to|such\s+that|s\.t\.|st\.|st",
    "bounds": r"bounds|bound",
    "general": r"generals|general|gen|integers|integer|int",
    "binary": r"binaries|binary|bin",
    "semi": r"semi-continuous|semis|semi",
    "end": r"end",
    "foreign": r"sos1|sos2|sos|pwlobj|lazy\s+constraints|user\s+cuts|general\s+constraints|multi-objectives|scenario",
}
_HEADER = re.compile(
    r"\s*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in sorted(_SECTIONS.items(), key=lambda s: s[0] != "foreign"))
    + r")(?=[\s:]|$)(?!\s*(?::|[-+*^<>=/\[]))",
    re.IGNORECASE,
)


class Kind(Enum):
    """What a token is."""

    SECTION = "section"
    NUMBER = "number"
    NAME = "name"
    RELATION = "relation"
    SIGN = "sign"
    MARK = "mark"
    ARROW = "arrow"
    TERM = "term"
    STOP = "stop"


@dataclass(slots=True)
class Token:
    """One token: for sections ``text`` is the section's own name and ``written`` the user's word; for terms
    ``text`` is the variable and ``factor`` what multiplies it."""

    kind: Kind
    text: str
    line: int
    column: int
    written: str = ""
    factor: float = 1.0

    @property
    def shown(self) -> str:
        """The token as messages quote it."""
        return "the end of the file" if self.kind is Kind.STOP else f"'{self.written or self.text}'"


def tokens(text: str, shown: str) -> list[Token]:
    """Returns the tokens of a whole LP file, closed by one of kind STOP.

    Raises
    ------
    InputError
        At a character that no LP file has.
    """
    found: list[Token] = []
    number, inside = 0, False
    for number, line in enumerate(text.split("\n"), 1):
        comment = line.find("\\")
        body = line if comment < 0 else line[:comment]
        at = 0
        header = _HEADER.match(body)
        if header:
            word = header[0].strip()
            found.append(Token(Kind.SECTION, str(header.lastgroup), number, header.end() - len(word) + 1, word))
            at, inside = header.end(), False
        inside = _cut(body, at, number, found, shown, inside)
    found.append(Token(Kind.STOP, "", max(1, number), 0))
    return found


_KINDS = {kind.value: kind for kind in Kind}


def _cut(body: str, at: int, line: int, found: list[Token], shown: str, inside: bool) -> bool:
    """Cuts one line; takes and returns whether we are inside brackets, where products stand, not terms."""
    end = len(body)
    while at < end:
        term = None if inside or body[at] not in "+-" else _TERM.match(body, at)
        if term is not None:
            sign, number, name = term.groups()
            factor = float(number) if number else 1.0
            found.append(Token(Kind.TERM, name, line, at + 1, term[0], -factor if sign == "-" else factor))
            at = term.end()
            continue
        match = _TOKEN.match(body, at)
        if match is None:
            text = f"'{body[at]}' cannot stand in an LP file"
            raise InputError.at(text, place=Place(shown, line, at + 1), element=body[at])
        kind = match.lastgroup
        if kind != "space":
            found.append(Token(_KINDS[str(kind)], match[0], line, at + 1))
            if kind == "mark":
                inside = match[0] == "[" or (inside and match[0] != "]")
        at = match.end()
    return inside
