"""The sheet: a picture with its title, keys and caption, exactly as it is seen and as it is exported."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from solvitur.gui.pictures.drawing import Drawing
from solvitur.gui.pictures.frame import Frame
from solvitur.gui.pictures.look import Look
from solvitur.gui.pictures.table import PictureTable
from solvitur.problem.pictures import Picture, TablePicture


class Sheet(QWidget):
    """Shows one picture."""

    picked = Signal(str)
    """The model element that was clicked; empty for none."""

    def __init__(self, picture: Picture, drawing: Drawing | None, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictureSheet")
        self.picture, self.look, self.drawing = picture, look, drawing
        self.frame: Frame | None = None
        self.table: PictureTable | None = None
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.Window, look.color("surface"))
        self.setPalette(colours)
        self.setAutoFillBackground(True)
        rows = QVBoxLayout(self)
        gap = look.tokens.gap
        rows.setContentsMargins(2 * gap, gap, 2 * gap, gap)
        rows.setSpacing(look.tokens.gap_small)
        self.title = self._text(picture.title, "text", look.tokens.text_px + 2, strong=True)
        self.title.setMinimumHeight(look.tokens.target_px)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        rows.addLayout(self._head)
        if drawing is not None:
            rows.addLayout(self._above(drawing))
            self.frame = Frame(look, self)
            self.frame.setObjectName("picturePlot")
            self.frame.setAccessibleName(f"Picture: {picture.title}")
            self.frame.show_drawing(drawing)
            self.frame.picked.connect(self._pick)
            rows.addWidget(self.frame, 1)
        elif isinstance(picture, TablePicture):
            self.table = PictureTable(picture, look, self)
            self.table.setObjectName("pictureTable")
            self.table.setAccessibleName(f"Table: {picture.title}")
            self.table.picked.connect(self._pick_row)
            rows.addWidget(self.table, 1)
        else:
            rows.addStretch(1)
        self.caption = self._text(picture.caption, "text_soft", look.tokens.table_px)
        self.caption.setWordWrap(True)
        self.caption.setVisible(bool(picture.caption))
        rows.addWidget(self.caption)

    def leave_room(self, width: int) -> None:
        """Keeps the end of the title's line free for tools; a title that is too long ends before them."""
        self._head.setContentsMargins(0, 0, width, 0)

    def select(self, element: str) -> None:
        """Marks an element as selected."""
        if self.frame is not None:
            self.frame.select(element)
        if self.table is not None:
            self.table.select(element)

    def _above(self, drawing: Drawing) -> QHBoxLayout:
        """Writes the vertical axis' title, and the names of colours that have no label of their own."""
        line = QHBoxLayout()
        line.setSpacing(2 * self.look.tokens.gap)
        title = drawing.y_ticks()[1]
        if title:
            line.addWidget(self._text(title, "text_soft", self.look.tokens.table_px))
        parts = []
        for name, category in drawing.key_names():
            color = self.look.category(category).name()
            parts.append(f'<span style="color:{color}">\u25a0</span>&nbsp;{escape(name)}')
        if parts:
            keys = self._text("", "text", self.look.tokens.table_px)
            keys.setTextFormat(Qt.TextFormat.RichText)
            keys.setText("&nbsp;&nbsp;&nbsp; ".join(parts))
            line.addWidget(keys)
        line.addStretch(1)
        return line

    def _text(self, text: str, token: str, px: int, strong: bool = False) -> QLabel:
        label = _Elided(text, self) if strong else QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(self.look.font(px, strong))
        colours = label.palette()
        colours.setColor(QPalette.ColorRole.WindowText, QColor(self.look.color(token)))
        label.setPalette(colours)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if not strong:
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        return label

    def _pick(self, mark: int) -> None:
        self.picked.emit(self.drawing.element(mark) if self.drawing is not None and mark >= 0 else "")

    def _pick_row(self, row: int) -> None:
        names = self.picture.elements if isinstance(self.picture, TablePicture) else ()
        self.picked.emit(names[row] if 0 <= row < len(names) else "")


class _Elided(QLabel):
    """A line of text that ends in dots when it is too long."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws as much as there is room for."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
