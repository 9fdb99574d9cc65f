"""The words around a number: what it measures, in which unit, and per what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from solvitur_words.entities import Line
from solvitur_words.lexicon import CONTAINERS, COST_WORDS, MONEY_WORDS, PROFIT_WORDS, UNITS, list_of, stem_of
from solvitur_words.meaning import Described
from solvitur_words.parts import MODAL, NOUN, NUMBER, VERB

_STOPS = frozenset(list_of("while whereas if but because since although which , ; . ? ! ( ) where so then"))
_EMPTY = frozenset(
    list_of(
        """
        have be do make can must should use need require take give get available total unit number
        amount each additional respectively extra least most maximum minimum limit exceed more less than
        total hold contain provide combined require consume produce worth following include limitation
        constraint allow want company
        """
    )
)


def described(
    line: Line, at: int, skip: Collection[int] = (), start: int = 0, asides: Collection[int] = ()
) -> Described:
    """Describes the number at a token; ``skip`` are tokens that name entities, ``start`` where its clause begins."""
    after, unit, per = _after(line, at, skip, asides)
    before = _before(line, at, {*skip, *asides}, start)
    if not meaningful(after) and not meaningful(before):
        before = [*before, *_before(line, at, {*skip, *asides}, 0)]
    wide = before if set(before) & _ROLES else _before(line, at, {*skip, *asides}, 0)
    role = role_of(after, wide if line.tokens[at].sort != "plain" or not meaningful(after) else [])
    token = line.tokens[at]
    if "los" in after[:2] or "loss" in after[:2]:
        token, role = replace(token, value=-token.value), "profit"
    said = {stem_of(lemma): lemma for lemma in line.lemmas[at + 1 : at + 13]}
    labels = tuple(said[word] for word in after if word in said and word in meaningful(after) and word not in _ROLES)
    return Described(token, tuple(after), tuple(before), unit, role, per, labels)


def _after(line: Line, at: int, skip: Collection[int], asides: Collection[int]) -> tuple[list[str], str, str]:
    words: list[str] = []
    unit, per = "", ""
    k = at + 1
    while k < min(len(line.tokens), at + 12):
        token, tag = line.tokens[k], line.tags[k]
        if tag in (NUMBER, MODAL) or token.low in _STOPS or k in asides:
            break
        if token.low == "and" and _ends_at_and(line, k):
            break
        if k in skip and (words or unit or k > at + 1):
            break
        if token.low in ("per", "each", "every") or (token.low in ("a", "an") and k == at + 1):
            following = next(
                (line.lemmas[m] for m in range(k + 1, min(k + 3, len(line.tokens))) if line.tags[m] == NOUN), ""
            )
            if following in ("sq", "square"):
                following = "sqft"
            if (
                token.low == "per"
                or following in UNITS
                or following in CONTAINERS
                or (token.low == "every" and k + 1 not in skip)
            ):
                per = per or following
                k += 2
                continue
            if token.low in ("each", "every"):
                break
        if not unit and not words and token.lemma in UNITS | dict.fromkeys(CONTAINERS, ("", 1.0)) and tag == NOUN:
            unit = "sqft" if token.lemma in ("sq", "square") else token.lemma
        elif tag in (NOUN, VERB) and token.kind == "word" and k not in skip and (token.lemma not in UNITS or unit):
            words.append(stem_of(token.lemma))
        k += 1
    if line.tokens[at].sort == "money":
        unit = ""
    return words, unit, per


def _ends_at_and(line: Line, at: int) -> bool:
    """Tells whether an "and" ends what the number measures: a number, verb or another subject follows."""
    for k in range(at + 1, min(at + 10, len(line.tokens))):
        if line.tags[k] in (NUMBER, VERB, MODAL):
            return True
        if line.tokens[k].low in (",", "."):
            return False
    return False


def _before(line: Line, at: int, skip: Collection[int], start: int) -> list[str]:
    words: list[str] = []
    for k in range(at - 1, max(start - 1, at - 14), -1):
        token, tag = line.tokens[k], line.tags[k]
        if tag == NUMBER or token.low in (";", "while", "whereas", "but", "(", ")"):
            break
        if tag in (NOUN, VERB) and token.kind == "word" and k not in skip:
            words.append(stem_of(token.lemma))
    return words


def role_of(after: list[str], before: list[str]) -> str:
    """Finds whether a number is a cost or a profit, by the nearest word that says so."""
    costs = {stem_of(word) for word in COST_WORDS}
    profits = {stem_of(word) for word in PROFIT_WORDS}
    for words in (after, before):
        for word in words:
            if word in ("sell", "sal", "price", "sale"):
                later = [each for each in words if each in ("profit", "revenu", "earn")]
                return "profit" if later else "price"
            if word in profits:
                return "profit" if word != "revenu" else "revenue"
            if word in costs:
                return "cost"
    return ""


def meaningful(words: Collection[str]) -> set[str]:
    """Leaves out the stems that say little."""
    return {word for word in words if word not in _EMPTY_STEMS}


_ROLES = frozenset(stem_of(word) for word in COST_WORDS | PROFIT_WORDS)
_EMPTY_STEMS = frozenset(stem_of(word) for word in _EMPTY | MONEY_WORDS)
