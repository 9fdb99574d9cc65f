"""The chooser: every solver in a list, those that cannot take this model greyed, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from solvitur.engine.choosing import AUTO, SolverChoice
from solvitur.gui.theme import Theme

_NAME, _REASON, _ABLE, _CHOSEN = (Qt.ItemDataRole.UserRole + n for n in range(4))
_WIDTH, _MOST_ROWS = 560, 8
_MARKED = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver


class SolverChooser(QFrame):
    """A popup over the solver button; ``chosen`` carries the solver's name."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("solverChooser")
        self.setAccessibleName("Solvers")
        self.setProperty("frame", "raised")
        self._theme = theme
        self._list = QListWidget(self)
        self._list.setObjectName("solverList")
        self._list.setAccessibleName("Solvers")
        self._list.setItemDelegate(_Row(theme, self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._take)
        self._list.installEventFilter(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(1, 1, 1, 1)
        rows.addWidget(self._list)

    def fill(self, choices: Sequence[SolverChoice], known: Sequence[tuple[str, str]], current: str) -> None:
        """Lists Auto and every solver.

        Parameters
        ----------
        known : (name, title) of all solvers, listed without a verdict while the model cannot be bound
        """
        self._list.clear()
        best = next((choice for choice in choices if choice.able), None)
        if best is not None:
            self._add(AUTO, "Auto", f"takes {best.reason or best.title}", True, current)
        elif choices:
            self._add(AUTO, "Auto", "no solver here can take this model", True, current)
        else:
            self._add(AUTO, "Auto", "picks the best solver as soon as the model is complete", True, current)
        for choice in choices:
            self._add(choice.name, choice.title, _reason(choice), choice.able, current)
        if not choices:
            for name, title in known:
                self._add(name, title, "the model is not complete yet, so nobody can tell", True, current)

    def open_at(self, anchor: QWidget) -> None:
        """Opens above or below a widget, wherever there is room."""
        height = sum(self._list.sizeHintForRow(row) for row in range(min(self._list.count(), _MOST_ROWS))) + 12
        self.resize(_WIDTH, height)
        corner = anchor.mapToGlobal(QPoint(0, anchor.height() + 2))
        screen = anchor.screen().availableGeometry()
        if corner.y() + height > screen.bottom():
            corner = anchor.mapToGlobal(QPoint(0, -height - 2))
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - _WIDTH)))
        self.move(corner)
        self.show()
        self._list.setFocus()

    def rows(self) -> list[tuple[str, str, bool]]:
        """Returns name, reason and ability of every row, in order."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return [(item.data(_NAME), item.data(_REASON), item.data(_ABLE)) for item in items]

    def pick(self, name: str) -> None:
        """Chooses the solver of that name, if it is able."""
        for row in range(self._list.count()):
            if self._list.item(row).data(_NAME) == name:
                self._take(self._list.item(row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes Enter as a choice."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            item = self._list.currentItem()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and item is not None:
                self._take(item)
                return True
        return super().eventFilter(watched, event)

    def _add(self, name: str, title: str, reason: str, able: bool, current: str) -> None:
        item = QListWidgetItem(title, self._list)
        for role, value in ((_NAME, name), (_REASON, reason), (_ABLE, able), (_CHOSEN, name == current)):
            item.setData(role, value)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}: {'' if able else 'cannot be used, '}{reason}")
        item.setToolTip(reason)
        if not able:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        if name == current:
            self._list.setCurrentItem(item)

    def _take(self, item: QListWidgetItem) -> None:
        if item.data(_ABLE):
            self.hide()
            self.chosen.emit(item.data(_NAME))


def _reason(choice: SolverChoice) -> str:
    if not choice.able:
        return f"because {choice.because}"
    said = choice.reason.removeprefix(f"{choice.title}: ")
    return said or "it handles this model"


class _Row(QStyledItemDelegate):
    """Paints a solver's title with its reason below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and some air."""
        lines = QFontMetrics(self._theme.font("text")).height() + QFontMetrics(self._theme.font("small")).height()
        return QSize(_WIDTH - 16, lines + 2 * self._theme.tokens.gap)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws tick, title and reason."""
        theme, tokens = self._theme, self._theme.tokens
        rect: QRect = option.rect
        state = option.state
        able = bool(index.data(_ABLE))
        painter.save()
        if able and state & _MARKED:
            painter.fillRect(rect, theme.color("accent_soft"))
        side = tokens.icon_px
        if index.data(_CHOSEN):
            theme.icon("check", "accent").paint(painter, rect.left() + 8, rect.top() + tokens.gap, side, side)
        left = rect.left() + side + 2 * tokens.gap
        painter.setFont(theme.font("text"))
        line = painter.fontMetrics().height()
        painter.setPen(theme.color("text" if able else "text_disabled"))
        top = rect.top() + tokens.gap
        painter.drawText(QRect(left, top, rect.right() - left, line), Qt.AlignmentFlag.AlignLeft, index.data())
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_soft"))
        metrics = painter.fontMetrics()
        room = rect.right() - left - tokens.gap
        text = metrics.elidedText(index.data(_REASON), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, top + line, room, metrics.height()), Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()
