"""A home of its own for every test of installing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from installing_home import Home

from solvitur.engine.folders import Folders


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A user who has installed nothing yet; the search path is as before after the test."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield Home(Folders.of_user())
    for name in set(sys.modules) - before:
        if name.startswith("strange_"):
            del sys.modules[name]
