"""The icon of a run's state, drawn anew only when the state or the theme changes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from solvitur.gui.outcomes import Outcome
from solvitur.gui.theme import Theme


class StateIcon(QLabel):
    """Shows the icon of an outcome; the word stands beside it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: Outcome | None = None
        theme.changed.connect(self._paint)

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Shows an outcome; nothing for None."""
        if outcome != self._shown:
            self._shown = outcome
            self._paint()

    def _paint(self) -> None:
        if self._shown is None:
            self.clear()
        else:
            self.setPixmap(self._theme.pixmap(self._shown.icon, self._shown.token))
