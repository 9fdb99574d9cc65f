"""A small board on which a pattern is drawn: nodes, links between them, a text and a colour for each node."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from solvitur.gui.graphs.matches import Pattern, PatternNode
from solvitur.gui.pictures.look import line_pen
from solvitur.gui.theme import Theme

MOST_NODES = 8
_RADIUS, _REACH = 11.0, 6.0
_HEIGHT = 190
_SPOTS = ((0.25, 0.22), (0.75, 0.22), (0.5, 0.7), (0.15, 0.7), (0.85, 0.7), (0.5, 0.4), (0.32, 0.45), (0.68, 0.45))
"""Where nodes go that are added without a place, as shares of the board."""
_HINT = "Double click: a node\nDrag from node to node: a link"
_K = Qt.Key


class Sketch(QWidget):
    """Draws a pattern by mouse or keyboard."""

    changed = Signal()
    picked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("patternSketch")
        self.setAccessibleName("Pattern to search for")
        self.setToolTip(
            "Double click or N: a node. Drag from node to node, or L, arrows and Enter: a link. Delete removes."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self.directed = True
        self.pattern = Pattern()
        self.places: list[QPointF] = []
        self.current = -1
        self._link_from, self._pointer = -1, QPointF()
        self._palette: tuple[str, ...] = ()
        theme.changed.connect(self.update)

    def use_colours(self, palette: tuple[str, ...]) -> None:
        """Takes the colours that nodes of the graph have now."""
        self._palette = palette
        self.update()

    def show_pattern(self, pattern: Pattern, places: list[QPointF]) -> None:
        """Shows another pattern; places are in units of the board, 0 to 1."""
        self.pattern = pattern
        self.places = [self._clamped(QPointF(p.x() * self.width(), p.y() * self.height())) for p in places]
        self._turn_to(0 if pattern.nodes else -1)
        self.changed.emit()

    def add_node(self, at: QPointF | None = None, linked_from: int = -1) -> None:
        """Adds a node, linked from another one if that is given."""
        count = len(self.pattern.nodes)
        if count >= MOST_NODES:
            return
        if at is None:
            across, down = _SPOTS[count]
            at = QPointF(across * self.width(), down * self.height())
        self.places.append(self._clamped(at))
        links = self.pattern.links + (((linked_from, count),) if linked_from >= 0 else ())
        self.pattern = replace(self.pattern, nodes=(*self.pattern.nodes, PatternNode()), links=links)
        self._turn_to(count)
        self.changed.emit()

    def link(self, source: int, target: int) -> None:
        """Links two nodes; a link that is there already is taken away."""
        if source == target:
            return
        pair, links = (source, target), self.pattern.links
        same = {pair} if self.directed else {pair, (target, source)}
        kept = tuple(each for each in links if each not in same)
        self.pattern = replace(self.pattern, links=kept if len(kept) < len(links) else (*links, pair))
        self.update()
        self.changed.emit()

    def remove(self) -> None:
        """Removes the node that is picked, with its links."""
        gone = self.current
        if gone < 0:
            return
        nodes = tuple(node for at, node in enumerate(self.pattern.nodes) if at != gone)
        links = tuple((a - (a > gone), b - (b > gone)) for a, b in self.pattern.links if gone not in (a, b))
        del self.places[gone]
        self.pattern = Pattern(nodes, links)
        self._turn_to(min(gone, len(nodes) - 1))
        self.changed.emit()

    def describe(self, *, text: str | None = None, colour: int | None = None) -> None:
        """Says what the picked node must be."""
        if self.current < 0:
            return
        nodes = list(self.pattern.nodes)
        before = nodes[self.current]
        nodes[self.current] = PatternNode(
            before.text if text is None else text, before.colour if colour is None else colour
        )
        self.pattern = replace(self.pattern, nodes=tuple(nodes))
        self.update()
        self.changed.emit()

    # events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Picks a node, and begins a link from it."""
        self.setFocus()
        node = self._node_at(event.position())
        self._turn_to(node)
        self._link_from, self._pointer = node, event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shows the link that is drawn."""
        self._pointer = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends a link on a node, or on the empty board with a new one."""
        start, self._link_from = self._link_from, -1
        end = self._node_at(event.position())
        if start >= 0 and end >= 0:
            self.link(start, end)
        elif start >= 0:
            self.add_node(event.position(), start)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Adds a node."""
        if self._node_at(event.position()) < 0:
            self.add_node(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """N adds a node, L begins a link, arrows choose, Enter links, Delete removes, Escape lets go."""
        key, count = event.key(), len(self.pattern.nodes)
        if key == _K.Key_N:
            self.add_node(linked_from=self.current)
        elif key in (_K.Key_Delete, _K.Key_Backspace):
            self.remove()
        elif key == _K.Key_L and self.current >= 0:
            self._link_from = self.current
            self._pointer = self.places[self.current]
        elif key in (_K.Key_Left, _K.Key_Right, _K.Key_Up, _K.Key_Down) and count:
            step = -1 if key in (_K.Key_Left, _K.Key_Up) else 1
            self._turn_to((self.current + step) % count)
            self._pointer = self.places[self.current]
        elif key in (_K.Key_Return, _K.Key_Enter) and self._link_from >= 0:
            start, self._link_from = self._link_from, -1
            self.link(start, self.current)
        elif key == _K.Key_Escape and self._link_from >= 0:
            self._link_from = -1
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the board."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, theme = self._theme.tokens, self._theme
        painter.setPen(line_pen(theme.color("accent" if self.hasFocus() else "control"), 1.0))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), tokens.radius, tokens.radius)
        painter.setFont(theme.font("small"))
        if not self.pattern.nodes:
            painter.setPen(theme.color("text_soft"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _HINT)
        for a, b in self.pattern.links:
            self._draw_link(painter, self.places[a], self.places[b], theme.color("text_soft"))
        if self._link_from >= 0:
            painter.setPen(line_pen(theme.color("accent"), 1.5))
            painter.drawLine(self.places[self._link_from], self._pointer)
        for at in range(len(self.pattern.nodes)):
            self._draw_node(painter, at)
        painter.end()

    # parts

    def _draw_link(self, painter: QPainter, start: QPointF, end: QPointF, ink: QColor) -> None:
        painter.setPen(line_pen(ink, 1.5))
        way = end - start
        length = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1.0)
        way /= length
        tip = end - way * (_RADIUS + 2)
        painter.drawLine(start, tip)
        if self.directed:
            side = QPointF(-way.y(), way.x()) * 4
            painter.drawLine(tip, tip - way * 8 + side)
            painter.drawLine(tip, tip - way * 8 - side)

    def _draw_node(self, painter: QPainter, at: int) -> None:
        node, place = self.pattern.nodes[at], self.places[at]
        theme = self._theme
        known = 0 <= node.colour < len(self._palette)
        picked = at == self.current
        painter.setPen(line_pen(theme.color("accent" if picked else "control"), 2.5 if picked else 1.5))
        painter.setBrush(QColor(self._palette[node.colour]) if known else theme.color("raised"))
        painter.drawEllipse(place, _RADIUS, _RADIUS)
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(node.text or "any", Qt.TextElideMode.ElideRight, 84)
        painter.setPen(theme.color("text" if node.text else "text_soft"))
        width = metrics.horizontalAdvance(words)
        left = min(max(place.x() - width / 2, 4.0), self.width() - width - 4.0)
        painter.drawText(QPointF(left, place.y() + _RADIUS + metrics.ascent() + 2), words)

    def _node_at(self, at: QPointF) -> int:
        for number, place in enumerate(self.places):
            if (place - at).manhattanLength() <= _RADIUS + _REACH:
                return number
        return -1

    def _clamped(self, at: QPointF) -> QPointF:
        width, height = max(self.width(), 60), max(self.height(), 60)
        return QPointF(min(max(at.x(), 18.0), width - 18.0), min(max(at.y(), 18.0), height - 30.0))

    def _turn_to(self, node: int) -> None:
        self.current = node
        self.update()
        self.picked.emit()
