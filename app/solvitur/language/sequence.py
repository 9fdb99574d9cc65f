"""Checks the order of an expression's tokens and masks them into plain Python source of the same length.

Python's own parser then only sees names, digits, dots of quotes and known operators: no control characters, no huge
numbers, no string prefixes, no words of Python that are not ours. Every token keeps its columns.
"""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from solvitur.language.faults import Fault
from solvitur.language.lexing import CLOSERS, OPENERS, Token, unquote
from solvitur.language.words import OPERATOR_WORDS

MAX_BRACKETS = 60
"""Most brackets inside each other."""
MAX_RUN = 60
"""Most signs or powers one upon the other."""
MAX_CHOICES = 300
"""Most uses of ``else`` in one expression."""

_COMPARISONS = frozenset(("<=", ">=", "==", "!=", "<", ">"))
_INSTEAD = {
    "=": "==",
    "=<": "<=",
    "=>": ">=",
    "<>": "!=",
    "&&": "and",
    "||": "or",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "^": "**",
    "×": "*",
    "·": "*",
    "−": "-",
    "–": "-",
    "÷": "/",
    "…": "..",
    "∈": "in",
    "∞": "inf",
    "!": "not ",
    "∧": "and",
    "∨": "or",
}
_QUOTES = "“”„«»‘’`"


def shown(token: Token) -> str:
    """Returns a token as it is quoted in a sentence, shortened."""
    text = token.text if len(token.text) <= 30 else token.text[:27] + "..."
    return text if token.kind == "text" else f"'{text}'"


def stray(token: Token) -> Fault:
    """Returns the fault of a character that the language does not have."""
    if token.kind == "open":
        return Fault("This quoted text is not closed: a quote is missing at its end.", token.start, token.end)
    if token.text in _INSTEAD:
        instead = _INSTEAD[token.text]
        return Fault(f"Write '{instead.strip()}' instead of '{token.text}'.", token.start, token.end, instead)
    if token.text in _QUOTES:
        return Fault('Write quoted text between straight quotes: "...".', token.start, token.end, '"')
    if not token.text.isprintable():
        return Fault(f"The character U+{ord(token.text):04X} does not belong in a model.", token.start, token.end)
    return Fault(f"The character '{token.text}' does not belong in an expression.", token.start, token.end)


def is_word(token: Token) -> bool:
    """Tells whether a name token is one of the words that join expressions."""
    return token.kind == "name" and token.text in OPERATOR_WORDS


def ends_value(token: Token) -> bool:
    """Tells whether a value may end with this token."""
    if token.kind == "op":
        return token.text in CLOSERS
    return not is_word(token)


def masked(tokens: Sequence[Token]) -> str:
    """Checks the order of the tokens and returns Python source whose columns are offsets from the first token.

    Raises
    ------
    Fault
        At the first token that cannot stand where it stands, with what was expected there.
    """
    walk = _Walk(tokens)
    base = tokens[0].start
    pieces: list[str] = []
    at = base
    for index, token in enumerate(tokens):
        walk.step(index, token)
        if token.start > at:
            pieces.append(" " * (token.start - at))
        pieces.append(_mask(token))
        at = token.end
    walk.finish()
    return "".join(pieces)


def _mask(token: Token) -> str:
    kind, text = token.kind, token.text
    if kind == "name":
        if text in OPERATOR_WORDS or (text.isascii() and not keyword.iskeyword(text)):
            return text
        return "_" * len(text)
    if kind == "number":
        return "1" * len(text)
    if kind == "text":
        return '"' + "_" * (len(text) - 2) + '"'
    return "<<" if text == ".." else text


class _Walk:
    """Follows the tokens and knows whether a value or an operator comes next."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._stack: list[Token] = []
        self._wants_value = True
        self._runs = 0
        self._choices = 0

    def step(self, index: int, token: Token) -> None:
        """Takes one token, or raises a `Fault`."""
        if token.kind in ("other", "open"):
            raise stray(token)
        if token.kind == "op":
            self._operator(index, token)
        elif is_word(token):
            self._word(index, token)
        else:
            self._value(index, token)

    def finish(self) -> None:
        """Raises a `Fault` when something is still open or missing at the end."""
        last = self._tokens[-1]
        if self._stack:
            raise _not_closed(self._stack[-1])
        if self._wants_value and last.text != ",":
            raise Fault(f"A value is missing after {shown(last)}.", last.start, last.end)

    def _value(self, index: int, token: Token) -> None:
        if not self._wants_value:
            raise self._missing_operator(index, token)
        if token.kind == "text":
            _require_clean(token)
        if token.kind == "number" and len(token.text) > 400:
            raise Fault("This number has too many digits.", token.start, token.end)
        self._wants_value = False

    def _missing_operator(self, index: int, token: Token) -> Fault:
        before = self._tokens[index - 1]
        if before.kind == "number" and token.kind == "name" and before.end == token.start:
            return Fault(
                f"An operator is missing after {shown(before)}: write {before.text}*{token.text}.",
                before.start,
                token.end,
                f"{before.text}*{token.text}",
            )
        return Fault(f"An operator or a comma is missing before {shown(token)}.", token.start, token.end)

    def _word(self, index: int, token: Token) -> None:
        word = token.text
        if word == "not":
            following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
            if not self._wants_value and not (following and following.text == "in"):
                raise self._missing_operator(index, token)
            if self._wants_value:
                self._count(token)
            return
        if self._wants_value:
            raise self._missing_value(index, token)
        before = self._tokens[index - 1]
        if before.kind == "number" and before.end == token.start:
            raise Fault(
                f"A space is missing between {shown(before)} and {shown(token)}.",
                before.start,
                token.end,
                f"{before.text} {word}",
            )
        if word == "for" and not self._stack:
            raise Fault("'for' belongs inside a function, such as sum(... for i in S).", token.start, token.end)
        if word == "else":
            self._choices += 1
            if self._choices > MAX_CHOICES:
                raise _too_deep(token)
        self._wants_value = True

    def _missing_value(self, index: int, token: Token) -> Fault:
        if index == 0:
            return Fault(f"A value is missing before {shown(token)}.", token.start, token.end)
        before = self._tokens[index - 1]
        return Fault(f"A value is missing between {shown(before)} and {shown(token)}.", before.start, token.end)

    def _operator(self, index: int, token: Token) -> None:
        text = token.text
        if text in _INSTEAD:
            raise stray(token)
        if text in OPENERS:
            self._open(index, token)
        elif text in CLOSERS:
            self._close(index, token)
        elif text == ":":
            if self._stack and not _closes(self._tokens[index:]):
                raise _not_closed(self._stack[-1])
            raise Fault("A ':' does not belong here.", token.start, token.end)
        elif text in ("+", "-") and self._wants_value:
            self._count(token)
        elif self._wants_value:
            raise self._missing_value(index, token)
        else:
            if text == "**":
                self._count(token)
            else:
                self._runs = 0
            self._wants_value = True

    def _open(self, index: int, token: Token) -> None:
        if not self._wants_value:
            before = self._tokens[index - 1]
            indexed = token.text == "[" and (before.kind == "name" or before.text == "]")
            called = token.text == "(" and before.kind == "name"
            if not (indexed or called):
                raise self._missing_operator(index, token)
        if len(self._stack) >= MAX_BRACKETS:
            raise Fault(
                f"Brackets go deeper than {MAX_BRACKETS} levels; split this expression.", token.start, token.end
            )
        self._stack.append(token)
        self._wants_value = True

    def _close(self, index: int, token: Token) -> None:
        if not self._stack:
            raise Fault(f"This '{token.text}' closes nothing.", token.start, token.end)
        opener = self._stack.pop()
        if OPENERS[opener.text] != token.text:
            wanted = OPENERS[opener.text]
            raise Fault(f"'{wanted}' is expected here, to close the '{opener.text}'.", token.start, token.end, wanted)
        before = self._tokens[index - 1]
        if self._wants_value and before is not opener and before.text != ",":
            raise self._missing_value(index, token)
        self._wants_value = False

    def _count(self, token: Token) -> None:
        self._runs += 1
        if self._runs > MAX_RUN:
            raise _too_deep(token)


def _closes(tokens: Sequence[Token]) -> bool:
    """Tells whether a bracket that is open before the tokens is closed among them."""
    depth = 1
    for token in tokens:
        if token.kind == "op":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
        if depth == 0:
            return True
    return False


def _not_closed(opener: Token) -> Fault:
    missing = OPENERS[opener.text]
    return Fault(f"This '{opener.text}' is not closed: '{missing}' is missing.", opener.start, opener.end)


def _too_deep(token: Token) -> Fault:
    return Fault("This expression is nested too deeply; split it with 'let'.", token.start, token.end)


def _require_clean(token: Token) -> None:
    for character in token.text:
        if (character < " " and character != "\t") or "\ud800" <= character <= "\udfff":
            raise Fault(
                f"This quoted text holds the character U+{ord(character):04X}, which no label may have.",
                token.start,
                token.end,
            )


def text_value(token: Token) -> str:
    """Returns what a quoted text says.

    Raises
    ------
    Fault
        If it holds control characters.
    """
    _require_clean(token)
    return unquote(token.text)
