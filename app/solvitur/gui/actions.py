"""The one table of actions: menus, tool bars, shortcuts and the command palette are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QIcon, QKeySequence


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """One thing a user can do. ``menu`` names the menu (``File``); ``enabled`` is asked whenever state changes."""

    id: str
    title: str
    callback: Callable[[], object]
    menu: str = ""
    shortcut: str = ""
    icon: str = ""
    enabled: Callable[[], bool] = _always
    checked: Callable[[], bool] | None = None
    help: str = ""


class ActionTable(QObject):
    """Holds every action once; hands out the QAction that all menus and buttons share."""

    def __init__(self, icon: Callable[[str], QIcon], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._actions: dict[str, Action] = {}
        self._made: dict[str, QAction] = {}
        self._shortcuts: dict[str, str] = {}

    def add(self, action: Action) -> QAction:
        """Adds an action and returns its QAction.

        Raises
        ------
        ValueError
            If the id is taken.
        """
        if action.id in self._actions:
            raise ValueError(f"action '{action.id}' is already in the table")
        made = QAction(action.title, self)
        made.setObjectName(action.id)
        made.setShortcut(QKeySequence(self._shortcuts.get(action.id, action.shortcut)))
        made.setToolTip(action.help or action.title)
        made.setStatusTip(action.help)
        if action.icon:
            made.setIcon(self._icon(action.icon))
        made.setCheckable(action.checked is not None)
        made.triggered.connect(lambda: action.callback())  # noqa: PLW0108 - drops "checked"
        self._actions[action.id], self._made[action.id] = action, made
        self._refresh_one(action.id)
        return made

    def qaction(self, action_id: str) -> QAction:
        """Returns the QAction of an id; KeyError if there is none."""
        return self._made[action_id]

    def all(self) -> tuple[Action, ...]:
        """Lists the actions in the order they were added."""
        return tuple(self._actions.values())

    def trigger(self, action_id: str) -> bool:
        """Runs an action if it is enabled; tells whether it ran."""
        self._refresh_one(action_id)
        made = self._made[action_id]
        if made.isEnabled():
            made.trigger()
        return made.isEnabled()

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
        for action_id, action in self._actions.items():
            self._made[action_id].setShortcut(QKeySequence(self._shortcuts.get(action_id, action.shortcut)))

    def _refresh_one(self, action_id: str) -> None:
        action, made = self._actions[action_id], self._made[action_id]
        made.setEnabled(bool(action.enabled()))
        if action.checked is not None:
            made.setChecked(bool(action.checked()))
