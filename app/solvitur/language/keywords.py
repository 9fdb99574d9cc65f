"""The words that open statements, and what was most likely meant by others."""

from __future__ import annotations

from collections.abc import Sequence

from solvitur.language.faults import Fault
from solvitur.language.lexing import Token
from solvitur.language.sequence import shown, stray
from solvitur.language.words import ALSO_KNOWN_AS, STATEMENT_WORDS, nearest


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
    if first.text == "data":
        raise Fault("'data' stands alone on its line; the entries follow below it.", first.start, first.end)
    if first.text in STATEMENT_WORDS:
        return first.text.replace("mise", "mize"), 1
    raise _unknown_keyword(first, following)


def _unknown_keyword(first: Token, following: str) -> Fault:
    if first.kind in ("other", "open"):
        return stray(first)
    meant = ALSO_KNOWN_AS.get(first.text.casefold(), "")
    if not meant and first.kind == "name":
        meant = nearest(first.text, (*STATEMENT_WORDS, "subject to"))
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
