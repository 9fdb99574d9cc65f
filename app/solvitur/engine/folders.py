"""Folders: where settings, data and recovery copies live on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APPLICATION = "solvitur"


@dataclass(frozen=True)
class Folders:
    """The per-user folders: settings, data (plugins, caches) and state (working copies of open projects)."""

    config: Path
    data: Path
    state: Path

    @classmethod
    def of_user(cls, environment: Mapping[str, str] | None = None) -> Folders:
        """Finds the user's folders: ``SOLVITUR_CONFIG_DIR``, ``_DATA_DIR``, ``_STATE_DIR``, else the system's own."""
        given = os.environ if environment is None else environment

        def folder(name: str, usual: str) -> Path:
            return Path(given.get(f"SOLVITUR_{name}_DIR") or usual).expanduser().absolute()

        return cls(
            config=folder("CONFIG", platformdirs.user_config_dir(APPLICATION, appauthor=False)),
            data=folder("DATA", platformdirs.user_data_dir(APPLICATION, appauthor=False)),
            state=folder("STATE", platformdirs.user_state_dir(APPLICATION, appauthor=False)),
        )

    @property
    def settings_file(self) -> Path:
        """The settings file."""
        return self.config / "settings.json"

    @property
    def recovery(self) -> Path:
        """The folder of working copies, one sub-folder per open project."""
        return self.state / "recovery"
