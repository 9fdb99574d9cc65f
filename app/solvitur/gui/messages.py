"""The message bar: sentences about what happened, non-modal, each with the actions that help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from solvitur.gui.numbers import counted
from solvitur.gui.theme import Theme
from solvitur.problem.errors import InputError, SolviturError

_MOST = 3
_MOST_FINDINGS = 3
_ICONS = {"error": ("error", "bad"), "warning": ("warning", "warn"), "info": ("info", "accent")}


@dataclass(frozen=True)
class Message:
    """One message. ``actions`` are buttons (title, call); a button closes the message, then calls.

    Another message with the same non-empty ``key`` takes its place.
    """

    text: str
    severity: str = "info"
    actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    key: str = ""


class MessageBar(QWidget):
    """Shows the newest messages above the place, at most three."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAccessibleName("Messages")
        self._theme = theme
        self._strips: list[_Strip] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages on show, newest last."""
        return tuple(strip.message for strip in self._strips)

    def show_message(self, message: Message) -> None:
        """Adds a message; the oldest makes room."""
        for strip in tuple(self._strips):
            same = strip.message.text == message.text and strip.message.severity == message.severity
            if same or (message.key and strip.message.key == message.key):
                self._remove(strip)
        while len(self._strips) >= _MOST:
            self._remove(self._strips[0])
        strip = _Strip(message, self._theme, self)
        strip.closed = lambda: self._remove(strip)
        self._strips.append(strip)
        self._rows.addWidget(strip)
        self.show()

    def show_error(
        self, error: SolviturError, doing: str = "", actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Shows why something could not be done: the findings with their places, the first ones in full."""
        self.show_message(Message(_told(error, doing), "error", tuple(actions)))

    def clear(self, key: str = "") -> None:
        """Takes away the messages of a key, or all."""
        for strip in tuple(self._strips):
            if not key or strip.message.key == key:
                self._remove(strip)

    def _remove(self, strip: _Strip) -> None:
        if strip in self._strips:
            self._strips.remove(strip)
            self._rows.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        self.setVisible(bool(self._strips))


class _Strip(QFrame):
    """One message on show."""

    def __init__(self, message: Message, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self.closed: Callable[[], None] = self.hide
        self._theme = theme
        self.setProperty("message", message.severity)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(theme.tokens.gap)
        self._icon = QLabel(self)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        text = QLabel(message.text, self)
        text.setObjectName("messageText")
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        text.setAccessibleName(f"{message.severity}: {message.text}")
        row.addWidget(text, 1)
        for title, call in message.actions:
            row.addWidget(self._button(title, call), 0, Qt.AlignmentFlag.AlignTop)
        close = QToolButton(self)
        close.setObjectName("closeMessage")
        close.setAccessibleName("Close this message")
        close.setToolTip("Close this message")
        close.clicked.connect(lambda: self.closed())  # noqa: PLW0108 - it is set later
        self._close = close
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._paint()
        theme.changed.connect(self._paint)

    def _button(self, title: str, call: Callable[[], object]) -> QPushButton:
        button = QPushButton(title, self)
        button.setObjectName(f"message.{title}")
        button.setAccessibleName(title)

        def pressed() -> None:
            self.closed()
            call()

        button.clicked.connect(pressed)
        return button

    def _paint(self) -> None:
        name, token = _ICONS[self.message.severity]
        self._icon.setPixmap(self._theme.pixmap(name, token))
        self._icon.setFixedHeight(self._theme.tokens.target_px)
        self._close.setIcon(self._theme.icon("close", "text"))


def _told(error: SolviturError, doing: str) -> str:
    lines = [str(f) for f in error.findings] if isinstance(error, InputError) else [str(error)]
    shown = lines[:_MOST_FINDINGS]
    if len(lines) > _MOST_FINDINGS:
        shown.append(f"and {counted(len(lines) - _MOST_FINDINGS, 'more finding')}")
    head = f"{doing}: " if doing and len(shown) == 1 else f"{doing}:\n" if doing else ""
    return head + "\n".join(shown)
