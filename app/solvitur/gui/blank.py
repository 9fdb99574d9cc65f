"""An empty place: says what belongs there and offers the one action that fills it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from solvitur.gui.actions import ActionTable
from solvitur.gui.theme import Theme

_WIDEST = 400


class Blank(QWidget):
    """Icon, title, one sentence and at most one button, in the middle of the room."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        text: str,
        *,
        actions: ActionTable | None = None,
        action: str = "",
        button: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, icon
        rows = QVBoxLayout(self)
        rows.setSpacing(theme.tokens.gap)
        rows.addStretch(2)
        self._icon = QLabel(self)
        self._title, self._text = QLabel(title, self), QLabel(text, self)
        self._title.setProperty("role", "heading")
        self._text.setProperty("role", "soft")
        self._text.setWordWrap(True)
        self._text.setFixedWidth(_WIDEST)
        centre = Qt.AlignmentFlag.AlignHCenter
        for label in (self._icon, self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            rows.addWidget(label, 0, centre)
        self.button: QPushButton | None = None
        if actions is not None:
            self.button = QPushButton(button, self)
            self.button.setObjectName(f"blank.{action}")
            self.button.setAccessibleName(button)
            self.button.setProperty("kind", "primary")
            self.button.hide()
            rows.addWidget(self.button, 0, centre)
            self._offer(self.button, actions, action)
        rows.addStretch(3)
        theme.changed.connect(self._paint)
        self._paint()

    def _offer(self, button: QPushButton, actions: ActionTable, name: str) -> None:
        """Shows the button as soon as its action is in the table, which a dock may add later."""
        if all(action.id != name for action in actions.all()):
            actions.added.connect(lambda added: self._offer(button, actions, name) if added == name else None)
            return
        made = actions.qaction(name)
        button.setEnabled(made.isEnabled())
        button.clicked.connect(lambda: actions.trigger(name))
        made.changed.connect(lambda: button.setEnabled(made.isEnabled()))
        button.show()

    def _make_room(self) -> None:
        """Gives the text the height that its lines need at this width."""
        self._text.setMinimumHeight(self._text.heightForWidth(_WIDEST))

    def _paint(self) -> None:
        self._make_room()
        self._icon.setPixmap(self._theme.pixmap(self._name, "text_disabled", 3 * self._theme.tokens.icon_px))
