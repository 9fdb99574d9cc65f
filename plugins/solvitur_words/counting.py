"""A sentence whose numbers are looked at, and those of its numbers that only count what is listed."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur_words.describing import described
from solvitur_words.entities import Group, Line, Mention
from solvitur_words.lexicon import UNITS, list_of
from solvitur_words.meaning import Described
from solvitur_words.parts import NOUN, NUMBER

CLAUSE_WORDS = frozenset(list_of("while whereas but ; if"))
_LEADS = frozenset(list_of("all for across between among these the into those over of its their"))
_KINDS = frozenset(list_of("type kind sort variety brand category different form size option way stage step process"))
_NOISE = frozenset(list_of("integer whole nearest decimal round"))
_ABOUT = frozenset(
    list_of("constraint condition objective goal requirement restriction choice option scenario process stage")
)


@dataclass
class Sentence:
    """A sentence, the entities it names, and its numbers that are not yet accounted for."""

    line: Line
    found: list[Mention]
    group: Group
    free: list[int]
    skip: set[int]
    place: int
    asides: set[int]

    def describe(self, at: int) -> Described:
        """Describes a number of this sentence."""
        return described(self.line, at, self.skip, clause_start(self.line, at), self.asides)


def counting_in(here: Sentence) -> set[int]:
    """Finds numbers that only count what is listed: "two types of trees", "three warehouses, A, B and C"."""
    used: set[int] = set()
    line = here.line
    for k in here.free:
        token = line.tokens[k]
        if token.sort != "plain" or token.value % 1 or not 0 <= token.value <= 40:
            continue
        following = line.lemmas[k + 1 : k + 5]
        phrase = line.phrase_at(k + 1) if k + 1 < len(line.tokens) and line.tags[k + 1] == NOUN else None
        head = phrase.words[-1] if phrase and phrase.words else ""
        whole = token.value == len(here.group.entities)
        listed = (
            whole
            and any(mention.start > k for mention in here.found)
            and token.text.isalpha()
            and not any(mention.end <= k for mention in here.found)
        )
        lead = line.lemmas[k - 1] if k else ""
        if following[:1] == ["-"] or (
            token.value == 1 and following and following[0] in UNITS and lead in ("for", "in", "per")
        ):
            used.add(k)
            continue
        if token.value == 1 and _is_one_of(here, k):
            used.add(k)
            continue
        spelled = token.text.isalpha() and token.value >= 2
        lead = line.tokens[k - 1].low if k else ""
        if (
            (spelled and phrase and (head in here.group.nouns or lead in _LEADS))
            or (following and following[0] in _KINDS)
            or (whole and (head in here.group.nouns or listed))
            or (token.text.isalpha() and phrase and _lists_after(line, phrase.end, int(token.value)))
            or set(following[:3]) & _NOISE
            or (token.text.isalpha() and set(following[:2]) & _ABOUT)
        ):
            used.add(k)
    return used


def _is_one_of(here: Sentence, at: int) -> bool:
    """Tells whether a 1 is only what numbers are told of: "to make 1 kg of paint, ..."."""
    mention = next((each for each in here.found if each.at > at), None)
    if mention is None or mention.start - at > 4 or any(k > at for k in here.free) is False:
        return False
    lead = here.line.lemmas[at - 1] if at else ""
    return lead in ("", "produce", "make", "grow", "build", "create", "each", "every", "for", "per") and not any(
        k < at for k in here.free
    )


def _lists_after(line: Line, start: int, size: int) -> bool:
    """Tells whether as many things are listed behind a colon, comma or bracket."""
    if start >= len(line.tokens) or line.tokens[start].low not in (":", ",", "(", "-", "namely"):
        return False
    rest = [phrase for phrase in line.phrases if phrase.start >= start]
    return len(rest) >= size and not any(tag == NUMBER for tag in line.tags[start:])


def clause_start(line: Line, at: int) -> int:
    """Finds where the clause of a token begins: behind a comma or a word such as "while"."""
    for k in range(at - 1, -1, -1):
        if line.tokens[k].low in CLAUSE_WORDS or line.tokens[k].low == ",":
            return k + 1
    return 0
