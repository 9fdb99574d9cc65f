"""The list of data that is still missing, each with the button that makes the table for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from solvitur.gui.numbers import show as number
from solvitur.gui.theme import Theme

_ROWS_SHOWN = 4


class MissingData(QWidget):
    """Names what is missing and what is expected; hidden when nothing is."""

    table_wanted = Signal(str)
    """Name of the set or parameter whose table is to be made."""
    import_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("missing-data")
        self.setAccessibleName("Missing data")
        self._theme = theme
        self._shown: tuple[str, ...] = ()
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.gap, tokens.gap, tokens.gap, tokens.gap)
        column.setSpacing(tokens.gap_small)
        self._icon, self._title = QLabel(self), QLabel(self)
        self._title.setProperty("role", "strong")
        head = QHBoxLayout()
        head.setSpacing(tokens.gap)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        bring = QPushButton("Import a file", self)
        bring.setObjectName("missing-import")
        bring.setAccessibleName("Import a data file")
        bring.setProperty("kind", "link")
        bring.clicked.connect(lambda: self.import_wanted.emit())  # noqa: PLW0108 - drops "checked"
        head.addWidget(bring)
        column.addLayout(head)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._scroll)
        theme.changed.connect(self._paint)
        self._paint()
        self.hide()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what is missing."""
        return tuple(said.partition(":")[0] for said in self._shown)

    def show_missing(self, missing: tuple[str, ...]) -> None:
        """Shows ``name: what is expected`` lines."""
        self.setVisible(bool(missing))
        if missing == self._shown:
            return
        self._shown = missing
        self._title.setText(f"Missing data: {number(len(missing))}")
        page = QWidget(self._scroll)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(self._theme.tokens.gap_small)
        for said in missing:
            rows.addWidget(self._row(said, page))
        rows.addStretch(1)
        self._scroll.setWidget(page)
        each = self._theme.tokens.target_px + 2 * self._theme.tokens.gap
        self._scroll.setFixedHeight(min(page.sizeHint().height(), each * _ROWS_SHOWN))

    def _row(self, said: str, page: QWidget) -> QWidget:
        name, _, expected = said.partition(":")
        made = QWidget(page)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, self._theme.tokens.gap, 0)
        row.setSpacing(self._theme.tokens.gap)
        text = QLabel(f"'{name}': {expected.strip()}", made)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setToolTip(f"'{name}': {expected.strip()}")
        button = QPushButton("Create table", made)
        button.setObjectName(f"missing-create-{name}")
        button.setAccessibleName(f"Create the table for {name}")
        button.clicked.connect(lambda: self.table_wanted.emit(name))
        row.addWidget(text, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _paint(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("warning", "warn"))
