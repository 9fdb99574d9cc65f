"""Sessions and folders for the tests of the project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from project_worlds import plugins

from solvitur.engine.folders import Folders
from solvitur.engine.session import Session


@pytest.fixture
def folders(private_folders: Path) -> Folders:
    """The test's own folders."""
    return Folders.of_user()


@pytest.fixture
def make_session(folders: Folders) -> Iterator[Callable[[], Session]]:
    """Makes sessions that are closed at the end of the test."""
    made: list[Session] = []

    def make() -> Session:
        made.append(Session(plugins(), folders))
        return made[-1]

    yield make
    for session in made:
        session.close(discard=True)


@pytest.fixture
def session(make_session: Callable[[], Session]) -> Session:
    """A session with an empty project."""
    return make_session()
