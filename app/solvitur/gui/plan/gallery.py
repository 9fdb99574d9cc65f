"""The gallery of patterns: ready workflows with a preview, what they show, and one click to begin with them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from solvitur.engine.workflow.patterns import Pattern, patterns
from solvitur.gui.cards import Card
from solvitur.gui.graph.figure import Figure
from solvitur.gui.plan.catalogue import Catalogue
from solvitur.gui.plan.figures import figure_of
from solvitur.gui.theme import Theme

_COLUMNS = 2
_PREVIEW_HEIGHT = 72


class Gallery(QScrollArea):
    """A card for each pattern."""

    def __init__(
        self, theme: Theme, catalogue: Catalogue, chosen: Callable[[Pattern], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("patternGallery")
        self.setAccessibleName("Patterns to start from")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget(self)
        gap = theme.tokens.gap
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 2 * gap, 2 * gap)
        grid.setSpacing(gap)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        for at, pattern in enumerate(patterns()):
            card = PatternCard(theme, pattern, figure_of(pattern.workflow, catalogue), body)
            card.clicked.connect(lambda _on=False, pattern=pattern: chosen(pattern))
            grid.addWidget(card, at // _COLUMNS, at % _COLUMNS)
        grid.setRowStretch(grid.rowCount(), 1)
        self.setWidget(body)


class PatternCard(Card):
    """A pattern: its graph small, its title, its story."""

    def __init__(self, theme: Theme, pattern: Pattern, figure: Figure, parent: QWidget) -> None:
        title = pattern.workflow.title or pattern.name.replace("_", " ").capitalize()
        super().__init__(f"pattern.{pattern.name}", title, pattern.story, parent)
        self.setToolTip(f"<p>{pattern.story}</p>")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        gap = theme.tokens.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap // 2)
        column.addWidget(Preview(theme, figure, self))
        head = QLabel(title, self)
        head.setProperty("role", "strong")
        head.setWordWrap(True)
        story = QLabel(pattern.story, self)
        story.setProperty("role", "small-soft")
        story.setWordWrap(True)
        for label in (head, story):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch(1)


class Preview(QWidget):
    """A graph as boxes and lines."""

    def __init__(self, theme: Theme, figure: Figure, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._figure = theme, figure
        self.setFixedHeight(_PREVIEW_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the graph as large as it fits."""
        boxes = [node.box for node in self._figure.nodes]
        around = QRectF()
        for box in boxes:
            around = around.united(box)
        if around.isEmpty():
            return
        room = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        scale = min(room.width() / around.width(), room.height() / around.height(), 0.3)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(room.center())
        painter.scale(scale, scale)
        painter.translate(-around.center())
        pen = QPen(self._theme.color("control"), 1.2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for x1, y1, x2, y2 in self._figure.lines.tolist():
            painter.drawLine(int(x1), int(y1), int(x2), int(y2))
        painter.setPen(Qt.PenStyle.NoPen)
        categories = self._theme.tokens.categories
        for node, box in zip(self._figure.nodes, boxes, strict=True):
            painter.setBrush(QColor(categories[node.colour % len(categories)]))
            painter.drawRoundedRect(box, 10, 10)
        painter.end()
