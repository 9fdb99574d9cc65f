"""The plugins of this user: which folders they come from, and which are switched off."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from solvitur.engine.folders import Folders
from solvitur.engine.plugins.overlay import Overlay
from solvitur.engine.settings import SettingsFile
from solvitur.hooks.loading import OUR_DISTRIBUTION, Plugins
from solvitur.hooks.markers import CrashMarkers
from solvitur.hooks.specs import GROUP


def overlay_of(folders: Folders) -> Overlay:
    """Returns where third-party plugins are installed into."""
    return Overlay(folders.data / "plugins")


def overlay_folder(folders: Folders) -> Path:
    """Returns the folder of the third-party packages in use."""
    return overlay_of(folders).folder


def crash_markers(folders: Folders) -> CrashMarkers:
    """Returns the notes of plugins that crashed a start."""
    return CrashMarkers(folders.state / "plugins")


def shipped_plugins() -> frozenset[str]:
    """Returns the names of the plugins that ship with us."""
    found = entry_points(group=GROUP)
    return frozenset(e.name for e in found if e.dist is not None and e.dist.name.lower() == OUR_DISTRIBUTION)


def load_plugins(folders: Folders, *, safe: bool = False) -> Plugins:
    """Loads the plugins of this user but those switched off in the settings, with crash markers kept meanwhile."""
    return Plugins.load(
        safe=safe,
        overlay=overlay_of(folders).lend(),
        disabled=frozenset(SettingsFile(folders.settings_file).read()[0].disabled_plugins),
        markers=crash_markers(folders),
    )
