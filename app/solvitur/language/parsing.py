"""Text to model, statement by statement: one bad line does not lose the rest. Never raises, never evaluates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from solvitur.language.declarations import read_declaration
from solvitur.language.elements import ConstraintElement, DataEntry, Element, Model, Span
from solvitur.language.faults import Fault, Places
from solvitur.language.lexing import BLANK, STATEMENT_START, Reader, Token, skip_above
from solvitur.language.literals import read_entry
from solvitur.problem.findings import Finding

MAX_TEXT = 16_000_000
MAX_STATEMENT = 1_000_000
MAX_ENTRY = 4_000_000
"""Most characters of a model, of one statement, and of one entry of the data section."""
MAX_FINDINGS = 200
"""After so many statements that cannot be read, reading stops: this is no model."""

_NAMERS = frozenset(
    ("set", "param", "let", "var", "minimize", "maximize", "minimise", "maximise", "to", "constraint")
)


@dataclass(frozen=True)
class Parsed:
    """A model, and what could not be read of its text."""

    model: Model
    findings: tuple[Finding, ...] = ()
    lost: tuple[Span, ...] = ()
    """The statements of the model part that could not be read."""


def parse(text: str, file: str = "") -> Parsed:
    """Reads a model; statements that cannot be read are left out, each with a finding that points at it."""
    places = Places(text, file)
    if len(text) > MAX_TEXT:
        limit = f"A model's text may have {MAX_TEXT // 1_000_000} million characters; put large data into files."
        return Parsed(Model(), (places.finding(Fault(limit, 0, 0)),))
    return _Parser(text, places).parse()


class _Parser:
    """Walks over the statements of one text."""

    def __init__(self, text: str, places: Places) -> None:
        self._text = text
        self._places = places
        self._elements: list[Element] = []
        self._entries: list[DataEntry] = []
        self._data_comment = ""
        self._findings: list[Finding] = []
        self._lost: list[Span] = []
        self._unnamed: list[int] = []

    def parse(self) -> Parsed:
        """Reads all statements."""
        text, at, in_data, lost, above = self._text, 0, False, "", ""
        while True:
            above, start = skip_above(text, at)
            above, lost = lost + above, ""
            if start >= len(text):
                break
            opening = STATEMENT_START.match(text, start)
            if opening and opening[0].startswith("data"):
                in_data, at = True, self._data_line(above, start)
                continue
            in_data = in_data and not opening
            at, lost = self._entry(above, start) if in_data else self._statement(above, start)
            if len(self._findings) >= MAX_FINDINGS:
                fault = Fault("Too many lines cannot be read; reading stopped here. Is this a model?", start, start)
                self._findings.append(self._places.finding(fault))
                break
        self._name_constraints()
        model = Model(tuple(self._elements), tuple(self._entries), self._data_comment, above)
        return Parsed(model, tuple(self._findings), tuple(self._lost))

    def _data_line(self, above: str, start: int) -> int:
        line_end = self._text.find("\n", start)
        line_end = len(self._text) if line_end < 0 else line_end
        comment = self._text.find("#", start, line_end)
        self._data_comment += above
        if comment >= 0:
            self._data_comment += self._text[comment:line_end].rstrip(BLANK) + "\n"
        return min(line_end + 1, len(self._text))

    def _statement(self, above: str, start: int) -> tuple[int, str]:
        """Reads one statement; returns where to go on, and the comments that would be lost with a bad one."""
        reader = Reader(self._text, start, MAX_STATEMENT)
        tokens = list(reader.tokens())
        comment = above + "".join(line + "\n" for line in reader.inner)
        try:
            self._require_short(reader, "put its numbers into data and use sum(... for ...)")
            element = read_declaration(self._text, tokens)
        except Fault as fault:
            self._findings.append(self._places.finding(fault, _name_of(tokens)))
            self._lost.append(Span(start, reader.end))
            return reader.resume, comment
        if isinstance(element, ConstraintElement) and element.name_span.start == element.name_span.end:
            self._unnamed.append(len(self._elements))
        self._elements.append(replace(element, comment=comment, remark=reader.remark))
        return reader.resume, ""

    def _entry(self, above: str, start: int) -> tuple[int, str]:
        reader = Reader(self._text, start, MAX_ENTRY, entries=True)
        tokens = reader.tokens()
        fault = entry = None
        try:
            entry = read_entry(tokens)
        except Fault as found:
            fault = found
        for _ in tokens:
            pass
        comment = above + "".join(line + "\n" for line in reader.inner)
        try:
            self._require_short(reader, 'put this data into a file: name from "data.csv"')
            if fault:
                raise fault
        except Fault as found:
            self._findings.append(self._places.finding(found))
            return reader.resume, comment
        if entry:
            self._entries.append(replace(entry, comment=comment, remark=reader.remark))
        return reader.resume, ""

    def _require_short(self, reader: Reader, instead: str) -> None:
        if reader.too_long:
            size = f"{reader.limit // 1_000_000} million characters"
            raise Fault(f"This statement is longer than {size}; {instead}.", reader.start, reader.start)

    def _name_constraints(self) -> None:
        """Gives constraints without a name the names c1, c2 ... that are still free."""
        unnamed = set(self._unnamed)
        taken = {element.name for position, element in enumerate(self._elements) if position not in unnamed}
        number = 0
        for position in self._unnamed:
            number += 1
            while f"c{number}" in taken:
                number += 1
            self._elements[position] = replace(self._elements[position], name=f"c{number}")


def _name_of(tokens: Sequence[Token]) -> str:
    """Returns the name that a statement declares, as far as it can be told."""
    for before, token in pairwise(islice(tokens, 3)):
        if before.text in _NAMERS and token.kind == "name" and token.text != "to":
            return token.text
    return ""
