"""Entries of the data section: numbers, labels, lists and dicts, read in one pass and never evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solvitur.language.elements import DataEntry, Number, Range, Span
from solvitur.language.faults import Fault
from solvitur.language.lexing import Token
from solvitur.language.numbers import number_value
from solvitur.language.sequence import shown, stray, text_value
from solvitur.language.words import INFINITY_WORDS, RESERVED
from solvitur.problem.instance import Label

MAX_NESTING = 24
_END = Token("end", "", 0, 0)


def read_entry(tokens: Iterator[Token]) -> DataEntry:
    """Reads ``name = literal`` or ``name from "file"`` from a stream of tokens.

    Raises
    ------
    Fault
        If it is neither; the rest of the stream is then unread.
    """
    return _Entry(tokens).entry()


def read_labels(tokens: Sequence[Token]) -> tuple[Label | tuple[Label, ...], ...]:
    """Reads ``a, b, "San Diego", (c, d)``: the members of a set, written without braces.

    Raises
    ------
    Fault
        If they are no labels with commas between them.
    """
    values = _Entry(iter(tokens)).values()
    members: list[Label | tuple[Label, ...]] = []
    for value in values:
        if not isinstance(value, str | int | float | tuple):
            fault = "Labels with commas between them are expected here, such as a, b, c."
            raise Fault(fault, tokens[0].start, tokens[-1].end)
        members.append(value)
    return tuple(members)


class _Entry:
    """Reads one entry; ``_next`` is the token in hand."""

    def __init__(self, tokens: Iterator[Token]) -> None:
        self._tokens = tokens
        self._last = _END
        self._next = next(tokens, _END)
        self._depth = 0
        self._listed = False

    def entry(self) -> DataEntry:
        """Reads the entry."""
        name = self._advance()
        if name.kind in ("other", "open"):
            raise stray(name)
        if name.kind != "name":
            raise Fault(
                f"The name of a set or a parameter is expected here, not {shown(name)}.", name.start, name.end
            )
        name_span = Span(name.start, name.end)
        sign = self._advance(name)
        if sign.text == "from" and sign.kind == "name":
            return DataEntry(name.text, None, self._file(sign), Span(name.start, self._last.end), name_span=name_span)
        if sign.text in (":", ":=", "=="):
            raise Fault("Write '=' between the name and its data.", sign.start, sign.end, "=")
        if sign.text != "=":
            hint = "; it is a word of the language" if name.text in RESERVED else ""
            raise Fault(f"'=' or 'from' is expected after '{name.text}'{hint}.", sign.start, sign.end)
        if self._next is _END:
            raise Fault(f"The data of '{name.text}' is missing after '='.", sign.start, sign.end)
        values = self._several(sign)
        literal = values if self._listed else values[0]
        return DataEntry(name.text, literal, "", Span(name.start, self._last.end), name_span=name_span)

    def _file(self, word: Token) -> str:
        token = self._advance(word)
        if token.kind == "open":
            raise stray(token)
        if token.kind != "text":
            raise Fault(
                "The file in quotes is expected after 'from', such as from \"costs.csv\".", word.start, word.end
            )
        file = text_value(token)
        if not file.strip():
            raise Fault("The file's name is empty.", token.start, token.end)
        self._finish()
        return file

    def values(self) -> list[object]:
        """Reads values with commas between them and no brackets around."""
        return self._several(self._next)

    def _several(self, sign: Token) -> list[object]:
        values = [self._value(sign)]
        while self._next.text == "," and self._next.kind == "op":
            comma = self._advance()
            self._listed = True
            if self._next is _END:
                break
            values.append(self._value(comma))
        self._finish()
        return values

    def _value(self, before: Token) -> object:
        token = self._advance(before)
        if token.kind == "name":
            return float("inf") if token.text in INFINITY_WORDS else token.text
        if token.kind == "text":
            return text_value(token)
        if token.kind == "number" or token.text in ("-", "+"):
            return self._number_or_range(token)
        opener = token.text if token.kind == "op" else ""
        if opener not in ("{", "[", "("):
            raise stray(token) if token.kind in ("other", "open") else _no_value(token)
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise Fault(f"Brackets go deeper than {MAX_NESTING} levels.", token.start, token.end)
        value: object = self._braces(token) if opener == "{" else self._list(token, "]" if opener == "[" else ")")
        self._depth -= 1
        return value

    def _number(self, token: Token) -> int | float:
        sign = 1
        if token.text in ("-", "+") and token.kind == "op":
            sign = -1 if token.text == "-" else 1
            token = self._advance(token)
            if token.kind == "name" and token.text in INFINITY_WORDS:
                return sign * float("inf")
        if token.kind != "number":
            raise Fault(f"A number is expected here, not {shown(token)}.", token.start, token.end)
        return sign * number_value(token.text, token.start, token.end)

    def _number_or_range(self, token: Token) -> object:
        low = self._number(token)
        start = token.start
        if self._next.text != "..":
            if self._next.kind == "name" and self._next.start == self._last.end:
                word = f"{self._last.text}{self._next.text}"
                raise Fault(f"Put quotes round the label '{word}'.", self._last.start, self._next.end, f'"{word}"')
            return low
        dots = self._advance()
        middle = self._last.end
        high = self._number(self._advance(dots))
        span = Span(start, self._last.end)
        if self._depth:
            raise Fault("A range stands alone: Name = 1..12.", span.start, span.end)
        return Range(Number(low, Span(start, dots.start)), Number(high, Span(middle, self._last.end)), span)

    def _list(self, opener: Token, closer: str) -> object:
        values: list[object] = []
        before = opener
        while not self._closes(closer, opener):
            values.append(self._value(before))
            before = self._separator(closer)
        self._advance()
        if closer == "]":
            return values
        if not values or not all(isinstance(value, str | int | float) for value in values):
            raise Fault(
                "In round brackets stand the labels of one tuple, such as (a, b).", opener.start, self._last.end
            )
        return tuple(values)

    def _braces(self, opener: Token) -> object:
        """Reads a dict, or a list of labels written in braces."""
        mapping: dict[object, object] = {}
        values: list[object] = []
        before, is_list = opener, False
        while not self._closes("}", opener):
            first = self._next
            value = self._value(before)
            if self._next.text == ":" and self._next.kind == "op" and not is_list:
                self._store(mapping, value, first, self._advance())
            elif mapping:
                raise Fault(f"':' and a value are expected after the label {shown(first)}.", first.start, first.end)
            else:
                is_list = True
                values.append(value)
            before = self._separator("}")
        self._advance()
        return values if is_list else mapping

    def _store(self, mapping: dict[object, object], key: object, token: Token, colon: Token) -> None:
        if not isinstance(key, str | int | float | tuple):
            raise Fault("A label, or a tuple of labels, is expected before the ':'.", token.start, colon.start)
        if key in mapping:
            raise Fault(f"The label {shown(token)} is given twice.", token.start, colon.start)
        if self._next is _END:
            raise Fault("A value is missing after ':'.", colon.start, colon.end)
        mapping[key] = self._value(colon)

    def _closes(self, closer: str, opener: Token) -> bool:
        if self._next is _END:
            raise Fault(f"This '{opener.text}' is not closed: '{closer}' is missing.", opener.start, opener.end)
        return self._next.text == closer and self._next.kind == "op"

    def _separator(self, closer: str) -> Token:
        token = self._next
        if token.kind == "op" and token.text == ",":
            return self._advance()
        if token is _END or (token.kind == "op" and token.text == closer):
            return self._last
        raise self._two_values(token, f"A comma or '{closer}' is expected before {shown(token)}.")

    def _two_values(self, token: Token, otherwise: str) -> Fault:
        last = self._last
        if token.kind in ("other", "open"):
            return stray(token)
        if last.kind == "name" and token.kind in ("name", "number"):
            words = f"{last.text} {token.text}"
            return Fault(f'Put quotes round labels of several words: "{words}".', last.start, token.end, f'"{words}"')
        return Fault(otherwise, token.start, token.end)

    def _finish(self) -> None:
        if self._next is not _END:
            token = self._next
            raise self._two_values(token, f"The data ends before {shown(token)}; a comma may be missing.")

    def _advance(self, before: Token | None = None) -> Token:
        token = self._next
        if token is _END:
            at = before or self._last
            raise Fault(f"A value is missing after {shown(at)}.", at.start, at.end)
        self._last = token
        self._next = next(self._tokens, _END)
        return token


def _no_value(token: Token) -> Fault:
    return Fault(f"A number, a label, or a bracket is expected here, not {shown(token)}.", token.start, token.end)
