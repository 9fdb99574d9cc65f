"""Opens the real window, as a person would find it, over the test's own folders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from person import Person
from pytestqt.qtbot import QtBot


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    """Somebody in front of a fresh window."""
    made = Person(qtbot)
    yield made
    made.leave()
