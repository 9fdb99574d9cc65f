"""Recall: solved examples and templates of constraints that resemble a statement, found by the words they share."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

_SMALL_WORDS = """a an and are as at be by can for from has have how in is it its many may most must no not of on or
per than that the their there they this to what which will with would each every all more least much at should"""
_COMMON = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True)
class Recalled:
    """What was found: the text for the prompt, and in a few words what it is."""

    text: str = ""
    summary: str = "nothing similar is known"


class Library:
    """The examples and templates that come with the plugin."""

    def for_statement(self, statement: str, examples: int, templates: int) -> Recalled:
        """Finds the most similar ones."""
        words = _stems(statement)
        solved = self._nearest(words, self._entries["example"], examples)
        forms = self._nearest(words, self._entries["template"], templates)
        if not solved and not forms:
            return Recalled()
        parts = [f"A constraint of this kind, {each['name']}:\n{each['model'].strip()}" for each in forms]
        parts += [
            f"A solved example. Statement: {each['statement'].strip()}\nModel:\n{each['model'].strip()}"
            for each in solved
        ]
        names = ", ".join(each["name"] for each in (*solved, *forms))
        return Recalled("\n\n".join(parts), f"similar: {names}")

    @cached_property
    def _entries(self) -> dict[str, list[dict[str, Any]]]:
        text = files("solvitur_chat").joinpath("library.toml").read_text("utf-8")
        return tomllib.loads(text)

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """Weighs words by how few entries have them."""
        entries = [each for group in self._entries.values() for each in group]
        seen = Counter(stem for each in entries for stem in set(_stems(_words_of(each))))
        return {stem: math.log(1 + len(entries) / count) for stem, count in seen.items()}

    def _nearest(self, words: Sequence[str], entries: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
        wanted = Counter(words)
        scored = []
        for at, entry in enumerate(entries):
            own = Counter(_stems(_words_of(entry)))
            shared = sum(self._rarity.get(stem, 0.0) for stem in own if stem in wanted)
            scored.append((shared / math.sqrt(len(own) or 1), -at, entry))
        scored.sort(key=lambda each: each[:2], reverse=True)
        return [entry for score, _, entry in scored[:most] if score > 0]


def _words_of(entry: dict[str, Any]) -> str:
    return f"{entry['name']} {entry.get('statement', '')} {entry.get('words', '')}"


def _stems(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return [re.sub(r"(ing|ies|es|ed|s)$", "", word) for word in words if word not in _COMMON and len(word) > 1]
