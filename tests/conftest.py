"""Keeps every test away from the user's own settings, caches and state."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # the application is made before any fixture of a test


@pytest.fixture(autouse=True)
def private_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Points the settings, data and state folders into the test's own folder and returns their parent."""
    home = tmp_path / "home"
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"SOLVITUR_{name}_DIR", str(home / name.lower()))
    return home
