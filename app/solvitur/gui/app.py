"""The start of the window: what must be there before the first paint, and what may wait."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from solvitur import __version__
from solvitur.engine.folders import Folders
from solvitur.engine.installed import load_plugins
from solvitur.engine.session import Session
from solvitur.engine.settings import SettingsFile
from solvitur.gui.crash import Crashes
from solvitur.gui.main_window import MainWindow
from solvitur.gui.preferences import Preferences
from solvitur.gui.theme import Theme
from solvitur.hooks.loading import Plugins


def run_window(argv: Sequence[str] = (), safe: bool = False) -> int:
    """Opens the window, with the file named in ``argv`` if there is one, and returns the exit code when it closes.

    ``safe`` starts without the plugins of others.
    """
    app = QApplication([sys.argv[0], *argv])
    window = make_window(app, Plugins())
    crashes = Crashes(window)
    crashes.met.connect(window.show_crash)
    window.restore_layout()
    window.show()
    path = next((Path(text) for text in argv if not text.startswith("-")), None)

    def start() -> None:
        session = window.context.session
        session.use_plugins(load_plugins(session.folders, safe=safe))
        window.start(path)

    QTimer.singleShot(0, start)  # plugins are loaded once the window is painted
    try:
        return app.exec()
    finally:
        crashes.close()


def make_window(app: QApplication, plugins: Plugins | None = None) -> MainWindow:
    """Builds the window around a new session with the given plugins, or all that are installed; not shown yet."""
    app.setApplicationName("Solvitur")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("solvitur")
    folders = Folders.of_user()
    file = SettingsFile(folders.settings_file)
    session = Session(load_plugins(folders) if plugins is None else plugins, folders)
    preferences = Preferences(file, session.events.emit, app)
    session.use_settings(preferences.value)
    preferences.changed.connect(session.use_settings)
    theme = Theme(app, preferences.value.theme, preferences.value.zoom_percent / 100)
    app.setWindowIcon(_window_icon())
    return MainWindow(session, theme, preferences)


def _window_icon() -> QIcon:
    picture = QPixmap()
    picture.loadFromData(QByteArray(files("solvitur_resources").joinpath("icons", "solvitur.svg").read_bytes()))
    return QIcon(picture)
