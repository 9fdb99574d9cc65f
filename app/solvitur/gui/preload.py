"""Loads a heavy module beside the window, so that its first use does not stall the event loop."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 40


class Preload(QObject):
    """Imports one module in a thread of its own."""

    def __init__(self, module: str, parent: QObject) -> None:
        super().__init__(parent)
        self._module = module
        self._done = threading.Event()
        if module in sys.modules:
            self._done.set()
        else:
            threading.Thread(target=self._load, name=f"load {module}", daemon=True).start()

    @property
    def ready(self) -> bool:
        """Whether the module can be imported at once."""
        return self._done.is_set()

    def when_ready(self, call: Callable[[], object]) -> None:
        """Calls on the window's thread as soon as the module is there."""
        if self.ready:
            call()
        else:
            QTimer.singleShot(_LOOK_MS, self, lambda: self.when_ready(call))

    def _load(self) -> None:
        try:
            import_module(self._module)
        finally:
            self._done.set()
