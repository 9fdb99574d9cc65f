"""A person in front of the window: opens it, types, clicks, and waits for what should happen."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from solvitur.engine.events import Done
from solvitur.engine.session import Session
from solvitur.gui.app import make_window
from solvitur.gui.main_window import MainWindow
from solvitur.problem.runs import Run

W = TypeVar("W", bound=QWidget)


class Person:
    """Drives one window at a time through its widgets and keys."""

    def __init__(self, bot: QtBot) -> None:
        self._bot = bot
        self.window: MainWindow = self._open()

    @property
    def session(self) -> Session:
        """The session behind the window, to compare with what is shown."""
        return self.window.context.session

    def _open(self) -> MainWindow:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        window = make_window(application)
        window.restore_layout()
        window.resize(1360, 850)
        window.show()
        self._bot.waitExposed(window)
        window.start()
        return window

    def find(self, kind: type[W], name: str) -> W:
        """Waits for a widget of that object name and returns it."""
        self._bot.waitUntil(lambda: self.window.findChild(kind, name) is not None, timeout=10_000)
        found = self.window.findChild(kind, name)
        assert found is not None
        return found

    def does(self, action: str) -> None:
        """Uses an action as a menu, a shortcut or the palette would; it must be enabled."""
        self.until(lambda: self.window.context.actions.qaction(action).isEnabled(), f"'{action}' is enabled")
        assert self.window.context.actions.trigger(action), f"'{action}' is not enabled"

    def clicks(self, name: str) -> None:
        """Clicks a button once it can be clicked."""
        button = self.find(QAbstractButton, name)
        self.until(lambda: button.isVisible() and button.isEnabled(), f"'{name}' can be clicked")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def writes(self, name: str, text: str) -> None:
        """Puts text into an editor through its own paste, as Ctrl+V does, so that it is one edit of the person."""
        editor = self.find(QPlainTextEdit, name)
        editor.setFocus()
        QApplication.clipboard().setText(text)
        editor.selectAll()
        editor.paste()

    def until(self, true: object, what: str, seconds: float = 20) -> None:
        """Waits until a callable is true; ``what`` names it in the failure."""
        assert callable(true)
        try:
            self._bot.waitUntil(true, timeout=int(seconds * 1000))
        except Exception as error:
            raise AssertionError(f"it never came that {what}") from error

    def solves(self) -> Run:
        """Presses F5's action and waits for the run."""
        ended: list[Run] = []
        happened = self.window.context.bridge.happened

        def hear(event: object) -> None:
            if isinstance(event, Done):
                ended.append(event.run)

        happened.connect(hear)
        self.does("solve.run")
        self.until(lambda: bool(ended), "the run ended", 60)
        happened.disconnect(hear)
        self._bot.wait(50)
        return ended[0]

    def saves_as(self, path: Path) -> None:
        """Saves the project under a name, as the file dialog's answer does."""
        self.session.save(path)
        self.until(lambda: not self.session.modified, "the project is saved")

    def opens(self, path: Path) -> None:
        """Opens a project as a drop onto the window does."""
        self.window.documents.open_path(path)
        self.until(lambda: self.session.path == path, f"{path.name} is open")

    def brings(self, path: Path) -> None:
        """Drops a data file onto the window and takes the matching that is proposed."""
        self.window.documents.open_path(path)
        name = self.find(QLineEdit, "import-name")
        self.until(lambda: name.isVisible() and name.text() == path.stem, f"{path.name} is offered")
        self.clicks("import-accept")
        self.until(lambda: self.session.problem.table(path.stem) is not None, f"{path.name} is a table")

    def starts_anew(self) -> None:
        """Closes the window and opens another."""
        self.leave()
        self.window = self._open()

    def leave(self) -> None:
        """Closes the window without saving."""
        self.window.leave_now()
        self.window.deleteLater()
        self._bot.wait(0)
