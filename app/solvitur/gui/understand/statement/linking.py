"""Which phrase of the words became which element: both ways, and what is left over on either side."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from solvitur.engine.proposing.spans import Carried, Span
from solvitur.language.elements import Model
from solvitur.problem.drafts import Draft

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")
_WORD = re.compile(r"\w")
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
    links.sort(key=lambda made: (made.start, -made.end))
    leftovers = [
        Leftover(*span, "this became nothing in the model")
        for part in draft.unread
        if part[1] > part[0] and (span := carried.span(part)) is not None
    ]
    leftovers += [Leftover(*span, "this was written after the draft") for span in _new_sentences(text, carried)]
    leftovers.sort(key=lambda part: part.start)
    spoken = {made.name for made in links}
    return Linked(
        text, tuple(links), tuple(leftovers), frozenset(known - spoken), True, [made.start for made in links]
    )


def _new_sentences(text: str, carried: Carried) -> list[Span]:
    """Lists the sentences that the draft cannot know."""
    found = []
    for match in carried.fresh(_SHORTEST_NEW):
        for sentence in _SENTENCE.finditer(text, *_line_of(text, match)):
            start, end = _trimmed(text, sentence.start(), sentence.end())
            fresh = start < match[1] and end > match[0]
            if fresh and _WORD.search(text, start, end) and (start, end) not in found:
                found.append((start, end))
    return found


def _line_of(text: str, span: Span) -> Span:
    start = text.rfind("\n", 0, span[0]) + 1
    end = text.find("\n", span[1])
    return start, len(text) if end < 0 else end


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
