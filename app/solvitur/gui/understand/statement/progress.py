"""How the drafting goes: its stages as they run, the elapsed time, and the Stop button."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.cards import Cut
from solvitur.gui.numbers import clock, duration
from solvitur.gui.theme import Theme

_ICONS = {
    "running": ("waiting", "accent"),
    "done": ("good", "good"),
    "failed": ("warning", "warn"),
    "skipped": ("skip", "text_soft"),
}
_MOST_STAGES = 14
_TAIL, _PIECES_MS = 240, 100
_TITLES = {"read": "Read the words", "check": "Check the model", "solve": "Solve and verify"}


class DraftProgress(QFrame):
    """Shown while a draft is made; `begin`, `stage` and `end` follow the session's events."""

    stop_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draft-progress")
        self.setAccessibleName("Progress of the draft")
        self._theme = theme
        self._stages: dict[str, tuple[QLabel, Cut, QLabel]] = {}
        self._states: dict[str, str] = {}
        self._seconds = 0
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * tokens.gap, tokens.gap, tokens.gap, tokens.gap)
        column.setSpacing(tokens.gap)
        head = QHBoxLayout()
        self._title = QLabel(self)
        self._title.setObjectName("draft-progress-title")
        self._title.setProperty("role", "strong")
        self._clock = QLabel(self)
        self._clock.setProperty("role", "soft")
        self.stop_button = QPushButton("Stop", self)
        self.stop_button.setObjectName("draft-stop")
        self.stop_button.setAccessibleName("Stop drafting")
        self.stop_button.clicked.connect(lambda: self.stop_wanted.emit())  # noqa: PLW0108 - drops "checked"
        head.addWidget(self._title, 1)
        head.addWidget(self._clock)
        head.addSpacing(tokens.gap)
        head.addWidget(self.stop_button)
        column.addLayout(head)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Drafting")
        column.addWidget(self._bar)
        self._reply = ""
        self._tail = Cut("", "small-soft", self, Qt.TextElideMode.ElideLeft)
        self._tail.setObjectName("draft-reply")
        self._tail.setAccessibleName("The end of the reply so far")
        column.addWidget(self._tail)
        self._shown = QTimer(self, singleShot=True, interval=_PIECES_MS)
        self._shown.timeout.connect(lambda: self._tail.tell(self._reply))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.gap)
        self._grid.setVerticalSpacing(tokens.gap_small)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        theme.changed.connect(self._paint)
        self.hide()

    def begin(self, backend: str) -> None:
        """Shows a new draft's beginning."""
        for parts in self._stages.values():
            for part in parts:
                self._grid.removeWidget(part)
                part.deleteLater()
        self._stages, self._states, self._reply = {}, {}, ""
        self._tail.tell("")
        self._tail.hide()
        self._title.setText(f"Reading the words with '{backend}'" if backend else "Reading the words")
        self._seconds = -1
        self._tick()
        self._timer.start()
        self.show()

    def stage(self, name: str, state: str, text: str, seconds: float) -> None:
        """Shows how a stage goes."""
        title = _TITLES.get(name) or name.replace("_", " ")
        title = title[:1].upper() + title[1:]
        if name not in self._stages:
            if len(self._stages) >= _MOST_STAGES:
                return
            self._stages[name] = self._add(title)
        icon, said, took = self._stages[name]
        self._states[name] = state
        said.tell(f"{title}: {text}" if text else title)
        took.setText(duration(seconds) if seconds else "")
        icon.setAccessibleName(state)
        self._paint()

    def piece(self, text: str) -> None:
        """Shows the end of what a language model has written so far, a few times a second."""
        self._reply = (self._reply + text)[-_TAIL:].replace("\n", " ")
        self._tail.show()
        if not self._shown.isActive():
            self._shown.start()

    def end(self) -> None:
        """Hides it all."""
        self._timer.stop()
        self.hide()

    def _add(self, title: str) -> tuple[QLabel, Cut, QLabel]:
        row = self._grid.rowCount()
        icon, took = QLabel(self), QLabel(self)
        said = Cut(title, "small", self)
        took.setProperty("role", "small-soft")
        self._grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(said, row, 1)
        self._grid.addWidget(took, row, 2, Qt.AlignmentFlag.AlignRight)
        return icon, said, took

    def _tick(self) -> None:
        self._seconds += 1
        self._clock.setText(clock(self._seconds))

    def _paint(self) -> None:
        for name, (icon, _said, _took) in self._stages.items():
            icon.setPixmap(self._theme.pixmap(*_ICONS.get(self._states.get(name, ""), _ICONS["running"])))
