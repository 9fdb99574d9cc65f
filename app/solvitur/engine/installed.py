"""The plugins of this user: which folders they come from, and which are switched off."""

from __future__ import annotations

from pathlib import Path

from solvitur.engine.folders import Folders
from solvitur.engine.settings import SettingsFile
from solvitur.hooks.loading import Plugins
from solvitur.hooks.markers import CrashMarkers


def overlay_folder(folders: Folders) -> Path:
    """Returns the folder that third-party plugins are installed into."""
    return folders.data / "plugins"


def crash_markers(folders: Folders) -> CrashMarkers:
    """Returns the notes of plugins that crashed a start."""
    return CrashMarkers(folders.state / "plugins")


def load_plugins(folders: Folders, *, safe: bool = False) -> Plugins:
    """Loads the plugins of this user but those switched off in the settings, with crash markers kept meanwhile."""
    return Plugins.load(
        safe=safe,
        overlay=overlay_folder(folders),
        disabled=frozenset(SettingsFile(folders.settings_file).read()[0].disabled_plugins),
        markers=crash_markers(folders),
    )
