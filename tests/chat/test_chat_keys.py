"""Keys: where they come from, where they go, and that they are nowhere else."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import pytest
from chat_worlds import ASKED, KEY, Server, chats_with, refuse, say

from overlays import small_problem, write_plugin
from solvitur.engine.chats import Allowed
from solvitur.engine.folders import Folders
from solvitur.engine.session import Session
from solvitur.engine.settings import Settings, SettingsFile
from solvitur.engine.solving import Task, run_problem
from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins
from solvitur.problem.edits import ReplaceText
from solvitur.problem.errors import InputError, SolviturError

SPY = """
import json, os, pathlib

def solve(instance, options, job):
    pathlib.Path(os.environ["SPY_FILE"]).write_text(json.dumps([dict(os.environ), sys.argv]))
    answer, objective = best(instance)
    return Result(Status.FEASIBLE, answer, objective)


@hook
def solvers():
    return [solver("spy", solve)]
"""


def test_without_a_key_ring_a_key_is_kept_for_the_session_and_this_is_said(server: Server) -> None:
    chats = chats_with(server)
    assert chats.key_state("openai") == ""
    told = chats.keep_key("openai", KEY)
    assert "for this session only: this system has no key ring" in told and KEY not in told
    assert chats.key_state("openai") == "for this session only"
    chats.ask(ASKED)
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert "forgotten" in chats.forget_key("openai")
    assert chats.key_state("openai") == ""


class Ring:
    """A key ring of the system, or of a package that writes plain files."""

    def __init__(self, module: str, priority: float) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.priority = priority
        type(self).__module__ = module

    def get_password(self, service: str, name: str) -> str | None:
        """Returns what is kept."""
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, key: str) -> None:
        """Keeps."""
        self.kept[service, name] = key

    def delete_password(self, service: str, name: str) -> None:
        """Forgets."""
        del self.kept[service, name]


class PlainRing(Ring):
    """One of a package that writes plain files."""


def test_a_key_is_kept_in_the_systems_key_ring_and_never_in_one_that_writes_plain_files(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, system = PlainRing("keyrings.alt.file", 9.0), Ring("keyring.backends.SecretService", 5.0)
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [plain, system])
    assert "is in the system key ring" in chats_with(server).keep_key("openai", KEY)
    assert list(system.kept.values()) == [KEY] and plain.kept == {}
    later = chats_with(server)
    later.ask(ASKED)
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert later.key_state("openai") == "in the system key ring"
    later.forget_key("openai")
    assert system.kept == {}
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [plain])
    assert "for this session only" in chats_with(server).keep_key("openai", KEY) and plain.kept == {}


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "line\nbreak"])
def test_what_can_be_no_key_is_refused(server: Server, key: str) -> None:
    with pytest.raises(InputError, match="no key"):
        chats_with(server).keep_key("openai", key)


def test_without_a_key_none_is_sent(server: Server) -> None:
    chats_with(server).ask(ASKED)
    assert "authorization" not in server.seen[0].headers


def test_the_key_of_openai_is_not_sent_to_others(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    chats = chats_with(server)
    chats.ask(ASKED)
    assert "authorization" not in server.seen[0].headers
    monkeypatch.setenv("OPENAI_BASE_URL", server.address)  # now it is said to be OpenAI's
    chats.ask(ASKED)
    assert server.seen[1].headers["authorization"] == f"Bearer {KEY}"
    assert chats.key_state("openai") == "in the environment variable OPENAI_API_KEY"


def test_a_key_is_not_sent_in_the_clear_over_the_internet(server: Server) -> None:
    chats = chats_with(server, address="http://models.example.com/v1")
    chats.keep_key("openai", KEY)
    with pytest.raises(SolviturError, match="in the clear"):
        chats.ask(ASKED)


def test_openai_without_a_key_is_told_and_not_asked() -> None:
    server = Server()
    chats = chats_with(server, address="https://api.openai.com/v1", model="any")
    with pytest.raises(InputError, match="needs a key"):
        chats.ask(ASKED)
    server.close()


@pytest.mark.parametrize("address", ["no address", "ftp://host/v1", "http://user:secret@host/v1"])
def test_addresses_that_are_none_are_refused(server: Server, address: str) -> None:
    with pytest.raises(InputError):
        chats_with(server, address=address).ask(ASKED)


def test_a_variable_that_workers_would_see_is_refused(server: Server) -> None:
    with pytest.raises(InputError, match="must end in KEY or TOKEN"):
        chats_with(server, key_variable="MY_PASSWORD").ask(ASKED)


def test_a_planted_key_is_in_no_file_no_log_and_no_worker(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("PLANTED_API_KEY", KEY)
    monkeypatch.setenv("SPY_FILE", str(tmp_path / "seen.json"))
    options = {"address": server.address, "model": "loopback", "key_variable": "PLANTED_API_KEY", "tries": 1}
    settings = Settings(chat_backend="openai", chat_options={"openai": options})
    folders = Folders.of_user()
    SettingsFile(folders.settings_file).write(settings)
    overlay = tmp_path / "overlay"
    monkeypatch.setattr("sys.path", list(sys.path))
    write_plugin(overlay, "spy", SPY)
    plugins = Plugins.load(overlay=overlay)
    session = Session(plugins, folders)
    session.use_settings(settings)
    session.chats.use(allowed=Allowed("openai", {"openai": options}, record=tmp_path / "recorded.jsonl"))
    session.apply(ReplaceText("Type", 0, "", "var x <= 3\nmaximize z: x\n"))
    server.answers = [say("a reply"), refuse(401, f"bad key {KEY}")]
    assert session.chats.ask(ASKED).text == "a reply"
    with pytest.raises(SolviturError) as told:
        session.chats.ask(ASKED)
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}", "it was really sent"
    assert KEY not in session.chats.preview(ASKED) and KEY not in str(told.value)
    session.save(tmp_path / "project.solvitur")
    workers = Workers(spare=False)
    run_problem(plugins, workers, Task(small_problem("spy")))
    workers.shutdown()
    session.close(discard=False)
    seen = (tmp_path / "seen.json").read_text("utf-8")
    assert "SPY_FILE" in seen, "the stranger's plugin ran and saw its environment"
    searched = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(searched) > 3
    assert [str(path) for path in searched if KEY.encode() in path.read_bytes()] == []
    assert KEY not in caplog.text
    assert KEY in os.environ["PLANTED_API_KEY"], "the program's own environment is left alone"
