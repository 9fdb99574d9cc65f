"""Which things a statement decides about: the candidates, weighed by what numbers are told of."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from solvitur_words.aliases import with_aliases
from solvitur_words.candidates import (
    Listed,
    agents_of,
    contrasts_in,
    counted_nouns,
    lists_in,
    subjects_of,
    symbols_in,
)
from solvitur_words.entities import Entity, Group, Line, Mention, mentions
from solvitur_words.lexicon import (
    CONTAINERS,
    COST_WORDS,
    KINDS,
    MONEY_WORDS,
    NEVER,
    PROFIT_WORDS,
    UNITS,
    lemma_of,
)
from solvitur_words.likeness import counts_of, features_of, likeness
from solvitur_words.parts import MODAL, NOUN, NUMBER, VERB

_TRAINED = 6.0
"""What the trained model's word counts for, against one clear sentence's 1.5."""


def find_group(lines: Sequence[Line], listed: Sequence[Sequence[tuple[str, int, int]]] = ()) -> Group | None:
    """Chooses the list of things whose numbers the statement tells; None if it names no such list.

    ``listed`` are labels of tables (text, start, end), which may be what is decided about too.
    """
    agents = agents_of(lines)
    candidates: dict[tuple[tuple[str, ...], ...], Listed] = {}
    for line in lines:
        for found in [*lists_in(line), *contrasts_in(line)]:
            key = tuple(sorted(found.members))
            if key not in candidates or found.sure > candidates[key].sure:
                candidates[key] = found
    for found in symbols_in(lines):
        candidates[tuple(sorted(found.members))] = found
    for labels in listed:
        members = tuple(
            tuple(lemma_of(w) for w in re.findall(r"[^\W_]+(?:-[^\W_]+)*", text)[:5]) for text, _, _ in labels
        )
        places = tuple((start, end) for _, start, end in labels)
        candidates[tuple(sorted(members))] = Listed(members, places, sure=4.0, table=True)
    for found in subjects_of(lines):
        candidates.setdefault(tuple(sorted(found.members)), found)
    text = " " + " ".join(" ".join(line.lemmas) for line in lines) + " "
    kinds = counted_nouns(lines)
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


def _judged(
    found: Listed,
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
            (member[-1] in NEVER and (len(member) == 1 or sum(member[-1] == other[-1] for other in members) < 2))
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
                if (low == "each" or how) and line.tags[at + 1] == NOUN:
                    asked.update(line.phrase_at(at + 1).words[-1:])
    held = {noun for noun, names in seen.items() if len(names) >= 2}
    return {noun for noun in held | asked if noun not in NEVER and noun not in KINDS}


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


def _told_apart(found: Listed, members: Sequence[tuple[str, ...]], text: str) -> tuple[Entity, ...] | None:
    """Gives each member the words that only it has: its head noun, or what stands before a head that they share."""
    counts = Counter(word for member in members for word in set(member))
    entities = []
    for at, member in enumerate(members):
        head = member[-1]
        by_head = (counts[head] == 1 and (head.isdigit() or len(head) == 1)) or (
            counts[head] == 1 and not any(f" {o[0]} {head} " in text for o in members if o is not member)
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
