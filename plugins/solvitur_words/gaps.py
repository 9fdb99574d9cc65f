"""Places where a number seems to be missing: "requires units of wood", "costs $ per bag", "at least of the trips"."""

from __future__ import annotations

from solvitur_words.entities import Line
from solvitur_words.lexicon import CONTAINERS, UNITS, list_of
from solvitur_words.parts import NUMBER, VERB

_COUNTED = frozenset(
    list_of("unit gram kg kilogram hour minute liter litre ml pound ounce calorie kwh second ton point percent")
)
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
        elif (token.low in ("least", "most") and before is not None and before.low == "at" and after is not None and (
            after.low in ("more", "fewer") or line.lemmas[at + 1 : at + 3] == ["a", "unit"]
        )) or _is_bare_unit(line, at):  # fmt: skip
            found.append(at)
    return found


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
