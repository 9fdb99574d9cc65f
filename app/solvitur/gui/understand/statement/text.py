"""The words as an editor: phrases that became something are underlined, what became nothing is flagged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from solvitur.gui.roles import token_of
from solvitur.gui.theme import Theme
from solvitur.gui.understand.statement.letters import Letters
from solvitur.gui.understand.statement.linking import Linked

_MOST_MARKS = 400
"""More phrases than this are not marked at once; a screen shows fewer."""


class StatementEdit(QPlainTextEdit):
    """Undo and redo belong to the session; the marks follow the links it was given."""

    undo_wanted = Signal()
    redo_wanted = Signal()
    hovered = Signal(str)
    """The element under the mouse (empty: none)."""
    chosen = Signal(str)
    """The element that was clicked."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("words-text")
        self.setProperty("bare", "true")
        self.setAccessibleName("The problem in words")
        self.setPlaceholderText(
            "Describe the problem in your own words: what is to be decided, what limits the decision, "
            "and what makes one answer better than another. Tables may be pasted as they are."
        )
        self.setTabChangesFocus(True)
        self.viewport().setMouseTracking(True)
        self._theme = theme
        self._linked = Linked()
        self._letters = Letters("")
        self._roles: dict[str, str] = {}
        self._hovered = self._selected = ""
        self.words = ""
        """The text as it stands, kept by whoever keeps it in step; asking the document each time would be slow."""
        self.margin = _FlagMargin(self, theme)
        self._marking = QTimer(self, singleShot=True, interval=0)
        self._marking.timeout.connect(self._mark)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._marking.start())
        self.textChanged.connect(self.margin.update)
        theme.changed.connect(self._marking.start)

    # what is shown

    @property
    def linked(self) -> Linked:
        """The links that are shown; stale while typing."""
        return self._linked

    @property
    def fresh(self) -> bool:
        """Whether the links belong to the text as it stands."""
        return self._linked.text == self.words

    def show_links(self, linked: Linked, roles: dict[str, str]) -> None:
        """Shows links; ``roles`` tells what each element is."""
        self._linked, self._roles = linked, roles
        self._letters = Letters(linked.text)
        self._marking.start()

    def set_hovered(self, element: str) -> None:
        """Shows the phrases of an element that the mouse is over elsewhere."""
        if element != self._hovered:
            self._hovered = element
            self._marking.start()

    def set_selected(self, element: str, *, follow: bool) -> None:
        """Shows the phrases of the selected element; ``follow`` scrolls to the first one."""
        self._selected = element
        self._marking.start()
        links = self._linked.of(element) if element else ()
        if follow and links and self.fresh:
            self.show_span(links[0].start, links[0].end, select=False)

    def show_span(self, start: int, end: int, *, select: bool = True) -> None:
        """Scrolls to a stretch of the words."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._letters.to_qt(start))
        if select:
            cursor.setPosition(self._letters.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
        area = self.cursorRect(cursor)
        if area.top() < 0 or area.bottom() > self.viewport().height():
            block = (
                cursor.block().firstLineNumber()
                + cursor.block().layout().lineForTextPosition(cursor.positionInBlock()).lineNumber()
            )
            lines = self.viewport().height() // max(self.fontMetrics().lineSpacing(), 1)
            self.verticalScrollBar().setValue(max(block - lines // 3, 0))

    def visible_span(self) -> tuple[int, int]:
        """Returns the offsets of the first and last letter in view."""
        first = self.cursorForPosition(QPoint(0, 0)).position()
        last = self.cursorForPosition(QPoint(self.viewport().width(), self.viewport().height())).position()
        return self._letters.from_qt(first), self._letters.from_qt(last)

    def flags_in_view(self) -> list[tuple[QRect, str]]:
        """Returns where the flags of stretches that became nothing stand in the margin, with their reasons."""
        if not self.fresh:
            return []
        low, high = self.visible_span()
        found = []
        for part in self._linked.leftovers:
            if part.end >= low and part.start <= high:
                cursor = QTextCursor(self.document())
                cursor.setPosition(self._letters.to_qt(part.start))
                found.append((self.cursorRect(cursor), part.because))
        return found

    def _mark(self) -> None:
        """Marks what is in view; after an edit the old marks move with the text until new links come."""
        self.margin.update()
        if not self.fresh:
            return
        low, high = self.visible_span()
        made = []
        for part in self._linked.leftovers:
            if part.end >= low and part.start <= high:
                made.append(self._mark_of(part.start, part.end, self._flagged()))
        for link in list(self._linked.within(low - 400, high))[:_MOST_MARKS]:
            lit = self._lit(link.element, self._selected) or self._lit(link.element, self._hovered)
            made.append(self._mark_of(link.start, link.end, self._linked_look(link.name, lit=lit)))
        self.setExtraSelections(made)

    def _lit(self, element: str, wanted: str) -> bool:
        return bool(wanted) and (element == wanted or element.partition("[")[0] == wanted)

    def _linked_look(self, name: str, *, lit: bool) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        shape.setUnderlineColor(self._theme.color(token_of(self._roles.get(name, ""))))
        if lit:
            shape.setBackground(self._theme.color("accent_soft"))
        return shape

    def _flagged(self) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        shape.setUnderlineColor(self._theme.color("warn"))
        return shape

    def _mark_of(self, start: int, end: int, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(self._letters.to_qt(start), last))
        cursor.setPosition(min(self._letters.to_qt(end), last), QTextCursor.MoveMode.KeepAnchor)
        made.cursor, made.format = cursor, look
        return made

    # mouse and keys

    def _element_at(self, where: QPoint) -> str:
        if not self.fresh:
            return ""
        cursor = self.cursorForPosition(where)
        area = self.cursorRect(cursor)
        if abs(area.center().y() - where.y()) > area.height() or where.x() > area.right() + area.height():
            return ""
        found = self._linked.at(self._letters.from_qt(cursor.position()))
        return "" if found is None else found.element

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tells which element the mouse is over."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._offer(self._element_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Selects the element of the phrase that was clicked."""
        super().mouseReleaseEvent(event)
        element = self._element_at(event.position().toPoint())
        if element and not self.textCursor().hasSelection() and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(element)

    def leaveEvent(self, event: QEvent) -> None:
        """Ends the hover."""
        super().leaveEvent(event)
        self._offer("")

    def _offer(self, element: str) -> None:
        if element != self._hovered:
            self.set_hovered(element)
            self.hovered.emit(element)
        role = self._roles.get(element.partition("[")[0], "")
        self.viewport().setToolTip(f"became the {role} '{element}'" if element else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hands undo and redo on."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the margin at the left edge."""
        width = self.margin.sizeHint().width()
        self.setViewportMargins(width, 0, 0, 0)
        super().resizeEvent(event)
        area = self.contentsRect()
        self.margin.setGeometry(QRect(area.left(), area.top(), width, area.height()))
        self._marking.start()


class _FlagMargin(QWidget):
    """The margin with the flags of what became nothing."""

    def __init__(self, edit: StatementEdit, theme: Theme) -> None:
        super().__init__(edit)
        self._edit, self._theme = edit, theme

    def sizeHint(self) -> QSize:
        """As wide as a flag with air."""
        return QSize(self._theme.tokens.icon_px + self._theme.tokens.gap, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints a flag beside each stretch."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.surface))
        side = self._theme.tokens.icon_px
        icon = self._theme.icon("warning", "warn")
        for area, _because in self._edit.flags_in_view():
            icon.paint(painter, 0, area.center().y() - side // 2 + 1, side, side)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Says why a stretch is flagged."""
        if event.type() == QEvent.Type.ToolTip:
            where = event.pos()  # type: ignore[attr-defined]
            near = [
                why for area, why in self._edit.flags_in_view() if area.top() - 4 <= where.y() <= area.bottom() + 4
            ]
            QToolTip.showText(event.globalPos(), near[0] if near else "", self)  # type: ignore[attr-defined]
            return True
        return super().event(event)
