"""The list of plugins: icon and word of the state, name, whose it is; searched while typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from solvitur.gui.plugins_window.states import look_of, origin_of
from solvitur.gui.theme import Theme
from solvitur.hooks.loading import PluginEntry

_ENTRY = int(Qt.ItemDataRole.UserRole)


class PluginList(QWidget):
    """Strangers' plugins first, then ours; ``picked`` carries the name of the one that is marked, or nothing."""

    picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: tuple[PluginEntry, ...] = ()
        self.search = QLineEdit(self)
        self.search.setObjectName("searchPlugins")
        self.search.setAccessibleName("Search plugins and what they provide")
        self.search.setPlaceholderText("Search plugins")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._fill(self.current))
        self.list = QListWidget(self)
        self.list.setObjectName("pluginList")
        self.list.setAccessibleName("Plugins")
        self.list.setItemDelegate(_Row(theme, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda *_items: self.picked.emit(self.current))
        self.nothing = QLabel("No plugin is called or provides that.", self)
        self.nothing.setProperty("role", "soft")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.hide()
        rows = QVBoxLayout(self)
        gap = theme.tokens.gap
        rows.setContentsMargins(gap, gap, gap, gap)
        rows.setSpacing(gap)
        rows.addWidget(self.search)
        rows.addWidget(self.nothing)
        rows.addWidget(self.list, 1)
        theme.changed.connect(self.list.viewport().update)

    @property
    def current(self) -> str:
        """The name of the marked plugin; empty when none is."""
        item = self.list.currentItem()
        return str(item.data(_ENTRY).name) if item is not None else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names on show, from top to bottom."""
        return tuple(self.list.item(row).data(_ENTRY).name for row in range(self.list.count()))

    def show_entries(self, entries: Sequence[PluginEntry], mark: str = "") -> None:
        """Shows these plugins and marks one, or the one that was."""
        self._entries = tuple(sorted(entries, key=lambda entry: (entry.ours, entry.name)))
        self._fill(mark or self.current)

    def _fill(self, mark: str) -> None:
        words = self.search.text().casefold().split()
        found = [entry for entry in self._entries if all(word in _said(entry) for word in words)]
        self.list.blockSignals(True)
        self.list.clear()
        for entry in found:
            item = QListWidgetItem(self.list)
            item.setData(_ENTRY, entry)
            item.setText(f"{entry.name}, {look_of(entry).words}, {origin_of(entry)}")
            if entry.name == mark:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and found:
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        self.picked.emit(self.current)


class _Row(QStyledItemDelegate):
    """Draws two lines beside the icon of the state."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and their margins."""
        tokens = self._theme.tokens
        heights = (QFontMetrics(self._theme.font(role)).height() for role in ("text", "small"))
        return QSize(120, sum(heights) + 2 * tokens.gap)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws a row."""
        entry: PluginEntry = index.data(_ENTRY)
        theme, tokens, look = self._theme, self._theme.tokens, look_of(index.data(_ENTRY))
        rect: QRect = option.rect
        state = option.state
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.setBrush(theme.color("accent_soft" if selected else "raised"))
            painter.drawRoundedRect(rect, tokens.radius, tokens.radius)
        side, gap = tokens.icon_px, tokens.gap
        icon = QRect(rect.left() + gap, rect.top() + gap, side, side)
        theme.icon(look.icon, look.token).paint(painter, icon)
        left = icon.right() + gap + 1
        width = rect.right() - gap - left
        top = rect.top() + gap
        for text, role, token in (
            (entry.name, "text", "text"),
            (f"{look.words} · {origin_of(entry)}", "small", "text_soft"),
        ):
            font = theme.font(role)
            if role == "text":
                font.setBold(True)
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, top, width, metrics.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
            top += metrics.height()
        painter.restore()


def _said(entry: PluginEntry) -> str:
    provided = " ".join(" ".join((hook, *names)) for hook, names in entry.provides.items())
    return f"{entry.name} {origin_of(entry)} {look_of(entry).words} {entry.cause} {provided}".casefold()
