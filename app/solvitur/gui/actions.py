"""The one table of actions: menus, tool bars, shortcuts and the command palette are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """One thing a user can do.

    ``shortcut`` holds one key sequence, or several with "; " between them.

    ``menu`` names the menu (``File``); actions of another ``group`` than the one above stand below a line.
    ``enabled`` and ``checked`` are asked whenever state changes.
    """

    id: str
    title: str
    callback: Callable[[], object]
    menu: str = ""
    shortcut: str = ""
    icon: str = ""
    enabled: Callable[[], bool] = _always
    checked: Callable[[], bool] | None = None
    help: str = ""
    group: str = ""


def sequences(shortcut: str) -> list[QKeySequence]:
    """Reads the key sequences of a shortcut's text."""
    return [QKeySequence(part) for part in shortcut.split("; ") if part]


def keys_of(shortcut: str) -> str:
    """Writes the first key sequence of a shortcut as this system's people know it; empty when there is none."""
    found = sequences(shortcut)
    return found[0].toString(QKeySequence.SequenceFormat.NativeText) if found else ""


class ActionTable(QObject):
    """Holds every action once; hands out the QAction that all menus and buttons share."""

    added = Signal(str)
    """The id of an action that has just been added."""

    def __init__(self, icon: Callable[[str], QIcon], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._actions: dict[str, Action] = {}
        self._made: dict[str, QAction] = {}
        self._shortcuts: dict[str, str] = {}

    def add(self, action: Action) -> QAction:
        """Adds an action and returns its QAction; whether it is enabled is first asked at the next `refresh`.

        Raises
        ------
        ValueError
            If the id is taken.
        """
        if action.id in self._actions:
            raise ValueError(f"action '{action.id}' is already in the table")
        made = QAction(action.title, self)
        made.setObjectName(action.id)
        made.setShortcuts(sequences(self._shortcuts.get(action.id, action.shortcut)))
        made.setToolTip(action.help or action.title)
        made.setStatusTip(action.help)
        if action.icon:
            made.setIcon(self._icon(action.icon))
        made.setCheckable(action.checked is not None)
        made.triggered.connect(lambda: action.callback())  # noqa: PLW0108 - drops "checked"
        self._actions[action.id], self._made[action.id] = action, made
        self.added.emit(action.id)
        return made

    def retitle(self, action_id: str, title: str) -> None:
        """Gives an action the title that fits now, such as ``Undo rename 'cap'``."""
        made = self._made[action_id]
        made.setText(title)
        if not self._actions[action_id].help:
            made.setToolTip(title)

    def shortcut(self, action_id: str) -> str:
        """Returns the shortcut in use, the user's own before ours."""
        return self._shortcuts.get(action_id, self._actions[action_id].shortcut)

    def holders(self, shortcut: str) -> tuple[Action, ...]:
        """Lists the actions that a shortcut would run; more than one is a conflict."""
        wanted = {sequence.toString() for sequence in sequences(shortcut)}
        return tuple(
            action
            for action in self._actions.values()
            if wanted & {sequence.toString() for sequence in sequences(self.shortcut(action.id))}
        )

    def qaction(self, action_id: str) -> QAction:
        """Returns the QAction of an id; KeyError if there is none."""
        return self._made[action_id]

    def action(self, action_id: str) -> Action:
        """Returns the entry of an id; KeyError if there is none."""
        return self._actions[action_id]

    def all(self) -> tuple[Action, ...]:
        """Lists the actions in the order they were added."""
        return tuple(self._actions.values())

    def trigger(self, action_id: str) -> bool:
        """Runs an action if it is enabled; tells whether it ran."""
        self._refresh_one(action_id)
        made = self._made[action_id]
        able = made.isEnabled()
        if able:
            made.trigger()
        return able

    def refresh(self) -> None:
        """Asks every action anew whether it is enabled and checked."""
        for action_id in self._actions:
            self._refresh_one(action_id)

    def refresh_icons(self) -> None:
        """Takes the icons anew, after the theme changed."""
        for action_id, action in self._actions.items():
            if action.icon:
                self._made[action_id].setIcon(self._icon(action.icon))

    def set_shortcuts(self, overrides: Mapping[str, str]) -> None:
        """Applies the user's shortcuts by action id; ids not named keep their own."""
        self._shortcuts = dict(overrides)
        for action_id in self._actions:
            self._made[action_id].setShortcuts(sequences(self.shortcut(action_id)))

    def _refresh_one(self, action_id: str) -> None:
        action, made = self._actions[action_id], self._made[action_id]
        made.setEnabled(bool(action.enabled()))
        if action.checked is not None:
            made.setChecked(bool(action.checked()))
