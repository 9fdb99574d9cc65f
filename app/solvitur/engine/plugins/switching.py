"""Switching plugins on and off, in the user's settings."""

from __future__ import annotations

from dataclasses import replace

from solvitur.engine.folders import Folders
from solvitur.engine.installed import crash_markers
from solvitur.engine.settings import Settings, SettingsFile


def switched(settings: Settings, name: str, *, on: bool) -> Settings:
    """Returns the settings with a plugin switched on or off."""
    others = tuple(other for other in settings.disabled_plugins if other != name)
    return replace(settings, disabled_plugins=others if on else (*others, name))


def switch(folders: Folders, name: str, *, on: bool) -> None:
    """Switches a plugin on or off for all starts to come; on, it is also tried again after it crashed one.

    Raises
    ------
    InputError
        If the settings cannot be written.
    """
    file = SettingsFile(folders.settings_file)
    if (name in file.read()[0].disabled_plugins) == on:
        file.change(lambda settings: switched(settings, name, on=on))
    if on:
        crash_markers(folders).forgive(name)
