"""Preferences: the user's settings as the window uses them, with a signal when they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QByteArray, QObject, Signal

from solvitur.engine.events import Event, Notice
from solvitur.engine.settings import Settings, SettingsFile
from solvitur.problem.errors import InputError


class Preferences(QObject):
    """Holds the settings of this window; a change is written at once and told through ``changed``."""

    changed = Signal(object)

    def __init__(self, file: SettingsFile, emit: Callable[[Event], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file, self._emit = file, emit
        self.value, self.notices = file.read()

    def change(self, change: Callable[[Settings], Settings]) -> None:
        """Changes the settings; when they cannot be written they hold until the window closes."""
        before = self.value
        try:
            self.value = self._file.change(change)
        except InputError as error:
            self.value = change(self.value)
            self._emit(Notice(str(error), "warning"))
        if self.value != before:
            self.changed.emit(self.value)

    def layout(self, name: str) -> bytes:
        """Returns what was remembered of the window's layout under a name; empty when nothing was."""
        return bytes(QByteArray.fromBase64(self.value.window_layout.get(name, "").encode("ascii", "replace")).data())

    def remember_layout(self, parts: dict[str, bytes]) -> None:
        """Remembers parts of the window's layout."""
        texts = {name: bytes(QByteArray(part).toBase64().data()).decode("ascii") for name, part in parts.items()}
        self.change(lambda s: replace(s, window_layout={**s.window_layout, **texts}))

    def dismiss(self, name: str) -> None:
        """Notes that a hint or tour need not be shown again."""
        self.change(lambda s: replace(s, dismissed=tuple(dict.fromkeys((*s.dismissed, name)))))
