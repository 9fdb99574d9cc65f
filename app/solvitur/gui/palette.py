"""The command palette: every action by a few letters of its name, keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QCursor, QFont, QFontMetrics, QKeyEvent, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.actions import Action, ActionTable, keys_of
from solvitur.gui.fuzzy import match
from solvitur.gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_WIDTH, _ROWS = 560, 11
_ROW_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class Row:
    """One line of the palette."""

    action: Action
    title: str
    shortcut: str
    enabled: bool
    positions: tuple[int, ...] = ()


def rows(actions: ActionTable, typed: str) -> tuple[Row, ...]:
    """Lists the actions that match, best first; those that cannot run now come last.

    Titles in which the letters are merely scattered are listed only when there is nothing better.
    """
    found: list[tuple[tuple[bool, bool, int, int], Row]] = []
    for order, action in enumerate(actions.all()):
        made = actions.qaction(action.id)
        title = made.text()
        matched = match(typed, title) or match(typed, f"{action.menu} {title}")
        if matched is None:
            continue
        offset = 0 if match(typed, title) else len(action.menu) + 1
        positions = tuple(i - offset for i in matched.positions if i >= offset)
        row = Row(action, title, keys_of(actions.shortcut(action.id)), made.isEnabled(), positions)
        found.append(((not matched.strong, not row.enabled, -matched.score + 20 * (offset > 0), order), row))
    if any(not weak for (weak, *_), _ in found):
        found = [pair for pair in found if not pair[0][0]]
    return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))


class Palette(QFrame):
    """Opens over the window's upper middle; Enter runs the marked action, Escape goes back."""

    def __init__(self, actions: ActionTable, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self.setAccessibleName("Command palette")
        self._actions, self._theme, self._window = actions, theme, window
        self._before: QWidget | None = None
        self._model = _Rows(self)
        gap = theme.tokens.gap
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        self.field = QLineEdit(self)
        self.field.setObjectName("paletteField")
        self.field.setAccessibleName("Search actions")
        self.field.setPlaceholderText("Search actions")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = QListView(self)
        self.list.setObjectName("paletteList")
        self.list.setAccessibleName("Matching actions")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_RowPainter(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self._hovered)
        self._pointer = QCursor.pos()
        self.list.clicked.connect(lambda _index: self.run_marked())
        self.empty = QLabel("No action has these letters. Try a word of its menu.", self)
        self.empty.setProperty("role", "soft")
        self.empty.setContentsMargins(gap, gap, gap, gap)
        for widget in (self.field, self.list, self.empty):
            column.addWidget(widget)
        self.hide()

    def open(self) -> None:
        """Shows the palette with every action."""
        self._before = QApplication.focusWidget()
        self._actions.refresh()
        self.field.clear()
        self._search("")
        self.show()
        self.raise_()
        self.field.setFocus()

    def run_marked(self) -> None:
        """Closes the palette and runs the marked action."""
        row = self._model.row(self.list.currentIndex())
        if row is not None and row.enabled:
            self.leave()
            self._actions.trigger(row.action.id)

    def leave(self) -> None:
        """Closes the palette; the focus goes back to where it was."""
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets the field steer the list."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self.field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.run_marked()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self._mark(1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self._mark(-1)
        elif key == Qt.Key.Key_PageDown:
            self._mark(_ROWS - 1, wrap=False)
        elif key == Qt.Key.Key_PageUp:
            self._mark(1 - _ROWS, wrap=False)
        else:
            return False
        return True

    def _mark(self, step: int, *, wrap: bool = True) -> None:
        count = self._model.rowCount()
        if count:
            at = self.list.currentIndex().row() + step
            at = at % count if wrap else min(max(at, 0), count - 1)
            self.list.setCurrentIndex(self._model.index(at, 0))

    def _hovered(self, index: QModelIndex) -> None:
        """Follows the pointer, but only when it moved: rows also slide below a pointer that rests."""
        if QCursor.pos() != self._pointer:
            self._pointer = QCursor.pos()
            self.list.setCurrentIndex(index)

    def _search(self, typed: str) -> None:
        self._pointer = QCursor.pos()
        self._model.show_rows(rows(self._actions, typed))
        self.list.setCurrentIndex(self._model.index(0, 0))
        shown = self._model.rowCount()
        self.list.setVisible(shown > 0)
        self.empty.setVisible(shown == 0)
        self._place(shown)

    def _place(self, shown: int) -> None:
        width = min(_WIDTH, self._window.width() - 32)
        height = self.list.sizeHintForRow(0) * min(max(shown, 1), _ROWS) + 2 * self.list.frameWidth() + 2
        self.list.setFixedHeight(max(height, self._theme.tokens.target_px))
        self._column.activate()
        self.setGeometry((self._window.width() - width) // 2, 40, width, self.sizeHint().height())


class _Rows(QAbstractListModel):
    """The rows on show."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, found: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self._rows = found
        self.endResetModel()

    def row(self, index: _Index) -> Row | None:
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self._rows[index.row()]
        if role == int(Qt.ItemDataRole.DisplayRole):
            return f"{row.title}  {row.shortcut}".strip()
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return row.action.help
        return row if role == _ROW_ROLE else None


class _RowPainter(QStyledItemDelegate):
    """Paints title with its matched letters, menu and shortcut."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, self._theme.tokens.text_px + 15)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: Row = index.data(_ROW_ROLE)
        tokens, rect = self._theme.tokens, QRect(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_soft"))
            painter.drawRoundedRect(rect, tokens.radius, tokens.radius)
        inside = rect.adjusted(tokens.gap, 0, -tokens.gap, 0)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text_soft"))
        painter.drawText(inside, right, row.shortcut or "")
        menu_right = inside.right() - 120
        painter.drawText(
            QRect(inside.left(), inside.top(), menu_right - inside.left(), inside.height()), right, row.action.menu
        )
        self._title(painter, inside, row)
        painter.restore()

    def _title(self, painter: QPainter, rect: QRect, row: Row) -> None:
        font = self._theme.font("text")
        painter.setPen(self._theme.color("text" if row.enabled else "text_disabled"))
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        if row.enabled:
            bold.setForeground(self._theme.color("accent"))
        marks = []
        for position in row.positions:
            mark = QTextLayout.FormatRange()
            mark.start, mark.length, mark.format = position, 1, bold
            marks.append(mark)
        layout = QTextLayout(row.title, font)
        layout.setFormats(marks)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(rect.width())
        layout.endLayout()
        top = rect.top() + (rect.height() - QFontMetrics(font).height()) / 2
        layout.draw(painter, QPointF(rect.left(), top))
