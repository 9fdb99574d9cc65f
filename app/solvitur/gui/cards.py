"""Cards: large buttons with a picture or icon, a title and a sentence, in a grid that follows the width."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from solvitur.gui.theme import Theme

_COVER = QSize(560, 280)
"""In pixels: wide enough for a scale of two."""


class Card(QPushButton):
    """A button as large as what stands on it."""

    def __init__(self, name: str, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """As large as the layout wants to be."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Never smaller than the layout allows."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()


class RowCard(Card):
    """A line of a list with a second, softer line below; both are cut in the middle when they are too long."""

    def __init__(self, theme: Theme, name: str, title: str, text: str, parent: QWidget) -> None:
        super().__init__(name, title, text, parent)
        self.setProperty("kind", "row")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.tokens.gap, 5, theme.tokens.gap, 5)
        column.setSpacing(1)
        column.addWidget(Cut(title, "", self, Qt.TextElideMode.ElideMiddle))
        column.addWidget(Cut(text, "small-soft", self, Qt.TextElideMode.ElideMiddle))


class StartCard(Card):
    """One way to start: icon, title, sentence."""

    def __init__(self, theme: Theme, name: str, icon: str, title: str, text: str, parent: QWidget) -> None:
        super().__init__(name, title, text, parent)
        self._theme, self._icon_name = theme, icon
        gap = theme.tokens.gap
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap)
        row.setSpacing(gap + 4)
        self._icon = QLabel(self)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.tokens.gap_small)
        column.addWidget(Cut(title, "strong", self))
        column.addWidget(_label(text, "soft", self, wrap=True))
        column.addStretch(1)
        row.addLayout(column, 1)
        self._paint()
        theme.changed.connect(self._paint)

    def _paint(self) -> None:
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, "accent", self._theme.tokens.icon_px + 8))


class ExampleCard(Card):
    """An example: its picture, its title and what it is about; the story is the tool tip."""

    def __init__(self, theme: Theme, name: str, title: str, about: str, story: str, parent: QWidget) -> None:
        super().__init__(name, title, about, parent)
        self.setToolTip(f"<p>{story}</p>")
        gap = theme.tokens.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, gap + 2)
        column.setSpacing(0)
        self.picture = CoverPicture(theme, self)
        column.addWidget(self.picture)
        words = QVBoxLayout()
        words.setContentsMargins(gap + 4, gap, gap + 4, 0)
        words.setSpacing(2)
        words.addWidget(Cut(title, "strong", self))
        words.addWidget(Cut(about, "small-soft", self))
        column.addLayout(words)


class CoverPicture(QWidget):
    """A picture that fills the top of a card, cut to fit, with the card's upper corners."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = QPixmap()
        self.setFixedHeight(136)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_picture(self, picture: QImage) -> None:
        """Shows a picture; an empty one takes no room."""
        self._picture = QPixmap.fromImage(picture)
        self.setVisible(not picture.isNull())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the picture, or the empty ground while it is read."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        radius = self._theme.tokens.radius - 1
        ground = QPainterPath()
        ground.addRoundedRect(self.rect().adjusted(0, 0, 0, radius), radius, radius)
        painter.setClipPath(ground)
        painter.fillRect(self.rect(), self._theme.color("raised"))
        if not self._picture.isNull():
            size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
            painter.drawPixmap(left, top, size.width(), size.height(), self._picture)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))
        painter.end()


def read_cover(path: Path, ground: QColor | None) -> QImage:
    """Reads a picture made for light colours in the size of a cover, darkened onto ``ground`` if there is one.

    An empty picture when the file cannot be read; may be called from any thread.
    """
    reader = QImageReader(str(path))
    size = reader.size()
    if not size.isValid():
        return QImage()
    reader.setScaledSize(size.scaled(_COVER, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    picture = reader.read()
    return darkened(picture, ground) if ground is not None and not picture.isNull() else picture


def darkened(picture: QImage, ground: QColor) -> QImage:
    """Turns the lightness of a picture round, keeping its hues: white becomes ``ground``."""
    turned = picture.convertToFormat(QImage.Format.Format_RGB888)
    height, width, stride = turned.height(), turned.width(), turned.bytesPerLine()
    pixels = np.frombuffer(turned.bits(), np.uint8).reshape(height, stride)[:, : width * 3].reshape(height, width, 3)
    values = pixels.astype(np.int16)
    values += 255 - values.max(axis=2, keepdims=True) - values.min(axis=2, keepdims=True)
    low = np.array([ground.red(), ground.green(), ground.blue()])
    made = np.ascontiguousarray((low + values * (255 - low) // 255).astype(np.uint8))
    return QImage(made.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


class CardGrid(QWidget):
    """Cards of equal width, as many beside each other as fit."""

    def __init__(self, theme: Theme, least_width: int, parent: QWidget, most_columns: int = 12) -> None:
        super().__init__(parent)
        self._least_width, self._most = least_width, most_columns
        self._cards: list[Card] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.tokens.gap + 4)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards in order."""
        return tuple(self._cards)

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Replaces the cards."""
        for card in self._cards:
            self._grid.removeWidget(card)
            card.deleteLater()
        self._cards = list(cards)
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rearranges the cards when another number fits beside each other."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = min(max(self.width() // self._least_width, 1), self._most)
        if columns == self._columns or not self._cards:
            return
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)


class Cut(QLabel):
    """A line of text that ends in an ellipsis where it does not fit."""

    def __init__(
        self, text: str, role: str, parent: QWidget, where: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__(parent)
        self._whole, self._where = text, where
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def tell(self, text: str) -> None:
        """Shows another text."""
        self._whole = text
        self.setText(self.fontMetrics().elidedText(text, self._where, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cuts the text anew."""
        super().resizeEvent(event)
        self.setText(self.fontMetrics().elidedText(self._whole, self._where, self.width()))


def _label(text: str, role: str, parent: QWidget, *, wrap: bool = False) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
