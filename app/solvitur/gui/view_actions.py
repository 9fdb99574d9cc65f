"""The actions on places, colours, sizes and the layout, and those that find other actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from solvitur.gui.actions import Action, ActionTable
from solvitur.gui.docks import Docks
from solvitur.gui.palette import Palette
from solvitur.gui.places import PLACES, Part
from solvitur.gui.preferences import Preferences
from solvitur.gui.stage import WELCOME, Stage

_ZOOM_STEP, _ZOOM_LEAST, _ZOOM_MOST = 10, 70, 200


def add_place_actions(table: ActionTable, places: Sequence[Part], stage: Stage) -> None:
    """Adds one action for each place, Ctrl+1 to Ctrl+4, and one for the welcome page."""
    numbers = {part.id: at for at, part in enumerate(PLACES, start=1)}
    for part in places:
        table.add(
            Action(
                f"place.{part.id}",
                part.title,
                partial(stage.turn_to, part.id),
                menu="View",
                shortcut=f"Ctrl+{numbers[part.id]}",
                icon=part.icon,
                group="places",
                checked=partial(_is_current, stage, part.id),
                help=f"Goes to {part.title}",
            )
        )
    table.add(
        Action(
            "file.welcome",
            "Welcome page",
            partial(stage.turn_to, WELCOME),
            menu="File",
            icon="home",
            group="open",
            help="Shows the examples and the recent files",
        )
    )


def add_view_actions(table: ActionTable, preferences: Preferences, docks: Docks, palette: Palette) -> None:
    """Adds colours, zoom, the parts of the window and the command palette."""
    _add_colours(table, preferences)
    _add_zoom(table, preferences)
    _add_parts(table, docks)
    table.add(
        Action(
            "help.palette",
            "Search actions…",
            palette.open,
            menu="Help",
            shortcut="Ctrl+K; Ctrl+Shift+P",
            icon="search",
            group="find",
            help="Finds any action by a few letters of its name",
        )
    )


def _add_colours(table: ActionTable, preferences: Preferences) -> None:
    titles = {"system": "Colours as the system", "light": "Light colours", "dark": "Dark colours"}
    icons = {"system": "layout", "light": "sun", "dark": "moon"}
    for mode, title in titles.items():
        table.add(
            Action(
                f"view.theme_{mode}",
                title,
                partial(_set_theme, preferences, mode),
                menu="View",
                icon=icons[mode],
                group="colours",
                checked=partial(_has_theme, preferences, mode),
            )
        )


def _add_zoom(table: ActionTable, preferences: Preferences) -> None:
    for name, title, step, shortcut in (
        ("in", "Larger text", _ZOOM_STEP, "Ctrl++"),
        ("out", "Smaller text", -_ZOOM_STEP, "Ctrl+-"),
        ("reset", "Usual text size", 0, "Ctrl+0"),
    ):
        table.add(
            Action(
                f"view.zoom_{name}",
                title,
                partial(_zoom, preferences, step),
                menu="View",
                shortcut=shortcut,
                group="zoom",
                help="Zooms text and icons",
            )
        )


def _add_parts(table: ActionTable, docks: Docks) -> None:
    table.add(
        Action(
            "view.reset_layout",
            "Reset layout",
            docks.reset,
            menu="View",
            icon="layout",
            group="docks",
            help="Puts all panels back where they stood at the first start",
        )
    )
    for name, title, shortcut in (
        ("next", "Next part of the window", "F6"),
        ("previous", "Previous part of the window", "Shift+F6"),
    ):
        step = 1 if name == "next" else -1
        table.add(
            Action(
                f"view.{name}_part",
                title,
                partial(docks.focus_next, step),
                menu="View",
                shortcut=shortcut,
                group="parts",
            )
        )


def _is_current(stage: Stage, page: str) -> bool:
    return stage.current == page


def _has_theme(preferences: Preferences, mode: str) -> bool:
    return preferences.value.theme == mode


def _set_theme(preferences: Preferences, mode: str) -> None:
    preferences.change(lambda s: replace(s, theme=mode))


def _zoom(preferences: Preferences, step: int) -> None:
    def zoomed(percent: int) -> int:
        return min(max(percent + step, _ZOOM_LEAST), _ZOOM_MOST) if step else 100

    preferences.change(lambda s: replace(s, zoom_percent=zoomed(s.zoom_percent)))
