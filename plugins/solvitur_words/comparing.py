"""Comparisons: the phrases that bound something, and the parts of a sentence they stand between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from solvitur_words.entities import Line
from solvitur_words.lexicon import list_of
from solvitur_words.parts import NOUN, NUMBER

LE, GE, EQ = "<=", ">=", "=="

_PHRASES: tuple[tuple[str, str, bool], ...] = (
    ("at most", LE, False), ("at the most", LE, False), ("at max", LE, False), ("up to", LE, False),
    ("less than or equal to", LE, False), ("no more than", LE, False), ("not more than", LE, False),
    ("no greater than", LE, False), ("no larger than", LE, False), ("no higher than", LE, False),
    ("not exceed", LE, False), ("not surpass", LE, False), ("not go over", LE, False), ("not go above", LE, False),
    ("not be more than", LE, False), ("not be greater than", LE, False), ("not be larger than", LE, False),
    ("not be higher than", LE, False), ("not be over", LE, False), ("not be above", LE, False),
    ("limit to", LE, False), ("restrict to", LE, False), ("cap at", LE, False), ("limit at", LE, False),
    ("maximum of", LE, False), ("max of", LE, False), ("an upper limit of", LE, False), ("limit of", LE, False),
    ("without exceed", LE, False), ("≤", LE, False), ("<=", LE, False), ("requirement of", GE, False),
    ("demand of", GE, False), ("at least", GE, False),
    ("at the least", GE, False), ("at minimum", GE, False), ("at a minimum", GE, False),
    ("greater than or equal to", GE, False), ("more than or equal to", GE, False), ("no less than", GE, False),
    ("no fewer than", GE, False), ("not less than", GE, False), ("not fewer than", GE, False),
    ("not be less than", GE, False), ("not be fewer than", GE, False), ("not be smaller than", GE, False),
    ("not be below", GE, False), ("not be under", GE, False), ("not fall below", GE, False),
    ("not go below", GE, False),
    ("no smaller than", GE, False), ("no lower than", GE, False), ("not be lower than", GE, False),
    ("minimum of", GE, False), ("≥", GE, False), (">=", GE, False), ("exceed", GE, True), ("surpass", GE, True),
    ("more than", GE, True), ("greater than", GE, True), ("larger than", GE, True), ("higher than", GE, True),
    ("less than", LE, True), ("fewer than", LE, True), ("smaller than", LE, True), ("lower than", LE, True),
    ("below", LE, True), ("under", LE, True), ("exactly equal to", EQ, False), ("exactly equal", EQ, False),
    ("equal exactly", EQ, False), ("equal to", EQ, False),
    ("exactly", EQ, False), ("equal", EQ, False), ("a total of exactly", EQ, False), ("match", EQ, False),
    ("exactly be equal to", EQ, False), ("must be the same as", EQ, False), ("be the same as", EQ, False),
)  # fmt: skip
_BY_FIRST: dict[str, list[tuple[list[str], str, bool]]] = {}
for _text, _way, _strict in _PHRASES:
    _BY_FIRST.setdefault(_text.split()[0], []).append((_text.split(), _way, _strict))
for _each in _BY_FIRST.values():
    _each.sort(key=lambda phrase: -len(phrase[0]))

_NEGATIONS = frozenset(list_of("not no never cannot can't mustn't shouldn't neither without nor"))
_SPLITS = (
    frozenset([";", ":"]),
    frozenset(["while", "whereas", "but", "if", "although", "though"]),
    frozenset([","]),
    frozenset(["and", "with", "or", "that", "then"]),
)
_PURPOSES = frozenset(
    list_of(
        """ensure maintain achieve meet avoid prevent satisfy diversify attract promote manage keep guarantee balance
        encourage optimize reduce increase comply reflect fulfill fulfil accommodate support allow preserve protect
        improve enhance minimize maximize adhere limit stay address facilitate"""
    )
)
"""What reasons are told with: "to avoid crowding, ...". Others tell what numbers are for: "to make a chair, ..."."""
_REASONS = frozenset(
    list_of("since because due as reflecting considering given although though to owing thanks when")
)


@dataclass(frozen=True)
class Comparison:
    """A comparing phrase: its tokens, its way (``<=``, ``>=``, ``==``), and the tokens on both sides of it."""

    start: int
    end: int
    way: str
    strict: bool
    left: tuple[int, int] = (0, 0)
    right: tuple[int, int] = (0, 0)
    wide: int = 0
    """Where the part of the sentence begins that the left side was cut from."""
    by: int = -1
    """Where an excess is told ("exceed ... by at least 10"): the token of its number; -1 if none is."""


def asides_of(line: Line) -> set[int]:
    """Finds the tokens of reasons and remarks without numbers, which bound nothing: "since cars are slow, ..."."""
    lows = [token.low for token in line.tokens]
    out = _examples(lows)
    at = 0
    while at < len(lows):
        if not _opens_reason(line, lows, at):
            at += 1
            continue
        end = at + 1
        while end < len(lows) and lows[end] not in (",", ";", ")") and lows[end] not in ("-", "–", "—"):
            end += 1
        if not any(line.tags[k] == NUMBER for k in range(at, end)):
            inner = [lows[k] for k in range(at, end)]
            purpose = lows[at] != "to" or "ensure" in inner
            if purpose or (end < len(lows) and lows[end] == "," and line.lemmas[at + 1] in _PURPOSES):
                out.update(range(at, end))
        at = end
    return out


def _examples(lows: Sequence[str]) -> set[int]:
    """Finds brackets that only give examples: "(e.g., nobody can hire half a person)"."""
    out: set[int] = set()
    for at, low in enumerate(lows):
        if low == "(" and ")" in lows[at:]:
            end = lows.index(")", at)
            inside = lows[at + 1 : end]
            if inside[:1] in (["e"], ["e.g"], ["i.e"], ["since"], ["because"], ["as"], ["you"]) or "can't" in inside:
                out.update(range(at, end + 1))
    return out


def _opens_reason(line: Line, lows: Sequence[str], at: int) -> bool:
    word = lows[at]
    if word not in _REASONS:
        return False
    after = lows[at + 1] if at + 1 < len(lows) else ""
    if word == "due":
        return after == "to"
    if word == "as":
        return (at == 0 or lows[at - 1] == ",") and after not in ("many", "much", "long", "well")
    if word == "to":
        return at == 0 or lows[at - 1] == "," or line.lemmas[at + 1 : at + 2] == ["ensure"]
    if word == "given":
        return at == 0 and after != "that" and "," in lows
    if word == "when":
        return at == 0
    return word != "thanks" or after == "to"


def comparisons_of(line: Line, asides: set[int]) -> list[Comparison]:
    """Finds the comparing phrases of a sentence with their sides, in order."""
    found = [each for each in _phrases(line) if each.start not in asides]
    found = _with_limits(line, found)
    found = _with_extremes(line, found, asides)
    found = _with_excesses(line, found)
    edges = [0]
    for before, after in pairwise(found):
        edges.append(_edge(line, before, after, asides))
    edges.append(len(line.tokens))
    wide = list(edges)
    for at, each in enumerate(found):
        colons = [k for k in range(edges[at], each.start) if line.tokens[k].low in (":", ";")]
        thats = [
            k
            for k in range(edges[at], each.start)
            if line.tokens[k].low == "that" and _opens_subject(line, k + 1, each.start)
        ]
        turns = [k for k in range(edges[at], each.start) if line.tokens[k].low in ("but", "whereas", "while", "so")]
        if turns and turns[-1] + 2 < each.start:
            edges[at] = turns[-1] + 1
        if thats and thats[-1] >= edges[at]:
            edges[at] = thats[-1] + 1
        if colons and any(line.tags[k] == NOUN for k in range(colons[-1], each.start)):
            edges[at] = colons[-1] + 1
    ends = wide[1:]
    for at, each in enumerate(found[:-1]):
        number = next((k for k in range(each.end, found[at + 1].start) if line.tags[k] == NUMBER), -1)
        if 0 < found[at + 1].start - number <= 2 and number - each.end <= 1:
            ends[at] = wide[at + 2]
    return [
        replace(each, left=(edges[at], each.start), right=(each.end, ends[at]), wide=wide[at])
        for at, each in enumerate(found)
    ]


def _opens_subject(line: Line, at: int, end: int) -> bool:
    """Tells whether a clause with a subject of its own begins behind "that"."""
    if at >= end or not (
        line.tags[at] == NOUN or line.tokens[at].low in ("the", "a", "an", "each", "at", "no", "this")
    ):
        return False
    return line.tags[at] != NOUN or any(line.tags[k] in ("verb", "modal") for k in range(at, end + 1))


def _phrases(line: Line) -> list[Comparison]:
    words = ["not" if token.low in ("cannot", "can't", "mustn't") else token.lemma for token in line.tokens]
    found: list[Comparison] = []
    at = 0
    while at < len(words):
        match = _phrase_at(words, line, at)
        if match is None:
            at += 1
            continue
        found.append(match)
        at = match.end
    return found


def _phrase_at(words: Sequence[str], line: Line, at: int) -> Comparison | None:
    for phrase, way, strict in _BY_FIRST.get(words[at], ()):
        if words[at : at + len(phrase)] != phrase:
            continue
        end = at + len(phrase)
        first = phrase[0]
        if (
            first in ("below", "under", "equal", "match", "minimum", "maximum", "exactly", "limit")
            or phrase in (["up", "to"], ["at", "minimum"], ["at", "a", "minimum"])
        ) and not _has_value(line, end):
            return None
        if first in ("requirement", "demand") and not (
            line.tags[end : end + 1] == [NUMBER] and not line.tokens[end].text.isalpha()
        ):
            return None
        if phrase == ["equal"] and line.tokens[at].low not in ("equal", "equals"):
            return None
        if strict and way == GE and _negated(line, at):
            return Comparison(at, end, LE, False)
        if strict and way == LE and _negated(line, at):
            return Comparison(at, end, GE, False)
        if phrase[-1] == "than" and _is_counted_excess(line, at):
            return None
        return Comparison(at, end, way, strict)
    return None


def _is_counted_excess(line: Line, at: int) -> bool:
    """Tells whether "more than" follows a number, as in "200 units more than": the number's comparison reads it."""
    for back in range(at - 1, max(-1, at - 4), -1):
        if line.tags[back] == NUMBER:
            return line.tokens[back].sort != "percent"
        if line.tags[back] != NOUN:
            return False
    return False


def _has_value(line: Line, at: int) -> bool:
    return any(tag == NUMBER for tag in line.tags[at : at + 5]) or line.lemmas[at : at + 1] == ["the"]


def _negated(line: Line, at: int) -> bool:
    for back in range(at - 1, max(-1, at - 8), -1):
        if line.tags[back] == NUMBER or line.tokens[back].low in (",", "but", ";"):
            return False
        if line.tokens[back].low in _NEGATIONS:
            return True
    return False


def _with_limits(line: Line, found: list[Comparison]) -> list[Comparison]:
    """Adds "has limited the number of flyers ... to 8"."""
    extra = []
    for at, lemma in enumerate(line.lemmas):
        if lemma not in ("limit", "restrict", "cap") or line.lemmas[at + 1 : at + 2] in (["to"], ["at"], ["of"]):
            continue
        for ahead in range(at + 2, min(at + 14, len(line.lemmas) - 1)):
            if line.tags[ahead] == NUMBER:
                break
            if line.tokens[ahead].low == "to" and line.tags[ahead + 1] == NUMBER:
                extra.append(Comparison(ahead, ahead + 1, LE, False))
                break
    return sorted([*found, *extra], key=lambda each: each.start)


def _with_extremes(line: Line, found: list[Comparison], asides: set[int]) -> list[Comparison]:
    """Adds "a minimum allocation of 1500" and "the maximum number of X is 20", where no other phrase compares."""
    taken = {k for each in found for k in range(each.start, each.end)}
    extra = []
    for at, lemma in enumerate(line.lemmas):
        value_word = lemma in ("floor", "cap", "limit") and line.lemmas[at + 1 : at + 2] in (
            ["value"],
            ["be"],
            ["of"],
        )
        if at in taken or at in asides or not (lemma in ("minimum", "maximum") or value_word):
            continue
        reach = 15 if lemma in ("minimum", "maximum") and "be" in line.lemmas[at : at + 15] else 9
        for ahead in range(at + 1, min(at + reach, len(line.lemmas))):
            if ahead in taken or line.tokens[ahead].low in (",", ";", "?"):
                break
            if line.tags[ahead] == NUMBER and line.tokens[ahead].sort != "times":
                way = GE if lemma in ("minimum", "floor") else LE
                extra.append(Comparison(at, at + 1, way, False))
                break
    return sorted([*found, *extra], key=lambda each: each.start)


def _with_excesses(line: Line, found: list[Comparison]) -> list[Comparison]:
    """Joins "exceed ... by at least 10" into one comparison."""
    result: list[Comparison] = []
    skip = False
    for at, each in enumerate(found):
        if skip:
            skip = False
            continue
        following = found[at + 1] if at + 1 < len(found) else None
        stop = following.start if following else len(line.tokens)
        by = next((k for k in range(each.end, stop) if line.tokens[k].low == "by"), -1)
        if "exceed" in line.lemmas[each.start : each.end] or line.lemmas[each.start] == "surpass":
            if by >= 0 and following and following.start == by + 1 and line.tags[following.end] == NUMBER:
                way, strict = (each.way, False) if each.way == LE else (following.way, following.strict)
                result.append(replace(each, by=following.end, way=way, strict=strict))
                skip = True
                continue
            if by >= 0 and by + 1 < len(line.tags) and line.tags[by + 1] == NUMBER:
                result.append(replace(each, by=by + 1, strict=False))
                continue
        result.append(each)
    return result


def _edge(line: Line, before: Comparison, after: Comparison, asides: set[int]) -> int:
    """Finds where one comparison's part of the sentence ends and the next one's begins."""
    start, end = before.end, after.start
    lows = [token.low for token in line.tokens]
    number = next((k for k in range(start, end) if line.tags[k] == NUMBER), start)
    for splits in _SPLITS:
        places = [k for k in range(number, end) if lows[k] in splits]
        if places:
            return places[0]
    return max(number + 1, start)
