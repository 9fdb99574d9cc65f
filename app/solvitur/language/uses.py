"""Every place where a name stands in a model, told apart by what it refers to: an element, or one binder's index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from solvitur.language.elements import (
    Aggregate,
    Binder,
    Comprehension,
    DataEntry,
    Element,
    Expr,
    Model,
    Ref,
    Span,
)
from solvitur.language.lexing import tokens_between
from solvitur.language.names_used import children
from solvitur.language.symbols import binders_of, expressions_of


@dataclass(frozen=True)
class Use:
    """One occurrence of a name; ``home`` is where an index is bound, and None for the name of an element."""

    name: str
    span: Span
    home: Span | None = None


_Scope = Mapping[str, Span]


def uses_in(model: Model, text: str) -> Iterator[Use]:
    """Yields every occurrence of every name in a model that was read from ``text``, declarations included."""
    walk = _Walk(text)
    for element in model.elements:
        yield from walk.element(element)
    for entry in model.data:
        yield from walk.entry(entry)


class _Walk:
    """Walks the elements of one text with the indices in scope."""

    def __init__(self, text: str) -> None:
        self._text = text

    def element(self, element: Element) -> Iterator[Use]:
        """Yields the occurrences in one element."""
        if element.name_span.end > element.name_span.start:
            yield Use(element.name, element.name_span)
        binders = binders_of(element)
        scope: dict[str, Span] = {}
        yield from self._bind(binders, scope)
        for expr in expressions_of(element):
            if not any(expr is binder.over for binder in binders):
                yield from self._expression(expr, scope)

    def entry(self, entry: DataEntry) -> Iterator[Use]:
        """Yields the name of a data entry."""
        yield Use(entry.name, entry.name_span)

    def _expression(self, expr: Expr, scope: _Scope) -> Iterator[Use]:
        if isinstance(expr, Ref):
            start = expr.span.start
            yield Use(expr.name, Span(start, start + len(expr.name)), scope.get(expr.name))
        if isinstance(expr, Aggregate | Comprehension):
            inside = dict(scope)
            yield from self._bind(expr.binders, inside)
            body = (expr.body,) if isinstance(expr, Aggregate) else expr.member
            for part in (*body, *([expr.condition] if expr.condition is not None else [])):
                yield from self._expression(part, inside)
        for child in children(expr):
            yield from self._expression(child, scope)

    def _bind(self, binders: Sequence[Binder], scope: dict[str, Span]) -> Iterator[Use]:
        """Yields what stands in binders and adds their indices to the scope."""
        for binder in binders:
            yield from self._expression(binder.over, scope)
            for name, span in zip(binder.names, self._index_spans(binder), strict=False):
                scope[name] = span
                yield Use(name, span, span)

    def _index_spans(self, binder: Binder) -> list[Span]:
        tokens = tokens_between(self._text, binder.span.start, binder.over.span.start)
        names = [token for token in tokens if token.kind == "name"]
        return [Span(token.start, token.end) for token in names[: len(binder.names)]]
