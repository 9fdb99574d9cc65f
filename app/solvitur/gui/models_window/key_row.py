"""The row for a backend's key: where it is now, a field for a new one, and the way to forget it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme


class KeyRow(QWidget):
    """The key leaves this row only through ``given``; the field is emptied at once."""

    given = Signal(str, bool)
    """The key, and whether it is to be kept for good."""
    forget_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keyRow")
        tokens = theme.tokens
        self._state = QLabel(self)
        self._state.setObjectName("keyState")
        self._state.setProperty("role", "soft")
        self._state.setWordWrap(True)
        self.field = QLineEdit(self)
        self.field.setObjectName("keyField")
        self.field.setAccessibleName("Key")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText("Paste the key here")
        self.good = QCheckBox("Keep it in the system's key ring", self)
        self.good.setObjectName("keyForGood")
        self.good.setAccessibleName("Keep the key in the system's key ring")
        self.good.setToolTip("Otherwise it is known until Solvitur is closed. It is never written to a file of ours.")
        self.good.setChecked(True)
        keep, self._forget = QPushButton("Keep", self), QPushButton("Forget", self)
        keep.setObjectName("keyKeep")
        keep.setAccessibleName("Keep the key")
        self._forget.setObjectName("keyForget")
        self._forget.setAccessibleName("Forget the key")
        row = QHBoxLayout()
        row.setSpacing(tokens.gap)
        row.addWidget(self.field, 1)
        row.addWidget(keep)
        row.addWidget(self._forget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(self._state)
        column.addLayout(row)
        column.addWidget(self.good)
        keep.clicked.connect(lambda: self._give())  # noqa: PLW0108 - drops "checked"
        self.field.returnPressed.connect(self._give)
        self._forget.clicked.connect(lambda: self.forget_wanted.emit())  # noqa: PLW0108 - drops "checked"

    def show_state(self, state: str, said: str = "") -> None:
        """Says where the key is (empty: nowhere), or what was just done with it."""
        self._state.setText(
            said or (f"The key is {state}." if state else "No key is known. Servers nearby need none.")
        )
        self._forget.setEnabled(bool(state))

    def _give(self) -> None:
        key = self.field.text().strip()
        self.field.clear()
        if key:
            self.given.emit(key, self.good.isChecked())
