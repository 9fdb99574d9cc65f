"""The stage: the stack of the welcome page and the places, each built on its first visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from solvitur.gui.context import Context
from solvitur.gui.places import Part

WELCOME = "welcome"


class Stage(QStackedWidget):
    """Shows one page at a time; ``turned`` carries the id of the page that is now in front."""

    turned = Signal(str)
    made = Signal(QWidget)
    """A page that has just been built."""

    def __init__(
        self, context: Context, places: Mapping[str, Part], welcome: Callable[[], QWidget], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self._context = context
        self._places = dict(places)
        self._welcome = welcome
        self._built: dict[str, QWidget] = {}
        self.current = ""

    def turn_to(self, page: str) -> QWidget:
        """Brings a page to the front and tells it through ``activated`` if it listens."""
        widget = self.build(page)
        self.setCurrentWidget(widget)
        self.current = page
        activated = getattr(widget, "activated", None)
        if callable(activated):
            activated()
        self.turned.emit(page)
        return widget

    def build(self, page: str) -> QWidget:
        """Returns a page's widget, made now if it was not yet."""
        if page not in self._built:
            made = self._welcome() if page == WELCOME else self._places[page].build(self._context)
            self._built[page] = made
            self.addWidget(made)
            self.made.emit(made)
        return self._built[page]

    def built(self, page: str) -> QWidget | None:
        """Returns a page's widget if it was made already."""
        return self._built.get(page)

    @property
    def pages(self) -> tuple[str, ...]:
        """The places that can be shown."""
        return tuple(self._places)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """The pages built so far."""
        return tuple(self._built.values())

    @property
    def unbuilt(self) -> tuple[str, ...]:
        """The places not visited yet."""
        return tuple(name for name in self._places if name not in self._built)
