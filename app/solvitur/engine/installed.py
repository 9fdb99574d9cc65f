"""The plugins of this user: which folders they come from, and which are switched off."""

from __future__ import annotations

import json
from pathlib import Path

from solvitur.engine.folders import Folders
from solvitur.hooks.loading import Plugins
from solvitur.hooks.markers import CrashMarkers


def overlay_folder(folders: Folders) -> Path:
    """Returns the folder that third-party plugins are installed into."""
    return folders.data / "plugins"


def crash_markers(folders: Folders) -> CrashMarkers:
    """Returns the notes of plugins that crashed a start."""
    return CrashMarkers(folders.state / "plugins")


def disabled_plugins(folders: Folders) -> frozenset[str]:
    """Reads the names of plugins that the user switched off; a damaged file switches none off."""
    try:
        kept = json.loads((folders.config / "plugins.json").read_text(encoding="utf-8"))
        return frozenset(str(name) for name in kept["disabled"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def load_plugins(folders: Folders, *, safe: bool = False) -> Plugins:
    """Loads the plugins of this user, with crash markers kept meanwhile."""
    return Plugins.load(
        safe=safe,
        overlay=overlay_folder(folders),
        disabled=disabled_plugins(folders),
        markers=crash_markers(folders),
    )
