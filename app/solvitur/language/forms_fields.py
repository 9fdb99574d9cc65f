"""The fields of one element as JSON gives them: each is read on its own, and has a finding of its own if wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from solvitur.language.cursor import read_indices, read_members
from solvitur.language.elements import Binder, DataEntry, Domain, Expr, Number
from solvitur.language.expressions import read_expression
from solvitur.language.faults import Fault
from solvitur.language.lexing import NAME, Token, tokens_between
from solvitur.language.literals import MAX_NESTING, read_entry
from solvitur.language.words import RESERVED
from solvitur.problem.findings import Finding, Severity

_Read = TypeVar("_Read")
_NOTHING = Number(0)


class Fields:
    """Reads the fields of one object; what cannot be read becomes a finding and counts as absent."""

    def __init__(self, values: Mapping[str, Any], title: str, findings: list[Finding]) -> None:
        self._values = values
        self._findings = findings
        name = values.get("name")
        self._title = f"'{name}'" if isinstance(name, str) and name else title
        self._read: set[str] = set()

    def name(self) -> str:
        """Returns the name."""
        name = self._text("name")
        if not name:
            self._report("name", "a name is needed")
        elif not re.fullmatch(NAME, name):
            self._report("name", f"'{name}' is no name: letters, digits and _, the first one a letter")
        elif name in RESERVED:
            self._report("name", f"'{name}' is a word of the language; choose another one, such as '{name}_'")
        return name

    def expression(self, key: str) -> Expr | None:
        """Returns an expression, or None when there is none."""
        value = self._values.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._read.add(key)
            return Number(value)
        text = self._text(key)
        return self._parsed(key, text, lambda tokens: read_expression(text, tokens)) if text.strip() else None

    def required(self, key: str) -> Expr:
        """Returns an expression that must be there."""
        found = self.expression(key)
        if found is None and not str(self._values.get(key, "")).strip():
            self._report(key, "an expression is needed")
        return found or _NOTHING

    def members(self, key: str) -> Expr | None:
        """Returns the members of a set: an expression, or labels with commas between them."""
        text = self._text(key)
        return self._parsed(key, text, lambda tokens: read_members(text, tokens)) if text.strip() else None

    def indices(self) -> tuple[tuple[Binder, ...], Expr | None]:
        """Returns what stands in a declaration's square brackets."""
        text = self._text("index")
        if not text.strip():
            return (), None
        return self._guarded("index", lambda: read_indices(text)) or ((), None)

    def entry(self) -> DataEntry:
        """Returns an entry of the data section: from ``file``, ``text`` (as in models) or ``value`` (as in JSON)."""
        name, file, text = self.name(), self._text("file"), self._text("text")
        rest: dict[str, Any] = {"comment": self.lines("comment"), "remark": self._text("remark")}
        if file:
            return DataEntry(name, None, file, **rest)
        if text.strip():
            written = f"x = {text}"
            read = self._guarded("text", lambda: read_entry(iter(tokens_between(written, 0, len(written)))))
            return DataEntry(name, read.literal if read else None, **rest)
        self._read.add("value")
        if "value" not in self._values:
            self._report("value", "a value, a text or a file is needed")
        return DataEntry(name, self._literal(self._values.get("value"), 0), **rest)

    def _literal(self, value: object, depth: int) -> object:
        if depth > MAX_NESTING:
            self._report("value", f"it is nested deeper than {MAX_NESTING} levels")
            return 0
        if isinstance(value, Mapping):
            return {str(key): self._literal(item, depth + 1) for key, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._literal(item, depth + 1) for item in value]
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._report("value", f"numbers, labels, lists and objects are expected, not {value}")
            return 0
        if isinstance(value, str):
            return self._clean("value", value)
        if math.isnan(value):
            self._report("value", "NaN is no number")
        return value

    def domain(self) -> Domain:
        """Returns the domain."""
        return Domain(self.word("domain", tuple(domain.value for domain in Domain)) or "continuous")

    def word(self, key: str, allowed: Sequence[str]) -> str:
        """Returns one of the allowed words, or an empty text."""
        word = self._text(key)
        if word and word not in allowed:
            self._report(key, f"one of {', '.join(allowed)} is expected, not '{word}'")
            return ""
        return word

    def words(self, *, unit: bool = True) -> dict[str, Any]:
        """Returns description, comments and, where it has one, the unit."""
        told = {"description": self._text("description"), "remark": self._text("remark")}
        if unit:
            told["unit"] = self._text("unit")
        return told | {"comment": self.lines("comment")}

    def lines(self, key: str) -> str:
        """Returns comment lines, each ending in a newline."""
        self._read.add(key)
        value = self._values.get(key, "")
        if not isinstance(value, str):
            self._report(key, "a text is expected")
            return ""
        return value if not value or value.endswith("\n") else value + "\n"

    def flag(self, key: str) -> bool:
        """Returns a yes or no."""
        self._read.add(key)
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self._report(key, "true or false is expected")
        return bool(value)

    def number(self, key: str, otherwise: float) -> float:
        """Returns a number, or ``otherwise``."""
        self._read.add(key)
        value = self._values.get(key, otherwise)
        return value if isinstance(value, int | float) else otherwise

    def refuse_others(self) -> None:
        """Reports the fields that nobody asked for."""
        for key in self._values:
            if key not in self._read:
                self._report(key, "there is no such field here")

    def _text(self, key: str) -> str:
        self._read.add(key)
        value = self._values.get(key) or ""
        if not isinstance(value, str):
            self._report(key, "a text is expected")
            return ""
        return self._clean(key, value)

    def _clean(self, key: str, value: str) -> str:
        if any((c < " " and c not in "\t\n\r") or "\ud800" <= c <= "\udfff" for c in value):
            self._report(key, "it holds a control character")
            return ""
        return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value

    def _parsed(self, key: str, text: str, read: Callable[[list[Token]], Expr]) -> Expr | None:
        tokens = tokens_between(text, 0, len(text))
        if not tokens:
            self._report(key, "an expression is expected, not a comment")
            return None
        return self._guarded(key, lambda: read(tokens))

    def _guarded(self, key: str, read: Callable[[], _Read]) -> _Read | None:
        try:
            return read()
        except Fault as fault:
            self._report(key, fault.text)
            return None

    def _report(self, key: str, sentence: str) -> None:
        text = f"{self._title}, {key}: {sentence}" + ("" if sentence.endswith((".", "?")) else ".")
        name = self._values.get("name")
        self._findings.append(Finding(Severity.ERROR, text, name if isinstance(name, str) else ""))
