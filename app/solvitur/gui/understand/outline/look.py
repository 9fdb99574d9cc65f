"""How a line of the outline is drawn: icon, name, indices in soft colour, unit at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from solvitur.gui.theme import Theme
from solvitur.gui.understand.outline.model import GROUP_ROLE, ROW_ROLE
from solvitur.gui.understand.outline.rows import GROUPS, Row

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_STATES = {"error": ("error", "bad"), "warning": ("warning", "warn")}
_Index = QModelIndex | QPersistentModelIndex


class OutlineLook(QStyledItemDelegate):
    """Draws groups and elements."""

    def __init__(self, theme: Theme, view: QTreeView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Rows are as high as a target; groups stand a little apart."""
        tokens = self._theme.tokens
        return QSize(0, tokens.target_px + (tokens.gap_small if index.data(ROW_ROLE) is None else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws the background of selection and hover over the whole width, then the content."""
        tokens = self._theme.tokens
        area = QRect(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRect(0, area.top(), self._view.viewport().width(), area.height())
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, QColor(tokens.accent_soft))
            if self._view.hasFocus():
                painter.fillRect(0, whole.top(), tokens.gap_small // 2, whole.height(), QColor(tokens.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(whole, QColor(tokens.raised))
        area.setRight(whole.right() - tokens.gap)
        row = index.data(ROW_ROLE)
        if isinstance(row, Row):
            self._paint_row(painter, area, row, GROUPS[index.parent().row()].icon)
        else:
            self._paint_group(painter, area, index)
        painter.restore()

    def _paint_group(self, painter: QPainter, area: QRect, index: _Index) -> None:
        tokens, group, count = self._theme.tokens, GROUPS[index.row()], index.data(GROUP_ROLE)
        font = self._theme.font("small")
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text_soft))
        painter.drawText(area, _LEFT, group.title)
        painter.setFont(self._theme.font("small"))
        used = QFontMetrics(font).horizontalAdvance(group.title) + tokens.gap
        said = str(count) if count else self._elided(f"none yet: {group.hint}", area.width() - used)
        painter.drawText(area.adjusted(used, 0, 0, 0), _LEFT, said)

    def _paint_row(self, painter: QPainter, area: QRect, row: Row, icon: str) -> None:
        tokens = self._theme.tokens
        side = tokens.icon_px
        top = area.top() + (area.height() - side) // 2
        name, token = _STATES.get(row.severity, (icon, "text_soft"))
        self._theme.icon(name, token).paint(painter, area.left(), top, side, side)
        area.setLeft(area.left() + side + tokens.gap)
        small = self._theme.font("small")
        if row.unit:
            painter.setFont(small)
            painter.setPen(QColor(tokens.text_soft))
            unit = self._elided(row.unit, area.width() // 3)
            painter.drawText(area, _RIGHT, unit)
            area.setRight(area.right() - QFontMetrics(small).horizontalAdvance(unit) - 2 * tokens.gap)
        code = self._theme.font("code")
        painter.setFont(code)
        painter.setPen(QColor(tokens.text))
        metrics = QFontMetrics(code)
        shown = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, shown)
        area.setLeft(area.left() + metrics.horizontalAdvance(shown))
        if row.signature and shown == row.name:
            painter.setPen(QColor(tokens.text_soft))
            said = metrics.elidedText(row.signature, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, _LEFT, said)

    def _elided(self, text: str, width: int) -> str:
        return QFontMetrics(self._theme.font("small")).elidedText(text, Qt.TextElideMode.ElideRight, width)
