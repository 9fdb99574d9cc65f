"""The docks around the stage: made empty, filled when first shown, back where they were at the next start."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.dock_title import DockTitle
from solvitur.gui.places import DockPart

_LAYOUT_VERSION = 1


class Docks(QObject):
    """Owns the dock widgets; on the welcome page all of them rest."""

    def __init__(self, window: QMainWindow, context: Context, parts: tuple[DockPart, ...]) -> None:
        super().__init__(window)
        self._window, self._context = window, context
        self._parts = {part.id: part for part in parts}
        self._docks: dict[str, QDockWidget] = {}
        self._resting: dict[str, bool] | None = None
        for part in parts:
            self._docks[part.id] = self._make(part)
        for part in parts:
            self._add_action(part)
        self._first_layout = window.saveState(_LAYOUT_VERSION)

    def dock(self, name: str) -> QDockWidget:
        """Returns a dock widget by its id."""
        return self._docks[name]

    def fill(self, name: str) -> QWidget:
        """Returns a dock's content, made now if it was not yet."""
        dock = self._docks[name]
        content = dock.widget()
        if content is None:
            content = self._parts[name].build(self._context)
            dock.setWidget(content)
        return content

    @property
    def contents(self) -> tuple[QWidget, ...]:
        """The contents made so far."""
        return tuple(content for dock in self._docks.values() if (content := dock.widget()) is not None)

    @property
    def empty(self) -> tuple[str, ...]:
        """The docks whose content was not needed yet."""
        return tuple(name for name, dock in self._docks.items() if dock.widget() is None)

    def is_open(self, name: str) -> bool:
        """Whether a dock is open (also while it rests)."""
        if self._resting is not None:
            return self._resting[name]
        return not self._docks[name].isHidden()

    def has(self, name: str) -> bool:
        """Whether there is a dock of that id."""
        return name in self._docks

    def open(self, name: str) -> None:
        """Opens a dock and brings it to the front."""
        if not self.is_open(name):
            self.toggle(name)
        self._docks[name].raise_()

    def toggle(self, name: str) -> None:
        """Opens or closes a dock."""
        if self._resting is not None:
            self._resting[name] = not self._resting[name]
            return
        dock = self._docks[name]
        if dock.isHidden():
            self.fill(name)
            dock.show()
            dock.raise_()
        else:
            dock.hide()

    def rest(self) -> None:
        """Hides all docks until `wake`."""
        if self._resting is None:
            self._resting = {name: not dock.isHidden() for name, dock in self._docks.items()}
            for dock in self._docks.values():
                dock.hide()

    def wake(self) -> None:
        """Shows the docks that were open before `rest`."""
        resting, self._resting = self._resting, None
        for name, was_open in (resting or {}).items():
            if was_open:
                self.fill(name)
                self._docks[name].show()

    def focus_next(self, step: int) -> None:
        """Moves the focus to the next part of the window: the stage, the open docks, the rail."""
        docks = [dock for dock in self._docks.values() if dock.isVisible()]
        rail = self._window.findChild(QWidget, "rail")
        parts = [part for part in (self._window.centralWidget(), *docks, rail) if part is not None]
        focused = self._window.focusWidget()
        at = next((i for i, part in enumerate(parts) if focused is not None and part.isAncestorOf(focused)), -step)
        for _ in parts:
            at = (at + step) % len(parts)
            target = _first_focusable(parts[at])
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def layout(self) -> bytes:
        """Returns where everything stands."""
        resting = self._resting is not None
        if resting:
            self.wake()
        state = bytes(self._window.saveState(_LAYOUT_VERSION).data())
        if resting:
            self.rest()
        return state

    def restore(self, layout: bytes) -> bool:
        """Puts everything where `layout` says; tells whether it could be read."""
        resting = self._resting is not None
        self._resting = None
        done = self._window.restoreState(QByteArray(layout), _LAYOUT_VERSION)
        if resting:
            self.rest()
        else:
            self._fill_open()
        return done

    def reset(self) -> None:
        """Puts everything where it stood at the very first start."""
        self.restore(bytes(self._first_layout.data()))

    def _make(self, part: DockPart) -> QDockWidget:
        dock = QDockWidget(part.title, self._window)
        dock.setObjectName(f"dock.{part.id}")
        dock.setAccessibleName(part.title)
        dock.setProperty("helpPage", part.help)
        dock.setTitleBarWidget(DockTitle(self._context.theme, dock))
        dock.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        dock.visibilityChanged.connect(lambda _shown: self._context.actions.refresh())
        self._window.addDockWidget(part.area, dock)
        return dock

    def _add_action(self, part: DockPart) -> None:
        self._context.actions.add(
            Action(
                f"dock.{part.id}",
                f"{part.title} panel",
                lambda: self.toggle(part.id),
                menu="View",
                group="docks",
                icon=part.icon,
                checked=lambda: self.is_open(part.id),
                help=f"Shows or hides the {part.title.lower()} panel",
            )
        )

    def _fill_open(self) -> None:
        for name, dock in self._docks.items():
            if not dock.isHidden():
                self.fill(name)


def _first_focusable(part: QWidget) -> QWidget | None:
    """Finds the first widget of a part, in the order of the Tab key, that takes the focus from the keyboard."""
    widget: QWidget | None = part
    while widget is not None and (widget is part or part.isAncestorOf(widget)):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
        following = widget.nextInFocusChain()
        widget = None if following is part else following
    return None
