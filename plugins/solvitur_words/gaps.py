"""Places where a number seems to be missing: "requires units of wood", "costs $ per bag", "at least of the trips"."""

from __future__ import annotations

from solvitur_words.entities import Line
from solvitur_words.lexicon import CONTAINERS, UNITS, list_of
from solvitur_words.parts import NUMBER, VERB

_COUNTED = frozenset(
    list_of("unit gram kg kilogram hour minute liter litre ml pound ounce calorie kwh second ton point percent")
)
_NO_VALUE = frozenset(list_of("due because since , . ; and for per while"))
_TAKES = frozenset(
    list_of("require take need contain cost produce use earn hold carry generate consume make provide yield be have")
)


def gaps_of(line: Line) -> list[int]:
    """Finds the tokens before which a number is expected and none stands."""
    found = []
    for at, token in enumerate(line.tokens):
        before = line.tokens[at - 1] if at else None
        after = line.tokens[at + 1] if at + 1 < len(line.tokens) else None
        if token.low in ("%", "$"):
            if (token.low == "$" and (after is None or after.kind != "num")) or (
                token.low == "%" and (before is None or before.kind != "num")
            ):
                found.append(at)
        elif token.low == "times" and before is not None and line.tags[at - 1] != NUMBER:
            if after is not None and after.low in ("the", "as", "more") and before.low not in ("many", "of", "all"):
                found.append(at)
        elif _is_bare_excess(line, at) or _is_bare_value(line, at) or _is_bare_unit(line, at):
            found.append(at)
    return found


def _is_bare_excess(line: Line, at: int) -> bool:
    """Tells whether "at least more than" or "at least a unit" lacks its number."""
    if [token.low for token in line.tokens[at : at + 1]] not in (["least"], ["most"]) or not at:
        return False
    behind = [token.low for token in line.tokens[at + 1 : at + 2]]
    lacking = behind in (["more"], ["fewer"]) or line.lemmas[at + 1 : at + 3] == ["a", "unit"]
    return line.tokens[at - 1].low == "at" and lacking


def _is_bare_value(line: Line, at: int) -> bool:
    """Tells whether "the minimum investment is" ends without a number."""
    if line.lemmas[at] != "be":
        return False
    after = line.tokens[at + 1].low if at + 1 < len(line.tokens) else "."
    lead = {"minimum", "maximum", "limit", "cost", "profit", "price"} & set(line.lemmas[max(0, at - 6) : at])
    return after in _NO_VALUE and bool(lead)


def _is_bare_unit(line: Line, at: int) -> bool:
    """Tells whether a plural unit follows a verb or "and" directly, as if its number had been left out."""
    token = line.tokens[at]
    if token.lemma in CONTAINERS and token.low != token.lemma and at and line.tokens[at - 1].low == "than":
        return True
    if token.lemma not in _COUNTED or token.low == token.lemma or not at:
        return False
    before = line.tokens[at - 1]
    of = at + 1 < len(line.tokens) and line.tokens[at + 1].low in ("of", "from", "for")
    if line.tags[at - 1] == VERB and before.lemma in _TAKES:
        return True
    if before.low in ("least", "most", "than", "exceed", "maximum", "minimum"):
        return True
    if before.low == "of" and at > 1 and line.tokens[at - 2].low in ("maximum", "minimum", "total", "least", "most"):
        return True
    numbers = NUMBER in line.tags
    return (
        of
        and numbers
        and before.low in ("and", ",", "for", "available", "has", "have")
        and token.lemma in UNITS | {"unit": 0}
    )
