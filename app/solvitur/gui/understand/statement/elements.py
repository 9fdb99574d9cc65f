"""The list of the five elements beside the words, each with the phrases it came from."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from solvitur.gui.roles import icon_of, token_of
from solvitur.gui.theme import Theme
from solvitur.gui.understand.statement.rows import ElementRow

_ROW = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ElementModel(QAbstractListModel):
    """The rows, headings among them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ElementRow, ...] = ()

    def take(self, rows: tuple[ElementRow, ...]) -> None:
        """Shows other rows; the view keeps its place when only what is said of them changed."""
        same = [row.name or row.heading for row in rows] == [row.name or row.heading for row in self.rows]
        if same:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(max(len(rows) - 1, 0)))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Counts the rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Returns the row, or what is said of it."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.heading or row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.spoken
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        heading = index.isValid() and bool(self.rows[index.row()].heading)
        return Qt.ItemFlag.ItemIsEnabled | (Qt.ItemFlag(0) if heading else Qt.ItemFlag.ItemIsSelectable)


class ElementList(QListView):
    """Hovering a row lights its phrases up, selecting it selects the element everywhere."""

    hovered = Signal(str)
    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statement-elements")
        self.setAccessibleName("What the words became")
        self.setProperty("bare", "true")
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._hovered = ""
        self._quiet = False
        self.rows = ElementModel(self)
        self.setModel(self.rows)
        self.look = _ElementLook(theme, self)
        self.setItemDelegate(self.look)
        self.selectionModel().currentChanged.connect(self._current_changed)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def show_rows(self, rows: tuple[ElementRow, ...], selected: str) -> None:
        """Shows rows and keeps an element selected."""
        self.rows.take(rows)
        self.set_current(selected)

    def set_current(self, element: str) -> None:
        """Selects the row of an element without telling."""
        name = element.partition("[")[0]
        at = next((i for i, row in enumerate(self.rows.rows) if row.name == name and name), -1)
        self._quiet = True
        if at < 0:
            self.clearSelection()
            self.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.NoUpdate)
        elif self.currentIndex().row() != at:
            self.setCurrentIndex(self.rows.index(at))
        self._quiet = False

    def light(self, element: str) -> None:
        """Shows which element the mouse is over in the words."""
        name = element.partition("[")[0]
        if name != self.look.lit:
            self.look.lit = name
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tells which element the mouse is over."""
        super().mouseMoveEvent(event)
        row = self.indexAt(event.position().toPoint()).data(_ROW)
        self._offer(row.name if isinstance(row, ElementRow) else "")

    def leaveEvent(self, event: QEvent) -> None:
        """Ends the hover."""
        super().leaveEvent(event)
        self._offer("")

    def _offer(self, name: str) -> None:
        if name != self._hovered:
            self._hovered = name
            self.hovered.emit(name)

    def _current_changed(self, now: QModelIndex) -> None:
        row = now.data(_ROW)
        if isinstance(row, ElementRow) and row.name and not self._quiet:
            self.chosen.emit(row.name)


class _ElementLook(QStyledItemDelegate):
    """Two lines per element: its declaration, and the phrases it came from."""

    def __init__(self, theme: Theme, view: ElementList) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self.lit = ""

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Headings take one line, elements one or two."""
        tokens = self._theme.tokens
        row = index.data(_ROW)
        if not isinstance(row, ElementRow) or row.heading:
            return QSize(0, tokens.target_px + tokens.gap)
        lines = 1 + bool(row.said) + bool(row.flag)
        small = QFontMetrics(self._theme.font("small")).lineSpacing()
        return QSize(0, QFontMetrics(self._theme.font("code")).lineSpacing() + small * (lines - 1) + tokens.gap + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints selection and hover over the whole width, then the lines."""
        row = index.data(_ROW)
        if not isinstance(row, ElementRow):
            return
        tokens = self._theme.tokens
        area = QRect(option.rect)
        painter.save()
        if row.heading:
            self._paint_heading(painter, area, row)
            painter.restore()
            return
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(tokens.accent_soft))
            if self._view.hasFocus():
                painter.fillRect(0, area.top(), tokens.gap_small // 2, area.height(), QColor(tokens.accent))
        elif state & QStyle.StateFlag.State_MouseOver or row.name == self.lit:
            painter.fillRect(area, QColor(tokens.raised))
        self._paint_row(
            painter, area.adjusted(2 * tokens.gap, tokens.gap_small, -2 * tokens.gap, -tokens.gap_small), row
        )
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, row: ElementRow) -> None:
        tokens = self._theme.tokens
        font = self._theme.font("small")
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text_soft))
        inside = area.adjusted(2 * tokens.gap, tokens.gap, -tokens.gap, 0)
        painter.drawText(inside, _LEFT, row.heading.partition("  ")[0])
        used = QFontMetrics(font).horizontalAdvance(row.heading.partition("  ")[0]) + tokens.gap
        painter.setFont(self._theme.font("small"))
        painter.drawText(inside.adjusted(used, 0, 0, 0), _LEFT, row.heading.partition("  ")[2])

    def _paint_row(self, painter: QPainter, area: QRect, row: ElementRow) -> None:
        tokens, code, small = self._theme.tokens, self._theme.font("code"), self._theme.font("small")
        side, metrics, soft = tokens.icon_px, QFontMetrics(code), QFontMetrics(small)
        line = QRect(area.left(), area.top(), area.width(), metrics.lineSpacing())
        top = line.center().y() - side // 2 + 1
        self._theme.icon(icon_of(row.role), token_of(row.role)).paint(painter, area.left(), top, side, side)
        line.setLeft(area.left() + side + tokens.gap)
        if row.unit:
            unit = soft.elidedText(row.unit, Qt.TextElideMode.ElideRight, line.width() // 3)
            painter.setFont(small)
            painter.setPen(QColor(tokens.text_soft))
            painter.drawText(line, _RIGHT, unit)
            line.setRight(line.right() - soft.horizontalAdvance(unit) - 2 * tokens.gap)
        painter.setFont(code)
        painter.setPen(QColor(tokens.text))
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, _LEFT, name)
        rest = line.adjusted(metrics.horizontalAdvance(name), 0, 0, 0)
        painter.setPen(QColor(tokens.text_soft))
        painter.drawText(rest, _LEFT, metrics.elidedText(row.signature, Qt.TextElideMode.ElideRight, rest.width()))
        below = QRect(area.left() + side + tokens.gap, line.bottom() + 1, 0, soft.lineSpacing())
        below.setRight(area.right())
        painter.setFont(small)
        if row.said:
            painter.drawText(below, _LEFT, soft.elidedText(row.said, Qt.TextElideMode.ElideRight, below.width()))
            below.translate(0, soft.lineSpacing())
        if row.flag:
            flag_side = soft.ascent()
            icon_top = below.center().y() - flag_side // 2 + 1
            self._theme.icon("warning", "warn").paint(painter, below.left(), icon_top, flag_side, flag_side)
            painter.setPen(QColor(tokens.warn))
            words = below.adjusted(flag_side + tokens.gap_small, 0, 0, 0)
            painter.drawText(words, _LEFT, soft.elidedText(row.flag, Qt.TextElideMode.ElideRight, words.width()))
