"""The bridge: session events from any thread become one queued Qt signal on the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from solvitur.engine.events import Event, Outlet


class Bridge(QObject):
    """Carries every event of the session; connect to ``happened`` from any widget."""

    happened = Signal(object)
    _arrived = Signal(object)

    def __init__(self, outlet: Outlet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self.happened, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = outlet.subscribe(self._receive)

    def _receive(self, event: Event) -> None:
        self._arrived.emit(event)

    def close(self) -> None:
        """Stops listening to the session."""
        self._unsubscribe()
