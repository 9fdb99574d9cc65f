"""The menus, made from the table of actions each time one opens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMainWindow, QMenu

from solvitur.gui.actions import Action, ActionTable

MENUS = ("File", "Edit", "View", "Problem", "Plan", "Solve", "Results", "Plugins", "Help")
LAST_GROUP = "end"
"""The group that stays at the bottom of its menu, whatever is added later."""


class Menus:
    """Fills the menu bar; a menu without any action stays away."""

    def __init__(self, window: QMainWindow, actions: ActionTable) -> None:
        self._window, self._actions = window, actions
        self._menus: dict[str, QMenu] = {}
        self._submenus: dict[tuple[str, str], tuple[str, Callable[[QMenu], None]]] = {}
        for name in MENUS:
            self._add_menu(name)
        for action in actions.all():
            self._take(action.id)
        actions.added.connect(self._take)

    def add_submenu(self, menu: str, after: str, title: str, fill: Callable[[QMenu], None]) -> None:
        """Adds a submenu below the action ``after``; ``fill`` is called whenever the menu opens."""
        self._submenus[menu, after] = (title, fill)

    def menu(self, name: str) -> QMenu:
        """Returns a menu, filled as if it had just been opened."""
        self._fill(name)
        return self._menus[name]

    def _add_menu(self, name: str) -> None:
        menu = self._window.menuBar().addMenu(f"&{name}" if name != "Plan" else "P&lan")
        menu.setObjectName(f"menu.{name}")
        menu.setAccessibleName(name)
        menu.setToolTipsVisible(False)
        menu.menuAction().setVisible(False)
        menu.aboutToShow.connect(lambda: self._fill(name))
        self._menus[name] = menu

    def _take(self, action_id: str) -> None:
        self._window.addAction(self._actions.qaction(action_id))
        menu = self._actions.action(action_id).menu
        if menu in self._menus:
            self._menus[menu].menuAction().setVisible(True)

    def _fill(self, name: str) -> None:
        menu = self._menus[name]
        for submenu in menu.findChildren(QMenu):
            submenu.deleteLater()
        menu.clear()
        self._actions.refresh()
        chosen = [action for action in self._actions.all() if action.menu == name]
        groups: dict[str, list[Action]] = {}
        for action in chosen:
            groups.setdefault(action.group, []).append(action)
        for group in sorted(groups, key=lambda name: name == LAST_GROUP):
            if not menu.isEmpty():
                menu.addSeparator()
            for action in groups[group]:
                menu.addAction(self._actions.qaction(action.id))
                if (name, action.id) in self._submenus:
                    title, fill = self._submenus[name, action.id]
                    fill(menu.addMenu(title))
