"""Servers for the tests of language models; the environment holds no keys but those a test plants."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_worlds import Server

from solvitur.engine.workers import Workers
from solvitur.hooks.loading import Plugins

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "words"))


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes keys and addresses of real servers out of the environment, and keeps off the user's own key ring."""
    monkeypatch.setattr("keyring.backend.get_all_keyring", list)
    for name in list(os.environ):
        if name.startswith("OPENAI_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that answers as the test says."""
    made = Server()
    yield made
    made.close()


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    """All plugins that ship with us."""
    return Plugins.load(safe=True)


@pytest.fixture
def workers() -> Iterator[Workers]:
    """A pool without a spare worker."""
    pool = Workers(spare=False)
    yield pool
    pool.shutdown()
