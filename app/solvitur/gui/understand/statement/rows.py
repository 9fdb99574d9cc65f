"""What the statement view says of each element: its declaration, the phrases it came from, and its flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solvitur.gui.roles import roles_of
from solvitur.gui.understand.outline.rows import GROUPS, signature_of
from solvitur.gui.understand.statement.linking import Linked
from solvitur.language.elements import Model

_MOST_PHRASES = 4
_LONGEST_PHRASE = 48
_ROLES = ("set", "parameter", "variable", "objective", "constraint")


@dataclass(frozen=True)
class ElementRow:
    """One element; without a name it is the heading of a group.

    ``said`` are the phrases it came from, or its description; ``flag`` says what is wrong with its origin.
    """

    name: str = ""
    role: str = ""
    signature: str = ""
    unit: str = ""
    said: str = ""
    flag: str = ""
    heading: str = ""

    @property
    def spoken(self) -> str:
        """All of it in one line, for screen readers and the tool tip."""
        if self.heading:
            return self.heading
        parts = (f"{self.role} {self.name}{self.signature}", self.unit, self.said, self.flag)
        return ", ".join(part for part in parts if part)


def element_rows(model: Model, text: str, linked: Linked, sentences: Mapping[str, str]) -> tuple[ElementRow, ...]:
    """Lists the five groups with their elements; ``sentences`` say in words what an element is, by name."""
    roles = roles_of(model)
    rows: list[ElementRow] = []
    for role, group in zip(_ROLES, GROUPS, strict=True):
        elements = [element for element in model.elements if roles[element.name] == role]
        if not elements:
            continue
        rows.append(ElementRow(role=role, heading=f"{group.title}  {len(elements)}"))
        for element in elements:
            phrases = _phrases(linked, element.name)
            lost = linked.drafted and element.name in linked.nowhere
            rows.append(
                ElementRow(
                    element.name,
                    role,
                    signature_of(text, element),
                    getattr(element, "unit", ""),
                    phrases or sentences.get(element.name, element.description),
                    "from nowhere: no words say this" if lost else "",
                )
            )
    return tuple(rows)


def _phrases(linked: Linked, name: str) -> str:
    said = list(dict.fromkeys(_cut(linked.text[link.start : link.end]) for link in linked.of(name)))
    more = f"  and {len(said) - _MOST_PHRASES} more" if len(said) > _MOST_PHRASES else ""
    return "  ".join(f"\u201c{phrase}\u201d" for phrase in said[:_MOST_PHRASES]) + more


def _cut(phrase: str) -> str:
    words = " ".join(phrase.split())
    return words if len(words) <= _LONGEST_PHRASE else words[: _LONGEST_PHRASE - 1].rstrip() + "\u2026"
