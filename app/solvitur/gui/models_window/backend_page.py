"""One backend: how it is reached, which model, the key, and what would be sent."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.forms import OptionsForm
from solvitur.gui.models_window.key_row import KeyRow
from solvitur.gui.theme import Theme
from solvitur.hooks.parts import Part
from solvitur.problem.options import OptionSpec, option_specs

_LABEL_WIDTH = 168
_PREVIEW_LINES = 14
_FIRST, _WIDE = ("address", "model"), 248
"""Where and what comes first, in fields wide enough for an address."""
_LOCAL = "It runs on this machine: nothing leaves it."
_SENDS = (
    "While it is on, your words, the model's text and the first rows of your tables go to this address "
    "when you draft, ask or polish, and at no other time."
)


class BackendPage(QWidget):
    """Shows and edits the options of one backend; what is done with them is the window's."""

    turn_wanted = Signal(bool)
    edited = Signal(str, object)
    models_wanted = Signal()
    preview_wanted = Signal()

    def __init__(self, theme: Theme, part: Part, values: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self.part, self._theme = part, theme
        self._models: QPushButton | None = None
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * tokens.gap, 2 * tokens.gap, 3 * tokens.gap, 2 * tokens.gap)
        column.setSpacing(tokens.gap + 4)
        column.addLayout(self._head())
        specs = [spec for spec in option_specs(part.part.options) if not spec.advanced]
        first = [spec for spec in specs if spec.name in _FIRST]
        self.form = OptionsForm(theme, first, values, self, _LABEL_WIDTH, compact=True, beside=self._beside)
        for spec in first:
            self.form.field(spec.name).setFixedWidth(_WIDE)
        self.more = OptionsForm(theme, [spec for spec in specs if spec not in first], values, self, _LABEL_WIDTH)
        for form in (self.form, self.more):
            form.edited.connect(self.edited)
        self.form.setVisible(bool(first))
        column.addWidget(self.form)
        self.key = KeyRow(theme, self)
        if hasattr(part.part, "keep_key"):
            column.addWidget(_title("Key", self))
            column.addWidget(self.key)
        else:
            self.key.hide()
        self._said = QLabel(self)
        self._said.setObjectName("modelsSaid")
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.hide()
        column.addWidget(self._said)
        self._add_preview(column)
        column.addWidget(_title("Limits and prices", self))
        column.addWidget(self.more)
        column.addStretch(1)

    def show_state(self, *, on: bool, unable: str) -> None:
        """Says whether it is on, and why it could not answer."""
        self._turn.setText("Turn off" if on else "Turn on")
        self._turn.setProperty("kind", "" if on else "primary")
        self._turn.style().unpolish(self._turn)
        self._turn.style().polish(self._turn)
        icon = ("warning", "warn") if on and unable else ("good", "good") if on else ("info", "text_soft")
        self._icon.setPixmap(self._theme.pixmap(*icon))
        words = "On" if on else "Off: nothing is sent"
        self._state.setText(f"{words}, but {unable}" if on and unable else words)
        self._on = on

    def show_values(self, values: dict[str, Any]) -> None:
        """Shows the options as they are now."""
        self.form.show_values(values)
        self.more.show_values(values)

    def say(self, text: str, *, bad: bool = False) -> None:
        """Says what came of a button."""
        self._said.setText(text)
        self._said.setVisible(bool(text))
        self._said.setProperty("role", "bad" if bad else "soft")
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)

    def show_models(self, names: tuple[str, ...]) -> None:
        """Offers the server's models."""
        self.say("" if names else "The server lists no models.")
        if self._models is None or not names:
            return
        menu = QMenu(self._models)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names[:200]:
            menu.addAction(name, self._chooser(name))
        menu.popup(self._models.mapToGlobal(self._models.rect().bottomLeft()))

    def show_preview(self, text: str) -> None:
        """Shows what would be sent."""
        self.say("Nothing was sent.")
        self.preview.setPlainText(text)
        self.preview.show()

    def _chooser(self, name: str) -> Any:
        return lambda: self.edited.emit("model", name)

    def _head(self) -> QHBoxLayout:
        gap = self._theme.tokens.gap
        title, _, about = str(self.part.part.title).partition(" (")
        self._icon, self._state = QLabel(self), QLabel(self)
        self._state.setObjectName("modelsState")
        self._state.setWordWrap(True)
        self._turn = QPushButton(self)
        self._turn.setObjectName("modelsTurn")
        self._turn.setAccessibleName(f"Turn {title} on or off")
        self._turn.clicked.connect(lambda: self.turn_wanted.emit(not self._on))
        self._on = False
        words = QVBoxLayout()
        words.setSpacing(gap // 2)
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        words.addWidget(heading)
        state = QHBoxLayout()
        state.setSpacing(gap // 2)
        state.addWidget(self._icon)
        state.addWidget(self._state, 1)
        words.addLayout(state)
        note = QLabel(self._note(about), self)
        note.setObjectName("modelsNote")
        note.setProperty("role", "soft")
        note.setWordWrap(True)
        words.addWidget(note)
        row = QHBoxLayout()
        row.setSpacing(2 * gap)
        row.addLayout(words, 1)
        row.addWidget(self._turn, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _note(self, about: str) -> str:
        own = about.rstrip(")")
        near = _LOCAL if getattr(self.part.part, "local", False) else _SENDS
        return f"{own[:1].upper()}{own[1:]}. {near}" if own else near

    def _beside(self, spec: OptionSpec) -> QWidget | None:
        if spec.name != "model" or not hasattr(self.part.part, "models"):
            return None
        self._models = QPushButton("List", self)
        self._models.setObjectName("modelsList")
        self._models.setAccessibleName("List the server's models")
        self._models.setToolTip("Asks the server which models it has; this one request is sent now")
        self._models.clicked.connect(lambda: self.models_wanted.emit())  # noqa: PLW0108 - drops "checked"
        return self._models

    def _add_preview(self, column: QVBoxLayout) -> None:
        column.addWidget(_title("What is sent", self))
        button = QPushButton("Preview the first request for the words at hand", self)
        button.setObjectName("modelsPreview")
        button.setAccessibleName("Preview what would be sent")
        button.clicked.connect(lambda: self.preview_wanted.emit())  # noqa: PLW0108 - drops "checked"
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.preview = QPlainTextEdit(self)
        self.preview.setObjectName("modelsPreviewText")
        self.preview.setAccessibleName("What would be sent")
        self.preview.setReadOnly(True)
        self.preview.setFont(self._theme.font("code"))
        self.preview.setMinimumHeight(_PREVIEW_LINES * self.preview.fontMetrics().lineSpacing())
        self.preview.hide()
        column.addWidget(self.preview)


def _title(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "strong")
    return label
