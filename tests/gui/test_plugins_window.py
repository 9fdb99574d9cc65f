"""The plugins window: a plugin is installed, used, switched, checked and removed without leaving the window."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from solvitur.gui.main_window import MainWindow
from solvitur.gui.plugins_window.window import PluginsWindow
from solvitur.gui.solve.panel import solver_words
from solvitur.problem.document import Choice
from solvitur.problem.edits import SetFields
from wheel_writing import write_wheel

LONG_MS = 60_000


@pytest.fixture
def shown(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginsWindow]:
    """The plugins window of a user who has installed nothing yet."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    window.context.actions.trigger("plugins.show")
    found = window.findChild(PluginsWindow)
    assert isinstance(found, PluginsWindow)
    yield found
    window.windows.closing()


def rest(shown: PluginsWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not shown.work.at_work, timeout=LONG_MS)


def test_every_plugin_is_listed_with_its_state_in_words(shown: PluginsWindow) -> None:
    assert {"highs", "ortools", "models", "files", "pictures", "examples"} <= set(shown.list.names)
    shown.list.search.setText("mathopt")
    assert shown.list.names == ("ortools",)
    assert shown.details.state.text() == "In use"
    assert "ships with Solvitur" in shown.details.origin.text()
    assert shown.details.remove_button.isHidden()


def test_all_that_does_something_has_a_name(shown: PluginsWindow) -> None:
    for kind in (QAbstractButton, QLineEdit):
        for widget in shown.findChildren(kind):
            if not widget.objectName().startswith("qt_") and not widget.isHidden():
                assert widget.objectName() and widget.accessibleName(), widget


def test_a_plugin_comes_is_used_and_goes(
    shown: PluginsWindow, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session = window.context.session
    shown.install(str(write_wheel(tmp_path, "windowed")))
    qtbot.waitUntil(lambda: shown.plan is not None, timeout=LONG_MS)
    assert shown.change.title.text() == "Install windowed?"
    assert session.plugins.entry("windowed") is None
    shown.change.agree.click()
    rest(shown, qtbot)
    assert shown.change.title.text() == "Installed: windowed"
    assert session.plugins.solver("windowed-solver") is not None
    qtbot.waitUntil(lambda: shown.list.names[0] == "windowed")
    shown.change.close_button.click()
    session.apply(SetFields("Choose the solver", {"choice": Choice("windowed-solver")}))
    shown.details.check_button.click()
    rest(shown, qtbot)
    assert "passed" in "".join(label.text() for label in shown.details.findChildren(type(shown.details.title)))
    shown.details.switch_button.click()
    rest(shown, qtbot)
    qtbot.waitUntil(lambda: shown.details.state.text() == "Switched off")
    shown.details.switch_button.click()
    rest(shown, qtbot)
    qtbot.waitUntil(lambda: shown.details.state.text() == "In use")
    shown.details.remove_button.click()
    qtbot.waitUntil(lambda: shown.plan is not None, timeout=LONG_MS)
    assert session.plugins.entry("windowed") is not None
    shown.change.agree.click()
    rest(shown, qtbot)
    assert session.plugins.entry("windowed") is None
    assert shown.change.title.text() == "Removed: windowed"
    assert session.problem.choice.solver == "windowed-solver"


def test_a_dropped_wheel_shows_its_plan_and_cancel_changes_nothing(
    shown: PluginsWindow, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(write_wheel(tmp_path, "dropped")))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    shown.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
    qtbot.waitUntil(lambda: shown.plan is not None, timeout=LONG_MS)
    shown.change.drop_button.click()
    assert shown.pages.currentWidget() is shown.details
    assert window.context.session.plugins.entry("dropped") is None
    assert not list((window.context.session.folders.data / "plugins").glob("staging-*"))


def test_a_refusal_is_told_with_its_reason(shown: PluginsWindow, qtbot: QtBot) -> None:
    shown.field.setText("numpy")
    shown.buttons[-1].click()
    qtbot.waitUntil(lambda: shown.change.title.text() == "Nothing was changed", timeout=LONG_MS)
    assert "one of Solvitur's own packages" in shown.change.text.text()


def test_a_solver_that_is_not_there_is_said_in_the_panel() -> None:
    text, why, able = solver_words("windowed-solver", (), None)
    assert text == "windowed-solver: not installed"
    assert "Choose another solver" in why
    assert not able
