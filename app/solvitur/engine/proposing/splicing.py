"""Cuts elements and data into a model's text, leaving everything else of it as the user wrote it."""

from __future__ import annotations

from solvitur.language.elements import DataEntry, Element, Model, Span
from solvitur.language.printing import entry_text, statement_text


class Splices:
    """Collects changes to one text; `text` makes them all at once."""

    def __init__(self, text: str, model: Model) -> None:
        self._text = text
        self._model = model
        self._cuts: list[tuple[int, int, str]] = []
        self._tail: list[str] = []
        self._entries: list[str] = []
        self._added: dict[str, list[str]] = {}

    def put(self, element: Element, after: str = "") -> None:
        """Writes an element in the place of the one of its name, else below ``after`` (empty: below all others)."""
        old = self._model.element(element.name)
        if old is not None:
            self._cuts.append((old.span.start, old.span.end, statement_text(element)))
        elif self._model.element(after) is not None:
            self._added.setdefault(after, []).append(statement_text(element))
        else:
            self._tail.append(statement_text(element))

    def drop(self, name: str) -> None:
        """Removes an element, with the comments above it."""
        old = self._model.element(name)
        if old is not None:
            self._cut_lines(old.span, old.comment)

    def put_entry(self, entry: DataEntry) -> None:
        """Writes an entry of the data section in the place of the one of its name, else below all others."""
        old = self._entry(entry.name)
        written = entry_text(entry)
        if old is not None:
            self._cuts.append((old.span.start, old.span.end, written.strip()))
        else:
            self._entries.append(written)

    def drop_entry(self, name: str) -> None:
        """Removes an entry of the data section, with the comments above it."""
        old = self._entry(name)
        if old is not None:
            self._cut_lines(old.span, old.comment)

    def text(self) -> str:
        """Returns the text with all changes."""
        for name, added in self._added.items():
            element = self._model.element(name)
            assert element is not None, "it was there when the addition was taken"
            at = self._line_end(element.span.end)
            self._cuts.append((at, at, "".join(f"\n{line}" for line in added)))
        if self._tail:
            at = self._end_of_elements()
            lead = "" if at == 0 or self._text[:at].endswith("\n") else "\n"
            self._cuts.append((at, at, lead + "\n".join(self._tail) + "\n"))
        made = self._text
        for start, end, new in sorted(self._cuts, key=lambda cut: (cut[0], cut[1]), reverse=True):
            made = made[:start] + new + made[end:]
        return made if not self._entries else self._with_entries(made)

    def _with_entries(self, text: str) -> str:
        kept = text if not text or text.endswith("\n") else text + "\n"
        head = "" if self._model.data else ("\ndata\n" if kept else "data\n")
        return kept + head + "\n".join(self._entries) + "\n"

    def _entry(self, name: str) -> DataEntry | None:
        return next((entry for entry in self._model.data if entry.name == name), None)

    def _cut_lines(self, span: Span, comment: str) -> None:
        start = self._text.rfind("\n", 0, span.start) + 1
        for line in reversed(comment.splitlines()):
            above = self._text.rfind("\n", 0, max(start - 1, 0)) + 1
            if start == 0 or not line.strip() or not self._text[above:start].strip():
                break
            start = above
        end = self._line_end(span.end)
        self._cuts.append((start, min(end + 1, len(self._text)), ""))

    def _line_end(self, at: int) -> int:
        found = self._text.find("\n", at)
        return len(self._text) if found < 0 else found

    def _end_of_elements(self) -> int:
        """Returns where the last element's line ends."""
        if not self._model.elements:
            first = min((entry.span.start for entry in self._model.data), default=-1)
            return len(self._text) if first < 0 else max(self._text.rfind("data", 0, first), 0)
        end = self._line_end(max(element.span.end for element in self._model.elements))
        return min(end + 1, len(self._text))
