"""Work on plugins off the window's thread: one thing at a time, told as it goes, stopped at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from solvitur.engine.folders import Folders
from solvitur.engine.installed import load_plugins, overlay_folder
from solvitur.engine.plugins.installing import Done, Installer
from solvitur.engine.plugins.plans import Plan
from solvitur.engine.plugins.trial import try_plugin
from solvitur.gui.tasks import Tasks
from solvitur.hooks.loading import Plugins

_T = TypeVar("_T")


class PluginWork(QObject):
    """Plans, changes, tries and loads plugins; the answers come back on the window's thread."""

    planned = Signal(object)
    """A `Plan`; nothing was changed yet."""
    changed = Signal(object, object)
    """The `Plan` that was carried out, and `Done`."""
    tried = Signal(object)
    """A `Trial`."""
    loaded = Signal(object)
    """Newly loaded `Plugins`, for the session to take."""
    failed = Signal(object)
    """The `SolviturError` that ended it."""
    told = Signal(str)
    """What is being done, in a few words."""
    busy = Signal(bool)

    def __init__(self, folders: Folders, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self._tasks = Tasks(self)
        self._tasks.busy.connect(lambda title: self.busy.emit(bool(title)))
        self._cancel = threading.Event()

    @property
    def at_work(self) -> bool:
        """Whether something is being done."""
        return not self._tasks.idle

    def plan_install(self, asked: str) -> None:
        """Works out what an install would change."""
        installer = self._installer()
        self._run(lambda: installer.plan_install(asked), self.planned.emit)

    def plan_remove(self, name: str) -> None:
        """Works out what a removal would change."""
        installer = self._installer()
        self._run(lambda: installer.plan_remove(name), self.planned.emit)

    def carry_out(self, plan: Plan, safe: bool) -> None:
        """Makes a change and loads the plugins anew."""
        installer = self._installer()

        def work() -> tuple[Done, Plugins]:
            done = installer.carry_out(plan)
            return done, load_plugins(self._folders, safe=safe)

        def end(made: tuple[Done, Plugins]) -> None:
            self.loaded.emit(made[1])
            self.changed.emit(plan, made[0])

        self._run(work, end)

    def drop(self, plan: Plan) -> None:
        """Drops a plan, with what was fetched for it."""
        self._installer().drop(plan)

    def check(self, name: str) -> None:
        """Tries an installed plugin."""
        cancel = self._fresh()
        self._run(lambda: try_plugin(name, overlay_folder(self._folders), cancel, self.told.emit), self.tried.emit)

    def reload(self, safe: bool) -> None:
        """Loads the plugins anew, after one was switched on or off."""
        self._run(lambda: load_plugins(self._folders, safe=safe), self.loaded.emit)

    def stop(self) -> None:
        """Stops what is being done; nothing is changed by it then."""
        self._cancel.set()

    def close(self) -> None:
        """Stops what is being done and waits for its end."""
        self._cancel.set()
        self._tasks.close()

    def _installer(self) -> Installer:
        return Installer(self._folders, self._fresh(), self.told.emit)

    def _fresh(self) -> threading.Event:
        self._cancel = threading.Event()
        return self._cancel

    def _run(self, work: Callable[[], _T], done: Callable[[_T], None]) -> None:
        self._tasks.run("plugins", work, done, self.failed.emit)
