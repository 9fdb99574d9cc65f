"""Statements of the model part: from the tokens of one statement to one element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from solvitur.language.elements import (
    Binder,
    ConstraintElement,
    Domain,
    Element,
    Expr,
    Listing,
    ObjectiveElement,
    ParamElement,
    Range,
    SetElement,
    Span,
    VarElement,
)
from solvitur.language.expressions import read_expression
from solvitur.language.faults import Fault
from solvitur.language.lexing import CLOSERS, OPENERS, Token
from solvitur.language.numbers import number_value
from solvitur.language.sequence import ends_value, shown, stray, text_value
from solvitur.language.words import MODIFIER_WORDS, RESERVED, STATEMENT_WORDS, nearest
from solvitur.problem.instance import Label

_BOUNDS = frozenset((">=", "<=", ">", "<", "=", "=="))
_DOMAINS = {domain.value: domain for domain in (Domain.INTEGER, Domain.BINARY, Domain.SEMI_CONTINUOUS)}


def keyword_of(tokens: Sequence[Token]) -> tuple[str, int]:
    """Returns the statement's keyword (``subject to`` for all its spellings) and how many tokens it takes.

    Raises
    ------
    Fault
        If no statement begins so, with the nearest keyword.
    """
    first = tokens[0]
    following = tokens[1].text if len(tokens) > 1 else ""
    if first.text == "subject":
        if following == "to":
            return "subject to", 2
        raise Fault("'to' is expected after 'subject'.", first.start, first.end, "subject to")
    if first.text == "s" and [t.text for t in tokens[1:4]] == [".", "t", "."]:
        return "subject to", 4
    if first.text == "constraint":
        return "subject to", 1
    if first.text in STATEMENT_WORDS:
        return first.text.replace("mise", "mize"), 1
    raise _unknown_keyword(first, following)


def _unknown_keyword(first: Token, following: str) -> Fault:
    if first.kind in ("other", "open"):
        return stray(first)
    meant = nearest(first.text, (*STATEMENT_WORDS, "subject to")) if first.kind == "name" else ""
    if meant:
        return Fault(
            f"No statement begins with {shown(first)}. Did you mean '{meant}'?", first.start, first.end, meant
        )
    if following in ("=", "from"):
        return Fault(
            f"Data for {shown(first)} belongs below a line 'data'; a computed parameter begins with 'let'.",
            first.start,
            first.end,
        )
    return Fault(
        f"A statement begins with set, param, let, var, minimize, maximize, subject to or data, not {shown(first)}.",
        first.start,
        first.end,
    )


def read_declaration(text: str, tokens: Sequence[Token], unnamed: str = "c1") -> Element:
    """Reads one statement; ``unnamed`` is the name of a constraint that has none.

    Raises
    ------
    Fault
        If it cannot be read.
    """
    keyword, count = keyword_of(tokens)
    reader = _Statement(text, tokens, count)
    if keyword == "set":
        return reader.set_element()
    if keyword in ("param", "let"):
        return reader.param_element(keyword)
    if keyword == "var":
        return reader.var_element()
    if keyword in ("minimize", "maximize"):
        return reader.objective_element("min" if keyword == "minimize" else "max")
    return reader.constraint_element(unnamed)


@dataclass
class _Head:
    """What precedes the expression of a statement: a name and its indices."""

    name: str
    name_span: Span
    binders: tuple[Binder, ...] = ()
    condition: Expr | None = None


@dataclass
class _Modifiers:
    """What follows the name of a parameter or a variable."""

    lower: Expr | None = None
    upper: Expr | None = None
    lower_strict: bool = False
    upper_strict: bool = False
    domain: Domain = Domain.CONTINUOUS
    default: Expr | None = None
    value: Expr | None = None
    unit: str = ""
    description: str = ""
    seen: set[str] = field(default_factory=set)


class _Statement:
    """Reads one statement from left to right; ``_at`` is the position of the next token."""

    def __init__(self, text: str, tokens: Sequence[Token], at: int) -> None:
        self._text = text
        self._tokens = tokens
        self._at = at
        self._span = Span(tokens[0].start, tokens[-1].end)

    # The five elements ---------------------------------------------------------------------------------------

    def set_element(self) -> SetElement:
        """Reads ``set Name [within expr] [= expr] ["description"]``."""
        head = self._head("a set")
        if head.binders:
            raise Fault(
                f"A set takes no indices; for tuples write: set {head.name} within A * B.",
                head.name_span.start,
                self._tokens[self._at - 1].end,
            )
        within = value = None
        if self._next_is("within"):
            within = self._expression(self._until(("=",)), "after 'within'")
        if self._next_is("="):
            value = self._set_value(self._until(()))
        description = self._description()
        self._finish("'within', '=' or a description in quotes")
        return SetElement(head.name, within, value, description, self._span, head.name_span)

    def param_element(self, keyword: str) -> ParamElement:
        """Reads ``param name[...] bounds domain default = unit description`` or ``let name[...] = expr``."""
        head = self._head("a parameter")
        found = self._modifiers("param")
        if keyword == "let" and found.value is None:
            raise Fault(f"'= expression' is expected: let {head.name} = ...", self._span.end - 1, self._span.end)
        return ParamElement(
            head.name,
            head.binders,
            head.condition,
            found.lower,
            found.upper,
            found.domain,
            found.default,
            found.value,
            found.unit,
            found.description,
            self._span,
            head.name_span,
            keyword=keyword,
            lower_strict=found.lower_strict,
            upper_strict=found.upper_strict,
        )

    def var_element(self) -> VarElement:
        """Reads ``var name[...] bounds domain unit description``."""
        head = self._head("a variable")
        found = self._modifiers("var")
        return VarElement(
            head.name,
            head.binders,
            head.condition,
            found.lower,
            found.upper,
            found.domain,
            found.unit,
            found.description,
            self._span,
            head.name_span,
        )

    def objective_element(self, sense: str) -> ObjectiveElement:
        """Reads ``minimize [name:] expr [unit ".."] [".."]``."""
        head = self._labelled("objective")
        if head.binders:
            raise Fault("An objective takes no indices; sum over them.", head.name_span.start, head.name_span.end)
        body = self._expression(self._until(()), "in the objective")
        unit, description = self._unit(), self._description()
        self._finish("a unit or a description in quotes")
        return ObjectiveElement(head.name, sense, body, unit, description, self._span, head.name_span)

    def constraint_element(self, unnamed: str) -> ConstraintElement:
        """Reads ``subject to [name[...]:] relation [soft(weight)] [unit ".."] [".."]``."""
        head = self._labelled(unnamed)
        body = self._expression(self._until(("soft",)), "in the constraint")
        soft = None
        if self._next_is("soft"):
            opener = self._require("(", "after 'soft', for the penalty: soft(100)")
            soft = self._expression(self._inside(opener), "between the brackets")
        unit, description = self._unit(), self._description()
        self._finish("soft(...), a unit or a description in quotes")
        return ConstraintElement(
            head.name, body, head.binders, head.condition, soft, unit, description, self._span, head.name_span
        )

    # Heads ---------------------------------------------------------------------------------------------------

    def _head(self, what: str) -> _Head:
        token = self._take(f"The name of {what} is expected here.")
        if token.kind != "name":
            raise Fault(f"The name of {what} is expected here, not {shown(token)}.", token.start, token.end)
        head = self._named(token)
        if self._peek("["):
            self._indices(head)
        return head

    def _named(self, token: Token) -> _Head:
        if token.text in RESERVED:
            raise Fault(
                f"'{token.text}' is a word of the language; choose another name, such as '{token.text}_'.",
                token.start,
                token.end,
                f"{token.text}_",
            )
        return _Head(token.text, Span(token.start, token.end))

    def _labelled(self, unnamed: str) -> _Head:
        """Reads ``name[...]:``, when there is a colon; else the statement has no name."""
        colon = self._colon()
        if colon is None:
            return _Head(unnamed, Span(self._span.start, self._span.start))
        head = _Head(unnamed, Span(self._span.start, self._span.start))
        token = self._tokens[self._at]
        if token.kind == "name":
            self._at += 1
            head = self._named(token)
        if self._peek("["):
            self._indices(head)
        if self._at != colon:
            token = self._tokens[self._at]
            raise Fault(f"A name and its indices stand before the ':', not {shown(token)}.", token.start, token.end)
        self._at += 1
        return head

    def _colon(self) -> int | None:
        depth = 0
        for position in range(self._at, len(self._tokens)):
            token = self._tokens[position]
            if token.kind == "op":
                depth += (token.text in OPENERS) - (token.text in CLOSERS)
                if token.text == ":" and depth == 0:
                    return position
        return None

    def _indices(self, head: _Head) -> None:
        opener = self._tokens[self._at]
        self._at += 1
        inside = self._inside(opener)
        parts, condition = _split_indices(inside)
        if condition is not None:
            head.condition = self._expression(condition, "after 'if'", opener)
        head.binders = tuple(self._binder(part, opener) for part in parts)

    def _binder(self, tokens: Sequence[Token], opener: Token) -> Binder:
        if not tokens:
            raise Fault("A set, or 'index in set', is expected between the brackets.", opener.start, opener.end)
        span = Span(tokens[0].start, tokens[-1].end)
        at = _top_level(tokens, ("in",))
        if at is None or (at > 0 and tokens[at - 1].text == "not"):
            return Binder((), self._expression(tokens, "between the brackets"), span)
        over = self._expression(tokens[at + 1 :], "after 'in'", tokens[at])
        return Binder(self._index_names(tokens[:at], tokens[at]), over, span)

    def _index_names(self, tokens: Sequence[Token], before: Token) -> tuple[str, ...]:
        if len(tokens) > 2 and tokens[0].text == "(" and tokens[-1].text == ")":
            tokens = tokens[1:-1]
        names = tokens[::2]
        regular = len(tokens) % 2 == 1 and all(t.text == "," for t in tokens[1::2])
        if not regular or any(t.kind != "name" for t in names):
            place = tokens[0] if tokens else before
            raise Fault("An index name, or several as in (i, j), is expected before 'in'.", place.start, place.end)
        return tuple(self._named(token).name for token in names)

    # Modifiers -----------------------------------------------------------------------------------------------

    def _modifiers(self, what: str) -> _Modifiers:
        found = _Modifiers()
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            key = {">": ">=", "<": "<="}.get(token.text, token.text) if token.kind != "text" else "a description"
            if key in found.seen:
                raise Fault(f"{key if key[0] == 'a' else repr(key)} is given twice.", token.start, token.end)
            found.seen.add(key)
            self._modifier(found, token, what)
        return found

    def _modifier(self, found: _Modifiers, token: Token, what: str) -> None:
        word = token.text
        if token.kind == "text":
            found.description = text_value(token)
        elif word in (">=", "<=", ">", "<"):
            self._bound(found, token, what)
        elif word in _DOMAINS:
            self._domain(found, token, what)
        elif word == "in":
            self._between(found, token)
        elif word == "unit":
            self._at -= 1
            found.unit = self._unit()
        elif word == "free" and what == "var":
            pass
        elif word == "default" and what == "param":
            found.default = self._expression(self._until_modifier(), "after 'default'", token)
        elif word == "=" and what == "param":
            found.value = self._expression(self._until((*_DOMAINS, "default")), "after '='", token)
        else:
            raise self._unexpected(token, what)

    def _unexpected(self, token: Token, what: str) -> Fault:
        if token.kind in ("other", "open"):
            return stray(token)
        if token.text in ("=", "==") and what == "var":
            return Fault(
                "A variable takes no value here; fix it with a constraint: subject to name: x == 5.",
                token.start,
                token.end,
            )
        if token.text == "==":
            return Fault("A computed parameter is written with a single '='.", token.start, token.end, "=")
        if token.text in ("=>", "=<"):
            return stray(token)
        if token.kind == "name":
            meant = nearest(token.text, (*MODIFIER_WORDS, "in"))
            if meant:
                return Fault(
                    f"{shown(token)} is unknown here. Did you mean '{meant}'?", token.start, token.end, meant
                )
        wanted = "a bound, 'integer', 'binary', 'in low..high', " + (
            "'default', '= expression', " if what == "param" else ""
        )
        return Fault(f"Expected {wanted}a unit or a description, not {shown(token)}.", token.start, token.end)

    def _bound(self, found: _Modifiers, token: Token, what: str) -> None:
        strict = token.text in ("<", ">")
        if strict and what == "var":
            raise Fault(f"A variable's bound is written '{token.text}='.", token.start, token.end, f"{token.text}=")
        bound = self._expression(self._until_modifier(), f"after '{token.text}'", token)
        if token.text[0] == ">":
            found.lower, found.lower_strict = bound, strict
        else:
            found.upper, found.upper_strict = bound, strict

    def _domain(self, found: _Modifiers, token: Token, what: str) -> None:
        if found.domain is not Domain.CONTINUOUS:
            raise Fault(f"It is '{found.domain.value}' already.", token.start, token.end)
        if token.text == "semicontinuous" and what == "param":
            raise Fault("Only variables are semicontinuous.", token.start, token.end)
        found.domain = _DOMAINS[token.text]

    def _between(self, found: _Modifiers, token: Token) -> None:
        span = self._expression(self._until_modifier(), "after 'in'", token)
        if not isinstance(span, Range):
            raise Fault("A range is expected after 'in', such as 0..10.", span.span.start, span.span.end)
        if found.lower is not None or found.upper is not None:
            raise Fault("The bounds are given twice.", token.start, token.end)
        found.seen |= {">=", "<="}
        found.lower, found.upper = span.low, span.high

    def _unit(self) -> str:
        if not self._next_is("unit"):
            return ""
        token = self._take("The unit in quotes is expected after 'unit'.")
        if token.kind != "text":
            raise Fault(f"The unit in quotes is expected after 'unit', not {shown(token)}.", token.start, token.end)
        return text_value(token)

    def _description(self) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at].kind == "text":
            self._at += 1
            return text_value(self._tokens[self._at - 1])
        return ""

    # Sets ----------------------------------------------------------------------------------------------------

    def _set_value(self, tokens: Sequence[Token]) -> Expr:
        if tokens and _top_level(tokens, (",",)) is not None:
            return _bare_listing(tokens)
        if len(tokens) == 1 and tokens[0].kind == "text":
            return Listing((text_value(tokens[0]),), Span(tokens[0].start, tokens[0].end))
        return self._expression(tokens, "after '='")

    # Tokens --------------------------------------------------------------------------------------------------

    def _expression(self, tokens: Sequence[Token], where: str, after: Token | None = None) -> Expr:
        if not tokens:
            last = after or self._tokens[min(self._at, len(self._tokens)) - 1]
            raise Fault(f"An expression is expected {where}.", last.start, last.end)
        return read_expression(self._text, tokens)

    def _until(self, words: Sequence[str]) -> Sequence[Token]:
        """Takes tokens up to one of the words, a unit, or a description: quoted text where an operator could stand."""
        start, depth = self._at, 0
        for position in range(start, len(self._tokens)):
            token = self._tokens[position]
            if depth == 0 and position > start and ends_value(self._tokens[position - 1]):
                following = self._tokens[position + 1] if position + 1 < len(self._tokens) else None
                if token.kind == "text" or token.text in words:
                    break
                if token.text == "unit" and following and following.kind == "text":
                    break
            elif depth == 0 and position == start and token.text in words:
                break
            if token.kind == "op":
                depth += (token.text in OPENERS) - (token.text in CLOSERS and depth > 0)
        else:
            position = len(self._tokens)
        self._at = position
        return self._tokens[start:position]

    def _until_modifier(self) -> Sequence[Token]:
        return self._until((*_BOUNDS, *_DOMAINS, "default", "in", "free", "unit", "=<", "=>"))

    def _inside(self, opener: Token) -> Sequence[Token]:
        """Takes the tokens up to the bracket that closes ``opener``, which was just taken, and that bracket."""
        start, depth = self._at, 1
        for position in range(start, len(self._tokens)):
            token = self._tokens[position]
            if token.kind == "op":
                depth += (token.text in OPENERS) - (token.text in CLOSERS)
            if depth == 0:
                if token.text != OPENERS[opener.text]:
                    wanted = OPENERS[opener.text]
                    raise Fault(
                        f"'{wanted}' is expected here, to close the '{opener.text}'.", token.start, token.end, wanted
                    )
                self._at = position + 1
                return self._tokens[start:position]
        wanted = OPENERS[opener.text]
        raise Fault(f"This '{opener.text}' is not closed: '{wanted}' is missing.", opener.start, opener.end)

    def _peek(self, word: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].text == word

    def _next_is(self, word: str) -> bool:
        if self._peek(word):
            self._at += 1
            return True
        return False

    def _require(self, word: str, where: str) -> Token:
        token = self._take(f"'{word}' is expected {where}.")
        if token.text != word:
            raise Fault(f"'{word}' is expected {where}.", token.start, token.end)
        return token

    def _take(self, missing: str) -> Token:
        if self._at >= len(self._tokens):
            last = self._tokens[-1]
            raise Fault(missing, last.start, last.end)
        self._at += 1
        return self._tokens[self._at - 1]

    def _finish(self, wanted: str) -> None:
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind in ("other", "open"):
                raise stray(token)
            raise Fault(f"Expected {wanted}, not {shown(token)}.", token.start, token.end)


def _top_level(tokens: Sequence[Token], words: Sequence[str]) -> int | None:
    """Returns the position of the first of the words outside all brackets."""
    depth = 0
    for position, token in enumerate(tokens):
        if depth == 0 and token.kind != "text" and token.text in words:
            return position
        if token.kind == "op":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
    return None


def _split_indices(tokens: Sequence[Token]) -> tuple[list[Sequence[Token]], Sequence[Token] | None]:
    """Splits what stands in the brackets of a declaration at its commas, and its condition off at ``if``."""
    at = _top_level(tokens, ("if",))
    condition = None
    if at is not None:
        tokens, condition = tokens[:at], tokens[at + 1 :]
    parts = []
    while (comma := _top_level(tokens, (",",))) is not None:
        parts.append(tokens[:comma])
        tokens = tokens[comma + 1 :]
    return [*parts, tokens], condition


def _bare_listing(tokens: Sequence[Token]) -> Listing:
    """Reads ``a, b, "San Diego"``: labels without braces."""
    members: list[Label | tuple[Label, ...]] = []
    at = 0
    while at < len(tokens):
        if tokens[at].text == "(" and tokens[at].kind == "op":
            closing = at + (_top_level(tokens[at + 1 :], (")",)) or 0) + 1
            inside = tokens[at + 1 : closing]
            members.append(tuple(label_of(inside[k]) for k in range(0, len(inside), 2)))
            at = closing + 1
        else:
            negative = tokens[at].text == "-" and at + 1 < len(tokens) and tokens[at + 1].kind == "number"
            at += negative
            label = label_of(tokens[at])
            members.append(-label if negative and not isinstance(label, str) else label)
            at += 1
        if at < len(tokens) and tokens[at].text != ",":
            token = tokens[at]
            raise Fault(
                f"A comma is expected before {shown(token)}; labels of several words need quotes.",
                token.start,
                token.end,
            )
        at += 1
    return Listing(tuple(members), Span(tokens[0].start, tokens[-1].end))


def label_of(token: Token) -> Label:
    """Returns the label that a token writes, bare or quoted.

    Raises
    ------
    Fault
        If it writes none.
    """
    if token.kind == "name":
        return token.text
    if token.kind == "text":
        return text_value(token)
    if token.kind == "number":
        return number_value(token.text, token.start, token.end)
    if token.kind in ("other", "open"):
        raise stray(token)
    raise Fault(f"A label is expected here, not {shown(token)}.", token.start, token.end)
