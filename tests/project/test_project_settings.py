"""Settings: read, kept, and never a reason not to start."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from solvitur.engine.folders import Folders
from solvitur.engine.settings import RECENT_FILES, Settings, SettingsFile
from solvitur.problem.errors import InputError


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "config" / "settings.json")


def test_settings_come_back_equal(file: SettingsFile) -> None:
    changed = Settings(theme="dark", shortcuts={"solve": "F6"}, window_layout={"main": "AAEC"}).with_recent(
        Path("/a b")
    )
    file.write(changed)
    assert file.read() == (changed, ())


def test_without_a_file_the_usual_settings_hold(file: SettingsFile) -> None:
    assert file.read() == (Settings(), ())


def test_keys_of_a_newer_version_are_kept(file: SettingsFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text(json.dumps({"theme": "light", "hologram": {"depth": 3}}))
    file.change(lambda settings: replace(settings, theme="dark"))
    assert json.loads(file.path.read_text())["hologram"] == {"depth": 3}
    assert file.read()[0].theme == "dark"


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe\x00", b"", b"[" * 100_000])
def test_a_broken_file_is_set_aside_with_a_notice(file: SettingsFile, content: bytes) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    settings, (notice,) = file.read()
    assert settings == Settings()
    assert "the old file is" in notice.text
    (aside,) = file.path.parent.iterdir()
    assert aside.read_bytes() == content


def test_a_broken_value_costs_only_itself(file: SettingsFile) -> None:
    file.path.parent.mkdir()
    stored = {"theme": "pink", "threads": "many", "recent_files": 7, "shortcuts": {"a": 1}, "seed": 5}
    file.path.write_text(json.dumps(stored))
    settings, notices = file.read()
    assert settings == Settings(seed=5)
    assert len(notices) == 4
    assert any("one of system, light, dark" in notice.text for notice in notices)


def test_recent_files_are_few_and_the_newest_comes_first() -> None:
    settings = Settings()
    for number in range(20):
        settings = settings.with_recent(Path(f"/{number}"))
    settings = settings.with_recent(Path("/15"))
    assert settings.recent_files[:2] == ("/15", "/19")
    assert len(set(settings.recent_files)) == RECENT_FILES
    assert "/15" not in settings.without_recent(Path("/15")).recent_files


def test_a_folder_that_cannot_be_written_gives_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file is in the way")
    with pytest.raises(InputError, match="settings could not be saved"):
        SettingsFile(tmp_path / "config" / "settings.json").write(Settings())


def test_folders_follow_the_environment_and_else_the_system(tmp_path: Path) -> None:
    given = {"SOLVITUR_CONFIG_DIR": str(tmp_path / "c"), "SOLVITUR_STATE_DIR": str(tmp_path / "s")}
    folders = Folders.of_user(given)
    assert folders.settings_file == tmp_path / "c" / "settings.json"
    assert folders.recovery == tmp_path / "s" / "recovery"
    assert "solvitur" in str(folders.data)
