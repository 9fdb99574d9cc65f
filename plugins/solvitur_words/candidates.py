"""Candidates for what is decided about: lists, contrasts, symbols and subjects of sentences that tell numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solvitur_words.entities import Line
from solvitur_words.lexicon import CONTAINERS, KINDS, NEVER, UNITS, list_of
from solvitur_words.parts import MODAL, NUMBER, VERB, Phrase, is_symbol

_SKIP = frozenset(
    list_of("available total different combined certain specific various new respective same extra additional")
)
_JOINTS = frozenset(list_of(", and or & the a an either also both each another by of / in on for per from"))
_DOINGS = frozenset(
    list_of("run make produce use operate grow throw eat sell buy plant raise build hire enrol enroll solve")
)
_AGENT_VERBS = frozenset(
    list_of(
        """want aim need plan decide wish employ sell buy own seek intend hope desire manage prefer estimate recommend
        suggest know consider think own offer hire"""
    )
)


@dataclass(frozen=True)
class Listed:
    """A candidate: member phrases (words each), where each stands, the noun before them, and how sure it is."""

    members: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, int], ...]
    nouns: frozenset[str] = frozenset()
    sure: float = 0.0
    table: bool = False


def symbols_in(lines: Sequence[Line]) -> Iterable[Listed]:
    """Yields families of symbols: X, Y and Z; x1 to x4; A, B and C."""
    families: dict[str, dict[str, tuple[int, int]]] = {}
    for line in lines:
        for at, token in enumerate(line.tokens):
            if token.sort != "name" and is_symbol(line.tokens, at):
                lemma = token.lemma
                family = lemma[0] + "1" if len(lemma) > 1 else ("x" if lemma in "uvwxyz" else "a")
                families.setdefault(family, {}).setdefault(lemma, (token.start, token.end))
    for family, seen in families.items():
        if len(seen) >= 2:
            often = min(sum(line.lemmas.count(name) for line in lines) for name in seen)
            sure = (6.0 if often >= 3 else 1.0) if family != "a" else 2.0
            yield Listed(tuple((each,) for each in seen), tuple(seen.values()), sure=sure)


def agents_of(lines: Sequence[Line]) -> frozenset[str]:
    """Finds who decides: subjects of verbs such as want, and the first subject of all."""
    found: set[str] = set()
    for number, line in enumerate(lines):
        for phrase in line.phrases:
            after = phrase.end
            while after < len(line.tags) and line.tags[after] == MODAL:
                after += 1
            plain = after < len(line.tags) and line.tokens[after].low in (
                line.lemmas[after],
                line.lemmas[after] + "s",
            )
            opening = line.tokens[phrase.start - 1].low if phrase.start else ""
            plain = plain and opening not in ("each", "every", "per", "one", "both")
            if plain and line.lemmas[after] in _AGENT_VERBS and line.tags[after] == VERB:
                found.add(phrase.words[-1] if phrase.words and len(phrase.words[-1]) > 2 else "")
        if number == 0 and line.phrases and line.phrases[0].start <= 1:
            first = line.phrases[0]
            following = line.lemmas[first.end] if first.end < len(line.lemmas) else ""
            if line.tags[min(first.end, len(line.tags) - 1)] in (VERB, MODAL) and following != "be" and first.words:
                found.add(first.words[-1])
    return frozenset(found - {""})


def counted_nouns(lines: Sequence[Line]) -> dict[str, int]:
    """Finds "two types of trees", "three crops", "both boxes": the noun and the count (0: each, of unknown count)."""
    found: dict[str, int] = {}
    for line in lines:
        for at, token in enumerate(line.tokens):
            count = -1
            if token.kind == "num" and token.sort == "plain" and 2 <= token.value <= 12 and token.value % 1 == 0:
                alone = sum(tag == NUMBER for tag in line.tags) == 1 or set(line.lemmas[at + 1 : at + 4]) & KINDS
                count = int(token.value) if token.text.isalpha() and alone else -1
            elif token.low in ("both", "each", "all"):
                count = 0
            if count < 0:
                continue
            for phrase in line.phrases:
                if at < phrase.start <= at + 3 and phrase.words:
                    noun = phrase.words[-1]
                    if noun in KINDS and phrase.end < len(line.tokens) and line.tokens[phrase.end].low == "of":
                        noun = line.phrase_at(phrase.end + 1).words[-1]
                    if noun not in UNITS and noun not in NEVER:
                        found[noun] = max(count, found.get(noun, 0))
                    break
    return found


def lists_in(line: Line) -> Iterable[Listed]:
    """Yields the lists of a sentence: noun phrases joined by commas and a last ``and`` or ``or``."""
    phrases = _without_brackets(line)
    at = 0
    while at < len(phrases):
        last = at
        while last + 1 < len(phrases) and _is_joint(line, phrases[last].end, phrases[last + 1].start):
            last += 1
        if last > at:
            yield from _list_of(line, phrases[at : last + 1])
        at = last + 1


def _without_brackets(line: Line) -> list[Phrase]:
    """Leaves out the phrases that only explain, in brackets."""
    depth, inside = 0, set()
    for at, token in enumerate(line.tokens):
        depth += (token.low == "(") - (token.low == ")")
        if depth > 0:
            inside.add(at)
    return [phrase for phrase in line.phrases if phrase.start not in inside]


def _is_joint(line: Line, start: int, end: int) -> bool:
    between = [token.low for token in line.tokens[start:end]]
    if "(" in between and ")" in between:
        between = between[: between.index("(")] + between[between.index(")") + 1 :]
    if not between or len(between) > 5 or not any(word in (",", "and", "or", "&", "/") for word in between):
        return False
    return all(word in _JOINTS for word in between)


def _list_of(line: Line, phrases: Sequence[Phrase]) -> Iterable[Listed]:
    tokens = line.tokens
    before = [token.low for token in tokens[max(0, phrases[0].start - 4) : phrases[0].start]]
    sure = 1.0
    if any(word in (":", "namely", "between", "among", "either", "both", "across") for word in before):
        sure = 2.0
    members = [_named(line, phrase) for phrase in phrases]
    places = [(tokens[phrase.start].start, tokens[phrase.end - 1].end) for phrase in phrases]
    nouns = set()
    for earlier in line.phrases:
        touching = earlier.end in (phrases[0].start - 1, phrases[0].start - 2)
        if touching and tokens[earlier.end].low in (",", ":", "(", "-") and earlier.words:
            nouns.add(earlier.words[-1])
            sure = max(sure, 1.7)
    if any(tokens[at].lemma in KINDS for at in range(phrases[0].start)):
        sure = max(sure, 1.8)
    yield Listed(tuple(members), tuple(places), frozenset(nouns), sure)
    for skip in range(1, len(members) - 1):
        yield Listed(tuple(members[skip:]), tuple(places[skip:]), frozenset(nouns), sure - 1.0 * skip)
    if len(phrases) >= 2 and len(members[0]) > 1:
        for cut in range(1, len(members[0])):
            yield Listed((members[0][cut:], *members[1:]), tuple(places), frozenset(nouns), sure - 1.5)


def _named(line: Line, phrase: Phrase) -> tuple[str, ...]:
    """Words of a phrase with what an ``of`` adds to a container: the pack of blueberries is about blueberries."""
    words = tuple(word for word in phrase.words if word not in _SKIP)
    doing = line.tokens[phrase.start].low.endswith("ing") or words[:1] in (("eat",), ("throw",), ("grow",), ("sell",))
    if len(words) > 1 and words[0] in _DOINGS and doing:
        words = words[1:]
    if "named" in words[:-1] or "called" in words[:-1]:
        words = words[max(at for at, word in enumerate(words) if word in ("named", "called")) + 1 :]
    tokens = line.tokens
    if phrase.end < len(tokens) and tokens[phrase.end].low == "of" and words and words[-1] in CONTAINERS | KINDS:
        for other in line.phrases:
            if other.start == phrase.end + 1:
                return other.words if words[-1] in KINDS | UNITS.keys() else (*words, *other.words)
    return words


def contrasts_in(line: Line) -> Iterable[Listed]:
    """Yields the subjects of "a cow can carry 20 while an elephant can carry 50"."""
    if sum(tag == NUMBER for tag in line.tags) < 2:
        return
    subjects = [phrase for phrase in line.phrases if _owns(line, phrase)]
    members = tuple(dict.fromkeys(_named(line, phrase) for phrase in subjects))
    if 2 <= len(members) <= 6:
        places = {_named(line, phrase): phrase for phrase in reversed(subjects)}
        spots = tuple((line.tokens[places[m].start].start, line.tokens[places[m].end - 1].end) for m in members)
        yield Listed(members, spots)


def subjects_of(lines: Sequence[Line]) -> Iterable[Listed]:
    """Yields the things that sentences of their own tell numbers of: "Each elephant requires ... Each tiger ..."."""
    counts: Counter[tuple[str, ...]] = Counter()
    places: dict[tuple[str, ...], tuple[int, int]] = {}
    for line in lines:
        for phrase in line.phrases if line.has_number else ():
            if _owns(line, phrase):
                name = _named(line, phrase)
                counts[name] += 1
                places.setdefault(name, (line.tokens[phrase.start].start, line.tokens[phrase.end - 1].end))
    names = [name for name, _ in counts.most_common(8) if name]
    by_part: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        by_part.setdefault(name[-1], []).append(name)
        by_part.setdefault(name[0], []).append(name)
    for members in [*by_part.values(), *([names[i], names[j]] for i in range(len(names)) for j in range(i))]:
        kept = [name for name in set(members) if not any(set(name) < set(other) for other in members)]
        distinct = sorted(kept, key=lambda name: places[name])
        if len(distinct) >= 2:
            yield Listed(tuple(distinct), tuple(places[name] for name in distinct))


def _owns(line: Line, phrase: Phrase) -> bool:
    """Tells whether numbers are told of this phrase: it is a subject before one, or stands after each, per or a."""
    tokens, tags = line.tokens, line.tags
    if not phrase.words or phrase.words[-1] in NEVER or phrase.words[-1] in UNITS:
        return False
    before = tokens[phrase.start - 1].low if phrase.start else ""
    if before in ("each", "every", "one", "per") and NUMBER in tags:
        return not (phrase.start > 1 and tags[phrase.start - 2] == NUMBER)
    after = phrase.end
    if after < len(tokens) and tokens[after].low in ("who", "which", "that"):
        after += 1
    if [token.low for token in tokens[after : after + 2]] in (["for", "an"], ["for", "one"], ["for", "a"]):
        after += 3
    return after < len(tokens) and tags[after] in (VERB, MODAL) and NUMBER in tags[after : after + 8]
