"""The windows beside the main one (help, settings, shortcuts, plugins, about) and the tour; each is made once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from solvitur.gui.about import AboutWindow
from solvitur.gui.actions import Action
from solvitur.gui.context import Context
from solvitur.gui.docks import Docks
from solvitur.gui.help import FIRST_PAGE, HelpWindow, page_for
from solvitur.gui.models_window.window import ModelsWindow
from solvitur.gui.plugins_window.window import PluginsWindow
from solvitur.gui.preferences import Preferences
from solvitur.gui.settings_window import SettingsWindow
from solvitur.gui.shortcuts_window import ShortcutsWindow
from solvitur.gui.stage import Stage
from solvitur.gui.tour import Tour
from solvitur.gui.tour_steps import tour_steps

TOUR = "tour"
"""The name under which the tour is noted as seen."""
_MODELS = "Chooses a language model, its address, key and budget; shows what is sent; turns it on and off"


class SideWindows(QObject):
    """Opens the windows, brings an open one to the front, and adds their actions."""

    def __init__(
        self, window: QMainWindow, context: Context, preferences: Preferences, stage: Stage, docks: Docks
    ) -> None:
        super().__init__(window)
        self._window, self._context, self._preferences = window, context, preferences
        self._stage, self._docks = stage, docks
        self._open: dict[str, QDialog] = {}
        self.tour: Tour | None = None
        for action in self._actions():
            context.actions.add(action)

    def show_help(self, page: str = "") -> HelpWindow:
        """Opens the help at a page, or at the one for whatever has the focus."""
        page = page or page_for(QApplication.focusWidget() or self._stage.currentWidget())
        shown = self._show("help", lambda: HelpWindow(self._context.theme, self._window))
        assert isinstance(shown, HelpWindow)
        shown.open_page(page)
        return shown

    def show_settings(self) -> QDialog:
        """Opens the settings."""
        return self._show("settings", lambda: SettingsWindow(self._preferences, self._context.theme, self._window))

    def show_shortcuts(self) -> QDialog:
        """Opens the shortcuts editor."""
        return self._show(
            "shortcuts",
            lambda: ShortcutsWindow(self._context.actions, self._preferences, self._context.theme, self._window),
        )

    def show_plugins(self) -> PluginsWindow:
        """Opens the plugins window."""
        shown = self._show("plugins", lambda: PluginsWindow(self._context, self._preferences, self._window))
        assert isinstance(shown, PluginsWindow)
        return shown

    def show_models(self) -> QDialog:
        """Opens the language models."""
        return self._show("models", lambda: ModelsWindow(self._context, self._preferences, self._window))

    def closing(self) -> None:
        """Ends what the windows are doing, before the program ends."""
        for shown in self._open.values():
            if isinstance(shown, PluginsWindow | ModelsWindow):
                shown.closing()

    def show_about(self) -> QDialog:
        """Opens what this is."""
        return self._show("about", lambda: AboutWindow(self._context.theme, self._window))

    def start_tour(self) -> None:
        """Starts the tour over the window."""
        if self.tour is None:
            steps = tour_steps(self._window, self._stage, self._docks)
            self.tour = Tour(self._context.theme, steps, self._tour_ended, self._window)
            self.tour.start()

    def _tour_ended(self) -> None:
        self.tour = None
        if TOUR not in self._preferences.value.dismissed:
            self._preferences.dismiss(TOUR)

    def _show(self, name: str, make: Callable[[], QDialog]) -> QDialog:
        if name not in self._open:
            self._open[name] = make()
        shown = self._open[name]
        shown.show()
        shown.raise_()
        shown.activateWindow()
        return shown

    def _actions(self) -> tuple[Action, ...]:
        return (
            Action(
                "edit.settings",
                "Settings…",
                self.show_settings,
                menu="Edit",
                shortcut="Ctrl+,",
                icon="settings",
                group="end",
                help="Colours, text size, limits of new projects",
            ),
            Action(
                "edit.models", "Language models…", self.show_models, "Edit", icon="words", group="end", help=_MODELS
            ),
            Action(
                "edit.shortcuts",
                "Keyboard shortcuts…",
                self.show_shortcuts,
                menu="Edit",
                icon="keyboard",
                group="end",
                help="Shows and changes the keys of every action",
            ),
            Action(
                "plugins.show",
                "Plugins…",
                self.show_plugins,
                menu="Plugins",
                icon="plugin",
                help="Shows what is installed; installs, removes, checks, switches on and off",
            ),
            Action(
                "help.page",
                "Help",
                self.show_help,
                menu="Help",
                shortcut="F1",
                icon="help",
                group="pages",
                help="Opens the page for whatever has the focus",
            ),
            Action(
                "help.language", "Modelling language", lambda: self.show_help("language"), menu="Help", group="pages"
            ),
            Action("help.glossary", "Glossary", lambda: self.show_help("glossary"), menu="Help", group="pages"),
            Action(
                "help.tour",
                "Two-minute tour",
                self.start_tour,
                menu="Help",
                group="pages",
                help="Shows the parts of the window, one after the other",
            ),
            Action("help.first", "First steps", lambda: self.show_help(FIRST_PAGE), menu="Help", group="pages"),
            Action("help.about", "About Solvitur", self.show_about, menu="Help", icon="info", group="end"),
        )
