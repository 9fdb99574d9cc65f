"""Makes the real window, offscreen, for the tests of this room."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from understand_world import World

from solvitur.engine.folders import Folders
from solvitur.engine.installed import load_plugins
from solvitur.engine.session import Session
from solvitur.engine.settings import SettingsFile
from solvitur.gui.main_window import MainWindow
from solvitur.gui.plan.place import PlanPlace
from solvitur.gui.preferences import Preferences
from solvitur.gui.theme import Theme
from solvitur.gui.understand.place import UnderstandPlace
from solvitur.hooks.loading import Plugins
from solvitur.problem.document import Formulation, Problem

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # the application is made before any fixture of a test

SMALL_MODEL = """var x in 0..4
maximize total: 3 * x
"""

MakeWindow = Callable[[], MainWindow]


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Plugins:
    """Loads the plugins that ship with us, once."""
    home = tmp_path_factory.mktemp("plugins")
    return load_plugins(Folders(home / "config", home / "data", home / "state"))


@pytest.fixture
def make_window(qtbot: QtBot, plugins: Plugins) -> Iterator[MakeWindow]:
    """Hands out a maker of windows over the test's own folders; all are closed without saving at the end."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        folders = Folders.of_user()
        session = Session(plugins, folders)
        preferences = Preferences(SettingsFile(folders.settings_file), session.events.emit)
        theme = Theme(application, preferences.value.theme, preferences.value.zoom_percent / 100)
        window = MainWindow(session, theme, preferences)
        preferences.setParent(window)
        made.append(window)
        window.restore_layout()
        window.show()
        return window

    yield make
    for window in made:
        window.leave_now()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # a window that stays slows every later one
    gc.enable()  # a window that a test let crash could not give the search for cycles back
    gc.unfreeze()


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """One window on the welcome page."""
    return make_window()


@pytest.fixture
def plan(window: MainWindow, qtbot: QtBot) -> PlanPlace:
    """Shows the Plan place of a project that has a small model."""
    window.context.session.new(Problem("small", "", Formulation("algebraic", SMALL_MODEL)))
    place = window.stage.turn_to("plan")
    assert isinstance(place, PlanPlace)
    qtbot.waitExposed(window)
    qtbot.wait(20)
    return place


@pytest.fixture
def world(window: MainWindow, qtbot: QtBot) -> World:
    """Shows the Understand place of the window."""
    place = window.stage.turn_to("understand")
    assert isinstance(place, UnderstandPlace)
    qtbot.waitExposed(window)
    place.show_view("model")
    return World(window, place, qtbot)
