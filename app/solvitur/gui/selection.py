"""The one selection of the window: the model element that every view points at."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class Selected:
    """``element`` is a name such as ``ship`` or ``ship[Seattle, Chicago]`` (empty: nothing)."""

    element: str
    source: object = None

    @property
    def name(self) -> str:
        """The element's name without an index."""
        return self.element.partition("[")[0]

    @property
    def index(self) -> tuple[str, ...]:
        """The index labels, as text."""
        inside = self.element.partition("[")[2].rstrip("]")
        return tuple(part.strip() for part in inside.split(",")) if inside else ()


class Selection(QObject):
    """Holds the selected element; every view listens to ``changed`` and offers its own."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current = Selected("")

    def select(self, element: str, source: object = None) -> None:
        """Selects an element by name; ``source`` lets the asking view ignore the echo."""
        if element != self.current.element:
            self.current = Selected(element, source)
            self.changed.emit(self.current)
