"""A cursor over the tokens of one statement: it takes names, indices and expressions from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solvitur.language.elements import Binder, Domain, Expr, Listing, Span
from solvitur.language.expressions import read_expression
from solvitur.language.faults import Fault
from solvitur.language.lexing import CLOSERS, OPENERS, Token, quote, tokens_between
from solvitur.language.literals import read_labels
from solvitur.language.sequence import ends_value, shown, stray, text_value
from solvitur.language.words import RESERVED

BOUNDS = frozenset((">=", "<=", ">", "<", "=", "=="))
DOMAINS = {domain.value: domain for domain in (Domain.INTEGER, Domain.BINARY, Domain.SEMI_CONTINUOUS)}


@dataclass
class Head:
    """What precedes the expression of a statement: a name and its indices."""

    name: str
    name_span: Span
    binders: tuple[Binder, ...] = ()
    condition: Expr | None = None


class Cursor:
    """Reads one statement from left to right; ``at`` is the position of the next token."""

    def __init__(self, text: str, tokens: Sequence[Token], at: int) -> None:
        self.text = text
        self.tokens = tokens
        self.at = at
        self.span = Span(tokens[0].start, tokens[-1].end)

    # Heads ---------------------------------------------------------------------------------------------------

    def head(self, what: str) -> Head:
        """Takes a name and its indices; ``what`` is being declared."""
        token = self.take(f"The name of {what} is expected here.")
        if token.kind != "name":
            raise Fault(f"The name of {what} is expected here, not {shown(token)}.", token.start, token.end)
        head = self.named(token)
        if self.peek("["):
            self.indices(head)
        return head

    def named(self, token: Token) -> Head:
        """Makes a head of a name, unless it is a word of the language."""
        if token.text in RESERVED:
            raise Fault(
                f"'{token.text}' is a word of the language; choose another name, such as '{token.text}_'.",
                token.start,
                token.end,
                f"{token.text}_",
            )
        return Head(token.text, Span(token.start, token.end))

    def labelled(self, unnamed: str) -> Head:
        """Reads ``name[...]:``, when there is a colon; else the statement has no name."""
        colon = self._colon()
        if colon is None:
            return Head(unnamed, Span(self.span.start, self.span.start))
        head = Head(unnamed, Span(self.span.start, self.span.start))
        token = self.tokens[self.at]
        if token.kind == "name":
            self.at += 1
            head = self.named(token)
        if self.peek("["):
            self.indices(head)
        if self.at != colon:
            token = self.tokens[self.at]
            raise Fault(f"A name and its indices stand before the ':', not {shown(token)}.", token.start, token.end)
        self.at += 1
        return head

    def _colon(self) -> int | None:
        depth = 0
        for position in range(self.at, len(self.tokens)):
            token = self.tokens[position]
            if token.kind == "op":
                depth += (token.text in OPENERS) - (token.text in CLOSERS)
                if token.text == ":" and depth == 0:
                    return position
        return None

    def indices(self, head: Head) -> None:
        """Takes the indices in square brackets into a head."""
        opener = self.tokens[self.at]
        self.at += 1
        inside = self.inside(opener)
        parts, condition = _split_indices(inside)
        if condition is not None:
            head.condition = self.expression(condition, "after 'if'", opener)
        head.binders = tuple(self._binder(part, opener) for part in parts)

    def _binder(self, tokens: Sequence[Token], opener: Token) -> Binder:
        if not tokens:
            raise Fault("A set, or 'index in set', is expected between the brackets.", opener.start, opener.end)
        span = Span(tokens[0].start, tokens[-1].end)
        at = top_level(tokens, ("in",))
        if at is None or (at > 0 and tokens[at - 1].text == "not"):
            return Binder((), self.expression(tokens, "between the brackets"), span)
        over = self.expression(tokens[at + 1 :], "after 'in'", tokens[at])
        return Binder(self._index_names(tokens[:at], tokens[at]), over, span)

    def _index_names(self, tokens: Sequence[Token], before: Token) -> tuple[str, ...]:
        if len(tokens) > 2 and tokens[0].text == "(" and tokens[-1].text == ")":
            tokens = tokens[1:-1]
        names = tokens[::2]
        regular = len(tokens) % 2 == 1 and all(t.text == "," for t in tokens[1::2])
        if not regular or any(t.kind != "name" for t in names):
            place = next((t for t in names if t.kind != "name"), tokens[0] if tokens else before)
            raise Fault("An index name, or several as in (i, j), is expected before 'in'.", place.start, place.end)
        return tuple(self.named(token).name for token in names)

    # Sets ----------------------------------------------------------------------------------------------------

    def set_value(self, tokens: Sequence[Token]) -> Expr:
        """Makes the members of a set of the tokens after ``=``."""
        return read_members(self.text, tokens) if tokens else self.expression(tokens, "after '='")

    def indices_alone(self) -> tuple[tuple[Binder, ...], Expr | None]:
        """Reads ``[p in Plants, m in Markets if condition]`` and nothing else."""
        head = Head("", self.span)
        self.indices(head)
        self.finish("nothing more")
        return head.binders, head.condition

    # Tokens --------------------------------------------------------------------------------------------------

    def expression(self, tokens: Sequence[Token], where: str, after: Token | None = None) -> Expr:
        """Makes an expression of tokens; without any, the fault tells ``where`` it is expected."""
        if not tokens:
            last = after or self.tokens[min(self.at, len(self.tokens)) - 1]
            raise Fault(f"An expression is expected {where}.", last.start, last.end)
        return read_expression(self.text, tokens)

    def until(self, words: Sequence[str]) -> Sequence[Token]:
        """Takes tokens up to one of the words, a unit, or a description: a quoted text where no value is wanted."""
        start, depth = self.at, 0
        for position in range(start, len(self.tokens)):
            token = self.tokens[position]
            if depth == 0 and position > start and ends_value(self.tokens[position - 1]):
                following = self.tokens[position + 1] if position + 1 < len(self.tokens) else None
                before = self.tokens[position - 1]
                glued = before.kind == "name" and before.end == token.start
                if token.text in words or (token.kind == "text" and not glued):
                    break
                if token.text == "unit" and following and following.kind == "text":
                    break
            elif depth == 0 and position == start and token.text in words:
                break
            if token.kind == "op":
                depth += (token.text in OPENERS) - (token.text in CLOSERS and depth > 0)
        else:
            position = len(self.tokens)
        self.at = position
        return self.tokens[start:position]

    def until_modifier(self) -> Sequence[Token]:
        """Takes tokens up to the next bound, domain, default, unit or description."""
        return self.until((*BOUNDS, *DOMAINS, "default", "in", "free", "unit", "=<", "=>"))

    def inside(self, opener: Token) -> Sequence[Token]:
        """Takes the tokens up to the bracket that closes ``opener``, which was just taken, and that bracket."""
        start, depth = self.at, 1
        for position in range(start, len(self.tokens)):
            token = self.tokens[position]
            if token.kind == "op":
                depth += (token.text in OPENERS) - (token.text in CLOSERS)
            if depth == 0:
                if token.text != OPENERS[opener.text]:
                    wanted = OPENERS[opener.text]
                    raise Fault(
                        f"'{wanted}' is expected here, to close the '{opener.text}'.", token.start, token.end, wanted
                    )
                self.at = position + 1
                return self.tokens[start:position]
        wanted = OPENERS[opener.text]
        raise Fault(f"This '{opener.text}' is not closed: '{wanted}' is missing.", opener.start, opener.end)

    def peek(self, word: str) -> bool:
        """Tells whether a word comes next."""
        return self.at < len(self.tokens) and self.tokens[self.at].text == word

    def next_is(self, word: str) -> bool:
        """Takes a word if it comes next."""
        if self.peek(word):
            self.at += 1
            return True
        return False

    def require(self, word: str, where: str) -> Token:
        """Takes a word that must come next."""
        token = self.take(f"'{word}' is expected {where}.")
        if token.text != word:
            raise Fault(f"'{word}' is expected {where}.", token.start, token.end)
        return token

    def take(self, missing: str) -> Token:
        """Takes the next token; at the end of the statement the fault says ``missing``."""
        if self.at >= len(self.tokens):
            last = self.tokens[-1]
            raise Fault(missing, last.start, last.end)
        token = self.tokens[self.at]
        if token.kind in ("other", "open"):
            raise stray(token)
        self.at += 1
        return token

    def finish(self, wanted: str) -> None:
        """Raises a fault when something is left, with what was ``wanted`` instead."""
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind in ("other", "open"):
                raise stray(token)
            raise Fault(f"Expected {wanted}, not {shown(token)}.", token.start, token.end)


def read_indices(text: str) -> tuple[tuple[Binder, ...], Expr | None]:
    """Reads the indices of a declaration, without their brackets, from a text of their own.

    Raises
    ------
    Fault
        If they cannot be read; its offsets count from the bracket that is put before the text.
    """
    wrapped = f"[{text}]"
    return Cursor(wrapped, tokens_between(wrapped, 0, len(wrapped)), 0).indices_alone()


def read_members(text: str, tokens: Sequence[Token]) -> Expr:
    """Reads what follows the ``=`` of a set: labels with commas between them, or an expression.

    Raises
    ------
    Fault
        If it is neither.
    """
    if top_level(tokens, (",",)) is not None:
        return Listing(read_labels(tokens), Span(tokens[0].start, tokens[-1].end))
    if len(tokens) == 1 and tokens[0].kind == "text":
        return Listing((text_value(tokens[0]),), Span(tokens[0].start, tokens[0].end))
    if len(tokens) > 1 and all(token.kind in ("name", "number") and token.text not in RESERVED for token in tokens):
        words = " ".join(token.text for token in tokens)
        fault = f"Put quotes round labels of several words: {quote(words)}."
        raise Fault(fault, tokens[0].start, tokens[-1].end, quote(words))
    return read_expression(text, tokens)


def top_level(tokens: Sequence[Token], words: Sequence[str]) -> int | None:
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
    at = top_level(tokens, ("if",))
    condition = None
    if at is not None:
        tokens, condition = tokens[:at], tokens[at + 1 :]
    parts = []
    while (comma := top_level(tokens, (",",))) is not None:
        parts.append(tokens[:comma])
        tokens = tokens[comma + 1 :]
    return [*parts, tokens], condition
