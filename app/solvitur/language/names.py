"""What an editor asks about names: completions, definition, occurrences, rename. Works on text with errors too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from solvitur.language.completing import Completion, completions
from solvitur.language.elements import Span
from solvitur.language.lexing import NAME, tokens_between
from solvitur.language.parsing import Parsed, parse
from solvitur.language.uses import Use, uses_in
from solvitur.language.words import RESERVED
from solvitur.problem.errors import InputError

__all__ = ["Completion", "completions", "definition", "occurrences", "occurrences_at", "rename"]


def definition(text: str, offset: int) -> Span | None:
    """Returns where the name at an offset is declared: an element's name, or an index where it is bound."""
    parsed = parse(text)
    use = _use_at(parsed, text, offset)
    if use is None:
        return None
    if use.home is not None:
        return use.home
    element = parsed.model.element(use.name)
    return element.name_span if element and element.name_span.end > element.name_span.start else None


def occurrences(text: str, name: str) -> tuple[Span, ...]:
    """Returns every place where a name stands, in order; an index counts only when no element has its name."""
    parsed = parse(text)
    found = [use for use in _all_uses(parsed, text) if use.name == name]
    if parsed.model.element(name) is not None:
        found = [use for use in found if use.home is None]
    return _in_order(found)


def occurrences_at(text: str, offset: int) -> tuple[Span, ...]:
    """Returns every place that refers to the same thing as the name at an offset: for an index, within its binder."""
    parsed = parse(text)
    here = _use_at(parsed, text, offset)
    if here is None:
        return ()
    return _in_order([u for u in _all_uses(parsed, text) if u.name == here.name and u.home == here.home])


def rename(text: str, old: str, new: str, *, at: int | None = None) -> list[tuple[Span, str]]:
    """Returns the replacements that rename an element or an index everywhere, in the order of the text.

    Parameters
    ----------
    at
        An offset where the name stands; then an index is renamed in the scope of its binder only.

    Raises
    ------
    InputError
        If the new name is no name, is a word of the language, or already stands for something else.
    """
    if not re.fullmatch(NAME, new):
        raise InputError.at(f"'{new}' is no name: a name has letters, digits and _, and begins with a letter.")
    if new in RESERVED:
        raise InputError.at(f"'{new}' is a word of the language; choose another name, such as '{new}_'.")
    spans = occurrences(text, old) if at is None else occurrences_at(text, at)
    if not spans:
        raise InputError.at(f"There is no '{old}' in this model.", element=old)
    if new != old:
        _refuse_clash(text, old, new)
    return [(span, new) for span in spans]


def _refuse_clash(text: str, old: str, new: str) -> None:
    """Refuses a name that stands for something else already, as an element or as an index anywhere."""
    parsed = parse(text)
    for use in _all_uses(parsed, text):
        if use.name == new:
            what = "an index" if use.home is not None else "another element"
            raise InputError.at(
                f"'{new}' is the name of {what} already, so '{old}' cannot be called so.", element=old
            )


def _all_uses(parsed: Parsed, text: str) -> Iterator[Use]:
    """Yields the uses in what could be read, then every name in the statements that could not."""
    yield from uses_in(parsed.model, text)
    for span in parsed.lost:
        for token in tokens_between(text, span.start, span.end):
            if token.kind == "name" and token.text not in RESERVED:
                yield Use(token.text, Span(token.start, token.end))


def _use_at(parsed: Parsed, text: str, offset: int) -> Use | None:
    touching = [use for use in _all_uses(parsed, text) if use.span.start <= offset <= use.span.end]
    return max(touching, key=lambda use: use.span.start, default=None)


def _in_order(uses: list[Use]) -> tuple[Span, ...]:
    spans = {(use.span.start, use.span.end) for use in uses}
    return tuple(Span(start, end) for start, end in sorted(spans))
