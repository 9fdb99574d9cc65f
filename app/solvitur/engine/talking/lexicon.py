"""What a wish speaks of: names, descriptions and members of sets, bent and slightly misspelt ones too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from solvitur.engine.wording.naming import one_of, spoken
from solvitur.language.elements import (
    ConstraintElement,
    Element,
    Model,
    ObjectiveElement,
    ParamElement,
    Ref,
    SetElement,
    VarElement,
)
from solvitur.problem.instance import Label

Members = Mapping[str, Sequence[Label | tuple[Label, ...]]]
"""The members of each set by its name, as far as they are known."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|%")
_CLOSE = 0.82
_SHORTEST_FUZZY = 4
_LONG_WORD = 6
"""Words of a description from this length on are likely nouns that stand for the thing."""
_EMPTY_WORDS = frozenset(
    {"the", "a", "an", "of", "in", "at", "for", "from", "to", "on", "by", "per", "is", "are", "what", "which", "and"}
)
_DATES = """monday tuesday wednesday thursday friday saturday sunday january february march april june july august
september october november december"""
_CALENDAR = {name: name[:3] for name in _DATES.split()}
"""Days and months are known by their first three letters, as tables abbreviate them."""
_MOST_LABELS = 50_000
"""Sets larger than this are matched by exact words only."""


@dataclass(frozen=True)
class Word:
    """A word with its place and its stem."""

    text: str
    start: int
    end: int
    stem: str


@dataclass(frozen=True)
class Mention:
    """Something of the model that was named: an element, or a member (``label``) of a set (``name``)."""

    role: str
    """``set``, ``param``, ``var``, ``objective``, ``constraint`` or ``member``."""
    name: str
    start: int
    end: int
    label: Label | None = None
    score: float = 1.0


def words_of(text: str) -> list[Word]:
    """Splits a text into words."""
    return [Word(m[0], m.start(), m.end(), stem(m[0])) for m in _WORD.finditer(text)]


def stem(word: str) -> str:
    """Takes the usual English endings off, so that ``closed``, ``closing`` and ``close`` are the same."""
    low = word.lower().removesuffix("'s")
    low = _CALENDAR.get(low) or _CALENDAR.get(low.removesuffix("s")) or low
    if len(low) <= 3 or any(letter.isdigit() for letter in low):
        return low
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("s", "")):
        if low.endswith(ending) and not (ending == "s" and low.endswith(("ss", "us", "is"))):
            low = low[: -len(ending)] + instead
            break
    for ending in ("ing", "ed"):
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            low = low[: -len(ending)]
            if low[-1] == low[-2] and low[-1] not in "lsz":
                low = low[:-1]
            break
    return low.removesuffix("e") if len(low) > 3 else low


class Lexicon:
    """The words of one model."""

    def __init__(self, model: Model, members: Members) -> None:
        self.model = model
        self.members = members
        self._entries: dict[str, list[tuple[tuple[str, ...], Mention]]] = {}
        for element in model.elements:
            for phrase, score in _phrases(element):
                self._add(phrase, Mention(_role(element), element.name, 0, 0, None, score))
        for name, labels in members.items():
            self._add_labels(name, labels)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Finds what a text speaks of, the longest names first and none twice; in the order of the text."""
        words = words_of(text)
        found: list[tuple[int, float, int, Mention]] = []
        for at, word in enumerate(words):
            for first in self._near(word.stem):
                for phrase, mention in self._entries[first]:
                    size = len(phrase)
                    piece = [w.stem for w in words[at : at + size]]
                    score = _alike(phrase, piece) * mention.score
                    if score > 0:
                        end = words[at + size - 1].end
                        placed = Mention(mention.role, mention.name, word.start, end, mention.label, score)
                        found.append((-size, -score, at, placed))
        found.sort(key=lambda each: each[:3])
        taken: dict[tuple[int, int], None] = {}
        kept: list[Mention] = []
        for _, _, _, mention in found:
            span = (mention.start, mention.end)
            inside = any(s < span[1] and span[0] < e and (s, e) != span for s, e in taken)
            known = any((k.role, k.name, k.label, k.start) == (*_identity(mention), mention.start) for k in kept)
            if not inside and not known:
                taken[span] = None
                kept.append(mention)
        return tuple(sorted(kept, key=lambda mention: (mention.start, -mention.score)))

    def sets_of(self, element: Element) -> list[str]:
        """Returns the set behind each index of an element; one of tuples counts once per name."""
        found = []
        for binder in getattr(element, "binders", ()):
            name = binder.over.name if isinstance(binder.over, Ref) else ""
            members = self.members.get(name, ())
            arity = len(members[0]) if members and isinstance(members[0], tuple) else max(len(binder.names), 1)
            found += [name] * arity
        return found

    def sets_named(self, name: str) -> list[str]:
        """Returns the set behind each index of the element of that name."""
        element = self.model.element(name)
        return [] if element is None else self.sets_of(element)

    def labels_at(self, element: Element, position: int) -> frozenset[Label]:
        """Returns the labels that an index of an element may have."""
        names = self.sets_of(element)
        name = names[position]
        inner = position - names.index(name) if names.count(name) > 1 else 0
        found: set[Label] = set()
        for member in self.members.get(name, ()):
            if isinstance(member, tuple):
                found.add(member[min(inner, len(member) - 1)])
            else:
                found.add(member)
        return frozenset(found)

    def _add(self, phrase: tuple[str, ...], mention: Mention) -> None:
        if phrase:
            self._entries.setdefault(phrase[0], []).append((phrase, mention))

    def _add_labels(self, name: str, labels: Sequence[Label | tuple[Label, ...]]) -> None:
        single: dict[Label, None] = {}
        for member in labels[:_MOST_LABELS]:
            for label in member if isinstance(member, tuple) else (member,):
                single[label] = None
        kind = tuple(word.stem for word in words_of(one_of(name)))
        for label in single:
            phrase = tuple(word.stem for word in words_of(str(label)))
            mention = Mention("member", name, 0, 0, label)
            if not all(part.isdigit() for part in phrase):
                self._add(phrase, mention)
            if kind and phrase[: len(kind)] != kind:
                self._add((*kind, *phrase), mention)

    def _near(self, word: str) -> list[str]:
        """Returns the first words of phrases that a word may be."""
        if word in self._entries:
            return [word]
        if (
            len(word) < _SHORTEST_FUZZY
            or any(letter.isdigit() for letter in word)
            or len(self._entries) > _MOST_LABELS
        ):
            return []
        return [known for known in self._entries if known[0] == word[0] and _same_word(known, word) > 0]


def _identity(mention: Mention) -> tuple[str, str, Label | None]:
    return mention.role, mention.name, mention.label


def _alike(phrase: Sequence[str], piece: Sequence[str]) -> float:
    if len(phrase) != len(piece):
        return 0.0
    score = 1.0
    for known, word in zip(phrase, piece, strict=True):
        score *= _same_word(known, word)
    return score


def _same_word(known: str, word: str) -> float:
    if known == word:
        return 1.0
    if known.isdigit() and word.isdigit():
        return 1.0 if int(known) == int(word) else 0.0
    if min(len(known), len(word)) < _SHORTEST_FUZZY or known[0] != word[0]:
        return 0.0
    ratio = SequenceMatcher(None, known, word).ratio()
    return ratio if ratio >= _CLOSE else 0.0


def _phrases(element: Element) -> Iterable[tuple[tuple[str, ...], float]]:
    """Yields the word sequences that may stand for an element, with how surely they do."""
    name = tuple(word.stem for word in words_of(spoken(element.name)))
    yield name, 1.0
    for part in re.split(r"[,;(]", element.description):
        words = tuple(word.stem for word in words_of(part) if word.text.lower() not in _EMPTY_WORDS)
        if 0 < len(words) <= 4 and words != name:
            yield words, 0.9
    if isinstance(element, VarElement | SetElement):
        for word in words_of(element.description):
            if len(word.text) >= _LONG_WORD:
                yield (word.stem,), 0.5
    if isinstance(element, SetElement):
        yield tuple(word.stem for word in words_of(one_of(element.name))), 1.0


def _role(element: Element) -> str:
    match element:
        case SetElement():
            return "set"
        case ParamElement():
            return "param"
        case VarElement():
            return "var"
        case ObjectiveElement():
            return "objective"
        case ConstraintElement():
            return "constraint"
