"""The fields of a form in a grid: title, widget, and the sentence about it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from solvitur.gui.theme import Theme
from solvitur.gui.understand.outline.drafts import Field, Values

_LEAST_LETTERS = 8
"""A field can be made as narrow as this."""
Edit = QLineEdit | QPlainTextEdit | QComboBox


class FieldGrid(QWidget):
    """Holds the widgets of fields; a sentence stands below the field it is about."""

    edited = Signal()
    accepted = Signal()

    def __init__(self, fields: tuple[Field, ...], theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._edits: dict[str, Edit] = {}
        self._says: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        tokens = theme.tokens
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.gap + tokens.gap_small)
        grid.setVerticalSpacing(tokens.gap_small)
        grid.setColumnStretch(1, 1)
        for number, field in enumerate(fields):
            self._add(grid, 2 * number, field)

    @property
    def values(self) -> dict[str, str]:
        """The fields as they stand."""
        return {key: _text_of(edit) for key, edit in self._edits.items()}

    @property
    def said(self) -> dict[str, str]:
        """The sentences on show, by field."""
        return {key: label.text() for key, label in self._says.items() if not label.isHidden()}

    def field(self, key: str) -> Edit:
        """Returns the widget of a field."""
        return self._edits[key]

    def fill(self, values: Values) -> None:
        """Fills in all fields; those that hold the text already keep their cursor."""
        for key, edit in self._edits.items():
            if _text_of(edit) != values[key]:
                _set_text(edit, values[key])

    def say(self, errors: Values, warnings: Values) -> None:
        """Shows a sentence at each field that has one, errors first."""
        for key, label in self._says.items():
            said, role = (errors[key], "bad") if key in errors else (warnings.get(key, ""), "warn")
            label.setText(said)
            label.setProperty("role", role)
            label.style().polish(label)
            label.setVisible(bool(said))
            edit = self._edits[key]
            edit.setProperty("state", "bad" if key in errors else "")
            edit.style().polish(edit)

    def _add(self, grid: QGridLayout, at: int, field: Field) -> None:
        edit = self._make(field)
        edit.setObjectName(f"form-{field.key}")
        edit.setAccessibleName(field.title)
        label = QLabel(field.title, self)
        label.setProperty("role", "soft")
        label.setBuddy(edit)
        label.setFixedHeight(self._theme.tokens.target_px + self._theme.tokens.gap_small)
        says = QLabel(self)
        says.setObjectName(f"form-{field.key}-says")
        says.setWordWrap(True)
        says.hide()
        grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(edit, at, 1)
        grid.addWidget(says, at + 1, 1)
        self._edits[field.key], self._says[field.key] = edit, says

    def _make(self, field: Field) -> Edit:
        if field.choices:
            box = QComboBox(self)
            for word, title in field.choices:
                box.addItem(title, word)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_LEAST_LETTERS)
            box.currentIndexChanged.connect(self.edited)
            return box
        if field.long:
            text = _LongEdit(self)
            text.setPlaceholderText(field.hint)
            text.textChanged.connect(self.edited)
            text.accepted.connect(self.accepted)
            self._code(text)
            return text
        line = QLineEdit(self)
        line.setPlaceholderText(field.hint)
        line.textChanged.connect(self.edited)
        line.returnPressed.connect(self.accepted)
        if field.code:
            self._code(line)
        return line

    def _code(self, widget: QWidget) -> None:
        """Shows a field in the fonts of the model's text."""
        font = self._theme.font("code")
        widget.setFont(font)
        # The application's style sheet sets a font on every widget; a sheet of the widget's own outranks it.
        widget.setStyleSheet(f"font-family: '{font.family()}';")


class _LongEdit(QPlainTextEdit):
    """A field of several lines that grows with its text; Ctrl+Enter accepts, Tab goes on."""

    accepted = Signal()
    _MOST_LINES = 8

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("field", "true")
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._grow)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accepts on Ctrl+Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.accepted.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grows when lines wrap."""
        super().resizeEvent(event)
        self._grow()

    def changeEvent(self, event: QEvent) -> None:
        """Grows with its font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grow()

    def _grow(self) -> None:
        block, lines = self.document().firstBlock(), 0
        while block.isValid():
            # Lines that wrap are known only after the block was laid out.
            self.document().documentLayout().blockBoundingRect(block)
            lines += max(block.layout().lineCount(), 1)
            block = block.next()
        margins = 2 * (self.frameWidth() + int(self.document().documentMargin()) + 1)
        self.setFixedHeight(min(max(lines, 2), self._MOST_LINES) * self.fontMetrics().lineSpacing() + margins)


def _text_of(edit: Edit) -> str:
    if isinstance(edit, QComboBox):
        return str(edit.currentData() or "")
    if isinstance(edit, QPlainTextEdit):
        return edit.toPlainText()
    return edit.text()


def _set_text(edit: Edit, text: str) -> None:
    if isinstance(edit, QComboBox):
        edit.setCurrentIndex(max(edit.findData(text), 0))
    elif isinstance(edit, QPlainTextEdit):
        edit.setPlainText(text)
    elif isinstance(edit, QLineEdit):
        edit.setText(text)
