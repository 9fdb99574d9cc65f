"""The changes of a proposal as a list with check boxes: what goes in red, what comes in green, each with its sign."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from solvitur.engine.proposing.proposals import Item, Kind
from solvitur.gui.roles import icon_of, token_of
from solvitur.gui.theme import Theme

_ITEM = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MOST_LINES = 8
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SAYS = {Kind.ADD: "new", Kind.CHANGE: "changed", Kind.REMOVE: "removed"}


class ProposalModel(QAbstractListModel):
    """The items and which of them are to be taken."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[Item, ...] = ()
        self.taken: set[str] = set()

    def take(self, items: tuple[Item, ...]) -> None:
        """Shows other items, each wanted or not as it says itself."""
        self.beginResetModel()
        self.items = items
        self.taken = {item.key for item in items if item.wanted}
        self.endResetModel()
        self.changed.emit()

    def set_all(self, *, taken: bool) -> None:
        """Takes all items, or none."""
        self.taken = {item.key for item in self.items} if taken else set()
        if self.items:
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1))
        self.changed.emit()

    def toggle(self, index: _Index) -> None:
        """Takes an item or leaves it."""
        item = index.data(_ITEM)
        if isinstance(item, Item):
            self.taken ^= {item.key}
            self.dataChanged.emit(index, index)
            self.changed.emit()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Counts the items."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Returns the item, its state, or what is said of it."""
        if not index.isValid():
            return None
        item = self.items[index.row()]
        taken = item.key in self.taken
        if role == _ITEM:
            return item
        if role == Qt.ItemDataRole.CheckStateRole:
            return (Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked).value
        said = f"{_SAYS[item.kind]}: {item.role} {item.name}".rstrip()
        if role == Qt.ItemDataRole.DisplayRole:
            return said
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{said}, {'taken' if taken else 'left'}. {item.after or item.before}"
        if role == Qt.ItemDataRole.ToolTipRole:
            before = f"Was:\n{item.before}\n\n" if item.before else ""
            return f"{before}{item.after}".strip()[:2000]
        return None


class ProposalList(QListView):
    """Space takes or leaves an item, Ctrl+A all of them."""

    chosen = Signal(str)
    """The name of the element whose item became the current one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("proposal-items")
        self.setAccessibleName("Changes")
        self.setProperty("bare", "true")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.items = ProposalModel(self)
        self.setModel(self.items)
        self.setItemDelegate(_ItemLook(theme, self))
        self.selectionModel().currentChanged.connect(self._current_changed)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def wanted_height(self) -> int:
        """Returns the height that shows all items."""
        return sum(self.sizeHintForRow(row) for row in range(self.items.rowCount())) + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Toggles by keyboard."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.items.toggle(self.currentIndex())
        elif event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.items.set_all(taken=len(self.items.taken) < len(self.items.items))
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Toggles the item whose box was clicked."""
        super().mouseReleaseEvent(event)
        where = event.position().toPoint()
        index = self.indexAt(where)
        if index.isValid() and where.x() < box_width(self):
            self.items.toggle(index)

    def _current_changed(self, now: QModelIndex) -> None:
        item = now.data(_ITEM)
        if isinstance(item, Item) and item.name:
            self.chosen.emit(item.name)


def box_width(view: QWidget) -> int:
    """Returns how much of a row belongs to its check box, in pixels."""
    return view.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth) + 28


class _ItemLook(QStyledItemDelegate):
    """A check box, the sign, the name, and the lines that go and come."""

    def __init__(self, theme: Theme, view: ProposalList) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One line for the name, one for each line of text."""
        tokens, item = self._theme.tokens, index.data(_ITEM)
        lines = len(_lines(item)) if isinstance(item, Item) else 0
        head = max(QFontMetrics(self._theme.font("text")).lineSpacing(), tokens.icon_px)
        return QSize(0, head + lines * self._line_height() + 2 * tokens.gap)

    def _line_height(self) -> int:
        return QFontMetrics(self._small_code()).lineSpacing() + 2

    def _small_code(self) -> QFont:
        font = self._theme.font("code")
        font.setPixelSize(self._theme.tokens.table_px)
        return font

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints one item."""
        item = index.data(_ITEM)
        if not isinstance(item, Item):
            return
        tokens = self._theme.tokens
        area, state = QRect(option.rect), option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(tokens.accent_soft))
            if self._view.hasFocus():
                painter.fillRect(0, area.top(), tokens.gap_small // 2, area.height(), QColor(tokens.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(tokens.raised))
        taken = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        top = area.top() + tokens.gap
        head = max(QFontMetrics(self._theme.font("text")).lineSpacing(), tokens.icon_px)
        self._paint_box(painter, QRect(area.left() + 2 * tokens.gap, top, 16, head), taken=taken)
        line = QRect(area.left() + box_width(self._view), top, 0, head)
        line.setRight(area.right() - 2 * tokens.gap)
        self._paint_head(painter, QRect(line), item, taken=taken)
        line.setTop(line.bottom() + 1)
        self._paint_lines(painter, line, item, taken=taken)
        painter.restore()

    def _paint_box(self, painter: QPainter, area: QRect, *, taken: bool) -> None:
        box = QStyleOptionViewItem()
        box.rect = QRect(area.left(), area.center().y() - 7, 16, 16)
        on = QStyle.StateFlag.State_On if taken else QStyle.StateFlag.State_Off
        box.state = QStyle.StateFlag.State_Enabled | on
        primitive = QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck
        self._view.style().drawPrimitive(primitive, box, painter, self._view)

    def _paint_head(self, painter: QPainter, line: QRect, item: Item, *, taken: bool) -> None:
        tokens = self._theme.tokens
        side = tokens.icon_px
        icon = self._theme.icon(icon_of(item.role), token_of(item.role) if taken else "text_disabled")
        icon.paint(painter, line.left(), line.center().y() - side // 2 + 1, side, side)
        line.setLeft(line.left() + side + tokens.gap)
        small = self._theme.font("small")
        painter.setFont(small)
        said = _SAYS[item.kind]
        painter.setPen(QColor(_token(tokens, item.kind) if taken else tokens.text_soft))
        painter.drawText(line, _RIGHT, said if taken else f"{said}, left out")
        line.setRight(line.right() - QFontMetrics(small).horizontalAdvance(f"{said}, left out") - tokens.gap)
        painter.setFont(self._theme.font("text"))
        painter.setPen(QColor(tokens.text if taken else tokens.text_soft))
        name = f"{item.role} {item.name}".strip() if item.role != "model" else "the whole model"
        metrics = QFontMetrics(self._theme.font("text"))
        painter.drawText(line, _LEFT, metrics.elidedText(name, Qt.TextElideMode.ElideRight, line.width()))

    def _paint_lines(self, painter: QPainter, area: QRect, item: Item, *, taken: bool) -> None:
        tokens, font = self._theme.tokens, self._small_code()
        metrics, height = QFontMetrics(font), self._line_height()
        painter.setFont(font)
        for at, (sign, text) in enumerate(_lines(item)):
            line = QRect(area.left(), area.top() + at * height, area.width(), height)
            if taken and sign in "+\u2212":
                painter.fillRect(line, QColor(tokens.good_soft if sign == "+" else tokens.bad_soft))
            painter.setPen(QColor(tokens.text if taken and sign != " " else tokens.text_soft))
            painter.drawText(line.adjusted(tokens.gap_small, 0, 0, 0), _LEFT, sign)
            inside = line.adjusted(2 * tokens.gap + tokens.gap_small, 0, -tokens.gap_small, 0)
            painter.drawText(inside, _LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width()))

    def editorEvent(self, *_arguments: object) -> bool:
        """Leaves mouse and keys to the list."""
        return False


def _token(tokens: object, kind: Kind) -> str:
    names = {Kind.ADD: "good", Kind.CHANGE: "warn", Kind.REMOVE: "bad"}
    return str(getattr(tokens, names[kind]))


def _lines(item: Item) -> list[tuple[str, str]]:
    """Returns the lines that go (\u2212) and come (+), without those that stay; cut when there are many."""
    before, after = item.before.splitlines(), item.after.splitlines()
    stay = set(before) & set(after)
    found = [("\u2212", line) for line in before if line not in stay] + [
        ("+", line) for line in after if line not in stay
    ]
    if len(found) > _MOST_LINES:
        return [*found[:_MOST_LINES], (" ", f"and {len(found) - _MOST_LINES} more lines; the tool tip has them")]
    return found
