"""The header of a table: column names with their units in soft colour."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from solvitur.gui.theme import Theme

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class UnitHeader(QHeaderView):
    """Draws name and unit; a double click asks to rename."""

    rename_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("table-header")
        self._theme = theme
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionsMovable(False)

    def sectionSizeFromContents(self, section: int) -> QSize:
        """Makes room for name and unit."""
        tokens = self._theme.tokens
        name, unit = self._texts(section)
        width = QFontMetrics(self._bold()).horizontalAdvance(name) + 3 * tokens.gap + tokens.gap_small
        width += QFontMetrics(self._theme.font("table")).horizontalAdvance(unit)
        return QSize(width, tokens.target_px + tokens.gap_small)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draws one column's head."""
        tokens = self._theme.tokens
        name, unit = self._texts(section)
        painter.save()
        painter.fillRect(rect, QColor(tokens.raised))
        painter.setPen(QColor(tokens.line))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        area = rect.adjusted(tokens.gap, 0, -tokens.gap, 0)
        bold, plain = self._bold(), self._theme.font("table")
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        shown = QFontMetrics(bold).elidedText(name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, shown)
        area.setLeft(area.left() + QFontMetrics(bold).horizontalAdvance(shown) + tokens.gap)
        painter.setFont(plain)
        painter.setPen(QColor(tokens.text_soft))
        painter.drawText(area, _LEFT, QFontMetrics(plain).elidedText(unit, Qt.TextElideMode.ElideRight, area.width()))
        painter.restore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Asks to rename the column, unless its edge was meant."""
        section = self.logicalIndexAt(event.position().toPoint())
        if section >= 0 and self.cursor().shape() != Qt.CursorShape.SplitHCursor:
            self.rename_wanted.emit(section)
        else:
            super().mouseDoubleClickEvent(event)

    def _bold(self) -> QFont:
        font = self._theme.font("table")
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _texts(self, section: int) -> tuple[str, str]:
        model = self.model()
        name = model.headerData(section, Qt.Orientation.Horizontal)
        unit = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.UserRole)
        return str(name or ""), str(unit or "")
