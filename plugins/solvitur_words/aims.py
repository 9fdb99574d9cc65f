"""The objective: what is to be made as large or as small as possible."""

from __future__ import annotations

from collections.abc import Sequence

from solvitur_words.entities import Line, Mention
from solvitur_words.lexicon import list_of, stem_of
from solvitur_words.meaning import Aim
from solvitur_words.parts import NOUN, NUMBER, VERB

_MAX = frozenset(list_of("maximize maximise"))
_MIN = frozenset(list_of("minimize minimise"))
_MOST = frozenset(list_of("maximum most highest greatest largest maximal best"))
_LEAST = frozenset(list_of("minimum least lowest smallest cheapest fewest minimal minimun"))
_ASKING = frozenset(
    list_of(
        """
        be find determine calculate compute identify get obtain achieve give at know with ensure seek
        for produce yield make earn generate reach bring
        """
    )
)
_STOPS = frozenset(
    list_of("rounded round ( ) . ? ! ; , while given by if so subject with without under considering whilst")
)


def aim_of(line: Line, found: Sequence[Mention]) -> Aim | None:
    """Finds the objective that a sentence tells, if it does."""
    for at in range(len(line.tokens)):
        sense = _verb_sense(line, at)
        if sense:
            return _aim(line, found, sense, at, at + 1)
        sense = _adjective_sense(line, at)
        if sense:
            return _aim(line, found, sense, at, at + 1)
    return None


def ratio_of(line: Line) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Reads "is defined as the total profit divided by the total cost": the words on both sides."""
    lows = [token.low for token in line.tokens]
    for at in range(len(lows) - 1):
        if (lows[at], lows[at + 1]) in (("divided", "by"), ("ratio", "of")):
            return _sides(line, at, lows)
    return None


def _sides(line: Line, at: int, lows: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if lows[at] == "ratio":
        to = next((k for k in range(at, len(lows)) if lows[k] == "to"), -1)
        if to < 0:
            return None
        first, cut, second = at + 2, to, to + 1
    else:
        first = next((k + 1 for k in range(at - 1, -1, -1) if lows[k] in ("as", "is", "by", "(")), 0)
        cut, second = at, at + 2
    end = next((k for k in range(second, len(lows)) if lows[k] in _STOPS or lows[k] == ")"), len(lows))
    above = tuple(stem_of(line.lemmas[k]) for k in range(first, cut) if line.tags[k] == NOUN)
    below = tuple(stem_of(line.lemmas[k]) for k in range(second, end) if line.tags[k] == NOUN)
    return (above, below) if above and below else None


def _verb_sense(line: Line, at: int) -> str:
    lemma, low = line.lemmas[at], line.tokens[at].low
    if lemma in _MAX or low == "maximization" or low == "maximizes":
        return "max"
    if lemma in _MIN or low in ("minimization", "minimum-cost"):
        return "min"
    if lemma in ("increase", "raise") and line.lemmas[at - 1 : at] == ["to"]:
        return ""
    if (
        lemma == "reduce"
        and at
        and line.tokens[at - 1].low == "to"
        and line.tags[min(at + 2, len(line.tags) - 1)] != NUMBER
    ):
        return "min"
    return ""


def _adjective_sense(line: Line, at: int) -> str:
    low = line.tokens[at].low
    if low not in _MOST and low not in _LEAST:
        return ""
    if at and line.tokens[at - 1].low == "at" and low in ("least", "most"):
        return ""
    reach = 13 if at > 1 and {"with", "for"} & {token.low for token in line.tokens[at - 2 : at]} else 7
    if any(tag == NUMBER for tag in line.tags[at : at + reach]):
        return ""
    back = at - 1
    while back >= 0 and (
        line.lemmas[back] in ("the", "a", "an", "its", "their", "possible")
        or line.tokens[back].low in ("this", "total")
    ):
        back -= 1
    asked = back >= 0 and line.lemmas[back] in _ASKING
    if not asked or (line.lemmas[back] == "be" and not {"what", "which", "how"} & set(line.lemmas[:back])):
        return ""
    return "max" if low in _MOST else "min"


def _aim(line: Line, found: Sequence[Mention], sense: str, at: int, start: int) -> Aim:
    words: list[str] = []
    end = start
    depth_number = False
    while end < len(line.tokens) and not depth_number:
        token = line.tokens[end]
        if token.low in _STOPS and end > start:
            break
        if line.tags[end] == NUMBER:
            break
        if line.tags[end] in (NOUN, VERB) or token.low in ("total", "number"):
            words.append(stem_of(token.lemma))
        end += 1
    labels = tuple(line.lemmas[k] for k in range(start, end) if line.tags[k] == NOUN)
    over: tuple[str, ...] = ()
    for at_per in range(start, end):
        if line.tokens[at_per].low == "per":
            behind = [stem_of(line.lemmas[k]) for k in range(at_per + 1, end) if line.tags[k] == NOUN]
            over = tuple(behind)
            ahead = [stem_of(line.lemmas[k]) for k in range(start, at_per) if line.tags[k] == NOUN]
            words = ahead or words
            break
    inside = [mention for mention in found if start <= mention.at < end]
    names = tuple(dict.fromkeys(mention.entity.name for mention in inside))
    return Aim(sense, tuple(words), names, line.tokens[at].start, line.tokens[max(end - 1, at)].end, over, labels)
