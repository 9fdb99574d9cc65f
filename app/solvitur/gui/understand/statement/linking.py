"""Which phrase of the words became which element: both ways, and what is left over on either side."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from solvitur.engine.proposing.spans import Carried, Span
from solvitur.language.elements import Listing, Model, Ref, SetElement
from solvitur.language.names_used import names_used
from solvitur.language.symbols import expressions_of
from solvitur.problem.drafts import Draft

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")
_WORDS = re.compile(r"\w+")
_MOST_LABELS = 200
_SHORTEST_NEW = 4
"""Fewer new characters than this in a sentence are a mended slip, not a new thought."""


@dataclass(frozen=True)
class Link:
    """A phrase, and the element that it became (with its place, such as ``profit[chair]``)."""

    start: int
    end: int
    element: str

    @property
    def name(self) -> str:
        """The element's name without its place."""
        return self.element.partition("[")[0]


@dataclass(frozen=True)
class Leftover:
    """A stretch of the words that became nothing, with the reason in words."""

    start: int
    end: int
    because: str


@dataclass(frozen=True, eq=False)
class Linked:
    """The words with their links, in the order of the words."""

    text: str = ""
    links: tuple[Link, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    nowhere: frozenset[str] = frozenset()
    """The elements of the model that no word speaks of."""
    drafted: bool = False
    """Whether there is a draft at all; without one nothing is linked and nothing is flagged."""
    _starts: list[int] = field(default_factory=list)

    def of(self, element: str) -> tuple[Link, ...]:
        """Returns the links of an element; of all its places when none is named."""
        if "[" in element:
            exact = tuple(link for link in self.links if link.element == element)
            return exact or self.of(element.partition("[")[0])
        return tuple(link for link in self.links if link.name == element)

    def at(self, offset: int) -> Link | None:
        """Returns the shortest phrase that holds an offset, or None."""
        found = bisect_right(self._starts, offset)
        holding = [link for link in self.links[max(found - 32, 0) : found] if link.start <= offset < link.end]
        return min(holding, key=lambda link: link.end - link.start, default=None)

    def leftover_at(self, offset: int) -> Leftover | None:
        """Returns the stretch that became nothing and holds an offset, or None."""
        return next((part for part in self.leftovers if part.start <= offset < part.end), None)

    def within(self, start: int, end: int) -> Sequence[Link]:
        """Returns the links that begin between two offsets."""
        return self.links[bisect_right(self._starts, start - 1) : bisect_right(self._starts, end)]


def link(text: str, model: Model, draft: Draft | None, read: str) -> Linked:
    """Links the words as they are now to a model, through the draft that was made of the words ``read``."""
    if draft is None:
        return Linked(text)
    carried = Carried(read, text)
    known = {element.name for element in model.elements}
    links = []
    for evidence in draft.evidence:
        span = carried.span((evidence.start, evidence.end)) if evidence.end > evidence.start else None
        if span is not None and evidence.element.partition("[")[0] in known:
            links.append(Link(*span, evidence.element))
    spoken = {made.name for made in links}
    links += [made for name in known - spoken for made in _labels_said(text, model, name)]
    links.sort(key=lambda made: (made.start, -made.end))
    spoken = {made.name for made in links}
    leftovers = _leftovers(text, links, draft, carried)
    nowhere = known - spoken - _implied(model, spoken)
    return Linked(text, tuple(links), leftovers, frozenset(nowhere), True, [made.start for made in links])


def _leftovers(text: str, links: Sequence[Link], draft: Draft, carried: Carried) -> tuple[Leftover, ...]:
    """Lists what the draft says it did not read, sentences that led to nothing, and what was written since."""
    asked = [(question.start, question.end) for question in draft.questions if question.end > question.start]
    covered = [(made.start, made.end) for made in links]
    covered += [span for part in asked if (span := carried.span(part)) is not None]
    unread = [span for part in draft.unread if part[1] > part[0] and (span := carried.span(part)) is not None]
    fresh = _new_sentences(text, carried)
    found = [Leftover(*span, "this became nothing in the model") for span in unread]
    found += [Leftover(*span, "this was written after the draft") for span in fresh]
    taken = sorted([*covered, *unread, *fresh])
    starts = [span[0] for span in taken]
    for start, end in _sentences(text, 0, len(text)):
        near = taken[max(bisect_right(starts, start) - 16, 0) : bisect_right(starts, end)]
        if not any(low < end and start < high for low, high in near) and len(_WORDS.findall(text, start, end)) > 2:
            found.append(Leftover(start, end, "no part of the model came from this"))
    return tuple(sorted(found, key=lambda part: part.start))


def _labels_said(text: str, model: Model, name: str) -> list[Link]:
    """Links a set of which no evidence is given to the places where its members are named."""
    element = model.element(name)
    if not isinstance(element, SetElement):
        return []
    entry = next((entry for entry in model.data if entry.name == name), None)
    listed = element.value.members if isinstance(element.value, Listing) else getattr(entry, "literal", None)
    labels = [label for label in listed if isinstance(label, str)] if isinstance(listed, list | tuple) else []
    if not labels or len(labels) > _MOST_LABELS:
        return []
    words = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    found = re.finditer(rf"\b(?:{words})(?:e?s)?\b", text, re.IGNORECASE)
    return [Link(match.start(), match.end(), name) for match in itertools.islice(found, _MOST_LABELS)]


def _implied(model: Model, spoken: set[str]) -> set[str]:
    """Returns the sets and variables that elements with evidence are about: these need no words of their own."""
    implied: set[str] = set()
    for element in model.elements:
        if element.name in spoken:
            implied |= {name for expression in expressions_of(element) for name in names_used(expression)}
            implied |= {b.over.name for b in getattr(element, "binders", ()) if isinstance(b.over, Ref)}
    return implied & ({e.name for e in model.sets} | {e.name for e in model.variables})


def _new_sentences(text: str, carried: Carried) -> list[Span]:
    """Lists the sentences that the draft cannot know."""
    found = []
    for match in carried.fresh(_SHORTEST_NEW):
        for start, end in _sentences(text, *_line_of(text, match)):
            if start < match[1] and end > match[0] and (start, end) not in found:
                found.append((start, end))
    return found


def _sentences(text: str, low: int, high: int) -> list[Span]:
    """Splits a stretch into sentences, without the blanks around them."""
    spans = (_trimmed(text, match.start(), match.end()) for match in _SENTENCE.finditer(text, low, high))
    return [span for span in spans if _WORDS.search(text, *span)]


def _line_of(text: str, span: Span) -> Span:
    start = text.rfind("\n", 0, span[0]) + 1
    end = text.find("\n", span[1])
    return start, len(text) if end < 0 else end


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
