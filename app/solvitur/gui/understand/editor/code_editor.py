"""The text widget: line numbers, problem marks, current line, matching brackets, zoom."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from solvitur.gui.theme import Theme
from solvitur.gui.understand.editor.brackets import matching
from solvitur.gui.understand.editor.gutter import Gutter
from solvitur.gui.understand.editor.highlighter import Highlighter
from solvitur.gui.understand.editor.marks import Mark, underline

_SMALLEST_PX, _LARGEST_PX = 8, 40
_INDENT = 2
_OFFER_KEYS = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
)


class CodeEditor(QPlainTextEdit):
    """Shows the model's text with its marks; what keys and clicks mean is decided by the pane around it."""

    fix_wanted = Signal(object)
    """A mark whose gutter icon was clicked."""
    definition_wanted = Signal(int)
    """Ctrl+click at a Qt position."""
    undo_wanted = Signal()
    redo_wanted = Signal()
    zoomed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("model-text")
        self.setAccessibleName("Model text")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setProperty("bare", "true")
        self.viewport().setMouseTracking(True)
        self.theme = theme
        self.marks: tuple[Mark, ...] = ()
        self.offer: QWidget | None = None
        """The list of completions: while it is open, the keys that take or leave one are its own."""
        self._font_px = theme.tokens.text_px
        self._found: list[QTextCursor] = []
        self.highlighter = Highlighter(self.document(), theme.tokens)
        self._gutter = Gutter(self)
        self.blockCountChanged.connect(lambda _count: self._place_gutter())
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self.refresh_selections)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.show_colours())
        self.textChanged.connect(self.show_colours)
        theme.changed.connect(self.apply_theme)
        self.apply_theme()

    # looks

    def apply_theme(self) -> None:
        """Takes the fonts and colours of the theme."""
        self.highlighter.set_tokens(self.theme.tokens)
        self.set_font_px(self._font_px)
        self.refresh_selections()
        self._gutter.update()

    def set_font_px(self, pixels: int) -> None:
        """Sets the size of the text, within what can be read."""
        self._font_px = min(max(pixels, _SMALLEST_PX), _LARGEST_PX)
        font = self.theme.font("code")
        font.setPixelSize(self._font_px)
        self.setFont(font)
        # The application's style sheet sets a font on every widget; a sheet of the widget's own outranks it.
        self.setStyleSheet(f"QPlainTextEdit {{ font-family: '{font.family()}'; font-size: {self._font_px}px; }}")
        self.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(" ") * _INDENT)
        self._place_gutter()

    @property
    def font_px(self) -> int:
        """Size of the text in pixels."""
        return self._font_px

    def set_roles(self, roles: Mapping[str, str]) -> None:
        """Takes the model's names for colouring."""
        self.highlighter.set_roles(roles)

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Underlines problems; the underlines move with the text until the next check."""
        self.marks = marks
        self.refresh_selections()
        self._gutter.update()

    def set_found(self, found: list[QTextCursor]) -> None:
        """Shows what the find bar found."""
        self._found = found
        self.refresh_selections()

    def refresh_selections(self) -> None:
        """Draws the current line, the matching brackets, what was found and the problems anew."""
        tokens = self.theme.tokens
        shown = [self._current_line(tokens.raised)]
        shown += [_selection(cursor, tokens.warn_soft) for cursor in self._found]
        shown += [_selection(cursor, tokens.accent_soft) for cursor in self._bracket_pair()]
        shown += [underline(mark, tokens) for mark in self.marks]
        self.setExtraSelections(shown)

    def show_colours(self) -> None:
        """Colours the lines in view."""
        first = self.firstVisibleBlock().blockNumber()
        self.highlighter.show(first, first + self._lines_in_view())

    def visible_lines(self) -> list[tuple[QTextBlock, QRect]]:
        """Lists the blocks in view with where they stand in the viewport."""
        block, found = self.firstVisibleBlock(), []
        offset = self.contentOffset()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset).toRect()
            if area.top() > self.viewport().height():
                break
            found.append((block, area))
            block = block.next()
        return found

    def marks_of_line(self, line: int) -> list[Mark]:
        """Lists the marks that begin in a line counted from 0, the gravest first."""
        return sorted((m for m in self.marks if m.line == line), key=lambda m: m.rank)

    def mark_at(self, position: int) -> Mark | None:
        """Returns the mark under a Qt position, else one in its line, else None."""
        inside = [m for m in self.marks if m.start <= position <= m.end]
        if inside:
            return min(inside, key=lambda m: m.rank)
        line = self.marks_of_line(self.document().findBlock(position).blockNumber())
        return line[0] if line else None

    # Qt

    def viewportEvent(self, event: QEvent) -> bool:
        """Shows the sentence of the problem under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._show_tip(event)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo belong to the session; Tab indents, Enter keeps the indentation."""
        if self.offer is not None and self.offer.isVisible() and event.key() in _OFFER_KEYS:
            event.ignore()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        elif event.key() == Qt.Key.Key_Tab and not self.textCursor().hasSelection():
            self.insertPlainText(" " * (_INDENT - self.textCursor().columnNumber() % _INDENT))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.insertPlainText("\n" + self._indent_of_next_line())
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ctrl+click asks for the definition of a name."""
        if event.button() == Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.definition_wanted.emit(self.cursorForPosition(event.position().toPoint()).position())
            return
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel change the size of the text."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            step = (event.angleDelta().y() > 0) - (event.angleDelta().y() < 0)
            self.set_font_px(self._font_px + step)
            self.zoomed.emit(self._font_px)
            event.accept()
            return
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the gutter as tall as the text."""
        super().resizeEvent(event)
        self._place_gutter()
        self.show_colours()

    def paint_gutter(self, event: QPaintEvent) -> None:
        """Draws line numbers and the icons of problems."""
        tokens = self.theme.tokens
        painter = QPainter(self._gutter)
        painter.fillRect(event.rect(), QColor(tokens.surface))
        painter.setFont(self.font())
        current = self.textCursor().blockNumber()
        right = self._gutter.width() - tokens.gap
        for block, area in self.visible_lines():
            number = block.blockNumber()
            painter.setPen(QColor(tokens.text if number == current else tokens.text_soft))
            painter.drawText(
                QRect(0, area.top(), right, area.height()), int(Qt.AlignmentFlag.AlignRight), str(number + 1)
            )
            marks = self.marks_of_line(number)
            if marks:
                line_px = min(area.height(), self.fontMetrics().height())
                top = area.top() + (line_px - tokens.icon_px) // 2
                self.theme.icon(marks[0].icon, marks[0].token).paint(
                    painter, tokens.gap_small, top, tokens.icon_px, tokens.icon_px
                )
        painter.setPen(QColor(tokens.line))
        edge = self._gutter.width() - 1
        painter.drawLine(edge, event.rect().top(), edge, event.rect().bottom())
        painter.end()

    def gutter_clicked(self, where: QPoint) -> None:
        """Offers the fix of the problem whose icon was clicked, or goes to the line."""
        cursor = self.cursorForPosition(QPoint(0, where.y()))
        marks = self.marks_of_line(cursor.blockNumber())
        if marks:
            cursor.setPosition(marks[0].start)
        self.setTextCursor(cursor)
        self.setFocus()
        if marks:
            self.fix_wanted.emit(marks[0])

    def gutter_tip(self, where: QPoint) -> str:
        """Returns the sentences of the problems in the line at a gutter position."""
        line = self.cursorForPosition(QPoint(0, where.y())).blockNumber()
        return "\n".join(mark.text for mark in self.marks_of_line(line))

    @property
    def gutter_width(self) -> int:
        """Width of line numbers and icons."""
        tokens = self.theme.tokens
        digits = max(3, len(str(self.blockCount())))
        numbers = int(QFontMetricsF(self.font()).horizontalAdvance("9") * digits)
        return tokens.gap_small + tokens.icon_px + tokens.gap_small + numbers + tokens.gap + 1

    def _place_gutter(self) -> None:
        self.setViewportMargins(self.gutter_width + self.theme.tokens.gap_small, 0, 0, 0)
        area = self.contentsRect()
        self._gutter.setGeometry(area.left(), area.top(), self.gutter_width, area.height())
        self._gutter.update()

    def _scroll_gutter(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def _lines_in_view(self) -> int:
        return self.viewport().height() // max(self.fontMetrics().height(), 1) + 2

    def _indent_of_next_line(self) -> str:
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        indent = line[: len(line) - len(line.lstrip())]
        return " " * _INDENT if line.strip() == "data" else indent

    def _current_line(self, colour: str) -> QTextEdit.ExtraSelection:
        cursor = self.textCursor()
        cursor.clearSelection()
        made = _selection(cursor, colour)
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return made

    def _bracket_pair(self) -> list[QTextCursor]:
        cursor = self.textCursor()
        found = []
        for position in matching(self.document(), cursor.position()):
            at = QTextCursor(self.document())
            at.setPosition(position)
            at.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
            found.append(at)
        return found

    def _show_tip(self, event: QHelpEvent) -> bool:
        position = self.cursorForPosition(event.pos()).position()
        texts = [m.tip for m in self.marks if m.start <= position <= m.end]
        if texts:
            QToolTip.showText(event.globalPos(), "\n".join(texts), self)
        else:
            QToolTip.hideText()
        return True

    def sizeHint(self) -> QSize:
        """Asks for a comfortable page."""
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 70, metrics.height() * 24)


def _selection(cursor: QTextCursor, colour: str) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    shape = QTextCharFormat()
    shape.setBackground(QColor(colour))
    made.cursor = cursor
    made.format = shape
    return made
