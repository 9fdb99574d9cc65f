"""Entities: the things a statement decides about, and where its sentences name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from solvitur_words.lexicon import CONTAINERS, COST_WORDS, UNITS, list_of
from solvitur_words.parts import NOUN, NUMBER, Phrase, is_symbol, phrases_of, tags_of
from solvitur_words.tokens import Token

_TRAILING = frozenset(
    list_of(
        """trip shift production service type model version size kind category allocation allotment sale investment
        project unit number count hour shipment class quantity budget option method process activity task group
        department team channel asset stock route store crop product item package site center plant resource level
        good consumption session contract program strategy work use usage fund funding time operation farm property
        member staff worker personnel employee area sector tree vehicle flight visit order seat ticket effort spending
        drink meal food feed supplement brand"""
    )
)
"""Words that may follow an entity's name without changing what is meant."""


@dataclass(frozen=True)
class Line:
    """A sentence read: its tokens, their parts of speech and its noun phrases."""

    tokens: list[Token]
    tags: list[str]
    phrases: list[Phrase]
    lemmas: list[str] = field(default_factory=list)

    @property
    def has_number(self) -> bool:
        """Whether the sentence tells a number."""
        return NUMBER in self.tags

    def phrase_at(self, at: int) -> Phrase:
        """Returns the noun phrase a token belongs to (the token alone if it is in none)."""
        for phrase in self.phrases:
            if phrase.start <= at < phrase.end:
                return phrase
        return Phrase(at, at + 1, (self.lemmas[at],))


def line_of(tokens: list[Token]) -> Line:
    """Tags a sentence and finds its noun phrases."""
    tags = tags_of(tokens)
    return Line(tokens, tags, phrases_of(tokens, tags), [token.lemma for token in tokens])


def with_numbered_names(sentences: Sequence[list[Token]]) -> list[list[Token]]:
    """Makes the 1 of "machine 1" a word, where a "machine 2" is also told of."""
    seen: dict[str, set[float]] = {}
    for tokens in sentences:
        for at in range(1, len(tokens)):
            if _may_number(tokens, at):
                seen.setdefault(tokens[at - 1].lemma, set()).add(tokens[at].value)
    named = {lemma for lemma, values in seen.items() if {1.0, 2.0} <= values}
    marks = Counter(
        (tokens[at - 1].text, tokens[at].value)
        for tokens in sentences
        for at in range(1, len(tokens))
        if tokens[at].kind == "num" and tokens[at].text.isdigit() and tokens[at - 1].text[:1].isupper()
    )
    models = {
        text.lower()
        for (text, _), often in marks.items()
        if often >= 2 and text[:1].isupper() and at_middle(sentences, text)
    }
    result = []
    for tokens in sentences:
        out = list(tokens)
        for at in range(1, len(out)):
            here = out[at]
            plain = here.kind == "num" and here.sort == "plain" and here.text.isdigit()
            name = (here.value <= 40 and out[at - 1].lemma in named) or out[at - 1].low in models
            if plain and ((name and out[at - 1].kind == "word") or (here.value <= 40 and _continues(out, at))):
                out[at] = replace(here, kind="word", low=here.text, lemma=here.text, sort="name")
        result.append(out)
    return result


def at_middle(sentences: Sequence[list[Token]], text: str) -> bool:
    """Tells whether a word stands with a capital inside a sentence, as names do."""
    return any(token.text == text for tokens in sentences for token in tokens[1:])


def _may_number(tokens: list[Token], at: int) -> bool:
    here, before = tokens[at], tokens[at - 1]
    if here.kind != "num" or here.sort != "plain" or not here.text.isdigit() or here.value > 40:
        return False
    if before.kind != "word" or before.lemma in UNITS or not before.lemma.isalpha():
        return False
    return tags_of(tokens[max(0, at - 4) : at])[-1] == NOUN and before.low not in ("total", "maximum", "minimum")


def _continues(tokens: list[Token], at: int) -> bool:
    """Tells whether a number goes on a list of names, as the 2 of "machines 1 and 2"."""
    back = at - 1
    while back > 0 and tokens[back].low in ("and", ",", "or"):
        back -= 1
    if back == at - 1 or tokens[back].sort != "name":
        return False
    return at + 1 >= len(tokens) or (tags_of(tokens[at : at + 2])[-1] != NOUN and tokens[at + 1].low != "%")


@dataclass(frozen=True)
class Entity:
    """One thing decided about: its name, the lemmas that tell it from the others, and where it is first named."""

    name: str
    words: tuple[str, ...]
    keys: frozenset[str]
    by_head: bool
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Group:
    """The entities of a statement and the words that name them together, such as ``vehicle`` or ``type``."""

    entities: tuple[Entity, ...]
    nouns: frozenset[str]
    score: float = 0.0


@dataclass(frozen=True)
class Mention:
    """Where a sentence names an entity: tokens ``start`` up to ``end`` (exclusive); ``at`` is the telling one."""

    entity: Entity
    at: int
    start: int
    end: int


def mentions(line: Line, group: Group) -> list[Mention]:
    """Finds where a sentence names entities, in order."""
    owner: dict[str, list[Entity]] = {}
    for entity in group.entities:
        for key in entity.keys:
            owner.setdefault(key, []).append(entity)
    found: list[Mention] = []
    for at, lemma in enumerate(line.lemmas):
        if lemma not in owner or line.tags[at] == NUMBER:
            continue
        if len(lemma) == 1 and lemma.isalpha() and not _is_this_letter(line, owner[lemma][0], at):
            continue
        entity = owner[lemma][0]
        phrase = line.phrase_at(at)
        if not _is_meant(line, group, entity, at, phrase):
            continue
        if (
            found
            and found[-1].entity is entity
            and (phrase.start < found[-1].end or _is_apposed(line, found[-1].end, at))
        ):
            found[-1] = replace(found[-1], end=max(found[-1].end, at + 1))
            continue
        if found and found[-1].entity is entity and _is_one_name(line, found[-1].end, at):
            found[-1] = replace(found[-1], end=at + 1)
            continue
        start = phrase.start if not found else max(phrase.start, found[-1].end)
        found.append(Mention(entity, at, min(start, at), at + 1))
    return [replace(each, end=_end(line, each)) for each in found]


def _is_this_letter(line: Line, entity: Entity, at: int) -> bool:
    """Tells whether a letter is the entity's: the A of "supplement A" is not that of "vitamin A"."""
    if not is_symbol(line.tokens, at):
        return False
    if len(entity.words) == 1 or at == 0 or line.tags[at - 1] != NOUN:
        return True
    return line.lemmas[at - 1] in entity.words or line.lemmas[at - 1] in _TRAILING


def _is_apposed(line: Line, start: int, at: int) -> bool:
    """Tells whether a second name stands in brackets behind the first, as in "residential (X)"."""
    between = [token.low for token in line.tokens[start:at]]
    return (
        len(between) <= 3
        and "(" in between
        and all(word in ("(", "$") or line.tags[start + k] == NOUN for k, word in enumerate(between))
    )


def _is_one_name(line: Line, start: int, at: int) -> bool:
    """Tells whether only "and" or nouns stand between two words of one name, as in "strength and conditioning"."""
    return at - start <= 3 and all(
        line.tags[k] == NOUN or line.tokens[k].low in ("and", "&", "(", ")") for k in range(start, at)
    )


def _end(line: Line, mention: Mention) -> int:
    end = mention.end
    while end < len(line.tokens) and line.tags[end] == NOUN and line.lemmas[end] in _TRAILING | CONTAINERS:
        end += 1
    return end


def _is_meant(line: Line, group: Group, entity: Entity, at: int, phrase: Phrase) -> bool:
    """Tells whether a phrase with an entity's word means the entity, and not something named after it."""
    tail = [line.lemmas[k] for k in range(at + 1, phrase.end)]
    others = {key for other in group.entities if other is not entity for key in other.keys}
    tail = [word for word in tail if word not in entity.words and word not in others]
    ownwords = set(entity.words) | group.nouns | _TRAILING | CONTAINERS
    if not tail or all(word in ownwords for word in tail) or len(line.lemmas[at]) <= 2:
        return True
    before = line.tokens[phrase.start - 1].low if phrase.start else ""
    if entity.by_head:
        return len(tail) == 1 and before in ("for", "in", "to") and tail[0] not in COST_WORDS
    if before not in ("of", "each", "a", "an", "the", "per", "every", "one", ""):
        return not (
            phrase.start and line.tags[phrase.start - 1] == NUMBER and line.tokens[phrase.start - 1].sort == "plain"
        )
    if before == "of" and not entity.by_head and line.lemmas[phrase.start - 2] == "unit":
        return True
    measured = before == "of" and phrase.start >= 3 and NUMBER in line.tags[max(0, phrase.start - 4) : phrase.start]
    return not measured
