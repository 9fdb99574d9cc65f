"""Keeps every test away from the user's own settings, caches and state."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def private_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Points the settings, data and state folders into the test's own folder and returns their parent."""
    home = tmp_path / "home"
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"SOLVITUR_{name}_DIR", str(home / name.lower()))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return home
