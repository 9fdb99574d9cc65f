"""Completion: the model's own names and the words of the language, offered while typing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStandardItem, QStandardItemModel, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from solvitur.gui.theme import Theme
from solvitur.gui.understand.background import Background
from solvitur.gui.understand.editor.code_editor import CodeEditor
from solvitur.gui.understand.positions import from_qt
from solvitur.gui.understand.reading import Reader
from solvitur.gui.understand.text_sync import TextSync
from solvitur.language.names import Completion, completions

_ROLE = Qt.ItemDataRole.UserRole
_WORD = re.compile(r"[^\W\d]\w*$")
_LEAST_TYPED = 1
_WAIT_MS = 60
_ICONS = {
    "set": "set",
    "param": "param",
    "var": "var",
    "objective": "objective",
    "constraint": "constraint",
    "index": "index",
    "function": "formula",
}


class CompletionList(QObject):
    """Asks for completions in the background and shows them under the cursor; Enter or Tab takes one."""

    def __init__(self, editor: CodeEditor, sync: TextSync, reader: Reader, background: Background) -> None:
        super().__init__(editor)
        self._editor = editor
        self._sync = sync
        self._reader = reader
        self._background = background
        self._offered: Sequence[Completion] = ()
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setWidget(editor)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.activated[str].connect(self._take)  # type: ignore[index]
        self.popup = popup = QListView(editor)
        self._completer.setPopup(popup)
        editor.offer = popup
        popup.setObjectName("completion-list")
        popup.setAccessibleName("Completions")
        popup.setItemDelegate(_CompletionLook(editor.theme, popup))
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self.ask)
        sync.changed.connect(self._text_changed)

    @property
    def words(self) -> list[str]:
        """The words on offer now; empty when the list is closed."""
        if not self.popup.isVisible():
            return []
        return [self._model.item(row).text() for row in range(self._model.rowCount())]

    def ask(self) -> None:
        """Offers what fits at the cursor."""
        text, position = self._sync.text, self._editor.textCursor().position()
        offset = from_qt(text, position)
        known = self._reader.current.model if self._reader.current.text else None
        self._background.ask(
            "completions",
            lambda: completions(text, offset, known),
            lambda found: self._show(found) if self._editor.textCursor().position() == position else None,
        )

    def close(self) -> None:
        """Hides the list."""
        self._background.forget("completions")
        self._timer.stop()
        self.popup.hide()

    def _text_changed(self) -> None:
        prefix = self._prefix()
        if not self._editor.hasFocus() or self._in_comment():
            self.close()
        elif len(prefix) >= _LEAST_TYPED:
            if self.popup.isVisible():
                self._fill(prefix)
            self._timer.start()
        else:
            self.close()

    def _show(self, found: Sequence[Completion]) -> None:
        self._offered = found
        prefix = self._prefix()
        if not self._fill(prefix):
            self.close()
            return
        popup = self.popup
        area = self._editor.cursorRect()
        origin = self._editor.viewportMargins()
        area.translate(origin.left() - self._editor.fontMetrics().horizontalAdvance(prefix), origin.top())
        area.setWidth(
            popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + 2 * popup.frameWidth()
        )
        self._completer.complete(area)
        popup.setCurrentIndex(self._model.index(0, 0))

    def _fill(self, prefix: str) -> bool:
        """Fills the list with what fits the letters typed so far; tells whether there is anything to offer."""
        folded = prefix.casefold()
        fitting = [c for c in self._offered if c.word.casefold().startswith(folded) and c.word != prefix]
        if not fitting and len(folded) > 1:
            fitting = [c for c in self._offered if folded in c.word.casefold() and c.word != prefix]
        self._model.clear()
        for offered in fitting:
            item = QStandardItem(offered.word)
            item.setData((offered.role, offered.detail), _ROLE)
            item.setAccessibleText(f"{offered.word}, {offered.role} {offered.detail}")
            self._model.appendRow(item)
        if fitting:
            self.popup.setCurrentIndex(self._model.index(0, 0))
        else:
            self.popup.hide()
        return bool(fitting)

    def _take(self, word: str) -> None:
        cursor = self._editor.textCursor()
        prefix = self._prefix()
        with self._sync.named("Complete a name") as change:
            change.setPosition(cursor.position())
            change.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(prefix))
            change.insertText(word)
        self._editor.setTextCursor(change)
        self.close()

    def _prefix(self) -> str:
        cursor = self._editor.textCursor()
        found = _WORD.search(cursor.block().text()[: cursor.positionInBlock()])
        return found.group() if found else ""

    def _in_comment(self) -> bool:
        cursor = self._editor.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        return "#" in before and before[: before.index("#")].count('"') % 2 == 0


class _CompletionLook(QStyledItemDelegate):
    """Draws the icon of a name's role, the name, and its signature in soft colour."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws one completion."""
        tokens = self._theme.tokens
        area = QRect(option.rect)
        selected = option.state & QStyle.StateFlag.State_Selected
        painter.save()
        painter.fillRect(area, QColor(tokens.accent_soft if selected else tokens.raised))
        role, detail = index.data(_ROLE)
        if role in _ICONS:
            top = area.top() + (area.height() - tokens.icon_px) // 2
            self._theme.icon(_ICONS[role]).paint(
                painter, area.left() + tokens.gap, top, tokens.icon_px, tokens.icon_px
            )
        area.adjust(2 * tokens.gap + tokens.icon_px, 0, -tokens.gap, 0)
        painter.setFont(self._theme.font("code"))
        painter.setPen(QColor(tokens.text))
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(area, left, index.data())
        painter.setFont(self._theme.font("small"))
        painter.setPen(QColor(tokens.text_soft))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Makes room for icon, name and signature."""
        tokens = self._theme.tokens
        _role, detail = index.data(_ROLE)
        code, small = self._theme.font("code"), self._theme.font("small")
        width = _width(code, index.data()) + _width(small, detail) + tokens.icon_px + 7 * tokens.gap
        return QSize(width, tokens.target_px)


def _width(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
