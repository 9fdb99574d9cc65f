"""The home of one user, as tests of installing use it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from solvitur.engine.folders import Folders
from solvitur.engine.installed import load_plugins
from solvitur.engine.plugins.installing import Done, Installer
from solvitur.hooks.loading import PluginEntry


@dataclass
class Home:
    """The folders of one user, and what the installer said."""

    folders: Folders
    cancel: threading.Event = field(default_factory=threading.Event)
    told: list[str] = field(default_factory=list)

    @property
    def installer(self) -> Installer:
        """A new installer."""
        return Installer(self.folders, self.cancel, self.told.append)

    def install(self, asked: object) -> Done:
        """Plans and carries out."""
        installer = self.installer
        return installer.carry_out(installer.plan_install(str(asked)))

    def remove(self, name: str) -> Done:
        """Plans and carries out."""
        installer = self.installer
        return installer.carry_out(installer.plan_remove(name))

    def strangers(self) -> dict[str, PluginEntry]:
        """Loads the plugins anew and returns those of others."""
        return {entry.name: entry for entry in load_plugins(self.folders).entries if not entry.ours}

    def versions(self) -> dict[str, str]:
        """What is in use, by the manifest."""
        return {package.name: package.version for package in self.installer.overlay.manifest.packages}

    def leftovers(self) -> list[str]:
        """What lies about beside the set in use."""
        overlay = self.installer.overlay
        kept = {overlay.folder.name, "current", "wheels", "leases"}
        return sorted(path.name for path in overlay.root.glob("*") if path.name not in kept)
