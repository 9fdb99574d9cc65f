"""Completions: what can stand at an offset of a model's text, the most likely first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from solvitur.language.elements import Element, Model, ParamElement, SetElement, VarElement
from solvitur.language.lexing import CLOSERS, LINE_START, OPENERS, Reader, Token, skip_above
from solvitur.language.parsing import MAX_STATEMENT, MAX_TEXT, parse
from solvitur.language.printing import indices_text
from solvitur.language.sequence import ends_value
from solvitur.language.symbols import Shapes, Symbol, all_binders, symbols_of
from solvitur.language.words import STATEMENT_WORDS


@dataclass(frozen=True)
class Completion:
    """A word that can stand here, its role (``set param var index function keyword``) and a short detail."""

    word: str
    role: str
    detail: str = ""


_STATEMENTS = (
    ("set", "an index set"),
    ("param", "data"),
    ("let", "a computed parameter"),
    ("var", "a decision"),
    ("minimize", "an objective"),
    ("maximize", "an objective"),
    ("subject to", "a constraint"),
    ("data", "the data section"),
)
_FUNCTIONS = (
    ("sum", "sum(... for i in S)"),
    ("min", "min(... for i in S), min(a, b)"),
    ("max", "max(... for i in S), max(a, b)"),
    ("count", "count(condition for i in S)"),
    ("all", "all(condition for i in S)"),
    ("any", "any(condition for i in S)"),
    ("prod", "prod(... for i in S)"),
    ("abs", "abs(a)"),
    ("len", "len(S)"),
    ("exp", "exp(a)"),
    ("log", "log(a)"),
    ("sqrt", "sqrt(a)"),
    ("sin", "sin(a)"),
    ("cos", "cos(a)"),
    ("implies", "implies(a, b)"),
    ("iff", "iff(a, b)"),
    ("all_different", "all_different(... for i in S)"),
    ("piecewise", "piecewise(x, (0, 0), (10, 25), ...)"),
)
_DETAILS = {
    "integer": "whole numbers",
    "binary": "0 or 1",
    "semicontinuous": "0, or between the bounds",
    "default": "where data is missing",
    "in": "low..high, or a set",
    "unit": "in quotes",
    "soft": "soft(penalty)",
    "within": "a set that contains it",
    "from": '"file.csv"',
}


_MOST_STATEMENTS = 100
"""Most statements without a known beginning that are read to find the one at the cursor."""


def completions(text: str, offset: int, known: Model | None = None) -> list[Completion]:
    """Returns what can stand at an offset, whatever letters of it are typed already.

    ``known`` is a model read from the text a moment ago: its names are offered and the text need not be read again.
    """
    if len(text) > MAX_TEXT:
        return []
    offset = max(0, min(offset, len(text)))
    word_start = offset
    while word_start > 0 and (text[word_start - 1].isalnum() or text[word_start - 1] == "_"):
        word_start -= 1
    place = _place(text, word_start)
    if place is None:
        return []
    model = parse(text).model if known is None else known
    symbols = symbols_of(model, Shapes(model))
    return list({c.word: c for c in reversed(_offered(place, model, symbols))}.values())[::-1]


@dataclass
class _Place:
    """Where the cursor is: the tokens of its statement before it, the brackets open around it, and the indices."""

    before: list[Token]
    in_data: bool = False
    open: list[int] = field(default_factory=list)
    """Positions in ``before`` of the brackets that are open."""
    indices: list[str] = field(default_factory=list)


def _place(text: str, at: int) -> _Place | None:
    """Finds the place at an offset; None inside comments and quoted text."""
    start, in_data = _statement_line(text, at)
    for _ in range(_MOST_STATEMENTS):
        _above, start = skip_above(text, start)
        if start >= at:
            return None if _in_comment(text, at) else _Place([], in_data)
        reader = Reader(text, start, MAX_STATEMENT, entries=in_data)
        tokens = list(reader.tokens())
        if at < reader.resume or reader.resume >= len(text) or _goes_on(text, start, at, tokens):
            break
        start = reader.resume
    else:
        return None
    before = [token for token in tokens if token.start < at]
    if not before or before[-1].end > at or before[-1].kind == "open" or _in_comment(text, at, before[-1].end):
        return None
    if at >= reader.resume and not _goes_on(text, start, at, tokens):
        return _Place([], in_data)
    in_data = in_data and before[0].text not in STATEMENT_WORDS
    place = _Place(before, in_data, indices=_indices_of(tokens))
    for position, token in enumerate(before):
        if token.kind == "op" and token.text in OPENERS:
            place.open.append(position)
        elif token.kind == "op" and token.text in CLOSERS and place.open:
            place.open.pop()
    return place


def _statement_line(text: str, at: int) -> tuple[int, bool]:
    """Returns from where to read statements to come to the offset, and whether that is in the data section."""
    start, in_data = 0, False
    for match in LINE_START.finditer(text, 0, text.rfind("\n", 0, at) + 1):
        word = match["statement"]
        if word:
            in_data = word.startswith("data")
            start = match.end() if in_data else match.start()
        elif in_data:
            start = match.start()
    line = LINE_START.match(text, text.rfind("\n", 0, at) + 1)
    if line and line["statement"] and line.start("statement") < at and not line["statement"].startswith("data"):
        return line.start(), False
    return start, in_data


def _in_comment(text: str, at: int, since: int = 0) -> bool:
    line_start = text.rfind("\n", 0, at) + 1
    return "#" in text[max(line_start, since) : at]


def _goes_on(text: str, start: int, at: int, tokens: Sequence[Token]) -> bool:
    """Tells whether the statement from ``start`` goes on where the cursor is, below its last line."""
    if any(token.start >= at for token in tokens):
        return True
    depth = sum((t.text in OPENERS) - (t.text in CLOSERS) for t in tokens if t.kind == "op")
    indent = start - (text.rfind("\n", 0, start) + 1)
    line_start = text.rfind("\n", 0, at) + 1
    if "\n" not in text[tokens[-1].end : at]:
        return True
    if text[line_start:at].strip():
        return False
    return depth > 0 or not ends_value(tokens[-1]) or at - line_start > indent


def _indices_of(tokens: Sequence[Token]) -> list[str]:
    """Returns the names that some ``in`` of the statement binds."""
    names: list[str] = []
    for position, token in enumerate(tokens):
        if token.text != "in" or token.kind != "name":
            continue
        back = position - 1
        while back >= 0 and (tokens[back].kind == "name" or tokens[back].text in (",", "(", ")")):
            if tokens[back].text in ("for", "if", "and", "or", "not", "in"):
                break
            if tokens[back].kind == "name":
                names.append(tokens[back].text)
            if tokens[back].text == "(" or (tokens[back].kind == "name" and tokens[position - 1].text != ")"):
                break
            back -= 1
    return list(dict.fromkeys(names))


# What fits there ---------------------------------------------------------------------------------------------


def _offered(place: _Place, model: Model, symbols: Mapping[str, Symbol]) -> list[Completion]:
    before = place.before
    if place.in_data:
        return _for_entry(before, model)
    if not before:
        return [Completion(word, "keyword", detail) for word, detail in _STATEMENTS]
    first, last = before[0].text, before[-1]
    if len(before) == 1 and first == "subject":
        return _words("to")
    if len(before) == 1 and first in ("set", "param", "let", "var"):
        return []
    if _in_head(place):
        return _for_head(last, model, place.indices)
    if last.text in ("in", "within") and last.kind == "name":
        return _of(model.sets) + _of(model.params)
    if last.text == "for" and last.kind == "name":
        return _index_names(model)
    if ends_value(last) and (last.kind != "name" or len(before) > 1):
        return _after_value(first, bool(place.open), last)
    return _for_value(place, model, symbols)


def _in_head(place: _Place) -> bool:
    """Tells whether the innermost bracket is the one that holds a declaration's indices."""
    before = place.before
    if not place.open or before[place.open[-1]].text != "[":
        return False
    at = place.open[0]
    named = 3 if before[0].text == "subject" else 2
    return place.open[-1] == at and at == named and ":" not in (token.text for token in before)


def _for_head(last: Token, model: Model, indices: Sequence[str]) -> list[Completion]:
    if last.text in ("[", ","):
        return _of(model.sets) + _index_names(model)
    if last.text == "in":
        return _of(model.sets) + _of(model.params)
    if last.text in ("if", "and", "or", "not") or not ends_value(last):
        return _named_indices(indices) + _of(model.params) + _of(model.sets) + _functions()
    return _words("in", "if")


def _after_value(first: str, nested: bool, last: Token) -> list[Completion]:
    if nested:
        return _words("for", "in", "if", "else", "and", "or", "not")
    if first == "set":
        return _words("within")
    if first in ("param", "let"):
        return _words("integer", "binary", "default", "in", "unit")
    if first == "var":
        return _words("integer", "binary", "semicontinuous", "in", "unit")
    return _words("if", "else", "and", "or", "soft", "unit")


def _for_value(place: _Place, model: Model, symbols: Mapping[str, Symbol]) -> list[Completion]:
    indices = _named_indices(place.indices)
    names = _of(model.params) + _of(model.variables) + _of(model.sets)
    if place.open and place.before[place.open[-1]].text == "[" and place.open[-1] > 0:
        symbol = symbols.get(place.before[place.open[-1] - 1].text)
        if symbol is not None:
            return [*indices, *_of(model.sets), *_of(model.params)]
    if place.before[0].text in ("set", "param", "let", "var"):
        names = _of(model.params) + _of(model.sets)
    return [*indices, *names, *_functions(), *_words("not")]


def _for_entry(before: Sequence[Token], model: Model) -> list[Completion]:
    if not before:
        given = {entry.name for entry in model.data}
        declared: list[SetElement | ParamElement] = [*model.sets, *model.params]
        wanted = [element for element in declared if element.value is None]
        return _of(sorted(wanted, key=lambda element: element.name in given))
    return _words("from") if len(before) == 1 else []


# Building them -----------------------------------------------------------------------------------------------


def _of(elements: Iterable[Element]) -> list[Completion]:
    return [Completion(e.name, _role(e), _detail(e)) for e in elements]


def _role(element: Element) -> str:
    if isinstance(element, SetElement):
        return "set"
    return "param" if isinstance(element, ParamElement) else "var"


def _detail(element: Element) -> str:
    if isinstance(element, SetElement):
        return element.description
    if isinstance(element, ParamElement | VarElement):
        shape = indices_text(element.binders)
        return " ".join(part for part in (shape, element.unit or element.description) if part)
    return element.description


def _index_names(model: Model) -> list[Completion]:

    return [Completion(name, "index") for name in all_binders(model)]


def _named_indices(names: Sequence[str]) -> list[Completion]:
    return [Completion(name, "index") for name in names]


def _functions() -> list[Completion]:
    return [Completion(word, "function", detail) for word, detail in _FUNCTIONS]


def _words(*words: str) -> list[Completion]:
    return [Completion(word, "keyword", _DETAILS.get(word, "")) for word in words]
