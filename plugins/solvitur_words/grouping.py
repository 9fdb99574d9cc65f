"""Which things a statement decides about: the lists and contrasts it has, weighed by what numbers are told of."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solvitur_words.aliases import with_aliases
from solvitur_words.entities import Entity, Group, Line, Mention, mentions
from solvitur_words.lexicon import CONTAINERS, COST_WORDS, MONEY_WORDS, PROFIT_WORDS, UNITS, lemma_of, list_of
from solvitur_words.likeness import counts_of, features_of, likeness
from solvitur_words.parts import MODAL, NOUN, NUMBER, VERB, Phrase, is_symbol

_NEVER = frozenset(
    list_of(
        """number total profit cost revenue constraint objective requirement condition amount minimum maximum problem
        limitation time company budget question answer integer price demand order way goal resource sum combination
        availability consideration dollar nature reason unit customer lp half
        part example case allocation investment bound value difference minimization maximization"""
    )
)
_KINDS = frozenset(list_of("type kind sort brand variety size option category form method way combo choice"))
_SKIP = frozenset(
    list_of("available total different combined certain specific various new respective same extra additional")
)
_OPENING = frozenset(list_of("each every per a an one any another"))
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


_TRAINED = 6.0
"""What the trained model's word counts for, against one clear sentence's 1.5."""


@dataclass(frozen=True)
class _List:
    """A candidate: member phrases (words each), where each stands, the noun before them, and how sure it is."""

    members: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, int], ...]
    nouns: frozenset[str] = frozenset()
    sure: float = 0.0
    table: bool = False


def find_group(lines: Sequence[Line], listed: Sequence[Sequence[tuple[str, int, int]]] = ()) -> Group | None:
    """Chooses the list of things whose numbers the statement tells; None if it names no such list.

    ``listed`` are labels of tables (text, start, end), which may be what is decided about too.
    """
    agents = _agents(lines)
    candidates: dict[tuple[tuple[str, ...], ...], _List] = {}
    for line in lines:
        for found in [*_lists(line), *_contrasts(line)]:
            key = tuple(sorted(found.members))
            if key not in candidates or found.sure > candidates[key].sure:
                candidates[key] = found
    for found in _symbols(lines):
        candidates[tuple(sorted(found.members))] = found
    for labels in listed:
        members = tuple(
            tuple(lemma_of(w) for w in re.findall(r"[^\W_]+(?:-[^\W_]+)*", text)[:5]) for text, _, _ in labels
        )
        places = tuple((start, end) for _, start, end in labels)
        candidates[tuple(sorted(members))] = _List(members, places, sure=4.0, table=True)
    for found in _subjects(lines):
        candidates.setdefault(tuple(sorted(found.members)), found)
    text = " " + " ".join(" ".join(line.lemmas) for line in lines) + " "
    kinds = _counted_nouns(lines)
    likely = _likeness(lines)
    best: Group | None = None
    for found in candidates.values():
        group = _judged(found, lines, agents, text, kinds, likely)
        if group is not None and (best is None or group.score > best.score):
            best = group
    return best if best is None else with_aliases(best, lines)


def _likeness(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    """Rates every noun phrase from -1 to 1, by its sentence and first token."""
    counts = counts_of(lines)
    return {
        (place, phrase.start): math.tanh(likeness(features_of(line, phrase, place, counts)) / 12)
        for place, line in enumerate(lines)
        for phrase in line.phrases
    }


def _symbols(lines: Sequence[Line]) -> Iterable[_List]:
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
            yield _List(tuple((each,) for each in seen), tuple(seen.values()), sure=sure)


def _agents(lines: Sequence[Line]) -> frozenset[str]:
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


def _counted_nouns(lines: Sequence[Line]) -> dict[str, int]:
    """Finds "two types of trees", "three crops", "both boxes": the noun and the count (0: each, of unknown count)."""
    found: dict[str, int] = {}
    for line in lines:
        for at, token in enumerate(line.tokens):
            count = -1
            if token.kind == "num" and token.sort == "plain" and 2 <= token.value <= 12 and token.value % 1 == 0:
                alone = sum(tag == NUMBER for tag in line.tags) == 1 or set(line.lemmas[at + 1 : at + 4]) & _KINDS
                count = int(token.value) if token.text.isalpha() and alone else -1
            elif token.low in ("both", "each", "all"):
                count = 0
            if count < 0:
                continue
            for phrase in line.phrases:
                if at < phrase.start <= at + 3 and phrase.words:
                    noun = phrase.words[-1]
                    if noun in _KINDS and phrase.end < len(line.tokens) and line.tokens[phrase.end].low == "of":
                        noun = line.phrase_at(phrase.end + 1).words[-1]
                    if noun not in UNITS and noun not in _NEVER:
                        found[noun] = max(count, found.get(noun, 0))
                    break
    return found


def _lists(line: Line) -> Iterable[_List]:
    """Yields the lists of a sentence: noun phrases joined by commas and a last ``and`` or ``or``."""
    phrases, tokens = _without_brackets(line), line.tokens
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


def _list_of(line: Line, phrases: Sequence[Phrase]) -> Iterable[_List]:
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
    if any(tokens[at].lemma in _KINDS for at in range(phrases[0].start)):
        sure = max(sure, 1.8)
    yield _List(tuple(members), tuple(places), frozenset(nouns), sure)
    for skip in range(1, len(members) - 1):
        yield _List(tuple(members[skip:]), tuple(places[skip:]), frozenset(nouns), sure - 1.0 * skip)
    if len(phrases) >= 2 and len(members[0]) > 1:
        for cut in range(1, len(members[0])):
            yield _List((members[0][cut:], *members[1:]), tuple(places), frozenset(nouns), sure - 1.5)


def _named(line: Line, phrase: Phrase) -> tuple[str, ...]:
    """Words of a phrase with what an ``of`` adds to a container: the pack of blueberries is about blueberries."""
    words = tuple(word for word in phrase.words if word not in _SKIP)
    if len(words) > 1 and words[0] in _DOINGS:
        words = words[1:]
    if "named" in words[:-1] or "called" in words[:-1]:
        words = words[max(at for at, word in enumerate(words) if word in ("named", "called")) + 1 :]
    tokens = line.tokens
    if phrase.end < len(tokens) and tokens[phrase.end].low == "of" and words and words[-1] in CONTAINERS | _KINDS:
        for other in line.phrases:
            if other.start == phrase.end + 1:
                return other.words if words[-1] in _KINDS | UNITS.keys() else (*words, *other.words)
    return words


def _contrasts(line: Line) -> Iterable[_List]:
    """Yields the subjects of "a cow can carry 20 while an elephant can carry 50"."""
    if sum(tag == NUMBER for tag in line.tags) < 2:
        return
    subjects = [phrase for phrase in line.phrases if _owns(line, phrase)]
    members = tuple(dict.fromkeys(_named(line, phrase) for phrase in subjects))
    if 2 <= len(members) <= 6:
        places = {_named(line, phrase): phrase for phrase in reversed(subjects)}
        spots = tuple((line.tokens[places[m].start].start, line.tokens[places[m].end - 1].end) for m in members)
        yield _List(members, spots)


def _subjects(lines: Sequence[Line]) -> Iterable[_List]:
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
            yield _List(tuple(distinct), tuple(places[name] for name in distinct))


def _owns(line: Line, phrase: Phrase) -> bool:
    """Tells whether numbers are told of this phrase: it is a subject before one, or stands after each, per or a."""
    tokens, tags = line.tokens, line.tags
    if not phrase.words or phrase.words[-1] in _NEVER or phrase.words[-1] in UNITS:
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


def _judged(
    found: _List,
    lines: Sequence[Line],
    agents: frozenset[str],
    text: str,
    kinds: dict[str, int],
    likely: dict[tuple[int, int], float],
) -> Group | None:
    """Scores a candidate list by how often numbers are told of each member."""
    members = [member for member in found.members if member]
    if len(members) != len(found.members) or len(set(members)) != len(members) or not 2 <= len(members) <= 30:
        return None
    for member in members:
        if (
            (member[-1] in _NEVER and (len(member) == 1 or sum(member[-1] == other[-1] for other in members) < 2))
            or (member[-1] in UNITS and len(member) == 1)
            or set(member) & (MONEY_WORDS | COST_WORDS | PROFIT_WORDS)
        ):
            return None
    members = _with_heads(members, text)
    entities = _told_apart(found, members, text)
    if entities is None:
        return None
    shared = {members[0][-1]}.intersection(*members[1:])
    nouns = set(found.nouns) | shared
    nouns |= {noun for noun, count in kinds.items() if count == len(members)}
    nouns |= _holders(lines, Group(entities, frozenset()))
    nouns -= COST_WORDS | PROFIT_WORDS | UNITS.keys() | MONEY_WORDS
    group = Group(entities, frozenset(nouns))
    owned = dict.fromkeys((entity.name for entity in entities), 0.0)
    measured = dict(owned)
    told: dict[str, list[float]] = {entity.name: [] for entity in entities}
    for place, line in enumerate(lines):
        for mention in mentions(line, group):
            told[mention.entity.name].append(likely.get((place, line.phrase_at(mention.at).start), 0.0))
            value = _evidence(line, mention)
            (owned if value > 0 else measured)[mention.entity.name] += abs(value)
    scores = [min(owned[e.name], 6.0) - 1.2 * measured[e.name] for e in entities]
    trained = sum(sum(values) / max(len(values), 1) for values in told.values()) / len(told)
    if found.table:
        scores = [score + 2.0 for score in scores]
    if min(scores) <= 0.2 and (trained < 0.2 or min(map(len, told.values())) < 2):
        return None
    counted = 1.0 if len(members) in kinds.values() else 0.0
    whole = {noun for noun, count in kinds.items() if count >= 2}
    if len({member[-1] for member in members}) > 1:
        counted -= 3.0 * sum(len(member) == 1 and member[0] in whole for member in members)
        counted -= 2.0 * sum(one[-1] in other[:-1] for one in members for other in members if one[-1] != other[-1])
    counted -= 2.5 * sum(member[-1] in agents for member in members)
    score = min(scores) + 0.25 * sum(scores) / len(scores) + found.sure + counted + 0.5 * min(len(members), 5)
    score += _TRAINED * trained
    return Group(entities, frozenset(nouns), score)


def _holders(lines: Sequence[Line], group: Group) -> set[str]:
    """Finds what entities come as: the trips of "trips by van", what is asked for in "how many of each printer"."""
    seen: dict[str, set[str]] = {}
    asked: set[str] = set()
    for line in lines:
        lows = [token.low for token in line.tokens]
        for mention in mentions(line, group):
            head = line.phrase_at(mention.at).words[-1:]
            if head and head[0] not in mention.entity.words and head[0] not in CONTAINERS:
                seen.setdefault(head[0], set()).add(mention.entity.name)
            k = mention.start - 1
            while k > 0 and lows[k] in ("a", "an", "the", "each", "one"):
                k -= 1
            if k > 0 and lows[k] in ("of", "on", "by", "in", "for", "with") and line.tags[k - 1] == NOUN:
                seen.setdefault(line.lemmas[k - 1], set()).add(mention.entity.name)
        told = {mention.entity.name for mention in mentions(line, group)}
        for at in range(len(lows) - 2):
            if lows[at : at + 2] == ["as", "many"] and line.tags[at + 2] == NOUN and len(told) >= 2:
                asked.update(
                    word
                    for word in line.phrase_at(at + 2).words[-1:]
                    if not any(word in e.keys for e in group.entities)
                )
        if "many" in lows or "much" in lows or "number" in lows:
            for at, low in enumerate(lows[:-1]):
                how = low in ("many", "much") and at > 0 and lows[at - 1] == "how"
                if low == "each" or (how and line.tags[at + 1] == NOUN):
                    asked.update(line.phrase_at(at + 1).words[-1:])
    held = {noun for noun, names in seen.items() if len(names) >= 2}
    return {noun for noun in held | asked if noun not in _NEVER and noun not in _KINDS}


def _with_heads(members: list[tuple[str, ...]], text: str) -> list[tuple[str, ...]]:
    """Completes "small and large branches" to small branch and large branch, where the text says "small branch"."""
    head = members[-1][-1]
    if len(members[-1]) < 2:
        return members
    result = []
    for member in members:
        for cut in range(1, len(members[-1])):
            tail = members[-1][cut:]
            if member[-1] != head and f" {member[-1]} {' '.join(tail)} " in text:
                member = (*member, *tail)
                break
        result.append(member)
    return result


def _evidence(line: Line, mention: Mention) -> float:
    """Weighs one mention: positive where the thing has numbers, negative where it is measured by one."""
    tokens, tags = line.tokens, line.tags
    if not line.has_number:
        return 0.6 if {"how", "maximize", "minimize", "number", "determine"} & set(line.lemmas) else 0.1
    start = line.phrase_at(mention.at).start
    before = [token.low for token in tokens[max(0, start - 3) : start]]
    if before and before[-1] in ("each", "per", "every"):
        return -1.0 if start > 1 and tags[start - 2] == NUMBER else 1.5
    if before and before[-1] in ("a", "an", "one", "for"):
        return 1.0
    counted = start > 0 and tags[start - 1] == NUMBER
    if counted or (before and before[-1] == "of" and NUMBER in tags[max(0, start - 4) : start]):
        bounds = {"least", "most", "than", "minimum", "maximum", "exceed"} & set(line.lemmas)
        return 0.5 if bounds else -1.0
    after = line.phrase_at(mention.at).end
    if after < len(tags) and tags[after] in (VERB, MODAL) and NUMBER in tags[after : after + 8]:
        return 1.5
    return 0.8 if "many" in line.lemmas else 0.5


def _told_apart(found: _List, members: Sequence[tuple[str, ...]], text: str) -> tuple[Entity, ...] | None:
    """Gives each member the words that only it has: its head noun, or what stands before a head that they share."""
    counts = Counter(word for member in members for word in set(member))
    entities = []
    for at, member in enumerate(members):
        head = member[-1]
        by_head = (
            (counts[head] == 1
            and (head.isdigit() or len(head) == 1))
            or (counts[head] == 1
            and not any(f" {o[0]} {head} " in text for o in members if o is not member))
        )
        keys = {head} if by_head else {word for word in member if counts[word] == 1 and word != head}
        if by_head and len(member) > 1:
            for word in member[:-1]:
                alone = re.search(
                    rf" {re.escape(word)} (?!{re.escape(' '.join(member[member.index(word) + 1 :]))} )", text
                )
                if counts[word] == 1 and not alone:
                    keys.add(word)
        if len(keys) > 1:
            keys = {key for key in keys if key not in CONTAINERS} or keys
        if not keys:
            return None
        start, end = found.places[at]
        entities.append(Entity(" ".join(member), member, frozenset(keys), by_head, start, end))
    return tuple(entities)
