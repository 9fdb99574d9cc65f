"""Statements of the model part: from the tokens of one statement to one element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from solvitur.language.cursor import DOMAINS, Cursor
from solvitur.language.elements import (
    ConstraintElement,
    Domain,
    Element,
    Expr,
    ObjectiveElement,
    ParamElement,
    Range,
    SetElement,
    VarElement,
)
from solvitur.language.faults import Fault
from solvitur.language.keywords import keyword_of
from solvitur.language.lexing import Token
from solvitur.language.sequence import shown, stray, text_value
from solvitur.language.words import MODIFIER_WORDS, nearest


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


class _Statement(Cursor):
    """Reads one statement from left to right; ``at`` is the position of the next token."""

    # The five elements ---------------------------------------------------------------------------------------

    def set_element(self) -> SetElement:
        """Reads ``set Name [within expr] [= expr] ["description"]``."""
        head = self.head("a set")
        if head.binders:
            raise Fault(
                f"A set takes no indices; for tuples write: set {head.name} within A * B.",
                head.name_span.start,
                self.tokens[self.at - 1].end,
            )
        within = value = None
        if self.next_is("within"):
            within = self.expression(self.until(("=",)), "after 'within'")
        if self.next_is("="):
            value = self.set_value(self.until(()))
        description = self._description()
        self.finish("'within', '=' or a description in quotes")
        return SetElement(head.name, within, value, description, self.span, head.name_span)

    def param_element(self, keyword: str) -> ParamElement:
        """Reads ``param name[...] bounds domain default = unit description`` or ``let name[...] = expr``."""
        head = self.head("a parameter")
        found = self._modifiers("param")
        if keyword == "let" and found.value is None:
            raise Fault(f"'= expression' is expected: let {head.name} = ...", self.span.end - 1, self.span.end)
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
            self.span,
            head.name_span,
            keyword=keyword,
            lower_strict=found.lower_strict,
            upper_strict=found.upper_strict,
        )

    def var_element(self) -> VarElement:
        """Reads ``var name[...] bounds domain unit description``."""
        head = self.head("a variable")
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
            self.span,
            head.name_span,
        )

    def objective_element(self, sense: str) -> ObjectiveElement:
        """Reads ``minimize [name:] expr [unit ".."] [".."]``."""
        head = self.labelled("objective")
        if head.binders:
            raise Fault("An objective takes no indices; sum over them.", head.name_span.start, head.name_span.end)
        body = self.expression(self.until(()), "in the objective")
        unit, description = self._unit(), self._description()
        self.finish("a unit or a description in quotes")
        return ObjectiveElement(head.name, sense, body, unit, description, self.span, head.name_span)

    def constraint_element(self, unnamed: str) -> ConstraintElement:
        """Reads ``subject to [name[...]:] relation [soft(weight)] [unit ".."] [".."]``."""
        head = self.labelled(unnamed)
        body = self.expression(self.until(("soft",)), "in the constraint")
        soft = None
        if self.next_is("soft"):
            opener = self.require("(", "after 'soft', for the penalty: soft(100)")
            soft = self.expression(self.inside(opener), "between the brackets")
        unit, description = self._unit(), self._description()
        self.finish("soft(...), a unit or a description in quotes")
        return ConstraintElement(
            head.name, body, head.binders, head.condition, soft, unit, description, self.span, head.name_span
        )

    # Modifiers -----------------------------------------------------------------------------------------------

    def _modifiers(self, what: str) -> _Modifiers:
        found = _Modifiers()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
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
        elif word in DOMAINS:
            self._domain(found, token, what)
        elif word == "in":
            self._between(found, token)
        elif word == "unit":
            self.at -= 1
            found.unit = self._unit()
        elif word == "free" and what == "var":
            pass
        elif word == "default" and what == "param":
            found.default = self.expression(self.until_modifier(), "after 'default'", token)
        elif word == "=" and what == "param":
            found.value = self.expression(self.until((*DOMAINS, "default")), "after '='", token)
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
        bound = self.expression(self.until_modifier(), f"after '{token.text}'", token)
        if token.text[0] == ">":
            found.lower, found.lower_strict = bound, strict
        else:
            found.upper, found.upper_strict = bound, strict

    def _domain(self, found: _Modifiers, token: Token, what: str) -> None:
        if found.domain is not Domain.CONTINUOUS:
            raise Fault(f"It is '{found.domain.value}' already.", token.start, token.end)
        if token.text == "semicontinuous" and what == "param":
            raise Fault("Only variables are semicontinuous.", token.start, token.end)
        found.domain = DOMAINS[token.text]

    def _between(self, found: _Modifiers, token: Token) -> None:
        span = self.expression(self.until_modifier(), "after 'in'", token)
        if not isinstance(span, Range):
            raise Fault("A range is expected after 'in', such as 0..10.", span.span.start, span.span.end)
        if found.lower is not None or found.upper is not None:
            raise Fault("The bounds are given twice.", token.start, token.end)
        found.seen |= {">=", "<="}
        found.lower, found.upper = span.low, span.high

    def _unit(self) -> str:
        if not self.next_is("unit"):
            return ""
        token = self.take("The unit in quotes is expected after 'unit'.")
        if token.kind != "text":
            raise Fault(f"The unit in quotes is expected after 'unit', not {shown(token)}.", token.start, token.end)
        return text_value(token)

    def _description(self) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "text":
            self.at += 1
            return text_value(self.tokens[self.at - 1])
        return ""
