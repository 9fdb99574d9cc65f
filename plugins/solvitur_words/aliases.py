"""Second names: "residential (X)", "x1 (skill development)", "X, Y and Z, which stand for ... respectively"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from solvitur_words.entities import Entity, Group, Line, mentions
from solvitur_words.lexicon import CONTAINERS, COST_WORDS, PROFIT_WORDS, UNITS, list_of
from solvitur_words.parts import NOUN, Phrase, is_symbol

_GENERIC = frozenset(
    list_of(
        """
        project department service activity product resource cost unit integer number total amount type
        bound limit option allocation investment variable decision part whole focus improvement
        development effort could team group
        """
    )
)


def with_aliases(group: Group, lines: Sequence[Line]) -> Group:
    """Adds the second names of entities to the words that tell them apart."""
    found: dict[str, set[str]] = {entity.name: set() for entity in group.entities}
    for at, line in enumerate(lines):
        _in_brackets(line, group, found)
        _in_order(lines, at, group, found)
        _by_verb(line, group, found)
    counts = Counter(word for words in found.values() for word in words)
    for line in lines:
        named = [mention for mention in mentions(line, group) if is_symbol(line.tokens, mention.at)]
        if len({mention.entity.name for mention in named}) >= 2 and not {"(", ")"} & {
            token.low for token in line.tokens
        }:
            counts.update(word for word in set(line.lemmas) if word in counts)
    taken = {key for entity in group.entities for key in entity.keys}
    plain = _GENERIC | CONTAINERS | UNITS.keys() | COST_WORDS | PROFIT_WORDS | group.nouns
    entities: list[Entity] = []
    for entity in group.entities:
        extra = {word for word in found[entity.name] if counts[word] == 1 and word not in taken and word not in plain}
        entities.append(replace(entity, keys=entity.keys | extra))
    return replace(group, entities=tuple(entities))


def _in_brackets(line: Line, group: Group, found: dict[str, set[str]]) -> None:
    lows = [token.low for token in line.tokens]
    for mention in mentions(line, group):
        if mention.end < len(lows) and lows[mention.end] == "(" and ")" in lows[mention.end :]:
            close = lows.index(")", mention.end)
            inside = range(mention.end + 1, close)
            if len(inside) <= 5 and all(
                line.tags[k] == NOUN or lows[k] in ("and", "by", "represented", "&") for k in inside
            ):
                found[mention.entity.name].update(line.lemmas[k] for k in inside if line.tags[k] == NOUN)
        opened = mention.start - 1
        while opened >= 0 and mention.start - opened <= 4 and lows[opened] not in ("(", ",", "and"):
            opened -= 1
        enclosed = opened > 0 and lows[opened] == "(" and lows[mention.end : mention.end + 1] == [")"]
        if enclosed and is_symbol(line.tokens, mention.at):
            phrases = [phrase for phrase in line.phrases if phrase.end == opened]
            begin = _joined(line, phrases[0]) if phrases else opened
            found[mention.entity.name].update(line.lemmas[k] for k in range(begin, opened) if line.tags[k] == NOUN)


def _joined(line: Line, phrase: Phrase) -> int:
    """Takes "strength and" of "strength and conditioning (x1)" along, if no other name stands before it."""
    before = [each for each in line.phrases if each.end == phrase.start - 1]
    if before and line.tokens[phrase.start - 1].low in ("and", "&") and line.tokens[phrase.start - 2].low != ")":
        start = before[0].start
        if start and line.tokens[start - 1].low in (",", ":", "of", "between"):
            return start
    return phrase.start


def _in_order(lines: Sequence[Line], at: int, group: Group, found: dict[str, set[str]]) -> None:
    line = lines[at]
    if "respectively" not in [token.low for token in line.tokens] or line.has_number:
        return
    names = list(dict.fromkeys(mention.entity for mention in mentions(line, group)))
    if names and len(names) != len(group.entities):
        return
    order = names or list(group.entities)
    run: list[Phrase] = []
    for phrase in line.phrases:
        if any(word in entity.keys for word in phrase.words for entity in group.entities):
            continue
        between = [token.low for token in line.tokens[run[-1].end : phrase.start]] if run else []
        if run and between and all(word in (",", "and", "or", "the", "a") for word in between):
            run.append(phrase)
        elif len(run) != len(order):
            run = [phrase]
    if len(run) == len(order):
        for entity, phrase in zip(order, run, strict=True):
            found[entity.name].update(phrase.words)


def _by_verb(line: Line, group: Group, found: dict[str, set[str]]) -> None:
    for mention in mentions(line, group):
        if not is_symbol(line.tokens, mention.at):
            continue
        follows = line.lemmas[mention.end : mention.end + 2]
        if follows[:1] == ["represent"] or follows == ["focus", "on"]:
            for phrase in line.phrases:
                if mention.end < phrase.start <= mention.end + 3:
                    found[mention.entity.name].update(phrase.words)
                    break
