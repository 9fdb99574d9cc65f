"""How much a noun phrase looks like something that is decided about: a small linear model, trained on tagged texts.

The weights are made by ``python benchmarks/words/train_tagger.py`` from the NL4Opt competition's tagged training
documents (MIT); a feature is a word of the surroundings or a fact about the phrase, never the phrase's own words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from solvitur_words.entities import Line
from solvitur_words.lexicon import CONTAINERS, COST_WORDS, MONEY_WORDS, PROFIT_WORDS, UNITS, VERBS
from solvitur_words.parts import NUMBER, Phrase


@cache
def weights() -> Mapping[str, float]:
    """Reads the trained weights by feature."""
    text = files("solvitur_resources").joinpath("words", "phrases.json").read_text("utf-8")
    loaded: dict[str, float] = json.loads(text)
    return loaded


def likeness(features: Sequence[str]) -> float:
    """Adds up the weights of a phrase's features: above 0 it looks like a thing decided about."""
    known = weights()
    return sum(known.get(feature, 0.0) for feature in features)


def features_of(line: Line, phrase: Phrase, place: int, counts: Mapping[str, int]) -> list[str]:
    """Describes a phrase by what stands around it, what kind of word its head is, and how often that comes."""
    tokens = line.tokens
    start, end = phrase.start, phrase.end
    before = [_plain(line, k) for k in range(start - 3, start)]
    after = [_plain(line, k) for k in range(end, end + 3)]
    head = phrase.words[-1] if phrase.words else ""
    often = min(counts.get(head, 0), 8)
    found = [
        "bias", f"-1 {before[2]}", f"-2 {before[1]} {before[2]}", f"-2 {before[1]}", f"+1 {after[0]}",
        f"+2 {after[0]} {after[1]}", f"-1+1 {before[2]} {after[0]}", f"head {_kind(head)}", f"often {often}",
        f"words {min(len(phrase.words), 4)}", f"kind-1 {_kind(head)} {before[2]}", f"often-1 {often} {before[2]}",
        f"often+1 {often} {after[0]}", f"first {place == 0} {often}",
    ]  # fmt: skip
    if start == 0 or (start == 1 and tokens[0].low in ("a", "an", "the")):
        found += [f"opens {place == 0}", f"opens {place == 0} {after[0]}"]
    numbers = [k for k, tag in enumerate(line.tags) if tag == NUMBER]
    ahead = next((k - end for k in numbers if k >= end), 99)
    behind = next((start - k for k in reversed(numbers) if k < start), 99)
    found += [f"ahead {min(ahead, 7)}", f"behind {min(behind, 7)}", f"near {min(ahead, 7)} {min(behind, 4)}"]
    if tokens[end - 1].low != tokens[end - 1].lemma:
        found += ["plural", f"plural-1 {before[2]}"]
    if tokens[start].text[:1].isupper() and start > 0:
        found.append("capital")
    if "many" in line.lemmas or "maximize" in line.lemmas or "minimize" in line.lemmas:
        found.append(f"asked-1 {before[2]}")
    return found


def counts_of(lines: Sequence[Line]) -> dict[str, int]:
    """Counts how often each word is the head of a phrase."""
    counts: dict[str, int] = {}
    for line in lines:
        for phrase in line.phrases:
            for word in set(phrase.words[-1:]):
                counts[word] = counts.get(word, 0) + 1
    return counts


def _plain(line: Line, at: int) -> str:
    if at < 0 or at >= len(line.tokens):
        return "edge"
    token = line.tokens[at]
    if token.kind == "num":
        return f"num {token.sort}"
    if line.tags[at] == "noun":
        return f"noun {_kind(token.lemma)}"
    return token.lemma


def _kind(word: str) -> str:
    if word in MONEY_WORDS:
        return "money"
    if word in COST_WORDS:
        return "cost"
    if word in PROFIT_WORDS:
        return "profit"
    if word in UNITS:
        return UNITS[word][0]
    if word in CONTAINERS:
        return "container"
    return "verb" if word in VERBS else "thing"
